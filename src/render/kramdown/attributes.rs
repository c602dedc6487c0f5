//! Inline attribute lists, and kramdown's extensions `{::comment}`, `{::nomarkdown}` and `{::options}`.

use super::node::{Attributes, Kind, Level, Node};
use super::scan;
use crate::config::Kramdown;

/// Reads the inside of `{: … }`.
pub(super) fn parse(text: &str) -> Attributes {
    let mut found = Attributes::default();
    let mut rest = text.trim_start();
    while !rest.is_empty() {
        let taken = if let Some((key, value, length)) = pair(rest) {
            found.pairs.push((key.to_owned(), value));
            length
        } else {
            word(rest, &mut found)
        };
        rest = rest[taken..].trim_start();
    }
    found
}

/// `key="value"`, its length too.
fn pair(text: &str) -> Option<(&str, String, usize)> {
    let key = &text[..scan::id(text)?];
    let value = text[key.len()..].strip_prefix('=')?;
    let quote = value.chars().next().filter(|c| matches!(c, '"' | '\''))?;
    let mut out = String::new();
    let mut escaped = false;
    for (at, c) in value[1..].char_indices() {
        match c {
            '\\' if !escaped => {
                escaped = true;
                continue;
            }
            c if c == quote && !escaped => return Some((key, out, key.len() + 1 + 1 + at + 1)),
            c => {
                if escaped && c != quote && c != '}' {
                    out.push('\\');
                }
                out.push(c);
            }
        }
        escaped = false;
    }
    None
}

/// A bare name, or `.class` and `#id`, up to the next white space.
fn word(text: &str, found: &mut Attributes) -> usize {
    let length = text.find(|c: char| c.is_ascii_whitespace()).unwrap_or(text.len());
    let word = &text[..length];
    if scan::id(word) == Some(length) {
        found.names.push(word.to_owned());
    }
    length
}

/// An extension's opening tag: name, options, whether it is closed at once, and its length.
struct Opening<'a> {
    name: &'a str,
    options: &'a str,
    closed: bool,
    length: usize,
}

fn opening(source: &str) -> Option<Opening<'_>> {
    let rest = source.strip_prefix("{::")?;
    let length = rest.bytes().take_while(|b| b.is_ascii_alphanumeric() || *b == b'_').count();
    let (name, rest) = rest.split_at(length);
    let inner = if rest.starts_with('}') { "" } else { scan::before_brace(rest)? };
    let closed = inner.ends_with('/');
    let options = inner.strip_suffix('/').unwrap_or(inner);
    let spaced = options.is_empty() || options.starts_with(|c: char| c.is_ascii_whitespace());
    (length > 0 && spaced).then_some(Opening {
        name,
        options,
        closed,
        length: source.len() - rest[inner.len() + 1..].len(),
    })
}

/// Where `{:/}` or `{:/name}` stands, and its length.
fn closing(source: &str, name: &str) -> Option<(usize, usize)> {
    let mut from = 0;
    while let Some(found) = source[from..].find("{:/") {
        let at = from + found;
        let rest = &source[at + 3..];
        if rest.starts_with('}') {
            return Some((at, 4));
        }
        if rest.strip_prefix(name).is_some_and(|rest| rest.starts_with('}')) {
            return Some((at, 4 + name.len()));
        }
        from = at + 3;
    }
    None
}

/// What an extension does.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Extension {
    Nothing,
    Leaves(Node),
    /// Options for what follows.
    Sets(Attributes),
}

impl Extension {
    /// What it leaves behind; options are set.
    pub(super) fn apply(self, options: &mut Kramdown) -> Option<Node> {
        match self {
            Self::Nothing => None,
            Self::Leaves(node) => Some(node),
            Self::Sets(found) => {
                for (key, value) in found.pairs {
                    match key.as_str() {
                        "parse_block_html" => options.parse_block_html = value == "true",
                        "parse_span_html" => options.parse_span_html = value == "true",
                        _ => {}
                    }
                }
                None
            }
        }
    }
}

/// An extension at the beginning of `source`: what it does and its length.
pub(super) fn extension(source: &str, level: Level) -> Option<(Extension, usize)> {
    let tag = opening(source)?;
    let mut at = tag.length;
    if level == Level::Block {
        at += scan::rest_is_blank(&source[at..])?;
    }
    let mut body = None;
    if !tag.closed {
        let (end, length) = closing(&source[at..], tag.name)?;
        let mut text = &source[at..at + end];
        at += end + length;
        if level == Level::Block {
            // The stop tag stands on a line of its own.
            text = text.trim_end_matches(' ');
            text = text.strip_suffix('\n').unwrap_or(text);
            at += scan::rest_is_blank(&source[at..])?;
        }
        body = Some(text);
    }
    let node = match (tag.name, body) {
        ("comment", _) | ("nomarkdown", None) => Extension::Nothing,
        ("options", _) => Extension::Sets(parse(tag.options)),
        ("nomarkdown", Some(text)) => {
            let kind =
                parse(tag.options).pairs.into_iter().find(|(key, _)| key == "type").map(|(_, value)| value);
            let is_html = kind.is_none_or(|kind| kind.split_whitespace().any(|kind| kind == "html"));
            if is_html {
                Extension::Leaves(Node::new(Kind::Raw(text.to_owned(), level)))
            } else {
                Extension::Nothing
            }
        }
        _ => return None,
    };
    Some((node, at))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_classes_and_pairs_are_told_apart() {
        let found = parse(" .notice--info #x toc width=\"30\\\"0\" target='_blank'");
        assert_eq!(found.names, ["toc"]);
        let pairs: Vec<_> = found.pairs.iter().map(|(key, value)| (key.as_str(), value.as_str())).collect();
        assert_eq!(pairs, [("width", "30\"0"), ("target", "_blank")]);
    }

    #[test]
    fn extensions_leave_their_html_or_nothing() {
        assert_eq!(extension("{::comment}\nx\n{:/comment}\ny", Level::Block), Some((Extension::Nothing, 26)));
        let raw = Node::new(Kind::Raw("<b>*</b>".into(), Level::Span));
        assert_eq!(
            extension("{::nomarkdown}<b>*</b>{:/} y", Level::Span),
            Some((Extension::Leaves(raw), 26))
        );
        assert_eq!(extension("{::unknown}x{:/}", Level::Span), None);
    }
}
