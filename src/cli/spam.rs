//! What SpamAssassin thinks of an issue, where it is installed.

use std::io::Write as _;
use std::path::PathBuf;
use std::process::{Command, Stdio};

use crate::address::Mailbox;
use crate::diagnostic::Diagnostic;
use crate::digest::Issue;
use crate::mail::{Composer, Seal};
use crate::subscribers::Subscriber;

/// From here on its marks are told. It calls a mail spam at 5.
const MUCH: f64 = 2.0;

/// A warning with the marks that count against the issue. None where the program is not there, asks the network, or fails.
pub(super) fn marks(issue: &Issue, newsletter: &str) -> Option<Diagnostic> {
    let reader = Subscriber::stranger(Mailbox::parse("reader@example.com").ok()?);
    let message = Composer::new(issue, Seal::default()).message(&reader.id, &reader.mailbox);
    let report = asked(&message.text)?;
    let status = report.replace('\r', "").replace("\n\t", " ");
    let line = status.lines().find(|line| line.starts_with("X-Spam-Status:"))?;
    let part = |name: &str| line.split_once(name)?.1.split([' ', ',']).next();
    let score: f64 = part("score=")?.parse().ok()?;
    if score < MUCH {
        return None;
    }
    let tests = line.split_once("tests=")?.1.split(" autolearn").next()?.replace(' ', "");
    let message = format!("SpamAssassin gives the mail {score:.1} of 5 points that make it spam: {tests}");
    let help = "see what each mark means at https://spamassassin.apache.org/tests.html";
    let path = PathBuf::from(format!("newsletters.{newsletter}"));
    Some(Diagnostic::warning("mail-spam", &path, message).help(help))
}

fn asked(message: &str) -> Option<String> {
    let mut child = Command::new("spamassassin")
        .args(["-L", "-t"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .ok()?;
    let mut stdin = child.stdin.take()?;
    let message = message.to_owned();
    let writer = std::thread::spawn(move || drop(stdin.write_all(message.as_bytes())));
    let output = child.wait_with_output().ok()?;
    writer.join().ok()?;
    Some(String::from_utf8_lossy(&output.stdout).into_owned())
}
