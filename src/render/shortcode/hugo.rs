//! Hugo's calls: `{{< name … >}}` makes HTML, `{{% name … %}}` makes Markdown, and either may enclose a text.

use serde_json::Value;

use super::{Answer, Call, Expanded, Shortcodes, builtin};
use crate::content::Post;

/// Calls inside calls inside calls.
const DEEPEST: usize = 20;

pub(super) fn expand(codes: &Shortcodes<'_>, text: &str, post: &Post) -> Expanded {
    let mut out = Expanded::default();
    read(codes, text, post, &mut out, 0);
    out
}

/// A tag: what it calls, whether it ends a call or is one whole, and its length.
struct Tag<'a> {
    call: Call,
    closes: bool,
    whole: bool,
    makes_markdown: bool,
    written: &'a str,
}

fn read(codes: &Shortcodes<'_>, text: &str, post: &Post, out: &mut Expanded, depth: usize) {
    let mut rest = text;
    while let Some(at) = next(rest) {
        out.text.push_str(&rest[..at]);
        rest = &rest[at..];
        if let Some((literal, length)) = escaped(rest) {
            out.text.push_str(&literal);
            rest = &rest[length..];
            continue;
        }
        let Some(mut tag) = tag(rest) else {
            out.text.push_str(&rest[..3]);
            rest = &rest[3..];
            continue;
        };
        rest = &rest[tag.written.len()..];
        // An end without a beginning says nothing.
        if tag.closes {
            continue;
        }
        if !tag.whole
            && let Some((inner, after)) = enclosed(rest, &tag.call.name)
        {
            tag.call.inner = Some(inner.trim_matches('\n').to_owned());
            rest = after;
        }
        answer(codes, tag, post, out, depth);
    }
    out.text.push_str(rest);
}

fn answer(codes: &Shortcodes<'_>, tag: Tag<'_>, post: &Post, out: &mut Expanded, depth: usize) {
    let Tag { mut call, makes_markdown, written, .. } = tag;
    let is_code = call.name == "highlight";
    if let Some(inner) = call.inner.take() {
        // What is enclosed may hold calls of its own.
        let mut nested = Expanded { pieces: std::mem::take(&mut out.pieces), ..Expanded::default() };
        if depth < DEEPEST && !is_code {
            read(codes, &inner, post, &mut nested, depth + 1);
        } else {
            nested.text = inner;
        }
        out.pieces = nested.pieces;
        out.take(nested.unknown, nested.failed);
        call.inner = Some(nested.text);
    }
    let made = builtin::hugo(codes, &call, post).or_else(|| {
        codes.own(&call, post, out).map(|answer| match answer {
            Answer::Html(text) if makes_markdown => Answer::Markdown(text),
            answer => answer,
        })
    });
    if let Some(answer) = made {
        out.push(answer);
    } else {
        out.take(vec![written.to_owned()], Vec::new());
        if let Some(html) = builtin::guessed(&call) {
            out.push(Answer::Html(html));
        } else if let Some(inner) = call.inner {
            out.text.push_str(&inner);
        }
    }
}

fn next(text: &str) -> Option<usize> {
    text.match_indices("{{").map(|(at, _)| at).find(|at| text[at + 2..].starts_with(['<', '%']))
}

/// `{{</* x */>}}` shows a call without making it.
fn escaped(text: &str) -> Option<(String, usize)> {
    let (open, close) = if text.starts_with("{{<") { ("{{<", ">}}") } else { ("{{%", "%}}") };
    let inner = text[3..].strip_prefix("/*")?;
    let end = inner.find(&format!("*/{close}"))?;
    Some((format!("{open}{}{close}", &inner[..end]), 5 + end + 5))
}

fn tag(text: &str) -> Option<Tag<'_>> {
    let makes_markdown = text.starts_with("{{%");
    let close = if makes_markdown { "%}}" } else { ">}}" };
    let end = end_of(text, close)?;
    let inner = text[3..end].trim();
    let (closes, inner) = inner.strip_prefix('/').map_or((false, inner), |inner| (true, inner.trim_start()));
    let (whole, inner) = inner.strip_suffix('/').map_or((false, inner), |inner| (true, inner.trim_end()));
    let length = inner.find(|c: char| c.is_whitespace()).unwrap_or(inner.len());
    let mut call = Call { name: inner[..length].to_owned(), ..Call::default() };
    if call.name.is_empty() {
        return None;
    }
    parameters(&inner[length..], &mut call);
    Some(Tag { call, closes, whole, makes_markdown, written: &text[..end + 3] })
}

/// Where the tag closes, outside its quotes.
fn end_of(text: &str, close: &str) -> Option<usize> {
    let mut quote = None;
    text.char_indices()
        .skip(3)
        .find_map(|(at, c)| {
            match quote {
                Some(open) if c == open => quote = None,
                None if text[at..].starts_with(close) => return Some(at),
                None if matches!(c, '"' | '`') => quote = Some(c),
                Some(_) | None => {}
            }
            None
        })
        // A quote that is never closed is a letter.
        .or_else(|| text[3..].find(close).map(|at| at + 3))
}

/// `a="b" c=d` by name, or words and quoted texts by place.
fn parameters(text: &str, call: &mut Call) {
    let mut rest = text.trim_start();
    while !rest.is_empty() {
        let name = rest.bytes().take_while(|b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-')).count();
        let named = rest[name..].strip_prefix('=').filter(|_| name > 0);
        let (value, after) = value(named.unwrap_or(rest));
        match named {
            Some(_) => drop(call.params.insert(rest[..name].to_owned(), value)),
            None => call.args.push(value),
        }
        rest = after.trim_start();
    }
}

fn value(text: &str) -> (Value, &str) {
    if let Some(quote) = text.chars().next().filter(|c| matches!(c, '"' | '`')) {
        let mut escaped = false;
        let end = text.char_indices().skip(1).find_map(|(at, c)| {
            let ends = c == quote && !escaped;
            escaped = c == '\\' && quote == '"' && !escaped;
            ends.then_some(at)
        });
        let end = end.unwrap_or(text.len());
        let inner = text[1..end].replace("\\\"", "\"");
        return (inner.into(), text.get(end + 1..).unwrap_or(""));
    }
    let end = text.find(char::is_whitespace).unwrap_or(text.len());
    (text[..end].into(), &text[end..])
}

/// What stands before the end of `name`, calls of the same name inside it apart, and what follows.
fn enclosed<'a>(text: &'a str, name: &str) -> Option<(&'a str, &'a str)> {
    let mut from = 0;
    let mut open = 1;
    loop {
        let at = from + next(&text[from..])?;
        let Some(found) = tag(&text[at..]) else {
            from = at + 3;
            continue;
        };
        from = at + found.written.len();
        if found.call.name == name {
            if found.closes {
                open -= 1;
            } else if !found.whole {
                open += 1;
            }
            if open == 0 {
                return Some((&text[..at], &text[from..]));
            }
        }
    }
}
