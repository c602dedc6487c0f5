//! `feeds:` as it is written.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::Value;

use super::Text;
use crate::config::{Content, Format, Group};

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(in crate::config) struct Feeds {
    pub formats: Option<Vec<Format>>,
    pub limit: Option<usize>,
    pub content: Option<Content>,
    pub by: Vec<Group>,
    pub archive: Option<usize>,
    pub hub: Option<Text>,
    pub own: Vec<OwnFeed>,
    pub podcast: Option<Podcast>,
    pub style: Option<bool>,
    pub namespaces: BTreeMap<String, Text>,
    pub fields: Fields,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(in crate::config) struct Fields {
    pub feed: BTreeMap<String, Value>,
    pub entry: BTreeMap<String, Value>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(in crate::config) struct OwnFeed {
    pub path: Option<String>,
    pub title: Option<Text>,
    pub description: Option<Text>,
    pub select: SelectFeed,
    pub formats: Option<Vec<Format>>,
    pub limit: Option<usize>,
    pub content: Option<Content>,
    pub podcast: Option<Podcast>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(in crate::config) struct SelectFeed {
    pub categories: Vec<String>,
    pub tags: Vec<String>,
    pub authors: Vec<String>,
    pub languages: Vec<String>,
    pub sections: Vec<String>,
    pub exclude: Exclude,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(in crate::config) struct Exclude {
    pub categories: Vec<String>,
    pub tags: Vec<String>,
    pub authors: Vec<String>,
    pub languages: Vec<String>,
    pub sections: Vec<String>,
}

/// One, or a list of them.
#[derive(Debug, Deserialize)]
#[serde(untagged)]
pub(in crate::config) enum Many<T> {
    One(T),
    List(Vec<T>),
}

impl<T> Many<T> {
    pub(in crate::config) fn list(self) -> Vec<T> {
        match self {
            Self::One(one) => vec![one],
            Self::List(list) => list,
        }
    }
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(in crate::config) struct Podcast {
    /// `Technology`, or `Arts > Books`.
    pub category: Option<Many<String>>,
    pub explicit: bool,
    pub serial: bool,
    pub image: Option<Text>,
    pub author: Option<Text>,
    pub owner: Option<super::Author>,
    pub copyright: Option<Text>,
    pub locked: Option<bool>,
    pub funding: Option<Funding>,
    pub guid: Option<Text>,
    pub medium: Option<String>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(in crate::config) struct Funding {
    pub url: Option<Text>,
    pub text: Option<Text>,
}
