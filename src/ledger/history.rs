//! What subscribers have had, since when they have been there, and since when posts have stood as they are.

use std::collections::{HashMap, HashSet};
use std::path::PathBuf;

use chrono::{DateTime, Utc};
use rusqlite::params;

use super::{Ledger, LedgerError};
use crate::config::Cadence;
use crate::content::Post;
use crate::digest::{History, Past, PastIssue, SentPost};
use crate::ids::{IssueId, PostId, SubscriberId};

/// In seconds.
const DAY: i64 = 86_400;

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

    /// Which of the issues at these places (in ascending order) were made for each subscriber of a newsletter, and since when each has
    /// been there.
    pub fn history(&self, newsletter: &str, past: &Past, places: &[usize]) -> Result<History, LedgerError> {
        let mut history = History::default();
        let mut query = self.db.prepare("SELECT subscriber FROM delivery WHERE issue = ?")?;
        for place in places {
            let mut rows = query.query([past.issues[*place].id.as_str()])?;
            while let Some(row) = rows.next()? {
                let subscriber = SubscriberId::new(row.get::<_, String>(0)?);
                history.had.entry(subscriber).or_default().push(*place);
            }
        }
        let mut query = self.db.prepare("SELECT subscriber, since FROM reader WHERE newsletter = ?")?;
        let mut rows = query.query([newsletter])?;
        while let Some(row) = rows.next()? {
            let since = DateTime::from_timestamp(row.get(1)?, 0).unwrap_or_default();
            history.since.insert(SubscriberId::new(row.get::<_, String>(0)?), since);
        }
        Ok(history)
    }

    /// Records who is there from `now` on, if not before. Who is missing for longer than a day has left, and comes back as new; a list that
    /// is cut short for an hour by a mishap makes nobody miss anything.
    pub fn welcome(
        &self,
        newsletter: &str,
        subscribers: &HashSet<&SubscriberId>,
        now: DateTime<Utc>,
    ) -> Result<(), LedgerError> {
        let change = self.db.unchecked_transaction()?;
        {
            let mut query = change.prepare("SELECT subscriber, gone FROM reader WHERE newsletter = ?")?;
            let known = query.query_map([newsletter], |row| {
                Ok((SubscriberId::new(row.get::<_, String>(0)?), row.get::<_, Option<i64>>(1)?))
            })?;
            let known: HashMap<SubscriberId, Option<i64>> = known.collect::<Result<_, _>>()?;
            let mut leave =
                change.prepare("UPDATE reader SET gone = ?3 WHERE newsletter = ?1 AND subscriber = ?2")?;
            for (id, _) in known.iter().filter(|(id, gone)| gone.is_none() && !subscribers.contains(id)) {
                leave.execute(params![newsletter, id.as_str(), now.timestamp()])?;
            }
            let sql = "INSERT OR REPLACE INTO reader (newsletter, subscriber, since) VALUES (?, ?, ?)";
            let mut put = change.prepare(sql)?;
            for id in subscribers {
                match known.get(*id) {
                    Some(None) => {}
                    Some(Some(gone)) if now.timestamp() - gone <= DAY => {
                        leave.execute(params![newsletter, id.as_str(), None::<i64>])?;
                    }
                    Some(Some(_)) | None => {
                        put.execute(params![newsletter, id.as_str(), now.timestamp()])?;
                    }
                }
            }
        }
        Ok(change.commit()?)
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
