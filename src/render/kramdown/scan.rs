//! The shapes that kramdown looks for at the beginning of a line, as functions over what is left of the source.
//!
//! Each returns how many bytes it takes, or what it found and how many bytes that takes; `None` where the shape is not there.

/// The first line with its line end.
pub(super) fn line(source: &str) -> &str {
    source.find('\n').map_or(source, |end| &source[..=end])
}

/// Up to three spaces taken off: a block may be indented by so much.
pub(super) fn unindented(source: &str) -> &str {
    let spaces = source.bytes().take(3).take_while(|b| *b == b' ').count();
    &source[spaces..]
}

pub(super) fn is_blank(line: &str) -> bool {
    line.bytes().all(|b| b.is_ascii_whitespace() || b == 0x0b)
}

/// Whole blank lines.
pub(super) fn blank_lines(source: &str) -> usize {
    let mut at = 0;
    while at < source.len() {
        let line = line(&source[at..]);
        if !is_blank(line) || !line.ends_with('\n') {
            break;
        }
        at += line.len();
    }
    at
}

/// White space up to and with the line's end.
pub(super) fn rest_is_blank(source: &str) -> Option<usize> {
    let line = line(source);
    (is_blank(line) && line.ends_with('\n')).then_some(line.len())
}

/// `^` alone on a line ends a block.
pub(super) fn end_marker(source: &str) -> Option<usize> {
    let rest = source.strip_prefix('^')?;
    Some(1 + rest_is_blank(rest)?)
}

/// Four spaces or a tab.
pub(super) fn indent(line: &str) -> Option<usize> {
    if line.starts_with('\t') {
        Some(1)
    } else if line.starts_with("    ") {
        Some(4)
    } else {
        None
    }
}

/// Every line without its indent of four spaces or a tab.
pub(super) fn without_indent(text: &str) -> String {
    text.split_inclusive('\n').map(|line| &line[indent(line).unwrap_or(0)..]).collect()
}

/// What stands before an unescaped `}`.
pub(super) fn before_brace(source: &str) -> Option<&str> {
    let mut escaped = false;
    for (at, c) in source.char_indices() {
        match c {
            '}' if !escaped => return (at > 0).then(|| &source[..at]),
            '\\' => escaped = !escaped,
            _ => escaped = false,
        }
    }
    None
}

/// `{: …}` on a line of its own.
pub(super) fn block_attributes(source: &str) -> Option<(&str, usize)> {
    attributes_line(unindented(source))
        .map(|(inner, length)| (inner, length + source.len() - unindented(source).len()))
}

/// The same without leave to be indented.
pub(super) fn attributes_line(source: &str) -> Option<(&str, usize)> {
    let rest = source.strip_prefix("{:")?;
    if rest.starts_with([':', '/']) {
        return None;
    }
    let inner = before_brace(rest)?;
    Some((inner, 2 + inner.len() + 1 + rest_is_blank(&rest[inner.len() + 1..])?))
}

/// A name of an attribute list: ASCII letters, digits, `_`, then `-` too.
pub(super) fn id(source: &str) -> Option<usize> {
    let first = source.bytes().next()?;
    if !(first.is_ascii_alphanumeric() || first == b'_') {
        return None;
    }
    Some(source.bytes().take_while(|b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-')).count())
}

/// `* * *` and its like.
pub(super) fn rule(source: &str) -> Option<usize> {
    let line = line(source);
    let text = unindented(line);
    let mark = text.chars().next().filter(|c| matches!(c, '*' | '-' | '_'))?;
    let only = text.chars().all(|c| c == mark || matches!(c, ' ' | '\t' | '\n'));
    (only && line.ends_with('\n') && text.matches(mark).count() >= 3).then_some(line.len())
}

/// A look for what opens an item.
pub(super) type Marker = fn(&str, usize) -> Option<(usize, &str)>;

/// What opens an item: the marker with its indent, and the rest of the line, which begins with white space.
pub(super) fn bullet(source: &str, most: usize) -> Option<(usize, &str)> {
    marker(source, most, |text| text.starts_with(['+', '*', '-']).then_some(1))
}

pub(super) fn number(source: &str, most: usize) -> Option<(usize, &str)> {
    marker(source, most, |text| {
        let digits = text.bytes().take_while(u8::is_ascii_digit).count();
        (digits > 0 && text[digits..].starts_with('.')).then_some(digits + 1)
    })
}

pub(super) fn definition(source: &str, most: usize) -> Option<(usize, &str)> {
    marker(source, most, |text| text.starts_with(':').then_some(1))
}

fn marker(source: &str, most: usize, mark: impl Fn(&str) -> Option<usize>) -> Option<(usize, &str)> {
    let line = line(source);
    let spaces = line.bytes().take(most).take_while(|b| *b == b' ').count();
    let length = spaces + mark(&line[spaces..])?;
    let tail = &line[length..];
    (line.ends_with('\n') && tail.starts_with(['\t', '|', ' '])).then_some((length, tail))
}

/// Whether an item of either kind opens here.
pub(super) fn item(source: &str) -> bool {
    bullet(source, 3).is_some() || number(source, 3).is_some()
}

/// `#` to `######`, white space, and the rest of the line: the level and the text.
pub(super) fn header(source: &str) -> Option<(u8, &str)> {
    let line = line(source).strip_suffix('\n')?;
    let level = line.bytes().take_while(|b| *b == b'#').count();
    let text = &line[level.min(6)..];
    let level = u8::try_from(level.min(6)).ok().filter(|level| *level > 0)?;
    text.starts_with([' ', '\t']).then(|| (level, text.trim_start_matches([' ', '\t'])))
}

/// The same without GitHub's rule that white space must follow.
pub(super) fn header_of_kramdown(source: &str) -> Option<(u8, &str)> {
    let line = line(source).strip_suffix('\n')?;
    let level = line.bytes().take(6).take_while(|b| *b == b'#').count();
    let text = line[level..].trim_start_matches([' ', '\t']);
    let level = u8::try_from(level).ok().filter(|level| *level > 0)?;
    (!text.is_empty()).then_some((level, text))
}

pub(super) fn quote(source: &str) -> Option<usize> {
    let text = unindented(source).strip_prefix('>')?;
    let text = text.strip_prefix(' ').unwrap_or(text);
    Some(source.len() - text.len())
}

/// Whether a code fence may open here.
pub(super) fn fence(source: &str) -> bool {
    unindented(source).bytes().take(3).filter(|b| matches!(b, b'~' | b'`')).count() == 3
}
