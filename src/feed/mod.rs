//! A `Library` becomes feed documents.
//!
//! Pure: ids and dates come from the posts, never from the clock; the same input gives the same bytes. Not responsible
//! for putting the documents anywhere.

mod atom;
mod channel;
mod document;
mod element;
mod entry;
mod fields;
mod index;
mod issues;
mod json;
mod made_of;
mod media;
mod names;
mod podcast;
mod rss;
mod size;
mod words;
mod write;
mod xml;

use std::io;

use thiserror::Error;

use crate::config::{Config, Content, Format};
use crate::content::Library;
use crate::diagnostic::Diagnostic;

pub use channel::Channel;
pub use document::{Document, OWN_FILES, Place};
pub use entry::Entry;
pub use issues::{IssueEntry, issues};
pub use write::{Left, Part};

/// A document that its writer refused to write.
#[derive(Debug, Error)]
pub enum FeedError {
    /// By `atom_syndication`.
    #[error("cannot write the Atom feed: {0}")]
    Atom(#[from] atom_syndication::Error),
    /// By `rss`.
    #[error("cannot write the RSS feed: {0}")]
    Rss(#[from] ::rss::Error),
    /// By `serde_json`.
    #[error("cannot write the JSON feed: {0}")]
    Json(#[from] serde_json::Error),
    /// What came out was not text.
    #[error("cannot write the feed: {0}")]
    Io(#[from] io::Error),
}

/// Which feeds a site has, and in which documents they lie; nothing is rendered yet.
#[derive(Debug)]
pub struct Plan<'a> {
    config: &'a Config,
    library: &'a Library,
    fields: fields::Fields,
    /// The feeds: the main one, the owner's own, those by category, tag, author and language.
    pub channels: Vec<Channel>,
    /// Their documents, each feed's together, archives behind what they belong to.
    pub documents: Vec<Document>,
}

impl<'a> Plan<'a> {
    /// The plan, and what is odd about names and the owner's own elements. `config_path` is the config as messages name it.
    pub fn new(
        config: &'a Config,
        library: &'a Library,
        config_path: &std::path::Path,
    ) -> (Self, Vec<Diagnostic>) {
        let mut found = Vec::new();
        let fields = fields::Fields::new(&config.feeds.fields, config_path, &mut found);
        let channels = channel::all(config, library, &fields, config_path, &mut found);
        let documents = document::all(config, library, &channels, config_path, &mut found);
        (Self { config, library, fields, channels, documents }, found)
    }

    /// For each post of the library, whether any document has it.
    pub fn shown_posts(&self) -> Vec<bool> {
        let mut shown = vec![false; self.library.posts.len()];
        for document in &self.documents {
            for post in &self.channel(document).posts[document.posts.clone()] {
                shown[*post] = true;
            }
        }
        shown
    }

    /// The feed that a document belongs to.
    pub fn channel(&self, document: &Document) -> &Channel {
        &self.channels[document.channel]
    }
}

/// How an entry is shown in one kind of document.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Shown {
    format: Format,
    content: Content,
    /// Whether its language is said, being other than the feed's.
    language: bool,
}

/// The name of each format's document, in the folder of its feed.
pub fn file_name(format: Format) -> &'static str {
    match format {
        Format::Rss => "rss.xml",
        Format::Atom => "atom.xml",
        Format::Json => "feed.json",
    }
}

/// A format's media type (RSS Best Practices; RFC 4287 §7; JSON Feed 1.1, "Suggestions for Publishers").
pub fn media_type(format: Format) -> &'static str {
    match format {
        Format::Rss => "application/rss+xml",
        Format::Atom => "application/atom+xml",
        Format::Json => "application/feed+json",
    }
}
