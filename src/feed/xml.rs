//! Where the crates' XML falls short of the rules, it is mended here and nowhere else.
//!
//! Both crates escape every text, so the literal tags looked for below are always real ones: `<title>` and `<entry>` cannot
//! come from a post. Documents are written in pieces: a head, as of a feed without entries, then entry by entry, each as that of
//! a feed with this one alone, cut out.

use super::FeedError;

/// A document, cut where its entries go: what stands before them and what stands behind.
pub(super) fn parted(document: Vec<u8>, end: &str) -> Result<(String, String), FeedError> {
    let mut head = text(document)?;
    let at =
        head.rfind(end).ok_or_else(|| FeedError::Io(std::io::Error::other("a document without an end")))?;
    // The line's beginning belongs to the end.
    let at = head[..at].trim_end().len();
    let mut tail = head.split_off(at);
    tail.push('\n');
    Ok((head, tail))
}

/// Of a document with one entry, the entry; the document without it is `before` bytes and `after` bytes long.
pub(super) fn entry(document: Vec<u8>, before: usize, after: usize) -> Result<String, FeedError> {
    let mut text = text(document)?;
    text.truncate(text.len().saturating_sub(after));
    text.drain(..before);
    Ok(text)
}

fn text(bytes: Vec<u8>) -> Result<String, FeedError> {
    String::from_utf8(bytes).map_err(|error| FeedError::Io(std::io::Error::other(error)))
}

/// In the first title, `&` and `<` as hexadecimal references, which no reader takes for markup (RSS Best Practices, "title").
pub(super) fn hex_title(xml: &mut String) {
    let Some(start) = xml.find("<title>").map(|at| at + "<title>".len()) else { return };
    let Some(end) = xml[start..].find("</title>").map(|length| start + length) else { return };
    if xml[start..end].contains('&') {
        let title = xml[start..end].replace("&amp;", "&#x26;").replace("&lt;", "&#x3C;");
        xml.replace_range(start..end, &title);
    }
}

/// Gives an entry its language, which `atom_syndication` cannot write on one.
pub(super) fn entry_language(xml: &mut String, language: &str) {
    if let Some(at) = xml.find("<entry>") {
        xml.insert_str(at + "<entry".len(), &format!(" xml:lang=\"{}\"", attribute(language)));
    }
}

/// Names a style sheet, which neither crate can, below the declaration.
pub(super) fn style_sheet(xml: &mut String, href: &str) {
    if let Some(at) = xml.find("?>") {
        let instruction = format!("\n<?xml-stylesheet href=\"{}\" type=\"text/css\"?>", attribute(href));
        xml.insert_str(at + "?>".len(), &instruction);
    }
}

/// A text as the value of an attribute in double quotes.
pub(super) fn attribute(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_first_title_changes() {
        let mut xml = "<item><title>a &amp; &lt;b&gt;</title><link>x&amp;y</link></item>".to_owned();
        hex_title(&mut xml);
        assert_eq!(xml, "<item><title>a &#x26; &#x3C;b&gt;</title><link>x&amp;y</link></item>");
    }

    #[test]
    fn a_document_is_cut_where_its_entries_go() {
        let (head, tail) = parted(b"<feed>\n  <id>1</id>\n</feed>".to_vec(), "</feed>").unwrap();
        assert_eq!((head.as_str(), tail.as_str()), ("<feed>\n  <id>1</id>", "\n</feed>\n"));
        let whole = b"<feed>\n  <id>1</id>\n  <entry/>\n</feed>".to_vec();
        assert_eq!(entry(whole, head.len(), tail.len() - 1).unwrap(), "\n  <entry/>");
    }
}
