//! Newtypes for names and texts that must never be mixed up.
//!
//! Not responsible for how an id is decided: `content` decides a post's, `digest` an issue's, `subscribers` a subscriber's.

use std::fmt;

use serde::{Deserialize, Serialize};

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
