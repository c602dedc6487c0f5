//! Zola's calls: `{{ name(key="value") }}`, and `{% name(…) %} … {% end %}` around a text.

use serde_json::Value;

use super::{Answer, Call, Expanded, Shortcodes, builtin};
use crate::content::Post;

pub(super) fn expand(codes: &Shortcodes<'_>, text: &str, post: &Post) -> Expanded {
    let mut out = Expanded::default();
    read(codes, text, post, &mut out, 0);
    out
}

fn read(codes: &Shortcodes<'_>, text: &str, post: &Post, out: &mut Expanded, depth: usize) {
    let mut rest = text;
    while let Some(at) =
        rest.match_indices('{').map(|(at, _)| at).find(|at| rest[at + 1..].starts_with(['{', '%']))
    {
        out.text.push_str(&rest[..at]);
        rest = &rest[at..];
        let (open, close) = if rest.starts_with("{{") { ("{{", "}}") } else { ("{%", "%}") };
        // `{{/* x() */}}` shows a call without making it.
        if let Some((literal, after)) =
            rest[2..].strip_prefix("/*").and_then(|inner| inner.split_once(&format!("*/{close}")))
        {
            out.text.push_str(&format!("{open}{literal}{close}"));
            rest = after;
            continue;
        }
        let Some((mut call, length)) = call(rest, close) else {
            out.text.push_str(&rest[..2]);
            rest = &rest[2..];
            continue;
        };
        let written = &rest[..length];
        rest = &rest[length..];
        if open == "{%"
            && let Some((inner, after)) = enclosed(rest)
        {
            rest = after;
            let mut nested = Expanded { pieces: std::mem::take(&mut out.pieces), ..Expanded::default() };
            if depth < 20 {
                read(codes, inner.trim(), post, &mut nested, depth + 1);
            }
            out.pieces = nested.pieces;
            out.take(nested.unknown, nested.failed);
            call.inner = Some(nested.text);
        }
        let made = codes.own(&call, post, out);
        if let Some(answer) = made.or_else(|| builtin::zola(&call)) {
            out.push(answer);
        } else {
            out.take(vec![written.to_owned()], Vec::new());
            match builtin::guessed(&call) {
                Some(html) => out.push(Answer::Html(html)),
                None => out.text.push_str(call.inner.as_deref().unwrap_or("")),
            }
        }
    }
    out.text.push_str(rest);
}

/// `name(key=value, …)` between the marks, and the length of it all.
fn call(text: &str, close: &str) -> Option<(Call, usize)> {
    let inner = text[2..].strip_prefix('-').unwrap_or(&text[2..]);
    let start = inner.trim_start();
    let length = start.bytes().take_while(|b| b.is_ascii_alphanumeric() || *b == b'_').count();
    let mut rest = start[length..].strip_prefix('(')?;
    let mut call = Call { name: start[..length].to_owned(), ..Call::default() };
    if length == 0 {
        return None;
    }
    loop {
        rest = rest.trim_start_matches(|c: char| c.is_whitespace() || c == ',');
        if let Some(after) = rest.strip_prefix(')') {
            let after = after.trim_start();
            let after = after.strip_prefix('-').unwrap_or(after).strip_prefix(close)?;
            return Some((call, text.len() - after.len()));
        }
        let name = rest.bytes().take_while(|b| b.is_ascii_alphanumeric() || *b == b'_').count();
        let written = rest[name..].trim_start().strip_prefix('=').filter(|_| name > 0)?.trim_start();
        let (value, after) = value(written)?;
        call.params.insert(rest[..name].to_owned(), value);
        rest = after;
    }
}

fn value(text: &str) -> Option<(Value, &str)> {
    if let Some(quote) = text.chars().next().filter(|c| matches!(c, '"' | '\'' | '`')) {
        let end = 1 + text[1..].find(quote)?;
        return Some((text[1..end].into(), &text[end + 1..]));
    }
    if let Some(inner) = text.strip_prefix('[') {
        let mut list = Vec::new();
        let mut rest = inner;
        loop {
            rest = rest.trim_start_matches(|c: char| c.is_whitespace() || c == ',');
            if let Some(after) = rest.strip_prefix(']') {
                return Some((Value::Array(list), after));
            }
            let (item, after) = value(rest)?;
            list.push(item);
            rest = after;
        }
    }
    let end = text.find(|c: char| matches!(c, ',' | ')' | ']') || c.is_whitespace()).unwrap_or(text.len());
    let word = &text[..end];
    let value = serde_json::from_str(word).ok().filter(|_| !word.is_empty())?;
    Some((value, &text[end..]))
}

/// What stands before `{% end %}`, other calls that enclose something apart.
fn enclosed(text: &str) -> Option<(&str, &str)> {
    let mut open = 1;
    let mut from = 0;
    loop {
        let at = from + text[from..].find("{%")?;
        let end = at + 2 + text[at + 2..].find("%}")? + 2;
        let inner = text[at + 2..end - 2].trim_matches('-').trim();
        from = end;
        if inner == "end" {
            open -= 1;
            if open == 0 {
                return Some((&text[..at], &text[end..]));
            }
        } else if inner.contains('(') {
            open += 1;
        }
    }
}
