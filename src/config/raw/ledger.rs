//! `ledger:` as it is written: a word, an address, or keys.

use std::borrow::Cow;
use std::fmt;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::Deserialize;
use serde::de::value::{MapAccessDeserializer, StrDeserializer};
use serde::de::{Deserializer, Error, MapAccess, Visitor};

use super::Text;

#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub(in crate::config) struct Ledger {
    /// `sqlite`, or `postgres://USER@HOST/DATABASE` for several machines at once. Default: `sqlite`.
    pub url: Option<Text>,
    /// The database's password, as `${NAME}` of the environment.
    pub password: Option<String>,
    /// A file with the password.
    pub password_file: Option<Text>,
    /// A command that prints the password.
    pub password_command: Option<String>,
    /// Authorities of your own for the database's certificate, in PEM, beside the system's.
    pub ca_file: Option<Text>,
    /// For how long a machine is believed to be alive of which the database hears nothing, such as `2m`. Default: `1m`.
    pub lease: Option<Text>,
    /// Of how many issues of each newsletter the copies are kept one by one; of older ones stays how many there were. Default: of all.
    pub keep: Option<usize>,
}

/// The same, or its `url` alone.
#[derive(Debug, Default)]
pub(in crate::config) struct ShortLedger(pub Ledger);

impl<'de> Deserialize<'de> for ShortLedger {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Either;

        impl<'de> Visitor<'de> for Either {
            type Value = Ledger;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("`sqlite`, the address of a database, or keys")
            }

            fn visit_str<E: Error>(self, text: &str) -> Result<Ledger, E> {
                let url = Some(Text::deserialize(StrDeserializer::new(text))?);
                Ok(Ledger { url, ..Ledger::default() })
            }

            fn visit_map<M: MapAccess<'de>>(self, map: M) -> Result<Ledger, M::Error> {
                Ledger::deserialize(MapAccessDeserializer::new(map))
            }
        }

        deserializer.deserialize_any(Either).map(Self)
    }
}

impl JsonSchema for ShortLedger {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        "ShortLedger".into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        json_schema!({ "anyOf": [generator.subschema_for::<Ledger>(), { "type": "string" }] })
    }
}
