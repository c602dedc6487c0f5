//! One file becomes one post, or a diagnostic that says why not.

use std::path::Path;

use chrono::Datelike as _;
use url::Url;

use super::date::{Floating, WrittenDate, floating, is_plausible};
use super::front_matter::{self, FrontMatter, Split};
use super::permalink::{self, Parts, below, generated_id};
use super::post::{IdOrigin, Post};
use super::source::FileName;
use super::{clean, oddities, slug, source};
use crate::config::{Config, Dialect, Include};
use crate::diagnostic::{Diagnostic, Place};
use crate::ids::PostId;
use crate::yaml;

/// Reads the post at `path`. `None` without an error is a draft.
pub(super) fn post(path: &Path, config: &Config) -> (Option<Post>, Vec<Diagnostic>) {
    let source = source::shown(path, &config.root);
    let mut diagnostics = Vec::new();
    let post = attempt(path, &source, config, &mut diagnostics).unwrap_or_else(|error| {
        diagnostics.push(*error);
        None
    });
    (post, diagnostics)
}

fn attempt(
    path: &Path,
    source: &Path,
    config: &Config,
    found: &mut Vec<Diagnostic>,
) -> Result<Option<Post>, Box<Diagnostic>> {
    let text = source::text(path, source, found)?;
    let Some(Split { yaml, body }) = front_matter::split(&text) else {
        let help = "close it with a line of `---` after the last key";
        let error =
            Diagnostic::error("front-matter", source, "the front matter opened by `---` is never closed");
        return Err(Box::new(error.at(Place::in_text(&text, 1, 1, 3)).help(help)));
    };
    if let Some(refused) = oddities::refused(yaml, body, &text, source) {
        return Err(Box::new(refused));
    }
    let fm = parse(yaml, &text, source)?;
    if fm.unpublished || (fm.draft && config.posts.drafts == Include::No) {
        return Ok(None);
    }
    if config.posts.dialect == Dialect::Jekyll {
        found.extend(oddities::liquid(body, &text, source));
    }
    let name = FileName::of(path);
    let dialect = match (config.posts.dialect, name.day) {
        (Dialect::Auto, Some(_)) => Dialect::Jekyll,
        (dialect, _) => dialect,
    };
    let zone = config.site.timezone;
    let Some(written) = fm.date.or(name.day.map(WrittenDate::day)) else {
        let help =
            "write `date: 2026-11-23` in its front matter, or begin the file's name with `2026-11-23-`";
        let message = "this post has no date, in its front matter or its file's name; it is left out";
        found.push(Diagnostic::warning("no-date", source, message).help(help));
        return Ok(None);
    };
    let floating = |keys: &[&str]| floating(config.posts.dialect, yaml, keys);
    let date = written.resolve(zone, floating(&["date", "pubDate"]));
    if !is_plausible(date) {
        let message = format!("this post's date is in the year {}; it is left out", date.year());
        found.push(
            Diagnostic::warning("no-date", source, message).help("write the date on which it was published"),
        );
        return Ok(None);
    }
    let updated = fm
        .updated
        .map(|updated| updated.resolve(zone, floating(&["last_modified_at", "lastmod", "updated"])))
        .filter(|updated| is_plausible(*updated));
    let public_from = fm.public_from.map_or(date, |from| from.resolve(zone, Floating::Site).max(date));
    let title = fm
        .title
        .as_deref()
        .map(clean::one_line)
        .filter(|title| !title.is_empty())
        .or_else(|| heading(body))
        .unwrap_or_else(|| slug::titleize(&name.rest));
    let slug = fm.slug.as_deref().unwrap_or(&name.rest);
    let parts = Parts {
        date,
        basename: &name.rest,
        slug,
        title: &title,
        categories: &fm.categories,
        section: &source::section(path, &config.posts.dir),
        dialect,
    };
    let pattern = fm.permalink.as_deref().filter(|pattern| !pattern.trim().is_empty());
    let url_path = permalink::path(pattern.unwrap_or(&config.posts.permalink), &parts);
    let url = below(&config.site.url, &url_path);
    let id_origin = if fm.id.is_some() { IdOrigin::Written } else { IdOrigin::Made };
    let id = match fm.id.as_deref().map(clean::one_line).filter(|id| !id.is_empty()) {
        Some(id) if Url::parse(&id).is_ok() => PostId::new(id),
        // An id must be a URI (RFC 4287 §4.2.6): any other word is one below the site.
        Some(word) => PostId::new(below(&config.site.url, &format!("/{word}")).to_string()),
        None => PostId::new(generated_id(&config.site.url, &url_path, slug, dialect, &url)),
    };
    let summary = fm.summary.map(|summary| clean::strip(&summary).into_owned());
    Ok(Some(Post {
        id,
        id_origin,
        url,
        source: source.to_path_buf(),
        title,
        date,
        public_from,
        updated: updated.unwrap_or(date),
        categories: fm.categories,
        tags: fm.tags,
        authors: fm.authors,
        language: fm
            .language
            .map(|language| clean::one_line(&language).replace('_', "-"))
            .filter(|tag| is_language(tag)),
        summary,
        body: body.to_owned(),
    }))
}

fn parse(yaml: &str, text: &str, source: &Path) -> Result<FrontMatter, Box<Diagnostic>> {
    if yaml.len() > front_matter::LONGEST {
        let message = format!("the front matter is {} KiB long; the most is 64", yaml.len() >> 10);
        return Err(Box::new(
            Diagnostic::error("front-matter", source, message).help("move what is long into the post's text"),
        ));
    }
    if yaml.trim().is_empty() {
        return Ok(FrontMatter::default());
    }
    yaml::parse(yaml).map_err(|error| {
        // The block begins on the file's second line.
        let place = error.at.map(|(line, column)| Place::in_text(text, line + 1, column, 1));
        Box::new(Diagnostic::error("front-matter", source, error.message).at(place).help(error.help))
    })
}

/// The text of a first-level heading that opens the post.
fn heading(body: &str) -> Option<String> {
    let line = body.lines().find(|line| !line.trim().is_empty())?;
    let text = line.strip_prefix("# ")?.trim_end();
    // A closing run of `#` stands apart (CommonMark 4.2): `# C#` keeps its own.
    let closed = text.trim_end_matches('#');
    Some(clean::one_line(if closed.ends_with(' ') { closed } else { text })).filter(|title| !title.is_empty())
}

/// The outer form of a language tag (RFC 5646 §2.1).
fn is_language(tag: &str) -> bool {
    let part = |part: &str| (1..=8).contains(&part.len()) && part.bytes().all(|b| b.is_ascii_alphanumeric());
    tag.split('-').all(part) && tag.starts_with(|c: char| c.is_ascii_alphabetic())
}
