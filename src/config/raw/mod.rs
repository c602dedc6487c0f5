//! The config file as it is written: every key of the contract, none other.
//!
//! Not responsible for defaults or for sense: that is `resolve`.

mod feeds;
mod http;
mod ledger;
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
pub(super) use ledger::{Ledger, ShortLedger};
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
    /// Who publishes.
    pub site: Site,
    /// Where posts are, and how they are read.
    pub posts: Posts,
    /// What feeds are written.
    pub feeds: Feeds,
    /// People whom posts name by a word.
    pub authors: BTreeMap<String, Author>,
    /// The folder for the feeds, which belong at the root of `site.url`, or object storage: `s3://bucket/…`, `gs://…`, `az://…`, `file:///…`.
    /// Default: `public`.
    pub publish: Option<Text>,
    /// The newsletters, by names of lower-case letters, digits, `-` and `_`.
    pub newsletters: BTreeMap<String, Newsletter>,
    /// How mail leaves.
    pub mail: Mail,
    /// What is remembered, and where: `sqlite`, which is the default, in `.tidings/`; the address of a database that several machines share;
    /// or keys.
    pub ledger: ShortLedger,
    /// What `tidings serve` listens to, and who may ask.
    pub server: Server,
    /// Other programs that hear of what happens.
    pub webhooks: Vec<Webhook>,
    /// How bad `tidings check` takes findings for, by their codes.
    pub check: BTreeMap<String, Weight>,
}

#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub(super) struct Site {
    /// The name of it all. Default: the host of `url`.
    pub title: Option<Text>,
    /// Absolute; every link in feeds and mail starts here. Required, unless the blog says it.
    pub url: Option<Text>,
    /// A sentence about it.
    pub description: Option<Text>,
    /// BCP 47. Default: `en`.
    pub language: Option<Text>,
    /// A name of the IANA database; dates without an offset are in it. Default: `UTC`.
    pub timezone: Option<Text>,
    /// Who writes, where a post does not say.
    pub author: Option<Author>,
}

#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub(super) struct Author {
    /// Their name.
    pub name: Option<Text>,
    /// Their address.
    pub email: Option<Text>,
    /// Their own page.
    pub url: Option<Text>,
}

#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub(super) struct Posts {
    /// Their folder, below the site's. Default: the generator's; else `posts` or `_posts`, else the `.md` files beside `config/`.
    pub dir: Option<Text>,
    /// By whose rules they are read. Default: `auto`.
    pub dialect: Option<Dialect>,
    /// Their addresses, in Jekyll's tokens or the name of one of its styles. Default: the generator's, else
    /// `/:categories/:title/`.
    pub permalink: Option<String>,
    /// Whether posts marked `draft: true` take part. Default: `false`.
    pub drafts: bool,
    /// Whether feeds take posts dated after now. Default: `false`.
    pub future: bool,
}
