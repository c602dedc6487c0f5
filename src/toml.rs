//! TOML as plain data, for every room that reads it. Dates become texts as they are written.
//!
//! Not responsible for what the values mean.

use serde_json::{Map, Value};

/// Why a document could not be read, and where (line and column, from 1).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TomlError {
    /// What is wrong.
    pub message: String,
    /// The next step.
    pub help: &'static str,
    /// Where.
    pub at: Option<(usize, usize)>,
}

/// Reads one document.
pub fn mapping(text: &str) -> Result<Map<String, Value>, TomlError> {
    match text.parse::<::toml::Table>() {
        Ok(table) => Ok(table.into_iter().map(|(key, value)| (key, plain(value))).collect()),
        Err(error) => {
            let at = error.span().map(|span| {
                let before = &text[..span.start.min(text.len())];
                let column = before.rsplit('\n').next().unwrap_or("").chars().count() + 1;
                (before.matches('\n').count() + 1, column)
            });
            let line = at.and_then(|(line, _)| text.lines().nth(line - 1)).unwrap_or_default();
            let (message, help) = told(error.message(), line);
            Err(TomlError { message, help, at })
        }
    }
}

/// What the parser says of a line, in the words of whoever wrote it, and the mend.
fn told(why: &str, line: &str) -> (String, &'static str) {
    let is = |words: &str| why.contains(words);
    let (message, help) = if is("key with no value") && line.contains(':') {
        ("a `:` parts key and value in YAML; in TOML it is a `=`", "write `title = \"…\"`")
    } else if is("key with no value") {
        ("no `=` and no value stand behind this key", "write `title = \"…\"`")
    } else if is("must be quoted") || is("invalid boolean") {
        ("a text stands here without quotes", "put it in quotes, as in `title = \"…\"`")
    } else if ["date", "time", "hour", "month", "day"].into_iter().any(is) {
        (
            "this is no date of TOML",
            "write it as `2026-11-23` or `2026-11-23T10:00:00+09:00`, or put it in quotes",
        )
    } else if is("duplicate key") {
        ("this key stands here twice", "delete one of the two")
    } else {
        return (
            why.to_owned(),
            "write lines such as `title = \"…\"`, `draft = true` and `tags = [\"a\", \"b\"]`",
        );
    };
    (message.to_owned(), help)
}

fn plain(value: ::toml::Value) -> Value {
    match value {
        ::toml::Value::String(text) => text.into(),
        ::toml::Value::Integer(number) => number.into(),
        ::toml::Value::Float(number) => {
            serde_json::Number::from_f64(number).map_or(Value::Null, Value::Number)
        }
        ::toml::Value::Boolean(truth) => truth.into(),
        ::toml::Value::Datetime(date) => date.to_string().into(),
        ::toml::Value::Array(list) => list.into_iter().map(plain).collect(),
        ::toml::Value::Table(table) => table.into_iter().map(|(key, value)| (key, plain(value))).collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_are_texts_and_errors_have_a_place() {
        let found = mapping("date = 2024-01-05T10:00:00+09:00\n[extra]\na = [1, 2.5]\n").unwrap();
        assert_eq!(found["date"], "2024-01-05T10:00:00+09:00");
        assert_eq!(found["extra"]["a"], serde_json::json!([1, 2.5]));
        assert_eq!(mapping("a = 1\nb = = 2\n").unwrap_err().at.map(|(line, _)| line), Some(2));
    }
}
