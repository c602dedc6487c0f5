//! How mail leaves and how what comes back is found, resolved.

use std::collections::BTreeMap;
use std::path::PathBuf;

use chrono::TimeDelta;

use super::Secret;
use crate::address::Address;

/// How mail leaves.
#[derive(Clone, Debug)]
pub struct Mail {
    /// By which way.
    pub transport: Transport,
    /// How much of it to each recipient domain, in lower case; `*` is every other one.
    pub domain_rates: BTreeMap<String, Vec<Rate>>,
    /// What becomes of a copy of which nobody knows whether it arrived.
    pub in_doubt: InDoubt,
    /// The signatures that every copy gets, in this order.
    pub dkim: Vec<Dkim>,
    /// Where bounces come home.
    pub bounces: Bounces,
    /// The sender's postal address, for the footer (CAN-SPAM).
    pub postal_address: Option<String>,
}

/// A way for mail to leave.
#[derive(Clone, Debug)]
pub enum Transport {
    /// To relays: the first that is up and takes the sender's domain.
    Smtp(Vec<Smtp>),
    /// Into this program's standard input, and how much.
    Sendmail(PathBuf, Vec<Rate>),
    /// Into `.tidings/outbox`.
    Maildir,
    /// To standard output.
    Stdout,
}

/// How the connection to a server is protected.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Tls {
    /// Plain first, then STARTTLS, which must succeed (RFC 3207).
    Starttls,
    /// TLS from the first byte (RFC 8314).
    Implicit,
    /// Not at all.
    None,
}

/// How we log in to a relay (RFC 4954).
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Auth {
    /// AUTH PLAIN (RFC 4616).
    Plain,
    /// AUTH LOGIN.
    Login,
    /// AUTH XOAUTH2: the password is an access token.
    Xoauth2,
}

/// A server of somebody's and how to reach it: a relay, or a mailbox.
#[derive(Clone, Debug)]
pub struct Host {
    /// Its name or address.
    pub name: String,
    /// Its port.
    pub port: u16,
    /// How the connection is protected.
    pub tls: Tls,
    /// The owner's own authorities, in PEM, beside the system's.
    pub ca_file: Option<PathBuf>,
    /// Who we are to it.
    pub credentials: Option<(String, Secret)>,
}

/// A relay.
#[derive(Clone, Debug)]
pub struct Smtp {
    /// Where it is.
    pub host: Host,
    /// How we log in; `None`: PLAIN or LOGIN, as the relay offers.
    pub auth: Option<Auth>,
    /// How many connections at once, at least 1.
    pub connections: usize,
    /// How many messages a connection carries before it is replaced, at least 1.
    pub messages: u32,
    /// How much it takes.
    pub rates: Vec<Rate>,
    /// The senders' domains that it takes, in lower case; empty: all.
    pub from: Vec<String>,
}

/// At most `count` messages in any span of `window`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rate {
    /// At least 1.
    pub count: u32,
    /// A second, a minute, an hour or a day.
    pub window: TimeDelta,
}

/// What becomes of a copy that was cut off after its final dot.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize, schemars::JsonSchema,
)]
#[serde(rename_all = "kebab-case")]
pub enum InDoubt {
    /// The owner decides.
    #[default]
    Hold,
    /// It is sent again, byte for byte the same.
    Resend,
    /// It counts as sent.
    AssumeSent,
}

/// A key that signs (RFC 6376).
#[derive(Clone, Debug)]
pub struct Dkim {
    /// The domain that answers for the mail (`d=`), as an A-label.
    pub domain: String,
    /// The name of the key below `_domainkey.` (`s=`).
    pub selector: String,
    /// The private key, in PEM.
    pub key_file: PathBuf,
}

/// Where bounces come home.
#[derive(Clone, Debug, Default)]
pub struct Bounces {
    /// What envelope senders are made of, one for each copy (VERP): `local+TOKEN@domain`.
    pub address: Option<Address>,
    /// A Maildir in which they arrive.
    pub maildir: Option<PathBuf>,
    /// A mailbox file in which they arrive.
    pub mbox: Option<PathBuf>,
    /// A mailbox on a server.
    pub imap: Option<Imap>,
}

/// A mailbox on a server (RFC 9051).
#[derive(Clone, Debug)]
pub struct Imap {
    /// Where it is.
    pub host: Host,
    /// Which of its folders.
    pub folder: String,
}
