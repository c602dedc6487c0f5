//! YAML for every room that reads it: one place that knows the parser and puts its errors into our words.
//!
//! Not responsible for what the values mean.

mod short;
mod told;
mod value;

use serde::de::DeserializeOwned;

pub use value::{Mapping, mapping, repeated, value};

/// Why a document could not be read, and where (both from 1; column in characters).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct YamlError {
    /// What is wrong, in our words.
    pub message: String,
    /// The next step.
    pub help: String,
    /// Line and column in the document.
    pub at: Option<(usize, usize)>,
}

/// Reads one document.
pub fn parse<T: DeserializeOwned>(text: &str) -> Result<T, YamlError> {
    serde_yaml::from_str(text).map_err(|error| translate(text, &error))
}

fn translate(text: &str, error: &serde_yaml::Error) -> YamlError {
    let at = error.location().map(|spot| (spot.line(), column(text, spot.line(), spot.column())));
    let raw = error.to_string();
    let bare = raw.split(" at line ").next().unwrap_or(&raw).trim_end_matches(", while");
    told::told(text, bare, at)
}

/// The parser counts columns in bytes on some paths and in characters on others; both are brought inside the line.
fn column(text: &str, line: usize, column: usize) -> usize {
    let length = text.lines().nth(line.saturating_sub(1)).map_or(0, |line| line.chars().count());
    column.clamp(1, length + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug, serde::Deserialize)]
    #[serde(deny_unknown_fields)]
    #[expect(dead_code, reason = "only read")]
    struct Two {
        colour: Option<String>,
        size: Option<u32>,
    }

    #[test]
    fn an_unknown_key_names_the_nearest_known_one_and_its_line() {
        let error = parse::<Two>("size: 1\ncolor: red\n").unwrap_err();
        assert_eq!(error.message, "unknown key `color`");
        assert_eq!(error.help, "did you mean `colour`?");
        assert_eq!(error.at, Some((2, 1)));
    }

    #[test]
    fn a_value_of_the_wrong_type_says_what_was_expected() {
        let error = parse::<Two>("size: [1]\n").unwrap_err();
        assert!(error.message.contains("should hold a whole number"), "{}", error.message);
        assert_eq!(error.at, Some((1, 7)));
    }
}
