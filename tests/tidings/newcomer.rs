//! A newcomer's first minutes: a site is made, looked at, and left to run by itself.

use std::io::Write as _;
use std::process::{Command, Stdio};

use crate::site::{NOW, Ran, Site, simple};

#[test]
fn an_empty_folder_becomes_a_site_that_works_at_once() {
    let site = Site::bare();
    let init = [
        "init",
        "--title",
        "새벽: 노트",
        "--url",
        "https://example.org/blog",
        "--language",
        "ko",
        "--timezone",
        "Asia/Seoul",
    ];
    site.run(&init).code(0).says("posts/2026-11-23-hello.md").says("1 post in posts").says("serve --preview");
    site.run(&["check"]).code(0).says("nothing is wrong");
    site.run(&["build"]).code(0).says("3 of 3 feeds written");
    assert!(site.read("public/atom.xml").contains("새벽: 노트"));
    site.run(&["send", "--dry-run"]).code(0).prints("첫 소식");
    let ignored = site.read(".gitignore");
    assert!(ignored.contains(".tidings/\n") && ignored.contains("config/subscribers.*\n"), "{ignored}");
    // What is there is never written over.
    let before = site.snapshot();
    site.run(&["init"]).code(2).says("is there already");
    assert_eq!(site.snapshot(), before);
    // With somebody on the list the newsletter arrives.
    let site = site.subscribers("- { email: kim@example.net }\n");
    site.run(&["run"]).code(0).says("1 sent");
    assert_eq!(site.outbox().len(), 1);
}

#[test]
fn a_folder_of_its_own_is_made() {
    let site = Site::bare();
    let folder = site.path("of its own/blog");
    site.run(&["init", folder.to_str().unwrap(), "--language", "en"]).code(0).says("of its own/blog");
    assert!(folder.join("config/tidings.yaml").is_file() && folder.join("templates").is_dir());
}

#[test]
fn beside_a_blog_only_what_it_does_not_say_is_written() {
    let site = Site::bare()
        .file("_config.yml", "title: 제킬\nurl: https://jekyll.example\nlang: ko\ntimezone: Asia/Seoul\nexclude: [config, templates, public]\n")
        .file("_posts/2026-11-20-one.md", simple("하나"))
        .file(".gitignore", "_site");
    site.run(&["init"]).code(0).says("a Jekyll site: 1 post");
    let config = site.read("config/tidings.yaml");
    assert!(!config.contains("site:") && config.contains("from: 제킬 <news@jekyll.example>"), "{config}");
    assert!(site.read(".gitignore").starts_with("_site\n.tidings/\n"));
    site.run(&["check"]).code(0);
    site.run(&["send", "--dry-run"]).code(0).prints("하나");
}

#[test]
fn posts_in_a_folder_of_another_name_are_found() {
    let site = Site::bare().file("articles/2026-11-20-one.md", simple("하나"));
    site.run(&["init", "--url", "https://example.org"]).code(0).says("1 post in articles");
}

#[test]
fn what_will_not_do_is_told_and_nothing_is_written() {
    for (flag, value, words) in [
        ("--url", "example.org", "in full"),
        ("--timezone", "Seoul", "Asia/Seoul"),
        ("--from", "nobody", "News <news@example.com>"),
    ] {
        let site = Site::bare();
        site.run(&["init", flag, value]).code(2).says(words);
        assert!(site.snapshot().is_empty(), "{flag}");
    }
}

#[test]
fn at_a_terminal_init_asks() {
    let site = Site::bare();
    let line = format!("{} --now {NOW} init", env!("CARGO_BIN_EXE_tidings"));
    let mut child = Command::new("script")
        .args(["-qec", &line, "/dev/null"])
        .current_dir(site.path("."))
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    // Address, name, language, zone, sender; the first is wrong at first, an empty line takes what is offered.
    let typed = "nowhere\r\u{15}https://typed.example\r\u{15}Typed\r\r\r\r";
    let mut input = child.stdin.take().unwrap();
    for key in typed.split_inclusive('\r') {
        std::thread::sleep(std::time::Duration::from_millis(300));
        input.write_all(key.as_bytes()).unwrap();
    }
    let ran = Ran::of(child.wait_with_output().unwrap());
    assert!(ran.stdout.contains("write it in full"), "{}", ran.stdout);
    let config = site.read("config/tidings.yaml");
    assert!(
        config.contains("https://typed.example") && config.contains("from: Typed <news@typed.example>"),
        "{config}"
    );
}

#[test]
fn a_schedule_has_the_paths_of_the_site() {
    let site = Site::new().post("2026-11-20-one.md", simple("하나"));
    let root = site.path(".").canonicalize().unwrap();
    let root = root.to_str().unwrap();
    let program = env!("CARGO_BIN_EXE_tidings");
    let cron = site.run(&["schedule", "--cron"]).code(0);
    assert_eq!(cron.stdout, format!("*/10 * * * * {program} -C {root} run\n"));
    let units = site.run(&["schedule", "--systemd"]).code(0);
    for line in [
        &*format!("ExecStart={program} -C {root} run"),
        &*format!("ReadWritePaths={root}"),
        "SuccessExitStatus=75",
        "OnCalendar=*:0/10",
        "NoNewPrivileges=yes",
    ] {
        assert!(units.stdout.lines().any(|written| written == line), "{line}\n{}", units.stdout);
    }
    site.run(&["schedule", "--launchd"]).code(0).prints(&format!("<string>{root}</string>"));
    site.run(&["schedule", "--github"]).code(0).prints("cancel-in-progress: false").prints("if: always()");
    site.run(&["schedule", "--cron", "--systemd"]).code(2);
}

#[test]
fn systemd_takes_the_units_where_it_is_there() {
    let site = Site::new().post("2026-11-20-one.md", simple("하나"));
    let folder = site.path("units");
    site.run(&["schedule", "--systemd", "--out", folder.to_str().unwrap()])
        .code(0)
        .says("systemctl enable --now");
    let units =
        ["tidings-example-com-blog.service", "tidings-example-com-blog.timer"].map(|unit| folder.join(unit));
    assert!(units.iter().all(|unit| unit.is_file()));
    // Issue and CI machines have it; elsewhere there is nothing to ask.
    match Command::new("systemd-analyze").arg("verify").args(&units).output() {
        Ok(verdict) => assert!(verdict.status.success(), "{}", String::from_utf8_lossy(&verdict.stderr)),
        Err(error) => assert_eq!(error.kind(), std::io::ErrorKind::NotFound),
    }
}

#[test]
fn mail_by_a_program_of_the_machine_keeps_its_rights() {
    let site = Site::new().config(&format!("{}mail: {{ transport: sendmail }}\n", crate::site::CONFIG));
    site.run(&["schedule", "--systemd"]).code(0).prints("ProtectSystem=strict").never_says("NoNewPrivileges");
}

#[test]
fn shells_and_man_know_every_command() {
    let site = Site::bare();
    for (shell, mark) in [
        ("bash", "complete -F"),
        ("zsh", "#compdef tidings"),
        ("fish", "complete -c tidings"),
        ("powershell", "Register-ArgumentCompleter"),
        ("nushell", "module completions"),
    ] {
        site.run(&["completions", shell]).code(0).prints(mark).prints("schedule");
    }
    site.run(&["man"]).code(0).prints(".TH tidings 1");
    let folder = site.path("man");
    site.run(&["man", "--out", folder.to_str().unwrap()]).code(0);
    for page in ["tidings.1", "tidings-serve.1", "tidings-subscribers-import.1"] {
        assert!(folder.join(page).is_file(), "{page}");
    }
}
