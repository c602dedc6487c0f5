//! The register of published ids: an id, once published, stays with its file.

use std::collections::HashMap;
use std::path::PathBuf;

use rusqlite::{OptionalExtension as _, params};

use super::{Ledger, LedgerError};
use crate::content::Post;
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

impl Ledger {
    /// The id under which the post of each file has been published.
    pub fn published_ids(&self) -> Result<HashMap<PathBuf, PostId>, LedgerError> {
        let mut query = self.db.prepare("SELECT source, id FROM entry")?;
        let rows = query.query_map([], |row| Ok((row.get::<_, String>(0)?, row.get::<_, String>(1)?)))?;
        rows.map(|row| row.map(|(source, id)| (PathBuf::from(source), PostId::new(id))).map_err(Into::into))
            .collect()
    }

    /// How many posts the last build had.
    pub fn present(&self) -> Result<u64, LedgerError> {
        let count: i64 =
            self.db.query_row("SELECT count(*) FROM entry WHERE present = 1", [], |row| row.get(0))?;
        Ok(u64::try_from(count).unwrap_or(0))
    }

    /// Records these posts as published, and tells what changed. Nothing is written where nothing did.
    pub fn publish(&mut self, posts: &[Post]) -> Result<Tally, LedgerError> {
        let mut tally = Tally::default();
        let change = self.db.transaction()?;
        {
            let mut known = change.prepare("SELECT id, fingerprint, present FROM entry WHERE source = ?")?;
            let mut put = change.prepare(
                "INSERT OR REPLACE INTO entry (source, id, fingerprint, present) VALUES (?, ?, ?, 1)",
            )?;
            for post in posts {
                let source = post.source.to_string_lossy();
                let fingerprint = post.fingerprint();
                let row: Option<(String, String, bool)> = known
                    .query_row([&source], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))
                    .optional()?;
                match row {
                    Some((id, old, true)) if old == fingerprint && id == post.id.as_str() => continue,
                    Some((_, _, true)) => tally.updated += 1,
                    _ => tally.new += 1,
                }
                put.execute(params![source, post.id.as_str(), fingerprint])?;
            }
            let mut present = change.prepare("SELECT source FROM entry WHERE present = 1")?;
            let sources: Vec<String> = present.query_map([], |row| row.get(0))?.collect::<Result<_, _>>()?;
            let here: std::collections::HashSet<_> =
                posts.iter().map(|post| post.source.to_string_lossy()).collect();
            for source in sources.iter().filter(|source| !here.contains(source.as_str())) {
                change.execute("UPDATE entry SET present = 0 WHERE source = ?", [source])?;
                tally.removed += 1;
            }
        }
        change.commit()?;
        Ok(tally)
    }
}
