//! Front matter values as people write them: a text where a list is meant, a number where a text is.

use std::fmt;

use serde::Deserialize;
use serde::de::{self, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};

use crate::config::Author;

/// Any scalar as text; `None` for null, a list or a map.
#[derive(Debug, Default)]
pub(super) struct Scalar(pub Option<String>);

/// One or many texts.
#[derive(Debug, Default)]
pub(super) enum Terms {
    /// A string of its own, in one piece.
    Bare(String),
    /// A list, lists inside it laid flat.
    List(Vec<String>),
    /// Null.
    #[default]
    None,
}

impl Terms {
    /// Every text as it stands.
    pub(super) fn into_vec(self) -> Vec<String> {
        match self {
            Self::Bare(one) => vec![one],
            Self::List(many) => many,
            Self::None => Vec::new(),
        }
    }
}

/// One or many people.
#[derive(Debug, Default)]
pub(super) struct People(pub Vec<Author>);

macro_rules! as_text {
    ($($method:ident: $from:ty),*) => {$(
        fn $method<E: de::Error>(self, value: $from) -> Result<Self::Value, E> { self.visit_string(value.to_string()) }
    )*};
}

macro_rules! visits_scalars {
    () => {
        as_text! { visit_str: &str, visit_bool: bool, visit_i64: i64, visit_u64: u64, visit_f64: f64 }

        fn visit_unit<E: de::Error>(self) -> Result<Self::Value, E> {
            Ok(Self::Value::default())
        }
    };
}

impl<'de> Deserialize<'de> for Scalar {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Text;
        impl<'de> Visitor<'de> for Text {
            type Value = Scalar;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a text")
            }
            fn visit_string<E: de::Error>(self, value: String) -> Result<Scalar, E> {
                Ok(Scalar(Some(value)))
            }
            fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Scalar, A::Error> {
                while seq.next_element::<IgnoredAny>()?.is_some() {}
                Ok(Scalar(None))
            }
            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Scalar, A::Error> {
                while map.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
                Ok(Scalar(None))
            }
            visits_scalars!();
        }
        deserializer.deserialize_any(Text)
    }
}

impl<'de> Deserialize<'de> for Terms {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Words;
        impl<'de> Visitor<'de> for Words {
            type Value = Terms;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a text or a list of texts")
            }
            fn visit_string<E: de::Error>(self, value: String) -> Result<Terms, E> {
                Ok(Terms::Bare(value))
            }
            fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Terms, A::Error> {
                let mut all = Vec::new();
                while let Some(inner) = seq.next_element::<Terms>()? {
                    all.extend(inner.into_vec());
                }
                Ok(Terms::List(all))
            }
            visits_scalars!();
        }
        deserializer.deserialize_any(Words)
    }
}

impl<'de> Deserialize<'de> for People {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Names;
        impl<'de> Visitor<'de> for Names {
            type Value = People;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a name, a list of names, or `{ name: …, email: …, url: … }`")
            }
            fn visit_string<E: de::Error>(self, name: String) -> Result<People, E> {
                Ok(People(vec![Author { name, ..Author::default() }]))
            }
            fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<People, A::Error> {
                let mut all = Vec::new();
                while let Some(People(inner)) = seq.next_element()? {
                    all.extend(inner);
                }
                Ok(People(all))
            }
            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<People, A::Error> {
                let mut author = Author::default();
                while let Some(key) = map.next_key::<String>()? {
                    let Scalar(value) = map.next_value()?;
                    match key.as_str() {
                        "name" => author.name = value.unwrap_or_default(),
                        "email" => author.email = value,
                        "url" | "uri" | "website" => author.url = value,
                        _ => {}
                    }
                }
                Ok(People(vec![author]))
            }
            visits_scalars!();
        }
        deserializer.deserialize_any(Names)
    }
}
