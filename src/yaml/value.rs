//! YAML as plain data: whatever shape it has, keys as text, and of a key that stands twice the last value.

use std::cell::RefCell;
use std::fmt;

use serde::de::{
    DeserializeSeed, Deserializer, EnumAccess, MapAccess, SeqAccess, VariantAccess as _, Visitor,
};
use serde_json::{Map, Value};

use super::{YamlError, short, translate};

/// A mapping, and the keys of its top level that stand in it more than once.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Mapping {
    /// The values by their keys.
    pub values: Map<String, Value>,
    /// Keys that stand twice or more.
    pub repeated: Vec<String>,
}

/// Reads a document that is a mapping, or empty.
///
/// # Errors
/// What the parser could not read, or that the document is something else.
pub fn mapping(text: &str) -> Result<Mapping, YamlError> {
    short::mapping(text).map_or_else(|| parsed(text), |values| Ok(Mapping { values, repeated: Vec::new() }))
}

/// The same by the parser.
pub(super) fn parsed(text: &str) -> Result<Mapping, YamlError> {
    let (value, repeated) = read(text, 0)?;
    match value {
        Value::Object(values) => Ok(Mapping { values, repeated }),
        Value::Null => Ok(Mapping::default()),
        _ => Err(YamlError {
            message: "this is no list of `key: value`".to_owned(),
            help: "write lines such as `title: …`".to_owned(),
            at: Some((1, 1)),
        }),
    }
}

/// Reads a document of any shape.
pub fn value(text: &str) -> Result<Value, YamlError> {
    read(text, 0).map(|(value, _)| value)
}

/// The keys that stand twice or more in some mapping of a document, however deep; none where it cannot be read.
pub fn repeated(text: &str) -> Vec<String> {
    read(text, usize::MAX).map(|(_, repeated)| repeated).unwrap_or_default()
}

/// The document, and what stands twice in its mappings down to some depth.
fn read(text: &str, deepest: usize) -> Result<(Value, Vec<String>), YamlError> {
    let repeated = RefCell::new(Vec::new());
    let reader = serde_yaml::Deserializer::from_str(text);
    let value = Seed { repeated: &repeated, depth: 0, deepest }
        .deserialize(reader)
        .map_err(|error| translate(text, &error))?;
    Ok((value, repeated.into_inner()))
}

#[derive(Clone, Copy)]
struct Seed<'a> {
    repeated: &'a RefCell<Vec<String>>,
    depth: usize,
    deepest: usize,
}

impl<'de> DeserializeSeed<'de> for Seed<'_> {
    type Value = Value;
    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Seed<'_> {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("YAML")
    }
    fn visit_bool<E>(self, value: bool) -> Result<Value, E> {
        Ok(value.into())
    }
    fn visit_i64<E>(self, value: i64) -> Result<Value, E> {
        Ok(value.into())
    }
    fn visit_u64<E>(self, value: u64) -> Result<Value, E> {
        Ok(value.into())
    }
    fn visit_f64<E>(self, value: f64) -> Result<Value, E> {
        Ok(serde_json::Number::from_f64(value).map_or_else(|| value.to_string().into(), Value::Number))
    }
    fn visit_str<E>(self, value: &str) -> Result<Value, E> {
        Ok(value.into())
    }
    fn visit_string<E>(self, value: String) -> Result<Value, E> {
        Ok(value.into())
    }
    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }
    fn visit_none<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }
    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Value, A::Error> {
        let mut list = Vec::new();
        while let Some(value) = seq.next_element_seed(Self { depth: self.depth + 1, ..self })? {
            list.push(value);
        }
        Ok(Value::Array(list))
    }
    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Value, A::Error> {
        let mut values = Map::new();
        let inner = Self { depth: self.depth + 1, ..self };
        while let Some(key) = map.next_key_seed(inner)? {
            let key = match key {
                Value::String(key) => key,
                Value::Null => String::new(),
                other => other.to_string(),
            };
            let value = map.next_value_seed(inner)?;
            // Nothing but the aliases of `<<` needs more than this.
            if key == "<<"
                && let Value::Object(merged) = value
            {
                for (key, value) in merged {
                    values.entry(key).or_insert(value);
                }
                continue;
            }
            if self.depth <= self.deepest && values.contains_key(&key) {
                self.repeated.borrow_mut().push(key.clone());
            }
            values.insert(key, value);
        }
        Ok(Value::Object(values))
    }
    /// A tag such as `!ruby/object` means nothing here; its value does.
    fn visit_enum<A: EnumAccess<'de>>(self, data: A) -> Result<Value, A::Error> {
        let (_, variant) = data.variant_seed(self)?;
        variant.newtype_variant_seed(self)
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn the_last_of_two_values_counts_and_is_told() {
        let found = mapping("a: 1\nb: [x, ~, 1.0]\na: {2024: y}\n").unwrap();
        assert_eq!(Value::Object(found.values), json!({ "a": { "2024": "y" }, "b": ["x", null, 1.0] }));
        assert_eq!(found.repeated, ["a"]);
        assert_eq!(repeated("a: { b: 1, c: { d: 1, d: 2 }, b: 2 }\n"), ["d", "b"]);
        assert_eq!(mapping("# nothing\n").unwrap(), Mapping::default());
    }

    #[test]
    fn anchors_merge() {
        let found = mapping("x: &x {a: 1, b: 2}\ny: {<<: *x, b: 3}\n").unwrap();
        assert_eq!(found.values["y"], json!({ "a": 1, "b": 3 }));
    }
}
