//! A post's file: its text, made fit for everything below, and its name taken apart.

use std::borrow::Cow;
use std::path::{Path, PathBuf};

use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use chrono::NaiveDate;
use encoding_rs::Encoding;
use pulldown_cmark::{Event, HeadingLevel, Parser, Tag, TagEnd};

use super::clean;
use crate::diagnostic::{Diagnostic, Place};
use crate::fsx::{self, FileError};

/// A post of more than 16 MiB is not one.
const LARGEST: u64 = 16 << 20;

/// The file's text, fit for everything below, and what was odd about it. Lines are ended by LF; characters that no feed may
/// carry are gone. It stands in `bytes` where it is as it was written; `length` is the file's, where it is known.
pub(super) fn text<'a>(
    path: &Path,
    length: Option<u64>,
    source: &Path,
    bytes: &'a mut Vec<u8>,
    found: &mut Vec<Diagnostic>,
) -> Result<Cow<'a, str>, Box<Diagnostic>> {
    let (text, encoding) = decoded(path, length, bytes).map_err(|error| {
        let help = "make it a readable file of at most 16 MiB";
        Box::new(Diagnostic::error("unreadable", source, error.source.to_string()).help(help))
    })?;
    if let Some(encoding) = encoding {
        let message = format!("this file is not UTF-8; it is read as {}", encoding.name());
        found.push(Diagnostic::warning("encoding", source, message).help("save it as UTF-8 in your editor"));
    }
    match refused(&text, source) {
        Some((diagnostic, cleaned)) => {
            found.push(diagnostic);
            Ok(cleaned.into())
        }
        None => Ok(text),
    }
}

/// The same text again, for a post that has been read before.
pub(super) fn text_again(path: &Path) -> Result<String, FileError> {
    let mut bytes = Vec::new();
    let (text, _) = decoded(path, None, &mut bytes)?;
    Ok(clean::strip(&text).into_owned())
}

/// Decoded, with LF line ends. The encoding is told where it is not UTF-8.
fn decoded<'a>(
    path: &Path,
    length: Option<u64>,
    bytes: &'a mut Vec<u8>,
) -> Result<(Cow<'a, str>, Option<&'static Encoding>), FileError> {
    fsx::read_into(path, LARGEST, length, bytes)?;
    let bytes = bytes.as_slice();
    let (text, encoding) = match Encoding::for_bom(bytes) {
        Some((encoding, _)) if encoding != encoding_rs::UTF_8 => (encoding.decode(bytes).0, Some(encoding)),
        _ => {
            if let Ok(text) = simdutf8::basic::from_utf8(bytes) {
                (text.strip_prefix('\u{feff}').unwrap_or(text).into(), None)
            } else {
                let mut detector = EncodingDetector::new(Iso2022JpDetection::Deny);
                detector.feed(bytes, true);
                let encoding = detector.guess(None, Utf8Detection::Deny);
                (encoding.decode(bytes).0, Some(encoding))
            }
        }
    };
    let text = match memchr::memchr(b'\r', text.as_bytes()) {
        Some(_) => text.replace("\r\n", "\n").replace('\r', "\n").into(),
        None => text,
    };
    Ok((text, encoding))
}

/// A warning about the first character that cannot stand in a feed, and the text without any.
fn refused(text: &str, source: &Path) -> Option<(Diagnostic, String)> {
    let first = clean::first_refused(text)?;
    let bad = text[first..].chars().next()?;
    let line = text[..first].matches('\n').count() + 1;
    let column = text[..first].rsplit('\n').next().unwrap_or("").chars().count() + 1;
    let count = text.chars().filter(|c| clean::is_refused(*c)).count();
    let cleaned = clean::strip(text).into_owned();
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
    Some((Diagnostic::warning("control-character", source, message).at(place).help(help), cleaned))
}

/// A file as messages and the ledger name it: below the site's root where it lies inside, in NFC.
pub(super) fn shown(path: &Path, root: &Path) -> PathBuf {
    let path = path.strip_prefix(root).unwrap_or(path);
    PathBuf::from(clean::composed(path.to_string_lossy()))
}

/// The text of the first heading of the first level, without its marks.
pub(super) fn heading(body: &str) -> Option<String> {
    // A title stands near the top, or nowhere.
    let near = body.char_indices().nth(20_000).map_or(body, |(at, _)| &body[..at]);
    let mut inside = false;
    let mut title = String::new();
    for event in Parser::new(near) {
        match event {
            Event::Start(Tag::Heading { level: HeadingLevel::H1, .. }) => inside = true,
            Event::End(TagEnd::Heading(HeadingLevel::H1)) => break,
            Event::Text(text) | Event::Code(text) if inside => title.push_str(&text),
            Event::SoftBreak | Event::HardBreak if inside => title.push(' '),
            _ => {}
        }
    }
    Some(clean::one_line(&title)).filter(|title| !title.is_empty())
}

/// A file's name taken apart: `2026-11-23-slug.md`.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct FileName {
    /// The date in front, as written, perhaps of two-digit years or no day at all in the calendar.
    pub date: Option<(i32, u32, u32)>,
    /// What follows it; the whole name where there is none.
    pub rest: String,
}

impl FileName {
    /// Reads a name without its ending.
    pub(super) fn of(stem: &str) -> Self {
        let stem = clean::composed(stem.into());
        let stem = clean::one_line(&stem);
        let dated = || {
            let mut parts = stem.splitn(4, '-');
            let mut number = |lengths: &[usize]| {
                let part = parts.next().filter(|part| lengths.contains(&part.len()))?;
                part.bytes().all(|b| b.is_ascii_digit()).then(|| part.parse::<u32>().ok()).flatten()
            };
            let (year, month, day) = (number(&[2, 3, 4])?, number(&[1, 2])?, number(&[1, 2])?);
            let rest = parts.next()?;
            Some(((i32::try_from(year).ok()?, month, day), rest.to_owned()))
        };
        match dated() {
            Some((date, rest)) => Self { date: Some(date), rest },
            None => Self { date: None, rest: stem },
        }
    }

    /// The day, where it is one of a four-digit year.
    pub(super) fn day(&self) -> Option<NaiveDate> {
        let (year, month, day) = self.date?;
        NaiveDate::from_ymd_opt(year, month, day).filter(|_| year > 999)
    }
}

/// A path's last part without its ending, in NFC.
pub(super) fn stem(path: &Path) -> String {
    clean::composed(path.file_stem().unwrap_or_default().to_string_lossy())
}
