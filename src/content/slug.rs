//! Names in URLs, by Jekyll's rules for them.

use unicode_normalization::char::is_combining_mark;

/// Which characters survive.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Mode {
    /// Letters, digits and marks, in lower case (Jekyll's `:slug`).
    Plain,
    /// Those and `._~!$&'()+,;=@`, in the case written (Jekyll's `:title`).
    Pretty,
}

/// Every run of other characters becomes one `-`; none stands at either end.
pub(super) fn slugify(text: &str, mode: Mode) -> String {
    let mut out = String::with_capacity(text.len());
    let mut gap = false;
    for c in text.chars() {
        let kept = c.is_alphanumeric()
            || is_combining_mark(c)
            || (mode == Mode::Pretty && "._~!$&'()+,;=@".contains(c));
        if !kept {
            gap = !out.is_empty();
            continue;
        }
        if std::mem::take(&mut gap) {
            out.push('-');
        }
        match mode {
            Mode::Plain => out.extend(c.to_lowercase()),
            Mode::Pretty => out.push(c),
        }
    }
    out
}

/// `small-model-notes` as a title: `Small Model Notes`.
pub(super) fn titleize(slug: &str) -> String {
    let word = |word: &str| {
        let mut chars = word.chars();
        chars.next().map(|first| first.to_uppercase().chain(chars).collect::<String>())
    };
    slug.split(['-', '_']).filter_map(word).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hangul_stays_and_the_rest_is_joined() {
        for (text, plain, pretty) in [
            ("새벽-배포-이야기", "새벽-배포-이야기", "새벽-배포-이야기"),
            ("AI & 클라우드, 2026", "ai-클라우드-2026", "AI-&-클라우드,-2026"),
            (" --C++_notes-- ", "c-notes", "C++_notes"),
        ] {
            assert_eq!(slugify(text, Mode::Plain), plain);
            assert_eq!(slugify(text, Mode::Pretty), pretty);
        }
        assert_eq!(titleize("rail-data-open"), "Rail Data Open");
    }
}
