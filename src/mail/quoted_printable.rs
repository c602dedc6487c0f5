//! Quoted-printable (RFC 2045 §6.7), in pieces that can be put together.

/// A line's most, without its CRLF.
const LINE: usize = 76;

/// Encodes a piece that begins and ends anywhere in a text whose lines end in LF. The result begins and ends at the start
/// of an encoded line, so that pieces can be joined: where the piece ends inside a line, by a soft line break.
pub(super) fn encode(text: &str, out: &mut String) {
    let mut column = 0;
    let mut lines = text.split('\n').peekable();
    while let Some(line) = lines.next() {
        let last = lines.peek().is_none();
        let bytes = line.as_bytes();
        for (index, byte) in bytes.iter().enumerate() {
            // A space at the end of a line would be lost on the way; at the end of a piece a soft break shields it.
            let at_end = index + 1 == bytes.len() && !last;
            let literal =
                matches!(byte, b'!'..=b'<' | b'>'..=b'~') || (matches!(byte, b' ' | b'\t') && !at_end);
            let width = if literal { 1 } else { 3 };
            if column + width > LINE - 1 {
                out.push_str("=\r\n");
                column = 0;
            }
            if literal {
                out.push(char::from(*byte));
            } else {
                out.push('=');
                for nibble in [byte >> 4, byte & 15] {
                    out.push(char::from(b"0123456789ABCDEF"[usize::from(nibble)]));
                }
            }
            column += width;
        }
        if !last {
            out.push_str("\r\n");
            column = 0;
        }
    }
    if column > 0 {
        out.push_str("=\r\n");
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn decode(encoded: &str) -> String {
        let joined = encoded.replace("=\r\n", "").replace("\r\n", "\n");
        let mut bytes = Vec::new();
        let mut rest = joined.as_bytes();
        while let Some((byte, after)) = rest.split_first() {
            if *byte == b'=' {
                let hex = std::str::from_utf8(&after[..2]).unwrap();
                bytes.push(u8::from_str_radix(hex, 16).unwrap());
                rest = &after[2..];
            } else {
                bytes.push(*byte);
                rest = after;
            }
        }
        String::from_utf8(bytes).unwrap()
    }

    proptest! {
        #[test]
        fn pieces_joined_decode_to_the_whole(pieces in prop::collection::vec("[가나 a=.\t\n😀]{0,120}", 0..5)) {
            let mut encoded = String::new();
            for piece in &pieces {
                encode(piece, &mut encoded);
            }
            prop_assert_eq!(decode(&encoded), pieces.concat());
            for line in encoded.split("\r\n") {
                prop_assert!(line.len() <= LINE && !line.ends_with([' ', '\t']), "{:?}", line);
            }
        }
    }
}
