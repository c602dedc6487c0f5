//! A conversation with a relay: MAIL, RCPT, DATA, the text, one message after another.
//!
//! Where the relay offers PIPELINING (RFC 2920), a message's commands leave together, and together with the text before them, so
//! that a message costs one round trip.

use std::error::Error as _;
use std::fmt::Write as _;
use std::net::TcpStream;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use lettre::transport::smtp::Error;
use lettre::transport::smtp::client::AsyncSmtpConnection;
use lettre::transport::smtp::response::Response;

use super::stream::ready;
use super::{Relay, refused};
use crate::delivery::transport::{Attempt, Outbox, Phase, Reply, Session};
use crate::ids::enhanced_code;
use crate::mail::Message;

/// A connection that has seen so many refused recipients is replaced: relays slow it down or count it against us.
const MOST_REFUSALS: u32 = 8;

/// How long an answer may take, by what was said (RFC 5321 §4.5.3.2).
fn patience(phase: Phase) -> Duration {
    Duration::from_mins(match phase {
        Phase::Connect | Phase::Mail | Phase::Rcpt => 5,
        Phase::Data => 2,
        // Each write of the text.
        Phase::Text => 3,
        Phase::Dot => 10,
    })
}

/// What a relay can do.
#[derive(Clone, Copy, Debug)]
struct Offers {
    pipelining: bool,
    /// The longest message that it takes (RFC 1870), where it says so.
    size: Option<usize>,
    /// SMTPUTF8, and 8BITMIME, which it needs (RFC 6531 §3.1).
    utf8: bool,
}

impl Offers {
    /// As the answer to EHLO has them (RFC 5321 §4.1.1.1).
    fn read(answer: &Response) -> Self {
        let offer = |name: &str| {
            let mut lines = answer.message().skip(1).map(str::to_ascii_uppercase);
            lines.find_map(|line| {
                let (keyword, parameter) = line.split_once(' ').unwrap_or((&line, ""));
                (keyword == name).then(|| parameter.to_owned())
            })
        };
        Self {
            pipelining: offer("PIPELINING").is_some(),
            size: offer("SIZE").and_then(|most| most.trim().parse().ok()).filter(|most| *most > 0),
            utf8: offer("SMTPUTF8").is_some() && offer("8BITMIME").is_some(),
        }
    }
}

/// An open connection.
pub(super) struct Speaking<'a> {
    relay: &'a Relay,
    connection: AsyncSmtpConnection,
    /// The same socket, for its timeouts.
    socket: TcpStream,
    waiting: Option<Duration>,
    /// Octets that may have left.
    written: Arc<AtomicU64>,
    offers: Offers,
    carried: u32,
    refusals: u32,
    broken: bool,
    /// A refusal has left the transaction open; RSET clears it for the next (RFC 5321 §4.1.1.5).
    unfinished: bool,
    buffer: String,
}

impl<'a> Speaking<'a> {
    /// Asks once more what the relay offers: lettre remembers only the extensions that it uses itself.
    pub(super) fn begin(
        relay: &'a Relay,
        mut connection: AsyncSmtpConnection,
        socket: TcpStream,
        written: Arc<AtomicU64>,
    ) -> Result<Self, Error> {
        let answer = ready(connection.command(format_args!("EHLO {}\r\n", relay.hello)))?;
        socket.set_write_timeout(Some(patience(Phase::Text))).ok();
        Ok(Self {
            relay,
            connection,
            socket,
            waiting: None,
            written,
            offers: Offers::read(&answer),
            carried: 0,
            refusals: 0,
            broken: false,
            unfinished: false,
            buffer: String::new(),
        })
    }

    /// What is against a message before anything is said.
    fn objection(&self, message: &Message) -> Option<Attempt> {
        if let Some(most) = self.offers.size.filter(|most| message.text.len() > *most) {
            let text = format!("the message has {} octets, and the relay takes {most}", message.text.len());
            return Some(refused(Phase::Mail, 552, "5.3.4", text));
        }
        let needs = [&message.sender, &message.recipient].iter().any(|address| address.is_international());
        (needs && !self.offers.utf8).then(|| {
            let text = "the address is not ASCII, and the relay does not offer SMTPUTF8".to_owned();
            refused(Phase::Rcpt, 553, "5.6.7", text)
        })
    }

    /// The commands that open a message's transaction, onto the end of the buffer.
    fn push_commands(&mut self, message: &Message) {
        let size =
            if self.offers.size.is_some() { format!(" SIZE={}", message.text.len()) } else { String::new() };
        let utf8 = if message.text.is_ascii()
            && !message.sender.is_international()
            && !message.recipient.is_international()
        {
            ""
        } else {
            " SMTPUTF8 BODY=8BITMIME"
        };
        let (sender, recipient) = (&message.sender, &message.recipient);
        let _ = write!(self.buffer, "MAIL FROM:<{sender}>{size}{utf8}\r\nRCPT TO:<{recipient}>\r\nDATA\r\n");
    }

    /// Opens a message's transaction.
    fn open(&mut self, message: &Message) -> Result<(), Attempt> {
        self.buffer.clear();
        if std::mem::take(&mut self.unfinished) {
            self.buffer.push_str("RSET\r\n");
            if self.offers.pipelining {
                self.push_commands(message);
            }
            let reset = self.say(Phase::Mail);
            // A relay that will not begin anew is not to be understood.
            self.broken |= reset.is_err();
            reset?;
            if self.offers.pipelining {
                return self.answers(None);
            }
            self.buffer.clear();
        }
        self.push_commands(message);
        if self.offers.pipelining {
            let first = self.write_and_hear(Phase::Mail);
            return self.answers(Some(first));
        }
        let commands = std::mem::take(&mut self.buffer);
        for (phase, command) in
            [Phase::Mail, Phase::Rcpt, Phase::Data].into_iter().zip(commands.split_inclusive('\n'))
        {
            self.buffer.clear();
            self.buffer.push_str(command);
            let said = self.say(phase);
            self.unfinished = said.is_err() && phase != Phase::Mail;
            said?;
        }
        Ok(())
    }

    /// Hears the answers to MAIL, RCPT and DATA, the first of which may have been heard already; the first refusal counts.
    fn answers(&mut self, first: Option<Result<Response, Error>>) -> Result<(), Attempt> {
        let mail = first.unwrap_or_else(|| self.hear(Phase::Mail));
        let mut outcome = self.sense(Phase::Mail, mail).map(drop);
        for phase in [Phase::Rcpt, Phase::Data] {
            if self.broken {
                break;
            }
            let heard = self.hear(phase);
            match (outcome.is_err(), self.sense(phase, heard)) {
                // RFC 2920 §3.1: a relay may ask for the text though it takes no recipient. It gets none.
                (true, Ok(_)) if phase == Phase::Data => {
                    ".\r\n".clone_into(&mut self.buffer);
                    let _ = self.say(Phase::Dot);
                }
                (true, _) => {}
                (false, heard) => outcome = heard.map(drop),
            }
        }
        self.unfinished = outcome.is_err();
        outcome
    }

    /// Sends the text with its final dot, and `next`'s commands with it; hears what became of the text.
    fn text(&mut self, message: &Message, next: Option<&Message>) -> Attempt {
        self.buffer.clear();
        stuff(&message.text, &mut self.buffer);
        let dot = self.written.load(Ordering::Relaxed) + self.buffer.len() as u64;
        if let Some(next) = next {
            self.push_commands(next);
        }
        let heard = self.write_and_hear(Phase::Dot);
        self.carried += 1;
        // What was cut before its end was written has not been delivered.
        let has_left = self.written.load(Ordering::Relaxed) >= dot;
        match self.sense(if has_left { Phase::Dot } else { Phase::Text }, heard) {
            Ok(reply) => Attempt::Taken(reply),
            Err(attempt) => attempt,
        }
    }

    /// Says what is in the buffer and hears the answer.
    fn say(&mut self, phase: Phase) -> Result<Reply, Attempt> {
        let heard = self.write_and_hear(phase);
        self.sense(phase, heard)
    }

    fn write_and_hear(&mut self, phase: Phase) -> Result<Response, Error> {
        self.wait(phase);
        ready(self.connection.command(self.buffer.as_str()))
    }

    fn hear(&mut self, phase: Phase) -> Result<Response, Error> {
        self.wait(phase);
        ready(self.connection.read_response())
    }

    fn wait(&mut self, phase: Phase) {
        if self.waiting != Some(patience(phase)) {
            self.waiting = Some(patience(phase));
            let _ = self.socket.set_read_timeout(self.waiting);
        }
    }

    fn sense(&mut self, phase: Phase, heard: Result<Response, Error>) -> Result<Reply, Attempt> {
        match heard {
            Ok(response) => {
                let text = response.message().collect::<Vec<_>>().join(" ");
                let code = response.code().into();
                // A yes to another question than ours: the conversation is out of step, and no later answer can be trusted.
                let is_ours = if phase == Phase::Data { code == 354 } else { code < 300 };
                if !is_ours {
                    self.broken = true;
                    return Err(Attempt::Broken(phase, format!("it answered {code}, which is out of step")));
                }
                Ok(Reply { code, enhanced: enhanced_code(&text), text })
            }
            Err(error) if error.status().is_some() => {
                let reply = reply(&error);
                self.broken |= reply.code == 421;
                Err(Attempt::Refused(phase, reply))
            }
            Err(error) => {
                self.broken = true;
                Err(Attempt::Broken(phase, told(&error)))
            }
        }
    }

    fn note(&mut self, attempt: &Attempt) {
        // Our own objections are not the relay's.
        let is_ours = |reply: &Reply| matches!(reply.enhanced.as_deref(), Some("5.3.4" | "5.6.7"));
        self.refusals += u32::from(matches!(attempt, Attempt::Refused(_, reply) if !is_ours(reply)));
    }
}

impl Session for Speaking<'_> {
    fn hand_over(&mut self, outbox: &mut dyn Outbox) {
        while self.is_usable() {
            let Some(message) = outbox.next() else { return };
            let opened = self.objection(&message).map_or_else(|| self.open(&message), Err);
            let mut open = match opened {
                Ok(()) => Some(message),
                Err(attempt) => {
                    self.note(&attempt);
                    outbox.done(attempt);
                    None
                }
            };
            while let Some(message) = open.take() {
                let has_room = self.offers.pipelining && self.carried + 1 < self.relay.smtp.messages;
                let next = if has_room && self.refusals < MOST_REFUSALS { outbox.next() } else { None };
                let objection = next.as_ref().and_then(|next| self.objection(next));
                let follows = next.as_ref().filter(|_| objection.is_none());
                let attempt = self.text(&message, follows);
                self.note(&attempt);
                outbox.done(attempt);
                let Some(next) = next else { break };
                let opened = match objection {
                    Some(attempt) => Err(attempt),
                    None if self.broken => {
                        Err(Attempt::Broken(Phase::Mail, "the connection ended before".into()))
                    }
                    None => self.answers(None),
                };
                match opened {
                    Ok(()) => open = Some(next),
                    Err(attempt) => {
                        self.note(&attempt);
                        outbox.done(attempt);
                    }
                }
            }
        }
    }

    fn is_usable(&self) -> bool {
        !self.broken && self.refusals < MOST_REFUSALS && self.carried < self.relay.smtp.messages
    }

    fn close(mut self: Box<Self>) {
        if !self.broken {
            let _ = self.socket.set_read_timeout(Some(Duration::from_secs(5)));
            let _ = ready(self.connection.quit());
        }
    }
}

/// A text as the wire has it: dots at the start of lines doubled, the final dot at the end (RFC 5321 §4.5.2).
fn stuff(text: &str, out: &mut String) {
    out.reserve(text.len() + 512);
    let mut rest = text;
    if let Some(after) = rest.strip_prefix('.') {
        out.push_str("..");
        rest = after;
    }
    let mut from = 0;
    for at in memchr::memmem::find_iter(rest.as_bytes(), b"\r\n.") {
        out.push_str(&rest[from..at + 3]);
        out.push('.');
        from = at + 3;
    }
    out.push_str(&rest[from..]);
    out.push_str(".\r\n");
}

/// What the relay said, of an error that is a refusal.
pub(super) fn reply(error: &Error) -> Reply {
    let text = told(error);
    Reply { code: error.status().map_or(0, u16::from), enhanced: enhanced_code(&text), text }
}

/// What stands behind an error: the relay's words, or the system's.
pub(super) fn told(error: &Error) -> String {
    let words = error.source().map_or_else(|| error.to_string(), ToString::to_string);
    // What cannot be read is quoted by whoever tried to, and may name a subscriber.
    if error.is_response() && error.status().is_none() && words != "incomplete response" {
        return "it answered what makes no sense".to_owned();
    }
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dots_are_stuffed_and_the_text_is_ended() {
        let mut out = String::new();
        stuff(".a\r\n.b\r\n..\r\n", &mut out);
        assert_eq!(out, "..a\r\n..b\r\n...\r\n.\r\n");
    }

    #[test]
    fn each_step_has_the_patience_of_the_rfc() {
        let steps = [Phase::Connect, Phase::Mail, Phase::Rcpt, Phase::Data, Phase::Text, Phase::Dot];
        assert_eq!(steps.map(|phase| patience(phase).as_secs() / 60), [5, 5, 5, 2, 3, 10]);
    }
}
