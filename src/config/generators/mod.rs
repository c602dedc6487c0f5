//! Which generator a blog is made with, and what its configuration says: taken where `tidings.yaml` says nothing.
//!
//! Not responsible for reading posts by the generator's rules: that is `content`.

mod hugo;
mod jekyll;
mod node;
mod zola;

use std::path::Path;

use serde_json::Value;

use super::blog::{Blog, Settings};
use super::findings::Findings;
use super::{Author, Dialect};
use crate::diagnostic::{Diagnostic, Place};
use crate::{fsx, toml, yaml};

pub(super) use jekyll::EXCLUDED;

/// What a generator's configuration says of the things that tidings wants to know.
#[derive(Clone, Debug)]
pub(super) struct Told {
    /// The file that says it, as messages name it.
    pub file: String,
    pub blog: Blog,
    pub title: Option<String>,
    pub url: Option<String>,
    /// Where the address comes from, if not from `file`.
    pub url_from: Option<String>,
    pub description: Option<String>,
    pub language: Option<String>,
    pub timezone: Option<String>,
    pub author: Option<Author>,
    pub posts_dir: Option<String>,
    /// Where it puts its pages, if it says so.
    pub publish: Option<String>,
    pub future: bool,
    pub drafts: bool,
    /// Entries of its own feed; 0 is all.
    pub feed_limit: Option<usize>,
    /// Whether its own feed has excerpts in place of whole posts.
    pub feed_summaries: Option<bool>,
}

impl Told {
    fn new(file: &str, blog: Blog) -> Self {
        Self {
            file: file.to_owned(),
            blog,
            title: None,
            url: None,
            url_from: None,
            description: None,
            language: None,
            timezone: None,
            author: None,
            posts_dir: None,
            publish: None,
            future: false,
            drafts: false,
            feed_limit: None,
            feed_summaries: None,
        }
    }
}

/// Finds the generator of the blog at `root`; where the owner names one, that one, whether or not it has a configuration.
///
/// One whose configuration cannot be read is an error: ids made without it would be published and could not be taken back.
pub(super) fn detect(root: &Path, wanted: Dialect, findings: &mut Findings<'_>) -> Option<Told> {
    let asked = |dialect| wanted == Dialect::Auto || wanted == dialect;
    let found = asked(Dialect::Jekyll)
        .then(|| jekyll::read(root, findings))
        .flatten()
        .or_else(|| asked(Dialect::Hugo).then(|| hugo::read(root, findings)).flatten())
        .or_else(|| asked(Dialect::Zola).then(|| zola::read(root, findings)).flatten())
        .or_else(|| asked(Dialect::Eleventy).then(|| node::eleventy(root)).flatten())
        .or_else(|| asked(Dialect::Astro).then(|| node::astro(root)).flatten());
    found.or_else(|| {
        let blog = match wanted {
            Dialect::Jekyll => jekyll::without_config(),
            Dialect::Hugo => hugo::without_config(root),
            Dialect::Zola => zola::without_config(),
            Dialect::Eleventy => Blog::Eleventy,
            Dialect::Astro => Blog::Astro(Vec::new()),
            Dialect::Auto | Dialect::Commonmark => return None,
        };
        Some(Told::new("tidings.yaml", blog))
    })
}

/// Whether some generator's configuration lies at `root`.
pub(super) fn is_there(root: &Path) -> bool {
    detect(root, Dialect::Auto, &mut Findings::about(Path::new(""), "", "")).is_some()
}

/// Reads a generator's configuration by its file's ending; `None` where there is no such file. A file that cannot be read
/// leaves a finding and counts as empty.
fn settings(root: &Path, name: &str, findings: &mut Findings<'_>) -> Option<Settings> {
    let path = root.join(name);
    if !path.is_file() {
        return None;
    }
    let read = fsx::read_text(&path).map_err(|error| (error.source.to_string(), None));
    let parsed = read.and_then(|text| {
        let text = text.strip_prefix('\u{feff}').unwrap_or(&text);
        let place = |(line, column)| Place::in_text(text, line, column, 1);
        match name.rsplit('.').next() {
            Some("toml") => toml::mapping(text).map_err(|error| (error.message, error.at.map(place))),
            Some("json") => serde_json::from_str(text)
                .map_err(|error| (error.to_string(), Some(place((error.line(), error.column().max(1)))))),
            _ => yaml::mapping(text)
                .map(|found| found.values)
                .map_err(|error| (error.message, error.at.map(place))),
        }
    });
    Some(parsed.unwrap_or_else(|(why, place)| {
        let message = format!("this blog's configuration cannot be read: {why}");
        let help = "mend it; permalinks, and so ids, are made by what it says";
        findings.list.push(Diagnostic::error("config", name.as_ref(), message).at(place).help(help));
        Settings::new()
    }))
}

/// A text that says something.
fn text(value: Option<&Value>) -> Option<String> {
    let text = match value? {
        Value::String(text) => text.clone(),
        Value::Number(number) => number.to_string(),
        _ => return None,
    };
    Some(text).filter(|text| !text.trim().is_empty())
}

/// A number of entries; what is below none is all.
fn limit(value: Option<&Value>) -> Option<usize> {
    Some(usize::try_from(value?.as_i64()?).unwrap_or(0))
}

/// One or many texts.
fn texts(value: Option<&Value>) -> Vec<String> {
    match value {
        Some(Value::Array(list)) => list.iter().filter_map(|value| text(Some(value))).collect(),
        value => text(value).into_iter().collect(),
    }
}

fn truth(value: Option<&Value>) -> Option<bool> {
    match value? {
        Value::Bool(truth) => Some(*truth),
        Value::String(word) if word.eq_ignore_ascii_case("true") => Some(true),
        Value::String(word) if word.eq_ignore_ascii_case("false") => Some(false),
        _ => None,
    }
}

/// A person, by name or as `{ name, email, url }`.
fn author(value: Option<&Value>) -> Option<Author> {
    let value = value?;
    if let Some(name) = text(Some(value)) {
        return Some(Author { name, email: None, url: None });
    }
    let part = |names: &[&str]| names.iter().find_map(|name| text(value.get(name)));
    Some(Author { name: part(&["name"])?, email: part(&["email"]), url: part(&["uri", "url", "website"]) })
}
