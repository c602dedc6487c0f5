//! `mail:` as it is written.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::Deserialize;

use super::{Many, Text};
use crate::config::{Auth, InDoubt, Tls};

#[derive(Clone, Copy, Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub(in crate::config) enum TransportName {
    Smtp,
    Sendmail,
    Maildir,
    Stdout,
}

#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub(in crate::config) struct Mail {
    /// By which way. Default: `maildir`, which is `.tidings/outbox`.
    pub transport: Option<TransportName>,
    /// A relay, or several: the first that is up and takes the sender's domain is used.
    pub smtp: Many<Smtp>,
    /// The mail program of this machine. Default: `/usr/sbin/sendmail`.
    pub sendmail: Option<Text>,
    /// How much a relay takes, such as `50/s` or `20000/day`; one or several.
    pub rate: Many<String>,
    /// How much goes to a domain; `"*"` is every other one.
    pub domain_rates: BTreeMap<String, Many<String>>,
    /// What becomes of a copy of which nobody knows whether it arrived. Default: `hold`.
    pub in_doubt: InDoubt,
    /// Keys that sign.
    pub dkim: Many<Dkim>,
    /// Where bounces come home.
    pub bounces: Bounces,
    /// The sender's postal address, for the footer.
    pub postal_address: Option<Text>,
}

#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub(in crate::config) struct Smtp {
    /// Its name or address. Required.
    pub host: Option<Text>,
    /// Default: 587 for `starttls`, 465 for `implicit`, 25 for `none`.
    pub port: Option<u16>,
    /// How the connection is protected. Default: `none` on this machine, else `starttls`.
    pub tls: Option<Tls>,
    /// Authorities of your own, in PEM, beside the system's.
    pub ca_file: Option<Text>,
    /// How we log in. Default: as the relay offers.
    pub auth: Option<Auth>,
    /// As whom we log in.
    pub username: Option<Text>,
    /// The password, as `${NAME}` of the environment.
    pub password: Option<String>,
    /// A file with the password.
    pub password_file: Option<Text>,
    /// A command that prints the password.
    pub password_command: Option<String>,
    /// How many at once, 1 to 100. Default: 4.
    pub connections: Option<usize>,
    /// How many a connection carries before it is replaced. Default: 100.
    pub messages: Option<u32>,
    /// How much this relay takes. Default: `mail.rate`.
    pub rate: Many<String>,
    /// The senders' domains that it takes. Default: all.
    pub from: Many<String>,
}

#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub(in crate::config) struct Dkim {
    /// The domain that answers for the mail (`d=`). Required.
    pub domain: Option<Text>,
    /// The key's name (`s=`). Required.
    pub selector: Option<Text>,
    /// The private key, in PEM. Required.
    pub key_file: Option<Text>,
}

#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub(in crate::config) struct Bounces {
    /// What envelope senders are made of, `local+TOKEN@domain`: at most eleven characters before the `@`.
    pub address: Option<Text>,
    /// A Maildir in which they arrive.
    pub maildir: Option<Text>,
    /// A mailbox file in which they arrive.
    pub mbox: Option<Text>,
    /// A mailbox on a server in which they arrive.
    pub imap: Option<Imap>,
}

#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub(in crate::config) struct Imap {
    /// Its name or address. Required.
    pub host: Option<Text>,
    /// Default: 993 for `implicit`, 143 else.
    pub port: Option<u16>,
    /// How the connection is protected. Default: `none` on this machine, else `starttls`.
    pub tls: Option<Tls>,
    /// Authorities of your own, in PEM, beside the system's.
    pub ca_file: Option<Text>,
    /// As whom we log in.
    pub username: Option<Text>,
    /// The password, as `${NAME}` of the environment.
    pub password: Option<String>,
    /// A file with the password.
    pub password_file: Option<Text>,
    /// A command that prints the password.
    pub password_command: Option<String>,
    /// Which of its folders. Default: `INBOX`.
    pub folder: Option<Text>,
}
