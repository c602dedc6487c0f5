//! Where the crates' XML falls short of the rules, it is mended here and nowhere else.
//!
//! Both crates escape every text, so the literal tags looked for below are always real ones: `<title>` and `<entry>` cannot
//! come from a post. Documents are written in pieces: a head, as of a feed without entries, then entry by entry, each as that of
//! a feed with this one alone, cut out.

use memchr::memmem;

use super::FeedError;

/// A document, cut where its entries go: what stands before them and what stands behind.
pub(super) fn parted(document: Vec<u8>, end: &str) -> Result<(String, String), FeedError> {
    let odd = |why: &str| FeedError::Io(std::io::Error::other(why.to_owned()));
    let mut head = String::from_utf8(document).map_err(|error| odd(&error.to_string()))?;
    let at = head.rfind(end).ok_or_else(|| odd("a document without an end"))?;
    // The line's beginning belongs to the end.
    let at = head[..at].trim_end().len();
    let mut tail = head.split_off(at);
    tail.push('\n');
    Ok((head, tail))
}

/// Stands for an entry's text while the crates write what is around it: a noncharacter, which no post can hold. The text is by
/// far the most of an entry, and is put in here without being copied again and again.
pub(super) const TEXT: &str = "\u{fdd4}";

/// The bytes of an entry.
#[derive(Debug)]
pub(super) struct Piece {
    bytes: Vec<u8>,
    from: usize,
}

impl Piece {
    /// All of a piece that needed no cutting.
    pub(super) fn whole(bytes: Vec<u8>) -> Self {
        Self { bytes, from: 0 }
    }

    /// Of a document with one entry and nothing else, the entry, which begins with `start`; `end` follows it.
    pub(super) fn cut(mut document: Vec<u8>, start: &str, end: &str) -> Self {
        document.truncate(document.len().saturating_sub(end.len()));
        let from = memmem::find(&document, start.as_bytes()).unwrap_or(document.len());
        Self { bytes: document, from }
    }

    /// With `text`, written as its place wants it, where [`TEXT`] stands.
    pub(super) fn filled(self, text: &str, write: impl FnOnce(&mut Vec<u8>, &str)) -> Self {
        let Some(at) = memmem::rfind(self.bytes(), TEXT.as_bytes()).map(|at| self.from + at) else {
            return self;
        };
        let mut bytes = Vec::with_capacity(self.bytes().len() + text.len() + text.len() / 8);
        bytes.extend_from_slice(&self.bytes[self.from..at]);
        write(&mut bytes, text);
        bytes.extend_from_slice(&self.bytes[at + TEXT.len()..]);
        Self { bytes, from: 0 }
    }

    pub(super) fn bytes(&self) -> &[u8] {
        &self.bytes[self.from..]
    }

    /// Gives an entry its language, which `atom_syndication` cannot write on one.
    pub(super) fn entry_language(&mut self, language: &str) {
        if let Some(at) = memmem::find(self.bytes(), b"<entry>").map(|at| self.from + at + "<entry".len()) {
            self.bytes.splice(at..at, format!(" xml:lang=\"{}\"", attribute(language)).into_bytes());
        }
    }

    /// See [`hex_title`].
    pub(super) fn hex_title(&mut self) {
        hex_title(&mut self.bytes, self.from);
    }
}

/// A text between tags (XML 1.0 §2.4).
pub(super) fn escaped_into(out: &mut Vec<u8>, text: &str) {
    let bytes = text.as_bytes();
    let mut kept = 0;
    for at in memchr::memchr3_iter(b'<', b'>', b'&', bytes) {
        out.extend_from_slice(&bytes[kept..at]);
        out.extend_from_slice(match bytes[at] {
            b'<' => b"&lt;",
            b'>' => b"&gt;",
            _ => b"&amp;",
        });
        kept = at + 1;
    }
    out.extend_from_slice(&bytes[kept..]);
}

/// A text inside a CDATA section, which must not hold the end of one (XML 1.0 §2.7).
pub(super) fn cdata_into(out: &mut Vec<u8>, text: &str) {
    for (index, part) in text.split("]]>").enumerate() {
        if index > 0 {
            out.extend_from_slice(b"]]]]><![CDATA[>");
        }
        out.extend_from_slice(part.as_bytes());
    }
}

/// In the first title from `from` on, `&` and `<` as hexadecimal references, which no reader takes for markup (RSS Best Practices, "title").
pub(super) fn hex_title(xml: &mut Vec<u8>, from: usize) {
    let Some(start) = memmem::find(&xml[from..], b"<title>").map(|at| from + at + "<title>".len()) else {
        return;
    };
    let Some(end) = memmem::find(&xml[start..], b"</title>").map(|length| start + length) else { return };
    if xml[start..end].contains(&b'&') {
        let title =
            String::from_utf8_lossy(&xml[start..end]).replace("&amp;", "&#x26;").replace("&lt;", "&#x3C;");
        xml.splice(start..end, title.into_bytes());
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
    fn only_one_title_changes() {
        let mut xml = b"<item><title>a &amp; &lt;b&gt;</title><link>x&amp;y</link></item>".to_vec();
        hex_title(&mut xml, 0);
        assert_eq!(xml, b"<item><title>a &#x26; &#x3C;b&gt;</title><link>x&amp;y</link></item>");
    }

    #[test]
    fn a_text_is_put_in_as_its_place_wants_it() {
        let piece = || Piece::cut(b"<a><b>\xef\xb7\x94</b></a>".to_vec(), "<b>", "</a>");
        let filled = piece().filled("x & <y> ]]>", escaped_into);
        assert_eq!(filled.bytes(), b"<b>x &amp; &lt;y&gt; ]]&gt;</b>");
        let filled = piece().filled("x ]]> ]]]>", cdata_into);
        assert_eq!(filled.bytes(), b"<b>x ]]]]><![CDATA[> ]]]]]><![CDATA[></b>");
    }

    #[test]
    fn a_document_is_cut_where_its_entries_go() {
        let (head, tail) = parted(b"<feed>\n  <id>1</id>\n</feed>".to_vec(), "</feed>").unwrap();
        assert_eq!((head.as_str(), tail.as_str()), ("<feed>\n  <id>1</id>", "\n</feed>\n"));
        let whole = b"<feed>\n  <id>1</id>\n  <entry/>\n</feed>".to_vec();
        assert_eq!(Piece::cut(whole, "\n  <entry", "\n</feed>").bytes(), b"\n  <entry/>");
    }
}
