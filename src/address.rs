//! One e-mail address, checked once, in the form it goes over the wire.
//!
//! Not responsible for display names, nor for whether anybody reads mail there.

use std::fmt;

use serde::{Deserialize, Serialize};
use thiserror::Error;
use unicode_normalization::UnicodeNormalization as _;

/// `local@domain`: a local part (RFC 5321 `Dot-string`, or as RFC 6531 §3.3 widens it) and a domain as A-labels (RFC 5890 §2.3.2.1).
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
        let is_bad = |c: &char| if c.is_ascii() { !is_atom(*c) && *c != '.' } else { turns_or_is_space(*c) };
        // A full-width letter is another address, which nobody has.
        let is_wide = |c: &char| matches!(*c, '\u{ff01}'..='\u{ff5e}');
        if let Some(bad) = local.chars().find(|c| is_bad(c) || is_wide(c)) {
            return Err(AddressError::Character(bad));
        }
        if local.starts_with('.') || local.ends_with('.') || local.contains("..") {
            return Err(AddressError::Character('.'));
        }
        let domain = self::domain(domain).ok_or_else(|| AddressError::Domain(domain.to_owned()))?;
        // RFC 6532 §3.1: one form for what looks the same.
        let local: String = local.nfc().collect();
        if local.len() > 64 || local.len() + domain.len() > 253 {
            return Err(AddressError::Length);
        }
        Ok(Self { local, domain })
    }

    /// The part before `@`.
    pub fn local(&self) -> &str {
        &self.local
    }

    /// Whether it can only be written to where SMTPUTF8 is understood all the way (RFC 6531).
    pub fn is_international(&self) -> bool {
        !self.local.is_ascii()
    }

    /// The same mailbox's address with a detail behind its name: `local+detail@domain` (RFC 5233).
    #[must_use]
    pub fn with_detail(&self, detail: &str) -> Self {
        Self { local: format!("{}+{detail}", self.local), domain: self.domain.clone() }
    }

    /// The part after `@`.
    pub fn domain(&self) -> &str {
        &self.domain
    }

    /// The form under which two spellings of one mailbox meet: all lower case.
    pub fn key(&self) -> String {
        self.to_string().to_lowercase()
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

/// A domain name, brought to A-labels in lower case; `None` where it is not one.
pub fn domain(text: &str) -> Option<String> {
    match url::Host::parse(text.trim()) {
        Ok(url::Host::Domain(name)) if is_hostname(&name) => Some(name),
        _ => None,
    }
}

/// What hides in a name or turns its reading direction.
fn turns_or_is_space(c: char) -> bool {
    let turns = matches!(c, '\u{61c}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}');
    turns || c.is_whitespace() || c.is_control()
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
    /// For people: `Name <a@b>`, or the address alone.
    pub fn written(&self) -> String {
        if self.name.is_empty() {
            self.address.to_string()
        } else {
            format!("{} <{}>", self.name, self.address)
        }
    }

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
    fn a_name_outside_ascii_has_one_form() {
        let address = Address::parse("김@a.kr").unwrap();
        assert!(address.is_international());
        assert_eq!(Address::parse("\u{1100}\u{1175}\u{11b7}@a.kr").unwrap(), address);
    }

    #[test]
    fn what_is_no_address_says_why() {
        for (text, error) in [
            ("kim", AddressError::Shape),
            ("@a.kr", AddressError::Shape),
            ("a b@c.kr", AddressError::Character(' ')),
            ("a\r\nBcc: x@example.com", AddressError::Character('\r')),
            ("김\u{202e}@a.kr", AddressError::Character('\u{202e}')),
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
