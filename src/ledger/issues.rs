//! Issues: frozen once, with their audience; what each has sent; when each schedule was last met.

use std::path::PathBuf;

use chrono::{DateTime, TimeDelta, Utc};
use rusqlite::{OptionalExtension as _, params};

use super::deliveries::NOT_ACTIVE;
use super::{Counts, Ledger, LedgerError, State};
use crate::content::{Post, Published};
use crate::digest::{Issue, SentPosts};
use crate::ids::{IssueId, PostId};
use crate::subscribers::Active;

/// An issue as `status` shows it.
#[derive(Clone, Debug, serde::Serialize)]
pub struct IssueRow {
    /// Its id.
    pub id: IssueId,
    /// The newsletter's name.
    pub newsletter: String,
    /// Its subject.
    pub subject: String,
    /// When it was frozen.
    pub created: DateTime<Utc>,
    /// What has become of its deliveries.
    pub deliveries: Counts,
}

/// A delivery that is not done, and why.
#[derive(Clone, Debug, serde::Serialize)]
pub struct Failure {
    /// The address.
    pub email: String,
    /// Any but `sent`.
    pub state: String,
    /// How far the last attempt came.
    pub phase: Option<String>,
    /// What the relay said.
    pub reply: Option<String>,
}

impl Ledger {
    /// The posts that earlier issues of a newsletter had.
    pub fn sent_posts(&self, newsletter: &str) -> Result<SentPosts, LedgerError> {
        let mut query = self.db.prepare("SELECT post, source FROM issue_post WHERE newsletter = ?")?;
        let mut rows = query.query([newsletter])?;
        let mut sent = SentPosts::default();
        while let Some(row) = rows.next()? {
            sent.ids.insert(PostId::new(row.get::<_, String>(0)?));
            sent.sources.insert(PathBuf::from(row.get::<_, String>(1)?));
        }
        Ok(sent)
    }

    /// The latest time of a newsletter's schedule that has been met.
    pub fn met(&self, newsletter: &str) -> Result<Option<DateTime<Utc>>, LedgerError> {
        let sql = "SELECT met FROM tick WHERE newsletter = ?";
        let met: Option<i64> = self.db.query_row(sql, [newsletter], |row| row.get(0)).optional()?;
        Ok(met.and_then(|seconds| DateTime::from_timestamp(seconds, 0)))
    }

    /// Records that a time of the schedule was met without an issue, there being nothing to send.
    pub fn meet(&self, newsletter: &str, tick: DateTime<Utc>) -> Result<(), LedgerError> {
        let sql = "INSERT OR REPLACE INTO tick (newsletter, met) VALUES (?, ?)";
        self.db.execute(sql, params![newsletter, tick.timestamp()])?;
        Ok(())
    }

    /// Freezes an issue: its posts, its text and its audience, in one transaction. From here on it is delivered from the
    /// ledger alone. Subscribers under suppression are recorded as such and never planned.
    ///
    /// `posts` are those that it is made of.
    pub fn freeze(
        &mut self,
        issue: &Issue,
        posts: &[&Post],
        audience: &[Active],
        tick: Option<DateTime<Utc>>,
    ) -> Result<(), LedgerError> {
        let created = issue.created.timestamp();
        let id = issue.id.as_str();
        let change = self.db.transaction()?;
        change.execute(
            "INSERT INTO issue (id, newsletter, subject, created, frozen) VALUES (?, ?, ?, ?, ?)",
            params![id, issue.newsletter, issue.subject, created, serde_json::to_string(issue)?],
        )?;
        {
            let mut put = change
                .prepare("INSERT INTO issue_post (newsletter, post, source, issue) VALUES (?, ?, ?, ?)")?;
            // A post that was mailed keeps its id like one that was in a feed, or a new title, or a new name for its file,
            // would mail it again.
            let mut keep = change.prepare(
                "INSERT OR IGNORE INTO entry (source, id, fingerprint, present, body, title, published, url)
                     VALUES (?, ?, '', 0, ?, ?, ?, ?)",
            )?;
            for post in posts {
                let source = post.source.to_string_lossy();
                put.execute(params![issue.newsletter, post.id.as_str(), source, id])?;
                let Published { id, body, title, moment, url, .. } = Published::of(post);
                keep.execute(params![source, id.as_str(), body, title, moment, url])?;
            }
            let mut put = change.prepare(
                "INSERT INTO delivery (issue, subscriber, email, name, state, changed) VALUES (?1, ?2, ?3, ?4,
                     CASE WHEN EXISTS (SELECT 1 FROM suppression WHERE subscriber = ?2) THEN ?5 ELSE ?6 END, ?7)",
            )?;
            for subscriber in audience.iter().map(Active::get) {
                let (email, name) = (subscriber.mailbox.address.to_string(), &subscriber.mailbox.name);
                let (suppressed, planned) = (State::Suppressed.as_str(), State::Planned.as_str());
                put.execute(params![id, subscriber.id.as_str(), email, name, suppressed, planned, created])?;
            }
        }
        if let Some(tick) = tick {
            change.execute(
                "INSERT OR REPLACE INTO tick (newsletter, met) VALUES (?, ?)",
                params![issue.newsletter, tick.timestamp()],
            )?;
        }
        change.commit()?;
        Ok(())
    }

    /// The frozen issues of a newsletter that still have something to deliver at `now`, oldest first. An issue of the last two
    /// days whose only open copies were taken out for the list's sake is among them: the list may have them again.
    pub fn open_issues(&self, newsletter: &str, now: DateTime<Utc>) -> Result<Vec<Issue>, LedgerError> {
        let mut query = self.db.prepare(
            "SELECT frozen FROM issue WHERE newsletter = ?1 AND EXISTS (SELECT 1 FROM delivery WHERE issue = issue.id
                 AND (state IN ('planned', 'sending', 'deferred')
                      OR (state = 'suppressed' AND reply = ?2 AND issue.created > ?3))) ORDER BY created, id",
        )?;
        let recent = (now - TimeDelta::days(2)).timestamp();
        let rows = query.query_map(params![newsletter, NOT_ACTIVE, recent], |row| row.get::<_, String>(0))?;
        rows.map(|row| Ok(serde_json::from_str(&row?)?)).collect()
    }

    /// The newest issues, at most `limit`, with the state of their deliveries.
    pub fn latest_issues(&self, limit: usize) -> Result<Vec<IssueRow>, LedgerError> {
        let mut query = self.db.prepare(
            "SELECT id, newsletter, subject, created FROM issue ORDER BY created DESC, id DESC LIMIT ?",
        )?;
        let rows = query.query_map([i64::try_from(limit).unwrap_or(i64::MAX)], |row| {
            Ok(IssueRow {
                id: IssueId::new(row.get::<_, String>(0)?),
                newsletter: row.get(1)?,
                subject: row.get(2)?,
                created: DateTime::from_timestamp(row.get(3)?, 0).unwrap_or_default(),
                deliveries: Counts::default(),
            })
        })?;
        rows.map(|row| {
            let mut row = row?;
            row.deliveries = self.counts(&row.id)?;
            Ok(row)
        })
        .collect()
    }

    /// How many deliveries of an issue are in each state.
    pub fn counts(&self, issue: &IssueId) -> Result<Counts, LedgerError> {
        let mut counts = Counts::default();
        let mut query =
            self.db.prepare("SELECT state, count(*) FROM delivery WHERE issue = ? GROUP BY state")?;
        let mut rows = query.query([issue.as_str()])?;
        while let Some(row) = rows.next()? {
            counts.add(&row.get::<_, String>(0)?, u64::try_from(row.get::<_, i64>(1)?).unwrap_or(0));
        }
        Ok(counts)
    }

    /// The deliveries of an issue that have not been sent, at most `limit`.
    pub fn failures(&self, issue: &IssueId, limit: usize) -> Result<Vec<Failure>, LedgerError> {
        let mut query = self.db.prepare(
            "SELECT email, state, phase, reply FROM delivery
                 WHERE issue = ? AND state <> 'sent' ORDER BY state, email LIMIT ?",
        )?;
        let rows =
            query.query_map(params![issue.as_str(), i64::try_from(limit).unwrap_or(i64::MAX)], |row| {
                Ok(Failure { email: row.get(0)?, state: row.get(1)?, phase: row.get(2)?, reply: row.get(3)? })
            })?;
        rows.map(|row| row.map_err(Into::into)).collect()
    }
}
