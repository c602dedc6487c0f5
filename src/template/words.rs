//! What templates say besides the posts, by language: `words/LANGUAGE.yaml`, over the English ones.

use std::path::Path;

use minijinja::Value;
use minijinja::value::Serde;
use serde_json::{Map, Value as Json};

use super::Templates;
use crate::diagnostic::{Diagnostic, Place};
use crate::yaml;

impl Templates {
    /// The words of a language: the whole tag's (`pt-BR`), over its language's (`pt`), over the English ones.
    ///
    /// # Errors
    /// A site's own file that cannot be read.
    pub fn words(&self, language: &str) -> Result<Value, Box<Diagnostic>> {
        let mut words = Map::new();
        for name in ["en", language.split('-').next().unwrap_or_default(), language] {
            words.extend(self.words_of(name)?);
        }
        Ok(Value::from(Serde(words)))
    }

    fn words_of(&self, language: &str) -> Result<Map<String, Json>, Box<Diagnostic>> {
        let name = format!("words/{language}.yaml");
        let Ok(template) = self.env.get_template(&name) else { return Ok(Map::new()) };
        let path = self.path_of(&name);
        let refuse = |message: String, at: Option<Place>, help: String| {
            Box::new(Diagnostic::error("template", Path::new(&path), message).at(at).help(help))
        };
        let text = template.source();
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
}
