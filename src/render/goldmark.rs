//! Typography as Hugo's Markdown sets it: quotation marks by what stands around them in the source, dashes, dots, guillemets.
//!
//! A mark that could open and close, as before a Korean particle, stays as it is written: so Hugo leaves it.

use unicode_normalization::char::is_combining_mark;

/// What has been opened and not closed yet, in one block.
#[derive(Debug, Default)]
pub(super) struct Open {
    single: usize,
    double: usize,
}

/// Whether a text holds nothing that could be set.
pub(super) fn is_plain(text: &str) -> bool {
    memchr::memchr3(b'\'', b'"', b'-', text.as_bytes()).is_none()
        && memchr::memchr3(b'.', b'<', b'>', text.as_bytes()).is_none()
}

/// Sets the text that stands at `from` to `to` of `source`.
pub(super) fn set(source: &str, from: usize, to: usize, open: &mut Open) -> String {
    let mut out = String::with_capacity(to - from + 8);
    let mut at = from;
    while at < to {
        // Most of a text is letters.
        let text = &source.as_bytes()[at..to];
        let plain = memchr::memchr3(b'\'', b'"', b'-', text).unwrap_or(text.len());
        let plain = memchr::memchr3(b'.', b'<', b'>', &text[..plain]).unwrap_or(plain);
        out.push_str(&source[at..at + plain]);
        at += plain;
        if at == to {
            break;
        }
        let rest = &source[at..];
        let c = rest.chars().next().unwrap_or_default();
        let before = source[..at].chars().next_back().unwrap_or('\n');
        let line = rest.split('\n').next().unwrap_or("");
        let is_escaped = before == '\\';
        let symbol = [("---", "—"), ("...", "…"), ("<<", "«"), (">>", "»"), ("--", "–")]
            .iter()
            .find(|(written, _)| line.starts_with(written) && at + written.len() <= to);
        if let Some((written, shown)) = symbol.filter(|_| !is_escaped) {
            out.push_str(shown);
            at += written.len();
            continue;
        }
        let mark = match c {
            // An escaped mark stays as it is.
            '\'' | '"' if is_escaped => None,
            '\'' => single(line, before, open),
            '"' => double(line, before, open),
            _ => None,
        };
        out.push(mark.unwrap_or(c));
        at += c.len_utf8();
    }
    out
}

/// Whether a mark can open, and whether it can close, by CommonMark's rule for emphasis.
fn flanks(before: char, after: char) -> (bool, bool) {
    let (spaced_before, spaced_after) = (before.is_whitespace(), after.is_whitespace());
    let (punct_before, punct_after) = (is_punctuation(before), is_punctuation(after));
    let left = !spaced_after && (!punct_after || spaced_before || punct_before);
    let right = !spaced_before && (!punct_before || spaced_after || punct_after);
    (left, right)
}

fn is_punctuation(c: char) -> bool {
    c.is_ascii_punctuation()
        || !(c.is_ascii()
            || c.is_alphanumeric()
            || c.is_whitespace()
            || c.is_control()
            || is_combining_mark(c))
}

fn single(line: &str, before: char, open: &mut Open) -> Option<char> {
    let after: Vec<char> = line.chars().skip(1).take(4).collect();
    let at = |index: usize| after.get(index).copied();
    let ends = |index: usize| at(index).is_none_or(|c| c.is_ascii_punctuation() || c.is_whitespace());
    let (opens, closes) = flanks(before, at(0).unwrap_or('\n'));
    let is_decade = at(0).is_some_and(|c| c.is_ascii_digit())
        && at(1).is_some_and(|c| c.is_ascii_digit())
        && at(2) == Some('s');
    if opens && !closes && is_decade && ends(3) {
        return Some('’');
    }
    if (before.is_ascii_punctuation() || before.is_whitespace())
        && matches!(at(0), Some('t' | 'e' | 'n' | 'l'))
    {
        return Some('’');
    }
    if before.is_alphanumeric() && at(0).is_some_and(char::is_alphabetic) {
        return Some('’');
    }
    if opens && !closes {
        let short = matches!(at(0), Some('s' | 'm' | 't' | 'd')) && ends(1);
        let long = matches!((at(0), at(1)), (Some('v' | 'r'), Some('e')) | (Some('l'), Some('l'))) && ends(2);
        if short || long {
            return Some('’');
        }
        open.single += 1;
        return Some('‘');
    }
    if at(0).is_some() && !at(0).is_some_and(|c| c.is_ascii_digit()) && after.len() > 1 {
        return Some('’');
    }
    if open.single > 0 && may_close(opens, closes, &after) {
        open.single -= 1;
        return Some('’');
    }
    None
}

fn double(line: &str, before: char, open: &mut Open) -> Option<char> {
    let after: Vec<char> = line.chars().skip(1).take(2).collect();
    let (opens, closes) = flanks(before, after.first().copied().unwrap_or('\n'));
    if opens && !closes {
        open.double += 1;
        return Some('“');
    }
    // `21""` are inches.
    let inches = after.first() == Some(&'"') && before.is_ascii_digit();
    if open.double > 0 && may_close(opens, closes, &after) && !inches {
        open.double -= 1;
        return Some('”');
    }
    None
}

fn may_close(opens: bool, closes: bool, after: &[char]) -> bool {
    let ends = after.get(1).is_none_or(|c| c.is_ascii_punctuation() || c.is_whitespace());
    closes && (!opens || (after.first().is_some_and(|c| is_punctuation(*c)) && ends))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_are_set_as_hugo_sets_them() {
        for (text, expect) in [
            ("\"a\" and it's '90s", "“a” and it’s ’90s"),
            ("\"한글\"과", "“한글\"과"),
            ("a -- b --- c...", "a – b — c…"),
            ("<<a>> \\\"b\\\"", "«a» \\\"b\\\""),
        ] {
            assert_eq!(set(text, 0, text.len(), &mut Open::default()), expect);
        }
    }
}
