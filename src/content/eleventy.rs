//! Posts by Eleventy's rules: data handed down by folders, addresses from `permalink` or from the file's place.

use std::path::Path;

use chrono::NaiveDate;
use serde_json::Value;
use unicode_normalization::UnicodeNormalization as _;
use unicode_normalization::char::is_combining_mark;

use super::address::{encoded, encoded_once, joined};
use super::clean::composed;
use super::date::WrittenDate;
use super::files::{self, Walk};
use super::post::{Markup, Post};
use super::reading::{Decided, Reading};
use super::slug;
use super::source::{self, stem};
use super::values::{self, Truth, truth};
use crate::config::{Config, Settings};
use crate::fsx;

const APART: [&str; 5] = ["node_modules", "_site", "_includes", "_data", "public"];

/// Every template that may be a post.
pub(super) fn files(config: &Config) -> Walk {
    let enters = |dir: &Path, _: usize| {
        let name = dir.file_name().unwrap_or_default().to_string_lossy();
        !APART.contains(&&*name)
    };
    let mut walk = files::below(config, &config.posts.dir, enters, |path| {
        files::has_ending(path, &["md", "html", "liquid", "njk"])
    });
    let top = config.root.clone();
    walk.files.retain(|path| {
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        !(path.parent() == Some(&top) && name.chars().any(char::is_uppercase))
    });
    walk
}

/// Collections that hold a blog's posts.
const COLLECTIONS: [&str; 3] = ["posts", "post", "blog"];

/// Of all that has a date, the members of the collection of posts, where there is one.
pub(super) fn settle(posts: &mut Vec<Post>) {
    let is_listed = |post: &Post| post.tags.iter().any(|tag| COLLECTIONS.contains(&tag.as_str()));
    if posts.iter().any(is_listed) {
        posts.retain(is_listed);
    }
    for post in posts {
        post.tags.retain(|tag| tag != "all" && !COLLECTIONS.contains(&tag.as_str()));
    }
}

/// The post of one file: what is in the collection of posts, or, where no folder says, what has a date.
pub(super) fn post(reading: &mut Reading<'_>) -> Option<Post> {
    let handed = handed_down(reading.path, &reading.config.posts.dir);
    let tags = tags(&handed, &reading.matter);
    for (key, value) in handed {
        reading.matter.entry(key).or_insert(value);
    }
    let is = |key: &str| truth(reading.matter.get(key));
    if is("eleventyExcludeFromCollections") == Truth::Yes || reading.is_draft() {
        return None;
    }
    if reading.matter.get("permalink") == Some(&Value::Bool(false)) {
        return None;
    }
    let is_listed = tags.iter().any(|tag| COLLECTIONS.contains(&tag.as_str()));
    let zone = reading.config.site.timezone;
    // JavaScript reads a day as UTC's; the day is what the author means.
    let resolve = |date: WrittenDate| {
        let offset = date.offset.or_else(|| date.time.and_then(|_| chrono::FixedOffset::east_opt(0)));
        WrittenDate { offset, ..date }.resolve(zone)
    };
    let own = values::first_text(&reading.matter, &["date"]);
    let is_of_file = own.as_deref().is_some_and(|date| date.contains("Modified") || date.contains("Created"));
    let written = if is_of_file { None } else { reading.date(&["date", "pubDate"]).map(|(date, _)| date) };
    let Some(written) = written.or_else(|| date_in(reading.path).map(WrittenDate::day)) else {
        // A page without a date is no post, unless it is listed as one.
        if is_listed {
            reading.undated();
        }
        return None;
    };
    let date = reading.plausible(resolve(written))?;
    let updated = reading.date(&["updated", "modified", "lastmod"]).map(|(date, _)| resolve(date));
    let path = address(reading);
    let url = joined(&reading.config.site.url, &encoded_once(&path));
    let title = reading.title().or_else(|| source::heading(reading.split.body));
    let decided = Decided {
        generated_id: url.to_string(),
        url,
        title: title.unwrap_or_else(|| slug::titleize(&file_slug(reading.path))),
        date,
        public_from: None,
        public_until: None,
        updated,
        categories: values::unique(reading.matter.get("categories").map(values::flat).unwrap_or_default()),
        tags,
        authors: reading.authors(&["author", "authors"]),
        language: values::language(&reading.matter, &["lang", "locale"]),
        translation_key: None,
        summary: reading.summary(&["description", "summary", "excerpt"]),
        markup: if files::has_ending(reading.path, &["md"]) { Markup::Markdown } else { Markup::Html },
    };
    Some(reading.post(decided))
}

/// What the data files of the folders above say, the nearer one last: `posts/posts.json`, `posts/posts.11tydata.json`; and
/// the post's own `name.11tydata.json`.
fn handed_down(path: &Path, top: &Path) -> Settings {
    let mut folders: Vec<&Path> = path.ancestors().skip(1).take_while(|dir| dir.starts_with(top)).collect();
    folders.reverse();
    let mut all = Settings::new();
    let own = path.with_extension("");
    let named = folders.iter().filter_map(|dir| dir.file_name().map(|name| dir.join(name)));
    for base in named.chain([own]) {
        for ending in ["json", "11tydata.json"] {
            let mut file = base.clone().into_os_string();
            file.push(format!(".{ending}"));
            let Ok(text) = fsx::read_text(Path::new(&file)) else { continue };
            let Ok(Value::Object(data)) = serde_json::from_str(&text) else { continue };
            for (key, value) in data {
                let value = if key == "tags" { merged(all.get("tags"), &value) } else { value };
                all.insert(key, value);
            }
        }
        for ending in ["js", "mjs", "cjs"] {
            let mut file = base.clone().into_os_string();
            file.push(format!(".11tydata.{ending}"));
            let Ok(program) = fsx::read_text(Path::new(&file)) else { continue };
            if let Some(tags) = tags_in(&program) {
                let tags = merged(all.get("tags"), &tags);
                all.insert("tags".to_owned(), tags);
            }
        }
    }
    all
}

/// The tags that a program gives as they are: `tags: "posts"`, `tags: ["posts", "notes"]`.
fn tags_in(program: &str) -> Option<Value> {
    let at = program.match_indices("tags").map(|(at, _)| &program[at + 4..]);
    at.filter_map(|rest| rest.trim_start_matches(['"', '\'']).trim_start().strip_prefix(':')).find_map(
        |rest| {
            let rest = rest.trim_start();
            let end = match rest.chars().next()? {
                '[' => rest.find(']')? + 1,
                quote @ ('"' | '\'') => rest[1..].find(quote)? + 2,
                _ => return None,
            };
            let quoted = rest[..end].split(['"', '\'']).skip(1).step_by(2);
            Some(quoted.map(Value::from).collect())
        },
    )
}

fn merged(before: Option<&Value>, value: &Value) -> Value {
    let before = before.map(values::flat).unwrap_or_default();
    before.into_iter().chain(values::flat(value)).map(Value::from).collect()
}

fn tags(handed: &Settings, own: &Settings) -> Vec<String> {
    let of = |settings: &Settings| settings.get("tags").map(values::flat).unwrap_or_default();
    values::unique(of(handed).into_iter().chain(of(own)))
}

/// The first date in a path: `posts/2024-01-05-name.md`, `2024-01-05/index.md`.
fn date_in(path: &Path) -> Option<NaiveDate> {
    let text = path.to_string_lossy();
    text.match_indices('-')
        .filter_map(|(at, _)| text.get(at.checked_sub(4)?..at + 6))
        .find_map(|day| NaiveDate::parse_from_str(day, "%Y-%m-%d").ok())
}

/// The file's name without date; of an `index`, its folder's.
fn file_slug(path: &Path) -> String {
    let name = stem(path);
    let name = if name == "index" { path.parent().map(stem).unwrap_or_default() } else { name };
    let dated = name
        .split_at_checked(11)
        .filter(|(day, _)| NaiveDate::parse_from_str(day.trim_end_matches('-'), "%Y-%m-%d").is_ok());
    dated.map_or(name.clone(), |(_, rest)| rest.to_owned())
}

/// The path that `permalink` gives, or else the file's place, with a `/` at the end.
fn address(reading: &mut Reading<'_>) -> String {
    let below = composed(
        reading.path.strip_prefix(&reading.config.posts.dir).unwrap_or(reading.path).to_string_lossy(),
    );
    let place = below.rsplit_once('.').map_or(below.as_str(), |(stem, _)| stem);
    // `name/name.md` is the folder's own page, as `name/index.md` is.
    let folder = match place.rsplit_once('/') {
        Some((folder, name)) if folder.rsplit('/').next() == Some(name) => folder,
        _ => place.strip_suffix("index").unwrap_or(place),
    };
    let by_place = format!("/{}/", folder.trim_matches('/')).replace("//", "/");
    let Some(pattern) = values::first_text(&reading.matter, &["permalink"]) else { return by_place };
    if let Some(path) = filled(&pattern, reading, place) {
        let path = format!("/{}", path.trim_start_matches('/'));
        path.strip_suffix("index.html").map(str::to_owned).unwrap_or(path)
    } else {
        let message =
            format!("the permalink `{pattern}` asks for more than can be known without running Eleventy");
        reading.warn("odd-address", message, "write the post's `permalink` out");
        by_place
    }
}

/// A permalink with its outputs filled in, as far as they name the file, the front matter or its date.
fn filled(pattern: &str, reading: &Reading<'_>, place: &str) -> Option<String> {
    let mut out = String::new();
    let mut rest = pattern;
    while let Some((before, after)) = rest.split_once("{{") {
        out.push_str(before);
        let (inner, after) = after.split_once("}}")?;
        let mut parts = inner.split('|').map(str::trim);
        let name = parts.next()?;
        let mut value = match name {
            "page.fileSlug" => file_slug(reading.path),
            "page.filePathStem" => format!("/{place}"),
            "page.inputPath" => return None,
            name => {
                let path = name.strip_prefix("page.").unwrap_or(name);
                values::text(
                    path.split('.')
                        .try_fold(&Value::Object(reading.matter.clone()), |value, key| value.get(key))
                        .cloned()
                        .as_ref()?,
                )?
            }
        };
        for filter in parts {
            value = match filter {
                "slugify" => slugified(&value),
                "slug" => ::slug::slugify(&value),
                "lower" | "downcase" => value.to_lowercase(),
                "url" | "safe" => value,
                _ => return None,
            };
        }
        out.push_str(&encoded(&value));
        rest = after;
    }
    out.push_str(rest);
    (!out.contains("{%")).then_some(out)
}

/// Eleventy's `slugify` knows the letters of Latin alone.
fn slugified(text: &str) -> String {
    let plain: String = text.nfd().filter(|c| !is_combining_mark(*c)).collect();
    let kept = plain.to_lowercase().replace('&', " and ");
    kept.split(|c: char| !c.is_ascii_alphanumeric())
        .filter(|word| !word.is_empty())
        .collect::<Vec<_>>()
        .join("-")
}
