//! What is due, for whom it is chosen, and how it reads.
//!
//! Pure: the moment and what was sent before are arguments. Not responsible for the form a mail takes on the wire.

mod compose;
pub mod schedule;
mod select;
pub mod slot;
mod words;

use chrono::{DateTime, FixedOffset};
use serde::{Deserialize, Serialize};

use crate::address::Mailbox;
use crate::ids::{IssueId, MessageId, PostId, SubscriberId};

pub use compose::{Setting, compose};
pub use select::{Selection, Why, newest, select};

/// One issue of a newsletter, frozen: nothing in it depends on the moment it is delivered.
///
/// Its texts hold slots (see [`slot`]) where each subscriber's own words go.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Issue {
    /// Unique for ever.
    pub id: IssueId,
    /// The newsletter's name in the config.
    pub newsletter: String,
    /// The newsletter's name for readers.
    pub title: String,
    /// The `List-Id` (RFC 2919), constant for the newsletter's life.
    pub list_id: String,
    /// The site's address, where older issues can be found.
    pub home: String,
    /// The site's domain, used in `Message-ID`.
    pub host: String,
    /// One line.
    pub subject: String,
    /// The `Date` of every copy.
    pub created: DateTime<FixedOffset>,
    /// The sender.
    pub from: Mailbox,
    /// Where answers go.
    pub reply_to: Option<Mailbox>,
    /// The HTML part, styles inlined.
    pub html: String,
    /// The text part, lines ended by LF.
    pub text: String,
    /// The posts in it, in their order.
    pub posts: Vec<PostId>,
}

impl Issue {
    /// The `Message-ID` of one subscriber's copy, the same at every attempt.
    pub fn message_id(&self, subscriber: &SubscriberId) -> MessageId {
        MessageId::new(format!("{}.{subscriber}@{}", self.id, self.host))
    }
}
