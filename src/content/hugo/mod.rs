//! Posts by Hugo's rules: bundles, sections and what they hand down, languages, addresses, dates from several keys.

mod files;
mod section;
mod shape;
mod url;

use serde_json::Value;

use super::date::WrittenDate;
use super::post::{Markup, Post};
use super::reading::{Decided, Reading};
use super::values::{self, Truth, truth};
use super::{clean, slug, source};
use crate::config::{Hugo, Include, Settings};

pub(super) use files::files;
pub(super) use section::Sections;

/// The post of one file. `None` for what is no page of its own, or where the findings say why.
pub(super) fn post(reading: &mut Reading<'_>, hugo: &Hugo, sections: &Sections) -> Option<Post> {
    let place = files::Place::of(reading.path, hugo);
    fold_keys(&mut reading.matter);
    sections.hand_down(&mut reading.matter, &place);
    if !is_published(reading, place.is_bundle) || !is_listed(&reading.matter) {
        return None;
    }
    let zone = reading.config.site.timezone;
    let dated = hugo.date_keys.iter().any(|key| key == ":filename").then(|| date_of(&place.name)).flatten();
    let from_name = dated.map(|(day, _)| day);
    let written = date(reading, &hugo.date_keys, from_name);
    let Some(written) = written else {
        reading.undated();
        return None;
    };
    let date = reading.plausible(written.resolve(zone))?;
    let resolve = |date: Option<WrittenDate>| date.map(|date| date.resolve(zone));
    let expiry = resolve(of_keys(reading, &["expirydate", "unpublishdate"]));
    let public_from = resolve(of_keys(reading, &["publishdate", "pubdate", "published"]));
    let lastmod_keys: Vec<String> =
        hugo.lastmod_keys.iter().filter(|key| !key.starts_with(':')).cloned().collect();
    let updated = resolve(date_quietly(reading, &lastmod_keys));
    let title = reading.title().or_else(|| source::heading(reading.split.body));
    let basename = dated.map_or(place.name.as_str(), |(_, rest)| rest);
    let own_slug = values::first_text(&reading.matter, &["slug"]);
    let url = url::Parts {
        written,
        zone,
        title: title.as_deref().unwrap_or(""),
        slug: own_slug.as_deref().or_else(|| dated.map(|(_, rest)| rest).filter(|rest| !rest.is_empty())),
        place: &place,
        sections: &sections.of(&place),
        hugo,
    };
    let own = values::first_text(&reading.matter, &["url"]);
    let pattern = reading.config.posts.permalink.clone();
    let url = url.address(&reading.config.site.url, own.as_deref(), pattern.as_deref());
    let decided = Decided {
        generated_id: url.to_string(),
        url,
        title: title.unwrap_or_else(|| slug::titleize(basename)),
        date,
        public_from,
        public_until: expiry.filter(|_| !hugo.build_expired),
        updated,
        categories: terms(&reading.matter, "categories"),
        tags: terms(&reading.matter, "tags"),
        authors: reading.authors(&["author", "authors"]),
        language: (hugo.languages.len() > 1).then(|| place.language.clone()),
        translation_key: (hugo.languages.len() > 1).then(|| {
            let own = values::first_text(&reading.matter, &["translationkey"]);
            own.unwrap_or_else(|| format!("{}/{}", place.folders.join("/"), place.name))
        }),
        summary: reading.summary(&["summary", "description"]),
        markup: if super::files::has_ending(reading.path, &["html", "htm"]) {
            Markup::Html
        } else {
            Markup::Markdown
        },
    };
    Some(reading.post(decided))
}

/// The day that a name begins with, and what follows it without `-` and `_` at its ends.
fn date_of(name: &str) -> Option<(chrono::NaiveDate, &str)> {
    let (day, rest) = name.split_at_checked(10)?;
    let day = chrono::NaiveDate::parse_from_str(day, "%Y-%m-%d").ok()?;
    Some((day, rest.trim_matches([' ', '-', '_'])))
}

/// Hugo does not care how a key is spelt.
fn fold_keys(matter: &mut Settings) {
    if matter.keys().any(|key| key.bytes().any(|b| b.is_ascii_uppercase())) {
        *matter =
            std::mem::take(matter).into_iter().map(|(key, value)| (key.to_lowercase(), value)).collect();
    }
}

fn is_published(reading: &mut Reading<'_>, is_bundle: bool) -> bool {
    let is_draft = match (truth(reading.matter.get("draft")), truth(reading.matter.get("published"))) {
        (Truth::Yes, _) | (Truth::Unsaid, Truth::No) => true,
        (Truth::Word(word), _) => {
            let message = format!("`draft: {word}` is neither `true` nor `false`; Hugo publishes the post");
            reading.warn_of("draft", "odd-truth", message, "write `draft: true`, or take the line out");
            false
        }
        _ => false,
    };
    let is_hidden = ["hidden", "unlisted"].iter().any(|key| truth(reading.matter.get(*key)) == Truth::Yes);
    let is_headless = is_bundle && truth(reading.matter.get("headless")) == Truth::Yes;
    !is_hidden && !is_headless && (!is_draft || reading.config.posts.drafts == Include::Yes)
}

/// `_build: { list: never }` takes a page out of every list; without an address of its own it cannot be an entry.
fn is_listed(matter: &Settings) -> bool {
    let build = matter.get("_build").or_else(|| matter.get("build"));
    let says = |key: &str| build.and_then(|build| build.get(key)).and_then(values::text);
    !matches!(says("list").as_deref(), Some("never" | "local" | "false"))
        && !matches!(says("render").as_deref(), Some("never" | "false"))
}

/// The date under the first of the keys that has one which Hugo reads; `:filename` is the file's name. Where Hugo reads none,
/// the first that can be read at all.
fn date(
    reading: &mut Reading<'_>,
    keys: &[String],
    from_name: Option<chrono::NaiveDate>,
) -> Option<WrittenDate> {
    let own = keys.iter().find_map(|key| match key.as_str() {
        ":filename" => from_name.map(WrittenDate::day),
        key if key.starts_with(':') => None,
        key => {
            let value = reading.matter.get(key)?;
            let text = values::text(value)?;
            // A bare number is Unix time; of eight digits it is meant for a day.
            if value.is_number() && text.len() > 8 {
                return shape::unix(text.parse().ok()?);
            }
            let date = shape::is_read(&text).then(|| WrittenDate::parse(&text)).flatten()?;
            // The name of a zone says nothing to Hugo.
            let named = text.ends_with(|c: char| c.is_ascii_uppercase() && c != 'Z') && !text.contains('+');
            Some(if named { WrittenDate { offset: None, ..date } } else { date })
        }
    });
    own.or_else(|| {
        let keys: Vec<&str> = keys.iter().map(String::as_str).filter(|key| !key.starts_with(':')).collect();
        let (date, text) = reading.date(&keys)?;
        let message = format!("Hugo cannot read the date `{}`, and gives the post none", text.trim());
        reading.warn("odd-date", message, "write it as `2026-11-23T10:00:00+09:00`");
        Some(date)
    })
}

fn of_keys(reading: &mut Reading<'_>, keys: &[&str]) -> Option<WrittenDate> {
    reading.date(keys).map(|(date, _)| date)
}

/// The same for keys whose oddities have been told.
fn date_quietly(reading: &Reading<'_>, keys: &[String]) -> Option<WrittenDate> {
    keys.iter().find_map(|key| WrittenDate::parse(&values::text(reading.matter.get(key)?)?))
}

/// A text is one term, whatever is in it; a list inside a list is none.
fn terms(matter: &Settings, taxonomy: &str) -> Vec<String> {
    let found: Vec<String> = match matter.get(taxonomy) {
        Some(Value::Array(list)) => list.iter().filter_map(values::text).collect(),
        Some(value) => values::text(value).into_iter().collect(),
        None => Vec::new(),
    };
    values::unique(found.into_iter().map(|term| clean::one_line(&term)))
}
