//! Titles written as HTML, as the plain text that a browser shows.

/// Elements that may stand inside a line. Any other `<word>` is text: `#include <vector>`, `List<String>`.
const ELEMENTS: [&str; 31] = [
    "a", "abbr", "b", "big", "br", "center", "cite", "code", "del", "em", "font", "i", "img", "ins", "kbd",
    "mark", "q", "rp", "rt", "ruby", "s", "samp", "small", "span", "strike", "strong", "sub", "sup", "tt",
    "u", "wbr",
];

/// The text without the tags of these elements, its references turned into characters.
pub fn plain(html: &str) -> String {
    html_escape::decode_html_entities(&without_tags(html)).into_owned()
}

fn without_tags(html: &str) -> String {
    let mut out = String::with_capacity(html.len());
    let mut rest = html;
    while let Some(at) = rest.find('<') {
        let (before, tag) = rest.split_at(at);
        out.push_str(before);
        let hidden = ["script", "style"].iter().find_map(|name| {
            tag[1..]
                .to_ascii_lowercase()
                .starts_with(name)
                .then(|| tag.to_ascii_lowercase().find(&format!("</{name}>")).map(|end| end + name.len() + 3))
                .flatten()
        });
        if let Some(end) = hidden {
            rest = &tag[end..];
            continue;
        }
        if let Some(end) = tag.find("-->").filter(|_| tag.starts_with("<!--")) {
            rest = &tag[end + 3..];
            continue;
        }
        let inner = tag[1..].strip_prefix('/').unwrap_or(&tag[1..]);
        let length = inner.bytes().take_while(u8::is_ascii_alphanumeric).count();
        let name = inner[..length].to_ascii_lowercase();
        let apart = inner[length..].starts_with(|c: char| c.is_whitespace() || matches!(c, '>' | '/'));
        if let Some(end) = tag.find('>').filter(|_| apart && ELEMENTS.contains(&name.as_str())) {
            if name == "br" {
                out.push(' ');
            }
            rest = &tag[end + 1..];
        } else {
            out.push('<');
            rest = &tag[1..];
        }
    }
    out.push_str(rest);
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn elements_go_and_other_brackets_stay() {
        for (html, expect) in [
            ("A &amp; <b>B</b>", "A & B"),
            ("It&#8217;s 5 < 6", "It’s 5 < 6"),
            ("#include <bits/stdc++.h>와 List<String>", "#include <bits/stdc++.h>와 List<String>"),
            ("하나<br/>둘", "하나 둘"),
        ] {
            assert_eq!(plain(html), expect);
        }
    }
}
