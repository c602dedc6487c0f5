//! `feeds:` as it is written.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt;
use std::marker::PhantomData;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::Deserialize;
use serde::de::value::MapAccessDeserializer;
use serde::de::{self, Deserializer, IntoDeserializer as _, MapAccess, SeqAccess, Visitor};
use serde_json::Value;

use super::Text;
use crate::config::{Content, Format, Group, Terms};

#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub(in crate::config) struct Feeds {
    pub formats: Option<Vec<Format>>,
    pub limit: Option<usize>,
    pub content: Option<Content>,
    pub by: Option<Many<Group>>,
    pub archive: Option<usize>,
    pub hub: Option<Text>,
    pub own: Vec<OwnFeed>,
    pub podcast: Option<Podcast>,
    pub style: Option<bool>,
    pub namespaces: BTreeMap<String, Text>,
    pub fields: Fields,
}

#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub(in crate::config) struct Fields {
    pub feed: BTreeMap<String, Value>,
    pub entry: BTreeMap<String, Value>,
}

#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub(in crate::config) struct OwnFeed {
    pub path: Option<String>,
    pub title: Option<Text>,
    pub description: Option<Text>,
    pub select: SelectFeed,
    pub formats: Option<Vec<Format>>,
    pub limit: Option<usize>,
    pub content: Option<Content>,
    pub podcast: Option<Podcast>,
}

#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub(in crate::config) struct SelectFeed {
    pub categories: Many<String>,
    pub tags: Many<String>,
    pub authors: Many<String>,
    #[serde(alias = "language")]
    pub languages: Many<String>,
    #[serde(alias = "section")]
    pub sections: Many<String>,
    pub exclude: Exclude,
}

#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub(in crate::config) struct Exclude {
    pub categories: Many<String>,
    pub tags: Many<String>,
    pub authors: Many<String>,
    #[serde(alias = "language")]
    pub languages: Many<String>,
    #[serde(alias = "section")]
    pub sections: Many<String>,
}

impl Exclude {
    pub(in crate::config) fn terms(self) -> Terms {
        let Self { categories, tags, authors, languages, sections } = self;
        Terms {
            categories: categories.list(),
            tags: tags.list(),
            authors: authors.list(),
            languages: languages.list(),
            sections: sections.list(),
        }
    }
}

/// One of something, or a list of them.
#[derive(Debug)]
pub(in crate::config) struct Many<T>(Vec<T>);

impl<T> Default for Many<T> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

impl<T> Many<T> {
    pub(in crate::config) fn list(self) -> Vec<T> {
        self.0
    }
}

impl<T: JsonSchema> JsonSchema for Many<T> {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        format!("Many{}", T::schema_name()).into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        let one = generator.subschema_for::<T>();
        json_schema!({ "anyOf": [one, { "type": "array", "items": one }] })
    }
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Many<T> {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        struct Words<T>(PhantomData<T>);
        impl<'de, T: Deserialize<'de>> Visitor<'de> for Words<T> {
            type Value = Vec<T>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a word or a list of words")
            }

            fn visit_str<E: de::Error>(self, word: &str) -> Result<Vec<T>, E> {
                T::deserialize(word.into_deserializer()).map(|one| vec![one])
            }

            fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Vec<T>, A::Error> {
                let mut words = Vec::new();
                while let Some(word) = list.next_element()? {
                    words.push(word);
                }
                Ok(words)
            }

            fn visit_map<A: MapAccess<'de>>(self, one: A) -> Result<Vec<T>, A::Error> {
                T::deserialize(MapAccessDeserializer::new(one)).map(|one| vec![one])
            }
        }
        from.deserialize_any(Words(PhantomData)).map(Self)
    }
}

#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub(in crate::config) struct Podcast {
    /// `Technology`, or `Arts > Books`.
    pub category: Option<Many<String>>,
    pub explicit: bool,
    pub serial: bool,
    pub image: Option<Text>,
    pub author: Option<Text>,
    pub owner: Option<super::Author>,
    pub copyright: Option<Text>,
    pub locked: Option<bool>,
    pub funding: Option<Funding>,
    pub guid: Option<Text>,
    pub medium: Option<String>,
}

#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub(in crate::config) struct Funding {
    pub url: Option<Text>,
    pub text: Option<Text>,
}
