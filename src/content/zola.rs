//! Posts by Zola's rules: pages below `content`, their addresses in ASCII letters unless the site wants otherwise.

use std::collections::HashSet;
use std::path::{Path, PathBuf};

use serde_json::Value;

use super::address::joined;
use super::clean::composed;
use super::date::WrittenDate;
use super::files::{self, Walk};
use super::post::{Markup, Post};
use super::reading::{Decided, Reading};
use super::values::{self, Truth, truth};
use super::{matter, source};
use crate::config::{Config, Include, Slugify, Zola};

/// Every page. A section that is a draft drops all that lies in it.
pub(super) fn files(config: &Config, zola: &Zola) -> Walk {
    let mut walk =
        files::below(config, &config.posts.dir, |_, _| true, |path| files::has_ending(path, &["md"]));
    let is_section =
        |path: &Path| path.file_name().is_some_and(|name| name.to_string_lossy().starts_with("_index."));
    let drafts: HashSet<PathBuf> = walk
        .files
        .iter()
        .filter(|path| is_section(path) && is_draft(path) && config.posts.drafts == Include::No)
        .filter_map(|path| path.parent().map(Path::to_path_buf))
        .collect();
    walk.files.retain(|path| {
        let below = path.strip_prefix(&config.posts.dir).unwrap_or(path).to_string_lossy().into_owned();
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        !is_section(path)
            && !path.ancestors().any(|dir| drafts.contains(dir))
            && !zola
                .ignored_content
                .iter()
                .any(|pattern| files::glob(pattern, &below) || files::glob(pattern, &name))
    });
    walk
}

fn is_draft(path: &Path) -> bool {
    let Ok(text) = source::text_again(path) else { return false };
    let Ok(split) = matter::split(&text) else { return false };
    matter::read(&split, &text, path, &mut Vec::new())
        .is_ok_and(|matter| matches!(truth(matter.get("draft")), Truth::Yes | Truth::Word(_)))
}

/// The post of one file.
pub(super) fn post(reading: &mut Reading<'_>, zola: &Zola) -> Option<Post> {
    let is = |reading: &Reading<'_>, key: &str| truth(reading.matter.get(key));
    let is_draft = reading.is_draft() && reading.config.posts.drafts == Include::No;
    if is_draft || is(reading, "render") == Truth::No {
        return None;
    }
    let (folders, name, language) = place(reading.path, &reading.config.posts.dir, zola);
    let dated = date_of(&name);
    let zone = reading.config.site.timezone;
    // A time without an offset is UTC.
    let resolve = |date: WrittenDate| {
        let offset = date.offset.or_else(|| date.time.and_then(|_| chrono::FixedOffset::east_opt(0)));
        WrittenDate { offset, ..date }.resolve(zone)
    };
    let written =
        reading.date(&["date"]).map(|(date, _)| date).or_else(|| dated.map(|(day, _)| WrittenDate::day(day)));
    let Some(written) = written else {
        reading.undated();
        return None;
    };
    let date = reading.plausible(resolve(written))?;
    let updated = reading.date(&["updated"]).map(|(date, _)| resolve(date));
    let bare = dated.filter(|_| !zola.keep_dates).map_or(name.as_str(), |(_, rest)| rest);
    let own_slug = values::first_text(&reading.matter, &["slug"]);
    let slug = slugified(own_slug.as_deref().unwrap_or(bare), zola.slugify);
    let path = match values::first_text(&reading.matter, &["path"]) {
        Some(path) => path.trim_matches('/').to_owned(),
        None => folders.iter().map(String::as_str).chain([slug.as_str()]).collect::<Vec<_>>().join("/"),
    };
    let prefix = if language == zola.default_language { String::new() } else { format!("/{language}") };
    let url = joined(&reading.config.site.url, &super::address::encoded_once(&format!("{prefix}/{path}/")));
    let title = reading.title().or_else(|| source::heading(reading.split.body));
    let taxonomies = reading.matter.get("taxonomies").and_then(Value::as_object).cloned().unwrap_or_default();
    let terms = |key: &str| values::unique(taxonomies.get(key).map(values::flat).unwrap_or_default());
    let decided = Decided {
        generated_id: url.to_string(),
        url,
        title: title.unwrap_or_else(|| super::slug::titleize(bare)),
        date,
        public_from: None,
        public_until: None,
        updated,
        categories: terms("categories"),
        tags: terms("tags"),
        authors: reading.authors(&["authors"]),
        language: (!zola.languages.is_empty()).then_some(language),
        translation_key: (!zola.languages.is_empty()).then(|| format!("{}/{name}", folders.join("/"))),
        summary: reading.summary(&["description"]),
        markup: Markup::Markdown,
    };
    Some(reading.post(decided))
}

/// The folders above a page, its name without ending and language, and its language.
fn place(path: &Path, dir: &Path, zola: &Zola) -> (Vec<String>, String, String) {
    let below = composed(path.strip_prefix(dir).unwrap_or(path).to_string_lossy());
    let mut folders: Vec<String> = below.split('/').map(str::to_owned).collect();
    let file = folders.pop().unwrap_or_default();
    let stem = file.strip_suffix(".md").unwrap_or(&file);
    let (stem, language) =
        match stem.rsplit_once('.').filter(|(_, code)| zola.languages.iter().any(|known| known == code)) {
            Some((stem, code)) => (stem, code.to_owned()),
            None => (stem, zola.default_language.clone()),
        };
    let name = if stem == "index" { folders.pop().unwrap_or_default() } else { stem.to_owned() };
    (folders, name, language)
}

/// `2024-01-05-name` or `2024-01-05_name`.
fn date_of(name: &str) -> Option<(chrono::NaiveDate, &str)> {
    let (day, rest) = name.split_at_checked(10)?;
    let day = chrono::NaiveDate::parse_from_str(day, "%Y-%m-%d").ok()?;
    Some((day, rest.strip_prefix(['-', '_'])?))
}

fn slugified(name: &str, mode: Slugify) -> String {
    match mode {
        Slugify::On => ::slug::slugify(name),
        Slugify::Safe => name
            .trim_matches(|c: char| c.is_whitespace() || c == '.')
            .replace(|c: char| "<>:/|?*#\\()[]{}\n\"'".contains(c), "")
            .replace(char::is_whitespace, "_"),
        Slugify::Off => name.to_owned(),
    }
}
