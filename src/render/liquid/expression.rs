//! Values, filters and conditions, read as laxly as Ruby's Liquid reads them: what makes no sense is nil, never an error.

use serde_json::Value;

/// Something with a value.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Expression {
    Literal(Value),
    /// `empty` and `blank`.
    Nothing,
    Range(Box<Expression>, Box<Expression>),
    /// A name and what is looked up in it, one after the other.
    Lookup(Vec<Step>),
}

#[derive(Clone, Debug, PartialEq)]
pub(super) enum Step {
    Name(String),
    Index(Expression),
}

/// An expression and the filters that its value goes through.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Filtered {
    pub input: Expression,
    pub filters: Vec<Filter>,
}

#[derive(Clone, Debug, PartialEq)]
pub(super) struct Filter {
    pub name: String,
    pub args: Vec<Expression>,
    pub named: Vec<(String, Expression)>,
}

/// What decides between branches. `and` and `or` have no rank: they are read from the right.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Condition {
    Truth(Expression),
    Compare(Expression, String, Expression),
    And(Box<Condition>, Box<Condition>),
    Or(Box<Condition>, Box<Condition>),
}

/// Cuts at each `separator` that stands outside quotes and parentheses.
pub(super) fn split(text: &str, separator: char) -> Vec<&str> {
    let mut parts = Vec::new();
    let (mut start, mut quote) = (0, None);
    for (at, c) in text.char_indices() {
        match quote {
            Some(open) if c == open => quote = None,
            None if matches!(c, '"' | '\'') => quote = Some(c),
            None if c == separator => {
                parts.push(text[start..at].trim());
                start = at + c.len_utf8();
            }
            Some(_) | None => {}
        }
    }
    parts.push(text[start..].trim());
    parts
}

/// The first word or quoted text, and what follows it.
pub(super) fn fragment(text: &str) -> Option<(&str, &str)> {
    let text = text.trim_start();
    let mut quote = None;
    for (at, c) in text.char_indices() {
        match quote {
            Some(open) if c == open => {
                quote = None;
                if text.starts_with(c) {
                    return Some(text.split_at(at + 1));
                }
            }
            None if matches!(c, '"' | '\'') => quote = Some(c),
            None if c.is_whitespace() || matches!(c, ',' | '|') => {
                return (at > 0).then(|| text.split_at(at));
            }
            Some(_) | None => {}
        }
    }
    (!text.is_empty()).then_some((text, ""))
}

impl Expression {
    pub(super) fn parse(text: &str) -> Self {
        let text = text.trim();
        match text {
            "" | "nil" | "null" => return Self::Literal(Value::Null),
            "true" => return Self::Literal(true.into()),
            "false" => return Self::Literal(false.into()),
            "empty" | "blank" => return Self::Nothing,
            _ => {}
        }
        if let Some(quote) = text.chars().next().filter(|c| matches!(c, '"' | '\''))
            && let Some(end) = text[1..].find(quote)
        {
            return Self::Literal(text[1..=end].into());
        }
        if let Ok(number) = text.parse::<i64>() {
            return Self::Literal(number.into());
        }
        if text.starts_with(|c: char| c.is_ascii_digit() || c == '-')
            && let Ok(number) = text.parse::<f64>()
        {
            return Self::Literal(number.into());
        }
        if let Some((from, to)) =
            text.strip_prefix('(').and_then(|text| text.strip_suffix(')')?.split_once(".."))
        {
            return Self::Range(Box::new(Self::parse(from)), Box::new(Self::parse(to)));
        }
        Self::Lookup(steps(text))
    }
}

/// `site.posts[0].title`: ASCII words, and expressions in brackets; anything between them is passed over.
fn steps(text: &str) -> Vec<Step> {
    let mut steps = Vec::new();
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        if c == '[' {
            let mut depth = 0_usize;
            let end = rest.char_indices().find_map(|(at, c)| {
                match c {
                    '[' => depth += 1,
                    ']' => depth -= 1,
                    _ => {}
                }
                (depth == 0).then_some(at)
            });
            let Some(end) = end else { break };
            steps.push(Step::Index(Expression::parse(&rest[1..end])));
            rest = &rest[end + 1..];
            continue;
        }
        let length =
            rest.bytes().take_while(|b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-')).count();
        if length == 0 {
            rest = &rest[c.len_utf8()..];
            continue;
        }
        let mark = usize::from(rest[length..].starts_with('?'));
        steps.push(Step::Name(rest[..length + mark].to_owned()));
        rest = &rest[length + mark..];
    }
    steps
}

impl Filtered {
    pub(super) fn parse(text: &str) -> Self {
        let mut parts = split(text, '|').into_iter();
        let head = parts.next().unwrap_or("");
        // A range may hold spaces; of anything else the first word counts.
        let input = if head.starts_with('(') { head } else { fragment(head).map_or("", |(first, _)| first) };
        Self { input: Expression::parse(input), filters: parts.filter_map(Filter::parse).collect() }
    }
}

impl Filter {
    fn parse(text: &str) -> Option<Self> {
        let length = text.bytes().take_while(|b| b.is_ascii_alphanumeric() || *b == b'_').count();
        let (name, rest) = text.split_at(length);
        let mut filter = Self { name: name.to_owned(), args: Vec::new(), named: Vec::new() };
        let args = rest.trim_start().strip_prefix(':').unwrap_or("");
        for arg in split(args, ',').into_iter().filter(|arg| !arg.is_empty()) {
            match arg.split_once(':').filter(|(key, _)| is_word(key.trim())) {
                Some((key, value)) => filter.named.push((key.trim().to_owned(), Expression::parse(value))),
                None => filter.args.push(Expression::parse(fragment(arg).map_or("", |(first, _)| first))),
            }
        }
        (!name.is_empty()).then_some(filter)
    }
}

fn is_word(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-'))
}

impl Condition {
    pub(super) fn parse(text: &str) -> Self {
        let mut words = Vec::new();
        let mut rest = text;
        while let Some((word, after)) = fragment(rest) {
            words.push(word);
            rest = after.trim_start_matches(|c: char| c.is_whitespace() || matches!(c, ',' | '|'));
        }
        Self::of(&spaced(&words))
    }

    fn of(words: &[String]) -> Self {
        let joined = words.iter().position(|word| word == "and" || word == "or");
        if let Some(at) = joined {
            let (left, right) = (Box::new(Self::of(&words[..at])), Box::new(Self::of(&words[at + 1..])));
            return if words[at] == "and" { Self::And(left, right) } else { Self::Or(left, right) };
        }
        match words {
            [] => Self::Truth(Expression::Literal(Value::Null)),
            [left, operator, right, ..] => {
                Self::Compare(Expression::parse(left), operator.clone(), Expression::parse(right))
            }
            [left, ..] => Self::Truth(Expression::parse(left)),
        }
    }
}

/// Words with their operators set apart: `a==b` is three.
fn spaced(words: &[&str]) -> Vec<String> {
    const OPERATORS: [&str; 7] = ["==", "!=", "<>", ">=", "<=", ">", "<"];
    let mut out = Vec::new();
    for word in words {
        let operator = (!word.starts_with(['"', '\'']))
            .then(|| {
                OPERATORS.iter().find_map(|op| word.split_once(op).map(|(left, right)| (left, *op, right)))
            })
            .flatten();
        match operator {
            Some((left, op, right)) => {
                out.extend([left, op, right].into_iter().filter(|part| !part.is_empty()).map(str::to_owned));
            }
            None => out.push((*word).to_owned()),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn filters_take_arguments_of_both_kinds() {
        let found = Filtered::parse("\"/a,b\" | replace: 'x|y', z | default: 1, allow_false: true");
        assert_eq!(found.input, Expression::Literal("/a,b".into()));
        assert_eq!(found.filters[0].args.len(), 2);
        assert_eq!(found.filters[1].named[0].0, "allow_false");
    }

    #[test]
    fn conditions_are_read_from_the_right() {
        let Condition::Or(_, right) = Condition::parse("a==1 or b contains 'x y' and c") else { panic!() };
        assert!(matches!(*right, Condition::And(..)));
    }
}
