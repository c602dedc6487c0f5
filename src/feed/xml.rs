//! Where the crates' XML falls short of the rules, it is mended here and nowhere else.
//!
//! Both crates escape every text and attribute, so the literal tags looked for below are always real ones: `<title>` and
//! `<entry>` cannot come from a post.

use super::FeedError;

/// A document as text.
pub(super) fn text(bytes: Vec<u8>) -> Result<String, FeedError> {
    String::from_utf8(bytes).map_err(|error| FeedError::Io(std::io::Error::other(error)))
}

/// In RSS titles `&` and `<` as hexadecimal references, which no reader takes for markup (RSS Best Practices, "title").
pub(super) fn hex_titles(xml: &str) -> String {
    let mut out = String::with_capacity(xml.len() + 64);
    for (index, piece) in xml.split("<title>").enumerate() {
        if index == 0 {
            out.push_str(piece);
            continue;
        }
        let (title, rest) = piece.split_once("</title>").unwrap_or((piece, ""));
        out.push_str("<title>");
        out.push_str(&title.replace("&amp;", "&#x26;").replace("&lt;", "&#x3C;"));
        out.push_str("</title>");
        out.push_str(rest);
    }
    out
}

/// Gives the n-th entry the n-th language as `xml:lang`, which `atom_syndication` cannot write on an entry.
pub(super) fn entry_languages<'a>(xml: &str, languages: impl Iterator<Item = Option<&'a str>>) -> String {
    let mut out = String::with_capacity(xml.len() + 64);
    let mut pieces = xml.split("<entry>");
    out.push_str(pieces.next().unwrap_or_default());
    for (piece, language) in pieces.zip(languages) {
        match language {
            Some(language) => {
                out.push_str("<entry xml:lang=\"");
                out.push_str(&attribute_value(language));
                out.push_str("\">");
            }
            None => out.push_str("<entry>"),
        }
        out.push_str(piece);
    }
    out
}

fn attribute_value(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('"', "&quot;")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_titles_change() {
        let xml = "<title>a &amp; &lt;b&gt;</title><link>x&amp;y</link><item><title>&amp;amp;</title></item>";
        let want =
            "<title>a &#x26; &#x3C;b&gt;</title><link>x&amp;y</link><item><title>&#x26;amp;</title></item>";
        assert_eq!(hex_titles(xml), want);
    }

    #[test]
    fn languages_go_to_their_entries() {
        let xml = "<feed><entry>1</entry><entry>2</entry></feed>";
        let out = entry_languages(xml, [None, Some("en\"")].into_iter());
        assert_eq!(out, "<feed><entry>1</entry><entry xml:lang=\"en&quot;\">2</entry></feed>");
    }
}
