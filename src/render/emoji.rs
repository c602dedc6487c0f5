//! `:smile:` as the picture it names.

/// The text with each known name between colons as its emoji.
pub(super) fn replaced(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find(':') {
        out.push_str(&rest[..at]);
        let inner = &rest[at + 1..];
        let length = inner
            .bytes()
            .take_while(|b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'+' | b'-'))
            .count();
        let emoji = emojis::get_by_shortcode(&inner[..length]).filter(|_| inner[length..].starts_with(':'));
        if let Some(emoji) = emoji {
            out.push_str(emoji.as_str());
            rest = &inner[length + 1..];
        } else {
            out.push(':');
            rest = inner;
        }
    }
    out.push_str(rest);
    out
}

#[cfg(test)]
mod tests {
    #[test]
    fn known_names_are_replaced_and_times_are_not() {
        assert_eq!(super::replaced("10:30:00 :smile: :no_such_thing:"), "10:30:00 😄 :no_such_thing:");
    }
}
