//! The short way through most front matter: lines of `key: value`, flat lists, tables of one level.
//!
//! It reads only what it is sure of, and gives up on everything else; the parser then reads the whole. A property test holds
//! the two equal.

use serde_json::{Map, Value};

/// The mapping that a block is; `None` where the parser must tell.
pub(super) fn mapping(block: &str) -> Option<Map<String, Value>> {
    // What the parser takes for a line's end, or for white space in some places, or not at all.
    let is_odd = |c: char| {
        c.is_control() && c != '\n'
            || matches!(c, '\u{2028}' | '\u{2029}' | '\u{feff}' | '\u{fffe}'..='\u{ffff}')
    };
    if block.contains(is_odd) {
        return None;
    }
    let mut values = Map::new();
    let mut lines = block.lines().filter(|line| !is_nothing(line)).peekable();
    while let Some(line) = lines.next() {
        let (key, written) = pair(line)?;
        let mut nested = Vec::new();
        while let Some(line) = lines.next_if(|line| line.starts_with([' ', '-'])) {
            nested.push(line);
        }
        let value = match (written, nested.as_slice()) {
            ("", []) => Value::Null,
            ("", nested) => below(nested)?,
            (written, []) => block_scalar(written)?,
            // A text over several lines.
            _ => return None,
        };
        if values.insert(key.to_owned(), value).is_some() {
            return None;
        }
    }
    Some(values)
}

/// A blank line, or a comment of its own.
fn is_nothing(line: &str) -> bool {
    line.starts_with('#') || line.bytes().all(|b| b == b' ')
}

/// `key: value` at the start of a line.
fn pair(line: &str) -> Option<(&str, &str)> {
    let (key, rest) = line.split_once(':')?;
    let is_name = key.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
        && key.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-'));
    (is_name && (rest.is_empty() || rest.starts_with(' ')) && is_word(key))
        .then(|| (key, rest.trim_matches(' ')))
}

/// A list or a table of one level, which stands below its key.
fn below(lines: &[&str]) -> Option<Value> {
    let depth = lines.first()?.bytes().take_while(|b| *b == b' ').count();
    let mut rests = lines.iter().map(|line| {
        let (before, rest) = line.split_at_checked(depth)?;
        (before.bytes().all(|b| b == b' ') && !rest.starts_with([' ', '#'])).then_some(rest)
    });
    if lines[0][depth..].starts_with('-') {
        return rests.map(|rest| block_scalar(rest?.strip_prefix("- ")?.trim_matches(' '))).collect();
    }
    let table = rests.try_fold(Map::new(), |mut values, rest| {
        let (key, written) = pair(rest?)?;
        let value = if written.is_empty() { Value::Null } else { block_scalar(written)? };
        values.insert(key.to_owned(), value).is_none().then_some(values)
    });
    table.filter(|_| depth > 0).map(Value::Object)
}

/// A value on its key's line, or behind the `-` of a list.
fn block_scalar(written: &str) -> Option<Value> {
    if let Some(inside) = written.strip_prefix('[') {
        let inside = inside.strip_suffix(']')?.trim_matches(' ');
        if inside.is_empty() {
            return Some(Value::Array(Vec::new()));
        }
        return inside.split(',').map(|item| flow_scalar(item.trim_matches(' '))).collect();
    }
    let is_sure = |text: &str| !text.contains(": ") && !text.contains(" #") && !text.ends_with(':');
    quoted(written).or_else(|| plain(written).filter(|_| is_sure(written)))
}

/// An item of a list in brackets.
fn flow_scalar(written: &str) -> Option<Value> {
    let is_sure = |text: &str| !text.contains(['[', ']', '{', '}', ':', '#', '?', '"', '\'']);
    quoted(written).or_else(|| plain(written).filter(|_| is_sure(written)))
}

/// A text in quotes, with nothing in it that means something else.
fn quoted(written: &str) -> Option<Value> {
    let quote = written.chars().next().filter(|c| matches!(c, '"' | '\''))?;
    let inside = written[1..].strip_suffix(quote)?;
    (!inside.contains([quote, '\\'])).then(|| inside.into())
}

/// A text without quotes, a day, a whole number, `true` or `false`.
fn plain(written: &str) -> Option<Value> {
    match written {
        "true" => return Some(true.into()),
        "false" => return Some(false.into()),
        _ => {}
    }
    let first = written.chars().next()?;
    if first.is_ascii_digit() {
        let digits = written.bytes().take_while(u8::is_ascii_digit).count();
        if digits == written.len() && digits < 18 && (first != '0' || digits == 1) {
            return written.parse::<u64>().ok().map(Value::from);
        }
        // No number goes on like this.
        let is_text = written[digits..].starts_with(['-', ' ', '/', '.', ':'])
            && written[digits + 1..].contains(['-', ' ', '/', ':']);
        let is_text = is_text && written.parse::<f64>().is_err();
        return (is_text || !written.is_ascii()).then(|| written.into());
    }
    let is_letter = matches!(first, '_' | '/') || first.is_alphabetic();
    (is_letter && is_word(written)).then(|| written.into())
}

/// Whether a word that begins with a letter is itself, and not the name of another value.
fn is_word(word: &str) -> bool {
    !["null", "true", "false"].iter().any(|name| word.eq_ignore_ascii_case(name))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const LIKELY: [&str; 45] = [
        "title",
        "date",
        "tags",
        "null",
        "a-b",
        ":",
        ": ",
        " ",
        "  ",
        "    ",
        "- ",
        "-",
        "\n",
        "\n",
        "\n  ",
        "\n  - ",
        "\n- ",
        "[",
        "]",
        ", ",
        ",",
        "\"",
        "'",
        "#",
        " #",
        "가 나",
        "true",
        "False",
        "2026-11-23",
        "2026-11-23 10:00:00 +0900",
        "12",
        "0x1F",
        "1e5",
        "1_000",
        "010",
        ".5",
        "~",
        "1.5e-3",
        "\\",
        "|",
        "{",
        "}",
        "&a",
        "*a",
        "6G 통신",
    ];

    fn agrees(block: &str) -> Result<bool, TestCaseError> {
        let Some(short) = mapping(block) else { return Ok(false) };
        let long = super::super::value::parsed(block);
        let long = long.map_err(|error| TestCaseError::fail(format!("{block:?}: {error:?}")))?;
        prop_assert_eq!(long.values, short, "{:?}", block);
        prop_assert!(long.repeated.is_empty());
        Ok(true)
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(4000))]

        #[test]
        fn what_the_short_way_reads_the_parser_reads_the_same(
            parts in prop::collection::vec(prop::sample::select(&LIKELY[..]), 0..24),
            lines in prop::collection::vec("[a-c]{1,2}: ?.{0,12}", 0..3),
        ) {
            agrees(&format!("title: {}\n{}", parts.concat(), lines.join("\n")))?;
            agrees(&parts.concat())?;
        }
    }

    #[test]
    fn common_front_matter_goes_the_short_way() {
        for block in [
            "layout: single\ntitle: \"AI: 소식\"\ndate: 2026-11-23T10:00:00+09:00\nslug: a-b\ncategories: [AI_News]\ntags: [AI, 6G 통신, 'x y']\ntoc: true\nsidebar:\n  nav: \"main\"\n",
            "title: 가\ndate: 2026-11-23 10:00:00 +0900\ntags:\n- a\n- b c\n\n# note\nweight: 10\nsummary:\n",
            "tags:\n  - a\n  - 나\nexcerpt: '가 \"나\" 다'\nimage:\n  path: /a.png\n  alt: b\n",
        ] {
            assert!(agrees(block).unwrap(), "{block}");
        }
    }
}
