//! Links and pictures, with their targets in the line or defined elsewhere.

use super::link_id;
use super::node::{Kind, Node};
use super::span::{Set, Spans, Stop};

/// Reads a link or picture that begins here. `false` where none may.
pub(super) fn read(spans: &mut Spans<'_, '_>, node: &mut Node) -> bool {
    let rest = spans.rest();
    let is_image = rest.starts_with('!');
    let mark = if is_image { 2 } else { 1 };
    let Some(inside) =
        rest[mark - 1..].strip_prefix('[').filter(|rest| !rest.is_empty() && !rest.starts_with('^'))
    else {
        return false;
    };
    let nests = |kind: &Kind| matches!(kind, Kind::Link { .. } | Kind::Image { .. });
    if !is_image && spans.open.iter().any(nests) {
        spans.pass(node, mark);
        return true;
    }
    let start = spans.at;
    spans.at += mark;
    let kind = if is_image {
        Kind::Image { source: String::new(), title: None, alt: String::new() }
    } else {
        Kind::Link { target: String::new(), title: None }
    };
    let (mut found, closed) = spans.run(kind, Stop::Bracket, Set::All);
    let words = closed.then(|| unescaped(&inside[..spans.at - start - mark]));
    let target = words.as_deref().and_then(|words| {
        spans.at += 1;
        target(spans, words)
    });
    let (Some(words), Some((address, title))) = (words, target) else {
        spans.at = start;
        spans.pass(node, mark);
        return true;
    };
    let plain = |text: String| html_escape::decode_html_entities(&text).into_owned();
    let (address, title) = (plain(address), title.map(plain));
    if is_image {
        found.children.clear();
        found.kind = Kind::Image { source: address, title, alt: plain(words) };
    } else {
        found.kind = Kind::Link { target: address, title };
    }
    node.children.push(found);
    true
}

/// What follows the closing bracket: an id, or a target in parentheses. Without either, the words are the id.
fn target(spans: &mut Spans<'_, '_>, words: &str) -> Option<(String, Option<String>)> {
    let rest = spans.rest();
    let after = rest.trim_start_matches(|c: char| c.is_ascii_whitespace());
    let named = after.strip_prefix('[').and_then(|inner| {
        let end = inner.find(']')?;
        Some((&inner[..end], rest.len() - inner[end + 1..].len()))
    });
    if named.is_some() || !rest.starts_with('(') {
        let (id, length) = named.unwrap_or(("", 0));
        let id = link_id(if id.is_empty() { words } else { id });
        let found = spans.document.links.get(&id).cloned();
        spans.at += length;
        return found;
    }
    let (address, after) = match rest.strip_prefix("(<") {
        Some(inner) if inner.find('>').is_some_and(|end| !inner[..end].contains('\n')) => {
            let end = inner.find('>')?;
            (inner[..end].to_owned(), &inner[end + 1..])
        }
        _ => {
            let (length, closed) = parenthesised(rest)?;
            let address = rest[1..length - 1].trim().to_owned();
            if closed {
                spans.at += length;
                return Some((address, None));
            }
            (address, &rest[length..])
        }
    };
    if let Some(after) = after.strip_prefix(')') {
        spans.at = spans.source.len() - after.len();
        return Some((address, None));
    }
    let text = after.trim_start();
    let quote = text.chars().next().filter(|c| matches!(c, '"' | '\''))?;
    let mut from = 2.min(text.len());
    loop {
        while !text.is_char_boundary(from) {
            from += 1;
        }
        let end = from + text[from..].find(quote)?;
        let tail = text[end + 1..].trim_start();
        if let Some(tail) = tail.strip_prefix(')') {
            spans.at = spans.source.len() - tail.len();
            return Some((address, Some(text[1..end].to_owned())));
        }
        from = end + 1;
    }
}

/// How far a target in parentheses reaches: to the one that closes it, or to the white space before a title.
fn parenthesised(text: &str) -> Option<(usize, bool)> {
    let mut depth = 0;
    for (at, c) in text.char_indices() {
        match c {
            '(' => depth += 1,
            ')' => {
                depth -= 1;
                if depth == 0 {
                    return Some((at + 1, true));
                }
            }
            c if c.is_ascii_whitespace() && text[at + 1..].starts_with(['"', '\'']) => {
                return Some((at + 1, false));
            }
            _ => {}
        }
    }
    None
}

fn unescaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        match chars.peek() {
            Some(next) if c == '\\' && "\\.*_+`<>()[]{}#!:|\"'$=-".contains(*next) => {
                out.push(*next);
                chars.next();
            }
            _ => out.push(c),
        }
    }
    out
}
