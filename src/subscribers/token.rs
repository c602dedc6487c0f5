//! The signed links in mail that work for ever: the one that takes a subscriber off a list, the
//! one to what they have asked for, and the one to what they have got.
//!
//! An HMAC-SHA-256 over list and subscriber: it does not expire, is not used up, and tells nobody the address.

use data_encoding::HEXLOWER;
use url::Url;

use super::keys::Keys;
use crate::ids::SubscriberId;

/// Octets of the tag that a link carries.
const TAG: usize = 16;

/// What a link is for; also how its path begins.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Link {
    /// Takes the subscriber off the list (RFC 8058).
    Unsubscribe,
    /// Shows what they have asked for.
    Preferences,
    /// Shows the issues they have got.
    Issues,
}

impl Link {
    /// The first segment of its path.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Unsubscribe => "unsubscribe",
            Self::Preferences => "preferences",
            Self::Issues => "issues",
        }
    }
}

/// Makes and checks the links of one server.
#[derive(Clone, Debug)]
pub struct Signer {
    keys: Keys,
    base: Url,
}

impl Signer {
    /// A signer for the server at `base`, which ends in `/`.
    pub fn new(keys: Keys, base: Url) -> Self {
        Self { keys, base }
    }

    /// The link of a subscriber of `list`: `…/unsubscribe/LIST/SUBSCRIBER-MAC`.
    pub fn url(&self, link: Link, list: &str, subscriber: &SubscriberId) -> String {
        format!("{}{}", self.base, self.path(link, list, subscriber))
    }

    /// The same below the server's address.
    pub fn path(&self, link: Link, list: &str, subscriber: &SubscriberId) -> String {
        let tag = self.keys.tag(link.as_str(), &[list.as_bytes(), subscriber.as_str().as_bytes()]);
        format!("{}/{list}/{subscriber}-{}", link.as_str(), HEXLOWER.encode(&tag[..TAG]))
    }

    /// Whom the last segment of a link's path names; `None` where it is not one of ours.
    pub fn read(&self, link: Link, list: &str, segment: &str) -> Option<SubscriberId> {
        let (subscriber, tag) = segment.rsplit_once('-')?;
        let tag = HEXLOWER.decode(tag.as_bytes()).ok().filter(|tag| tag.len() == TAG)?;
        let parts = [list.as_bytes(), subscriber.as_bytes()];
        self.keys.holds(link.as_str(), &parts, &tag).then(|| SubscriberId::new(subscriber))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use secrecy::SecretString;

    use super::*;

    fn signer(secrets: &[&str]) -> Signer {
        let secrets: Vec<SecretString> = secrets.iter().map(|secret| SecretString::from(*secret)).collect();
        Signer::new(Keys::new(&secrets).unwrap(), Url::parse("https://news.example.com/").unwrap())
    }

    fn segment(signer: &Signer, link: Link) -> String {
        signer.path(link, "weekly", &somebody()).rsplit('/').next().unwrap().to_owned()
    }

    fn somebody() -> SubscriberId {
        SubscriberId::new("00112233445566778899aabbccddeeff")
    }

    #[test]
    fn a_link_names_its_subscriber_for_its_list_and_purpose_alone() {
        let signer = signer(&["0123456789abcdef0123"]);
        let own = segment(&signer, Link::Unsubscribe);
        assert_eq!(signer.read(Link::Unsubscribe, "weekly", &own), Some(somebody()));
        assert_eq!(signer.read(Link::Unsubscribe, "daily", &own), None);
        assert_eq!(signer.read(Link::Preferences, "weekly", &own), None);
    }

    #[test]
    fn a_link_outlives_its_key_as_long_as_that_is_kept() {
        let (old, new) = ("0123456789abcdef0123", "fedcba98765432100123");
        let sent = segment(&signer(&[old]), Link::Unsubscribe);
        assert!(signer(&[new, old]).read(Link::Unsubscribe, "weekly", &sent).is_some());
        assert!(signer(&[new]).read(Link::Unsubscribe, "weekly", &sent).is_none());
        assert_ne!(segment(&signer(&[new, old]), Link::Unsubscribe), sent);
    }

    proptest! {
        #[test]
        fn a_link_that_is_not_ours_names_nobody(at in 0usize..65, letter in "[0-9a-f-]", rest in "[0-9a-f-]{0,70}") {
            let signer = signer(&["0123456789abcdef0123"]);
            let own = segment(&signer, Link::Unsubscribe);
            let mut forged = own.clone();
            forged.replace_range(at..=at, &letter);
            prop_assert!(forged == own || signer.read(Link::Unsubscribe, "weekly", &forged).is_none());
            prop_assert!(signer.read(Link::Unsubscribe, "weekly", &rest).is_none());
        }
    }
}
