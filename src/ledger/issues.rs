//! Issues: frozen once, with their audience; what each has sent; when each schedule was last met.

use std::collections::HashMap;

use chrono::{DateTime, TimeDelta, Utc};
use rusqlite::{OptionalExtension as _, Row, Transaction, params};

use super::deliveries::NOT_ACTIVE;
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

fn archived(row: &Row<'_>) -> rusqlite::Result<Archived> {
    Ok(Archived {
        id: IssueId::new(row.get::<_, String>(0)?),
        subject: row.get(1)?,
        created: DateTime::from_timestamp(row.get(2)?, 0).unwrap_or_default(),
        language: row.get::<_, Option<String>>(3)?.unwrap_or_default(),
    })
}

fn issue_row(row: &Row<'_>) -> rusqlite::Result<IssueRow> {
    Ok(IssueRow {
        id: IssueId::new(row.get::<_, String>(0)?),
        newsletter: row.get(1)?,
        subject: row.get(2)?,
        created: DateTime::from_timestamp(row.get(3)?, 0).unwrap_or_default(),
        held: row.get(4)?,
        deliveries: Counts::default(),
    })
}

const MEET: &str = "INSERT OR REPLACE INTO met (newsletter, cadence, tick) VALUES (?, ?, ?)";

impl Ledger {
    /// Freezes the issues of one moment: their posts, their texts and their audiences, in one transaction. From here on they are
    /// delivered from the ledger alone. Subscribers under suppression are recorded as such and never planned. `tick` is the time
    /// of the schedule that is met by it.
    pub fn freeze(&mut self, issues: &[Frozen<'_>], tick: Option<DateTime<Utc>>) -> Result<(), LedgerError> {
        let change = self.db.transaction()?;
        for frozen in issues {
            freeze(&change, frozen)?;
        }
        if let (Some(tick), Some(Frozen { issue, .. })) = (tick, issues.first()) {
            change.execute(MEET, params![issue.newsletter, issue.cadence.as_str(), tick.timestamp()])?;
        }
        change.commit()?;
        Ok(())
    }

    /// The latest time of a schedule that has been met.
    pub fn met(&self, newsletter: &str, cadence: Cadence) -> Result<Option<DateTime<Utc>>, LedgerError> {
        let sql = "SELECT tick FROM met WHERE newsletter = ? AND cadence = ?";
        let met = self.db.query_row(sql, [newsletter, cadence.as_str()], |row| row.get(0)).optional()?;
        Ok(met.and_then(|seconds| DateTime::from_timestamp(seconds, 0)))
    }

    /// Records that a time of the schedule was met without an issue, there being nothing to send.
    pub fn meet(&self, newsletter: &str, cadence: Cadence, tick: DateTime<Utc>) -> Result<(), LedgerError> {
        self.db.execute(MEET, params![newsletter, cadence.as_str(), tick.timestamp()])?;
        Ok(())
    }

    /// The frozen issues of a newsletter that still have something to deliver at `now`, oldest first. An issue of the last two
    /// days whose only open copies were taken out for the list's sake is among them: the list may have them again.
    pub fn open_issues(&self, newsletter: &str, now: DateTime<Utc>) -> Result<Vec<Issue>, LedgerError> {
        let mut query = self.db.prepare(
            "SELECT frozen FROM issue WHERE newsletter = ?1 AND EXISTS (SELECT 1 FROM delivery WHERE issue = issue.id
                 AND ((state IN ('planned', 'deferred') AND NOT cancelled) OR state = 'sending'
                      OR (state = 'suppressed' AND reply = ?2 AND issue.created > ?3 AND NOT cancelled))) ORDER BY created, id",
        )?;
        let recent = (now - TimeDelta::days(2)).timestamp();
        let rows = query.query_map(params![newsletter, NOT_ACTIVE, recent], |row| row.get::<_, String>(0))?;
        rows.map(|row| Ok(serde_json::from_str(&row?)?)).collect()
    }

    /// Calls back the copies of an issue that have not been tried yet, or are to be tried again: it is too old. How many they were.
    pub fn call_back(&self, issue: &IssueId, why: &str) -> Result<usize, LedgerError> {
        let sql = "UPDATE delivery SET state = 'cancelled', reply = ?2, next_at = NULL
                       WHERE issue = ?1 AND state IN ('planned', 'deferred')";
        Ok(self.db.execute(sql, [issue.as_str(), why])?)
    }

    /// For how long an issue has been seen to be too old, which begins with the first time. A time to come is one that a wrong clock has
    /// set, and begins anew.
    pub fn old_for(&self, issue: &IssueId, now: DateTime<Utc>) -> Result<TimeDelta, LedgerError> {
        let sql = "UPDATE issue SET old_since = iif(old_since <= ?2, old_since, ?2) WHERE id = ?1 RETURNING old_since";
        let since: i64 =
            self.db.query_row(sql, params![issue.as_str(), now.timestamp()], |row| row.get(0))?;
        Ok(TimeDelta::seconds(now.timestamp() - since))
    }

    /// An issue is not too old.
    pub fn is_young(&self, issue: &IssueId) -> Result<(), LedgerError> {
        let sql = "UPDATE issue SET old_since = NULL WHERE id = ? AND old_since IS NOT NULL";
        self.db.execute(sql, [issue.as_str()])?;
        Ok(())
    }

    /// The newsletters of which there are issues.
    pub fn newsletters(&self) -> Result<Vec<String>, LedgerError> {
        let mut query = self.db.prepare("SELECT DISTINCT newsletter FROM issue ORDER BY newsletter")?;
        let rows = query.query_map([], |row| row.get(0))?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// Gives a newsletter's issues, its schedules and its readers to another name.
    pub fn rename_newsletter(&mut self, from: &str, to: &str) -> Result<(), LedgerError> {
        let change = self.db.transaction()?;
        for table in ["issue", "met", "reader"] {
            change.execute(
                &format!("UPDATE OR IGNORE {table} SET newsletter = ?2 WHERE newsletter = ?1"),
                [from, to],
            )?;
        }
        Ok(change.commit()?)
    }

    /// The issues that say that they stand on the web, by their newsletters and ids.
    pub fn issues_on_the_web(&self) -> Result<Vec<(String, IssueId)>, LedgerError> {
        let sql = "SELECT frozen ->> 'newsletter', id FROM issue WHERE frozen ->> 'on_the_web' ORDER BY created, id";
        let mut query = self.db.prepare(sql)?;
        let rows = query.query_map([], |row| Ok((row.get(0)?, IssueId::new(row.get::<_, String>(1)?))))?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// The issues of a newsletter that stand on the web, newest first: of those that were made at one moment in one language, the one that
    /// most have got.
    pub fn archive(&self, newsletter: &str) -> Result<Vec<Archived>, LedgerError> {
        let mut query = self.db.prepare(
            "SELECT id, subject, created, frozen ->> 'language',
                    (SELECT count(*) FROM delivery WHERE issue = issue.id) AS copies
                 FROM issue WHERE newsletter = ? AND frozen ->> 'on_the_web' AND NOT cancelled
                 ORDER BY created DESC, copies DESC, id",
        )?;
        let rows = query.query_map([newsletter], archived)?;
        let mut all = rows.collect::<Result<Vec<_>, _>>()?;
        all.dedup_by_key(|issue| (issue.created, issue.language.clone()));
        Ok(all)
    }

    /// The issues of a newsletter with a page for each of their readers that were made for this one, newest first.
    pub fn issues_of(
        &self,
        newsletter: &str,
        subscriber: &SubscriberId,
    ) -> Result<Vec<Archived>, LedgerError> {
        let mut query = self.db.prepare(
            "SELECT id, subject, created, frozen ->> 'language' FROM issue
                 JOIN delivery ON delivery.issue = issue.id AND delivery.subscriber = ?2
                 WHERE newsletter = ?1 AND frozen ->> 'is_private' AND (state IN ('sent', 'sending', 'in_doubt') OR phase = 'bounce')
                 ORDER BY created DESC, id",
        )?;
        let rows = query.query_map([newsletter, subscriber.as_str()], archived)?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// One issue as it was frozen.
    pub fn issue(&self, id: &IssueId) -> Result<Option<Issue>, LedgerError> {
        let sql = "SELECT frozen FROM issue WHERE id = ?";
        let frozen: Option<String> = self.db.query_row(sql, [id.as_str()], |row| row.get(0)).optional()?;
        Ok(frozen.map(|frozen| serde_json::from_str(&frozen)).transpose()?)
    }

    /// The newest issues, at most `limit`, and all that have copies which are not done, with the state of their deliveries.
    pub fn latest_issues(&self, limit: usize) -> Result<Vec<IssueRow>, LedgerError> {
        let mut query = self.db.prepare(
            "SELECT id, newsletter, subject, created, held FROM issue
                 WHERE id IN (SELECT id FROM issue ORDER BY created DESC, id DESC LIMIT ?)
                    OR id IN (SELECT issue FROM delivery WHERE state IN ('planned', 'sending', 'deferred', 'in_doubt'))
                 ORDER BY created DESC, id DESC",
        )?;
        let rows = query.query_map([i64::try_from(limit).unwrap_or(i64::MAX)], issue_row)?;
        rows.map(|row| self.counted(row?)).collect()
    }

    /// One issue, with the state of its deliveries.
    pub fn issue_row(&self, id: &IssueId) -> Result<Option<IssueRow>, LedgerError> {
        let sql = "SELECT id, newsletter, subject, created, held FROM issue WHERE id = ?";
        let row = self.db.query_row(sql, [id.as_str()], issue_row).optional()?;
        row.map(|row| self.counted(row)).transpose()
    }

    fn counted(&self, row: IssueRow) -> Result<IssueRow, LedgerError> {
        Ok(IssueRow { deliveries: self.counts(&row.id)?, ..row })
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
}

fn freeze(change: &Transaction<'_>, frozen: &Frozen<'_>) -> Result<(), LedgerError> {
    let Frozen { issue, posts, .. } = frozen;
    change.execute(
        "INSERT INTO issue (id, newsletter, subject, created, frozen) VALUES (?, ?, ?, ?, ?)",
        params![
            issue.id.as_str(),
            issue.newsletter,
            issue.subject,
            issue.created.timestamp(),
            serde_json::to_string(issue)?
        ],
    )?;
    let mut put =
        change.prepare_cached("INSERT INTO issue_post (issue, post, source, updated) VALUES (?, ?, ?, ?)")?;
    // A post that was mailed keeps its id like one that was in a feed, or a new title, or a new name for its file, would mail it
    // again.
    let mut keep = change.prepare_cached(
        "INSERT OR IGNORE INTO entry (source, id, fingerprint, present, body, title, published, url)
             VALUES (?, ?, '', 0, ?, ?, ?, ?)",
    )?;
    for post in *posts {
        let source = post.source.to_string_lossy();
        put.execute(params![issue.id.as_str(), post.id.as_str(), source, post.updated.timestamp()])?;
        let Published { id, body, title, moment, url, .. } = Published::of(post);
        keep.execute(params![source, id.as_str(), body, title, moment, url])?;
    }
    plan(change, frozen)
}

/// Plans a copy for each of an audience.
fn plan(change: &Transaction<'_>, Frozen { issue, audience, .. }: &Frozen<'_>) -> Result<(), LedgerError> {
    let mut domain = change.prepare("SELECT email FROM temp.roll WHERE place = ?")?;
    let mut spread = Spread::default();
    for place in *audience {
        let email: String = domain.query_row([place], |row| row.get(0))?;
        spread.count(domain_of(&email));
    }
    let mut put = change.prepare(
        "INSERT INTO delivery (issue, subscriber, email, name, state, changed, place)
             SELECT ?1, subscriber, email, name, iif(EXISTS (SELECT 1 FROM suppression
                    WHERE suppression.subscriber = roll.subscriber), ?2, ?3), ?4, ?5
             FROM temp.roll WHERE place = ?6 AND status = 'active'
                 AND NOT EXISTS (SELECT 1 FROM suppression WHERE suppression.subscriber = roll.subscriber AND reason = 'erased')",
    )?;
    let (suppressed, planned) = (State::Suppressed.as_str(), State::Planned.as_str());
    for place in *audience {
        let email: String = domain.query_row([place], |row| row.get(0))?;
        let order = spread.place(domain_of(&email));
        put.execute(params![
            issue.id.as_str(),
            suppressed,
            planned,
            issue.created.timestamp(),
            order,
            place
        ])?;
    }
    Ok(())
}

fn domain_of(email: &str) -> &str {
    email.rsplit('@').next().unwrap_or_default()
}

/// Gives each a place, in the order asked for, so that those of each domain are spread evenly over the whole: no receiver gets its share
/// all at once.
#[derive(Default)]
struct Spread(HashMap<String, (i64, i64)>);

impl Spread {
    const WHOLE: i64 = 1 << 40;

    /// Counts one who will ask for a place.
    fn count(&mut self, domain: &str) {
        match self.0.get_mut(domain) {
            Some((count, _)) => *count += 1,
            None => drop(self.0.insert(domain.to_owned(), (1, 0))),
        }
    }

    fn place(&mut self, domain: &str) -> i64 {
        let (count, before) = self.0.get_mut(domain).map_or((1, 0), |(count, before)| {
            *before += 1;
            (*count, *before - 1)
        });
        Self::WHOLE / (2 * count) * (2 * before + 1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_recipients_of_a_domain_are_spread_over_the_whole() {
        let domains = ["a", "a", "a", "a", "b", "b", "c"];
        let mut spread = Spread::default();
        for domain in domains {
            spread.count(domain);
        }
        let mut order: Vec<(i64, &str)> =
            domains.into_iter().map(|domain| (spread.place(domain), domain)).collect();
        order.sort_unstable();
        assert_eq!(order.iter().map(|(_, domain)| *domain).collect::<String>(), "abacaba");
    }
}
