//! What issues had, and since when posts have stood as they are.

use std::collections::HashMap;
use std::path::PathBuf;

use super::engine::params;
use super::{Ledger, LedgerError};
use crate::config::Cadence;
use crate::content::Post;
use crate::digest::{PastIssue, SentPost};
use crate::ids::{IssueId, PostId};
use chrono::{DateTime, Utc};

impl Ledger {
    /// The issues of a newsletter, oldest first.
    pub fn past_issues(&self, newsletter: &str) -> Result<Vec<PastIssue>, LedgerError> {
        let sql = "SELECT id, created, post, source, updated, let_go FROM issue JOIN issue_post ON issue = id
                       WHERE issue.newsletter = ? ORDER BY created, id";
        let mut past: Vec<PastIssue> = Vec::new();
        self.db.each(sql, params![newsletter], |row| {
            let id = IssueId::new(row.get::<String>(0)?);
            if past.last().is_none_or(|last| last.id != id) {
                past.push(PastIssue { id, created: row.time(1)?, is_let_go: row.get(5)?, posts: Vec::new() });
            }
            let sent = SentPost {
                id: PostId::new(row.get::<String>(2)?),
                source: PathBuf::from(row.get::<String>(3)?),
                updated: row.get(4)?,
            };
            if let Some(issue) = past.last_mut() {
                issue.posts.push(sent);
            }
            Ok(())
        })?;
        Ok(past)
    }

    /// Forgets when schedules were met of cadences that nobody wants any more: they begin anew.
    pub fn forget_cadences(&self, newsletter: &str, used: &[Cadence]) -> Result<(), LedgerError> {
        for cadence in Cadence::ALL.iter().filter(|cadence| !used.contains(cadence)) {
            let sql = "DELETE FROM met WHERE newsletter = ? AND cadence = ?";
            self.db.run(sql, params![newsletter, cadence.as_str()])?;
        }
        Ok(())
    }

    /// Since when posts have stood as they are, as far as anybody has looked: their fingerprints and those moments, by their files.
    pub fn standing(&self) -> Result<HashMap<PathBuf, (String, DateTime<Utc>)>, LedgerError> {
        let rows = self.db.list("SELECT source, fingerprint, since FROM settling", params![], |row| {
            Ok((PathBuf::from(row.get::<String>(0)?), (row.get(1)?, row.time(2)?)))
        })?;
        Ok(rows.into_iter().collect())
    }

    /// Records that these posts stand as they do from `now` on, and forgets all others that were recorded.
    pub fn stand(&mut self, posts: &[(&Post, DateTime<Utc>)]) -> Result<(), LedgerError> {
        let change = self.db.change()?;
        change.run("DELETE FROM settling", params![])?;
        let sql = "INSERT INTO settling (source, fingerprint, since) VALUES (?, ?, ?) ON CONFLICT (source) DO NOTHING";
        for (post, since) in posts {
            change.run(sql, params![post.source.to_string_lossy(), post.fingerprint, since.timestamp()])?;
        }
        change.commit()
    }
}
