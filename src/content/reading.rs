//! A post's file while it is read: what every dialect looks at in its own way.

use std::cell::Cell;
use std::path::Path;

use chrono::{DateTime, Datelike as _, FixedOffset};
use serde_json::Value;
use url::Url;

use super::date::{Odd, WrittenDate, is_plausible};
use super::matter::{Format, Split};
use super::post::{Audience, IdOrigin, Markup, Post};
use super::room::Room;
use super::values::{Truth, truth};
use super::{clean, episode, media, odd, values};
use crate::config::{Author, Blog, Config, Settings};
use crate::diagnostic::{Diagnostic, Place};
use crate::ids::PostId;

/// A text of fewer characters is short.
const LEAST: usize = 40;

/// A file with its front matter read.
pub(super) struct Reading<'a> {
    pub config: &'a Config,
    pub path: &'a Path,
    /// The file as messages name it.
    pub source: &'a Path,
    /// Whether another file was asked for.
    pub asked: Cell<bool>,
    /// The room for texts.
    pub room: &'a Room,
    /// Whom the site's own list knows.
    pub people: &'a Settings,
    pub text: &'a str,
    pub split: Split<'a>,
    pub matter: Settings,
    pub found: &'a mut Vec<Diagnostic>,
}

/// What a dialect has decided about a post.
pub(super) struct Decided {
    pub url: Url,
    pub generated_id: String,
    pub title: String,
    pub date: DateTime<FixedOffset>,
    pub public_from: Option<DateTime<FixedOffset>>,
    pub public_until: Option<DateTime<FixedOffset>>,
    pub updated: Option<DateTime<FixedOffset>>,
    pub categories: Vec<String>,
    pub tags: Vec<String>,
    pub authors: Vec<Author>,
    pub language: Option<String>,
    /// What this post and its translations have in common.
    pub translation_key: Option<String>,
    pub summary: Option<String>,
    pub markup: Markup,
}

impl Reading<'_> {
    /// Where `needle` first stands in the file.
    pub(super) fn place(&self, needle: &str) -> Option<Place> {
        Place::of(self.text, needle)
    }

    /// Where a key of the front matter has this value; the key may be written in other case.
    fn place_under(&self, key: &str, value: &str) -> Option<Place> {
        let under = self.text.lines().take(100).enumerate().find_map(|(index, line)| {
            let written = line.trim_start().trim_start_matches(['"', '\'']).strip_prefix(key)?;
            let column = line.chars().count() - written.split_once(value)?.1.chars().count();
            let width = value.chars().count();
            Some(Place::in_text(self.text, index + 1, column - width + 1, width))
        });
        under.or_else(|| self.place(value))
    }

    pub(super) fn warn(&mut self, code: &'static str, message: impl Into<String>, help: &str) {
        self.found.push(Diagnostic::warning(code, self.source, message).help(help));
    }

    /// The same of what stands under a key of the front matter.
    pub(super) fn warn_of(&mut self, key: &str, code: &'static str, message: impl Into<String>, help: &str) {
        let has_it = |line: &str| {
            let rest = line.trim_start_matches([' ', '\t', '"', '\'']).strip_prefix(key);
            rest.is_some_and(|rest| rest.trim_start_matches(['"', '\'', ' ']).starts_with([':', '=']))
        };
        let place = self.text.lines().take(100).position(has_it).map(|index| {
            let width = self.text.lines().nth(index).map_or(1, |line| line.trim_end().chars().count());
            Place::in_text(self.text, index + 1, 1, width)
        });
        self.found.push(Diagnostic::warning(code, self.source, message).at(place).help(help));
    }

    /// Whether a post says that it is a draft. A word that is neither yes nor no keeps it back: no generator would publish it unasked.
    pub(super) fn is_draft(&mut self) -> bool {
        match values::truth(self.matter.get("draft")) {
            Truth::Yes => true,
            Truth::Word(word) => {
                let message = format!(
                    "`draft: {word}` is neither `true` nor `false`; the post is kept back as a draft"
                );
                self.warn_of("draft", "odd-truth", message, "write `draft: true`, or take the line out");
                true
            }
            Truth::No | Truth::Unsaid | Truth::Empty => false,
        }
    }

    /// The first of these keys with a date under it that can be read. One that cannot is told.
    pub(super) fn date(&mut self, keys: &[&str]) -> Option<(WrittenDate, String)> {
        for key in keys {
            let Some(value) = self.matter.get(*key) else { continue };
            if matches!(value, Value::Array(_) | Value::Object(_)) {
                let help = "write a date such as `2026-11-23` or `2026-11-23 10:00:00 +0900`";
                self.warn_of(key, "odd-date", format!("what stands under `{key}` is no date"), help);
                continue;
            }
            let Some(text) = values::text(value).filter(|text| !text.trim().is_empty()) else { continue };
            if let Some(written) = WrittenDate::parse(&text) {
                self.tell_odd(key, &text, written.odd);
                return Some((written, text));
            }
            let place = self.place_under(key, &text);
            let message = format!("`{}` under `{key}` is no date that can be read", text.trim());
            let help = "write a date such as `2026-11-23` or `2026-11-23 10:00:00 +0900`";
            self.found.push(Diagnostic::warning("odd-date", self.source, message).at(place).help(help));
        }
        None
    }

    fn tell_odd(&mut self, key: &str, text: &str, odd: Option<Odd>) {
        let Some(odd) = odd else { return };
        let text = text.trim();
        let message = match odd {
            Odd::DayFirst => format!("`{text}` under `{key}` is taken to begin with the day"),
            Odd::KoreanHalf => format!("`{text}` under `{key}`: most generators do not know 오전 and 오후"),
            Odd::PastMonthsEnd => {
                format!("`{text}` under `{key}` is past its month's end; it counts into the next month")
            }
            Odd::Trailing => format!("`{text}` under `{key}`: what stands behind the date means nothing"),
            Odd::ApartOffset => format!("`{text}` under `{key}`: a space stands inside the offset"),
            Odd::OffsetOnly => format!("`{text}` under `{key}`: an offset without a time means nothing"),
        };
        let place = self.place_under(key, text);
        let help = "write it as `2026-11-23 10:00:00 +0900`";
        self.found.push(Diagnostic::warning("odd-date", self.source, message).at(place).help(help));
    }

    /// Says that a post without a date is left out.
    pub(super) fn undated(&mut self) {
        // Hugo reads names only where it is told to.
        let nameless = matches!(&self.config.blog, Blog::Hugo(hugo) if !hugo.date_keys.iter().any(|key| key == ":filename"));
        let (message, help) = if nameless {
            let help = if self.split.format == Format::Toml {
                "write `date = 2026-11-23` there"
            } else {
                "write `date: 2026-11-23` there"
            };
            ("this post has no date in its front matter; it is left out", help)
        } else {
            (
                "this post has no date, in its front matter or its file's name; it is left out",
                "write `date: 2026-11-23` in its front matter, or begin the file's name with `2026-11-23-`",
            )
        };
        self.warn("no-date", message, help);
    }

    /// The date, unless it is out of all reason.
    pub(super) fn plausible(&mut self, date: DateTime<FixedOffset>) -> Option<DateTime<FixedOffset>> {
        if is_plausible(date) {
            return Some(date);
        }
        let message = format!("this post's date is in the year {}; it is left out", date.year());
        self.warn_of("date", "no-date", message, "write the date on which it was published");
        None
    }

    /// The title of the front matter on one line.
    pub(super) fn title(&self) -> Option<String> {
        let title = self.matter.get("title").and_then(values::text)?;
        Some(clean::one_line(&title)).filter(|title| !title.is_empty())
    }

    /// The post, with what no dialect decides: an id of the author's own, the text's hash.
    pub(super) fn post(&mut self, decided: Decided) -> Post {
        odd::keys(self);
        let site = &self.config.site;
        let own = values::first_text(&self.matter, &["id", "guid"])
            .map(|id| clean::one_line(&id))
            .filter(|id| !id.is_empty());
        let id_origin = if own.is_some() { IdOrigin::Written } else { IdOrigin::Made };
        let id = match own {
            Some(id) if Url::parse(&id).is_ok() => PostId::new(id),
            // An id must be a URI (RFC 4287 §4.2.6): any other word is one below the site.
            Some(word) => PostId::new(super::address::below(&site.url, &format!("/{word}")).to_string()),
            None => PostId::new(decided.generated_id),
        };
        let body = self.split.body;
        let hash = blake3::hash(body.as_bytes());
        let holds_code = || body.match_indices('{').any(|(at, _)| body[at + 1..].starts_with(['{', '%']));
        let hidden = self.says("hidden", &Truth::Yes);
        let audience = Audience {
            feeds: !hidden && !self.says("feed", &Truth::No),
            newsletters: !hidden && !self.says("newsletter", &Truth::No),
        };
        let image = media::image(self, &decided.url);
        let enclosures = media::enclosures(self, &decided.url);
        let episode = episode::of(self, &enclosures, &decided.url);
        let is_code = decided.markup == Markup::Mdx || holds_code();
        let self_contained = !is_code && !body.contains("@/");
        let asks = is_code
            || !self.config.feeds.fields.entry.is_empty()
            || self.matter.contains_key("excerpt_separator");
        // A short text may be many posts': with its title it is one's.
        let is_short = body.trim().chars().nth(LEAST).is_none();
        let mark =
            if is_short { blake3::hash(format!("{}\n{body}", decided.title).as_bytes()) } else { hash };
        let mark = mark.to_hex()[..32].to_owned();
        let pinned = ["pinned", "pin", "sticky"].iter().any(|key| self.says(key, &Truth::Yes));
        let mut post = Post {
            id,
            id_origin,
            url: decided.url,
            source: self.source.to_path_buf(),
            published_as: Some(self.source.to_path_buf()),
            title: decided.title,
            date: decided.date,
            public_from: decided.public_from.unwrap_or(decided.date),
            public_until: decided.public_until,
            updated: decided.updated.filter(|updated| is_plausible(*updated)).unwrap_or(decided.date),
            categories: decided.categories,
            tags: decided.tags,
            authors: decided.authors,
            language: decided.language,
            translation_key: decided.translation_key,
            translations: Vec::new(),
            summary: decided.summary.map(|summary| clean::strip(&summary).into_owned()),
            audience,
            pinned,
            image,
            enclosures,
            episode,
            markup: decided.markup,
            body: self.room.takes(body.len()).then(|| body.into()),
            file: self.path.to_path_buf(),
            matter: asks.then(|| Box::new(std::mem::take(&mut self.matter))),
            reads_alone: !self.asked.get(),
            self_contained,
            fingerprint: String::new(),
            text_mark: mark,
            text_hash: hash.as_bytes()[..16].try_into().unwrap_or_default(),
        };
        post.fingerprint = post.look();
        post
    }

    /// The people a post names, by itself or by keys of the site's own list.
    pub(super) fn authors(&self, keys: &[&str]) -> Vec<Author> {
        keys.iter()
            .filter_map(|key| self.matter.get(*key))
            .map(|value: &Value| values::people(value, self.people))
            .find(|people| !people.is_empty())
            .unwrap_or_default()
    }

    /// Whether a key says so, and no other word.
    fn says(&self, key: &str, what: &Truth) -> bool {
        truth(self.matter.get(key)) == *what
    }

    /// The author's own summary.
    pub(super) fn summary(&self, keys: &[&str]) -> Option<String> {
        values::first_text(&self.matter, keys)
    }
}
