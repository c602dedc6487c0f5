//! What is due, for whom it is chosen, and how it reads.
//!
//! Pure: the moment and what was sent before are arguments. Not responsible for the form a mail takes on the wire.

mod compose;
pub mod editor;
mod group;
mod lint;
pub mod markup;
mod names;
mod pictures;
pub mod schedule;
mod select;
pub mod slot;
mod values;
pub mod web;

use std::path::PathBuf;

use chrono::{DateTime, FixedOffset};
use serde::{Deserialize, Serialize};

use crate::address::Mailbox;
use crate::config::Cadence;
use crate::diagnostic::Diagnostic;
use crate::ids::{IssueId, MessageId, PostId, SubscriberId};

pub use compose::{Order, Setting, compose};
pub use editor::Editor;
pub use group::{Group, Grouping, Past, PastIssue, Reader, SentPost};
pub use names::NAMES;
pub use pictures::Converted;
pub use select::{Candidates, Why, candidates, newest};

/// One issue of a newsletter, frozen: nothing in it depends on the moment it is delivered.
///
/// Its texts hold slots (see [`slot`]) where each subscriber's own words go.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Issue {
    /// Unique for ever.
    pub id: IssueId,
    /// The newsletter's name in the config.
    pub newsletter: String,
    /// For subscribers of which cadence it is.
    #[serde(default)]
    pub cadence: Cadence,
    /// BCP 47: the language that it speaks.
    #[serde(default)]
    pub language: String,
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
    pub posts: Vec<IssuePost>,
    /// Pictures that must lie beside the feeds before it goes out.
    #[serde(default)]
    pub pictures: Vec<Converted>,
    /// What a reader is called who has given no name.
    #[serde(default)]
    pub nameless: String,
    /// Whether it says that it stands on the web.
    #[serde(default)]
    pub on_the_web: bool,
    /// Whether each reader has a link of their own to it on the web.
    #[serde(default)]
    pub is_private: bool,
}

/// A post as an issue remembers it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct IssuePost {
    /// Its id.
    pub id: PostId,
    /// Its file, below the site's root.
    pub source: PathBuf,
}

/// Gmail cuts a message off at about 102 KB of HTML; what stands below, the way off the list too, is not seen.
const LARGE: usize = 90 << 10;

impl Issue {
    /// A warning where the HTML part is so large that it will be cut off.
    pub fn size_warning(&self) -> Option<Diagnostic> {
        let message = format!(
            "the newsletter's HTML is {} KB long; Gmail cuts it off at about 102",
            self.html.len() >> 10
        );
        let help = "set `content: summary` or a smaller `select.max` for this newsletter";
        let path = PathBuf::from(format!("newsletters.{}", self.newsletter));
        (self.html.len() > LARGE).then(|| Diagnostic::warning("large-mail", &path, message).help(help))
    }

    /// The `Message-ID` of one subscriber's copy, the same at every attempt.
    pub fn message_id(&self, subscriber: &SubscriberId) -> MessageId {
        MessageId::new(format!("{}.{subscriber}@{}", self.id, self.host))
    }
}
