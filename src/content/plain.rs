//! Posts in a plain folder: what their front matter says, else the first heading and the file's name.

use std::path::Path;
use std::sync::LazyLock;

use chrono::NaiveDate;
use regex::Regex;

use super::address::joined;
use super::date::WrittenDate;
use super::files::{self, Walk};
use super::jekyll::{Parts, style};
use super::post::{Markup, Post};
use super::reading::{Decided, Reading};
use super::slug;
use super::source::{FileName, heading, stem};
use super::values::{self, Truth, truth};
use crate::config::{Config, Include, Settings};
use crate::diagnostic::Diagnostic;

/// Every Markdown file below the posts folder. A site without one keeps its posts at the top, where its other folders hold
/// other things, and files such as `README.md` are no posts.
pub(super) fn files(config: &Config) -> Walk {
    let dir = &config.posts.dir;
    let bare_root = *dir == config.root;
    // `README.md`, `LICENSE.md`, `CODE_OF_CONDUCT.md`.
    let is_readme = |name: &str| {
        let stem = name.split('.').next().unwrap_or(name);
        stem.starts_with(|c: char| c.is_ascii_uppercase())
            && (stem.eq_ignore_ascii_case("readme")
                || stem.chars().all(|c| c.is_ascii_uppercase() || c == '_'))
    };
    files::below(
        config,
        dir,
        move |dir, _| !bare_root || is_year(dir),
        |path| {
            let name = path.file_name().unwrap_or_default().to_string_lossy();
            files::has_ending(path, &["md", "markdown"]) && !(bare_root && is_readme(&name))
        },
    )
}

/// Whether a folder is called by a year: those hold posts wherever they lie.
fn is_year(dir: &Path) -> bool {
    dir.file_name()
        .is_some_and(|name| name.len() == 4 && name.to_string_lossy().bytes().all(|b| b.is_ascii_digit()))
}

/// The post of one file.
pub(super) fn post(reading: &mut Reading<'_>) -> Option<Post> {
    if !is_published(reading) {
        return None;
    }
    let zone = reading.config.site.timezone;
    let name = FileName::of(&stem(reading.path));
    let loose = if name.day().is_none() { loose_day(&name.rest) } else { None };
    let written = reading.date(&["date", "pubDate"]).map(|(date, _)| date);
    let Some(date) = written.or_else(|| {
        name.day()
            .or_else(|| loose.as_ref().map(|(day, _)| *day))
            .or_else(|| day_in_folder(reading.path))
            .map(WrittenDate::day)
    }) else {
        reading.undated();
        return None;
    };
    let date = reading.plausible(date.resolve(zone))?;
    let resolve = |found: Option<(WrittenDate, String)>| found.map(|(date, _)| date.resolve(zone));
    let updated = reading.date(&["last_modified_at", "lastmod", "updated"]);
    let public_from = reading.date(&["publishDate", "publishdate", "publish_date"]);
    // A name with a date in front is Jekyll's habit, and the id is the one that Jekyll gave.
    let dated = name.day().is_some();
    let basename = if dated { name.rest.clone() } else { stem(reading.path) };
    let titled = loose.map(|(_, rest)| rest).filter(|rest| !rest.is_empty());
    let own_slug = values::first_text(&reading.matter, &["slug"]);
    let categories = terms(&reading.matter, "category", "categories");
    let parts = Parts {
        date,
        basename: &basename,
        slug: own_slug.as_deref().unwrap_or(&basename),
        categories: &categories,
        relative: &basename,
    };
    let pattern = values::first_text(&reading.matter, &["permalink"]);
    let default = reading.config.posts.permalink.as_deref().unwrap_or("/:categories/:title/");
    let (path, id) = parts.path_and_id(pattern.as_deref().map(style), default);
    let site = &reading.config.site.url;
    let url = joined(site, &path);
    let generated_id = if dated { joined(site, &id).to_string() } else { url.to_string() };
    let title = reading.title().or_else(|| heading(reading.split.body));
    let decided = Decided {
        url,
        generated_id,
        title: title.or(titled).unwrap_or_else(|| slug::titleize(&basename)),
        date,
        public_from: resolve(public_from).map(|from| from.max(date)),
        public_until: None,
        updated: resolve(updated),
        tags: terms(&reading.matter, "tag", "tags"),
        categories,
        authors: reading.authors(&["author", "authors"]),
        language: values::language(&reading.matter, &["lang", "language", "locale"]),
        translation_key: None,
        summary: reading.summary(&["excerpt", "description", "summary"]),
        markup: Markup::Markdown,
    };
    Some(reading.post(decided))
}

/// The day in front of a note's name, as people write one, and the rest: `2026-11-24 저녁`, `20261124`, `2026년 11월 24일`.
fn loose_day(name: &str) -> Option<(NaiveDate, String)> {
    static SHAPE: LazyLock<Regex> = LazyLock::new(|| {
        let apart = r"(\d{4})(?:[-._ ]|년 ?)(\d{1,2})(?:[-._ ]|월 ?)(\d{1,2})일?";
        Regex::new(&format!(r"^(?:{apart}|(\d{{4}})(\d\d)(\d\d))(?:[-_. ]+(.*))?$")).expect("it is one")
    });
    let found = SHAPE.captures(name)?;
    let number = |one: usize, other: usize| found.get(one).or(found.get(other))?.as_str().parse::<u32>().ok();
    let year = i32::try_from(number(1, 4)?).ok().filter(|year| (1970..=2100).contains(year))?;
    let day = NaiveDate::from_ymd_opt(year, number(2, 5)?, number(3, 6)?)?;
    Some((day, found.get(7).map_or_else(String::new, |rest| rest.as_str().trim().to_owned())))
}

/// The day that a folder of a year and a name of a month and a day make: `2026/11-23-slug.md`.
fn day_in_folder(path: &Path) -> Option<NaiveDate> {
    let year =
        path.parent()?.file_name()?.to_str()?.parse().ok().filter(|year| (1900..=9998).contains(year))?;
    let name = stem(path);
    let mut parts = name.splitn(3, '-').map(str::parse::<u32>);
    NaiveDate::from_ymd_opt(year, parts.next()?.ok()?, parts.next()?.ok()?)
}

/// What is not meant to be public must not become so by a slip: a word that is neither true nor false leaves a post out.
fn is_published(reading: &mut Reading<'_>) -> bool {
    let mut published = true;
    for (key, leaves_out) in
        [("draft", Truth::Yes), ("published", Truth::No), ("hidden", Truth::Yes), ("unlisted", Truth::Yes)]
    {
        let drafts = key == "draft" && reading.config.posts.drafts == Include::Yes;
        match truth(reading.matter.get(key)) {
            found if found == leaves_out => published &= drafts,
            Truth::Word(word) => {
                let place = reading.place(&word);
                let message = format!("`{word}` is not `true` or `false`; the post is left out");
                let help = format!("write `{key}: true` or `{key}: false`");
                reading
                    .found
                    .push(Diagnostic::error("front-matter", reading.source, message).at(place).help(help));
                published = false;
            }
            _ => {}
        }
    }
    published
}

/// Terms under either key: a text under the plural holds several words, under the singular it is one.
fn terms(matter: &Settings, singular: &str, plural: &str) -> Vec<String> {
    if let Some(value) = matter.get(singular).filter(|value| !value.is_null()) {
        return values::unique(values::flat(value));
    }
    let many = ["topics", "keywords"].iter().filter(|_| plural == "tags").find_map(|key| matter.get(*key));
    let in_taxonomies = || matter.get("taxonomies").and_then(|all| all.get(plural));
    match matter.get(plural).or_else(in_taxonomies).or(many) {
        Some(serde_json::Value::String(text)) => values::unique(values::words(text)),
        Some(value) => values::unique(values::flat(value)),
        None => Vec::new(),
    }
}
