//! What the owner wants: `config/tidings.yaml` as plain data with every default resolved.
//!
//! Nothing below this room reads the environment or a file for a setting. Not responsible for acting on any of it.

mod blog;
mod describe;
mod duration;
mod feeds;
mod findings;
mod generators;
mod http;
mod ledger;
mod load;
mod locale;
mod mail;
mod newsletter;
mod rate;
mod raw;
mod remote;
mod resolve;
mod secret;
mod settings;
mod webhook;

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::path::PathBuf;

use chrono_tz::Tz;
use url::Url;

pub use blog::{
    Blog, CommonMark, Defaults, Hugo, Jekyll, Kramdown, Language, Markdown, Settings, Slugify, Typography,
    Zola,
};
pub use feeds::{Feed, Feeds, Field, Fields, Filter, Format, Group, Podcast, Terms};
pub use http::{Certificate, Hooks, Http, Network, Operator, Topic};
pub use ledger::{Memory, Postgres};
pub use load::{Loaded, load, read, schema, without_comments, without_secrets};
pub use locale::language as language_spoken_here;
pub use mail::{Auth, Bounces, Dkim, Host, Imap, InDoubt, Mail, Rate, Smtp, Tls, Transport};
pub use newsletter::{Archive, Cadence, Look, Newsletter, Schedule, Select};
pub use remote::Remote;
pub use secret::{Secret, SecretError};
pub use webhook::{KINDS, Webhook};

/// Everything a command needs to know, resolved.
#[derive(Clone, Debug)]
pub struct Config {
    /// The site's root folder.
    pub root: PathBuf,
    /// Where feeds go unless the command line says otherwise.
    pub public: PathBuf,
    /// Object storage that gets what lies there.
    pub remote: Option<Remote>,
    /// Who publishes.
    pub site: Site,
    /// Where posts are and how to read them.
    pub posts: Posts,
    /// The generator whose rules they follow, and what its configuration says.
    pub blog: Blog,
    /// Where each setting that could come from several places comes from, for `config show`.
    pub origins: Vec<Origin>,
    /// What feeds to write.
    pub feeds: Feeds,
    /// People whom posts name by a word, as objects with `name`, `email` and `url`.
    pub authors: Settings,
    /// The newsletters, by name.
    pub newsletters: Vec<Newsletter>,
    /// How mail leaves.
    pub mail: Mail,
    /// Where subscribers' pages are served; `None` until the owner says so.
    pub server: Option<Server>,
    /// What is remembered, and where.
    pub memory: Memory,
    /// How `tidings serve` listens.
    pub http: Http,
    /// Other programs that hear of what happens.
    pub webhooks: Vec<Webhook>,
    /// How bad `check` takes findings for, by their codes.
    pub check: BTreeMap<String, Weight>,
}

impl Config {
    /// The site's own templates, which win over the built-in ones of the same name.
    pub fn templates_dir(&self) -> PathBuf {
        self.root.join("templates")
    }

    /// What tidings keeps for itself: ledger, lock, outbox.
    pub fn state_dir(&self) -> PathBuf {
        self.root.join(".tidings")
    }
}

/// How bad a finding is taken for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Weight {
    /// It is not told.
    Allow,
    /// `check` ends with 0.
    Warning,
    /// `check` ends with 1.
    Error,
}

/// One setting, as it was resolved.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Origin {
    /// Its key in `tidings.yaml`.
    pub key: Cow<'static, str>,
    /// What counts.
    pub value: String,
    /// The file that says so, or `default`.
    pub from: String,
}

/// Where subscribers' pages are served.
#[derive(Clone, Debug)]
pub struct Server {
    /// Absolute, ending in `/`.
    pub url: Url,
    /// The file with the key that signs the links in mail.
    pub secret: Secret,
}

/// The site as a whole.
#[derive(Clone, Debug)]
pub struct Site {
    /// Its name.
    pub title: String,
    /// Absolute, ending in `/`: every link in feeds and mail starts here.
    pub url: Url,
    /// One sentence about it, perhaps empty.
    pub description: String,
    /// BCP 47.
    pub language: String,
    /// Dates without an offset are in it.
    pub timezone: Tz,
    /// Who writes where a post does not say.
    pub author: Author,
}

/// A person, as feeds name one.
#[derive(
    Clone, Debug, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize, schemars::JsonSchema,
)]
pub struct Author {
    /// The name, perhaps empty.
    pub name: String,
    /// An address to write to.
    pub email: Option<String>,
    /// A home page.
    pub url: Option<String>,
}

/// The generator that the owner names, where none is to be found out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Dialect {
    /// The one whose configuration lies in the site's folder. Where there is none, a plain folder, in which a file called
    /// `YYYY-MM-DD-slug.md` gets the id that Jekyll gives it.
    Auto,
    /// Jekyll.
    Jekyll,
    /// Hugo.
    Hugo,
    /// Zola.
    Zola,
    /// Eleventy.
    Eleventy,
    /// Astro.
    Astro,
    /// A folder of CommonMark files.
    Commonmark,
}

/// Whether posts that are not public yet take part.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Include {
    /// They are left out.
    No,
    /// They are taken in.
    Yes,
}

/// Where posts are and how to read them.
#[derive(Clone, Debug)]
pub struct Posts {
    /// The folder.
    pub dir: PathBuf,
    /// The pattern of a post's path, in Jekyll's or Hugo's tokens, where `tidings.yaml` names one.
    pub permalink: Option<String>,
    /// Posts marked as drafts.
    pub drafts: Include,
    /// Posts dated after now.
    pub future: Include,
}

/// How much of a post goes out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Deserialize, serde::Serialize, schemars::JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Content {
    /// The whole text.
    Full,
    /// The excerpt.
    Summary,
    /// The title alone (newsletters only).
    Titles,
}
