//! YAML for every room that reads it: one place that knows the parser and puts its errors into our words.
//!
//! Not responsible for what the values mean.

mod short;
mod value;

use serde::de::DeserializeOwned;

use crate::diagnostic::did_you_mean;

pub use value::{Mapping, mapping, value};

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
    let (message, help) = explain(bare, at.and_then(|(line, _)| text.lines().nth(line - 1)));
    YamlError { message, help, at }
}

/// The parser counts columns in bytes on some paths and in characters on others; both are brought inside the line.
fn column(text: &str, line: usize, column: usize) -> usize {
    let length = text.lines().nth(line.saturating_sub(1)).map_or(0, |line| line.chars().count());
    column.clamp(1, length + 1)
}

fn explain(bare: &str, line: Option<&str>) -> (String, String) {
    if let Some((field, known)) = unknown_field(bare) {
        let message = format!("unknown key `{field}`");
        let help = match did_you_mean(field, known.iter().copied()) {
            Some(near) => format!("did you mean `{near}`?"),
            None => format!("the keys known here are {}", list(&known)),
        };
        return (message, help);
    }
    if let Some((key, value, known)) = unknown_variant(bare) {
        return (format!("{key}`{value}` is not known here"), format!("use one of {}", list(&known)));
    }
    if let Some((before, field)) = bare.split_once("duplicate field ") {
        return (
            format!("{before}the key {field} stands here twice"),
            "put what both hold under one of them".to_owned(),
        );
    }
    if let Some(at) = bare.find("the environment variable ") {
        let help = "set it where this command runs, or write the value itself";
        return (bare[at..].to_owned(), help.to_owned());
    }
    let message = reworded(bare);
    let help = if bare.contains("mapping values are not allowed") {
        "a value that contains `: ` must stand in quotes, as in `title: \"one: two\"`; or the line is indented too far"
    } else if bare.contains("found character that cannot start any token")
        || line.is_some_and(|l| l.contains('\t'))
    {
        "indent with spaces, not tabs, and put values that begin with `@`, `` ` `` or `%` in quotes"
    } else if bare.contains("did not find expected") || bare.contains("unexpected end") {
        "look for a missing quote, bracket or indent on this line or above it"
    } else {
        "write the value in the form named above"
    };
    (message, help.to_owned())
}

/// Takes apart serde's `` unknown field `a`, expected one of `b`, `c` ``.
fn unknown_field(message: &str) -> Option<(&str, Vec<&str>)> {
    let rest = &message[message.find("unknown field `")? + "unknown field `".len()..];
    let (field, rest) = rest.split_once('`')?;
    Some((field, rest.split('`').skip(1).step_by(2).collect()))
}

/// Takes apart serde's `` mail.transport: unknown variant `a`, expected one of `b`, `c` ``: the key in front, the value, the
/// values known.
fn unknown_variant(message: &str) -> Option<(&str, &str, Vec<&str>)> {
    let (key, rest) = message.split_once("unknown variant `")?;
    let (value, rest) = rest.split_once('`')?;
    Some((key, value, rest.split('`').skip(1).step_by(2).collect()))
}

/// serde's `invalid value: string "a", expected b` as `` `a` is not b ``.
fn reworded(bare: &str) -> String {
    let Some(at) = bare.find("invalid ") else { return bare.to_owned() };
    let (key, rest) = bare.split_at(at);
    if let Some(rest) = rest.strip_prefix("invalid value: string \"")
        && let Some((value, expected)) = rest.split_once("\", expected ")
    {
        return format!("{key}`{value}` is not {expected}");
    }
    let words = rest.replacen("invalid type: ", "found ", 1);
    // serde names our own types, which mean nothing to whoever wrote the file.
    let words = words
        .split_once("expected struct ")
        .map_or(words.clone(), |(found, _)| format!("{found}expected lines of `key: value`, indented"));
    let mut words = words;
    for (theirs, ours) in [
        ("expected usize", "expected a whole number"),
        ("expected u16", "expected a whole number"),
        ("expected a sequence", "expected a list such as `[a, b]`"),
        ("expected a boolean", "expected `true` or `false`"),
    ] {
        words = words.replace(theirs, ours);
    }
    format!("{key}{words}")
}

fn list(words: &[&str]) -> String {
    words.iter().map(|word| format!("`{word}`")).collect::<Vec<_>>().join(", ")
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
        assert!(error.message.contains("expected u32"), "{}", error.message);
        assert_eq!(error.at, Some((1, 7)));
    }
}
