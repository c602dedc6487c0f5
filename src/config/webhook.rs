//! Other programs that hear of what happens.

use url::Url;

use super::Secret;

/// What a webhook can hear of.
pub const KINDS: [&str; 6] = ["subscribed", "unsubscribed", "bounced", "complained", "erased", "issue_sent"];

/// Another program that hears of what happens.
#[derive(Clone, Debug)]
pub struct Webhook {
    /// Where it listens.
    pub url: Url,
    /// What shows it that we speak; of several each signs.
    pub secret: Secret,
    /// Of which of the [`KINDS`] it hears.
    pub kinds: Vec<&'static str>,
}
