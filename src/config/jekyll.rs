//! What a Jekyll site says about itself in `_config.yml`: taken where `tidings.yaml` says nothing.

use std::path::Path;

use serde::Deserialize;

use super::findings::Findings;
use super::raw::{Author, Raw, Text};
use crate::{fsx, yaml};

/// The keys that matter here; a `_config.yml` holds many others.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Jekyll {
    title: Option<String>,
    description: Option<String>,
    url: Option<String>,
    baseurl: Option<String>,
    permalink: Option<String>,
    timezone: Option<String>,
    lang: Option<String>,
    locale: Option<String>,
    author: Option<Person>,
    exclude: Vec<String>,
}

#[derive(Debug, Deserialize)]
#[serde(untagged)]
enum Person {
    Name(String),
    Keys { name: Option<String>, email: Option<String> },
}

/// Fills what `raw` leaves open from the `_config.yml` at `root`, if there is one. Returns whether there is.
pub(super) fn fill(raw: &mut Raw, root: &Path, findings: &mut Findings<'_>) -> bool {
    let Ok(text) = fsx::read_text(&root.join("_config.yml")) else { return false };
    let Ok(jekyll) = yaml::parse::<Jekyll>(&text) else {
        let message = "the `_config.yml` beside this site cannot be read, so nothing is taken from it";
        findings.warning(
            "site",
            message,
            "see what Jekyll says of it, or write what is needed into this file",
        );
        return true;
    };
    if !jekyll.exclude.iter().any(|name| name.trim_matches('/') == "config") {
        let message = "Jekyll copies `config/` into the published site, subscribers and all";
        findings.warning("site", message, "add `config` and `templates` to `exclude:` in `_config.yml`");
    }
    let site = &mut raw.site;
    let or = |own: &mut Option<Text>, theirs: Option<String>| {
        if own.is_none() {
            *own = theirs.map(Text);
        }
    };
    or(&mut site.title, jekyll.title);
    or(&mut site.description, jekyll.description);
    let base = jekyll.baseurl.unwrap_or_default();
    or(
        &mut site.url,
        jekyll.url.map(|url| format!("{}/{}", url.trim_end_matches('/'), base.trim_matches('/'))),
    );
    or(&mut site.timezone, jekyll.timezone);
    or(&mut site.language, jekyll.lang.or(jekyll.locale).map(|tag| tag.replace('_', "-")));
    if site.author.is_none() {
        site.author = jekyll.author.map(|person| match person {
            Person::Name(name) => Author { name: Some(Text(name)), ..Author::default() },
            Person::Keys { name, email } => {
                Author { name: name.map(Text), email: email.map(Text), url: None }
            }
        });
    }
    // Jekyll's own default, for a site that names no pattern.
    raw.posts.permalink.get_or_insert_with(|| jekyll.permalink.unwrap_or_else(|| "date".to_owned()));
    true
}
