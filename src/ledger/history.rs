//! What issues had, and since when posts have stood as they are.

use std::collections::HashMap;
use std::path::PathBuf;

use chrono::{DateTime, Utc};
use rusqlite::params;

use super::{Ledger, LedgerError};
use crate::config::Cadence;
use crate::content::Post;
use crate::digest::{PastIssue, SentPost};
use crate::ids::{IssueId, PostId};

impl Ledger {
    /// The issues of a newsletter, oldest first.
    pub fn past_issues(&self, newsletter: &str) -> Result<Vec<PastIssue>, LedgerError> {
        let mut query = self.db.prepare(
            "SELECT id, created, post, source, updated FROM issue JOIN issue_post ON issue = id
                 WHERE issue.newsletter = ? ORDER BY created, id",
        )?;
        let mut rows = query.query([newsletter])?;
        let mut past: Vec<PastIssue> = Vec::new();
        while let Some(row) = rows.next()? {
            let id = IssueId::new(row.get::<_, String>(0)?);
            if past.last().is_none_or(|last| last.id != id) {
                past.push(PastIssue {
                    id,
                    created: DateTime::from_timestamp(row.get(1)?, 0).unwrap_or_default(),
                    posts: Vec::new(),
                });
            }
            let sent = SentPost {
                id: PostId::new(row.get::<_, String>(2)?),
                source: PathBuf::from(row.get::<_, String>(3)?),
                updated: row.get(4)?,
            };
            if let Some(issue) = past.last_mut() {
                issue.posts.push(sent);
            }
        }
        Ok(past)
    }

    /// Forgets when schedules were met of cadences that nobody wants any more: they begin anew.
    pub fn forget_cadences(&self, newsletter: &str, used: &[Cadence]) -> Result<(), LedgerError> {
        for cadence in Cadence::ALL.iter().filter(|cadence| !used.contains(cadence)) {
            let sql = "DELETE FROM met WHERE newsletter = ? AND cadence = ?";
            self.db.execute(sql, [newsletter, cadence.as_str()])?;
        }
        Ok(())
    }

    /// Since when posts have stood as they are, as far as anybody has looked: their fingerprints and those moments, by their files.
    pub fn standing(&self) -> Result<HashMap<PathBuf, (String, DateTime<Utc>)>, LedgerError> {
        let mut query = self.db.prepare("SELECT source, fingerprint, since FROM settling")?;
        let rows = query.query_map([], |row| {
            let since = DateTime::from_timestamp(row.get(2)?, 0).unwrap_or_default();
            Ok((PathBuf::from(row.get::<_, String>(0)?), (row.get(1)?, since)))
        })?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// Records that these posts stand as they do from `now` on, and forgets all others that were recorded.
    pub fn stand(&mut self, posts: &[(&Post, DateTime<Utc>)]) -> Result<(), LedgerError> {
        let change = self.db.transaction()?;
        change.execute("DELETE FROM settling", [])?;
        {
            let sql = "INSERT OR REPLACE INTO settling (source, fingerprint, since) VALUES (?, ?, ?)";
            let mut put = change.prepare(sql)?;
            for (post, since) in posts {
                put.execute(params![post.source.to_string_lossy(), post.fingerprint, since.timestamp()])?;
            }
        }
        Ok(change.commit()?)
    }
}
