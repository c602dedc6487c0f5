//! What a way for mail to leave can do.

use crate::config::Rate;
use crate::ids::MessageId;
use crate::mail::Message;

/// How far an attempt came (RFC 5321 §3.3).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Phase {
    /// Opening the connection: TCP, TLS, greeting, EHLO, AUTH.
    Connect,
    /// `MAIL FROM`.
    Mail,
    /// `RCPT TO`.
    Rcpt,
    /// `DATA`, before the text.
    Data,
    /// The text, before its final dot was written.
    Text,
    /// After the final dot.
    Dot,
}

impl Phase {
    /// As the ledger writes it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Connect => "connect",
            Self::Mail => "mail",
            Self::Rcpt => "rcpt",
            Self::Data => "data",
            Self::Text => "text",
            Self::Dot => "dot",
        }
    }
}

/// What a relay said.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reply {
    /// The reply code, 200 to 599.
    pub code: u16,
    /// The enhanced code, such as `5.1.1` (RFC 3463), where it gave one.
    pub enhanced: Option<String>,
    /// Its words.
    pub text: String,
}

/// What an attempt to hand one message over came to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Attempt {
    /// The other side has taken it.
    Taken(Reply),
    /// The other side said no, in this phase.
    Refused(Phase, Reply),
    /// The connection broke in this phase, without an answer.
    Broken(Phase, String),
}

impl Attempt {
    /// How far it came.
    pub fn phase(&self) -> Phase {
        match self {
            Self::Broken(phase, _) | Self::Refused(phase, _) => *phase,
            Self::Taken(_) => Phase::Dot,
        }
    }
}

/// The relay cannot be reached or will not talk to us.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RelayDown {
    /// What happened, without the relay's words: they may name a subscriber.
    pub what: String,
    /// Its words.
    pub words: String,
}

impl RelayDown {
    /// The relay called `name`, as an attempt has shown it.
    pub(super) fn seen(name: &str, attempt: &Attempt) -> Self {
        match attempt {
            Attempt::Broken(phase, why) => {
                Self { what: format!("{name}: {why} ({})", phase.as_str()), words: String::new() }
            }
            Attempt::Refused(phase, reply) => {
                let enhanced = reply.enhanced.as_deref().map_or_else(String::new, |code| format!(" {code}"));
                let what = format!("{name} answered {}{enhanced} ({})", reply.code, phase.as_str());
                Self { what, words: reply.text.clone() }
            }
            Attempt::Taken(_) => Self { what: name.to_owned(), words: String::new() },
        }
    }
}

/// A way for mail to leave.
pub trait Transport: Sync {
    /// Its name in the ledger: a relay's host and port, or a folder.
    fn name(&self) -> String;

    /// How many sessions may be open at once, at least 1.
    fn sessions(&self) -> usize;

    /// Opens a session.
    fn open(&self) -> Result<Box<dyn Session + '_>, RelayDown>;

    /// The most deliveries that a session may claim at once, at least 1. A run that is killed leaves at most so many in
    /// doubt for each session; fewer have the ledger wait for the disk more often.
    fn window(&self) -> usize;

    /// Whether it takes mail from a sender at this domain.
    fn takes(&self, _sender_domain: &str) -> bool {
        true
    }

    /// How much it takes.
    fn rates(&self) -> &[Rate] {
        &[]
    }

    /// Whether a message has arrived: `Some` where there is proof one way or the other.
    fn has_arrived(&self, _id: &MessageId) -> Option<bool> {
        None
    }
}

/// An open way for mail to leave, used for one message after another.
pub trait Session {
    /// Hands over what the outbox has, one after the other, as long as the session can take another message.
    fn hand_over(&mut self, outbox: &mut dyn Outbox);

    /// Whether the session can take another message.
    fn is_usable(&self) -> bool;

    /// Ends the session in the proper way.
    fn close(self: Box<Self>);
}

/// Where a session takes its messages from, and where it says what became of each, in the same order.
pub trait Outbox {
    /// The next message whose time has come. What is taken is answered for by one [`done`](Self::done).
    fn next(&mut self) -> Option<Message>;

    /// What became of the oldest message that was taken and not answered for.
    fn done(&mut self, attempt: Attempt);
}

/// One message alone, for test copies.
#[derive(Debug)]
pub struct Single {
    message: Option<Message>,
    attempt: Option<Attempt>,
}

impl Single {
    /// Hands one message over.
    pub fn hand_over(session: &mut dyn Session, message: Message) -> Attempt {
        let mut outbox = Self { message: Some(message), attempt: None };
        session.hand_over(&mut outbox);
        outbox.attempt.unwrap_or_else(|| Attempt::Broken(Phase::Connect, "the session took nothing".into()))
    }
}

impl Outbox for Single {
    fn next(&mut self) -> Option<Message> {
        self.message.take()
    }

    fn done(&mut self, attempt: Attempt) {
        self.attempt = Some(attempt);
    }
}
