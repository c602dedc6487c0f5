//! Feeds that are too long for those who fetch them every hour.

use std::path::Path;

use super::{Channel, Document, Plan};
use crate::config::Content;
use crate::diagnostic::Diagnostic;

/// In bytes: where a feed begins to be long, and where readers begin to refuse it.
const LONG: u64 = 250_000;
const TOO_LONG: u64 = 1_000_000;

impl Plan<'_> {
    /// A word about documents that are too long, the longest one by name; `lengths` are theirs in bytes.
    pub fn size_warning(&self, lengths: &[u64], config_path: &Path) -> Option<Diagnostic> {
        let subscribed =
            self.documents.iter().zip(lengths).filter(|(document, _)| document.is_subscription());
        let long: Vec<(&Document, u64)> = subscribed
            .map(|(document, length)| (document, *length))
            .filter(|(_, length)| *length > LONG)
            .collect();
        let (document, length) = *long.iter().max_by_key(|(_, length)| *length)?;
        let others = match long.len() - 1 {
            0 => String::new(),
            1 => "; another is over 250 KB, too".to_owned(),
            more => format!("; {more} others are over 250 KB, too"),
        };
        let why = if length > TOO_LONG {
            "some readers refuse a feed of more than 1 MB"
        } else {
            "every reader fetches it again and again"
        };
        let message = format!("the feed `{}` is {} KB long, and {why}{others}", document.path, length / 1000);
        let help = mend(self.channel(document), self.config.feeds.archive.is_some());
        Some(Diagnostic::warning("long-feed", config_path, message).help(help))
    }
}

/// The settings that make a feed shorter.
fn mend(channel: &Channel, is_archived: bool) -> String {
    let mut ways = Vec::new();
    if channel.posts.len() == channel.shows || channel.shows > 20 {
        ways.push("`feeds.limit: 20` shows the newest alone".to_owned());
    }
    if channel.content == Content::Full {
        ways.push("`feeds.content: summary` shows the beginnings".to_owned());
    }
    if !is_archived {
        ways.push(
            "`feeds.archive: 100` keeps the older entries within reach of readers that ask for them"
                .to_owned(),
        );
    }
    if ways.is_empty() {
        ways.push("a smaller `feeds.limit` helps".to_owned());
    }
    ways.join("; ")
}
