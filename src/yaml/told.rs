//! The parser's errors in the words of whoever wrote the file, with the mend.

use super::YamlError;
use crate::diagnostic::did_you_mean;

/// A line and a column, from 1.
type Spot = (usize, usize);

/// What is wrong, and the next step.
type Words = (String, String);

/// What the parser says, without its places, of a text that it refuses at a spot.
pub(super) fn told(text: &str, bare: &str, at: Option<Spot>) -> YamlError {
    if let Some((message, help)) = of_values(bare) {
        return YamlError { message, help, at };
    }
    let Some(spot) = at else {
        return YamlError { message: bare.to_owned(), help: LOOK.to_owned(), at };
    };
    let lines: Vec<&str> = text.lines().take(spot.0).collect();
    let (at, (message, help)) = of_syntax(&lines, bare, spot);
    YamlError { message, help, at: Some(at) }
}

const LOOK: &str = "look for a missing quote, bracket or indent on this line or above it";
const IN_QUOTES: &str = "put the whole value in quotes, as in `title: \"…\"`";

fn words(message: impl Into<String>, help: impl Into<String>) -> Words {
    (message.into(), help.into())
}

/// A value that can be read and is not what its key takes.
fn of_values(bare: &str) -> Option<Words> {
    if let Some((field, known)) = unknown_field(bare) {
        let help = match did_you_mean(field, known.iter().copied()) {
            Some(near) => format!("did you mean `{near}`?"),
            None => format!("the keys known here are {}", list(&known)),
        };
        return Some((format!("unknown key `{field}`"), help));
    }
    if let Some((path, value, known)) = unknown_variant(bare) {
        let help = match (did_you_mean(value, known.iter().copied()), known.as_slice()) {
            (Some(near), [_, _, ..]) => format!("did you mean `{near}`? It can be {}", list(&known)),
            (_, [one]) => format!("write `{one}`, or leave it out"),
            _ => format!("use one of {}", list(&known)),
        };
        let key = Some(key(path)).filter(|key| !key.is_empty()).map(|key| format!("{key}: "));
        return Some((format!("{}`{value}` is not known here", key.unwrap_or_default()), help));
    }
    if let Some((before, field)) = bare.split_once("duplicate field ") {
        return Some(words(
            format!("{before}the key {field} stands here twice"),
            "put what both hold under one of them",
        ));
    }
    if let Some(at) = bare.find("the environment variable ") {
        return Some(words(&bare[at..], "set it where this command runs, or write the value itself"));
    }
    if let Some((path, field)) = bare.split_once("missing field ") {
        let message = match key(path) {
            "" => format!("{field} is missing in this entry"),
            key => format!("{field} is missing in `{key}`"),
        };
        return Some((message, format!("write `{}: …` into it", field.trim_matches('`'))));
    }
    if let Some((path, rest)) = bare.split_once("invalid value: string \"")
        && let Some((value, expected)) = rest.split_once("\", expected ")
    {
        let help = format!("write {expected}");
        return Some((format!("{path}`{value}` is not {expected}"), help));
    }
    let (path, rest) = bare.split_once("invalid type: ").or_else(|| bare.split_once("invalid value: "))?;
    let (found, expected) = rest.rsplit_once(", expected ")?;
    let subject = Some(key(path)).filter(|key| !key.is_empty()).map(|key| format!("`{key}`"));
    let (expected, help) = wanted(expected);
    let subject = subject.unwrap_or_else(|| "this".to_owned());
    // `title:Notes` is one word to YAML.
    let is_unspaced = expected.starts_with("lines") && found.contains(':') && !found.contains("://");
    let help =
        if is_unspaced { "write a space behind each colon, as in `title: …`".to_owned() } else { help };
    Some((format!("{subject} holds {}, and should hold {expected}", shape(found)), help))
}

/// The key that an error names in front; one of an entry in a list without the entry, which the line shows.
fn key(path: &str) -> &str {
    let path = path.trim_end_matches([':', ' ']);
    let below = path.strip_prefix(".[").and_then(|rest| rest.split_once(']'));
    below.map_or(path, |(_, rest)| rest.trim_start_matches('.'))
}

/// What serde calls what it has found.
fn shape(found: &str) -> String {
    match found.split_once(' ') {
        Some(("string", text)) => format!("the text `{}`", text.trim_matches('"')),
        Some(("integer" | "boolean", value)) => value.to_owned(),
        Some(("floating", value)) => value.trim_start_matches("point ").to_owned(),
        _ => match found {
            "sequence" => "a list".to_owned(),
            "map" => "lines of `key: value`".to_owned(),
            "unit value" | "null" => "nothing".to_owned(),
            other => other.to_owned(),
        },
    }
}

/// What serde calls what it wants, and how that is written.
fn wanted(expected: &str) -> Words {
    match expected {
        "a sequence" => words("a list", "write `[a, b]`, or each item behind a `- ` on a line of its own"),
        "a boolean" => words("`true` or `false`", "write one of the two, without quotes"),
        "a string" => words("a text", "write one text, in quotes where it holds `: ` or `#`"),
        "u16" => words("a whole number up to 65535", "write digits alone, such as `587`"),
        "usize" | "u64" | "u32" => words("a whole number", "write digits alone, such as `20`"),
        "a map" => lines_of_keys(),
        own if own.starts_with("struct ") => lines_of_keys(),
        other => words(other, format!("write {other}")),
    }
}

fn lines_of_keys() -> Words {
    words("lines of `key: value`", "write them below it, indented by two spaces, as in `name: …`")
}

/// Takes apart serde's `` unknown field `a`, expected one of `b`, `c` ``.
fn unknown_field(message: &str) -> Option<(&str, Vec<&str>)> {
    let rest = &message[message.find("unknown field `")? + "unknown field `".len()..];
    let (field, rest) = rest.split_once('`')?;
    Some((field, rest.split('`').skip(1).step_by(2).collect()))
}

/// Takes apart serde's `` mail.transport: unknown variant `a`, expected one of `b`, `c` ``: the key in front, the value, the
/// values known.
fn unknown_variant(message: &str) -> Option<(&str, &str, Vec<&str>)> {
    let (key, rest) = message.split_once("unknown variant `")?;
    let (value, rest) = rest.split_once('`')?;
    Some((key, value, rest.split('`').skip(1).step_by(2).collect()))
}

fn list(words: &[&str]) -> String {
    words.iter().map(|word| format!("`{word}`")).collect::<Vec<_>>().join(", ")
}

/// What cannot be read at all: `lines` end with the one at which the parser gave up. The cause may stand above it.
fn of_syntax(lines: &[&str], bare: &str, at: Spot) -> (Spot, Words) {
    let line = lines.last().copied().unwrap_or_default();
    let here = line.chars().nth(at.1 - 1);
    let is = |words: &str| bare.contains(words);
    if is("mapping values are not allowed") {
        return of_colon(lines, at);
    }
    if is("cannot start any token") && matches!(here, Some('@' | '`' | '%')) || is("alphabetic or numeric") {
        let first = here.filter(|c| "@`%".contains(*c)).or_else(|| value(line).chars().next());
        let message = match first {
            Some(mark) if mark != '`' => format!("a value cannot begin with `{mark}`"),
            _ => "a value cannot begin with this sign".to_owned(),
        };
        return (at, words(message, IN_QUOTES));
    }
    if is("cannot start any token") && line.contains('\t') || is("tab character") {
        let message = "a tab stands in front of this, where YAML takes spaces alone";
        return (at, words(message, "indent with spaces, not tabs"));
    }
    if is("unknown anchor") {
        return (at, words("a value cannot begin with `*`", IN_QUOTES));
    }
    if is("end of stream") || is("did not find expected key") {
        if let Some(spot) = open_quote(lines) {
            let message = "a quotation mark is opened here and not closed on its line";
            return (spot, words(message, "close it where the value ends"));
        }
        return (at, of_a_value_that_goes_on(value(line)));
    }
    if is("expected ',' or") || is("node content") {
        if let Some((spot, mark)) = open_bracket(lines) {
            let message = format!("`{mark}` is opened here and not closed");
            let close = if mark == '[' { ']' } else { '}' };
            return (spot, words(message, format!("close it with `{close}`, or put the value in quotes")));
        }
        return (at, words("a `,`, a bracket or a value is missing here", LOOK));
    }
    if is("could not find expected ':'") {
        let above = lines.iter().rposition(|line| !line.trim().is_empty() && !line.contains(':'));
        let spot = above.map_or(at, |index| (index + 1, 1));
        return (spot, words("this line is no `key: value`", KEY));
    }
    let (message, help) = if is("block sequence entries") {
        ("the `-` of a list stands behind its key", "put each item on a line of its own, or write `[a, b]`")
    } else if is("expected '-' indicator") {
        ("this line is not part of the list above it", "begin it with `- `, or indent it like the item above")
    } else if is("escape character") {
        (
            "a backslash in double quotes begins an escape, and there is none of this name",
            "use single quotes, or write each backslash twice",
        )
    } else if is("control characters") {
        ("an invisible character stands here", "delete it: it came in by copying from another program")
    } else {
        (bare, LOOK)
    };
    (at, words(message, help))
}

const KEY: &str = "write a colon and a space behind the key, as in `title: …`";

/// A `: ` where none is allowed: in a value, behind a key that is indented too far, or below a line that is no key.
fn of_colon(lines: &[&str], at: Spot) -> (Spot, Words) {
    let line = lines.last().copied().unwrap_or_default();
    if line.chars().position(|c| c == ':') != Some(at.1 - 1) {
        let message = "the value holds `: `, which parts a key from its value";
        let help = if line.contains(['“', '”', '‘', '’']) {
            "put it in straight quotes, as in `title: \"one: two\"`: curly ones are letters like others"
        } else {
            "put it in quotes, as in `title: \"one: two\"`"
        };
        return (at, words(message, help));
    }
    let above = lines.iter().rev().skip(1).position(|line| !line.trim().is_empty());
    let above = above.map(|back| lines.len() - 2 - back);
    let Some((index, before)) = above.and_then(|index| Some((index, lines.get(index)?))) else {
        return (at, words("a key cannot stand here", LOOK));
    };
    if before.contains(": ") {
        let column = line.chars().take_while(|c| *c == ' ').count() + 1;
        let message = "this line is indented as if it went on with the value above it";
        return ((at.0, column), words(message, "begin it in the column in which the keys above it begin"));
    }
    let (message, help) = if before.starts_with("<<<<<<<") || before.starts_with("=======") {
        (
            "this line is left over from a merge in git",
            "keep one of the two sides, and delete the lines that git has put around them",
        )
    } else if before.contains('：') {
        ("this line is no `key: value`: its colon is a full-width one", KEY)
    } else if before.contains(':') {
        ("this line is no `key: value`: no space stands behind its colon", KEY)
    } else {
        ("this line is no `key: value`", KEY)
    };
    ((index + 1, 1), words(message, help))
}

/// What is wrong where the parser has read a value and something follows it.
fn of_a_value_that_goes_on(value: &str) -> Words {
    match value.chars().next() {
        Some('[') => words("a list in brackets ends here, and the value goes on", IN_QUOTES),
        Some('{') => words("what stands in braces ends here, and the value goes on", IN_QUOTES),
        Some('"' | '\'') => words(
            "the quotation mark is closed here, and the value goes on",
            "put a text that holds `\"` between single quotes, as in `'he said \"hi\"'`",
        ),
        _ => words("a line of `key: value` belongs here", LOOK),
    }
}

/// What stands behind the key of a line, or behind its `- `.
fn value(line: &str) -> &str {
    let line = line.trim_start().trim_start_matches("- ");
    line.split_once(": ").map_or(line, |(_, value)| value).trim()
}

/// The last value that begins with a quotation mark and has no other.
fn open_quote(lines: &[&str]) -> Option<Spot> {
    lines.iter().enumerate().rev().find_map(|(index, line)| {
        let value = value(line);
        let quote = value.chars().next().filter(|c| matches!(c, '"' | '\''))?;
        let column = line.split_once(value)?.0.chars().count() + 1;
        (value.matches(quote).count() == 1).then_some((index + 1, column))
    })
}

/// The last bracket that is opened on a line and not closed there.
fn open_bracket(lines: &[&str]) -> Option<(Spot, char)> {
    lines.iter().enumerate().rev().find_map(|(index, line)| {
        let is_open = |(open, close): (char, char)| line.matches(open).count() > line.matches(close).count();
        let (mark, _) = [('[', ']'), ('{', '}')].into_iter().find(|pair| is_open(*pair))?;
        let column = line.split(mark).next().unwrap_or_default().chars().count() + 1;
        Some(((index + 1, column), mark))
    })
}

#[cfg(test)]
mod tests {

    #[test]
    fn the_line_that_is_wrong_is_named_where_the_parser_gives_up_later() {
        for (text, at, message) in [
            ("title: \"가\ntags: [a]\n", (1, 8), "a quotation mark is opened"),
            ("tags: [a, b\ndate: 1\n", (1, 7), "`[` is opened"),
            ("title:서울\ntags: a\n", (1, 1), "no space stands behind"),
            ("title: a\n date: 1\n", (2, 2), "indented"),
            ("title: a: b\n", (1, 9), "holds `: `"),
            ("title: [공지] 점검\n", (1, 13), "a list in brackets ends here"),
        ] {
            let error = super::super::parse::<serde_json::Value>(text).unwrap_err();
            assert!(error.message.contains(message), "{text:?}: {}", error.message);
            assert_eq!(error.at, Some(at), "{text:?}");
        }
    }
}
