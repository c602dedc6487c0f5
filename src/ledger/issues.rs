//! Issues: frozen once, with their audience; what each has sent; when each schedule was last met.

use chrono::{DateTime, TimeDelta, Utc};

use super::deliveries::NOT_ACTIVE;
use super::engine::{Db, Row, params};
use super::{Counts, Ledger, LedgerError, State};
use crate::config::Cadence;
use crate::content::{Post, Published};
use crate::digest::Issue;
use crate::ids::{IssueId, SubscriberId};

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
    /// Why it waits for its owner, if it does.
    pub held: Option<String>,
    /// What has become of its deliveries.
    pub deliveries: Counts,
}

/// An issue that stands on the web.
#[derive(Clone, Debug)]
pub struct Archived {
    /// Its id.
    pub id: IssueId,
    /// Its subject.
    pub subject: String,
    /// When it was frozen.
    pub created: DateTime<Utc>,
    /// BCP 47.
    pub language: String,
}

/// An issue with what it is frozen with.
#[derive(Clone, Debug)]
pub struct Frozen<'a> {
    /// The issue.
    pub issue: &'a Issue,
    /// The posts that it is made of.
    pub posts: &'a [&'a Post],
    /// Who gets it: places on the newsletter's roll.
    pub audience: &'a [u32],
}

fn archived(row: &Row<'_>) -> Result<Archived, LedgerError> {
    Ok(Archived {
        id: IssueId::new(row.get::<String>(0)?),
        subject: row.get(1)?,
        created: row.time(2)?,
        language: row.get(3)?,
    })
}

fn issue_row(row: &Row<'_>) -> Result<IssueRow, LedgerError> {
    Ok(IssueRow {
        id: IssueId::new(row.get::<String>(0)?),
        newsletter: row.get(1)?,
        subject: row.get(2)?,
        created: row.time(3)?,
        held: row.get(4)?,
        deliveries: Counts::default(),
    })
}

const MEET: &str = "INSERT INTO met (newsletter, cadence, tick) VALUES (?, ?, ?)
    ON CONFLICT (newsletter, cadence) DO UPDATE SET tick = excluded.tick";

impl Ledger {
    /// Freezes the issues of one moment: their posts, their texts and their audiences, in one transaction. From here on they are
    /// delivered from the ledger alone. Subscribers under suppression are recorded as such and never planned. `tick` is the time
    /// of the schedule that is met by it, `list` the state of the list.
    ///
    /// `false` where there are not just so many issues of the newsletter, and so many of these let go, as are `known`: another machine was
    /// faster, and nothing was done. Their copies are planned, or count as sent where another tool has sent what is in them.
    pub fn freeze(
        &mut self,
        issues: &[Frozen<'_>],
        tick: Option<DateTime<Utc>>,
        (known, list): ((usize, usize), &str),
        copies: State,
    ) -> Result<bool, LedgerError> {
        let change = self.db.change()?;
        let newsletter = issues.first().map_or("", |frozen| &frozen.issue.newsletter);
        let sql = "SELECT count(*), count(CASE WHEN let_go THEN 1 END) FROM issue
                       WHERE newsletter = ? AND EXISTS (SELECT 1 FROM issue_post WHERE issue = issue.id)";
        let there =
            change.first(sql, params![newsletter], |row| Ok((row.get::<u64>(0)?, row.get::<u64>(1)?)))?;
        if there != Some((known.0 as u64, known.1 as u64)) {
            return Ok(false);
        }
        for frozen in issues {
            freeze(&change, frozen, list, copies)?;
        }
        if let (Some(tick), Some(Frozen { issue, .. })) = (tick, issues.first()) {
            change.run(MEET, params![issue.newsletter, issue.cadence.as_str(), tick.timestamp()])?;
        }
        change.commit()?;
        Ok(true)
    }

    /// The latest time of a schedule that has been met.
    pub fn met(&self, newsletter: &str, cadence: Cadence) -> Result<Option<DateTime<Utc>>, LedgerError> {
        let sql = "SELECT tick FROM met WHERE newsletter = ? AND cadence = ?";
        self.db.first(sql, params![newsletter, cadence.as_str()], |row| row.time(0))
    }

    /// Records that a time of the schedule was met without an issue, there being nothing to send.
    pub fn meet(&self, newsletter: &str, cadence: Cadence, tick: DateTime<Utc>) -> Result<(), LedgerError> {
        self.db.run(MEET, params![newsletter, cadence.as_str(), tick.timestamp()])?;
        Ok(())
    }

    /// The frozen issues of a newsletter that still have something to deliver at `now`, oldest first. An issue of the last two
    /// days whose only open copies were taken out for the list's sake is among them: the list may have them again.
    pub fn open_issues(&self, newsletter: &str, now: DateTime<Utc>) -> Result<Vec<Issue>, LedgerError> {
        let sql = "SELECT frozen FROM issue WHERE newsletter = ?1 AND EXISTS (SELECT 1 FROM delivery WHERE issue = issue.id
                 AND ((state IN ('planned', 'deferred') AND NOT cancelled) OR state = 'sending'
                      OR (state = 'suppressed' AND reply = ?2 AND issue.created > ?3 AND NOT cancelled))) ORDER BY created, id";
        let recent = (now - TimeDelta::days(2)).timestamp();
        self.db
            .list(sql, params![newsletter, NOT_ACTIVE, recent], |row| Ok(serde_json::from_str(&row.text(0))?))
    }

    /// Calls back the copies of an issue that have not been tried yet, or are to be tried again: it is too old. How many they were.
    pub fn call_back(&self, issue: &IssueId, why: &str) -> Result<usize, LedgerError> {
        let sql = "UPDATE delivery SET state = 'cancelled', reply = ?2, next_at = NULL
                       WHERE issue = ?1 AND state IN ('planned', 'deferred')";
        self.db.run(sql, params![issue.as_str(), why])
    }

    /// For how long an issue has been seen to be too old, which begins with the first time. A time to come is one that a wrong clock has
    /// set, and begins anew.
    pub fn old_for(&self, issue: &IssueId, now: DateTime<Utc>) -> Result<TimeDelta, LedgerError> {
        let sql = "UPDATE issue SET old_since = CASE WHEN old_since <= ?2 THEN old_since ELSE ?2 END WHERE id = ?1 RETURNING old_since";
        let since: i64 = self.db.value(sql, params![issue.as_str(), now.timestamp()])?;
        Ok(TimeDelta::seconds(now.timestamp() - since))
    }

    /// An issue is not too old.
    pub fn is_young(&self, issue: &IssueId) -> Result<(), LedgerError> {
        let sql = "UPDATE issue SET old_since = NULL WHERE id = ? AND old_since IS NOT NULL";
        self.db.run(sql, params![issue.as_str()])?;
        Ok(())
    }

    /// The newsletters of which there are issues.
    pub fn newsletters(&self) -> Result<Vec<String>, LedgerError> {
        let sql = "SELECT DISTINCT newsletter FROM issue ORDER BY newsletter";
        self.db.list(sql, params![], |row| row.get(0))
    }

    /// Gives a newsletter's issues, its schedules and its readers to another name.
    pub fn rename_newsletter(&mut self, from: &str, to: &str) -> Result<(), LedgerError> {
        let change = self.db.change()?;
        change.run("UPDATE issue SET newsletter = ?2 WHERE newsletter = ?1", params![from, to])?;
        // What is known under the new name already stays.
        for (table, key) in [("met", "cadence"), ("reader", "subscriber")] {
            let sql = format!(
                "UPDATE {table} SET newsletter = ?2 WHERE newsletter = ?1 AND {key} NOT IN
                     (SELECT {key} FROM {table} WHERE newsletter = ?2)"
            );
            change.run(&sql, params![from, to])?;
        }
        change.commit()
    }

    /// The issues that say that they stand on the web, by their newsletters and ids.
    pub fn issues_on_the_web(&self) -> Result<Vec<(String, IssueId)>, LedgerError> {
        let sql = "SELECT made_as, id FROM issue WHERE on_the_web ORDER BY created, id";
        self.db.list(sql, params![], |row| Ok((row.get(0)?, IssueId::new(row.get::<String>(1)?))))
    }

    /// The issues of a newsletter that stand on the web, newest first: of those that were made at one moment in one language, the one that
    /// most have got.
    pub fn archive(&self, newsletter: &str) -> Result<Vec<Archived>, LedgerError> {
        let sql = "SELECT id, subject, created, language,
                          (SELECT count(*) FROM delivery WHERE issue = issue.id)
                              + coalesce((SELECT CAST(sum(count) AS BIGINT) FROM total WHERE issue = issue.id), 0) AS copies
                       FROM issue WHERE newsletter = ? AND on_the_web AND NOT cancelled
                       ORDER BY created DESC, copies DESC, id";
        let mut all = self.db.list(sql, params![newsletter], archived)?;
        all.dedup_by_key(|issue| (issue.created, issue.language.clone()));
        Ok(all)
    }

    /// The issues of a newsletter with a page for each of their readers that were made for this one, newest first.
    pub fn issues_of(
        &self,
        newsletter: &str,
        subscriber: &SubscriberId,
    ) -> Result<Vec<Archived>, LedgerError> {
        let sql = "SELECT id, subject, created, language FROM issue
                       JOIN delivery ON delivery.issue = issue.id AND delivery.subscriber = ?2
                       WHERE newsletter = ?1 AND is_private AND (state IN ('sent', 'sending', 'in_doubt') OR phase = 'bounce')
                       ORDER BY created DESC, id";
        self.db.list(sql, params![newsletter, subscriber.as_str()], archived)
    }

    /// One issue as it was frozen.
    pub fn issue(&self, id: &IssueId) -> Result<Option<Issue>, LedgerError> {
        let sql = "SELECT frozen FROM issue WHERE id = ?";
        self.db.first(sql, params![id.as_str()], |row| Ok(serde_json::from_str(&row.text(0))?))
    }

    /// The newest issues, at most `limit`, and all that have copies which are not done, with the state of their deliveries.
    pub fn latest_issues(&self, limit: usize) -> Result<Vec<IssueRow>, LedgerError> {
        let sql = "SELECT id, newsletter, subject, created, held FROM issue
                 WHERE id IN (SELECT id FROM issue ORDER BY created DESC, id DESC LIMIT ?)
                    OR id IN (SELECT issue FROM delivery WHERE state IN ('planned', 'sending', 'deferred', 'in_doubt'))
                 ORDER BY created DESC, id DESC";
        let rows = self.db.list(sql, params![i64::try_from(limit).unwrap_or(i64::MAX)], issue_row)?;
        rows.into_iter().map(|row| self.counted(row)).collect()
    }

    /// One issue, with the state of its deliveries.
    pub fn issue_row(&self, id: &IssueId) -> Result<Option<IssueRow>, LedgerError> {
        let sql = "SELECT id, newsletter, subject, created, held FROM issue WHERE id = ?";
        let row = self.db.first(sql, params![id.as_str()], issue_row)?;
        row.map(|row| self.counted(row)).transpose()
    }

    fn counted(&self, row: IssueRow) -> Result<IssueRow, LedgerError> {
        Ok(IssueRow { deliveries: self.counts(&row.id)?, ..row })
    }

    /// How many deliveries of an issue are in each state.
    pub fn counts(&self, issue: &IssueId) -> Result<Counts, LedgerError> {
        let mut counts = Counts::default();
        let sql = "SELECT state, count(*) FROM delivery WHERE issue = ?1 GROUP BY state
                   UNION ALL SELECT state, count FROM total WHERE issue = ?1";
        self.db.each(sql, params![issue.as_str()], |row| {
            counts.add(&row.text(0), row.get(1)?);
            Ok(())
        })?;
        Ok(counts)
    }
}

fn freeze(change: &Db, frozen: &Frozen<'_>, list: &str, copies: State) -> Result<(), LedgerError> {
    let Frozen { issue, posts, .. } = frozen;
    change.run(
        "INSERT INTO issue (id, newsletter, subject, created, frozen, made_as, language, on_the_web, is_private, list)
             VALUES (?1, ?2, ?3, ?4, ?5, ?2, ?6, ?7, ?8, ?9)",
        params![
            issue.id.as_str(),
            issue.newsletter,
            issue.subject,
            issue.created.timestamp(),
            serde_json::to_string(issue)?,
            issue.language,
            issue.on_the_web,
            issue.is_private,
            list
        ],
    )?;
    let put = "INSERT INTO issue_post (issue, post, source, updated) VALUES (?, ?, ?, ?)";
    // A post that was mailed keeps its id like one that was in a feed, or a new title, or a new name for its file, would mail it
    // again.
    let keep = "INSERT INTO entry (source, id, fingerprint, present, body, title, published, url)
                    VALUES (?, ?, '', FALSE, ?, ?, ?, ?) ON CONFLICT (source) DO NOTHING";
    for post in *posts {
        let source = post.source.to_string_lossy();
        change.run(put, params![issue.id.as_str(), post.id.as_str(), source, post.updated.timestamp()])?;
        let Published { id, body, title, moment, url, .. } = Published::of(post);
        change.run(keep, params![source, id.as_str(), body, title, moment, url])?;
    }
    plan(change, frozen, copies)
}

/// Plans a copy for each of an audience, in one statement. The order in which they go out spreads the recipients of each domain evenly over
/// the whole: no receiver gets its share all at once.
fn plan(change: &Db, Frozen { issue, audience, .. }: &Frozen<'_>, copies: State) -> Result<(), LedgerError> {
    change.batch("DELETE FROM chosen")?;
    change
        .fill("chosen", &["place"], &mut |put| audience.iter().try_for_each(|place| put(params![place])))?;
    let planned = change.run(
        "INSERT INTO delivery (issue, subscriber, email, name, state, reply, changed, place)
             SELECT ?1, reader.subscriber, email, name, CASE WHEN reason IS NULL THEN ?4 ELSE 'suppressed' END,
                    CASE WHEN reason IS NULL AND ?4 = 'sent' THEN 'counted as sent by the owner''s word' END, ?2,
                    ?3 / (2 * count(*) OVER whole) * (2 * row_number() OVER (PARTITION BY domain ORDER BY place) - 1)
             FROM (SELECT roll.place, subscriber, email, name, substr(email, length(rtrim(email, replace(email, '@', ''))) + 1) AS domain
                       FROM chosen JOIN roll ON roll.place = chosen.place WHERE status = 'active') AS reader
                  LEFT JOIN suppression ON suppression.subscriber = reader.subscriber
             WHERE reason IS DISTINCT FROM 'erased'
             WINDOW whole AS (PARTITION BY domain) ORDER BY reader.subscriber",
        params![issue.id.as_str(), issue.created.timestamp(), 1_i64 << 40, copies.as_str()],
    )?;
    change.analyze("delivery", planned)
}
