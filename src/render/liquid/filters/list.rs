//! Filters over lists.

use std::cmp::Ordering;

use serde_json::{Map, Value, json};

use super::super::scope::{order, text};
use super::{arg, number};

pub(super) fn apply(name: &str, input: &Value, args: &[Value]) -> Option<Value> {
    let own = || match input {
        Value::Array(list) => list.clone(),
        Value::Object(map) if name.starts_with("where") || name.starts_with("group") || name == "find" => {
            map.values().cloned().collect()
        }
        Value::Null => Vec::new(),
        value => vec![value.clone()],
    };
    let count = || number(args, 0).and_then(|count| usize::try_from(count).ok()).unwrap_or(1);
    Some(match name {
        "join" => {
            let by = if args.is_empty() { " ".to_owned() } else { arg(args, 0) };
            own().iter().map(text).collect::<Vec<_>>().join(&by).into()
        }
        // `sample`: chance has no place in what must be the same at each build.
        "first" | "sample" => own().first().cloned().unwrap_or(Value::Null),
        "last" => own().last().cloned().unwrap_or(Value::Null),
        "reverse" => own().into_iter().rev().collect(),
        "compact" => own().into_iter().filter(|value| !value.is_null()).collect(),
        "concat" => own()
            .into_iter()
            .chain(args.first().and_then(Value::as_array).cloned().unwrap_or_default())
            .collect(),
        "map" => own().iter().map(|value| property(value, &arg(args, 0)).clone()).collect(),
        "uniq" => {
            let mut seen: Vec<Value> = Vec::new();
            for value in own() {
                if !seen.contains(&value) {
                    seen.push(value);
                }
            }
            Value::Array(seen)
        }
        "sort" | "sort_natural" => sorted(own(), &arg(args, 0), name == "sort_natural"),
        "where" => {
            own().into_iter().filter(|value| is(property(value, &arg(args, 0)), args.get(1))).collect()
        }
        "find" => own()
            .into_iter()
            .find(|value| is(property(value, &arg(args, 0)), args.get(1)))
            .unwrap_or(Value::Null),
        "group_by" => grouped(own(), &arg(args, 0)),
        "sum" => own().iter().filter_map(Value::as_f64).sum::<f64>().into(),
        "push" => own().into_iter().chain(args.first().cloned()).collect(),
        "unshift" => args.first().cloned().into_iter().chain(own()).collect(),
        "pop" => own().into_iter().rev().skip(count()).collect::<Vec<_>>().into_iter().rev().collect(),
        "shift" => own().into_iter().skip(count()).collect(),
        "slice" => {
            let from = usize::try_from(number(args, 0).unwrap_or(0)).unwrap_or(0);
            let length = usize::try_from(number(args, 1).unwrap_or(1)).unwrap_or(1);
            own().into_iter().skip(from).take(length).collect()
        }
        "array_to_sentence_string" => {
            let words: Vec<String> = own().iter().map(text).collect();
            let and = if args.is_empty() { "and".to_owned() } else { arg(args, 0) };
            match words.as_slice() {
                [] => String::new(),
                [one] => one.clone(),
                [one, two] => format!("{one} {and} {two}"),
                [all @ .., last] => format!("{}, {and} {last}", all.join(", ")),
            }
            .into()
        }
        "jsonify" | "inspect" => input.to_string().into(),
        _ => return None,
    })
}

/// `author.name` of a value.
fn property<'v>(value: &'v Value, path: &str) -> &'v Value {
    path.split('.').fold(value, |value, key| value.get(key).unwrap_or(&Value::Null))
}

/// Whether a property is a value, or holds it.
fn is(property: &Value, wanted: Option<&Value>) -> bool {
    let Some(wanted) = wanted else { return super::super::scope::is_true(property) };
    match property {
        Value::Array(list) => list.iter().any(|value| text(value) == text(wanted)),
        Value::Null => wanted.is_null(),
        value => text(value) == text(wanted),
    }
}

fn sorted(mut list: Vec<Value>, path: &str, natural: bool) -> Value {
    let key = |value: &Value| {
        let value = if path.is_empty() { value.clone() } else { property(value, path).clone() };
        match value {
            Value::String(text) if natural => Value::String(text.to_lowercase()),
            value => value,
        }
    };
    list.sort_by(|one, two| {
        let (one, two) = (key(one), key(two));
        match (one.is_null(), two.is_null()) {
            (true, false) => Ordering::Less,
            (false, true) => Ordering::Greater,
            _ => order(&one, &two).unwrap_or_else(|| text(&one).cmp(&text(&two))),
        }
    });
    Value::Array(list)
}

fn grouped(list: Vec<Value>, path: &str) -> Value {
    let mut groups: Map<String, Value> = Map::new();
    let mut names: Vec<String> = Vec::new();
    for value in list {
        let name = text(property(&value, path));
        if !names.contains(&name) {
            names.push(name.clone());
        }
        if let Some(group) = groups.entry(name).or_insert_with(|| json!([])).as_array_mut() {
            group.push(value);
        }
    }
    let group = |name: String| {
        let items = groups.get(&name).cloned().unwrap_or_default();
        json!({ "name": name, "size": items.as_array().map_or(0, Vec::len), "items": items })
    };
    names.into_iter().map(group).collect()
}
