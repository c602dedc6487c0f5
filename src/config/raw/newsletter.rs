//! `newsletters:` as it is written.

use schemars::JsonSchema;
use serde::Deserialize;

use super::{Exclude, Many, Text};
use crate::config::{Archive, Content, Look};

#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub(in crate::config) struct Newsletter {
    /// Its name for readers. Default: the site's title.
    pub title: Option<Text>,
    /// Its names before, if it had others: what went out under them is known then.
    pub was: Option<Many<String>>,
    /// The sender, `Name <name@example.com>`. Required for `smtp`; else the author's address, or `news@` and the site's host.
    pub from: Option<Text>,
    /// Where answers go. Default: to the sender.
    pub reply_to: Option<Text>,
    /// Of the words around the posts, for readers whose language the list does not say. Default: the site's.
    pub language: Option<Text>,
    /// When it is due: five fields of cron in the site's zone, `each-post` or `manual`. Default: `manual`.
    pub schedule: Option<String>,
    /// How long a post must have stood as it is, such as `30m`. Default: `0m`.
    pub settle: Option<String>,
    /// A template of its subject. Default: `subject.txt`.
    pub subject: Option<String>,
    /// Which posts it takes.
    pub select: Select,
    /// How much of each. Default: `summary`.
    pub content: Option<Content>,
    /// `category`: posts under their first one. Default: under nothing.
    pub sections: Option<Sections>,
    /// Which built-in look it has. Default: `journal`.
    pub look: Option<Look>,
    /// Whether its issues have pages on the web: `true`, `false`, or `private`, for its readers alone. Default: `true`.
    pub archive: Archive,
    /// `ko`: it is advertising by Korean law.
    pub commercial: Option<Law>,
    /// The list's file, beside this one, or `ledger` for none. Default: `subscribers.yaml`.
    pub subscribers: Option<Text>,
    /// What readers may choose to read about. Default: no choice.
    #[serde(default)]
    pub topics: Vec<Text>,
    /// In which languages they may choose to read. Default: no choice.
    #[serde(default)]
    pub languages: Vec<Text>,
}

#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub(in crate::config) struct Select {
    /// Any of them. Default: all.
    pub categories: Many<String>,
    /// Any of them.
    pub tags: Many<String>,
    /// Any of them.
    pub authors: Many<String>,
    /// Any of them (BCP 47).
    #[serde(alias = "language")]
    pub languages: Many<String>,
    /// Any of them: the first folder below that of the posts.
    #[serde(alias = "section")]
    pub sections: Many<String>,
    /// None of what is named here.
    pub exclude: Exclude,
    /// Nothing older is ever sent, whatever the ledger says. Default: `14d`.
    pub max_age: Option<String>,
    /// No issue with fewer posts. Default: 1.
    pub min: Option<usize>,
    /// The newest so many; the others wait for the next issue. Default: 20.
    pub max: Option<usize>,
    /// Whether a post goes out again when it says that it was updated. Default: `false`.
    pub updated: bool,
}

/// What an issue's posts stand under.
#[derive(Clone, Copy, Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub(in crate::config) enum Sections {
    Category,
}

/// The country whose law counts the newsletter as advertising.
#[derive(Clone, Copy, Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub(in crate::config) enum Law {
    Ko,
}
