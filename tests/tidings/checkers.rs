//! Other people's programs, which judge what tidings writes. `tests/run.sh` installs them; a checker that is missing is a
//! failure, not a reason to look away.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use serde_json::Value;

/// Runs a command with `input` on its stdin; its stdout, or a panic with what it said.
#[track_caller]
pub(crate) fn run(command: &mut Command, input: &[u8]) -> String {
    let mut child = command
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap_or_else(|error| panic!("{command:?}: {error}; `sh tests/run.sh` installs the checkers"));
    child.stdin.take().unwrap().write_all(input).unwrap();
    let output = child.wait_with_output().unwrap();
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{command:?}:\n{said}{}", String::from_utf8_lossy(&output.stdout));
    String::from_utf8(output.stdout).unwrap()
}

/// One of `tests/checkers/*.py`, by the Python that has what they need.
pub(crate) fn python(script: &str) -> Command {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let python = std::env::var_os("TIDINGS_PYTHON")
        .map_or_else(|| root.join("target/checkers/bin/python"), PathBuf::from);
    let mut command = Command::new(python);
    command.arg(root.join("tests/checkers").join(script));
    command
}

/// A grammar or schema of the specifications. They are not ours to copy: they lie beside the repository, or where
/// `TIDINGS_RULES` says. `None` where a stranger's machine has neither; never in CI.
pub(crate) fn rule(name: &str) -> Option<PathBuf> {
    let beside = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/rules");
    let path = std::env::var_os("TIDINGS_RULES").map_or(beside, PathBuf::from).join(name);
    assert!(path.exists() || std::env::var_os("CI").is_none(), "{} is missing", path.display());
    path.exists().then_some(path)
}

/// Holds the three feeds in `folder` against every grammar there is for them.
#[track_caller]
pub(crate) fn feeds_are_valid(folder: &Path) {
    let (rss, atom, json) = (folder.join("rss.xml"), folder.join("atom.xml"), folder.join("feed.json"));
    run(Command::new("xmllint").args(["--noout", "--nonet"]).args([&rss, &atom]), b"");
    if let Some(grammar) = rule("atom.rnc") {
        run(Command::new("jing").arg("-c").args([&grammar, &atom]), b"");
    }
    if let Some(schema) = rule("jsonfeed-1.1.schema.json") {
        run(python("json_feed.py").args([&schema, &json]), b"");
    }
}

/// Holds every feed below `folder`, archives too, against every grammar and everything that a validator warns of; what a reader
/// who walks back from each main document meets: `{"rss.xml": [ids…], "atom.xml": …, "feed.json": …}`.
#[track_caller]
pub(crate) fn everything_is_valid(folder: &Path, url: &str) -> Value {
    let all = |ending: &str| -> Vec<PathBuf> {
        let mut found = Vec::new();
        files(folder, &mut found);
        found.retain(|path| path.extension().is_some_and(|own| own == ending));
        found
    };
    run(Command::new("xmllint").args(["--noout", "--nonet"]).args(all("xml")).args(all("opml")), b"");
    if let Some(grammar) = rule("atom.rnc") {
        let atom: Vec<_> = all("xml").into_iter().filter(|path| path.ends_with("atom.xml")).collect();
        run(Command::new("jing").arg("-c").arg(&grammar).args(atom), b"");
    }
    if let Some(schema) = rule("jsonfeed-1.1.schema.json") {
        run(python("json_feed.py").arg(&schema).args(all("json")), b"");
    }
    let seen: Value = serde_json::from_str(&run(python("lint_feeds.py").arg(folder).arg(url), b"")).unwrap();
    assert_eq!(seen["problems"], serde_json::json!([]));
    seen["walks"].clone()
}

fn files(folder: &Path, out: &mut Vec<PathBuf>) {
    for path in folder.read_dir().unwrap().map(|entry| entry.unwrap().path()) {
        if path.is_dir() { files(&path, out) } else { out.push(path) }
    }
}

/// The words that Chromium shows of a file.
#[track_caller]
pub(crate) fn browser(path: &Path) -> String {
    let folder = tempfile::TempDir::new().unwrap();
    let pdf = folder.path().join("shown.pdf");
    let mut command = Command::new("chromium");
    command.args(["--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"]);
    command.args([
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
        "--no-pdf-header-footer",
    ]);
    command.arg(format!("--user-data-dir={}", folder.path().join("profile").display()));
    command.arg(format!("--print-to-pdf={}", pdf.display())).arg(format!("file://{}", path.display()));
    run(&mut command, b"");
    // Lines are broken where the page is narrow.
    run(Command::new("pdftotext").args([&pdf, Path::new("-")]), b"")
        .split_whitespace()
        .collect::<Vec<_>>()
        .join(" ")
}

/// What feedparser and newsboat see in a feed.
#[track_caller]
pub(crate) fn read_feed(path: &Path) -> Value {
    serde_json::from_str(&run(python("read_feeds.py").arg(path), b"")).unwrap()
}

/// A message as Python's strictest parser reads it: `{headers: {…}, parts: {"text/plain": …, "text/html": …}}`.
#[track_caller]
pub(crate) fn read_mail(message: &str) -> Value {
    serde_json::from_str(&run(&mut python("read_mail.py"), message.as_bytes())).unwrap()
}

/// Holds every message in a folder against Python's strictest policy.
#[track_caller]
pub(crate) fn strict(folder: &Path) {
    run(python("read_mail.py").arg(folder), b"");
}
