//! A post's file: its text, made fit for everything below, and its name taken apart.

use std::path::{Component, Path, PathBuf};

use chrono::NaiveDate;
use unicode_normalization::UnicodeNormalization as _;

use super::clean;
use crate::diagnostic::{Diagnostic, Place};
use crate::fsx;

/// A post of more than 16 MiB is not one.
const LARGEST: u64 = 16 << 20;

/// The file's text: UTF-8, lines ended by LF, without characters that no feed may carry.
pub(super) fn text(
    path: &Path,
    source: &Path,
    found: &mut Vec<Diagnostic>,
) -> Result<String, Box<Diagnostic>> {
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

/// The first folder below the posts folder, perhaps empty.
pub(super) fn section(path: &Path, posts: &Path) -> String {
    let inside = path.strip_prefix(posts).ok().and_then(Path::parent);
    match inside.and_then(|folder| folder.components().next()) {
        Some(Component::Normal(name)) => name.to_string_lossy().nfc().collect(),
        _ => String::new(),
    }
}

/// A file as messages and the ledger name it: below the site's root where it lies inside, in NFC.
pub(super) fn shown(path: &Path, root: &Path) -> PathBuf {
    let path = path.strip_prefix(root).unwrap_or(path);
    PathBuf::from(path.to_string_lossy().nfc().collect::<String>())
}

/// A file's name taken apart: `2026-11-23-slug.md`.
pub(super) struct FileName {
    pub day: Option<NaiveDate>,
    pub rest: String,
}

impl FileName {
    pub(super) fn of(path: &Path) -> Self {
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
