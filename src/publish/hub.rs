//! A hub hears that a feed has changed (WebSub, W3C Recommendation, §6 "Publisher notifies hub"; the hubs there are take
//! `hub.mode=publish` with the topic under `hub.url` or `hub.topic`).

use std::sync::Arc;
use std::time::Duration;

use thiserror::Error;
use ureq::Agent;
use ureq::tls::{RootCerts, TlsConfig};

/// The hub did not take it.
#[derive(Debug, Error)]
pub enum HubError {
    /// It said something else than yes.
    #[error("it answered {0}")]
    Refused(u16),
    /// It could not be reached.
    #[error("it could not be reached: {0}")]
    Away(String),
}

/// What speaks to hubs.
#[derive(Debug)]
pub struct Teller(Agent);

/// What asks other servers something. Redirects are not followed: a POST would become a GET.
pub fn agent() -> Agent {
    agent_of(Duration::from_secs(20))
}

/// The same with as much patience.
pub(super) fn agent_of(patience: Duration) -> Agent {
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let tls = TlsConfig::builder()
        .root_certs(RootCerts::PlatformVerifier)
        .unversioned_rustls_crypto_provider(provider)
        .build();
    let config = Agent::config_builder()
        .timeout_global(Some(patience))
        .max_redirects(0)
        .http_status_as_error(false)
        .user_agent(concat!("tidings/", env!("CARGO_PKG_VERSION")))
        .tls_config(tls)
        .build();
    config.into()
}

impl Teller {
    /// One for a whole run.
    pub fn ready() -> Self {
        Self(agent())
    }

    /// Tells the hub that the document at `topic` has changed.
    ///
    /// # Errors
    /// It could not be reached, or did not take it.
    pub fn tell(&self, hub: &str, topic: &str) -> Result<(), HubError> {
        let form = [("hub.mode", "publish"), ("hub.url", topic), ("hub.topic", topic)];
        let answer = self.0.post(hub).send_form(form).map_err(|error| HubError::Away(error.to_string()))?;
        match answer.status().as_u16() {
            200..=299 => Ok(()),
            other => Err(HubError::Refused(other)),
        }
    }
}
