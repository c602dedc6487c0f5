//! Names in URLs, by Jekyll's rules for them.

use unicode_normalization::char::is_combining_mark;

/// Which characters survive (Jekyll's `slugify` modes).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    /// Everything but white space.
    Raw,
    /// Letters, digits and marks, in lower case (`:slug`).
    Plain,
    /// Those and `._~!$&'()+,;=@` (`:title`, in the case written).
    Pretty,
    /// ASCII letters and digits.
    Ascii,
}

/// Every run of other characters becomes one `-`; none stands at either end. The case stays as it is.
pub fn hyphenated(text: &str, mode: Mode) -> String {
    joined(text, |c| match mode {
        Mode::Raw => !c.is_whitespace(),
        Mode::Ascii => c.is_ascii_alphanumeric(),
        Mode::Plain => is_letter_or_digit(c),
        Mode::Pretty => is_letter_or_digit(c) || "._~!$&'()+,;=@".contains(c),
    })
}

/// The same, keeping letters, digits, marks and what is in `others`.
pub fn hyphenated_with(text: &str, others: &str) -> String {
    joined(text, |c| is_letter_or_digit(c) || others.contains(c))
}

fn joined(text: &str, keeps: impl Fn(char) -> bool) -> String {
    let mut out = String::with_capacity(text.len());
    let mut gap = false;
    for c in text.chars() {
        if !keeps(c) {
            gap = !out.is_empty();
            continue;
        }
        if std::mem::take(&mut gap) {
            out.push('-');
        }
        out.push(c);
    }
    out
}

/// The same in lower case.
pub fn slugify(text: &str, mode: Mode) -> String {
    hyphenated(text, mode).to_lowercase()
}

/// Unicode's letters, marks and decimal digits; not its numerals such as `①` or `²`.
pub(super) fn is_letter_or_digit(c: char) -> bool {
    let numeral = matches!(u32::from(c),
        0xb2 | 0xb3 | 0xb9 | 0xbc..=0xbe | 0x2070..=0x2089 | 0x2150..=0x218b | 0x2460..=0x24ff | 0x2776..=0x2793
        | 0x3007 | 0x3021..=0x3029 | 0x3038..=0x303a | 0x3192..=0x3195 | 0x3220..=0x3229 | 0x3248..=0x324f
        | 0x3251..=0x325f | 0x3280..=0x3289 | 0x32b1..=0x32bf | 0x1f100..=0x1f10c | 0x1f130..=0x1f189);
    !numeral && (c.is_alphanumeric() || is_combining_mark(c))
}

/// `small-model-notes` as a title: `Small Model Notes`.
pub(super) fn titleize(slug: &str) -> String {
    let word = |word: &str| {
        let mut chars = word.chars();
        chars
            .next()
            .map(|first| first.to_uppercase().chain(chars.flat_map(char::to_lowercase)).collect::<String>())
    };
    slug.split('-').filter_map(word).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hangul_stays_and_the_rest_is_joined() {
        for (text, plain, pretty) in [
            ("새벽-배포-이야기", "새벽-배포-이야기", "새벽-배포-이야기"),
            ("AI & 클라우드, 2026", "ai-클라우드-2026", "AI-&-클라우드,-2026"),
            (" --C++_notes①-- ", "c-notes", "C++_notes"),
        ] {
            assert_eq!(slugify(text, Mode::Plain), plain);
            assert_eq!(hyphenated(text, Mode::Pretty), pretty);
        }
        assert_eq!(titleize("rail-data-OPEN"), "Rail Data Open");
    }
}
