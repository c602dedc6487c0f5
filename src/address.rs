//! One e-mail address, checked once, in the form it goes over the wire.
//!
//! Not responsible for display names, nor for whether anybody reads mail there.

use std::fmt;

use serde::{Deserialize, Serialize};
use thiserror::Error;

/// `local@domain`: an ASCII local part (RFC 5321 `Dot-string`) and a domain as A-labels (RFC 5890 §2.3.2.1).
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Address {
    local: String,
    domain: String,
}

/// Why a text is not an address we can write to.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
pub enum AddressError {
    /// No `@`, or nothing before or after it.
    #[error("it is not of the form `name@example.com`")]
    Shape,
    /// A character that an address cannot hold outside quotes, such as a space or a line break.
    #[error("the part before `@` holds {0:?}, which an address cannot")]
    Character(char),
    /// A local part outside ASCII, which needs SMTPUTF8 (RFC 6531) all the way to the mailbox.
    #[error("the part before `@` is not ASCII, which most mail servers refuse")]
    International,
    /// Not a domain name.
    #[error("`{0}` is not a domain name")]
    Domain(String),
    /// Over 64 octets before `@` (RFC 5321 §4.5.3.1.1) or over 254 in all.
    #[error("it is too long")]
    Length,
}

impl Address {
    /// Checks an address and brings its domain to A-labels in lower case.
    pub fn parse(text: &str) -> Result<Self, AddressError> {
        let (local, domain) = text.trim().rsplit_once('@').ok_or(AddressError::Shape)?;
        if local.is_empty() || domain.is_empty() {
            return Err(AddressError::Shape);
        }
        if let Some(bad) = local.chars().find(|c| c.is_ascii() && !is_atom(*c) && *c != '.') {
            return Err(AddressError::Character(bad));
        }
        if !local.is_ascii() {
            return Err(AddressError::International);
        }
        if local.starts_with('.') || local.ends_with('.') || local.contains("..") {
            return Err(AddressError::Character('.'));
        }
        let domain = match url::Host::parse(domain) {
            Ok(url::Host::Domain(name)) if is_hostname(&name) => name,
            _ => return Err(AddressError::Domain(domain.to_owned())),
        };
        if local.len() > 64 || local.len() + domain.len() > 253 {
            return Err(AddressError::Length);
        }
        Ok(Self { local: local.to_owned(), domain })
    }

    /// The part after `@`.
    pub fn domain(&self) -> &str {
        &self.domain
    }

    /// The form under which two spellings of one mailbox meet: all lower case.
    pub fn key(&self) -> String {
        self.to_string().to_ascii_lowercase()
    }
}

impl fmt::Display for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}@{}", self.local, self.domain)
    }
}

impl From<Address> for String {
    fn from(address: Address) -> Self {
        address.to_string()
    }
}

impl TryFrom<String> for Address {
    type Error = AddressError;

    fn try_from(text: String) -> Result<Self, AddressError> {
        Self::parse(&text)
    }
}

/// RFC 5322 `atext`.
fn is_atom(c: char) -> bool {
    c.is_ascii_alphanumeric() || "!#$%&'*+-/=?^_`{|}~".contains(c)
}

fn is_hostname(name: &str) -> bool {
    name.split('.').all(|label| {
        !label.is_empty()
            && label.len() <= 63
            && !label.starts_with('-')
            && !label.ends_with('-')
            && label.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-')
    })
}

/// A display name and an address: `AI News <news@example.com>`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Mailbox {
    /// The display name, empty where there is none.
    pub name: String,
    /// The address.
    pub address: Address,
}

impl Mailbox {
    /// Reads `Name <a@b>`, `"Name" <a@b>` or `a@b`.
    pub fn parse(text: &str) -> Result<Self, AddressError> {
        let text = text.trim();
        match text.strip_suffix('>').and_then(|rest| rest.rsplit_once('<')) {
            Some((name, address)) => {
                let name = name.trim();
                let bare = name.strip_prefix('"').and_then(|n| n.strip_suffix('"')).unwrap_or(name);
                Ok(Self { name: bare.to_owned(), address: Address::parse(address)? })
            }
            None => Ok(Self { name: String::new(), address: Address::parse(text)? }),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_domain_outside_ascii_becomes_its_a_label() {
        assert_eq!(Address::parse("kim@한국.kr").unwrap().to_string(), "kim@xn--3e0b707e.kr");
    }

    #[test]
    fn what_is_no_address_says_why() {
        for (text, error) in [
            ("kim", AddressError::Shape),
            ("@a.kr", AddressError::Shape),
            ("a b@c.kr", AddressError::Character(' ')),
            ("a\r\nBcc: x@example.com", AddressError::Character('\r')),
            ("김@a.kr", AddressError::International),
            ("a@-b.kr", AddressError::Domain("-b.kr".into())),
            ("a@b..kr", AddressError::Domain("b..kr".into())),
        ] {
            assert_eq!(Address::parse(text), Err(error), "{text:?}");
        }
    }

    #[test]
    fn a_mailbox_reads_with_and_without_a_name() {
        let mailbox = Mailbox::parse("새벽 노트 <News@Example.com>").unwrap();
        assert_eq!(
            (mailbox.name.as_str(), mailbox.address.to_string()),
            ("새벽 노트", "News@example.com".into())
        );
        assert_eq!(mailbox.address.key(), "news@example.com");
        assert_eq!(Mailbox::parse("a@b.kr").unwrap().name, "");
    }
}
