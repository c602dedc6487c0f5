//! Tags that only look like HTML: `vector<int>`, `#include <list>`, a formula's elements.
//!
//! The sanitiser takes elements by such names away with all that is in them, and a tag that nobody closes holds the rest of its
//! block. So the tags go first, and what stands around them stays.

use std::borrow::Cow;

/// Every element of HTML, obsolete ones too, and `svg`, which the sanitiser takes whole (WHATWG HTML, "Index", §16.2).
const ELEMENTS: &[&str] = &[
    "a", "abbr", "acronym", "address", "applet", "area", "article", "aside", "audio", "b", "base",
    "basefont", "bdi", "bdo", "big", "blink", "blockquote", "body", "br", "button", "canvas", "caption",
    "center", "cite", "code", "col", "colgroup", "command", "data", "datalist", "dd", "del", "details",
    "dfn", "dialog", "dir", "div", "dl", "dt", "em", "embed", "fieldset", "figcaption", "figure", "font",
    "footer", "form", "frame", "frameset", "h1", "h2", "h3", "h4", "h5", "h6", "head", "header", "hgroup",
    "hr", "html", "i", "iframe", "img", "input", "ins", "kbd", "keygen", "label", "legend", "li", "link",
    "main", "map", "mark", "marquee", "menu", "meta", "meter", "nav", "nobr", "noembed", "noframes",
    "noscript", "object", "ol", "optgroup", "option", "output", "p", "param", "picture", "plaintext", "pre",
    "progress", "q", "rb", "rbc", "rp", "rt", "rtc", "ruby", "s", "samp", "script", "section", "select",
    "slot", "small", "source", "span", "strike", "strong", "style", "sub", "summary", "sup", "svg", "table",
    "tbody", "td", "template", "textarea", "tfoot", "th", "thead", "time", "title", "tr", "track", "tt", "u",
    "ul", "var", "video", "wbr", "xmp",
];

/// The HTML without tags of elements that HTML does not have.
pub(super) fn known(html: &str) -> Cow<'_, str> {
    let mut out = String::new();
    let mut kept = 0;
    let mut at = 0;
    while let Some(found) = html[at..].find('<') {
        let start = at + found;
        let inner = html[start + 1..].strip_prefix('/').unwrap_or(&html[start + 1..]);
        at = start + 1;
        if !inner.starts_with(|c: char| c.is_ascii_alphabetic()) {
            continue;
        }
        let name = inner.split(|c: char| c.is_whitespace() || matches!(c, '/' | '>')).next().unwrap_or("");
        if is_element(name) {
            continue;
        }
        let Some(length) = end_of_tag(inner) else { break };
        out.push_str(&html[kept..start]);
        kept = html.len() - inner.len() + length;
        at = kept;
    }
    if kept == 0 {
        return html.into();
    }
    out.push_str(&html[kept..]);
    out.into()
}

fn is_element(name: &str) -> bool {
    let is_known = |name: &str| ELEMENTS.binary_search(&name).is_ok();
    is_known(name) || (name.bytes().any(|b| b.is_ascii_uppercase()) && is_known(&name.to_ascii_lowercase()))
}

/// The length of a tag to its end, `>` inside quotes apart.
fn end_of_tag(tag: &str) -> Option<usize> {
    let mut quote = None;
    let end = tag.bytes().position(|b| {
        match (quote, b) {
            (Some(open), _) if open == b => quote = None,
            (None, b'"' | b'\'') => quote = Some(b),
            (None, b'>') => return true,
            _ => {}
        }
        false
    });
    // A quote that is never closed is a letter.
    end.or_else(|| tag.find('>')).map(|at| at + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn elements_are_known_in_any_case() {
        assert!(ELEMENTS.is_sorted());
        assert_eq!(known("<P>a<BR></P>"), "<P>a<BR></P>");
    }

    #[test]
    fn what_stands_around_a_tag_that_is_none_stays() {
        for (html, expect) in [
            ("<p>가 vector<int>에 대해</p>", "<p>가 vector에 대해</p>"),
            ("<INT main> <list a=\"x>y\"> 글", "  글"),
            ("<p>a < b <b>c</b> &lt;int&gt;</p>", "<p>a < b <b>c</b> &lt;int&gt;</p>"),
            ("<math><mi>x</mi></math>", "x"),
            ("<set 끝", "<set 끝"),
        ] {
            assert_eq!(known(html), expect);
        }
    }
}
