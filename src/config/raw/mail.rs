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
    pub transport: Option<TransportName>,
    pub smtp: Many<Smtp>,
    pub sendmail: Option<Text>,
    pub rate: Many<String>,
    pub domain_rates: BTreeMap<String, Many<String>>,
    pub in_doubt: InDoubt,
    pub dkim: Many<Dkim>,
    pub bounces: Bounces,
    pub postal_address: Option<Text>,
}

#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub(in crate::config) struct Smtp {
    pub host: Option<Text>,
    pub port: Option<u16>,
    pub tls: Option<Tls>,
    pub ca_file: Option<Text>,
    pub auth: Option<Auth>,
    pub username: Option<Text>,
    pub password: Option<String>,
    pub password_file: Option<Text>,
    pub password_command: Option<String>,
    pub connections: Option<usize>,
    pub messages: Option<u32>,
    pub rate: Many<String>,
    pub from: Many<String>,
}

#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub(in crate::config) struct Dkim {
    pub domain: Option<Text>,
    pub selector: Option<Text>,
    pub key_file: Option<Text>,
}

#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub(in crate::config) struct Bounces {
    pub address: Option<Text>,
    pub maildir: Option<Text>,
    pub mbox: Option<Text>,
    pub imap: Option<Imap>,
}

#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub(in crate::config) struct Imap {
    pub host: Option<Text>,
    pub port: Option<u16>,
    pub tls: Option<Tls>,
    pub ca_file: Option<Text>,
    pub username: Option<Text>,
    pub password: Option<String>,
    pub password_file: Option<Text>,
    pub password_command: Option<String>,
    pub folder: Option<Text>,
}
