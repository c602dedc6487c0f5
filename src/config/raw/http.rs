//! The section `server` as written.

use schemars::JsonSchema;
use serde::Deserialize;

use super::Text;

#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub(in crate::config) struct Server {
    /// Where it listens. Default: `127.0.0.1:8080`.
    pub listen: Option<Text>,
    /// Its address for readers: links in mail start there. Makes each mail's way off the list one click (RFC 8058).
    pub url: Option<Text>,
    /// A file with the key that signs these links, 16 characters at least; older keys on further lines. Required with `url`.
    pub secret_file: Option<Text>,
    /// Networks of proxies that are believed about whom they ask for. Default: this machine.
    pub trusted_proxies: Option<Vec<Text>>,
    /// Other sites whose scripts may send the sign-up form. Default: the site's own.
    pub origins: Vec<Text>,
    /// The certificate, where no proxy stands in front.
    pub tls: Option<Tls>,
    /// Mail services that report what became of copies.
    pub hooks: Hooks,
    /// The operator's desk.
    pub operator: Option<Operator>,
}

#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub(in crate::config) struct Operator {
    /// Where it listens. Default: `127.0.0.1:8081`.
    pub listen: Option<Text>,
    /// A file with the token that opens it. Without one it is for this machine alone.
    pub token_file: Option<Text>,
}

#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub(in crate::config) struct Hooks {
    /// Amazon SES, by way of SNS.
    pub ses: Option<Topic>,
    /// Postmark.
    pub postmark: Option<Password>,
    /// Mailgun.
    pub mailgun: Option<Key>,
    /// SendGrid.
    pub sendgrid: Option<PublicKey>,
}

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::config) struct Topic {
    /// The topic's ARN.
    pub topic: Text,
    /// The certificate that signs. Default: fetched from Amazon.
    #[serde(default)]
    pub cert_file: Option<Text>,
}

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::config) struct Password {
    /// A file with the password by which it reports.
    pub password_file: Text,
}

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::config) struct Key {
    /// A file with its signing key.
    pub key_file: Text,
}

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::config) struct PublicKey {
    /// Its public key, in base64.
    pub public_key: Text,
}

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::config) struct Tls {
    /// The certificate's chain, in PEM.
    pub cert_file: Text,
    /// Its key, in PEM.
    pub key_file: Text,
}
