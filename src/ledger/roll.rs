//! The roll: a newsletter's list as a run has read it, in a table of its own for as long as the ledger is open. However long the list,
//! it stands on the disk, and is joined there with what the ledger knows.

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};

use super::deliveries::NOT_ACTIVE;
use super::engine::{AsValue, Db, Row, Span, Value, params, row};
use super::{Ledger, LedgerError, members};
use crate::address::{Address, Mailbox};
use crate::config::Cadence;
use crate::digest::{Past, Reader};
use crate::ids::{IssueId, SubscriberId};
use crate::subscribers::{Active, Status, Subscriber};

/// In seconds.
const DAY: i64 = 86_400;

/// Made when all rows are there, which is many times faster.
const INDEX: &str = "CREATE INDEX roll_by_subscriber ON roll (newsletter, subscriber)";

/// So many people are put on a roll at once.
const BATCH: usize = 1000;

/// Whether what members say counts on a roll.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Members {
    /// It wins over the list's file.
    Heeded,
    /// The roll is the list's file alone: members are asked for one by one, as they change.
    Aside,
}

/// Puts people on a roll, one by one.
pub struct Roll<'a> {
    db: &'a Db,
    newsletter: &'a str,
    waiting: Vec<[Value<'static>; 7]>,
}

impl Roll<'_> {
    /// Takes somebody.
    pub fn put(&mut self, subscriber: &Subscriber) -> Result<(), LedgerError> {
        let Mailbox { name, address } = &subscriber.mailbox;
        let text = |text: String| Value::Text(text.into());
        self.waiting.push([
            text(subscriber.id.as_str().to_owned()),
            text(address.to_string()),
            text(name.clone()),
            subscriber.language.clone().map_or(Value::Null, text),
            text(members::written(&subscriber.topics)?),
            text(subscriber.cadence.as_str().to_owned()),
            text(subscriber.status.as_str().to_owned()),
        ]);
        if self.waiting.len() < BATCH { Ok(()) } else { self.settle() }
    }

    fn settle(&mut self) -> Result<(), LedgerError> {
        const COLUMNS: [&str; 8] =
            ["newsletter", "subscriber", "email", "name", "language", "topics", "cadence", "status"];
        let waiting = std::mem::take(&mut self.waiting);
        self.db.fill("roll", &COLUMNS, &mut |put| {
            waiting.iter().try_for_each(|[id, email, name, language, topics, cadence, status]| {
                let row = [id, email, name, language, topics, cadence, status].map(Value::clone);
                let [id, email, name, language, topics, cadence, status] = row;
                put(&[self.newsletter.value(), id, email, name, language, topics, cadence, status])
            })
        })
    }
}

const LISTED: &str = "SELECT count(*) FROM roll WHERE newsletter = ? AND status = 'active'";

/// What the queries below read of somebody.
const COLUMNS: &str = "place, subscriber, email, name, language, topics, cadence, status";

fn listed(row: &Row<'_>) -> Result<(u32, Active), LedgerError> {
    let active = person(row)?.active().ok_or(LedgerError::Column(7))?;
    Ok((row.get(0)?, active))
}

fn person(row: &Row<'_>) -> Result<Subscriber, LedgerError> {
    let subscriber = Subscriber {
        id: SubscriberId::new(row.get::<String>(1)?),
        mailbox: Mailbox { address: Address::parse(&row.text(2))?, name: row.get(3)? },
        language: row.get(4)?,
        topics: topics(row, 5)?,
        cadence: Cadence::named(&row.text(6)),
        status: Status::named(&row.text(7)),
    };
    Ok(subscriber)
}

fn topics(row: &Row<'_>, column: usize) -> Result<Vec<String>, LedgerError> {
    members::topics(&row.text(column))
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
        // Nobody else sees it: what others write to meanwhile is not locked.
        let change = self.db.begin(Span::Own)?;
        change.batch("DROP INDEX IF EXISTS roll_by_subscriber")?;
        change.run("DELETE FROM roll WHERE newsletter = ?", params![newsletter])?;
        let mut roll = Roll { db: &change, newsletter, waiting: Vec::new() };
        let done = read(&mut roll)?;
        roll.settle()?;
        change.batch(INDEX)?;
        let twice = merge(&change, newsletter)?;
        if members == Members::Heeded {
            heed_members(&change, newsletter, now)?;
        }
        let count: u64 =
            change.value("SELECT count(*) FROM roll WHERE newsletter = ?", params![newsletter])?;
        change.analyze("roll", usize::try_from(count).unwrap_or(usize::MAX))?;
        change.commit()?;
        Ok((done, twice))
    }

    /// How many on a newsletter's roll may be written to.
    pub fn listed(&self, newsletter: &str) -> Result<u64, LedgerError> {
        self.db.value(LISTED, params![newsletter])
    }

    /// The addresses of the first on a newsletter's roll who may be written to.
    pub fn first_listed(&self, newsletter: &str, limit: usize) -> Result<Vec<String>, LedgerError> {
        let sql = "SELECT email FROM roll WHERE newsletter = ? AND status = 'active' ORDER BY place LIMIT ?";
        let limit = i64::try_from(limit).unwrap_or(i64::MAX);
        self.db.list(sql, params![newsletter, limit], |row| row.get(0))
    }

    /// The one on a newsletter's roll, and their place; where nobody is named, the first. `None` where they may not be written to.
    pub fn find_listed(
        &self,
        newsletter: &str,
        subscriber: Option<&SubscriberId>,
    ) -> Result<Option<(u32, Active)>, LedgerError> {
        let sql = format!(
            "SELECT {COLUMNS} FROM roll WHERE newsletter = ?1 AND status = 'active'
                 AND (CAST(?2 AS TEXT) IS NULL OR subscriber = ?2) ORDER BY place LIMIT 1"
        );
        self.db.first(&sql, params![newsletter, subscriber.map(SubscriberId::as_str)], listed)
    }

    /// The one on a newsletter's roll, whether or not they may be written to.
    pub fn on_roll(
        &self,
        newsletter: &str,
        subscriber: &SubscriberId,
    ) -> Result<Option<Subscriber>, LedgerError> {
        let sql = format!("SELECT {COLUMNS} FROM roll WHERE newsletter = ? AND subscriber = ?");
        self.db.first(&sql, params![newsletter, subscriber.as_str()], person)
    }

    /// The one at a place of a roll; `None` where they may not be written to.
    pub fn listed_at(&self, place: u32) -> Result<Option<Active>, LedgerError> {
        let sql = format!("SELECT {COLUMNS} FROM roll WHERE place = ? AND status = 'active'");
        self.db.first(&sql, params![place], |row| Ok(listed(row)?.1))
    }

    /// Shows everybody on a newsletter's roll, one after the other, as they are now.
    pub fn show_roll(
        &self,
        newsletter: &str,
        mut show: impl FnMut(Listing) -> Result<(), LedgerError>,
    ) -> Result<(), LedgerError> {
        let sql = "SELECT roll.place, roll.subscriber, roll.email, roll.name, roll.language, roll.topics, roll.cadence,
                    coalesce(suppression.reason, roll.status),
                    coalesce(suppression.since, member.since, reader.since), coalesce(suppression.detail, member.reason)
                 FROM roll
                 LEFT JOIN suppression ON suppression.subscriber = roll.subscriber
                 LEFT JOIN member ON member.newsletter = roll.newsletter AND member.subscriber = roll.subscriber
                 LEFT JOIN reader ON reader.newsletter = roll.newsletter AND reader.subscriber = roll.subscriber
                 WHERE roll.newsletter = ? ORDER BY roll.place";
        self.db.each(sql, params![newsletter], |row| {
            let since: Option<i64> = row.get(8)?;
            show(Listing {
                person: person(row)?,
                since: since.and_then(|since| DateTime::from_timestamp(since, 0)),
                reason: row.get(9)?,
            })
        })
    }

    /// What those on a newsletter's roll want who may be written to.
    pub fn wishes(&self, newsletter: &str) -> Result<Wishes, LedgerError> {
        let mut wishes = Wishes::default();
        let sql =
            "SELECT DISTINCT language, topics, cadence FROM roll WHERE newsletter = ? AND status = 'active'";
        self.db.each(sql, params![newsletter], |row| {
            wishes.languages.extend(row.get::<Option<String>>(0)?);
            wishes.topics.extend(topics(row, 1)?);
            wishes.cadences.insert(Cadence::named(&row.text(2)));
            Ok(())
        })?;
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
        let marks: Vec<String> = (3..places.len() + 3).map(|number| format!("?{number}")).collect();
        let had = if places.is_empty() {
            "NULL".to_owned()
        } else {
            let issues = marks.join(", ");
            format!(
                "(SELECT string_agg(issue, ' ') FROM delivery
                      WHERE delivery.subscriber = roll.subscriber AND issue IN ({issues}))"
            )
        };
        let sql = format!(
            "SELECT place, language, topics, since, {had} FROM roll LEFT JOIN reader
                 ON reader.newsletter = roll.newsletter AND reader.subscriber = roll.subscriber
                 WHERE roll.newsletter = ?1 AND cadence = ?2 AND status = 'active' ORDER BY place"
        );
        let mut row = row![newsletter, cadence.as_str()];
        row.extend(places.iter().map(|place| Value::from(past.issues[*place].id.as_str())));
        self.db.each(&sql, &row, |row| {
            let since: Option<i64> = row.get(3)?;
            let mut reader = Reader {
                place: row.get(0)?,
                language: row.get(1)?,
                topics: topics(row, 2)?,
                had: Vec::new(),
                since: since.and_then(|since| DateTime::from_timestamp(since, 0)),
            };
            let issues = row.text(4);
            if !issues.is_empty() {
                let is_had =
                    |place: &&usize| issues.split(' ').any(|had| had == past.issues[**place].id.as_str());
                reader.had.extend(places.iter().filter(is_had));
            }
            meet(reader);
            Ok(())
        })
    }

    /// Records who is on a newsletter's roll from `now` on, if not before. Who is missing for longer than a day has left, and comes back as
    /// new; a list that is cut short for an hour by a mishap makes nobody miss anything.
    pub fn welcome(&self, newsletter: &str, now: DateTime<Utc>) -> Result<(), LedgerError> {
        let change = self.db.change()?;
        change.run(
            "UPDATE reader SET gone = ?2 WHERE newsletter = ?1 AND gone IS NULL AND NOT EXISTS
                 (SELECT 1 FROM roll WHERE roll.newsletter = ?1 AND roll.subscriber = reader.subscriber AND status = 'active')",
            params![newsletter, now.timestamp()],
        )?;
        let came = change.run(
            "INSERT INTO reader (newsletter, subscriber, since)
                 SELECT newsletter, subscriber, ?2 FROM roll WHERE newsletter = ?1 AND status = 'active'
                     AND NOT EXISTS (SELECT 1 FROM suppression WHERE suppression.subscriber = roll.subscriber AND reason = 'erased')
                 ORDER BY subscriber
                 ON CONFLICT (newsletter, subscriber) DO UPDATE
                 SET since = CASE WHEN ?2 - reader.gone > ?3 THEN ?2 ELSE reader.since END, gone = NULL
                 WHERE reader.gone IS NOT NULL",
            params![newsletter, now.timestamp(), DAY],
        )?;
        change.analyze("reader", came)?;
        change.commit()
    }

    /// Takes out of an issue whoever must not be written to any more: under suppression, or not active on the roll of its newsletter.
    /// Whoever was taken out for the list alone and is back on it (it was cut short, and mended) is planned again.
    /// `list` is the state of the list, by which it is known later that this has been done.
    pub fn withdraw(&mut self, issue: &IssueId, list: &str, now: DateTime<Utc>) -> Result<(), LedgerError> {
        let change = self.db.change()?;
        let sql = "SELECT newsletter FROM issue WHERE id = ? AND NOT cancelled";
        let newsletter: Option<String> = change.first(sql, params![issue.as_str()], |row| row.get(0))?;
        let Some(newsletter) = newsletter else { return Ok(()) };
        let is_away = members::is_away("?1", "delivery.subscriber", "?3");
        let must_be_out = format!("(EXISTS (SELECT 1 FROM suppression WHERE subscriber = delivery.subscriber)
             OR NOT EXISTS (SELECT 1 FROM roll WHERE roll.newsletter = ?1 AND roll.subscriber = delivery.subscriber
                            AND status = 'active')
             OR {is_away})");
        // A list that was not read, or is lost with its connection, would take everybody out.
        if change.value::<u64>(LISTED, params![newsletter])? == 0 {
            return Err(LedgerError::Unread);
        }
        let at = now.timestamp();
        let out = format!(
            "UPDATE delivery SET state = 'suppressed', reply = ?2, next_at = NULL, changed = ?3
                 WHERE issue = ?4 AND state IN ('planned', 'deferred') AND {must_be_out}"
        );
        change.run(&out, params![newsletter, NOT_ACTIVE, at, issue.as_str()])?;
        let back = format!(
            "UPDATE delivery SET state = 'planned', reply = NULL, next_at = NULL, changed = ?3
                 WHERE issue = ?4 AND state = 'suppressed' AND reply = ?2 AND NOT {must_be_out}"
        );
        change.run(&back, params![newsletter, NOT_ACTIVE, at, issue.as_str()])?;
        change.run("UPDATE issue SET list = ?2 WHERE id = ?1", params![issue.as_str(), list])?;
        change.commit()
    }

    /// The same where the list is as it was when this was done last: who has come under suppression since.
    pub fn withdraw_suppressed(&self, issue: &IssueId, now: DateTime<Utc>) -> Result<(), LedgerError> {
        let sql = "UPDATE delivery SET state = 'suppressed', reply = ?2, next_at = NULL, changed = ?3
                       WHERE issue = ?1 AND subscriber IN (SELECT subscriber FROM suppression)
                             AND state IN ('planned', 'deferred') AND NOT (SELECT cancelled FROM issue WHERE id = ?1)";
        self.db.run(sql, params![issue.as_str(), NOT_ACTIVE, now.timestamp()])?;
        Ok(())
    }

    /// Whether the copies of an issue have been held against a list in this state.
    pub fn is_held_against(&self, issue: &IssueId, list: &str) -> Result<bool, LedgerError> {
        let sql = "SELECT EXISTS (SELECT 1 FROM issue WHERE id = ? AND list = ?)";
        self.db.value(sql, params![issue.as_str(), list])
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
fn merge(change: &Db, newsletter: &str) -> Result<Vec<String>, LedgerError> {
    let sql = "SELECT subscriber FROM roll WHERE newsletter = ? GROUP BY subscriber HAVING count(*) > 1";
    let twice: Vec<String> = change.list(sql, params![newsletter], |row| row.get(0))?;
    let mut emails = Vec::with_capacity(twice.len());
    for subscriber in twice {
        let sql =
            "SELECT place, status, email FROM roll WHERE newsletter = ? AND subscriber = ? ORDER BY place";
        let read = |row: &Row<'_>| Ok((row.get(0)?, row.get(1)?, row.get(2)?));
        let rows: Vec<(u32, String, String)> = change.list(sql, params![newsletter, subscriber], read)?;
        let last_no = rows.iter().rev().find(|(_, status, _)| status != Status::Active.as_str());
        let (Some((first, ..)), Some((_, _, email))) = (rows.first(), rows.last()) else { continue };
        if let Some((_, status, _)) = last_no {
            change.run("UPDATE roll SET status = ?2 WHERE place = ?1", params![first, status])?;
        }
        let sql = "DELETE FROM roll WHERE newsletter = ?1 AND subscriber = ?2 AND place <> ?3";
        change.run(sql, params![newsletter, subscriber, first])?;
        emails.push(email.clone());
    }
    Ok(emails)
}

/// People's own word wins over the list's; that mail comes back, or was reported as abuse, wins over theirs.
fn heed_members(change: &Db, newsletter: &str, now: DateTime<Utc>) -> Result<(), LedgerError> {
    let at = now.timestamp();
    change.run(
        "UPDATE roll SET
             language = coalesce(member.language, roll.language),
             topics = coalesce(member.topics, roll.topics),
             cadence = coalesce(member.cadence, roll.cadence),
             status = CASE WHEN roll.status IN ('bounced', 'complained') THEN roll.status
                           WHEN member.status = 'paused' AND until <= ?2 THEN 'active'
                           ELSE member.status END
             FROM member WHERE member.newsletter = ?1 AND roll.newsletter = ?1 AND roll.subscriber = member.subscriber",
        params![newsletter, at],
    )?;
    change.run(
        "INSERT INTO roll (newsletter, subscriber, email, name, language, topics, cadence, status)
             SELECT newsletter, subscriber, email, name, language, topics, cadence,
                    CASE WHEN status = 'paused' AND until <= ?2 THEN 'active' ELSE status END
             FROM member WHERE newsletter = ?1 AND listed AND NOT EXISTS
                 (SELECT 1 FROM roll WHERE roll.newsletter = ?1 AND roll.subscriber = member.subscriber)",
        params![newsletter, at],
    )?;
    Ok(())
}
