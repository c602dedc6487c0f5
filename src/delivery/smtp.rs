//! A relay, spoken to command by command over lettre's connection (RFC 5321).
//!
//! lettre's own `send` is not used: it writes the text and its final dot apart, which costs 40 ms a message over loopback,
//! and closes the connection at any refusal. Text and dot leave here in one write.

use std::error::Error as _;
use std::fmt;
use std::io;
use std::time::Duration;

use lettre::transport::smtp::Error;
use lettre::transport::smtp::authentication::{Credentials, Mechanism};
use lettre::transport::smtp::client::{SmtpConnection, TlsParameters};
use lettre::transport::smtp::extension::ClientId;
use secrecy::ExposeSecret as _;
use thiserror::Error as ThisError;

use super::transport::{Attempt, Phase, RelayDown, Reply, Session, Transport};
use crate::config::{Smtp, Tls};
use crate::ids::MessageId;
use crate::mail::Message;

/// RFC 5321 §4.5.3.2: greeting, MAIL and RCPT may take five minutes each.
const COMMAND_TIMEOUT: Duration = Duration::from_mins(5);
/// And the reply to the final dot ten.
const DOT_TIMEOUT: Duration = Duration::from_mins(10);
/// A connection that has seen so many refused recipients is replaced: relays slow it down or count it against us.
const MOST_REFUSALS: u32 = 8;

/// A relay that we are not able to speak to, whoever is at the other end.
#[derive(Debug, ThisError)]
pub enum SmtpError {
    /// The password could not be had.
    #[error("the password for the relay cannot be read: {0}")]
    Secret(#[from] crate::config::SecretError),
    /// The system's certificates could not be loaded.
    #[error("TLS cannot be set up: {0}")]
    Tls(#[from] Error),
}

/// One relay and how to log in to it.
pub struct Relay {
    host: String,
    port: u16,
    connections: usize,
    tls: Tls,
    parameters: Option<TlsParameters>,
    credentials: Option<Credentials>,
}

impl Relay {
    /// Reads the password and the system's certificates; connects to nothing.
    pub fn new(smtp: &Smtp) -> Result<Self, SmtpError> {
        let credentials = match &smtp.credentials {
            Some((username, secret)) => {
                Some(Credentials::new(username.clone(), secret.reveal()?.expose_secret().to_owned()))
            }
            None => None,
        };
        let parameters =
            if smtp.tls == Tls::None { None } else { Some(TlsParameters::new(smtp.host.clone())?) };
        let (host, port, connections, tls) = (smtp.host.clone(), smtp.port, smtp.connections, smtp.tls);
        Ok(Self { host, port, connections, tls, parameters, credentials })
    }

    fn connect(&self) -> Result<SmtpConnection, Error> {
        let hello = ClientId::default();
        let implicit = self.parameters.as_ref().filter(|_| self.tls == Tls::Implicit);
        let address = (self.host.as_str(), self.port);
        let mut connection = SmtpConnection::connect(address, Some(COMMAND_TIMEOUT), &hello, implicit, None)?;
        if let Some(parameters) = self.parameters.as_ref().filter(|_| self.tls == Tls::Starttls) {
            connection.starttls(parameters, &hello)?;
        }
        if let Some(credentials) = &self.credentials {
            connection.auth(&[Mechanism::Plain, Mechanism::Login], credentials)?;
        }
        Ok(connection)
    }
}

impl Transport for Relay {
    fn name(&self) -> String {
        format!("{}:{}", self.host, self.port)
    }

    fn sessions(&self) -> usize {
        self.connections
    }

    fn open(&self) -> Result<Box<dyn Session + '_>, RelayDown> {
        match self.connect() {
            Ok(connection) => Ok(Box::new(Speaking { connection, refusals: 0, broken: false })),
            Err(error) => {
                let attempt = match error.status() {
                    Some(_) => Attempt::Refused(Phase::Connect, reply(&error)),
                    None => Attempt::Broken(Phase::Connect, told(&error)),
                };
                Err(RelayDown::seen(&self.name(), &attempt))
            }
        }
    }

    fn window(&self) -> usize {
        20
    }

    fn has_arrived(&self, _: &MessageId) -> Option<bool> {
        None
    }
}

struct Speaking {
    connection: SmtpConnection,
    refusals: u32,
    broken: bool,
}

impl Speaking {
    /// Says one command in `phase`.
    fn say(&mut self, phase: Phase, command: impl fmt::Display) -> Result<Reply, Attempt> {
        match self.connection.command(command) {
            Ok(response) => {
                let text = response.message().collect::<Vec<_>>().join(" ");
                Ok(Reply { code: response.code().into(), enhanced: enhanced_code(&text), text })
            }
            Err(error) => Err(self.failed(phase, &error)),
        }
    }

    fn failed(&mut self, phase: Phase, error: &Error) -> Attempt {
        if error.status().is_some() {
            let reply = reply(error);
            self.broken |= reply.code == 421;
            return Attempt::Refused(phase, reply);
        }
        self.broken = true;
        // A pipe that is found broken while writing has not carried the end of what was being written.
        let phase = if phase == Phase::Dot && was_writing(error) { Phase::Text } else { phase };
        Attempt::Broken(phase, told(error))
    }

    fn converse(&mut self, message: &Message) -> Result<Reply, Attempt> {
        let _ = self.connection.set_timeout(Some(COMMAND_TIMEOUT));
        self.say(Phase::Mail, format_args!("MAIL FROM:<{}>\r\n", message.sender))?;
        self.say(Phase::Rcpt, format_args!("RCPT TO:<{}>\r\n", message.recipient))?;
        self.say(Phase::Data, "DATA\r\n")?;
        let _ = self.connection.set_timeout(Some(DOT_TIMEOUT));
        self.say(Phase::Dot, Stuffed(&message.text))
    }
}

impl Session for Speaking {
    fn hand_over(&mut self, message: &Message) -> Attempt {
        let attempt = match self.converse(message) {
            Ok(reply) => Attempt::Taken(reply),
            Err(attempt) => attempt,
        };
        // A refusal leaves the transaction open; RSET clears it for the next (RFC 5321 §4.1.1.5).
        if let Attempt::Refused(phase, _) = &attempt
            && !self.broken
        {
            self.refusals += 1;
            self.broken |= *phase != Phase::Dot && self.connection.command("RSET\r\n").is_err();
        }
        attempt
    }

    fn is_usable(&self) -> bool {
        !self.broken && self.refusals < MOST_REFUSALS
    }

    fn close(mut self: Box<Self>) {
        if !self.broken {
            let _ = self.connection.quit();
        }
    }
}

/// A message as the wire has it: dots at the start of lines doubled, the final dot at the end (RFC 5321 §4.5.2).
struct Stuffed<'a>(&'a str);

impl fmt::Display for Stuffed<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, piece) in self.0.split("\r\n.").enumerate() {
            f.write_str(if index > 0 { "\r\n.." } else { "" })?;
            f.write_str(piece)?;
        }
        f.write_str(".\r\n")
    }
}

/// What the relay said, of an error that is a refusal.
fn reply(error: &Error) -> Reply {
    let text = told(error);
    Reply { code: error.status().map_or(0, u16::from), enhanced: enhanced_code(&text), text }
}

/// What stands behind an error: the relay's words, or the system's.
fn told(error: &Error) -> String {
    error.source().map_or_else(|| error.to_string(), ToString::to_string)
}

fn was_writing(error: &Error) -> bool {
    let mut source = error.source();
    while let Some(inner) = source {
        if let Some(io) = inner.downcast_ref::<io::Error>() {
            return io.kind() == io::ErrorKind::BrokenPipe;
        }
        source = inner.source();
    }
    false
}

/// `5.1.1` at the start of a reply's text (RFC 2034 §4).
fn enhanced_code(text: &str) -> Option<String> {
    let code = text.split_whitespace().next()?;
    let parts: Vec<_> = code.split('.').collect();
    let digits = |part: &&str| (1..=3).contains(&part.len()) && part.bytes().all(|b| b.is_ascii_digit());
    (parts.len() == 3 && matches!(parts[0], "2" | "4" | "5") && parts.iter().all(digits))
        .then(|| code.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dots_are_stuffed_and_the_text_is_ended() {
        assert_eq!(Stuffed("a\r\n.b\r\n..\r\n").to_string(), "a\r\n..b\r\n...\r\n.\r\n");
    }

    #[test]
    fn enhanced_codes_are_told_from_words() {
        assert_eq!(enhanced_code("5.1.1 User unknown").as_deref(), Some("5.1.1"));
        for text in ["", "User unknown", "5.1", "1.2.3.4 is listed", "9.1.1 x"] {
            assert_eq!(enhanced_code(text), None, "{text}");
        }
    }
}
