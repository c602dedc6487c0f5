//! An SMTP relay on the loopback interface that keeps what it gets and misbehaves on request.
//!
//! What it does with a message is decided by the recipient's local part: `gone…` is refused with 5.1.1, `full…` put off
//! with 4.2.2, `policy…` refused with 5.7.1, `sender…` with 5.1.8 (which is about the sender), `cutdot…` taken without an answer, `cuttext…` hung up on inside the text.

use std::io::{BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::Duration;

#[derive(Clone)]
pub(crate) struct Mail {
    pub sender: String,
    pub recipient: String,
    pub text: String,
}

pub(crate) struct Relay {
    pub port: u16,
    taken: Arc<Mutex<Vec<Mail>>>,
}

impl Relay {
    /// Starts one that takes `pause` for each message. It runs until the test ends.
    pub(crate) fn start(pause: Duration) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let relay = Self { port: listener.local_addr().unwrap().port(), taken: Arc::default() };
        let taken = Arc::clone(&relay.taken);
        thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let taken = Arc::clone(&taken);
                thread::spawn(move || serve(&stream, &taken, pause));
            }
        });
        relay
    }

    pub(crate) fn taken(&self) -> Vec<Mail> {
        self.taken.lock().unwrap().clone()
    }

    pub(crate) fn count(&self) -> usize {
        self.taken.lock().unwrap().len()
    }
}

fn serve(stream: &TcpStream, taken: &Mutex<Vec<Mail>>, pause: Duration) -> Option<()> {
    stream.set_nodelay(true).ok()?;
    let mut out = stream;
    let mut lines = BufReader::new(stream);
    let mut say = |text: &str| out.write_all(text.as_bytes()).ok();
    let mut recipient = String::new();
    let mut sender = String::new();
    say("220 relay.test ESMTP\r\n")?;
    loop {
        let mut line = String::new();
        if lines.read_line(&mut line).ok()? == 0 {
            return None;
        }
        let verb = line.get(..4).unwrap_or("").to_ascii_uppercase();
        match verb.as_str() {
            "EHLO" => say("250-relay.test\r\n250 ENHANCEDSTATUSCODES\r\n")?,
            "MAIL" => {
                line.split(['<', '>']).nth(1).unwrap_or_default().clone_into(&mut sender);
                say("250 2.1.0 Ok\r\n")?;
            }
            "RCPT" => {
                line.split(['<', '>']).nth(1).unwrap_or_default().clone_into(&mut recipient);
                if recipient.starts_with("gone") {
                    say("550 5.1.1 User unknown\r\n")?;
                } else if recipient.starts_with("policy") {
                    say(&format!("550 5.7.1 <{recipient}>: Access denied\r\n"))?;
                } else if recipient.starts_with("sender") {
                    say("550 5.1.8 Sender address rejected\r\n")?;
                } else if recipient.starts_with("full") {
                    say("452 4.2.2 Mailbox full\r\n")?;
                } else {
                    say("250 2.1.5 Ok\r\n")?;
                }
            }
            "DATA" => {
                if recipient.starts_with("cuttext") {
                    // Let a little of the text arrive, then be gone.
                    say("354 Go on\r\n")?;
                    lines.read_line(&mut String::new()).ok()?;
                    return None;
                }
                say("354 Go on\r\n")?;
                let text = text(&mut lines)?;
                thread::sleep(pause);
                taken.lock().unwrap().push(Mail {
                    sender: sender.clone(),
                    recipient: recipient.clone(),
                    text,
                });
                if recipient.starts_with("cutdot") {
                    return None;
                }
                say("250 2.0.0 Ok: queued\r\n")?;
            }
            "QUIT" => return say("221 2.0.0 Bye\r\n"),
            _ => say("250 2.0.0 Ok\r\n")?,
        }
    }
}

/// Everything up to the final dot, dots unstuffed.
fn text(lines: &mut impl BufRead) -> Option<String> {
    let mut text = String::new();
    loop {
        let mut line = String::new();
        if lines.read_line(&mut line).ok()? == 0 {
            return None;
        }
        if line == ".\r\n" {
            return Some(text);
        }
        text.push_str(line.strip_prefix('.').unwrap_or(&line));
    }
}
