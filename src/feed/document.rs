//! The documents that feeds lie in: one for each format, and archives behind it (RFC 5005 §4).
//!
//! A feed's document shows the newest entries. Those that have left it are cut into archives, counted from the oldest: a new post
//! moves one entry into the newest archive and leaves the others as they are. Walking back from the feed's document meets every
//! entry once.

use std::collections::HashSet;
use std::ops::Range;
use std::path::Path;

use chrono::{DateTime, FixedOffset};

use super::channel::Channel;
use super::file_name;
use crate::config::{Config, Format};
use crate::content::{Library, encoded_path};
use crate::diagnostic::Diagnostic;

/// One document, before it is written.
#[derive(Clone, Debug)]
pub struct Document {
    /// Its path below the public folder.
    pub path: String,
    /// Its address.
    pub url: String,
    /// In which format.
    pub format: Format,
    /// What it is to its feed.
    pub place: Place,
    /// The feed's own id: the address of the document that people subscribe to.
    pub feed_id: String,
    /// That of its newest entry (RFC 4287 §4.2.15); of an empty one, the epoch, as it must say something constant.
    pub updated: DateTime<FixedOffset>,
    /// The feed, by its place in the plan.
    pub(super) channel: usize,
    /// Which of the feed's posts.
    pub(super) posts: Range<usize>,
    /// Whether an entry is an episode.
    pub(super) has_episodes: bool,
    /// The style sheet, as this document names it.
    pub(super) style: Option<String>,
}

/// What a document is to its feed. Addresses are of documents in the same format.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Place {
    /// The one that people subscribe to, with the newest archive.
    Subscription(Option<String>),
    /// An archive.
    Archive {
        /// The one before.
        older: Option<String>,
        /// The one after.
        newer: Option<String>,
    },
}

impl Document {
    /// How many entries it has.
    pub fn entries(&self) -> usize {
        self.posts.len()
    }

    /// Whether people subscribe to it.
    pub fn is_subscription(&self) -> bool {
        matches!(self.place, Place::Subscription(_))
    }

    /// The document with the entries before its own.
    pub(super) fn older(&self) -> Option<&str> {
        match &self.place {
            Place::Subscription(older) | Place::Archive { older, .. } => older.as_deref(),
        }
    }

    /// The link relations of RFC 5005 §4 that it has.
    pub(super) fn relations(&self) -> impl Iterator<Item = (&'static str, &str)> {
        let (current, newer) = match &self.place {
            Place::Subscription(_) => (None, None),
            Place::Archive { newer, .. } => (Some(self.feed_id.as_str()), newer.as_deref()),
        };
        [("current", current), ("prev-archive", self.older()), ("next-archive", newer)]
            .into_iter()
            .filter_map(|(rel, href)| Some((rel, href?)))
    }
}

/// Names in the public folder that are tidings' own.
pub const OWN_FILES: [&str; 3] = ["feeds.html", "feeds.opml", "feed.css"];

/// The documents of all feeds. Of two in one place, the later is left out with an error.
pub(super) fn all(
    config: &Config,
    library: &Library,
    channels: &[Channel],
    config_path: &Path,
    found: &mut Vec<Diagnostic>,
) -> Vec<Document> {
    let mut documents = Vec::new();
    let mut taken: HashSet<String> = OWN_FILES.iter().map(|name| (*name).to_owned()).collect();
    let mut folders: HashSet<String> = HashSet::new();
    for (index, channel) in channels.iter().enumerate() {
        for format in &channel.formats {
            let own = of_channel(config, library, index, channel, *format);
            // Some disks do not tell `A` from `a`.
            let paths: Vec<String> = own.iter().map(|document| document.path.to_lowercase()).collect();
            let is_taken = |path: &&String| {
                taken.contains(*path)
                    || folders.contains(*path)
                    || above(path).any(|folder| taken.contains(folder))
            };
            // A feed without its archives would lead into another's.
            if let Some(clash) = paths.iter().find(is_taken) {
                let message = format!("two feeds would lie at `{clash}`; the later one is left out");
                let help = "give it another `path` under `feeds.own`";
                found.push(Diagnostic::error("same-path", config_path, message).help(help));
                continue;
            }
            folders.extend(paths.iter().flat_map(|path| above(path)).map(str::to_owned));
            taken.extend(paths);
            documents.extend(own);
        }
    }
    documents
}

/// The folders above a path.
fn above(path: &str) -> impl Iterator<Item = &str> {
    path.match_indices('/').map(|(at, _)| &path[..at])
}

fn of_channel(
    config: &Config,
    library: &Library,
    index: usize,
    channel: &Channel,
    format: Format,
) -> Vec<Document> {
    let is_file =
        channel.path.rsplit('/').next().is_some_and(|last| last.contains('.')) && channel.group.is_none();
    let name = file_name(format);
    let (path, folder) = if is_file {
        let stem = channel.path.rsplit_once('.').map_or(channel.path.as_str(), |(stem, _)| stem);
        (channel.path.clone(), format!("{stem}/"))
    } else if channel.path.is_empty() {
        (name.to_owned(), String::new())
    } else {
        (format!("{}/{name}", channel.path), format!("{}/", channel.path))
    };
    let url = |path: &str| format!("{}{}", config.site.url, encoded_path(path));
    let archive = |number: usize| format!("{folder}archive/{number}/{name}");
    let rest = channel.posts.len() - channel.shows;
    let size = config.feeds.archive.unwrap_or(usize::MAX);
    let archives = if config.feeds.archive.is_some() { rest.div_ceil(size) } else { 0 };
    let feed_id = url(&path);
    let document = |path: String, place: Place, posts: Range<usize>| {
        let own = channel.posts[posts.clone()].iter().map(|post| &library.posts[*post]);
        let style = config.feeds.style && format != Format::Json;
        Document {
            url: url(&path),
            format,
            place,
            feed_id: feed_id.clone(),
            updated: own.clone().map(|post| post.updated).max().unwrap_or_default(),
            channel: index,
            posts,
            has_episodes: own.clone().any(|post| post.episode.is_some()),
            style: style.then(|| format!("{}feed.css", "../".repeat(path.matches('/').count()))),
            path,
        }
    };
    let newest = (archives > 0).then(|| url(&archive(archives)));
    let mut documents = vec![document(path.clone(), Place::Subscription(newest), 0..channel.shows)];
    for number in 1..=archives {
        // The first holds the oldest, which are last in the list.
        let end = channel.posts.len() - (number - 1) * size;
        let start = end.saturating_sub(size).max(channel.shows);
        let older = (number > 1).then(|| url(&archive(number - 1)));
        let newer = (number < archives).then(|| url(&archive(number + 1)));
        documents.push(document(archive(number), Place::Archive { older, newer }, start..end));
    }
    documents
}
