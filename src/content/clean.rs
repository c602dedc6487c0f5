//! Characters that must reach neither a feed nor a mail.

use std::borrow::Cow;

use unicode_normalization::{IsNormalized, UnicodeNormalization as _, is_nfc_quick};

/// Whether a character is refused: what XML 1.0 §2.2 forbids, U+007F–U+009F and U+FFFD (validators warn of them), and
/// the noncharacters U+FDD0–U+FDEF, which `render` and `mail` use as marks of their own.
pub fn is_refused(c: char) -> bool {
    matches!(c,
        '\0'..='\u{8}' | '\u{b}' | '\u{c}' | '\u{e}'..='\u{1f}' | '\u{7f}'..='\u{9f}'
        | '\u{fdd0}'..='\u{fdef}' | '\u{fffd}'..='\u{ffff}')
}

/// Where the first refused character stands.
pub fn first_refused(text: &str) -> Option<usize> {
    // Most texts hold none of the bytes that one begins with, which is told at a glance.
    let is_suspect = |b: &u8| matches!(b, 0..=8 | 0xb | 0xc | 0xe..=0x1f | 0x7f | 0xc2 | 0xef);
    // A piece is looked at whole, which a processor does many bytes at a time.
    let holds = |piece: &[u8]| piece.iter().fold(false, |found, b| found | is_suspect(b));
    let first = text.as_bytes().chunks(128).position(holds)? * 128;
    let first = (0..=first).rev().find(|at| text.is_char_boundary(*at))?;
    text[first..].find(is_refused).map(|at| first + at)
}

/// The text without refused characters.
pub fn strip(text: &str) -> Cow<'_, str> {
    if first_refused(text).is_some() { text.replace(is_refused, "").into() } else { text.into() }
}

/// The text in NFC: a name from a Mac is the same name as one from elsewhere.
pub(super) fn composed(text: Cow<'_, str>) -> String {
    // Most names are composed already, which is told without taking them apart.
    if is_nfc_quick(text.chars()) == IsNormalized::Yes { text.into_owned() } else { text.nfc().collect() }
}

/// The text on one line: refused characters gone, every run of line ends and tabs one space, trimmed.
pub fn one_line(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut breaks = false;
    for c in text.trim().chars().filter(|c| !is_refused(*c)) {
        if matches!(c, '\n' | '\r' | '\t' | '\u{2028}' | '\u{2029}') {
            breaks = true;
            continue;
        }
        if std::mem::take(&mut breaks) && !out.ends_with(' ') && c != ' ' {
            out.push(' ');
        }
        out.push(c);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_title_keeps_its_spaces_and_loses_its_line_ends() {
        assert_eq!(one_line(" 가  나\u{8}\r\n  다 "), "가  나  다");
        assert_eq!(one_line("a\nb"), "a b");
    }

    #[test]
    fn what_xml_forbids_is_stripped_and_nothing_else() {
        assert_eq!(strip("a\u{8}b\tc\nd\u{85}e\u{fffe}f😀\u{200d}"), "ab\tc\ndef😀\u{200d}");
    }
}
