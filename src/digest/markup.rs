//! HTML as we write it, tag by tag: attributes in double quotes, comments closed.

/// A part of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Markup<'a> {
    /// `<name …>`; what stands behind the name.
    Open(&'a str, &'a str),
    /// `</name>`.
    Close(&'a str),
    /// What stands between tags, as it is written.
    Text(&'a str),
    /// What stands in `<style>`.
    Style(&'a str),
}

/// The parts, without comments.
pub fn parts(html: &str) -> Vec<Markup<'_>> {
    let mut parts = Vec::new();
    let mut rest = html;
    while let Some(at) = rest.find('<') {
        if at > 0 {
            parts.push(Markup::Text(&rest[..at]));
        }
        rest = &rest[at..];
        if let Some(after) = rest.strip_prefix("<!--") {
            rest = after.split_once("-->").map_or("", |(_, after)| after);
            continue;
        }
        let Some((tag, after)) = tag(&rest[1..]) else { break };
        rest = after;
        if let Some(name) = tag.strip_prefix('/') {
            parts.push(Markup::Close(name.trim()));
            continue;
        }
        let tag = tag.trim_end_matches('/');
        let (name, attributes) = tag.split_once(char::is_whitespace).unwrap_or((tag, ""));
        parts.push(Markup::Open(name, attributes));
        if name.eq_ignore_ascii_case("style") {
            let (style, after) = rest.split_once("</style>").unwrap_or((rest, ""));
            parts.push(Markup::Style(style));
            rest = after;
        }
    }
    if !rest.is_empty() {
        parts.push(Markup::Text(rest));
    }
    parts
}

/// What stands before the `>` that ends a tag, and what behind it: one in quotes ends none.
pub fn tag(html: &str) -> Option<(&str, &str)> {
    let mut quoted = false;
    let end = html.bytes().position(|b| {
        quoted ^= b == b'"';
        b == b'>' && !quoted
    })?;
    Some((&html[..end], &html[end + 1..]))
}

/// The value of an attribute, as it is written between its quotes.
pub fn attribute<'t>(attributes: &'t str, name: &str) -> Option<&'t str> {
    let mut rest = attributes;
    while let Some((before, after)) = rest.split_once("=\"") {
        let (value, after) = after.split_once('"')?;
        if before.split_whitespace().last().is_some_and(|last| last.eq_ignore_ascii_case(name)) {
            return Some(value);
        }
        rest = after;
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tags_attributes_and_style_are_told_apart() {
        let html = "<!-- <b> --><style>a > b { }</style><p class=\"x y\" id=\"1\">가 <br/>나</p>";
        let expect = [
            Markup::Open("style", ""),
            Markup::Style("a > b { }"),
            Markup::Open("p", "class=\"x y\" id=\"1\""),
            Markup::Text("가 "),
            Markup::Open("br", ""),
            Markup::Text("나"),
            Markup::Close("p"),
        ];
        assert_eq!(parts(html), expect);
        assert_eq!(
            parts("<i title=\"a > <b>\">x"),
            [Markup::Open("i", "title=\"a > <b>\""), Markup::Text("x")]
        );
        assert_eq!(attribute("hidden class=\"x y\" id=\"1\"", "id"), Some("1"));
        assert_eq!(attribute("data-id=\"1\"", "id"), None);
    }
}
