//! Quotation marks, dashes and dots as kramdown sets them, by SmartyPants' rules.

use crate::config::Kramdown;

/// Single marks, left and right, then double ones.
type Marks = [char; 4];

/// A quotation mark at the beginning of `source`, perhaps after one other character: the text to put there and how many
/// bytes it replaces.
pub fn quotes(source: &str, marks: Marks) -> Option<(String, usize)> {
    let mut chars = source.chars();
    let first = chars.next()?;
    let second = chars.next();
    let is_quote = |c: char| matches!(c, '"' | '\'');
    if is_quote(first) {
        if let Some(found) = bare(first, &source[1..], marks) {
            return Some(found);
        }
    } else if !second.is_some_and(is_quote) || first == '\\' {
        return None;
    }
    let quote = second.filter(|c| is_quote(*c));
    if let Some(quote) = quote {
        let prefix = first.len_utf8();
        let rest = &source[prefix + 1..];
        let space = is_space(first);
        if space && let Some((text, length)) = opening_pair(quote, rest, marks) {
            return Some((format!("{first}{text}"), prefix + length));
        }
        if space && quote == '\'' && is_decade(rest) {
            return Some((format!("{first}{}", marks[1]), prefix + 1));
        }
        if space && rest.starts_with(is_word) {
            return Some((format!("{first}{}", left(quote, marks)), prefix + 1));
        }
        if !matches!(first, ' ' | '\\' | '\t' | '\r' | '\n' | '[' | '{' | '(' | '-') {
            return Some((format!("{first}{}", right(quote, marks)), prefix + 1));
        }
        if !is_quote(first) {
            return Some((format!("{first}{}", left(quote, marks)), prefix + 1));
        }
    }
    // Only a mark that stands first is left.
    let rest = &source[1..];
    let closes = rest.is_empty()
        || rest.starts_with(is_space)
        || rest.strip_prefix('s').is_some_and(|rest| !rest.starts_with(is_letter));
    Some((if closes { right(first, marks) } else { left(first, marks) }.to_string(), 1))
}

/// The rules for a mark with nothing before it that must come before the rule for a closing one.
fn bare(quote: char, rest: &str, marks: Marks) -> Option<(String, usize)> {
    let stars = rest.bytes().take(2).take_while(|b| matches!(b, b'_' | b'*')).count();
    let follows = |at: usize| rest[at..].starts_with(|c: char| !is_space(c));
    if (1..=stars).any(follows) {
        return Some((left(quote, marks).to_string(), 1));
    }
    let next = rest.chars().next();
    let punctuation = next.is_some_and(|c| c.is_ascii_punctuation() && c != '&');
    if punctuation && !rest[1..].starts_with("..") && !rest[1..].starts_with(is_letter) {
        // A word character would make a boundary behind the punctuation; `_` is one itself.
        let inside = next == Some('_');
        if !inside {
            return Some((right(quote, marks).to_string(), 1));
        }
    }
    if let Some(pair) = opening_pair(quote, rest, marks) {
        return Some(pair);
    }
    (quote == '\'' && is_decade(rest)).then(|| (marks[1].to_string(), 1))
}

/// `"'` or `'"` before a word.
fn opening_pair(quote: char, rest: &str, marks: Marks) -> Option<(String, usize)> {
    let other = if quote == '"' { '\'' } else { '"' };
    let after = rest.strip_prefix(other)?;
    after.starts_with(is_word).then(|| (format!("{}{}", left(quote, marks), left(other, marks)), 2))
}

/// `'80s`.
fn is_decade(rest: &str) -> bool {
    let bytes = rest.as_bytes();
    bytes.len() > 2 && bytes[0].is_ascii_digit() && bytes[1].is_ascii_digit() && bytes[2] == b's'
}

fn left(quote: char, marks: Marks) -> char {
    if quote == '"' { marks[2] } else { marks[0] }
}

fn right(quote: char, marks: Marks) -> char {
    if quote == '"' { marks[3] } else { marks[1] }
}

fn is_space(c: char) -> bool {
    c.is_ascii_whitespace() || c == '\u{b}'
}

fn is_word(c: char) -> bool {
    c.is_ascii_alphanumeric() || c == '_'
}

fn is_letter(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}

/// Dashes, dots and guillemets at the beginning of `source`.
pub fn symbol(source: &str) -> Option<(&'static str, usize)> {
    const SYMBOLS: [(&str, &str); 9] = [
        ("---", "—"),
        ("--", "–"),
        ("...", "…"),
        ("\\<<", "<<"),
        ("\\>>", ">>"),
        ("<< ", "«\u{a0}"),
        (" >>", "\u{a0}»"),
        ("<<", "«"),
        (">>", "»"),
    ];
    SYMBOLS
        .iter()
        .find(|(written, _)| source.starts_with(written))
        .map(|(written, shown)| (*shown, written.len()))
}

/// A line of plain text set as `smartify` sets it: marks turned, tags and references left as they are.
pub fn smartify(text: &str, options: Kramdown) -> String {
    let mut out = String::with_capacity(text.len() + 8);
    let mut at = 0;
    while let Some(c) = text[at..].chars().next() {
        let rest = &text[at..];
        if let Some(length) = tag(rest) {
            out.push_str(&rest[..length]);
            at += length;
        } else if let Some((set, length)) = options.quotes.and_then(|marks| quotes(rest, marks)) {
            out.push_str(&set);
            at += length;
        } else if let Some((set, length)) = symbol(rest).filter(|_| options.symbols) {
            out.push_str(set);
            at += length;
        } else {
            out.push(c);
            at += c.len_utf8();
        }
    }
    out
}

/// The length of a tag at the beginning of `source`.
fn tag(source: &str) -> Option<usize> {
    let inner = source.strip_prefix('<')?;
    if inner.starts_with("!--") {
        return Some(source.find("-->")? + 3);
    }
    let name = inner.strip_prefix('/').unwrap_or(inner);
    let end = inner.find('>')?;
    name.starts_with(char::is_alphabetic).then_some(end + 2)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_turn_as_kramdown_turns_them() {
        for (text, expect) in [
            ("\"인용\"이라고", "“인용”이라고"),
            ("그는 \"왜?\"라고", "그는 “왜?”라고"),
            ("it's '80s \"x\".", "it’s ’80s “x”."),
            ("(\"가\") 'b'", "(“가”) ‘b’"),
            ("가 -- 나 --- 다...", "가 – 나 — 다…"),
        ] {
            assert_eq!(smartify(text, Kramdown::default()), expect);
        }
    }
}
