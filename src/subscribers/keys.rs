//! The site's secret, and what is signed with it. Each purpose has tags of its own, so that a token for one fits no other.

use aws_lc_rs::{constant_time, hmac};
use secrecy::{ExposeSecret as _, SecretString};

/// Octets of a whole tag (HMAC-SHA-256).
const WHOLE: usize = 32;
/// A secret of fewer characters could be guessed.
const SHORTEST: usize = 16;

/// The key that signs, and older ones that are still believed.
#[derive(Clone, Debug)]
pub struct Keys(Vec<hmac::Key>);

impl Keys {
    /// Of these secrets the first signs. `None` where there is none, or one is so short that it could be guessed.
    pub fn new(secrets: &[SecretString]) -> Option<Self> {
        let key = |secret: &SecretString| {
            let secret = secret.expose_secret().trim().as_bytes();
            (secret.len() >= SHORTEST).then(|| hmac::Key::new(hmac::HMAC_SHA256, secret))
        };
        let keys: Vec<hmac::Key> = secrets.iter().map(key).collect::<Option<_>>()?;
        (!keys.is_empty()).then_some(Self(keys))
    }

    /// The tag of a text in parts, none of which may hold a NUL.
    pub fn tag(&self, purpose: &str, parts: &[&[u8]]) -> [u8; WHOLE] {
        tag(&self.0[0], purpose, parts)
    }

    /// Whether a tag, perhaps cut to its first octets (ten at least), is one of ours.
    pub fn holds(&self, purpose: &str, parts: &[&[u8]], cut: &[u8]) -> bool {
        let is_of = |key| {
            let whole = tag(key, purpose, parts);
            whole.get(..cut.len()).is_some_and(|own| constant_time::verify_slices_are_equal(own, cut).is_ok())
        };
        cut.len() >= 10 && self.0.iter().any(is_of)
    }
}

fn tag(key: &hmac::Key, purpose: &str, parts: &[&[u8]]) -> [u8; WHOLE] {
    let mut context = hmac::Context::with_key(key);
    context.update(purpose.as_bytes());
    for part in parts {
        context.update(b"\0");
        context.update(part);
    }
    let mut whole = [0; WHOLE];
    whole.copy_from_slice(context.sign().as_ref());
    whole
}
