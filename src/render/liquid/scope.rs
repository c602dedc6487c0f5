//! What names stand for while a template is carried out.

use std::borrow::Cow;
use std::collections::HashMap;

use serde_json::{Map, Value};

use super::expression::{Condition, Expression, Step};

/// The values of names: loop variables and parameters first, then what was assigned, then what the site provides.
pub(super) struct Scope<'a> {
    /// What the site provides, by name.
    pub globals: Vec<(&'a str, Cow<'a, Value>)>,
    pub assigned: HashMap<String, Value>,
    pub frames: Vec<Map<String, Value>>,
    /// Counters of `increment` and `cycle`.
    pub counters: HashMap<String, i64>,
    /// How many more nodes may be carried out: a loop in a loop in a loop ends.
    pub fuel: usize,
}

impl<'a> Scope<'a> {
    pub(super) fn new(globals: Vec<(&'a str, Cow<'a, Value>)>) -> Self {
        Self {
            globals,
            assigned: HashMap::new(),
            frames: Vec::new(),
            counters: HashMap::new(),
            fuel: 500_000,
        }
    }

    fn root(&self, name: &str) -> Option<&Value> {
        self.frames
            .iter()
            .rev()
            .find_map(|frame| frame.get(name))
            .or_else(|| self.assigned.get(name))
            .or_else(|| self.globals.iter().find(|(own, _)| *own == name).map(|(_, value)| &**value))
    }

    pub(super) fn value(&self, expression: &Expression) -> Cow<'_, Value> {
        match expression {
            Expression::Literal(value) => Cow::Owned(value.clone()),
            Expression::Nothing => Cow::Owned(Value::String(String::new())),
            Expression::Range(from, to) => {
                let number = |end: &Expression| integer(&self.value(end)).unwrap_or(0);
                let (from, to) = (number(from), number(to).min(number(from) + 10_000));
                Cow::Owned((from..=to).map(Value::from).collect())
            }
            Expression::Lookup(steps) => self.lookup(steps),
        }
    }

    fn lookup(&self, steps: &[Step]) -> Cow<'_, Value> {
        let mut steps = steps.iter();
        let first = match steps.next() {
            Some(Step::Name(name)) => self.root(name),
            Some(Step::Index(index)) => self.root(&text(&self.value(index))),
            None => None,
        };
        let mut value = first.map_or(Cow::Owned(Value::Null), Cow::Borrowed);
        for step in steps {
            let key = match step {
                Step::Name(name) => Cow::Owned(Value::String(name.clone())),
                Step::Index(index) => self.value(index),
            };
            value = match value {
                Cow::Borrowed(value) => child(value, &key),
                Cow::Owned(value) => Cow::Owned(child(&value, &key).into_owned()),
            };
        }
        value
    }

    pub(super) fn holds(&self, condition: &Condition) -> bool {
        match condition {
            Condition::And(left, right) => self.holds(left) && self.holds(right),
            Condition::Or(left, right) => self.holds(left) || self.holds(right),
            Condition::Truth(expression) => {
                *expression == Expression::Nothing || is_true(&self.value(expression))
            }
            Condition::Compare(left, operator, right) => self.compares(left, operator, right),
        }
    }

    fn compares(&self, left: &Expression, operator: &str, right: &Expression) -> bool {
        let (one, two) = (self.value(left), self.value(right));
        let equal = match (left, right) {
            (Expression::Nothing, _) => is_empty(&two),
            (_, Expression::Nothing) => is_empty(&one),
            _ => is_equal(&one, &two),
        };
        match operator {
            "==" => equal,
            "!=" | "<>" => !equal,
            "contains" => match &*one {
                Value::String(text_of) => !two.is_null() && text_of.contains(&text(&two)),
                Value::Array(list) => list.iter().any(|value| is_equal(value, &two)),
                Value::Object(map) => map.contains_key(&text(&two)),
                _ => false,
            },
            _ => order(&one, &two).is_some_and(|order| match operator {
                ">" => order.is_gt(),
                "<" => order.is_lt(),
                ">=" => order.is_ge(),
                "<=" => order.is_le(),
                _ => false,
            }),
        }
    }
}

fn child<'v>(value: &'v Value, key: &Value) -> Cow<'v, Value> {
    let found = match (value, key) {
        (Value::Object(map), key) => map.get(&text(key)),
        (Value::Array(list), Value::Number(number)) => number.as_i64().and_then(|at| {
            let length = i64::try_from(list.len()).ok()?;
            list.get(usize::try_from(if at < 0 { at + length } else { at }).ok()?)
        }),
        (Value::Array(list), Value::String(name)) => match name.as_str() {
            "first" => list.first(),
            "last" => list.last(),
            _ => None,
        },
        _ => None,
    };
    match (found, key) {
        (Some(found), _) => Cow::Borrowed(found),
        (None, Value::String(name)) if name == "size" => Cow::Owned(size(value)),
        (None, Value::String(name)) if name == "first" => match value {
            Value::Object(map) => Cow::Owned(map.iter().next().map_or(Value::Null, pair)),
            _ => Cow::Owned(Value::Null),
        },
        _ => Cow::Owned(Value::Null),
    }
}

/// A key and its value, as a loop over a mapping gives them.
pub(super) fn pair((key, value): (&String, &Value)) -> Value {
    Value::Array(vec![key.clone().into(), value.clone()])
}

pub(super) fn size(value: &Value) -> Value {
    match value {
        Value::String(text) => text.chars().count().into(),
        Value::Array(list) => list.len().into(),
        Value::Object(map) => map.len().into(),
        _ => Value::Null,
    }
}

/// Everything but nil and false.
pub(super) fn is_true(value: &Value) -> bool {
    !matches!(value, Value::Null | Value::Bool(false))
}

pub(super) fn is_empty(value: &Value) -> bool {
    match value {
        Value::String(text) => text.trim().is_empty(),
        Value::Array(list) => list.is_empty(),
        Value::Object(map) => map.is_empty(),
        Value::Null | Value::Bool(false) => true,
        _ => false,
    }
}

fn is_equal(one: &Value, two: &Value) -> bool {
    match (one, two) {
        (Value::Number(one), Value::Number(two)) => one.as_f64() == two.as_f64(),
        _ => one == two,
    }
}

/// How two numbers or two texts are ordered.
pub(super) fn order(one: &Value, two: &Value) -> Option<std::cmp::Ordering> {
    match (one, two) {
        (Value::Number(one), Value::Number(two)) => one.as_f64()?.partial_cmp(&two.as_f64()?),
        (Value::String(one), Value::String(two)) => Some(one.cmp(two)),
        _ => None,
    }
}

pub(super) fn integer(value: &Value) -> Option<i64> {
    match value {
        #[expect(
            clippy::cast_possible_truncation,
            reason = "Ruby's `to_i` cuts off what stands behind the point"
        )]
        Value::Number(number) => number.as_i64().or_else(|| number.as_f64().map(|float| float as i64)),
        Value::String(text) => text.trim().parse().ok(),
        _ => None,
    }
}

/// A value as it is put out.
pub(super) fn text(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        Value::Array(list) => list.iter().map(text).collect(),
        value => value.to_string(),
    }
}
