//! A page's address: its own, by its section's pattern, or by its place.

use chrono::{DateTime, Datelike as _, FixedOffset, TimeZone as _};
use chrono_tz::Tz;
use unicode_normalization::UnicodeNormalization as _;
use unicode_normalization::char::is_combining_mark;
use url::Url;

use super::files::Place;
use crate::config::Hugo;
use crate::content::address::{encoded_once, joined};
use crate::content::date::WrittenDate;
use crate::content::slug::is_letter_or_digit;

/// What an address is made of.
pub(super) struct Parts<'a> {
    pub written: WrittenDate,
    pub zone: Tz,
    pub title: &'a str,
    pub slug: Option<&'a str>,
    pub place: &'a Place,
    /// The folders that are sections.
    pub sections: &'a [String],
    pub hugo: &'a Hugo,
}

impl Parts<'_> {
    /// The address: `own` from the front matter, else by the `pattern` of the owner or of the section.
    pub(super) fn address(&self, site: &Url, own: Option<&str>, pattern: Option<&str>) -> Url {
        let base = self.base(site);
        if let Some(own) = own {
            // One that begins with `/` is not put below the language.
            let (base, path) = if own.starts_with('/') { (site.clone(), own) } else { (base, own) };
            let path = format!("/{}", path.trim_start_matches('/'));
            let last = path.rsplit('/').next().unwrap_or("");
            let path = if last.is_empty() || last.contains('.') { path } else { format!("{path}/") };
            return joined(&base, &encoded_once(&path));
        }
        let section = if self.place.section.is_empty() { "/" } else { &self.place.section };
        let own_pattern = self.hugo.permalinks.iter().find(|(known, _)| known == section);
        let pattern = pattern.or(own_pattern.map(|(_, pattern)| pattern.as_str()));
        let path = if let Some(pattern) = pattern {
            // What came of the pattern is read as the query of an address is: `+` and `%20` are spaces.
            self.sanitized(&unescaped(&format!("{}/", self.by_pattern(pattern))))
        } else {
            let name = self.slug.unwrap_or(&self.place.name);
            let folders = self.place.folders.iter().map(String::as_str);
            self.sanitized(&format!("/{}/", folders.chain([name]).collect::<Vec<_>>().join("/")))
        };
        let path = format!("/{}", path.trim_matches('/'));
        let path = if self.hugo.keep_case { path } else { path.to_lowercase() };
        // What stands behind a point in a slug is taken for an ending, and replaced by the ugly one.
        let path = match path.rsplit_once('.') {
            Some((stem, ending)) if self.hugo.ugly_urls && self.slug.is_some() && !ending.contains('/') => {
                stem.to_owned()
            }
            _ => path,
        };
        let ending = if path == "/" {
            ""
        } else if self.hugo.ugly_urls {
            ".html"
        } else {
            "/"
        };
        joined(&base, &encoded_once(&format!("{path}{ending}")))
    }

    /// The site, or the part of it that is in the page's language.
    fn base(&self, site: &Url) -> Url {
        let code = &self.place.language;
        let language = self.hugo.languages.iter().find(|language| language.code == *code);
        if let Some(base) =
            language.and_then(|language| language.base.as_deref()).and_then(|base| Url::parse(base).ok())
        {
            return base;
        }
        let is_default = self.hugo.languages.first().is_none_or(|first| first.code == *code);
        if self.hugo.languages.len() < 2 || (is_default && !self.hugo.default_in_subdir) {
            return site.clone();
        }
        joined(site, &format!("/{code}"))
    }

    fn by_pattern(&self, pattern: &str) -> String {
        let mut out = String::new();
        let mut rest = pattern;
        while let Some(colon) = rest.find(':') {
            out.push_str(&rest[..colon]);
            let after = &rest[colon + 1..];
            let length = after.bytes().take_while(u8::is_ascii_lowercase).count();
            let known = (1..=length).rev().find_map(|end| Some((end, self.token(&after[..end])?)));
            let Some((end, value)) = known else {
                out.push(':');
                rest = after;
                continue;
            };
            out.push_str(&value);
            rest = &after[end..];
            // `:sections[1:]` is a part of them.
            if let Some((slice, after)) = rest.strip_prefix('[').and_then(|rest| rest.split_once(']')) {
                out.truncate(out.len() - value.len());
                out.push_str(&self.part_of_sections(slice));
                rest = after;
            }
        }
        out.push_str(rest);
        while out.contains("//") {
            out = out.replace("//", "/");
        }
        out
    }

    /// The date with the offset it was written with.
    fn date(&self) -> DateTime<FixedOffset> {
        let local = self.written.day.and_time(self.written.time.unwrap_or_default());
        let own = self.written.offset.and_then(|offset| offset.from_local_datetime(&local).single());
        own.unwrap_or_else(|| self.written.resolve(self.zone))
    }

    fn token(&self, name: &str) -> Option<String> {
        let date = self.date();
        let shown = |format: &str| date.format(format).to_string();
        Some(match name {
            "year" => shown("%Y"),
            "month" => shown("%m"),
            "monthname" => shown("%B"),
            "day" => shown("%d"),
            "weekday" => date.weekday().num_days_from_sunday().to_string(),
            "weekdayname" => shown("%A"),
            "yearday" => date.ordinal().to_string(),
            "section" => self.sanitized(&self.place.section),
            "sections" => self.sections.iter().map(|name| self.sanitized(name)).collect::<Vec<_>>().join("/"),
            "title" => self.sanitized(self.title),
            "slug" => self.sanitized(self.slug.unwrap_or(self.title)),
            "filename" | "contentbasename" => self.sanitized(&self.place.name),
            "slugorfilename" | "slugorcontentbasename" => {
                self.sanitized(self.slug.unwrap_or(&self.place.name))
            }
            _ => return None,
        })
    }

    /// `1:`, `:2`, `0` or `last` of the sections.
    fn part_of_sections(&self, slice: &str) -> String {
        let count = self.sections.len();
        let index = |text: &str, default: usize| match text {
            "last" => count.saturating_sub(1),
            text => text.parse().unwrap_or(default),
        };
        let (from, to) = match slice.split_once(':') {
            Some((from, to)) => (index(from, 0), index(to, count)),
            None => (index(slice, 0), index(slice, 0) + 1),
        };
        let part = self.sections.get(from.min(count)..to.min(count)).unwrap_or_default();
        part.iter().map(|name| self.sanitized(name)).collect::<Vec<_>>().join("/")
    }

    /// Letters, digits, marks and `. / \ _ # + ~ - @`; white space becomes one `-`, anything else goes.
    fn sanitized(&self, text: &str) -> String {
        let text: String = if self.hugo.remove_accents {
            text.nfd().filter(|c| !is_combining_mark(*c)).nfc().collect()
        } else {
            text.to_owned()
        };
        let chars: Vec<char> = text.chars().collect();
        let mut out = String::with_capacity(text.len());
        let (mut gap, mut hyphen) = (false, false);
        for (at, c) in chars.iter().copied().enumerate() {
            let is_code = c == '%'
                && chars.get(at + 1..at + 3).is_some_and(|two| two.iter().all(char::is_ascii_hexdigit));
            if is_letter_or_digit(c) || "./\\_#+~-@".contains(c) || is_code {
                hyphen = c == '-';
                if std::mem::take(&mut gap) && !hyphen {
                    out.push('-');
                }
                out.push(c);
            } else if !out.is_empty() && !hyphen && c.is_whitespace() {
                gap = true;
            }
        }
        if self.hugo.keep_case { out } else { out.to_lowercase() }
    }
}

fn unescaped(path: &str) -> String {
    let spaced = path.replace('+', " ");
    if has_lone_percent(&spaced) {
        return path.to_owned();
    }
    percent_encoding::percent_decode_str(&spaced)
        .decode_utf8()
        .map_or_else(|_| path.to_owned(), std::borrow::Cow::into_owned)
}

/// Whether a `%` stands before something that is no code.
fn has_lone_percent(text: &str) -> bool {
    text.match_indices('%').any(|(at, _)| {
        !text.as_bytes().get(at + 1..at + 3).is_some_and(|two| two.iter().all(u8::is_ascii_hexdigit))
    })
}
