//! What is found wrong with the config, put beside the line it stands on.

use std::path::Path;

use crate::diagnostic::{Diagnostic, Place};

/// The findings about one config file.
pub(super) struct Findings<'a> {
    path: &'a Path,
    text: &'a str,
    pub(super) list: Vec<Diagnostic>,
}

impl<'a> Findings<'a> {
    /// None so far about the file that messages call `path` and that holds `text`.
    pub(super) fn about(path: &'a Path, text: &'a str) -> Self {
        Self { path, text, list: Vec::new() }
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
        let leaf = format!("{}:", key.rsplit('.').next().unwrap_or(key));
        if value.is_empty() {
            return Place::of(self.text, &leaf);
        }
        let line = self.text.lines().position(|line| line.contains(&leaf) && line.contains(value));
        match line {
            Some(index) => {
                let text = self.text.lines().nth(index).unwrap_or("");
                let after = text.find(&leaf).unwrap_or(0) + leaf.len();
                let at = after + text[after..].find(value).unwrap_or(0);
                let column = text[..at].chars().count() + 1;
                Some(Place::in_text(self.text, index + 1, column, value.chars().count()))
            }
            None => Place::of(self.text, value),
        }
    }
}
