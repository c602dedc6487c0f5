//! A relay, spoken to command by command over lettre's connection (RFC 5321).
//!
//! lettre's own `send` is not used: it writes the text and its final dot apart, waits for the answer to each command, and closes
//! the connection at any refusal.

mod lines;
mod session;
mod stream;

use std::net::TcpStream;
use std::sync::Arc;
use std::sync::atomic::AtomicU64;
use std::time::Duration;

use lettre::transport::smtp::Error;
use lettre::transport::smtp::authentication::{Credentials, Mechanism};
use lettre::transport::smtp::client::AsyncSmtpConnection;
use lettre::transport::smtp::extension::{ClientId, Extension};
use secrecy::ExposeSecret as _;
use thiserror::Error as ThisError;

use super::transport::{Attempt, Phase, RelayDown, Reply, Session, Transport};
use crate::config::{Auth, Rate, Smtp, Tls};
use crate::wire::{Protection, ProtectionError, Wire};
use session::{Speaking, reply, told};
use stream::{Stream, ready};

/// How long each of a relay's addresses has to answer.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(30);
/// RFC 5321 §4.5.3.2: the greeting may take five minutes.
const GREETING_TIMEOUT: Duration = Duration::from_mins(5);

/// A relay that we are not able to speak to, whoever is at the other end.
#[derive(Debug, ThisError)]
pub enum SmtpError {
    /// The password could not be had.
    #[error("the password for the relay cannot be read: {0}")]
    Secret(#[from] crate::config::SecretError),
    /// No certificate could be verified.
    #[error("TLS cannot be set up: {0}")]
    Protection(#[from] ProtectionError),
}

/// One relay and how to log in to it.
pub struct Relay {
    name: String,
    smtp: Smtp,
    hello: ClientId,
    protection: Option<Protection>,
    credentials: Option<Credentials>,
}

impl Relay {
    /// Reads the password and the certificates; connects to nothing. `same_before` is how many relays at the same place are named before
    /// it.
    pub fn new(smtp: &Smtp, same_before: usize) -> Result<Self, SmtpError> {
        let host = &smtp.host;
        let mut name = format!("{}:{}", host.name, host.port);
        if same_before > 0 {
            name.push_str(&format!(" ({})", same_before + 1));
        }
        let credentials = match &host.credentials {
            Some((username, secret)) => {
                Some(Credentials::new(username.clone(), secret.reveal()?.expose_secret().to_owned()))
            }
            None => None,
        };
        let protection = match host.tls {
            Tls::None => None,
            _ => Some(Protection::new(&host.name, host.ca_file.as_deref())?),
        };
        Ok(Self { name, smtp: smtp.clone(), hello: ClientId::default(), protection, credentials })
    }

    fn connect(&self) -> Result<Speaking<'_>, Attempt> {
        let host = &self.smtp.host;
        let io = |error: std::io::Error| Attempt::Broken(Phase::Connect, error.to_string());
        let smtp = |error: Error| match error.status() {
            Some(_) => Attempt::Refused(Phase::Connect, reply(&error)),
            None => Attempt::Broken(Phase::Connect, told(&error)),
        };
        let socket = Wire::connect(&host.name, host.port, CONNECT_TIMEOUT).map_err(io)?;
        socket.set_read_timeout(Some(GREETING_TIMEOUT)).map_err(io)?;
        socket.set_write_timeout(Some(GREETING_TIMEOUT)).map_err(io)?;
        let written = Arc::new(AtomicU64::new(0));
        let ours = socket.try_clone().map_err(io)?;
        let stream = match (&self.protection, host.tls) {
            (Some(protection), Tls::Implicit) => {
                Stream::new(Wire::protect(socket, protection).map_err(io)?, "", Arc::clone(&written))
            }
            (Some(protection), Tls::Starttls) => {
                let clear = socket.try_clone().map_err(io)?;
                self.ask_for_tls(clear)?;
                Stream::new(Wire::protect(socket, protection).map_err(io)?, "220 \r\n", Arc::clone(&written))
            }
            _ => Stream::new(Wire::Plain(socket), "", Arc::clone(&written)),
        };
        let mut connection =
            ready(AsyncSmtpConnection::connect_with_transport(Box::new(stream), &self.hello))
                .map_err(smtp)?;
        if let Some(credentials) = &self.credentials {
            let mechanisms: &[Mechanism] = match self.smtp.auth {
                Some(Auth::Plain) => &[Mechanism::Plain],
                Some(Auth::Login) => &[Mechanism::Login],
                Some(Auth::Xoauth2) => &[Mechanism::Xoauth2],
                None => &[Mechanism::Plain, Mechanism::Login],
            };
            ready(connection.auth(mechanisms, credentials)).map_err(smtp)?;
        }
        Speaking::begin(self, connection, ours, written).map_err(smtp)
    }

    /// Says STARTTLS in the clear (RFC 3207); what this conversation has heard is forgotten with it.
    fn ask_for_tls(&self, socket: TcpStream) -> Result<(), Attempt> {
        let broken = |error: Error| match error.status() {
            Some(_) => Attempt::Refused(Phase::Connect, reply(&error)),
            None => Attempt::Broken(Phase::Connect, told(&error)),
        };
        let stream = Stream::new(Wire::Plain(socket), "", Arc::default());
        let mut clear = ready(AsyncSmtpConnection::connect_with_transport(Box::new(stream), &self.hello))
            .map_err(broken)?;
        if !clear.server_info().supports_feature(Extension::StartTls) {
            let text = "it does not offer STARTTLS; nothing was sent in the clear".to_owned();
            return Err(Attempt::Broken(Phase::Connect, text));
        }
        ready(clear.command("STARTTLS\r\n")).map_err(broken)?;
        Ok(())
    }
}

impl Transport for Relay {
    fn name(&self) -> String {
        self.name.clone()
    }

    fn sessions(&self) -> usize {
        self.smtp.connections
    }

    fn open(&self) -> Result<Box<dyn Session + '_>, RelayDown> {
        match self.connect() {
            Ok(speaking) => Ok(Box::new(speaking)),
            Err(attempt) => Err(RelayDown::seen(&self.name(), &attempt)),
        }
    }

    fn window(&self) -> usize {
        20
    }

    fn takes(&self, sender_domain: &str) -> bool {
        self.smtp.from.is_empty() || self.smtp.from.iter().any(|domain| domain == sender_domain)
    }

    fn rates(&self) -> &[Rate] {
        &self.smtp.rates
    }
}

/// A refusal that we spell out ourselves, before the relay would.
fn refused(phase: Phase, code: u16, enhanced: &str, text: String) -> Attempt {
    Attempt::Refused(phase, Reply { code, enhanced: Some(enhanced.to_owned()), text })
}
