//! What a site is made of, watched.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::mpsc::{Receiver, channel};
use std::time::{Duration, SystemTime};

use notify_debouncer_full::notify::{self, RecommendedWatcher, RecursiveMode, event::EventKind};
use notify_debouncer_full::{
    DebounceEventResult, DebouncedEvent, Debouncer, RecommendedCache, new_debouncer,
};

use super::site::Site;
use crate::fsx;

/// How long after a change it is told: editors write a file in several steps.
const SETTLED: Duration = Duration::from_millis(100);

/// Whether all below a folder is watched, and what tells it from another of its name.
type Watched = (bool, Option<(u64, Option<SystemTime>)>);

/// Tells of changes.
pub(super) struct Watch {
    changes: Receiver<()>,
    debouncer: Debouncer<RecommendedWatcher, RecommendedCache>,
    known: BTreeMap<PathBuf, Watched>,
}

impl Watch {
    /// Watches what a site is made of.
    pub(super) fn of(site: &Site) -> notify::Result<Self> {
        let (sender, changes) = channel();
        let (state, public) = (site.config.state_dir(), site.config.public.clone());
        let heard = move |events: DebounceEventResult| {
            // What is read only is no change, nor is what we write for ourselves.
            let is_change = |event: &DebouncedEvent| {
                !matches!(event.kind, EventKind::Access(_))
                    && !event.paths.iter().all(|path| path.starts_with(&state) && !path.starts_with(&public))
            };
            if events.is_ok_and(|events| events.iter().any(is_change)) {
                let _ = sender.send(());
            }
        };
        let debouncer = new_debouncer(SETTLED, None, heard)?;
        let mut watch = Self { changes, debouncer, known: BTreeMap::new() };
        watch.look_at(site);
        Ok(watch)
    }

    /// Whether something has changed within some time.
    pub(super) fn has_seen_change(&mut self, patience: Duration) -> bool {
        let has_changed = self.changes.recv_timeout(patience).is_ok();
        while self.changes.try_recv().is_ok() {}
        if has_changed {
            // Of what has gone, the next of its name is watched anew.
            self.known.retain(|folder, _| folder.is_dir());
        }
        has_changed
    }

    /// Watches what the site is made of now: a folder may have been made since, or made anew under the same name. Whether one is watched
    /// from now on that was not: what has come into it since the site was read has been missed.
    pub(super) fn look_at(&mut self, site: &Site) -> bool {
        let wanted: BTreeMap<PathBuf, Watched> = folders(site)
            .into_iter()
            .map(|(folder, deep)| {
                let identity = fsx::identity(&folder);
                (folder, (deep, identity))
            })
            .filter(|(folder, _)| folder.is_dir())
            .collect();
        for folder in self.known.keys().filter(|folder| wanted.get(*folder) != self.known.get(*folder)) {
            // One that has gone is watched no more in any case.
            let _ = self.debouncer.unwatch(folder);
        }
        let mut is_new = false;
        for (folder, how) in wanted.iter().filter(|(folder, how)| self.known.get(*folder) != Some(*how)) {
            is_new = true;
            let mode = if how.0 { RecursiveMode::Recursive } else { RecursiveMode::NonRecursive };
            // What cannot be watched is looked at every few minutes.
            let _ = self.debouncer.watch(folder, mode);
        }
        self.known = wanted;
        is_new
    }
}

/// The folders, each with whether all below it is meant.
fn folders(site: &Site) -> BTreeMap<PathBuf, bool> {
    let config = &site.config;
    // The root for the generator's own file, and for folders that are made later.
    let lists = config.newsletters.iter().filter_map(|newsletter| newsletter.subscribers.as_ref());
    let config_file = config.root.join(&site.config_path);
    let flat = lists.chain([&config_file]).filter_map(|file| file.parent().map(Path::to_path_buf));
    let mut all: BTreeMap<PathBuf, bool> =
        flat.chain([config.root.clone()]).map(|folder| (folder, false)).collect();
    let below = ["issues", "_includes", "_data", "data", "layouts"].map(|name| config.root.join(name));
    // A run beside this one builds and sends, too.
    let deep = [config.posts.dir.clone(), config.templates_dir(), config.public.clone()];
    all.extend(deep.into_iter().chain(below).map(|folder| (folder, true)));
    all
}
