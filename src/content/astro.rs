//! Posts by Astro's rules: Markdown and MDX in content collections.
//!
//! Where a site puts them is up to its pages; the starter's way is assumed: below the collection's name.

use std::path::Path;

use super::address::{encoded_once, joined};
use super::clean::composed;
use super::date::WrittenDate;
use super::files::{self, Walk};
use super::post::{Markup, Post};
use super::reading::{Decided, Reading};
use super::slug::{self, is_letter_or_digit};
use super::source::{self, stem};
use super::values;
use crate::config::{Config, Include};

/// Every entry of the collections. Names that begin with `_` are not taken in.
pub(super) fn files(config: &Config) -> Walk {
    let is_private =
        |path: &Path| path.file_name().is_some_and(|name| name.to_string_lossy().starts_with('_'));
    files::below(
        config,
        &config.posts.dir,
        move |dir, _| !is_private(dir),
        |path| files::has_ending(path, &["md", "mdx"]) && !is_private(path),
    )
}

/// Where themes keep a post's date.
const DATES: [&str; 6] = ["pubDate", "pubDatetime", "publishDate", "publishedAt", "date", "published"];

/// The post of one file.
pub(super) fn post(reading: &mut Reading<'_>, routes: &[(String, String)]) -> Option<Post> {
    if reading.is_draft() && reading.config.posts.drafts == Include::No {
        return None;
    }
    let path = path(reading, routes)?;
    let zone = reading.config.site.timezone;
    let resolve = |date: WrittenDate| {
        let offset = date.offset.or_else(|| date.time.and_then(|_| chrono::FixedOffset::east_opt(0)));
        WrittenDate { offset, ..date }.resolve(zone)
    };
    let Some((written, _)) = reading.date(&DATES) else {
        reading.undated();
        return None;
    };
    let date = reading.plausible(resolve(written))?;
    let changed = reading.date(&["updatedDate", "modDatetime", "updatedAt", "updated", "lastmod"]);
    let url = joined(&reading.config.site.url, &encoded_once(&format!("/{path}/")));
    let title = reading.title().or_else(|| source::heading(reading.split.body));
    let terms = |key: &str| values::unique(reading.matter.get(key).map(values::flat).unwrap_or_default());
    let singular = terms("category");
    let decided = Decided {
        generated_id: url.to_string(),
        title: title.unwrap_or_else(|| slug::titleize(&stem(reading.path))),
        date,
        public_from: None,
        public_until: None,
        updated: changed.map(|(date, _)| resolve(date)),
        categories: if singular.is_empty() { terms("categories") } else { singular },
        tags: terms("tags"),
        authors: reading.authors(&["author", "authors"]),
        language: values::language(&reading.matter, &["lang", "language"]),
        translation_key: None,
        summary: reading.summary(&["description", "excerpt", "summary"]),
        markup: if files::has_ending(reading.path, &["mdx"]) { Markup::Mdx } else { Markup::Markdown },
        url,
    };
    Some(reading.post(decided))
}

/// The folder that the collection is shown below, or its name, and then the entry's `slug`, or its path with each part made fit
/// for an address. `None` for what is shown nowhere, such as a collection of authors.
fn path(reading: &Reading<'_>, routes: &[(String, String)]) -> Option<String> {
    let below = composed(
        reading.path.strip_prefix(&reading.config.posts.dir).unwrap_or(reading.path).to_string_lossy(),
    );
    let below = below.rsplit_once('.').map_or(below.as_str(), |(stem, _)| stem);
    // The posts folder holds collections, or is one.
    let own = stem(&reading.config.posts.dir);
    let (collection, entry) = if routes.iter().any(|(collection, _)| *collection == own) {
        (own.as_str(), below)
    } else {
        below.split_once('/').unwrap_or(("", below))
    };
    let route = routes.iter().find(|(known, _)| known == collection).map(|(_, route)| route.as_str());
    if route.is_none() && !routes.is_empty() {
        return None;
    }
    let folder = route.unwrap_or(collection);
    let entry = if let Some(slug) = values::first_text(&reading.matter, &["slug"]) {
        slug.trim_matches('/').to_owned()
    } else {
        let parts: Vec<String> = entry.split('/').map(github_slug).collect();
        let path = parts.join("/");
        path.strip_suffix("/index").map(str::to_owned).unwrap_or(path)
    };
    Some([folder, &entry].iter().filter(|part| !part.is_empty()).copied().collect::<Vec<_>>().join("/"))
}

/// In lower case, without punctuation, a `-` for each space.
fn github_slug(name: &str) -> String {
    let kept = |c: &char| is_letter_or_digit(*c) || matches!(c, '-' | '_' | ' ');
    name.to_lowercase().chars().filter(kept).map(|c| if c == ' ' { '-' } else { c }).collect()
}
