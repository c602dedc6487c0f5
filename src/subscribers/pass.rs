//! Passes: links in letters that let their holder do one thing for a while. All that the thing needs is in the pass itself, signed: until
//! somebody has shown that a mailbox is theirs, nothing of it is kept.

use chrono::{DateTime, Utc};
use data_encoding::BASE64URL_NOPAD;
use serde::{Deserialize, Serialize};

use super::keys::Keys;
use crate::config::Cadence;
use crate::ids::SubscriberId;

/// Octets of the tag.
const TAG: usize = 16;
/// A longer one is nobody's.
const LONGEST: usize = 4096;

/// What a pass lets its holder do.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Errand {
    /// Be put on the list.
    Join(Application),
    /// Have their place given to another address of theirs, to which the pass was sent.
    Move {
        /// Whose place.
        from: SubscriberId,
        /// The address.
        email: String,
    },
    /// Have all that is kept of them.
    Export(SubscriberId),
    /// Be forgotten.
    Erase {
        /// Who.
        subscriber: SubscriberId,
        /// Their address, from which the hash is made that is kept.
        email: String,
    },
    /// Take back, just after it, that they have left.
    Undo(SubscriberId),
}

impl Errand {
    /// What its letter and its page are called by.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Join(_) => "confirm",
            Self::Move { .. } => "move",
            Self::Export(_) => "export",
            Self::Erase { .. } => "erase",
            Self::Undo(_) => "undo",
        }
    }
}

/// What somebody has written into the form.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Application {
    /// Where mail is to go.
    pub email: String,
    /// One line, perhaps empty.
    pub name: String,
    /// BCP 47.
    pub language: Option<String>,
    /// What they want to read about; empty is everything.
    pub topics: Vec<String>,
    /// How often.
    pub cadence: Cadence,
    /// A keyed hash of the network that the form came from.
    pub network: String,
    /// A hash of what they agreed to.
    pub wording: String,
}

/// A pass.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Pass {
    /// Of which newsletter.
    pub list: String,
    /// For what.
    pub errand: Errand,
    /// Until when, in Unix seconds.
    pub until: i64,
    /// When it was asked for, in Unix seconds.
    pub asked: i64,
}

/// Why a pass is not taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Void {
    /// It is not one of ours.
    Forged,
    /// Its time is over.
    Expired,
}

impl Pass {
    /// As it stands in a link.
    pub fn written(&self, keys: &Keys) -> String {
        let text = postcard::to_allocvec(self).unwrap_or_default();
        let mut all = keys.tag("pass", &[&text])[..TAG].to_vec();
        all.extend(text);
        BASE64URL_NOPAD.encode(&all)
    }

    /// Reads what stands in a link.
    pub fn read(written: &str, keys: &Keys, now: DateTime<Utc>) -> Result<Self, Void> {
        if written.len() > LONGEST {
            return Err(Void::Forged);
        }
        let all = BASE64URL_NOPAD.decode(written.as_bytes()).map_err(|_| Void::Forged)?;
        let (tag, text) = all.split_at_checked(TAG).ok_or(Void::Forged)?;
        if !keys.holds("pass", &[text], tag) {
            return Err(Void::Forged);
        }
        let pass: Self = postcard::from_bytes(text).map_err(|_| Void::Forged)?;
        if pass.until < now.timestamp() { Err(Void::Expired) } else { Ok(pass) }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use secrecy::SecretString;

    use super::*;

    fn keys() -> Keys {
        Keys::new(&[SecretString::from("0123456789abcdef0123")]).unwrap()
    }

    fn pass() -> Pass {
        let errand = Errand::Export(SubscriberId::new("00112233445566778899aabbccddeeff"));
        Pass { list: "weekly".to_owned(), errand, until: 1000, asked: 0 }
    }

    fn at(seconds: i64) -> DateTime<Utc> {
        DateTime::from_timestamp(seconds, 0).unwrap()
    }

    #[test]
    fn a_pass_is_good_until_its_time_is_over() {
        let written = pass().written(&keys());
        assert_eq!(Pass::read(&written, &keys(), at(1000)), Ok(pass()));
        assert_eq!(Pass::read(&written, &keys(), at(1001)), Err(Void::Expired));
    }

    proptest! {
        #[test]
        fn a_pass_that_is_not_ours_is_void(at_letter in 0usize..80, letter in "[A-Za-z0-9_-]", made_up in ".{0,200}") {
            let written = pass().written(&keys());
            let mut forged = written.clone();
            forged.replace_range(at_letter..=at_letter, &letter);
            prop_assert!(forged == written || Pass::read(&forged, &keys(), at(1)) == Err(Void::Forged));
            prop_assert_eq!(Pass::read(&made_up, &keys(), at(1)), Err(Void::Forged));
            prop_assert_eq!(Pass::read(&written[..at_letter], &keys(), at(1)), Err(Void::Forged));
        }
    }
}
