//! The roll: a newsletter's list as a run has read it, in a table of its own for as long as the ledger is open. However long the list,
//! it stands on the disk, and is joined there with what the ledger knows.

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};
use rusqlite::{OptionalExtension as _, Row, Statement, Transaction, TransactionBehavior, params};

use super::deliveries::NOT_ACTIVE;
use super::{Ledger, LedgerError, members};
use crate::address::{Address, Mailbox};
use crate::config::Cadence;
use crate::digest::{Past, Reader};
use crate::ids::{IssueId, SubscriberId};
use crate::subscribers::{Active, Status, Subscriber};

/// In seconds.
const DAY: i64 = 86_400;

pub(super) const TABLE: &str = "CREATE TEMP TABLE IF NOT EXISTS roll (
    place      INTEGER PRIMARY KEY,
    newsletter TEXT NOT NULL,
    subscriber TEXT NOT NULL,
    email      TEXT NOT NULL,
    name       TEXT NOT NULL,
    language   TEXT,
    topics     TEXT,                       -- as JSON; empty where there are none
    cadence    TEXT NOT NULL,
    status     TEXT NOT NULL
) STRICT";

/// Made when all rows are there, which is many times faster.
const INDEX: &str = "CREATE INDEX temp.roll_by_subscriber ON roll (newsletter, subscriber)";

/// Whether what members say counts on a roll.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Members {
    /// It wins over the list's file.
    Heeded,
    /// The roll is the list's file alone: members are asked for one by one, as they change.
    Aside,
}

/// Puts people on a roll, one by one.
#[derive(Debug)]
pub struct Roll<'a> {
    put: Statement<'a>,
    newsletter: &'a str,
}

impl Roll<'_> {
    /// Takes somebody.
    pub fn put(&mut self, subscriber: &Subscriber) -> Result<(), LedgerError> {
        let Mailbox { name, address } = &subscriber.mailbox;
        self.put.execute(params![
            self.newsletter,
            subscriber.id.as_str(),
            address.to_string(),
            name,
            subscriber.language,
            members::written(&subscriber.topics)?,
            subscriber.cadence.as_str(),
            subscriber.status.as_str(),
        ])?;
        Ok(())
    }
}

/// What the queries below read of somebody.
const COLUMNS: &str = "place, subscriber, email, name, language, topics, cadence, status";

fn listed(row: &Row<'_>) -> Result<(u32, Active), LedgerError> {
    let active = person(row)?.active().ok_or(rusqlite::Error::QueryReturnedNoRows)?;
    Ok((row.get(0)?, active))
}

fn person(row: &Row<'_>) -> Result<Subscriber, LedgerError> {
    let subscriber = Subscriber {
        id: SubscriberId::new(row.get::<_, String>(1)?),
        mailbox: Mailbox {
            address: Address::parse(row.get_ref(2)?.as_str().unwrap_or_default())?,
            name: row.get(3)?,
        },
        language: row.get(4)?,
        topics: topics(row, 5)?,
        cadence: Cadence::named(row.get_ref(6)?.as_str().unwrap_or_default()),
        status: Status::named(row.get_ref(7)?.as_str().unwrap_or_default()),
    };
    Ok(subscriber)
}

fn topics(row: &Row<'_>, column: usize) -> Result<Vec<String>, LedgerError> {
    members::topics(row.get_ref(column)?.as_str().unwrap_or_default())
}

impl Ledger {
    /// Makes the roll of a newsletter anew by what `read` puts on it, and by what its members say where they are heeded. Of somebody who was put on it more than
    /// once, what keeps mail away counts, else what came first; their addresses come back.
    pub fn enrol<T>(
        &self,
        (newsletter, now): (&str, DateTime<Utc>),
        members: Members,
        read: impl FnOnce(&mut Roll<'_>) -> Result<T, LedgerError>,
    ) -> Result<(T, Vec<String>), LedgerError> {
        self.db.execute_batch(TABLE)?;
        self.db.pragma_update(Some("temp"), "cache_size", super::CACHE)?;
        // Nobody else sees it: what others write to meanwhile is not locked.
        let change = Transaction::new_unchecked(&self.db, TransactionBehavior::Deferred)?;
        change.execute_batch("DROP INDEX IF EXISTS temp.roll_by_subscriber")?;
        change.execute("DELETE FROM temp.roll WHERE newsletter = ?", [newsletter])?;
        let put = change.prepare(
            "INSERT INTO temp.roll (newsletter, subscriber, email, name, language, topics, cadence, status)
                 VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        )?;
        let done = read(&mut Roll { put, newsletter })?;
        change.execute_batch(INDEX)?;
        let twice = merge(&change, newsletter)?;
        if members == Members::Heeded {
            heed_members(&change, newsletter, now)?;
        }
        change.commit()?;
        Ok((done, twice))
    }

    /// How many on a newsletter's roll may be written to.
    pub fn listed(&self, newsletter: &str) -> Result<u64, LedgerError> {
        self.db.execute_batch(TABLE)?;
        let sql = "SELECT count(*) FROM temp.roll WHERE newsletter = ? AND status = 'active'";
        Ok(self.db.query_row(sql, [newsletter], |row| row.get::<_, u32>(0))?.into())
    }

    /// The addresses of the first on a newsletter's roll who may be written to.
    pub fn first_listed(&self, newsletter: &str, limit: usize) -> Result<Vec<String>, LedgerError> {
        self.db.execute_batch(TABLE)?;
        let sql =
            "SELECT email FROM temp.roll WHERE newsletter = ? AND status = 'active' ORDER BY place LIMIT ?";
        let mut query = self.db.prepare(sql)?;
        let limit = i64::try_from(limit).unwrap_or(i64::MAX);
        let rows = query.query_map(params![newsletter, limit], |row| row.get(0))?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// The one on a newsletter's roll, and their place; where nobody is named, the first. `None` where they may not be written to.
    pub fn find_listed(
        &self,
        newsletter: &str,
        subscriber: Option<&SubscriberId>,
    ) -> Result<Option<(u32, Active)>, LedgerError> {
        let mut query = self.db.prepare(&format!(
            "SELECT {COLUMNS} FROM temp.roll WHERE newsletter = ?1 AND status = 'active'
                 AND (?2 IS NULL OR subscriber = ?2) ORDER BY place LIMIT 1"
        ))?;
        let mut rows = query.query(params![newsletter, subscriber.map(SubscriberId::as_str)])?;
        rows.next()?.map(listed).transpose()
    }

    /// The one on a newsletter's roll, whether or not they may be written to.
    pub fn on_roll(
        &self,
        newsletter: &str,
        subscriber: &SubscriberId,
    ) -> Result<Option<Subscriber>, LedgerError> {
        let sql = format!("SELECT {COLUMNS} FROM temp.roll WHERE newsletter = ? AND subscriber = ?");
        let mut query = self.db.prepare_cached(&sql)?;
        let mut rows = query.query([newsletter, subscriber.as_str()])?;
        rows.next()?.map(person).transpose()
    }

    /// The one at a place of a roll; `None` where they may not be written to.
    pub fn listed_at(&self, place: u32) -> Result<Option<Active>, LedgerError> {
        let sql = format!("SELECT {COLUMNS} FROM temp.roll WHERE place = ? AND status = 'active'");
        let mut query = self.db.prepare_cached(&sql)?;
        let mut rows = query.query([place])?;
        Ok(rows.next()?.map(listed).transpose()?.map(|(_, active)| active))
    }

    /// Shows everybody on a newsletter's roll, one after the other, as they are now.
    pub fn show_roll(
        &self,
        newsletter: &str,
        mut show: impl FnMut(Listing) -> Result<(), LedgerError>,
    ) -> Result<(), LedgerError> {
        let mut query = self.db.prepare(
            "SELECT roll.place, roll.subscriber, roll.email, roll.name, roll.language, roll.topics, roll.cadence,
                    coalesce(suppression.reason, roll.status),
                    coalesce(suppression.since, member.since, reader.since), coalesce(suppression.detail, member.reason)
                 FROM temp.roll
                 LEFT JOIN suppression ON suppression.subscriber = roll.subscriber
                 LEFT JOIN member ON member.newsletter = roll.newsletter AND member.subscriber = roll.subscriber
                 LEFT JOIN reader ON reader.newsletter = roll.newsletter AND reader.subscriber = roll.subscriber
                 WHERE roll.newsletter = ? ORDER BY roll.place",
        )?;
        let mut rows = query.query([newsletter])?;
        while let Some(row) = rows.next()? {
            let since: Option<i64> = row.get(8)?;
            show(Listing {
                person: person(row)?,
                since: since.and_then(|since| DateTime::from_timestamp(since, 0)),
                reason: row.get(9)?,
            })?;
        }
        Ok(())
    }

    /// What those on a newsletter's roll want who may be written to.
    pub fn wishes(&self, newsletter: &str) -> Result<Wishes, LedgerError> {
        let mut wishes = Wishes::default();
        let mut query = self.db.prepare(
            "SELECT DISTINCT language, topics, cadence FROM temp.roll WHERE newsletter = ? AND status = 'active'",
        )?;
        let mut rows = query.query([newsletter])?;
        while let Some(row) = rows.next()? {
            wishes.languages.extend(row.get::<_, Option<String>>(0)?);
            wishes.topics.extend(topics(row, 1)?);
            wishes.cadences.insert(Cadence::named(row.get_ref(2)?.as_str().unwrap_or_default()));
        }
        Ok(wishes)
    }

    /// Meets those of a cadence on a newsletter's roll who may be written to, one after the other, with which of the issues at these places
    /// (in ascending order) were made for each, and since when they have been there.
    pub fn readers(
        &self,
        (newsletter, cadence): (&str, Cadence),
        (past, places): (&Past, &[usize]),
        mut meet: impl FnMut(Reader),
    ) -> Result<(), LedgerError> {
        let mut query = self.db.prepare(
            "SELECT place, language, topics, since, roll.subscriber FROM temp.roll LEFT JOIN reader
                 ON reader.newsletter = roll.newsletter AND reader.subscriber = roll.subscriber
                 WHERE roll.newsletter = ? AND cadence = ? AND status = 'active' ORDER BY place",
        )?;
        let mut had =
            self.db.prepare("SELECT EXISTS (SELECT 1 FROM delivery WHERE issue = ? AND subscriber = ?)")?;
        let mut rows = query.query([newsletter, cadence.as_str()])?;
        while let Some(row) = rows.next()? {
            let since: Option<i64> = row.get(3)?;
            let mut reader = Reader {
                place: row.get(0)?,
                language: row.get(1)?,
                topics: topics(row, 2)?,
                had: Vec::new(),
                since: since.and_then(|since| DateTime::from_timestamp(since, 0)),
            };
            let subscriber = row.get_ref(4)?.as_str().unwrap_or_default();
            for place in places {
                if had.query_row([past.issues[*place].id.as_str(), subscriber], |row| row.get(0))? {
                    reader.had.push(*place);
                }
            }
            meet(reader);
        }
        Ok(())
    }

    /// Records who is on a newsletter's roll from `now` on, if not before. Who is missing for longer than a day has left, and comes back as
    /// new; a list that is cut short for an hour by a mishap makes nobody miss anything.
    pub fn welcome(&self, newsletter: &str, now: DateTime<Utc>) -> Result<(), LedgerError> {
        let change = self.db.unchecked_transaction()?;
        change.execute(
            "UPDATE reader SET gone = ?2 WHERE newsletter = ?1 AND gone IS NULL AND NOT EXISTS
                 (SELECT 1 FROM temp.roll WHERE roll.newsletter = ?1 AND roll.subscriber = reader.subscriber AND status = 'active')",
            params![newsletter, now.timestamp()],
        )?;
        change.execute(
            "INSERT INTO reader (newsletter, subscriber, since)
                 SELECT newsletter, subscriber, ?2 FROM temp.roll WHERE newsletter = ?1 AND status = 'active'
                     AND NOT EXISTS (SELECT 1 FROM suppression WHERE suppression.subscriber = roll.subscriber AND reason = 'erased')
                 ORDER BY subscriber
                 ON CONFLICT DO UPDATE SET since = iif(?2 - gone > ?3, ?2, since), gone = NULL WHERE gone IS NOT NULL",
            params![newsletter, now.timestamp(), DAY],
        )?;
        Ok(change.commit()?)
    }

    /// Takes out of an issue whoever must not be written to any more: under suppression, or not active on the roll of its newsletter.
    /// Whoever was taken out for the list alone and is back on it (it was cut short, and mended) is planned again.
    pub fn withdraw(&mut self, issue: &IssueId, now: DateTime<Utc>) -> Result<(), LedgerError> {
        self.db.execute_batch(TABLE)?;
        let change = self.db.transaction()?;
        let sql = "SELECT newsletter FROM issue WHERE id = ? AND NOT cancelled";
        let newsletter: Option<String> =
            change.query_row(sql, [issue.as_str()], |row| row.get(0)).optional()?;
        let Some(newsletter) = newsletter else { return Ok(()) };
        let is_away = members::is_away("?1", "delivery.subscriber", "?3");
        let must_be_out = format!("(EXISTS (SELECT 1 FROM suppression WHERE subscriber = delivery.subscriber)
             OR NOT EXISTS (SELECT 1 FROM temp.roll WHERE roll.newsletter = ?1 AND roll.subscriber = delivery.subscriber
                            AND status = 'active')
             OR {is_away})");
        let at = now.timestamp();
        let out = format!(
            "UPDATE delivery SET state = 'suppressed', reply = ?2, next_at = NULL, changed = ?3
                 WHERE issue = ?4 AND state IN ('planned', 'deferred') AND {must_be_out}"
        );
        change.execute(&out, params![newsletter, NOT_ACTIVE, at, issue.as_str()])?;
        let back = format!(
            "UPDATE delivery SET state = 'planned', reply = NULL, next_at = NULL, changed = ?3
                 WHERE issue = ?4 AND state = 'suppressed' AND reply = ?2 AND NOT {must_be_out}"
        );
        change.execute(&back, params![newsletter, NOT_ACTIVE, at, issue.as_str()])?;
        Ok(change.commit()?)
    }
}

/// Somebody on a roll, as they are now.
#[derive(Clone, Debug)]
pub struct Listing {
    /// Who; their status heeds what keeps all mail away.
    pub person: Subscriber,
    /// Since when they have that status, as far as it is known.
    pub since: Option<DateTime<Utc>>,
    /// Why, where there is a reason.
    pub reason: Option<String>,
}

/// What people on a roll want.
#[derive(Clone, Debug, Default)]
pub struct Wishes {
    /// BCP 47, of those who say so.
    pub languages: BTreeSet<String>,
    /// What they want to read about.
    pub topics: BTreeSet<String>,
    /// How often they want to hear.
    pub cadences: BTreeSet<Cadence>,
}

/// Makes one of the rows of each who stands there more than once.
fn merge(change: &Transaction<'_>, newsletter: &str) -> Result<Vec<String>, LedgerError> {
    let mut query = change.prepare(
        "SELECT subscriber FROM temp.roll WHERE newsletter = ? GROUP BY subscriber HAVING count(*) > 1",
    )?;
    let twice: Vec<String> = query.query_map([newsletter], |row| row.get(0))?.collect::<Result<_, _>>()?;
    let mut emails = Vec::with_capacity(twice.len());
    for subscriber in twice {
        let sql = "SELECT place, status, email FROM temp.roll WHERE newsletter = ? AND subscriber = ? ORDER BY place";
        let mut query = change.prepare_cached(sql)?;
        let rows: Vec<(u32, String, String)> = query
            .query_map([newsletter, &subscriber], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))?
            .collect::<Result<_, _>>()?;
        let last_no = rows.iter().rev().find(|(_, status, _)| status != Status::Active.as_str());
        let (Some((first, ..)), Some((_, _, email))) = (rows.first(), rows.last()) else { continue };
        if let Some((_, status, _)) = last_no {
            change.execute("UPDATE temp.roll SET status = ?2 WHERE place = ?1", params![first, status])?;
        }
        let sql = "DELETE FROM temp.roll WHERE newsletter = ?1 AND subscriber = ?2 AND place <> ?3";
        change.execute(sql, params![newsletter, subscriber, first])?;
        emails.push(email.clone());
    }
    Ok(emails)
}

/// People's own word wins over the list's; that mail comes back, or was reported as abuse, wins over theirs.
fn heed_members(change: &Transaction<'_>, newsletter: &str, now: DateTime<Utc>) -> Result<(), LedgerError> {
    let at = now.timestamp();
    change.execute(
        "UPDATE temp.roll SET
             language = coalesce(member.language, roll.language),
             topics = coalesce(member.topics, roll.topics),
             cadence = coalesce(member.cadence, roll.cadence),
             status = CASE WHEN roll.status IN ('bounced', 'complained') THEN roll.status
                           WHEN member.status = 'paused' AND until <= ?2 THEN 'active'
                           ELSE member.status END
             FROM main.member WHERE member.newsletter = ?1 AND roll.newsletter = ?1 AND roll.subscriber = member.subscriber",
        params![newsletter, at],
    )?;
    change.execute(
        "INSERT INTO temp.roll (newsletter, subscriber, email, name, language, topics, cadence, status)
             SELECT newsletter, subscriber, email, name, language, topics, cadence,
                    iif(status = 'paused' AND until <= ?2, 'active', status)
             FROM main.member WHERE newsletter = ?1 AND listed AND NOT EXISTS
                 (SELECT 1 FROM temp.roll WHERE roll.newsletter = ?1 AND roll.subscriber = member.subscriber)",
        params![newsletter, at],
    )?;
    Ok(())
}
