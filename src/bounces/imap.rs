//! Reports in a mailbox on a server (RFC 9051), read through the crate `imap` over our own connection.

use std::io::{self, BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::time::Duration;

use imap::{Client, Session};
use secrecy::ExposeSecret as _;
use thiserror::Error;

use crate::config::{Imap, SecretError, Tls};
use crate::wire::{Protection, ProtectionError, Wire};

/// How long the server has for anything.
const PATIENCE: Duration = Duration::from_mins(1);
/// Longer messages are no reports and are not fetched, in octets.
const LONGEST: u32 = 16 << 20;

/// The mailbox could not be read.
#[derive(Debug, Error)]
pub enum ImapError {
    /// The password could not be had.
    #[error("the password for the mailbox cannot be read: {0}")]
    Secret(#[from] SecretError),
    /// No certificate could be verified.
    #[error("TLS cannot be set up: {0}")]
    Protection(#[from] ProtectionError),
    /// The config names nobody.
    #[error("{0}: there is nobody to log in as")]
    Nobody(String),
    /// The server cannot be reached.
    #[error("{0}: {1}")]
    Away(String, #[source] io::Error),
    /// It said no. Its words are left out: servers repeat what they were told, a password too.
    #[error("{0}: the mailbox is refused, or what it says makes no sense")]
    Refused(String, #[source] Box<imap::Error>),
}

impl ImapError {
    /// Whether it is worth trying again later as it is.
    pub fn is_temporary(&self) -> bool {
        matches!(self, Self::Away(..) | Self::Refused(..))
    }
}

/// An open mailbox.
pub struct Inbox {
    name: String,
    session: Session<Wire>,
    validity: u32,
    /// The number of the newest message, when it was opened.
    newest: u32,
}

impl Inbox {
    /// Logs in and opens the folder.
    pub fn open(imap: &Imap) -> Result<Self, ImapError> {
        let host = &imap.host;
        let name = format!("{}:{}", host.name, host.port);
        let away = |error| ImapError::Away(name.clone(), error);
        let refused = |error| ImapError::Refused(name.clone(), Box::new(error));
        let socket = Wire::connect(&host.name, host.port, PATIENCE).map_err(away)?;
        socket.set_read_timeout(Some(PATIENCE)).map_err(away)?;
        socket.set_write_timeout(Some(PATIENCE)).map_err(away)?;
        let protection = || Protection::new(&host.name, host.ca_file.as_deref());
        let mut client = match host.tls {
            Tls::None => greeted(Wire::Plain(socket)).map_err(refused)?,
            Tls::Implicit => {
                greeted(Wire::protect(socket, &protection()?).map_err(away)?).map_err(refused)?
            }
            Tls::Starttls => {
                ask_for_tls(&socket).map_err(away)?;
                // What was heard in the clear is forgotten.
                Client::new(Wire::protect(socket, &protection()?).map_err(away)?)
            }
        };
        let Some((username, secret)) = &host.credentials else {
            return Err(ImapError::Nobody(name.clone()));
        };
        client.debug = false;
        let password = secret.reveal()?;
        let mut session =
            client.login(username, password.expose_secret()).map_err(|(error, _)| refused(error))?;
        let folder = session.select(&imap.folder).map_err(refused)?;
        let (validity, next) = (folder.uid_validity.unwrap_or_default(), folder.uid_next.unwrap_or(1));
        Ok(Self { validity, newest: next.saturating_sub(1), session, name })
    }

    /// Hands every message that has come since `mark` to `read`, which says whether it was a report: those are marked as seen. Returns the
    /// new mark. Without a mark, what is unseen counts.
    pub fn each_since<E: From<ImapError>>(
        &mut self,
        mark: Option<&str>,
        mut read: impl FnMut(&[u8]) -> Result<bool, E>,
    ) -> Result<String, E> {
        let last = mark
            .and_then(|mark| mark.split_once(':'))
            .filter(|(validity, _)| validity.parse() == Ok(self.validity))
            .and_then(|(_, uid)| uid.parse::<u32>().ok());
        let query =
            last.map_or_else(|| "UNSEEN".to_owned(), |last| format!("UID {}:*", last.saturating_add(1)));
        let found = self.session.uid_search(query).map_err(|error| self.refused(error))?;
        // `n:*` holds the last message, whatever its number.
        let mut uids: Vec<u32> =
            found.into_iter().filter(|uid| last.is_none_or(|last| *uid > last)).collect();
        uids.sort_unstable();
        let mut newest = last.unwrap_or_default().max(self.newest);
        for uid in uids {
            let fetched = self.session.uid_fetch(uid.to_string(), "(RFC822.SIZE)");
            let fetched = fetched.map_err(|error| self.refused(error))?;
            newest = newest.max(uid);
            if fetched.iter().next().and_then(|one| one.size).is_none_or(|size| size > LONGEST) {
                continue;
            }
            let fetched = self.session.uid_fetch(uid.to_string(), "BODY.PEEK[]");
            let fetched = fetched.map_err(|error| self.refused(error))?;
            let Some(raw) = fetched.iter().find_map(|one| one.body()) else { continue };
            if read(raw)? {
                let stored = self.session.uid_store(uid.to_string(), "+FLAGS.SILENT (\\Seen)");
                stored.map_err(|error| self.refused(error))?;
            }
        }
        Ok(format!("{}:{newest}", self.validity))
    }

    /// Says goodbye.
    pub fn close(mut self) {
        let _ = self.session.logout();
    }

    fn refused(&self, error: imap::Error) -> ImapError {
        ImapError::Refused(self.name.clone(), Box::new(error))
    }
}

fn greeted<T: std::io::Read + std::io::Write>(stream: T) -> imap::Result<Client<T>> {
    let mut client = Client::new(stream);
    client.read_greeting()?;
    Ok(client)
}

/// RFC 9051 §6.2.1, which the crate does not do over a connection that is not its own.
fn ask_for_tls(mut socket: &TcpStream) -> io::Result<()> {
    let mut lines = BufReader::new(socket);
    let mut line = String::new();
    lines.read_line(&mut line)?;
    socket.write_all(b"tidings STARTTLS\r\n")?;
    loop {
        line.clear();
        if lines.by_ref().take(4096).read_line(&mut line)? == 0 || line.starts_with("tidings ") {
            break;
        }
    }
    if line.get(8..11).is_some_and(|word| word.eq_ignore_ascii_case("OK ")) {
        return Ok(());
    }
    Err(io::Error::other("it does not offer STARTTLS; nothing was said in the clear"))
}
