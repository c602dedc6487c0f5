//! Trouble in what the owner wrote: which file, which line, why, and the mend.
//!
//! Not responsible for showing it (that is `report`) nor for trouble in the world (each room has an error of its own).

use std::path::{Path, PathBuf};

/// How bad it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// Something was left out or cannot be done.
    Error,
    /// Something is odd, or was mended on the way.
    Warning,
}

/// A spot in a source file, with the line that holds it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// From 1.
    pub line: usize,
    /// In characters, from 1.
    pub column: usize,
    /// How many characters are meant, at least 1.
    pub width: usize,
    /// The whole source line, without its line end.
    pub text: String,
}

impl Place {
    /// The spot at `line` and `column` of `source`; a spot past the end is moved to the end.
    pub fn in_text(source: &str, line: usize, column: usize, width: usize) -> Self {
        let line = line.clamp(1, source.lines().count().max(1));
        let text = source.lines().nth(line - 1).unwrap_or("").trim_end_matches('\r');
        let text: String = text.strip_prefix('\u{feff}').unwrap_or(text).chars().take(400).collect();
        let column = column.clamp(1, text.chars().count() + 1);
        Self { line, column, width: width.max(1), text }
    }

    /// The spot where `needle` first stands in `source`, underlined whole.
    pub fn of(source: &str, needle: &str) -> Option<Self> {
        let at = source.find(needle)?;
        let line = source[..at].matches('\n').count() + 1;
        let column = source[..at].rsplit('\n').next().unwrap_or("").chars().count() + 1;
        Some(Self::in_text(source, line, column, needle.chars().count()))
    }
}

/// One finding about a file of the site.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Diagnostic {
    /// How bad it is.
    pub severity: Severity,
    /// A name for the kind of finding, constant over versions: `front-matter`, `no-date`, …
    pub code: &'static str,
    /// The file, relative to the site's root where it lies inside.
    pub path: PathBuf,
    /// Where in the file, if it is one spot.
    pub place: Option<Place>,
    /// What is wrong and why: lower case, the user's own words in backticks.
    pub message: String,
    /// The next step.
    pub help: String,
}

impl Diagnostic {
    /// A finding that left something out.
    pub fn error(code: &'static str, path: &Path, message: impl Into<String>) -> Self {
        Self::new(Severity::Error, code, path, message.into())
    }

    /// A finding that changed nothing, or was mended.
    pub fn warning(code: &'static str, path: &Path, message: impl Into<String>) -> Self {
        Self::new(Severity::Warning, code, path, message.into())
    }

    fn new(severity: Severity, code: &'static str, path: &Path, message: String) -> Self {
        Self { severity, code, path: path.to_path_buf(), place: None, message, help: String::new() }
    }

    /// Adds the spot.
    #[must_use]
    pub fn at(mut self, place: impl Into<Option<Place>>) -> Self {
        self.place = place.into();
        self
    }

    /// Adds the mend.
    #[must_use]
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help = help.into();
        self
    }

    /// Whether something was left out because of it.
    pub fn is_error(&self) -> bool {
        self.severity == Severity::Error
    }
}

/// `; did you mean …?` for the known word nearest to `word`, if one is near enough to be a slip.
pub fn did_you_mean<'a>(word: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    known
        .into_iter()
        .map(|candidate| (strsim::damerau_levenshtein(word, candidate), candidate))
        .filter(|(distance, candidate)| *distance <= candidate.len().max(word.len()).div_ceil(3))
        .min()
        .map(|(_, candidate)| candidate)
}
