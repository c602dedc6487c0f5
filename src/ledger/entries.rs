//! The register of published ids: an id, once published, stays with its post.

use std::collections::{HashMap, HashSet};
use std::ffi::OsStr;
use std::path::PathBuf;

use super::engine::params;
use super::{Ledger, LedgerError};
use crate::content::{Post, Published};
use crate::ids::PostId;

/// What a build found changed since the last one.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Serialize)]
pub struct Tally {
    /// Posts that were not there.
    pub new: usize,
    /// Posts that say something else now.
    pub updated: usize,
    /// Posts that are gone.
    pub removed: usize,
}

/// One line of the register.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Registered {
    /// The post's file, below the site's root.
    pub source: PathBuf,
    /// What is known of it.
    pub published: Published,
    fingerprint: String,
}

const PUT: &str = "INSERT INTO entry (source, id, fingerprint, present, body, title, published, url, pinned)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
    ON CONFLICT (source) DO UPDATE SET id = excluded.id, fingerprint = excluded.fingerprint, present = excluded.present,
        body = excluded.body, title = excluded.title, published = excluded.published, url = excluded.url,
        pinned = excluded.pinned";

const FORGET: &str = "DELETE FROM entry WHERE source = ?";

impl Ledger {
    /// The register, in the order of the files.
    pub fn register(&self) -> Result<Vec<Registered>, LedgerError> {
        let sql = "SELECT source, id, body, title, published, url, pinned, present, fingerprint FROM entry ORDER BY source";
        self.db.list(sql, params![], |row| {
            Ok(Registered {
                source: PathBuf::from(row.get::<String>(0)?),
                published: Published {
                    id: PostId::new(row.get::<String>(1)?),
                    body: row.get(2)?,
                    title: row.get(3)?,
                    moment: row.get(4)?,
                    url: row.get(5)?,
                    pinned: row.get(6)?,
                    present: row.get(7)?,
                    mailed: row.get::<String>(8)?.is_empty(),
                },
                fingerprint: row.get(8)?,
            })
        })
    }

    /// Records as published those of the posts that a document shows, and tells what changed. What is known of the others that
    /// were published once is kept true: a line whose file has been renamed goes with its post. Nothing is written where nothing
    /// changed.
    ///
    /// `register` is it as it stands.
    pub fn publish<'a>(
        &mut self,
        posts: impl IntoIterator<Item = (&'a Post, bool)>,
        register: &[Registered],
    ) -> Result<Tally, LedgerError> {
        let mut tally = Tally::default();
        let before: HashMap<&OsStr, &Registered> =
            register.iter().map(|line| (line.source.as_os_str(), line)).collect();
        let change = self.db.change()?;
        let mut here = HashSet::new();
        {
            // In the order of the table: one row goes in behind the other.
            let line = |post: &Post| before.get(post.published_as.as_ref()?.as_os_str()).copied();
            let mut posts: Vec<(&Post, bool, Option<&Registered>)> = posts
                .into_iter()
                .map(|(post, is_shown)| (post, is_shown, line(post)))
                .filter(|(_, is_shown, old)| *is_shown || old.is_some())
                .collect();
            posts.sort_unstable_by(|(one, ..), (next, ..)| {
                one.source.as_os_str().cmp(next.source.as_os_str())
            });
            // Names that posts have left are free before others take them.
            for (post, _, old) in &posts {
                if let Some(old) = old.filter(|old| old.source != post.source) {
                    change.run(FORGET, params![old.source.to_string_lossy()])?;
                }
            }
            for (post, is_shown, old) in posts {
                here.extend(old.map(|old| old.source.as_os_str()));
                here.insert(post.source.as_os_str());
                let fingerprint = &post.fingerprint;
                let is_known = old.is_some_and(|old| {
                    old.published.present && old.fingerprint == *fingerprint && old.published.id == post.id
                });
                match old {
                    _ if is_known || !is_shown => {}
                    Some(old) if old.published.present => tally.updated += 1,
                    _ => tally.new += 1,
                }
                // Lines of before the second migration lack what a renamed post is known by.
                let is_whole =
                    |old: &Registered| old.source == post.source && !old.published.title.is_empty();
                if is_known && old.is_some_and(is_whole) {
                    continue;
                }
                let Published { id, body, title, moment, url, .. } = Published::of(post);
                let pinned = old.is_some_and(|old| old.published.pinned);
                let source = post.source.to_string_lossy();
                change.run(
                    PUT,
                    params![source, id.as_str(), fingerprint, true, body, title, moment, url, pinned],
                )?;
            }
            let leave = "UPDATE entry SET present = FALSE WHERE source = ?";
            for line in before
                .values()
                .filter(|line| line.published.present && !here.contains(line.source.as_os_str()))
            {
                change.run(leave, params![line.source.to_string_lossy()])?;
                tally.removed += 1;
            }
        }
        change.commit()?;
        Ok(tally)
    }

    /// Keeps true what is known of posts that were published once, for those that no build takes care of: a line goes with its post's
    /// file, and says what the post is known by now.
    pub fn follow<'a>(
        &mut self,
        posts: impl IntoIterator<Item = &'a Post>,
        register: &[Registered],
    ) -> Result<(), LedgerError> {
        let before: HashMap<&OsStr, &Registered> =
            register.iter().map(|line| (line.source.as_os_str(), line)).collect();
        let line = |post: &'a Post| Some((post, *before.get(post.published_as.as_ref()?.as_os_str())?));
        let is_other = |(post, old): &(&Post, &Registered)| {
            let (now, was) = (Published::of(post), &old.published);
            let same = (&now.body, &now.title, now.moment, &now.url)
                == (&was.body, &was.title, was.moment, &was.url);
            old.source != post.source || !same
        };
        let changed: Vec<(&Post, &Registered)> =
            posts.into_iter().filter_map(line).filter(is_other).collect();
        if changed.is_empty() {
            return Ok(());
        }
        let change = self.db.change()?;
        for (_, old) in &changed {
            change.run(FORGET, params![old.source.to_string_lossy()])?;
        }
        for (post, old) in changed {
            let Published { body, title, moment, url, .. } = Published::of(post);
            let Published { id, present, pinned, .. } = &old.published;
            let source = post.source.to_string_lossy();
            change.run(
                PUT,
                params![source, id.as_str(), old.fingerprint, present, body, title, moment, url, pinned],
            )?;
        }
        change.commit()
    }

    /// The owner says that these posts' ids are right: nothing is said about them any more.
    pub fn pin_ids(&mut self, sources: &[PathBuf]) -> Result<(), LedgerError> {
        self.for_each_line("UPDATE entry SET pinned = TRUE WHERE source = ?", sources)
    }

    /// Forgets these posts' ids: the next build gives them those that their generator would.
    pub fn release_ids(&mut self, sources: &[PathBuf]) -> Result<(), LedgerError> {
        self.for_each_line(FORGET, sources)
    }

    fn for_each_line(&mut self, sql: &str, sources: &[PathBuf]) -> Result<(), LedgerError> {
        let change = self.db.change()?;
        for source in sources {
            change.run(sql, params![source.to_string_lossy()])?;
        }
        change.commit()
    }
}
