//! The section `server` as written.

use schemars::JsonSchema;
use serde::Deserialize;

use super::Text;

#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub(in crate::config) struct Server {
    pub listen: Option<Text>,
    pub url: Option<Text>,
    pub secret_file: Option<Text>,
    pub trusted_proxies: Option<Vec<Text>>,
    pub origins: Vec<Text>,
    pub tls: Option<Tls>,
    pub hooks: Hooks,
    pub operator: Option<Operator>,
}

#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub(in crate::config) struct Operator {
    pub listen: Option<Text>,
    pub token_file: Option<Text>,
}

#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub(in crate::config) struct Hooks {
    pub ses: Option<Topic>,
    pub postmark: Option<Password>,
    pub mailgun: Option<Key>,
    pub sendgrid: Option<PublicKey>,
}

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::config) struct Topic {
    pub topic: Text,
    #[serde(default)]
    pub cert_file: Option<Text>,
}

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::config) struct Password {
    pub password_file: Text,
}

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::config) struct Key {
    pub key_file: Text,
}

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::config) struct PublicKey {
    pub public_key: Text,
}

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::config) struct Tls {
    pub cert_file: Text,
    pub key_file: Text,
}
