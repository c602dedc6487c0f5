//! Room for texts between the loading of posts and their rendering: most blogs fit, so that no file is read twice; of one that
//! does not, memory stays within bounds.

use std::sync::atomic::{AtomicUsize, Ordering};

use crate::config::Config;

/// In bytes, for all texts together.
const ROOM: usize = 64 << 20;

/// What is left of it.
#[derive(Debug)]
pub(super) struct Room(AtomicUsize);

impl Room {
    /// For a blog whose feeds show more than their newest posts; where they do not, few texts are ever needed.
    pub(super) fn of(config: &Config) -> Self {
        let feeds = &config.feeds;
        let shows_many = feeds.archive.is_some()
            || !feeds.by.is_empty()
            || feeds.own.iter().chain([&feeds.main]).any(|feed| feed.limit.is_none());
        Self(AtomicUsize::new(if shows_many { ROOM } else { 0 }))
    }

    /// Takes so many bytes of it, where there are as many.
    pub(super) fn takes(&self, bytes: usize) -> bool {
        let rest = |left: usize| left.checked_sub(bytes);
        self.0.fetch_update(Ordering::Relaxed, Ordering::Relaxed, rest).is_ok()
    }
}
