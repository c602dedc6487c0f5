//! HTML as kramdown knows it: which names are elements of lines and which of blocks, and what a tag looks like.

use super::node::Model;

const SPANS: &[&str] = &[
    "a", "abbr", "acronym", "b", "bdo", "big", "br", "button", "cite", "code", "del", "dfn", "em", "i",
    "img", "input", "ins", "kbd", "label", "mark", "option", "q", "rb", "rbc", "rp", "rt", "rtc", "ruby",
    "samp", "select", "small", "span", "strong", "sub", "sup", "tt", "u", "var",
];
const BLOCKS: &[&str] = &[
    "address", "applet", "article", "aside", "blockquote", "body", "caption", "col", "colgroup", "dd", "div",
    "dl", "dt", "fieldset", "figcaption", "footer", "form", "h1", "h2", "h3", "h4", "h5", "h6", "head",
    "header", "hgroup", "hr", "html", "iframe", "legend", "li", "main", "map", "menu", "nav", "ol",
    "optgroup", "p", "pre", "section", "summary", "table", "tbody", "td", "tfoot", "th", "thead", "tr", "ul",
];
const VOID: &[&str] = &[
    "area", "base", "br", "col", "command", "embed", "hr", "img", "input", "keygen", "link", "meta", "param",
    "source", "track", "wbr",
];
const OF_BLOCKS: &[&str] = &[
    "address", "applet", "article", "aside", "blockquote", "body", "dd", "details", "div", "dl", "fieldset",
    "figcaption", "figure", "footer", "form", "header", "hgroup", "iframe", "li", "main", "map", "menu",
    "nav", "noscript", "object", "section", "summary", "td",
];
const OF_SPANS: &[&str] = &[
    "a", "abbr", "acronym", "b", "bdo", "big", "button", "caption", "cite", "del", "dfn", "dt", "em", "h1",
    "h2", "h3", "h4", "h5", "h6", "i", "ins", "label", "legend", "optgroup", "p", "q", "rb", "rbc", "rp",
    "rt", "rtc", "ruby", "select", "small", "span", "strong", "sub", "sup", "th", "tt",
];
const OF_RAW: &[&str] =
    &["code", "kbd", "math", "option", "pre", "samp", "script", "style", "textarea", "var"];

pub(super) fn is_span(name: &str) -> bool {
    SPANS.contains(&name)
}

pub(super) fn is_block(name: &str) -> bool {
    BLOCKS.contains(&name)
}

pub(super) fn is_void(name: &str) -> bool {
    VOID.contains(&name)
}

/// Whether HTML has an element of this name, which must be in lower case.
fn is_known(name: &str) -> bool {
    [SPANS, BLOCKS, VOID, OF_BLOCKS, OF_SPANS, OF_RAW].iter().any(|names| names.contains(&name))
}

/// What an element may hold.
pub(super) fn model(name: &str) -> Model {
    if OF_BLOCKS.contains(&name) {
        Model::Block
    } else if OF_SPANS.contains(&name) {
        Model::Span
    } else {
        Model::Raw
    }
}

/// The name in lower case where HTML knows it, else as written.
pub(super) fn folded(name: &str) -> String {
    let lower = name.to_ascii_lowercase();
    if is_known(&lower) { lower } else { name.to_owned() }
}

/// An XML name, perhaps with a prefix; letters of any script count.
pub(super) fn name(source: &str) -> Option<usize> {
    let part = |text: &str| {
        let first = text.chars().next()?;
        if !(first.is_alphabetic() || first == '_') {
            return None;
        }
        let more = |c: char| c.is_alphanumeric() || matches!(c, '-' | '.' | '_');
        Some(text.find(|c: char| !more(c)).unwrap_or(text.len()))
    };
    let first = part(source)?;
    let prefixed = source[first..].strip_prefix(':').and_then(part);
    Some(first + prefixed.map_or(0, |second| second + 1))
}

/// A start tag.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Tag<'a> {
    pub name: &'a str,
    /// As written, from the white space before the first to the end of the last.
    pub attributes: &'a str,
    /// Whether it ends in `/>`.
    pub closed: bool,
    pub length: usize,
}

/// The start tag at the beginning of `source`.
pub(super) fn start(source: &str) -> Option<Tag<'_>> {
    let rest = source.strip_prefix('<')?;
    let name_length = name(rest)?;
    let mut at = 1 + name_length;
    let from = at;
    while let Some(length) = attribute(&source[at..]) {
        at += length;
    }
    let attributes = &source[from..at];
    let tail = source[at..].trim_start();
    let (closed, tail) = tail.strip_prefix('/').map_or((false, tail), |tail| (true, tail));
    let tail = tail.strip_prefix('>')?;
    Some(Tag { name: &rest[..name_length], attributes, closed, length: source.len() - tail.len() })
}

/// White space, a name, and perhaps `=` and a word or a quoted text.
fn attribute(source: &str) -> Option<usize> {
    let text = source.trim_start();
    if text.len() == source.len() {
        return None;
    }
    let text = &text[name(text)?..];
    let valued = || {
        let value = text.trim_start().strip_prefix('=')?.trim_start();
        let quote = value.chars().next()?;
        if matches!(quote, '"' | '\'') {
            return Some(&value[1 + value[1..].find(quote)? + 1..]);
        }
        let word = value.find(|c: char| !(c.is_alphanumeric() || c == '_')).unwrap_or(value.len());
        (word > 0).then(|| &value[word..])
    };
    let rest = valued().unwrap_or(text);
    Some(source.len() - rest.len())
}

/// The end tag at the beginning of `source`: its name and length.
pub(super) fn end(source: &str) -> Option<(&str, usize)> {
    let rest = source.strip_prefix("</")?;
    let length = name(rest)?;
    let tail = rest[length..].trim_start().strip_prefix('>')?;
    Some((&rest[..length], source.len() - tail.len()))
}

/// Where the end tag of `name` stands in `source`, whatever its case, and its length.
pub(super) fn find_end(source: &str, name: &str) -> Option<(usize, usize)> {
    let mut from = 0;
    while let Some(found) = source[from..].find("</") {
        let at = from + found;
        if let Some((other, length)) = end(&source[at..])
            && other.eq_ignore_ascii_case(name)
        {
            return Some((at, length));
        }
        from = at + 2;
    }
    None
}

/// A comment's length.
pub(super) fn comment(source: &str) -> Option<usize> {
    let rest = source.strip_prefix("<!--")?;
    Some(4 + rest.find("-->")? + 3)
}

/// The length of `<? … ?>`.
pub(super) fn instruction(source: &str) -> Option<usize> {
    let rest = source.strip_prefix("<?")?;
    Some(2 + rest.find("?>")? + 2)
}

/// Whether a tag of a block stands here: such a line ends a paragraph.
pub(super) fn ends_text(source: &str) -> bool {
    let of_block = |rest: &str| {
        let length = name(rest)?;
        let word = rest[..length].find(|c: char| !(c.is_alphanumeric() || c == '_')).unwrap_or(length);
        let word = &rest[..word];
        (!(is_span(word) || word == "script")).then_some(length)
    };
    if let Some(rest) = source.strip_prefix("</") {
        return of_block(rest).is_some_and(|length| rest[length..].trim_start().starts_with('>'));
    }
    source.strip_prefix('<').is_some_and(|rest| of_block(rest).is_some())
}

/// The value of `markdown` among attributes, and the others as written.
pub(super) fn without_markdown(attributes: &str) -> (Option<&str>, String) {
    let mut kept = String::new();
    let mut value = None;
    let mut at = 0;
    while let Some(length) = attribute(&attributes[at..]) {
        let whole = &attributes[at..at + length];
        match whole.trim_start().split_once('=') {
            Some((name, written)) if name.trim().eq_ignore_ascii_case("markdown") => {
                value = Some(written.trim().trim_matches(['"', '\'']));
            }
            _ => kept.push_str(whole),
        }
        at += length;
    }
    (value, kept)
}
