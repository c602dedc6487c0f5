//! What templates say besides the posts, by language: `words/LANGUAGE.yaml`, layer upon layer.

use std::path::Path;

use minijinja::Value;
use minijinja::value::Serde;
use serde_json::{Map, Value as Json};

use super::{Templates, built_in};
use crate::diagnostic::{Diagnostic, Place, did_you_mean};
use crate::{fsx, yaml};

impl Templates {
    /// The words of a language: the whole tag's (`pt-BR`) over its language's (`pt`) over the English ones; of each, the newsletter's over
    /// the site's over the built-in ones. A file that cannot be read is told, and goes without.
    pub fn words(&self, language: &str, found: &mut Vec<Diagnostic>) -> Value {
        self.words_in("words", language, found)
    }

    /// The same of the pages and letters for subscribers.
    pub fn page_words(&self, language: &str, found: &mut Vec<Diagnostic>) -> Value {
        self.words_in("pages/words", language, found)
    }

    fn words_in(&self, folder: &str, language: &str, found: &mut Vec<Diagnostic>) -> Value {
        let mut words = Map::new();
        let ours = built_in::text(&format!("{folder}/en.yaml"));
        let ours = ours.and_then(|text| parsed(text, Path::new("")).ok()).unwrap_or_default();
        for name in names(folder, language) {
            if let Some(text) = built_in::text(&name) {
                words.extend(parsed(text, Path::new(&name)).unwrap_or_default());
            }
            for (path, shown) in self.files(&name) {
                let read = fsx::read_text(&path).map_err(|error| {
                    let help = "save the file as UTF-8 text";
                    Box::new(Diagnostic::error("words", &shown, error.source.to_string()).help(help))
                });
                match read.and_then(|text| parsed(&text, &shown).map(|more| (text, more))) {
                    Ok((text, more)) => {
                        found.extend(misspelt(&more, &ours, &text, &shown));
                        words.extend(more);
                    }
                    Err(error) => found.push(*error),
                }
            }
        }
        Value::from(Serde(words))
    }

    /// Whether there are words of a language at all.
    pub fn speaks(&self, language: &str) -> bool {
        let own = names("words", language);
        own.iter().skip(1).any(|name| built_in::text(name).is_some() || !self.files(name).is_empty())
            || language.split('-').next() == Some("en")
    }
}

/// The files of a language, the most general first.
fn names(folder: &str, language: &str) -> Vec<String> {
    let own = language.split('-').next().unwrap_or_default();
    let mut names: Vec<String> = ["en", own, language].map(|name| format!("{folder}/{name}.yaml")).to_vec();
    names.dedup();
    names
}

/// Keys that are nearly ours; others may be for templates of the site's own.
fn misspelt(more: &Map<String, Json>, ours: &Map<String, Json>, text: &str, shown: &Path) -> Vec<Diagnostic> {
    let told = |key: &String| {
        let near = did_you_mean(key, ours.keys().map(String::as_str))?;
        let place =
            Place::of(text, &format!("{key}:")).map(|place| Place { width: place.width - 1, ..place });
        let warning = Diagnostic::warning("words", shown, format!("no built-in template asks for `{key}`"));
        Some(warning.at(place).help(format!("did you mean `{near}`?")))
    };
    more.keys().filter(|key| !ours.contains_key(*key)).filter_map(told).collect()
}

fn parsed(text: &str, shown: &Path) -> Result<Map<String, Json>, Box<Diagnostic>> {
    let refuse = |message: String, at: Option<Place>, help: String| {
        Box::new(Diagnostic::error("words", shown, message).at(at).help(help))
    };
    let words = yaml::mapping(text).map_err(|error| {
        let place = error.at.map(|(line, column)| Place::in_text(text, line, column, 1));
        refuse(error.message, place, error.help)
    })?;
    if let Some((key, _)) = words.values.iter().find(|(_, value)| !value.is_string()) {
        let help = "write one text for it, in quotes where it has a `:` or begins with `{`".to_owned();
        return Err(refuse(format!("`{key}` is no text"), Place::of(text, key), help));
    }
    Ok(words.values)
}
