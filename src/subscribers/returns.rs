//! Envelope senders by which a bounce says whose copy it was (VERP): `bounce+TOKEN@example.com`.
//!
//! The token names subscriber and issue and carries an HMAC: nobody can have a stranger's address taken off by making one up. It is
//! base32 in lower case, which comes through whatever a mail server does to the case of letters.

use data_encoding::{BASE32_NOPAD, HEXLOWER};

use super::keys::Keys;
use crate::address::Address;
use crate::ids::{IssueId, SubscriberId};

/// Octets of a token: the subscriber's id, the end of the issue's, and the MAC.
const SUBSCRIBER: usize = 16;
const ISSUE: usize = 6;
const MAC: usize = 10;

/// Makes and reads envelope senders.
#[derive(Clone, Debug)]
pub struct Returns {
    keys: Keys,
    address: Address,
}

/// What a token names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Returned {
    /// Whose copy it was.
    pub subscriber: SubscriberId,
    /// The last twelve digits of the issue's id.
    pub issue_tail: String,
}

impl Returns {
    /// Bounces go to `address` with a token behind its name.
    pub fn new(keys: Keys, address: Address) -> Self {
        Self { keys, address }
    }

    /// The envelope sender of one subscriber's copy. The issue may end in anything; an id of ours ends in twelve digits.
    pub fn sender(&self, issue: &IssueId, subscriber: &SubscriberId) -> Address {
        let mut token = [0; SUBSCRIBER + ISSUE + MAC];
        let (named, mac) = token.split_at_mut(SUBSCRIBER + ISSUE);
        if let Ok(id) = HEXLOWER.decode(subscriber.as_str().as_bytes())
            && id.len() == SUBSCRIBER
        {
            named[..SUBSCRIBER].copy_from_slice(&id);
        }
        let tail = issue.as_str().rsplit('-').next().unwrap_or_default();
        if let Ok(tail) = HEXLOWER.decode(tail.as_bytes())
            && tail.len() == ISSUE
        {
            named[SUBSCRIBER..].copy_from_slice(&tail);
        }
        mac.copy_from_slice(&self.keys.tag("bounce", &[&*named])[..MAC]);
        self.address.with_detail(&BASE32_NOPAD.encode(&token).to_ascii_lowercase())
    }

    /// What an address to which a bounce came names; `None` where it is not one of ours.
    pub fn read(&self, address: &str) -> Option<Returned> {
        let (local, domain) = address.trim().rsplit_once('@')?;
        let (name, detail) = local.split_once('+')?;
        let is_ours = name.eq_ignore_ascii_case(self.address.local())
            && domain.eq_ignore_ascii_case(self.address.domain());
        let token = BASE32_NOPAD.decode(detail.to_ascii_uppercase().as_bytes()).ok().filter(|_| is_ours)?;
        let (named, mac) = token.split_at_checked(SUBSCRIBER + ISSUE)?;
        self.keys.holds("bounce", &[named], mac).then(|| Returned {
            subscriber: SubscriberId::new(HEXLOWER.encode(&named[..SUBSCRIBER])),
            issue_tail: HEXLOWER.encode(&named[SUBSCRIBER..]),
        })
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use secrecy::SecretString;

    use super::*;

    fn returns() -> Returns {
        let keys = Keys::new(&[SecretString::from("0123456789abcdef0123")]).unwrap();
        Returns::new(keys, Address::parse("bounce@example.com").unwrap())
    }

    #[test]
    fn a_sender_names_its_subscriber_and_issue_in_any_case() {
        let (issue, subscriber) = (
            IssueId::new("weekly-20261123T0800-0123456789ab"),
            SubscriberId::new("00112233445566778899aabbccddeeff"),
        );
        let sender = returns().sender(&issue, &subscriber).to_string();
        assert!(sender.split('@').next().unwrap().len() <= 64, "{sender}");
        for written in [sender.clone(), sender.to_uppercase()] {
            let read = returns().read(&written).unwrap();
            assert_eq!((read.subscriber, read.issue_tail.as_str()), (subscriber.clone(), "0123456789ab"));
        }
    }

    proptest! {
        #[test]
        fn a_token_that_is_not_ours_names_nobody(at in 0usize..52, letter in "[a-z2-7]", rest in "[a-z2-7]{0,60}") {
            let subscriber = SubscriberId::new("00112233445566778899aabbccddeeff");
            let sender = returns().sender(&IssueId::new("x-0123456789ab"), &subscriber).to_string();
            let mut forged = sender.clone();
            forged.replace_range(7 + at..8 + at, &letter);
            prop_assert!(forged == sender || returns().read(&forged).is_none());
            let made_up = format!("bounce+{rest}@example.com");
            prop_assert!(returns().read(&made_up).is_none());
        }
    }
}
