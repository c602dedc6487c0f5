//! The machine's own mail program, each message by a pipe: `sendmail -i -f SENDER -- RECIPIENT`, as Postfix, Exim, OpenSMTPD, msmtp
//! and Sendmail itself understand it. Its exit code says what became of the message (`sysexits.h`).

use std::io::{Read, Write as _};
use std::path::PathBuf;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::{Duration, Instant};

use super::transport::{Attempt, Outbox, Phase, RelayDown, Reply, Session, Transport};
use crate::config::Rate;
use crate::mail::Message;

/// A program that takes mail.
#[derive(Debug)]
pub struct Sendmail {
    program: PathBuf,
    rates: Vec<Rate>,
}

impl Sendmail {
    /// The program at this path; it is started for every message, no more often than the rates allow.
    pub fn new(program: PathBuf, rates: Vec<Rate>) -> Self {
        Self { program, rates }
    }

    fn pipe(&self, message: &Message) -> Attempt {
        let mut command = Command::new(&self.program);
        command
            .args(["-i", "-f", &message.sender.to_string(), "--", &message.recipient.to_string()])
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::piped());
        // An interrupt at the terminal is for us: the program finishes what it has.
        #[cfg(unix)]
        std::os::unix::process::CommandExt::process_group(&mut command, 0);
        let mut child = match command.spawn() {
            Ok(child) => child,
            Err(error) => {
                let what = format!("cannot start `{}`: {error}", self.program.display());
                return Attempt::Broken(Phase::Connect, what);
            }
        };
        let words: Arc<Mutex<Vec<u8>>> = Arc::default();
        if let Some(stderr) = child.stderr.take() {
            let words = Arc::clone(&words);
            // Read to its end, or the program would wait; not waited for, as a child of its own may keep it open.
            thread::spawn(move || listen(stderr, &words));
        }
        // Mail programs take the system's own line ends.
        let text = message.text.replace("\r\n", "\n");
        let writing =
            child.stdin.take().map(|mut stdin| thread::spawn(move || stdin.write_all(text.as_bytes())));
        let Some(status) = wait(&mut child) else {
            let _ = (child.kill(), child.wait());
            return Attempt::Broken(Phase::Dot, "it has not ended in ten minutes".to_owned());
        };
        // It has the whole message once its input is closed, and not before.
        let written = writing.map(thread::JoinHandle::join);
        let phase = if matches!(written, Some(Ok(Ok(())))) { Phase::Dot } else { Phase::Text };
        let words =
            words.lock().map_or_else(|_| String::new(), |words| String::from_utf8_lossy(&words).into_owned());
        ended(phase, status, words.lines().next().unwrap_or_default())
    }
}

/// How long the program has, as a relay after the final dot (RFC 5321 §4.5.3.2.6).
const PATIENCE: Duration = Duration::from_mins(10);

fn wait(child: &mut Child) -> Option<ExitStatus> {
    let began = Instant::now();
    let mut pause = Duration::from_micros(500);
    while began.elapsed() < PATIENCE {
        if let Ok(Some(status)) = child.try_wait() {
            return Some(status);
        }
        thread::sleep(pause);
        pause = (pause * 2).min(Duration::from_millis(50));
    }
    None
}

/// Keeps the first words of what is said.
fn listen(mut from: impl Read, words: &Mutex<Vec<u8>>) {
    let mut buffer = [0; 1024];
    while let Ok(count @ 1..) = from.read(&mut buffer) {
        if let Ok(mut words) = words.lock()
            && words.len() < buffer.len()
        {
            words.extend_from_slice(&buffer[..count]);
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
        // The program's own trouble; others go first for a while, as it may be this one copy at which it ends.
        69 => Attempt::Refused(Phase::Rcpt, said(421, "4.3.0", "EX_UNAVAILABLE")),
        71 => Attempt::Refused(Phase::Rcpt, said(421, "4.3.0", "EX_OSERR")),
        74 => Attempt::Refused(Phase::Rcpt, said(421, "4.3.0", "EX_IOERR")),
        75 => Attempt::Refused(Phase::Rcpt, said(450, "4.0.0", "EX_TEMPFAIL")),
        77 => Attempt::Refused(Phase::Mail, said(550, "5.7.1", "EX_NOPERM")),
        _ => Attempt::Refused(Phase::Rcpt, said(421, "4.3.0", "an error of its own")),
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

    fn rates(&self) -> &[Rate] {
        &self.rates
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
