//! Other programs hear of what has happened, as Standard Webhooks 1.0 has it: each message has an id that stays the same at every attempt,
//! and an HMAC-SHA-256 over id, time and body.

use std::time::Duration;

use aws_lc_rs::hmac;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use chrono::{DateTime, Utc};
use secrecy::{ExposeSecret as _, SecretString};
use thiserror::Error;
use ureq::Agent;

use super::hub::agent_of;

/// It was not heard.
#[derive(Debug, Error)]
pub enum WebhookError {
    /// It said something else than yes.
    #[error("it answered {0}")]
    Refused(u16),
    /// It could not be reached.
    #[error("it could not be reached: {0}")]
    Away(String),
    /// The secret is not one.
    #[error("its secret is empty, or begins with `whsec_` and is not base64")]
    Secret,
}

/// How long an answer may take.
const PATIENCE: Duration = Duration::from_secs(10);

/// What speaks to webhooks.
#[derive(Debug)]
pub struct Herald(Agent);

impl Herald {
    /// One for a whole run.
    pub fn ready() -> Self {
        Self(agent_of(PATIENCE))
    }

    /// Tells `body`, known by `id`, signed with each of the secrets: whoever has one of them believes it.
    ///
    /// # Errors
    /// It could not be reached, or did not take it, or there is no secret to sign with.
    pub fn tell(
        &self,
        url: &str,
        (id, body): (&str, &str),
        secrets: &[SecretString],
        now: DateTime<Utc>,
    ) -> Result<(), WebhookError> {
        let time = now.timestamp().to_string();
        let signatures: Vec<String> = secrets
            .iter()
            .map(|secret| signature(secret, &format!("{id}.{time}.{body}")))
            .collect::<Result<_, _>>()?;
        if signatures.is_empty() {
            return Err(WebhookError::Secret);
        }
        let request = self.0.post(url).header("Content-Type", "application/json");
        let request = request.header("webhook-id", id).header("webhook-timestamp", &time);
        let request = request.header("webhook-signature", signatures.join(" "));
        // An error's own words could hold the address, and with it a token.
        let answer =
            request.send(body).map_err(|error| WebhookError::Away(hidden(&error.to_string(), url)))?;
        match answer.status().as_u16() {
            200..=299 => Ok(()),
            other => Err(WebhookError::Refused(other)),
        }
    }
}

fn hidden(words: &str, url: &str) -> String {
    words.replace(url, "its address")
}

/// `v1,` and the tag in base64. A secret that begins with `whsec_` is base64, any other is taken as it is.
fn signature(secret: &SecretString, signed: &str) -> Result<String, WebhookError> {
    let written = secret.expose_secret().trim();
    let key = match written.strip_prefix("whsec_") {
        Some(encoded) => STANDARD.decode(encoded).map_err(|_| WebhookError::Secret)?,
        None => written.as_bytes().to_vec(),
    };
    if key.is_empty() {
        return Err(WebhookError::Secret);
    }
    let tag = hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, &key), signed.as_bytes());
    Ok(format!("v1,{}", STANDARD.encode(tag)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_signature_is_that_of_an_independent_hmac() {
        // python3: base64.b64encode(hmac.digest(b"0123456789abcdef", b'msg_1.1700000000.{"a":1}', "sha256"))
        let signed = "msg_1.1700000000.{\"a\":1}";
        let plain = signature(&SecretString::from("0123456789abcdef"), signed).unwrap();
        let encoded = signature(&SecretString::from("whsec_MDEyMzQ1Njc4OWFiY2RlZg=="), signed).unwrap();
        assert_eq!(plain, "v1,41C4mdfM4X7k7EqLRBhc2OjUAQFwQVsqMUoL0CbTfxc=");
        assert_eq!(plain, encoded);
        assert!(signature(&SecretString::from("whsec_!"), signed).is_err());
    }
}
