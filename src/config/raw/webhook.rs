//! An entry of `webhooks` as written.

use schemars::JsonSchema;
use serde::Deserialize;

use super::Text;

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::config) struct Webhook {
    /// Where it listens.
    pub url: Text,
    /// A file with the secret that signs what it is told.
    pub secret_file: Text,
    /// What it hears of. Default: everything.
    #[serde(default)]
    pub events: Vec<Text>,
}
