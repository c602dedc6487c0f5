//! Front matter values as people write them: a text where a list is meant, a number where a text is.

use serde_json::Value;

use super::clean::one_line;
use crate::address::Address;
use crate::config::{Author, Settings};

/// A scalar as a text; `None` for null, lists and maps.
pub(super) fn text(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        Value::Bool(truth) => Some(truth.to_string()),
        Value::Null | Value::Array(_) | Value::Object(_) => None,
    }
}

/// The first of these keys that holds a text with something in it.
pub(super) fn first_text(matter: &Settings, keys: &[&str]) -> Option<String> {
    keys.iter().find_map(|key| matter.get(*key).and_then(text).filter(|text| !text.trim().is_empty()))
}

/// Every scalar in a value, lists inside lists laid flat.
pub(super) fn flat(value: &Value) -> Vec<String> {
    match value {
        Value::Array(list) => list.iter().flat_map(flat).collect(),
        value => text(value).into_iter().collect(),
    }
}

/// The words of a text: parted by commas where it has one, else by spaces.
pub(super) fn words(text: &str) -> Vec<String> {
    if text.contains(',') {
        text.split(',').map(str::to_owned).collect()
    } else {
        text.split_whitespace().map(str::to_owned).collect()
    }
}

/// Each term on one line, none empty, none twice.
pub(super) fn unique(terms: impl IntoIterator<Item = String>) -> Vec<String> {
    let mut seen: Vec<String> = Vec::new();
    for term in terms {
        let term = one_line(&term);
        if !term.is_empty() && !seen.contains(&term) {
            seen.push(term);
        }
    }
    seen
}

/// What a key that should be true or false says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Truth {
    Yes,
    No,
    /// The key is not there.
    Unsaid,
    /// It is there and holds nothing.
    Empty,
    /// Some other word.
    Word(String),
}

/// YAML 1.1's words for true and false, which most generators' parsers know.
pub(super) fn truth(value: Option<&Value>) -> Truth {
    let Some(value) = value else { return Truth::Unsaid };
    let Some(word) = text(value) else { return Truth::Empty };
    match word.trim().to_ascii_lowercase().as_str() {
        "true" | "yes" | "on" | "y" | "1" => Truth::Yes,
        "false" | "no" | "off" | "n" | "0" => Truth::No,
        "" => Truth::Empty,
        _ => Truth::Word(word),
    }
}

/// One or many people, by name, by a key of `known`, or as `{ name, email, url }`.
pub(super) fn people(value: &Value, known: &Settings) -> Vec<Author> {
    match value {
        Value::Array(list) => list.iter().flat_map(|value| people(value, known)).collect(),
        Value::Object(own) => person(own, "").into_iter().collect(),
        value => {
            let Some(name) = text(value).map(|name| one_line(&name)).filter(|name| !name.is_empty()) else {
                return Vec::new();
            };
            let found = known.get(&name).and_then(Value::as_object).and_then(|own| person(own, &name));
            vec![found.unwrap_or(Author { name, email: None, url: None })]
        }
    }
}

fn person(own: &Settings, fallback: &str) -> Option<Author> {
    let part =
        |keys: &[&str]| first_text(own, keys).map(|text| one_line(&text)).filter(|text| !text.is_empty());
    let name =
        part(&["name", "title"]).or_else(|| Some(fallback.to_owned()).filter(|name| !name.is_empty()))?;
    // A feed's grammar knows no other form of address.
    let email = part(&["email"]).filter(|email| Address::parse(email).is_ok());
    let is_web =
        |url: &String| url::Url::parse(url).is_ok_and(|url| matches!(url.scheme(), "http" | "https"));
    Some(Author { name, email, url: part(&["uri", "url", "website", "web"]).filter(is_web) })
}

/// A language tag in the outer form of RFC 5646 §2.1.
pub(super) fn language(matter: &Settings, keys: &[&str]) -> Option<String> {
    let tag = one_line(&first_text(matter, keys)?).replace('_', "-");
    let part = |part: &str| (1..=8).contains(&part.len()) && part.bytes().all(|b| b.is_ascii_alphanumeric());
    (tag.split('-').all(part) && tag.starts_with(|c: char| c.is_ascii_alphabetic())).then_some(tag)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn people_are_named_in_many_ways() {
        let known = json!({ "kim": { "name": "김민지", "email": "no address", "uri": "https://k.kr" } });
        let found = people(&json!(["kim", { "name": "박" }, 7, null]), known.as_object().unwrap());
        let names: Vec<_> = found.iter().map(|author| author.name.as_str()).collect();
        assert_eq!(names, ["김민지", "박", "7"]);
        assert_eq!((found[0].email.as_deref(), found[0].url.as_deref()), (None, Some("https://k.kr")));
    }

    #[test]
    fn terms_lose_their_repeats() {
        assert_eq!(unique(flat(&json!(["a", ["b", null, 2], "a", " "]))), ["a", "b", "2"]);
        assert_eq!(words("a b, c"), ["a b", " c"]);
        assert_eq!(truth(Some(&json!("flase"))), Truth::Word("flase".into()));
    }
}
