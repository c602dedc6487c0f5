//! Header fields: folded, and encoded where they are not plain ASCII (RFC 5322 §2.2, RFC 2047).
//!
//! lettre's own encoder is not used: it loses double spaces between two words outside ASCII, lets a literal `=?…?=`
//! through, and panics at a line end in a display name.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use crate::address::Mailbox;

/// A line's most, without its CRLF, where it holds an encoded word (RFC 2047 §2).
const LINE: usize = 76;
/// An encoded word's most.
const WORD: usize = 75;

/// `Name: text`, where the text may hold anything but is one line.
pub(super) fn text(out: &mut String, name: &str, value: &str) {
    out.push_str(name);
    out.push_str(": ");
    if is_plain(value) && name.len() + 2 + value.len() <= LINE {
        out.push_str(value);
    } else {
        encoded_words(out, name.len() + 2, value);
    }
    out.push_str("\r\n");
}

/// `Name: value`, where the value is ASCII of our own making and stays in one piece: an id, a link, a date.
pub(super) fn raw(out: &mut String, name: &str, value: &str) {
    debug_assert!(value.bytes().all(|b| (b' '..=b'~').contains(&b)), "{name}: {value:?}");
    out.push_str(name);
    out.push_str(": ");
    out.push_str(value);
    out.push_str("\r\n");
}

/// `Name: "display name" <local@domain>`.
pub(super) fn mailbox(out: &mut String, name: &str, mailbox: &Mailbox) {
    let address = format!("<{}>", mailbox.address);
    out.push_str(name);
    out.push_str(": ");
    let before = out.len();
    phrase(out, name.len() + 2, &mailbox.name);
    if out.len() > before {
        let line = out.len() - out.rfind("\r\n").map_or(0, |at| at + 2);
        out.push_str(if line + 1 + address.len() > LINE { "\r\n " } else { " " });
    }
    out.push_str(&address);
    out.push_str("\r\n");
}

/// A display name (RFC 5322 `phrase`): atoms, a quoted string, or encoded words. `column` is where it begins.
pub(super) fn phrase(out: &mut String, column: usize, name: &str) {
    let name = &clean(name);
    let atoms = name.bytes().all(|b| b.is_ascii_alphanumeric() || b"!#$%&'*+-/=?^_`{|}~ ".contains(&b));
    let short = column + name.len() + 2 <= LINE;
    match (is_plain(name) && short, atoms && !name.contains("  ")) {
        (true, true) => out.push_str(name),
        (true, false) => {
            let quoted = name.replace('\\', "\\\\").replace('"', "\\\"");
            out.push('"');
            out.push_str(&quoted);
            out.push('"');
        }
        (false, _) => encoded_words(out, column, name),
    }
}

/// Without what could end a line or turn the reading direction: control characters and bidi controls.
fn clean(text: &str) -> String {
    let turns = |c| matches!(c, '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    text.replace(|c: char| c.is_control() || turns(c), "")
}

/// Whether a text can stand in a header as it is: printable ASCII that does not look encoded, no space at either end.
fn is_plain(text: &str) -> bool {
    text.bytes().all(|b| (b' '..=b'~').contains(&b)) && !text.contains("=?") && text.trim() == text
}

/// The whole text as encoded words, as white space between two of them vanishes: each at most 75 characters, holding
/// whole characters, on lines of at most 76.
fn encoded_words(out: &mut String, column: usize, text: &str) {
    const FRAME: usize = "=?utf-8?B??=".len();
    let mut room = LINE.saturating_sub(column).clamp(FRAME + 8, WORD);
    let mut chunk = String::new();
    let mut first = true;
    let mut flush = |out: &mut String, chunk: &mut String| {
        if !std::mem::take(&mut first) {
            out.push_str("\r\n ");
        }
        out.push_str("=?utf-8?B?");
        STANDARD.encode_string(std::mem::take(chunk), out);
        out.push_str("?=");
    };
    for c in text.chars() {
        if FRAME + (chunk.len() + c.len_utf8()).div_ceil(3) * 4 > room {
            flush(out, &mut chunk);
            room = WORD;
        }
        chunk.push(c);
    }
    if !chunk.is_empty() {
        flush(out, &mut chunk);
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::address::Address;

    /// Reads a field back as RFC 2047 has it: unfold, drop the space between encoded words, decode each.
    fn decode(field: &str) -> String {
        let value = field.split_once(": ").unwrap().1.trim_end_matches("\r\n").replace("\r\n", "");
        if !value.starts_with("=?") {
            return value;
        }
        value
            .split(' ')
            .map(|word| word.strip_prefix("=?utf-8?B?").and_then(|w| w.strip_suffix("?=")).unwrap())
            .map(|base64| String::from_utf8(STANDARD.decode(base64).unwrap()).unwrap())
            .collect()
    }

    fn subject(value: &str) -> String {
        let mut out = String::new();
        text(&mut out, "Subject", value);
        out
    }

    #[test]
    fn double_spaces_and_lookalikes_come_back_as_they_were() {
        for value in ["가  나", " lead", "trail ", "=?utf-8?q?x?=", "a  b", "👨‍👩‍👧‍👦 가족", "plain"]
        {
            assert_eq!(decode(&subject(value)), value);
        }
        assert_eq!(subject("plain"), "Subject: plain\r\n");
    }

    #[test]
    fn names_are_atoms_quoted_or_encoded() {
        for (name, expect) in [
            ("", "From: <a@b.kr>\r\n"),
            ("Kim", "From: Kim <a@b.kr>\r\n"),
            ("Kim, \"K\"", "From: \"Kim, \\\"K\\\"\" <a@b.kr>\r\n"),
            ("김", "From: =?utf-8?B?6rmA?= <a@b.kr>\r\n"),
            ("a\r\nBcc: x\u{202e}", "From: \"aBcc: x\" <a@b.kr>\r\n"),
        ] {
            let mut out = String::new();
            mailbox(
                &mut out,
                "From",
                &Mailbox { name: name.into(), address: Address::parse("a@b.kr").unwrap() },
            );
            assert_eq!(out, expect);
        }
    }

    proptest! {
        #[test]
        fn any_text_round_trips_within_the_limits(value in "[\\PC ]{0,300}") {
            let field = subject(&value);
            prop_assert_eq!(decode(&field), value);
            for line in field.trim_end_matches("\r\n").split("\r\n") {
                prop_assert!(line.len() <= LINE && line.is_ascii(), "{}", line);
                for word in line.split(' ').filter(|word| word.starts_with("=?utf-8")) {
                    prop_assert!(word.len() <= WORD, "{}", word);
                }
            }
        }
    }
}
