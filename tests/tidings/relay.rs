//! An SMTP relay on the loopback interface that keeps what it gets and misbehaves on request.
//!
//! What it does with a message is decided by the recipient's local part: `gone…` is refused with 5.1.1, `full…` put off with 4.2.2,
//! `policy…` refused with 5.7.1, `sender…` with 5.1.8 (which is about the sender), `spam…` refused with 5.7.1 after the text, `cutmail…`,
//! `cutrcpt…`, `cutdata…` and `cuttext…` hung up on at that step, `cutdot…` taken without an answer; `grey…` is put off the first time, and
//! with `once` in it, a cut comes the first time only.

use std::collections::HashSet;
use std::io::{BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::{Duration, Instant};

#[derive(Clone)]
pub(crate) struct Mail {
    pub sender: String,
    pub recipient: String,
    pub text: String,
    /// When it was taken.
    pub at: Instant,
    /// The line of `MAIL`.
    pub said: String,
}

/// How it behaves towards everybody.
#[derive(Clone, Default)]
pub(crate) struct Habits {
    /// For each message.
    pub pause: Duration,
    /// What EHLO offers, each such as `PIPELINING` or `SIZE 1000`.
    pub offers: &'static [&'static str],
    /// Hangs up with 421 after so many messages on a connection.
    pub most: Option<usize>,
}

pub(crate) struct Relay {
    pub port: u16,
    heard: Arc<Heard>,
}

#[derive(Default)]
struct Heard {
    taken: Mutex<Vec<Mail>>,
    connections: Mutex<usize>,
    seen: Mutex<HashSet<String>>,
}

impl Relay {
    /// Starts one that takes `pause` for each message. It runs until the test ends.
    pub(crate) fn start(pause: Duration) -> Self {
        Self::with(Habits { pause, ..Habits::default() })
    }

    pub(crate) fn with(habits: Habits) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let relay = Self { port: listener.local_addr().unwrap().port(), heard: Arc::default() };
        let heard = Arc::clone(&relay.heard);
        thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                *heard.connections.lock().unwrap() += 1;
                let (heard, habits) = (Arc::clone(&heard), habits.clone());
                thread::spawn(move || serve(&stream, &heard, &habits));
            }
        });
        relay
    }

    pub(crate) fn taken(&self) -> Vec<Mail> {
        self.heard.taken.lock().unwrap().clone()
    }

    pub(crate) fn count(&self) -> usize {
        self.heard.taken.lock().unwrap().len()
    }

    pub(crate) fn connections(&self) -> usize {
        *self.heard.connections.lock().unwrap()
    }
}

fn serve(stream: &TcpStream, heard: &Heard, habits: &Habits) -> Option<()> {
    stream.set_nodelay(true).ok()?;
    let mut out = stream;
    let mut lines = BufReader::new(stream);
    let mut say = |text: &str| out.write_all(text.as_bytes()).ok();
    let (mut recipient, mut sender, mut mail, mut has_recipient) =
        (String::new(), String::new(), String::new(), false);
    let mut carried = 0;
    // Whether this step of the recipient's is cut now.
    let cut = |recipient: &str, step: &str| {
        recipient.starts_with(&format!("cut{step}"))
            && (!recipient.contains("once") || heard.seen.lock().unwrap().insert(recipient.to_owned()))
    };
    say("220 relay.test ESMTP\r\n")?;
    loop {
        let mut line = String::new();
        if lines.read_line(&mut line).ok()? == 0 {
            return None;
        }
        let verb = line.get(..4).unwrap_or("").to_ascii_uppercase();
        match verb.as_str() {
            "EHLO" => {
                say("250-relay.test\r\n")?;
                habits.offers.iter().try_for_each(|offer| say(&format!("250-{offer}\r\n")))?;
                say("250 ENHANCEDSTATUSCODES\r\n")?;
            }
            "MAIL" if habits.most.is_some_and(|most| carried >= most) => {
                return say("421 4.7.0 Enough for now\r\n");
            }
            "MAIL" => {
                line.split(['<', '>']).nth(1).unwrap_or_default().clone_into(&mut sender);
                mail.clone_from(&line);
                has_recipient = false;
                say("250 2.1.0 Ok\r\n")?;
            }
            "RCPT" => {
                line.split(['<', '>']).nth(1).unwrap_or_default().clone_into(&mut recipient);
                let is = |name: &str| recipient.starts_with(name);
                let first = || heard.seen.lock().unwrap().insert(recipient.clone());
                if cut(&recipient, "mail") || cut(&recipient, "rcpt") {
                    return None;
                }
                let answer = match () {
                    () if is("gone") => "550 5.1.1 User unknown\r\n".to_owned(),
                    () if is("policy") => format!("550 5.7.1 <{recipient}>: Access denied\r\n"),
                    () if is("sender") => "550 5.1.8 Sender address rejected\r\n".to_owned(),
                    () if is("full") => "452 4.2.2 Mailbox full\r\n".to_owned(),
                    () if is("grey") && first() => "451 4.7.1 Greylisted\r\n".to_owned(),
                    () => "250 2.1.5 Ok\r\n".to_owned(),
                };
                has_recipient = answer.starts_with("250");
                say(&answer)?;
            }
            "DATA" if !has_recipient => say("554 5.5.1 No valid recipients\r\n")?,
            "DATA" => {
                if cut(&recipient, "data") {
                    return None;
                }
                say("354 Go on\r\n")?;
                if cut(&recipient, "text") {
                    // Let a little of the text arrive, then be gone.
                    lines.read_line(&mut String::new()).ok()?;
                    return None;
                }
                let text = text(&mut lines)?;
                thread::sleep(habits.pause);
                if recipient.starts_with("spam") {
                    say("554 5.7.1 Looks like spam\r\n")?;
                    continue;
                }
                carried += 1;
                let (sender, recipient, said) = (sender.clone(), recipient.clone(), mail.clone());
                let is_cut = cut(&recipient, "dot");
                heard.taken.lock().unwrap().push(Mail { sender, recipient, text, at: Instant::now(), said });
                if is_cut {
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
