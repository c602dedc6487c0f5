//! How the program behaves on a terminal, in a pipe, and when it is interrupted.

use std::io::{BufRead as _, BufReader, Read as _};
use std::process::{Command, Stdio};
use std::time::Duration;

use crate::relay::Relay;
use crate::site::{NOW, Site, simple};

/// What the program shows on a terminal of so many columns.
fn on_terminal(site: &Site, args: &str, environment: &[(&str, &str)]) -> String {
    let program = env!("CARGO_BIN_EXE_tidings");
    let line = format!("stty cols 80; exec {program} -C '{}' --now {NOW} {args}", site.path("").display());
    let mut command = Command::new("script");
    command.args(["-qec", &line, "/dev/null"]).stdin(Stdio::null()).env_remove("NO_COLOR");
    let output = command.envs(environment.iter().copied()).output().unwrap();
    String::from_utf8_lossy(&output.stdout).into_owned()
}

fn broken() -> Site {
    Site::new()
        .post("2026-11-20-a.md", simple("가"))
        .post("2026-11-21-b.md", "---\ntitle: 속보: 눈: 비\n---\n")
}

#[test]
fn colour_is_for_terminals_that_want_it() {
    let site = broken();
    assert!(on_terminal(&site, "check", &[]).contains("\u{1b}["));
    for (args, environment) in [("check", &[("NO_COLOR", "1")][..]), ("--color never check", &[])] {
        let shown = on_terminal(&site, args, environment);
        assert!(shown.contains("front-matter") && !shown.contains("\u{1b}["), "{args}: {shown}");
    }
    assert!(!site.run(&["check"]).stderr.contains('\u{1b}'));
    assert!(site.run(&["--color", "always", "check"]).stderr.contains("\u{1b}["));
}

#[test]
fn a_caret_stands_right_under_hangul() {
    let shown = broken().run(&["check"]).stderr;
    let lines: Vec<&str> = shown.lines().collect();
    let at = lines.iter().position(|line| line.contains("title: 속보: 눈")).unwrap();
    let before = lines[at].split(": 눈").next().unwrap();
    let caret = lines[at + 1].split('^').next().unwrap();
    assert_eq!(unicode_columns(before), unicode_columns(caret), "{shown}");
}

/// Columns of a terminal: a Hangul syllable takes two.
fn unicode_columns(text: &str) -> usize {
    text.chars().map(|c| if ('가'..='힣').contains(&c) { 2 } else { 1 }).sum()
}

#[test]
fn progress_is_drawn_on_a_terminal_alone() {
    let relay = Relay::start(Duration::from_millis(5));
    let site = Site::new().relay(relay.port, 1).crowd(40).post("2026-11-20-a.md", simple("가"));
    let shown = on_terminal(&site, "send", &[]);
    assert!(shown.contains("40 sent") && shown.contains("/40"), "{shown}");
    let other = Site::new().relay(relay.port, 1).crowd(40).post("2026-11-20-a.md", simple("가"));
    let quiet = other.run(&["send"]).code(0);
    assert!(!quiet.stderr.contains("/40") && quiet.stdout.is_empty(), "{}", quiet.stderr);
}

#[test]
fn data_goes_to_stdout_and_words_to_stderr() {
    let site = broken();
    let preview = site.run(&["send", "--dry-run"]).code(0);
    assert!(preview.stdout.contains("가") && !preview.stdout.contains("something odd"), "{}", preview.stdout);
    for args in [&["build"][..], &["check"], &["run"]] {
        assert_eq!(site.run(args).stdout, "", "{args:?}");
    }
    // Quiet has the errors alone.
    let quiet = site.run(&["-q", "build"]);
    assert!(
        quiet.stderr.contains("error[front-matter]") && !quiet.stderr.contains("written"),
        "{}",
        quiet.stderr
    );
}

#[test]
fn a_reader_that_goes_away_is_no_error() {
    let site =
        Site::new().post("2026-11-20-a.md", format!("---\ntitle: 가\n---\n{}\n", "긴 글. ".repeat(60_000)));
    for args in
        [&["send", "--dry-run"][..], &["config", "schema"], &["man"], &["completions", "bash"], &["explain"]]
    {
        let mut child = site.command(args).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        let mut first = [0; 1];
        child.stdout.take().unwrap().read_exact(&mut first).unwrap();
        let output = child.wait_with_output().unwrap();
        assert!(output.status.success(), "{args:?}: {:?}", output.status);
        let said = String::from_utf8_lossy(&output.stderr);
        assert!(!said.contains("error") && !said.contains("panicked"), "{args:?}: {said}");
    }
}

#[test]
fn an_interrupted_run_ends_in_the_proper_way_and_says_so() {
    let relay = Relay::start(Duration::from_millis(50));
    let site = Site::new().relay(relay.port, 1).crowd(100).post("2026-11-20-a.md", simple("가"));
    let mut child = site.command(&["run"]).stderr(Stdio::piped()).spawn().unwrap();
    while relay.count() < 3 {
        std::thread::sleep(Duration::from_millis(10));
    }
    Command::new("kill").args(["-INT", &child.id().to_string()]).status().unwrap();
    let said: Vec<String> =
        BufReader::new(child.stderr.take().unwrap()).lines().map(Result::unwrap).collect();
    assert_eq!(child.wait().unwrap().code(), Some(75));
    assert!(said.iter().any(|line| line.contains("interrupted")), "{said:?}");
    let before = relay.count();
    site.run(&["run"]).code(0).says(" sent");
    assert!(before < 100 && relay.count() == 100);
}
