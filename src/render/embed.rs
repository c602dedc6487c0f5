//! Frames from other sites: readers and mail programs show none, so a link takes each one's place.

use std::borrow::Cow;

/// The HTML with a link to its source where each `<iframe>` opens. What stands inside one, and its end tag, is left for the
/// sanitiser, which drops both.
pub(super) fn linked(html: &str) -> Cow<'_, str> {
    const TAG: &str = "<iframe";
    let lower = html.to_ascii_lowercase();
    if !lower.contains(TAG) {
        return html.into();
    }
    let mut out = String::with_capacity(html.len());
    let mut at = 0;
    while let Some(start) = lower[at..].find(TAG).map(|found| at + found) {
        let end = lower[start..].find('>').map_or(html.len(), |found| start + found + 1);
        out.push_str(&html[at..start]);
        if let Some(source) = attribute(&html[start..end], "src") {
            let words = attribute(&html[start..end], "title").unwrap_or(source);
            out.push_str(&format!("<a href=\"{source}\">{words}</a>"));
        }
        at = end;
    }
    out.push_str(&html[at..]);
    out.into()
}

/// The value of a tag's attribute, as written, where it is quoted and holds nothing that could end the quotes.
fn attribute<'a>(tag: &'a str, name: &str) -> Option<&'a str> {
    let lower = tag.to_ascii_lowercase();
    let at = lower.find(&format!(" {name}="))? + name.len() + 2;
    let quote = tag[at..].chars().next().filter(|c| matches!(c, '"' | '\''))?;
    let value = tag[at + 1..].split(quote).next()?;
    (!value.is_empty() && !value.contains(['"', '<', '>'])).then_some(value)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_frame_becomes_a_link() {
        for (html, expect) in [
            ("<p>x</p>", "<p>x</p>"),
            ("<IFRAME width=\"1\" src='//v.kr/1'></iframe>y", "<a href=\"//v.kr/1\">//v.kr/1</a></iframe>y"),
            ("<iframe title=\"영상\" src=\"https://v.kr/1\">", "<a href=\"https://v.kr/1\">영상</a>"),
            ("<iframe src=\"a\" title='\"><b>'>", "<a href=\"a\">a</a><b>'>"),
            ("<iframe", ""),
        ] {
            assert_eq!(linked(html), expect);
        }
    }
}
