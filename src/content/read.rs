//! One file becomes one post, or a diagnostic that says why not.

use std::path::{Component, Path, PathBuf};

use chrono::{DateTime, Datelike as _, FixedOffset, NaiveDate};
use unicode_normalization::UnicodeNormalization as _;
use url::Url;

use super::date::{Floating, WrittenDate};
use super::front_matter::{self, FrontMatter, Split};
use super::permalink::{self, Parts};
use super::post::{IdOrigin, Post};
use super::{clean, depth, slug};
use crate::config::{Config, Dialect, Include};
use crate::diagnostic::{Diagnostic, Place};
use crate::ids::PostId;
use crate::{fsx, yaml};

/// A post of more than 16 MiB is not one.
const LARGEST: u64 = 16 << 20;

/// Reads the post at `path`. `None` without an error is a draft.
pub(super) fn post(path: &Path, config: &Config) -> (Option<Post>, Vec<Diagnostic>) {
    let source = shown(path, &config.root);
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
    let text = text(path, source, found)?;
    let Some(Split { yaml, body }) = front_matter::split(&text) else {
        let help = "close it with a line of `---` after the last key";
        let error =
            Diagnostic::error("front-matter", source, "the front matter opened by `---` is never closed");
        return Err(Box::new(error.at(Place::in_text(&text, 1, 1, 3)).help(help)));
    };
    if let Some(kind) = other_front_matter(body, yaml) {
        let message = format!("{kind} front matter, which this version of tidings does not read");
        let help = "write it as YAML between lines of `---`; until then the post is left out";
        return Err(Box::new(
            Diagnostic::error("front-matter", source, message).at(Place::in_text(&text, 1, 1, 3)).help(help),
        ));
    }
    if let Some(message) = depth::too_deep(body) {
        let help = "look for a tag that is opened again and again and never closed";
        return Err(Box::new(Diagnostic::error("too-deep", source, message).help(help)));
    }
    let fm = parse(yaml, &text, source)?;
    if fm.unpublished || (fm.draft && config.posts.drafts == Include::No) {
        return Ok(None);
    }
    if config.posts.dialect == Dialect::Jekyll {
        found.extend(liquid(body, &text, source));
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
        section: &section(path, &config.posts.dir),
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

/// The file's text: UTF-8, lines ended by LF, without characters that no feed may carry.
fn text(path: &Path, source: &Path, found: &mut Vec<Diagnostic>) -> Result<String, Box<Diagnostic>> {
    let unreadable =
        |message: String, help: &str| Box::new(Diagnostic::error("unreadable", source, message).help(help));
    let bytes = fsx::read(path, LARGEST)
        .map_err(|error| unreadable(error.source.to_string(), "make it a readable file of at most 16 MiB"))?;
    let text = String::from_utf8(bytes).map_err(|error| {
        let line = error.as_bytes()[..error.utf8_error().valid_up_to()].split(|b| *b == b'\n').count();
        unreadable(format!("line {line} is not UTF-8 text"), "save the file as UTF-8 in your editor")
    })?;
    let text = if text.contains('\r') { text.replace("\r\n", "\n").replace('\r', "\n") } else { text };
    let Some(first) = text.find(clean::is_refused) else { return Ok(text) };
    let bad = text[first..].chars().next().unwrap_or_default();
    let line = text[..first].matches('\n').count() + 1;
    let column = text[..first].rsplit('\n').next().unwrap_or("").chars().count() + 1;
    let count = text.chars().filter(|c| clean::is_refused(*c)).count();
    let cleaned = clean::strip(&text).into_owned();
    let message = match count {
        1 => format!("the character U+{:04X} cannot stand in a feed; it is left out", u32::from(bad)),
        n => format!(
            "the character U+{:04X} cannot stand in a feed; it and {} more like it are left out",
            u32::from(bad),
            n - 1
        ),
    };
    let place = Place::in_text(&cleaned, line, column, 1);
    let help = "delete it: it is invisible, and came in by copying from another program";
    found.push(Diagnostic::warning("control-character", source, message).at(place).help(help));
    Ok(cleaned)
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

/// Generators write year 1 for "no date"; the formats of feeds and mail have room for four digits.
fn is_plausible(date: DateTime<FixedOffset>) -> bool {
    (1900..=9998).contains(&date.year())
}

/// Jekyll's YAML takes an unquoted `2022-07-07 10:00:00` for UTC. `keys` are the names that the value may stand under.
fn floating(dialect: Dialect, yaml: &str, keys: &[&str]) -> Floating {
    let value_of = |line: &str| {
        let (key, value) = line.split_once(':')?;
        keys.contains(&key.trim_end()).then(|| value.trim().to_owned())
    };
    let value = yaml.lines().find_map(value_of);
    let timestamp =
        value.is_some_and(|value| !value.starts_with(['"', '\'']) && value.matches(':').count() == 2);
    if dialect == Dialect::Jekyll && timestamp { Floating::Utc } else { Floating::Site }
}

/// What the blog's own generator gave as the entry's id.
fn generated_id(site: &Url, url_path: &str, slug: &str, dialect: Dialect, url: &Url) -> String {
    if dialect != Dialect::Jekyll {
        return url.to_string();
    }
    // Ruby's `File.dirname`: what stands before the last `/`, a trailing one aside.
    let folder = url_path.trim_end_matches('/').rsplit_once('/').map_or("", |(folder, _)| folder);
    below(site, &format!("{folder}/{slug}")).to_string()
}

/// `site` is a folder's URL; `path` is appended to its path and percent-encoded.
fn below(site: &Url, path: &str) -> Url {
    let mut url = site.clone();
    url.set_path(&format!("{}{path}", site.path().trim_end_matches('/')));
    url
}

/// A draft must not go out because its front matter was taken for text.
fn other_front_matter(body: &str, yaml: &str) -> Option<&'static str> {
    let first = body.lines().next()?.trim_end();
    match first {
        "+++" if yaml.is_empty() => Some("this post has TOML"),
        "{" if yaml.is_empty() => Some("this post has JSON"),
        _ => None,
    }
}

/// A warning where a Jekyll post holds Liquid outside its code blocks, which goes out as it is written.
fn liquid(body: &str, text: &str, source: &Path) -> Option<Diagnostic> {
    let mut fenced = false;
    let line = body.lines().find(|line| {
        let fence = line.trim_start().starts_with("```");
        fenced ^= fence;
        !fence && !fenced && (line.contains("{%") || line.contains("{{"))
    })?;
    let tag = &line[line.find("{%").into_iter().chain(line.find("{{")).min()?..];
    let tag: String =
        tag.chars().take(tag.find(['}']).map_or(12, |at| tag[..at].chars().count() + 2)).collect();
    let help =
        "write the address or text itself, or leave the post out of feeds for now with `published: false`";
    let message = format!(
        "`{tag}` is Liquid, which this version of tidings does not carry out: it goes out as it stands"
    );
    Some(Diagnostic::warning("liquid", source, message).at(Place::of(text, &tag)).help(help))
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

fn section(path: &Path, posts: &Path) -> String {
    let inside = path.strip_prefix(posts).ok().and_then(Path::parent);
    match inside.and_then(|folder| folder.components().next()) {
        Some(Component::Normal(name)) => name.to_string_lossy().nfc().collect(),
        _ => String::new(),
    }
}

fn shown(path: &Path, root: &Path) -> PathBuf {
    let path = path.strip_prefix(root).unwrap_or(path);
    PathBuf::from(path.to_string_lossy().nfc().collect::<String>())
}

/// A file's name taken apart: `2026-11-23-slug.md`.
struct FileName {
    day: Option<NaiveDate>,
    rest: String,
}

impl FileName {
    fn of(path: &Path) -> Self {
        let stem: String = path.file_stem().unwrap_or_default().to_string_lossy().nfc().collect();
        let stem = clean::one_line(&stem);
        let dated = || {
            let mut parts = stem.splitn(4, '-');
            let mut number =
                |most: usize| parts.next().filter(|p| !p.is_empty() && p.len() <= most)?.parse::<u32>().ok();
            let (year, month, day) = (number(4)?, number(2)?, number(2)?);
            let rest = parts.next().filter(|rest| !rest.is_empty())?;
            Some((
                NaiveDate::from_ymd_opt(i32::try_from(year).ok()?, month, day).filter(|_| year > 999)?,
                rest.to_owned(),
            ))
        };
        match dated() {
            Some((day, rest)) => Self { day: Some(day), rest },
            None => Self { day: None, rest: stem },
        }
    }
}
