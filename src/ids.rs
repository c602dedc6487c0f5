//! Newtypes for names and texts that must never be mixed up.
//!
//! Not responsible for how an id is decided: `content` decides a post's, `digest` an issue's, `subscribers` a subscriber's.

use std::fmt;

use serde::{Deserialize, Serialize};

/// Bytes that nobody can guess; `None` where the system has none.
pub fn random<const N: usize>() -> Option<[u8; N]> {
    let mut bytes = [0; N];
    aws_lc_rs::rand::fill(&mut bytes).ok().map(|()| bytes)
}

macro_rules! text_newtype {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(String);

        impl $name {
            /// Takes the text as it is.
            pub fn new(text: impl Into<String>) -> Self {
                Self(text.into())
            }

            /// The text.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }
    };
}

text_newtype! {
    /// An entry's permanent id: an absolute URI (RFC 4287 §4.2.6).
    PostId
}
text_newtype! {
    /// One issue of one newsletter, such as `weekly-20261123T0800-5f2c9a`.
    IssueId
}
text_newtype! {
    /// One subscriber, whatever the spelling of the address: 32 hexadecimal digits.
    SubscriberId
}
text_newtype! {
    /// A `Message-ID` without its angle brackets (RFC 5322 §3.6.4).
    MessageId
}
text_newtype! {
    /// Sanitised HTML with absolute links: safe to put into a feed, a page or a mail as it is.
    Html
}
text_newtype! {
    /// Text to be read as it stands; never markup.
    PlainText
}

/// The enhanced status code at the start of a text (RFC 3463 §2, RFC 2034 §4), such as `5.1.1`; `None` where it begins otherwise.
pub fn enhanced_code(text: &str) -> Option<String> {
    let code = text.split_whitespace().next()?;
    let parts: Vec<_> = code.split('.').collect();
    let digits = |part: &&str| (1..=3).contains(&part.len()) && part.bytes().all(|b| b.is_ascii_digit());
    (parts.len() == 3 && matches!(parts[0], "2" | "4" | "5") && parts.iter().all(digits))
        .then(|| code.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn enhanced_codes_are_told_from_words() {
        assert_eq!(enhanced_code("5.1.1 User unknown").as_deref(), Some("5.1.1"));
        for text in ["", "User unknown", "5.1", "1.2.3.4 is listed", "9.1.1 x"] {
            assert_eq!(enhanced_code(text), None, "{text}");
        }
    }
}
