//! A `Library` becomes feed documents.
//!
//! Pure: ids and dates come from the posts, never from the clock; the same input gives the same bytes. Not responsible
//! for putting the documents anywhere.

mod atom;
mod entry;
mod json;
mod rss;
mod xml;

use std::io;

use chrono::{DateTime, FixedOffset};
use rayon::prelude::*;
use thiserror::Error;
use url::Url;

use crate::config::{Author, Config, Format};
use crate::content::{Library, clean};
use crate::diagnostic::Diagnostic;
use crate::fsx::FileError;
use crate::render::Renderer;

pub use entry::Entry;

/// A feed document, ready to be put in its place.
#[derive(Clone, Debug)]
pub struct Document {
    /// Its path below the public folder and below the site's URL.
    pub path: &'static str,
    /// How many entries it holds.
    pub entries: usize,
    /// The whole document.
    pub bytes: Vec<u8>,
}

/// A feed before it takes the form of one format. Every text in it is fit for XML.
#[derive(Clone, Debug)]
pub struct Feed {
    /// The site's title.
    pub title: String,
    /// The site's description, perhaps empty.
    pub description: String,
    /// The site's address.
    pub home: Url,
    /// BCP 47.
    pub language: String,
    /// The site's author; the name is never empty.
    pub author: Author,
    /// That of the newest entry (RFC 4287 §4.2.15); of an empty feed, the epoch, as it must say something constant.
    pub updated: DateTime<FixedOffset>,
    /// Newest first.
    pub entries: Vec<Entry>,
}

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
    /// A post's file has gone.
    #[error("{0}")]
    Post(#[from] FileError),
    /// What came out was not text.
    #[error("cannot write the feed: {0}")]
    Io(#[from] io::Error),
}

/// Where each format's document lies below the site's URL.
pub fn path(format: Format) -> &'static str {
    match format {
        Format::Rss => "rss.xml",
        Format::Atom => "atom.xml",
        Format::Json => "feed.json",
    }
}

/// The site's main feed in each format asked for, and what was odd about the texts in it.
pub fn documents(
    config: &Config,
    library: &Library,
    renderer: &Renderer<'_>,
) -> Result<(Vec<Document>, Vec<Diagnostic>), FeedError> {
    let (feed, found) = Feed::new(config, library, renderer)?;
    let write = |format: &Format| -> Result<Document, FeedError> {
        let path = path(*format);
        let self_url = format!("{}{path}", feed.home);
        let bytes = match format {
            Format::Rss => rss::bytes(&feed, &self_url),
            Format::Atom => atom::bytes(&feed, &self_url),
            Format::Json => json::bytes(&feed, &self_url),
        }?;
        Ok(Document { path, entries: feed.entries.len(), bytes })
    };
    let documents = config.feeds.formats.par_iter().map(write).collect::<Result<_, _>>()?;
    Ok((documents, found))
}

impl Feed {
    /// The newest posts, as many as the config wants, rendered.
    fn new(
        config: &Config,
        library: &Library,
        renderer: &Renderer<'_>,
    ) -> Result<(Self, Vec<Diagnostic>), FeedError> {
        let site = &config.site;
        let limit = config.feeds.limit.unwrap_or(usize::MAX).min(library.posts.len());
        let author = Author {
            name: clean::one_line(if site.author.name.trim().is_empty() {
                &site.title
            } else {
                &site.author.name
            }),
            email: site.author.email.as_deref().map(clean::one_line),
            url: site.author.url.as_deref().map(clean::one_line),
        };
        let made: Vec<_> = library.posts[..limit]
            .par_iter()
            .map(|post| Entry::new(renderer, post, config.feeds.content, &author))
            .collect::<Result<_, _>>()?;
        let (entries, found): (Vec<Entry>, Vec<Vec<Diagnostic>>) = made.into_iter().unzip();
        let feed = Self {
            title: clean::one_line(&site.title),
            description: clean::one_line(&site.description),
            home: site.url.clone(),
            language: clean::one_line(&site.language),
            author,
            updated: entries.iter().map(|entry| entry.updated).max().unwrap_or_default(),
            entries,
        };
        Ok((feed, found.concat()))
    }
}
