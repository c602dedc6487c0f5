//! Shapes inside a line that stand for themselves: code spans and references to characters.

/// A line in pieces of text and of code, code with its marks.
pub(super) fn code_apart(line: &str) -> Vec<(&str, bool)> {
    let mut pieces = Vec::new();
    let (mut from, mut at) = (0, 0);
    while let Some(found) = line[at..].find(['`', '<']) {
        let start = at + found;
        let end = if line[start..].starts_with("<code") {
            line[start..].find("</code>").filter(|_| line[start..].contains('>')).map(|end| start + end + 7)
        } else if line[start..].starts_with('`') {
            code(line, start).map(|(_, end)| end)
        } else {
            None
        };
        let run = line[start..].bytes().take_while(|b| *b == b'`').count().max(1);
        let Some(end) = end else {
            at = start + run;
            continue;
        };
        pieces.push((&line[from..start], false));
        pieces.push((&line[start..end], true));
        (from, at) = (end, end);
    }
    pieces.push((&line[from..], false));
    pieces
}

/// The length of `&name;`, `&#8217;` or `&#x2019;` at the beginning of `source`.
pub(super) fn reference(source: &str) -> Option<usize> {
    let inner = source.strip_prefix('&')?;
    let name = &inner[..inner.find(';')?];
    let number = name.strip_prefix('#');
    let valid = match (number, number.and_then(|number| number.strip_prefix('x'))) {
        (_, Some(hex)) => !hex.is_empty() && hex.bytes().all(|b| b.is_ascii_hexdigit()),
        (Some(digits), None) => !digits.is_empty() && digits.bytes().all(|b| b.is_ascii_digit()),
        (None, None) => {
            name.starts_with(|c: char| c.is_ascii_alphanumeric())
                && name.bytes().all(|b| b.is_ascii_alphanumeric())
        }
    };
    valid.then_some(name.len() + 2)
}

/// The code span whose marks begin at `at`: its text, and where it ends.
pub(super) fn code(source: &str, at: usize) -> Option<(&str, usize)> {
    let run = source[at..].bytes().take_while(|b| *b == b'`').count();
    let inside = at + run;
    let loose = source[..at].chars().next_back().is_none_or(|c| c.is_ascii_whitespace());
    if run == 1 && loose && source[inside..].starts_with(|c: char| c.is_ascii_whitespace()) {
        return None;
    }
    let end = inside + source[inside..].find(&source[at..inside])?;
    let text = &source[inside..end];
    let text = if run == 1 { text } else { text.strip_prefix(' ').unwrap_or(text) };
    let text = if run == 1 { text } else { text.strip_suffix(' ').unwrap_or(text) };
    Some((text, end + run))
}
