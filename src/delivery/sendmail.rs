//! The machine's own mail program, each message by a pipe: `sendmail -i -f SENDER -- RECIPIENT`, as Postfix, Exim, OpenSMTPD, msmtp
//! and Sendmail itself understand it. Its exit code says what became of the message (`sysexits.h`).

use std::io::Write as _;
use std::path::PathBuf;
use std::process::{Command, ExitStatus, Stdio};

use super::transport::{Attempt, Outbox, Phase, RelayDown, Reply, Session, Transport};
use crate::mail::Message;

/// A program that takes mail.
#[derive(Debug)]
pub struct Sendmail {
    program: PathBuf,
}

impl Sendmail {
    /// The program at this path; it is started for every message.
    pub fn new(program: PathBuf) -> Self {
        Self { program }
    }

    fn pipe(&self, message: &Message) -> Attempt {
        let child = Command::new(&self.program)
            .args(["-i", "-f", &message.sender.to_string(), "--", &message.recipient.to_string()])
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .spawn();
        let mut child = match child {
            Ok(child) => child,
            Err(error) => {
                let what = format!("cannot start `{}`: {error}", self.program.display());
                return Attempt::Broken(Phase::Connect, what);
            }
        };
        // Mail programs take the system's own line ends.
        let text = message.text.replace("\r\n", "\n");
        let written = child.stdin.take().map(|mut stdin| stdin.write_all(text.as_bytes()));
        // It has the whole message once its input is closed, and not before.
        let phase = if matches!(written, Some(Ok(()))) { Phase::Dot } else { Phase::Text };
        match child.wait_with_output() {
            Ok(output) => {
                let words = String::from_utf8_lossy(&output.stderr);
                ended(phase, output.status, words.lines().next().unwrap_or_default())
            }
            Err(error) => Attempt::Broken(phase, error.to_string()),
        }
    }
}

/// What an exit code says. A program that was killed says nothing.
fn ended(phase: Phase, status: ExitStatus, words: &str) -> Attempt {
    let Some(code) = status.code() else { return Attempt::Broken(phase, format!("it was ended: {status}")) };
    let said = |reply: u16, enhanced: &str, name: &str| Reply {
        code: reply,
        enhanced: Some(enhanced.to_owned()),
        text: format!("exit {code}, {name}: {words}").trim_end_matches(": ").to_owned(),
    };
    match code {
        0 if phase == Phase::Dot => Attempt::Taken(said(250, "2.0.0", "EX_OK")),
        0 => Attempt::Broken(phase, "it ended before it had the whole message".to_owned()),
        65 => Attempt::Refused(Phase::Dot, said(554, "5.6.0", "EX_DATAERR")),
        67 => Attempt::Refused(Phase::Rcpt, said(550, "5.1.1", "EX_NOUSER")),
        68 => Attempt::Refused(Phase::Rcpt, said(550, "5.4.4", "EX_NOHOST")),
        69 => Attempt::Refused(Phase::Connect, said(451, "4.3.0", "EX_UNAVAILABLE")),
        71 => Attempt::Refused(Phase::Connect, said(451, "4.3.0", "EX_OSERR")),
        74 => Attempt::Refused(Phase::Connect, said(451, "4.3.0", "EX_IOERR")),
        75 => Attempt::Refused(Phase::Rcpt, said(450, "4.0.0", "EX_TEMPFAIL")),
        77 => Attempt::Refused(Phase::Mail, said(550, "5.7.1", "EX_NOPERM")),
        _ => Attempt::Refused(Phase::Connect, said(550, "5.3.0", "an error of the program's own")),
    }
}

impl Transport for Sendmail {
    fn name(&self) -> String {
        self.program.display().to_string()
    }

    fn sessions(&self) -> usize {
        4
    }

    fn open(&self) -> Result<Box<dyn Session + '_>, RelayDown> {
        Ok(Box::new(Piping { sendmail: self }))
    }

    fn window(&self) -> usize {
        1
    }
}

struct Piping<'a> {
    sendmail: &'a Sendmail,
}

impl Session for Piping<'_> {
    fn hand_over(&mut self, outbox: &mut dyn Outbox) {
        while let Some(message) = outbox.next() {
            outbox.done(self.sendmail.pipe(&message));
        }
    }

    fn is_usable(&self) -> bool {
        true
    }

    fn close(self: Box<Self>) {}
}
