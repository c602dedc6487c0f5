//! What is found wrong with the config, put beside the line it stands on.

use std::path::Path;

use crate::diagnostic::{Diagnostic, Place};

/// The findings about one config file.
pub(super) struct Findings<'a> {
    path: &'a Path,
    /// What is written, and the same without its secrets.
    text: &'a str,
    shown: &'a str,
    pub(super) list: Vec<Diagnostic>,
}

impl<'a> Findings<'a> {
    /// None so far about the file that messages call `path` and that holds `text`, of which they show `shown`.
    pub(super) fn about(path: &'a Path, text: &'a str, shown: &'a str) -> Self {
        Self { path, text, shown, list: Vec::new() }
    }

    /// An error about the setting `key`, whose value as written is `value` (empty where it is missing).
    pub(super) fn error(&mut self, key: &str, value: &str, message: impl Into<String>, help: &str) {
        let place = self.place(key, value);
        self.list.push(Diagnostic::error("config", self.path, message).at(place).help(help));
    }

    /// A warning about the setting `key`.
    pub(super) fn warning(&mut self, key: &str, message: impl Into<String>, help: &str) {
        let place = self.place(key, "");
        self.list.push(Diagnostic::warning("config", self.path, message).at(place).help(help));
    }

    fn place(&self, key: &str, value: &str) -> Option<Place> {
        let found = if value.is_empty() { self.place_of_key(key) } else { self.place_of_value(key, value) };
        // It is looked for in what is written, and shown without secrets, which stand in the same columns.
        found.map(|found| Place { text: Place::in_text(self.shown, found.line, 1, 1).text, ..found })
    }

    /// The key, perhaps in quotes; one that is missing is shown by the section it belongs into.
    fn place_of_key(&self, key: &str) -> Option<Place> {
        let forms = |part: &str| {
            Place::of(self.text, &format!("{part}:"))
                .or_else(|| Place::of(self.text, &format!("\"{part}\":")))
        };
        // A name of an element has a colon of its own, and no section.
        key.rsplit('.').find_map(forms)
    }

    fn place_of_value(&self, key: &str, value: &str) -> Option<Place> {
        let leaf = format!("{}:", key.rsplit('.').next().unwrap_or(key));
        let line = self.text.lines().position(|line| line.contains(&leaf) && line.contains(value));
        match line {
            Some(index) => {
                let text = self.text.lines().nth(index).unwrap_or("");
                let after = text.find(&leaf).unwrap_or(0) + leaf.len();
                let at = text[after..].find(value).map_or_else(|| text.find(value), |at| Some(after + at));
                let column = text[..at.unwrap_or(after)].chars().count() + 1;
                Some(Place::in_text(self.text, index + 1, column, value.chars().count()))
            }
            None => Place::of(self.text, value),
        }
    }
}
