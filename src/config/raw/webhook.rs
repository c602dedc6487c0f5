//! An entry of `webhooks` as written.

use schemars::JsonSchema;
use serde::Deserialize;

use super::Text;

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::config) struct Webhook {
    pub url: Text,
    pub secret_file: Text,
    #[serde(default)]
    pub events: Vec<Text>,
}
