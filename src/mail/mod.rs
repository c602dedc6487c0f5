//! One issue and one subscriber become the bytes that go over the wire.
//!
//! Deterministic: `Message-ID`, `Date` and boundaries are functions of the frozen issue and the subscriber, so a repeat is
//! byte-identical. What is the same for everybody is encoded once; each subscriber's own words are put in between. Not
//! responsible for handing anything over.

mod body;
mod composer;
pub mod dkim;
mod header;
mod letter;
mod quoted_printable;

use crate::address::Address;
use crate::ids::MessageId;

pub use composer::{Composer, Seal};
pub use letter::Letter;

/// A finished mail and where it goes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Message {
    /// The `Message-ID`, which is the same for every copy to this subscriber.
    pub id: MessageId,
    /// Who the envelope is from (RFC 5321 `Reverse-path`).
    pub sender: Address,
    /// Who it goes to.
    pub recipient: Address,
    /// RFC 5322 text: ASCII (but for an address outside it, RFC 6532), lines of at most 998 octets ended by CRLF, dots not yet stuffed.
    pub text: String,
}
