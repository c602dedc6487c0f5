//! The config file as it is written: every key of the contract, none other.
//!
//! Not responsible for defaults or for sense: that is `resolve`.

mod feeds;
mod http;
mod mail;
mod newsletter;
mod webhook;

use std::borrow::Cow;
use std::collections::BTreeMap;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::Deserialize;
use serde::de::{self, Deserializer};

use super::{Dialect, Weight, secret};

pub(super) use feeds::{Exclude, Feeds, Fields, Many, OwnFeed, Podcast};
pub(super) use http::{Hooks, Operator, Server};
pub(super) use mail::{Bounces, Dkim, Imap, Mail, Smtp, TransportName};
pub(super) use newsletter::{Law, Newsletter, Sections};
pub(super) use webhook::Webhook;

/// A text in which `${NAME}` stands for the environment's value.
#[derive(Clone, Debug)]
pub(super) struct Text(pub String);

impl JsonSchema for Text {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        "Text".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        // A number stands for its digits.
        json_schema!({ "type": ["string", "number", "boolean"] })
    }
}

impl<'de> Deserialize<'de> for Text {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        let unset = |name| de::Error::custom(format!("the environment variable `{name}` is not set"));
        secret::expand(&text).map(Self).map_err(unset)
    }
}

#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub(super) struct Raw {
    pub site: Site,
    pub posts: Posts,
    pub feeds: Feeds,
    pub authors: BTreeMap<String, Author>,
    pub publish: Option<Text>,
    pub newsletters: BTreeMap<String, Newsletter>,
    pub mail: Mail,
    pub ledger: Option<Text>,
    pub server: Server,
    pub webhooks: Vec<Webhook>,
    pub check: BTreeMap<String, Weight>,
}

#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub(super) struct Site {
    pub title: Option<Text>,
    pub url: Option<Text>,
    pub description: Option<Text>,
    pub language: Option<Text>,
    pub timezone: Option<Text>,
    pub author: Option<Author>,
}

#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub(super) struct Author {
    pub name: Option<Text>,
    pub email: Option<Text>,
    pub url: Option<Text>,
}

#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub(super) struct Posts {
    pub dir: Option<Text>,
    pub dialect: Option<Dialect>,
    pub permalink: Option<String>,
    pub drafts: bool,
    pub future: bool,
}
