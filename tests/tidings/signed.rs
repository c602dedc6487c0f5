//! Signatures: what Python's dkimpy, which is not ours, says of them.

use crate::checkers;
use crate::site::{NOW, Site};

/// Posts with what signatures trip over: runs of spaces, lines that end in one, dots, code, every script, very long lines.
fn posts(n: usize) -> String {
    let (long, code) = ("긴 줄 ".repeat(20 * n), "    indented  code\n\tand a tab\n".repeat(n % 4));
    format!(
        "---\ntitle: \"제목 {n}  with  two spaces {}\"\n---\n문단 {n}.  Two spaces.  \n.\n..dots\n\n{code}\nFrom here on {long}\n\n| a | b |\n|---|---|\n| {n} |  x |\n\n끝 🎈{}\n",
        "가".repeat(n),
        ".".repeat(n % 5),
    )
}

#[test]
fn two_hundred_varied_messages_verify_and_a_change_breaks_them() {
    let site = Site::new();
    let records = site.run(&["dkim", "keygen", "--domain", "example.com", "--selector", "t"]).code(0);
    let (zone, lines) = records.stdout.split_once("takes the lines below\n").unwrap();
    let records = site.path("records");
    std::fs::write(&records, zone).unwrap();
    let keys: Vec<_> =
        ["config/dkim-t-rsa.pem", "config/dkim-t-ed25519.pem"].map(|key| site.read(key)).into();
    let outbox = site.path("outbox");
    std::fs::create_dir(&outbox).unwrap();
    for n in 0..20 {
        let names: String = [
            "",
            "Kim",
            "김  민지",
            "a, \\\"b\\\"",
            "名  前",
            "x=?utf-8?q?y?=",
            "O'Neil",
            "긴 이름 긴 이름 긴 이름 긴 이름 긴 이름 긴 이름",
            "é",
            "🎈",
        ]
        .iter()
        .enumerate()
        .map(|(k, name)| format!("- {{ email: r{n}-{k}@example.net, name: \"{name}\" }}\n"))
        .collect();
        let config = format!(
            "{}server: {{ url: \"https://news.example.com\", secret_file: secret }}\n{lines}",
            crate::site::CONFIG
        );
        let site = Site::new()
            .config(&config)
            .file("config/secret", "0123456789abcdef0123")
            .file("config/dkim-t-rsa.pem", &keys[0])
            .file("config/dkim-t-ed25519.pem", &keys[1])
            .subscribers(&names)
            .post("2026-11-20-one.md", posts(n));
        site.run(&["run"]).code(0).says("10 sent");
        for (k, message) in site.outbox().iter().enumerate() {
            std::fs::write(outbox.join(format!("{n}-{k}")), message.replace("\r\n", "\n")).unwrap();
        }
    }
    let said = checkers::run(checkers::python("dkim_signed.py").arg(&records).arg(&outbox), b"");
    assert_eq!(said.trim(), "200 messages, two signatures each");
}

#[test]
fn a_signed_copy_is_the_same_at_every_look() {
    let site = Site::new().post("2026-11-20-one.md", posts(3));
    let made = site.run(&["dkim", "keygen"]).code(0).prints("IN TXT").says("keep it out of git");
    let lines = made.stdout.split_once("takes the lines below\n").unwrap().1;
    let site = site.config(&format!("{}{lines}", crate::site::CONFIG));
    let look = || site.run(&["send", "--dry-run", "--format", "eml"]).code(0).stdout;
    let (first, second) = (look(), look());
    assert!(first.starts_with("DKIM-Signature: v=1; a=rsa-sha256;"));
    assert_eq!(first, second);
    site.run(&["run"]).code(0);
    assert_eq!(site.outbox()[0], first);
    site.run(&["dkim", "keygen"]).code(2).says("is there already");
}

#[test]
fn a_key_that_cannot_sign_stops_the_mail_and_says_why() {
    let config = |file: &str| {
        format!(
            "{}mail: {{ dkim: {{ domain: example.com, selector: s1, key_file: {file} }} }}\n",
            crate::site::CONFIG
        )
    };
    let site = Site::new().post("2026-11-20-one.md", posts(1)).file("config/none.pem", "nothing");
    let site = site.config(&config("away.pem"));
    site.run(&["send"]).code(2).says("away.pem");
    let site = site.config(&config("none.pem"));
    site.run(&["send"]).code(2).says("holds no private key in PEM");
    site.run(&["--now", NOW, "run"]).code(1).says("holds no private key in PEM");
    assert!(site.outbox().is_empty());
}
