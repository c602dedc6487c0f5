//! The front matter at the top of a post: found and read, in YAML, TOML or JSON.

use std::path::Path;

use serde_json::Value;

use crate::config::Settings;
use crate::diagnostic::{Diagnostic, Place};
use crate::{toml, yaml};

/// Longer front matter is refused before it is parsed: nesting costs the parser the square of its length.
const LONGEST: usize = 64 << 10;

/// The language that front matter is written in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Format {
    Yaml,
    Toml,
    Json,
    /// There is none.
    None,
}

/// A post's text cut in two.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Split<'a> {
    pub format: Format,
    /// What stands between the fences; for JSON, with its braces.
    pub block: &'a str,
    /// What follows.
    pub body: &'a str,
    /// The line on which the block begins, from 1.
    pub line: usize,
    /// Whether blank lines stand before it, which most generators do not allow.
    pub is_late: bool,
}

/// Cuts off the front matter. `Err` holds the line of an opening fence that is never closed.
pub(super) fn split(text: &str) -> Result<Split<'_>, usize> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let start = text.trim_start_matches(['\n', ' ', '\t', '\u{feff}']);
    let before = text[..text.len() - start.len()].matches('\n').count();
    let none = Split { format: Format::None, block: "", body: text, line: 1, is_late: false };
    let first = start.lines().next().unwrap_or("").trim_end();
    let (format, ends): (_, &[&str]) = match first {
        "---" | "---yaml" => (Format::Yaml, &["---", "..."]),
        "---toml" => (Format::Toml, &["---"]),
        "---json" => (Format::Json, &["---"]),
        "+++" => (Format::Toml, &["+++"]),
        _ if start.starts_with('{') && is_json(start) => return Ok(json(start, before)),
        _ => return Ok(none),
    };
    let Some((_, rest)) = start.split_once('\n') else { return Err(before + 1) };
    let mut at = 0;
    for line in rest.split_inclusive('\n') {
        if ends.contains(&line.trim_end()) {
            let (block, body) = (&rest[..at], &rest[at + line.len()..]);
            return Ok(Split { format, block, body, line: before + 2, is_late: before > 0 });
        }
        at += line.len();
    }
    // A rule at the top of a text without front matter is a rule.
    if before > 0 { Ok(none) } else { Err(before + 1) }
}

/// The line of dashes that an editor, or a slip, has put in the place of the opening fence.
pub(super) fn mistaken_fence<'a>(split: &Split<'a>) -> Option<&'a str> {
    let mut lines = split.body.lines();
    let fence = lines.next()?.trim_end();
    let is_fence = split.format == Format::None
        && !fence.is_empty()
        && fence.chars().all(|c| matches!(c, '-' | '–' | '—' | '−' | 'ㅡ'));
    let key = lines.next().filter(|_| is_fence)?.split_once(':')?.0;
    let is_known =
        ["title", "date", "layout", "tags", "categories", "author", "draft", "slug"].contains(&key);
    is_known.then_some(fence)
}

fn is_json(text: &str) -> bool {
    text[1..].trim_start().starts_with(['"', '}'])
}

fn json(text: &str, before: usize) -> Split<'_> {
    let mut stream = serde_json::Deserializer::from_str(text).into_iter::<serde::de::IgnoredAny>();
    let end = match stream.next() {
        Some(Ok(_)) => stream.byte_offset(),
        // What is wrong in it is told; taken for text it could publish a draft.
        _ => text.find("\n}").map_or(text.len(), |at| at + 2),
    };
    let (block, body) = text.split_at(end);
    Split { format: Format::Json, block, body: body.trim_start(), line: before + 1, is_late: before > 0 }
}

/// Reads the block. Keys that stand twice are told; the last one counts.
pub(super) fn read(
    split: &Split<'_>,
    text: &str,
    source: &Path,
    found: &mut Vec<Diagnostic>,
) -> Result<Settings, Box<Diagnostic>> {
    if split.block.len() > LONGEST {
        let message = format!("the front matter is {} KiB long; the most is 64", split.block.len() >> 10);
        return Err(Box::new(
            Diagnostic::error("front-matter", source, message).help("move what is long into the post's text"),
        ));
    }
    if split.is_late {
        let message = "blank lines stand before the front matter; most generators take it for text then";
        let first = if split.format == Format::Json { split.line } else { split.line - 1 };
        found.push(
            Diagnostic::warning("late-front-matter", source, message)
                .at(Place::in_text(text, first, 1, 3))
                .help("delete them: `---` belongs on the first line"),
        );
    }
    let refused = |message: String, at: Option<(usize, usize)>, help: &str| {
        let place = at.map(|(line, column)| Place::in_text(text, line + split.line - 1, column, 1));
        Box::new(Diagnostic::error("front-matter", source, message).at(place).help(help))
    };
    match split.format {
        Format::None => Ok(Settings::new()),
        Format::Yaml => {
            let mapping =
                yaml::mapping(split.block).map_err(|error| refused(error.message, error.at, &error.help))?;
            for key in &mapping.repeated {
                let message =
                    format!("the key `{key}` stands in the front matter twice; the last one counts");
                let lines = split.block.lines().enumerate();
                let last = lines.filter(|(_, line)| key_of(line) == Some(key.as_str())).last();
                let width = key.chars().count();
                let place = last.map(|(index, _)| Place::in_text(text, index + split.line, 1, width));
                let help = "delete the other, or put what both hold into one";
                found.push(Diagnostic::warning("repeated-key", source, message).at(place).help(help));
            }
            Ok(mapping.values)
        }
        Format::Toml => {
            toml::mapping(split.block).map_err(|error| refused(error.message, error.at, error.help))
        }
        Format::Json => match serde_json::from_str(split.block) {
            Ok(Value::Object(values)) => Ok(values),
            Ok(_) => Ok(Settings::new()),
            Err(error) => {
                let why = error.to_string();
                let (message, help) = told(why.split(" at line ").next().unwrap_or(&why));
                Err(refused(message, Some((error.line(), error.column())), help))
            }
        },
    }
}

/// What the parser says of JSON, in the words of whoever wrote it, and the mend.
fn told(why: &str) -> (String, &'static str) {
    let is = |words: &str| why.contains(words);
    let (message, help) = if is("trailing comma") {
        ("a comma stands in front of this, and nothing to part", "delete the comma behind the last entry")
    } else if is("expected `,`") {
        ("a comma is missing in front of this", "write `,` behind each entry but the last")
    } else if is("EOF") {
        ("the JSON ends in the middle", "close each `{`, `[` and `\"` that is opened")
    } else if is("key must be a string") {
        ("a key stands here without quotes", "write it as `\"title\": \"…\"`")
    } else {
        return (why.to_owned(), "write JSON, such as `{ \"title\": \"…\" }`");
    };
    (message.to_owned(), help)
}

/// The key at the start of a line of YAML.
fn key_of(line: &str) -> Option<&str> {
    line.split_once(':').map(|(key, _)| key.trim_end().trim_matches(['"', '\'']))
}

/// The value of a top-level key of YAML as it is written, quotes and all.
pub(super) fn written<'a>(split: &Split<'a>, key: &str) -> Option<&'a str> {
    if split.format != Format::Yaml {
        return None;
    }
    let value = |line: &'a str| {
        let (name, value) = line.split_once(':')?;
        (name.trim_end().trim_matches(['"', '\'']) == key).then(|| value.trim())
    };
    split.block.lines().rev().find_map(value)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cut(text: &str) -> (Format, &str, &str) {
        let split = split(text).unwrap();
        (split.format, split.block, split.body)
    }

    #[test]
    fn a_block_ends_at_its_own_fence() {
        assert_eq!(
            cut("\u{feff}---\ntitle: 가\n---\n본문\n---\n"),
            (Format::Yaml, "title: 가\n", "본문\n---\n")
        );
        assert_eq!(cut("--- \na: 1\n...  \nb"), (Format::Yaml, "a: 1\n", "b"));
        assert_eq!(cut("+++\na = '---'\n+++\nb"), (Format::Toml, "a = '---'\n", "b"));
        assert_eq!(cut("{\n\"a\": {}\n}\n\nb"), (Format::Json, "{\n\"a\": {}\n}", "b"));
        assert_eq!(cut("\n\n---\na: 1\n---\nb"), (Format::Yaml, "a: 1\n", "b"));
    }

    #[test]
    fn what_opens_no_block_is_text() {
        assert_eq!(cut("no block\n---\n").0, Format::None);
        assert_eq!(cut("{% include x %}\n").0, Format::None);
        assert_eq!(split("---\ntitle: x\n"), Err(1));
    }

    #[test]
    fn the_value_as_written_tells_quotes() {
        let text = "---\nx:\n  date: 1\ndate: '2022-07-07 10:00:00'\n---\n";
        assert_eq!(written(&split(text).unwrap(), "date"), Some("'2022-07-07 10:00:00'"));
    }
}
