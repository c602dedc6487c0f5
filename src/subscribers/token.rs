//! The signed link that takes one subscriber off one list.
//!
//! An HMAC-SHA-256 over list and subscriber: it does not expire, is not used up, and tells nobody the address.

use aws_lc_rs::hmac;
use secrecy::{ExposeSecret as _, SecretString};
use url::Url;

use crate::ids::SubscriberId;

/// Makes and checks the links of one server.
#[derive(Clone, Debug)]
pub struct Signer {
    key: hmac::Key,
    base: Url,
}

impl Signer {
    /// A signer for the server at `base`, which ends in `/`. `None` where the secret is so short that it could be guessed.
    pub fn new(secret: &SecretString, base: Url) -> Option<Self> {
        let secret = secret.expose_secret().trim().as_bytes();
        (secret.len() >= 16).then(|| Self { key: hmac::Key::new(hmac::HMAC_SHA256, secret), base })
    }

    /// The link that takes `subscriber` off `list`: `…/unsubscribe/LIST/SUBSCRIBER-MAC`.
    pub fn unsubscribe_url(&self, list: &str, subscriber: &SubscriberId) -> String {
        let tag = hmac::sign(&self.key, &signed(list, subscriber));
        let mut mac = String::with_capacity(32);
        tag.as_ref()[..16].iter().for_each(|byte| mac.push_str(&format!("{byte:02x}")));
        format!("{}unsubscribe/{list}/{subscriber}-{mac}", self.base)
    }
}

/// The purpose stands in front, so that a key can serve others without their tokens fitting here.
fn signed(list: &str, subscriber: &SubscriberId) -> Vec<u8> {
    format!("unsubscribe\0{list}\0{subscriber}").into_bytes()
}
