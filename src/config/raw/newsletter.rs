//! `newsletters:` as it is written.

use schemars::JsonSchema;
use serde::Deserialize;

use super::{Exclude, Many, Text};
use crate::config::{Archive, Content, Look};

#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub(in crate::config) struct Newsletter {
    pub title: Option<Text>,
    pub was: Option<Many<String>>,
    pub from: Option<Text>,
    pub reply_to: Option<Text>,
    pub language: Option<Text>,
    pub schedule: Option<String>,
    pub settle: Option<String>,
    pub subject: Option<String>,
    pub select: Select,
    pub content: Option<Content>,
    pub sections: Option<Sections>,
    pub look: Option<Look>,
    pub archive: Archive,
    pub commercial: Option<Law>,
    pub subscribers: Option<Text>,
    #[serde(default)]
    pub topics: Vec<Text>,
    #[serde(default)]
    pub languages: Vec<Text>,
}

#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub(in crate::config) struct Select {
    pub categories: Many<String>,
    pub tags: Many<String>,
    pub authors: Many<String>,
    #[serde(alias = "language")]
    pub languages: Many<String>,
    #[serde(alias = "section")]
    pub sections: Many<String>,
    pub exclude: Exclude,
    pub max_age: Option<String>,
    pub min: Option<usize>,
    pub max: Option<usize>,
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
