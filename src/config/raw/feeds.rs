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
    /// Of the main feeds and, where they name none, of the others: `rss.xml`, `atom.xml`, `feed.json`. Default: all three.
    pub formats: Option<Vec<Format>>,
    /// At most so many entries; 0 is all. Default: the blog's own feed's, else 20.
    pub limit: Option<usize>,
    /// How much of each post: `full` or `summary`. Default: the blog's own feed's, else `full`.
    pub content: Option<Content>,
    /// Further feeds, one for each category, tag, author or language. Default: none.
    pub by: Option<Many<Group>>,
    /// Older entries in documents of so many (RFC 5005). Default: none.
    pub archive: Option<usize>,
    /// The address of a WebSub hub, which hears of what is new. Default: none.
    pub hub: Option<Text>,
    /// Feeds of your own.
    pub own: Vec<OwnFeed>,
    /// What makes the main feeds a podcast.
    pub podcast: Option<Podcast>,
    /// Whether a feed names a style sheet, for people who open it in a browser. Default: `true`.
    pub style: Option<bool>,
    /// Prefixes of elements of your own, with the URIs that they stand for.
    pub namespaces: BTreeMap<String, Text>,
    /// Elements of your own.
    pub fields: Fields,
}

#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub(in crate::config) struct Fields {
    /// In every feed: names with templates of their values.
    pub feed: BTreeMap<String, Value>,
    /// In every entry.
    pub entry: BTreeMap<String, Value>,
}

#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub(in crate::config) struct OwnFeed {
    /// Its folder below the public one, or a document in it, such as `weekly/feed.xml`. Required.
    pub path: Option<String>,
    /// Default: the site's.
    pub title: Option<Text>,
    /// Default: the site's.
    pub description: Option<Text>,
    /// Which posts it takes. Default: all.
    pub select: SelectFeed,
    /// Default: the main feeds'.
    pub formats: Option<Vec<Format>>,
    /// At most so many entries; 0 is all. Default: the main feeds'.
    pub limit: Option<usize>,
    /// Default: the main feeds'.
    pub content: Option<Content>,
    /// What makes it a podcast.
    pub podcast: Option<Podcast>,
}

#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub(in crate::config) struct SelectFeed {
    /// Any of them. Default: all.
    pub categories: Many<String>,
    /// Any of them.
    pub tags: Many<String>,
    /// Any of them.
    pub authors: Many<String>,
    /// Any of them (BCP 47).
    #[serde(alias = "language")]
    pub languages: Many<String>,
    /// Any of them: the first folder below that of the posts.
    #[serde(alias = "section")]
    pub sections: Many<String>,
    /// None of what is named here.
    pub exclude: Exclude,
}

#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub(in crate::config) struct Exclude {
    /// None of them.
    pub categories: Many<String>,
    /// None of them.
    pub tags: Many<String>,
    /// None of them.
    pub authors: Many<String>,
    /// None of them.
    #[serde(alias = "language")]
    pub languages: Many<String>,
    /// None of them.
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
    /// Whether it is for adults. Default: `false`.
    pub explicit: bool,
    /// Whether its episodes are to be heard from the first on. Default: `false`.
    pub serial: bool,
    /// The address of its cover.
    pub image: Option<Text>,
    /// Who makes it. Default: the site's author.
    pub author: Option<Text>,
    /// Whom a directory writes to.
    pub owner: Option<super::Author>,
    /// Whose it is.
    pub copyright: Option<Text>,
    /// Whether other hosts must not take it over.
    pub locked: Option<bool>,
    /// Where listeners can give.
    pub funding: Option<Funding>,
    /// Its `podcast:guid`, where it had one elsewhere. Default: made from its address.
    pub guid: Option<Text>,
    /// `podcast`, `music`, `audiobook`, …
    pub medium: Option<String>,
}

#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub(in crate::config) struct Funding {
    /// The address.
    pub url: Option<Text>,
    /// The words of the link.
    pub text: Option<Text>,
}
