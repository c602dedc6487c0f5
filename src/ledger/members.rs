//! Members: who has signed up here, and what anybody on any list has asked for since. What they say wins over a list's file; that mail
//! comes back, or was reported as abuse, wins over everything.

use chrono::{DateTime, TimeDelta, Utc};
use serde::Serialize;

use super::engine::{Db, Row, params, row};
use super::{Ledger, LedgerError};
use crate::address::Mailbox;
use crate::config::Cadence;
use crate::ids::SubscriberId;
use crate::subscribers::{Status, Subscriber};

/// In place of a newsletter's name: what is said of all.
pub(super) const ALL: &str = "";

/// For so long may somebody who has left undo it with one click.
pub const UNDO: TimeDelta = TimeDelta::minutes(10);

/// By what right somebody is written to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Consent {
    /// When they said so.
    pub at: DateTime<Utc>,
    /// `form`, `import` or `owner`.
    pub how: String,
    /// A keyed hash of the network that the form was sent from.
    pub network: Option<String>,
    /// What they agreed to.
    pub wording: Option<String>,
}

/// What somebody asks for. What is `None` is as the list's file has it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Preferences {
    /// BCP 47.
    pub language: Option<String>,
    /// What they want to read about; empty is everything.
    pub topics: Option<Vec<String>>,
    /// How often.
    pub cadence: Option<Cadence>,
    /// Nothing before then.
    pub paused_until: Option<DateTime<Utc>>,
}

/// Somebody's row of a newsletter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Member {
    /// Whether they are on the list by it.
    pub listed: bool,
    /// What they are called and where mail goes, where it is known.
    pub email: String,
    /// One line, perhaps empty.
    pub name: String,
    /// What they ask for.
    pub wishes: Preferences,
    /// Whether they may be written to.
    pub status: Status,
    /// Since when.
    pub since: DateTime<Utc>,
    /// Why they left.
    pub reason: Option<String>,
}

impl Member {
    /// Whether they may be written to at a moment: a pause ends by itself.
    pub fn status_at(&self, now: DateTime<Utc>) -> Status {
        match self.status {
            Status::Paused if self.wishes.paused_until.is_some_and(|until| until <= now) => Status::Active,
            status => status,
        }
    }
}

const COLUMNS: &str = "listed, email, name, language, topics, cadence, status, since, until, reason";

fn member(row: &Row<'_>) -> Result<Member, LedgerError> {
    let time = |seconds| DateTime::from_timestamp(seconds, 0).unwrap_or_default();
    Ok(Member {
        listed: row.get(0)?,
        email: row.get(1)?,
        name: row.get(2)?,
        wishes: Preferences {
            language: row.get(3)?,
            topics: row.get::<Option<String>>(4)?.as_deref().map(topics).transpose()?,
            cadence: row.get::<Option<String>>(5)?.as_deref().map(Cadence::named),
            paused_until: row.get::<Option<i64>>(8)?.map(time),
        },
        status: match row.text(6).as_ref() {
            "active" => Status::Active,
            "paused" => Status::Paused,
            _ => Status::Unsubscribed,
        },
        since: row.time(7)?,
        reason: row.get(9)?,
    })
}

/// Topics as rows have them: JSON, or nothing where there are none.
pub(super) fn topics(written: &str) -> Result<Vec<String>, LedgerError> {
    if written.is_empty() { Ok(Vec::new()) } else { Ok(serde_json::from_str(written)?) }
}

pub(super) fn written(topics: &[String]) -> Result<String, LedgerError> {
    if topics.is_empty() { Ok(String::new()) } else { Ok(serde_json::to_string(topics)?) }
}

/// In SQL: that somebody has left a newsletter, or wants nothing of it for now.
pub(super) fn is_away(newsletter: &str, subscriber: &str, now: &str) -> String {
    format!(
        "EXISTS (SELECT 1 FROM member AS own WHERE own.newsletter = {newsletter} AND own.subscriber = {subscriber}
             AND own.status IN ('unsubscribed', 'paused')
             AND (own.status = 'unsubscribed' OR own.until IS NULL OR own.until > {now}))"
    )
}

impl Ledger {
    /// Somebody's row of a newsletter.
    pub fn member(&self, newsletter: &str, subscriber: &SubscriberId) -> Result<Option<Member>, LedgerError> {
        let sql = format!("SELECT {COLUMNS} FROM member WHERE newsletter = ? AND subscriber = ?");
        self.db.first(&sql, params![newsletter, subscriber.as_str()], member)
    }

    /// A mark that changes with every change of a newsletter's members, and when a pause ends.
    pub fn members_mark(&self, newsletter: &str, now: DateTime<Utc>) -> Result<String, LedgerError> {
        let sql = "SELECT coalesce((SELECT count FROM member_change WHERE newsletter = ?1), 0) || '.' ||
                          coalesce((SELECT count FROM member_change WHERE newsletter = ?3), 0) || '.' ||
                          (SELECT count(*) FROM erased) || '.' ||
                          (SELECT count(*) FROM member WHERE newsletter = ?1 AND status = 'paused' AND until <= ?2)";
        self.db.value(sql, params![newsletter, now.timestamp(), ALL])
    }

    /// Puts somebody on a newsletter's list who has said so. It lifts what they once said to the contrary, and only that.
    pub fn join(
        &mut self,
        newsletter: &str,
        person: &Subscriber,
        consent: &Consent,
    ) -> Result<(), LedgerError> {
        let change = self.db.change()?;
        record(&change, newsletter, &person.id, consent)?;
        put(&change, newsletter, person, Status::Active, consent.at)?;
        lift_own_word(&change, &person.id)?;
        change.commit()
    }

    /// Takes somebody off a newsletter's list, whose file says `listed` of them. `false` where they had left before.
    pub fn leave(
        &mut self,
        newsletter: &str,
        (subscriber, listed): (&SubscriberId, Option<Status>),
        now: DateTime<Utc>,
    ) -> Result<bool, LedgerError> {
        let change = self.db.change()?;
        adopt(&change, newsletter, (subscriber, listed), now)?;
        let sql = "UPDATE member SET was = status, status = 'unsubscribed', since = ?3, reason = NULL
                 WHERE newsletter = ?1 AND subscriber = ?2 AND status <> 'unsubscribed'";
        let left = change.run(sql, params![newsletter, subscriber.as_str(), now.timestamp()])? > 0;
        change.commit()?;
        Ok(left)
    }

    /// Says why somebody has left.
    pub fn left_because(
        &self,
        newsletter: &str,
        subscriber: &SubscriberId,
        reason: &str,
    ) -> Result<(), LedgerError> {
        let sql = "UPDATE member SET reason = ? WHERE newsletter = ? AND subscriber = ? AND status = 'unsubscribed'";
        self.db.run(sql, params![reason, newsletter, subscriber.as_str()])?;
        Ok(())
    }

    /// Takes back that somebody has left, a short while ago. `false` where it was longer ago, or never.
    pub fn undo_leave(
        &self,
        newsletter: &str,
        subscriber: &SubscriberId,
        now: DateTime<Utc>,
    ) -> Result<bool, LedgerError> {
        let sql = "UPDATE member SET status = was, was = NULL, reason = NULL, since = ?3
                 WHERE newsletter = ?1 AND subscriber = ?2 AND status = 'unsubscribed' AND was IS NOT NULL AND since >= ?4";
        let (at, earliest) = (now.timestamp(), (now - UNDO).timestamp());
        Ok(self.db.run(sql, params![newsletter, subscriber.as_str(), at, earliest])? > 0)
    }

    /// Does as somebody asks who has not left, and of whom the list's file says `listed`. `false` where they have left, or the owner has
    /// not had them written to.
    pub fn prefer(
        &mut self,
        newsletter: &str,
        (subscriber, listed): (&SubscriberId, Option<Status>),
        wishes: &Preferences,
        now: DateTime<Utc>,
    ) -> Result<bool, LedgerError> {
        let change = self.db.change()?;
        adopt(&change, newsletter, (subscriber, listed), now)?;
        let status = if wishes.paused_until.is_some() { Status::Paused } else { Status::Active };
        let topics = wishes.topics.as_deref().map(written).transpose()?;
        let sql = "UPDATE member SET language = ?3, topics = ?4, cadence = ?5, until = ?6, was = NULL,
                 since = CASE WHEN status = ?7 THEN since ELSE ?8 END, status = ?7
                 WHERE newsletter = ?1 AND subscriber = ?2 AND status <> 'unsubscribed'";
        let row = row![
            newsletter,
            subscriber.as_str(),
            wishes.language.as_deref(),
            topics,
            wishes.cadence.map(Cadence::as_str),
            wishes.paused_until.map(|until| until.timestamp()),
            status.as_str(),
            now.timestamp(),
        ];
        let is_done = change.run(sql, &row)? > 0;
        change.commit()?;
        Ok(is_done)
    }

    /// Gives somebody's place to another address of theirs: the old one gets nothing more, the new one what is new from now on.
    pub fn move_member(
        &mut self,
        newsletter: &str,
        old: &SubscriberId,
        person: &Subscriber,
        consent: &Consent,
    ) -> Result<(), LedgerError> {
        let now = consent.at;
        let change = self.db.change()?;
        let sql = "SELECT until FROM member WHERE newsletter = ? AND subscriber = ? AND status = 'paused'";
        let until: Option<i64> =
            change.first(sql, params![newsletter, old.as_str()], |row| row.get(0))?.flatten();
        let status = if until.is_some() { Status::Paused } else { Status::Active };
        record(&change, newsletter, &person.id, consent)?;
        put(&change, newsletter, person, status, now)?;
        change.run(
            "UPDATE member SET until = ?3 WHERE newsletter = ?1 AND subscriber = ?2",
            params![newsletter, person.id.as_str(), until],
        )?;
        lift_own_word(&change, &person.id)?;
        adopt(&change, newsletter, (old, None), now)?;
        change.run(
            "UPDATE member SET status = 'unsubscribed', was = NULL, since = ?3, reason = 'moved to another address'
                     WHERE newsletter = ?1 AND subscriber = ?2",
            params![newsletter, old.as_str(), now.timestamp()],
        )?;
        change.commit()
    }

    /// The newsletters of which somebody has a row.
    pub fn memberships(&self, subscriber: &SubscriberId) -> Result<Vec<String>, LedgerError> {
        let sql = "SELECT newsletter FROM member WHERE subscriber = ? ORDER BY newsletter";
        self.db.list(sql, params![subscriber.as_str()], |row| row.get(0))
    }

    /// Takes somebody's row away, unless they have left: that is not forgotten. `false` where there was none.
    pub fn remove_member(&self, newsletter: &str, subscriber: &SubscriberId) -> Result<bool, LedgerError> {
        let sql = "DELETE FROM member WHERE newsletter = ? AND subscriber = ? AND listed AND status <> 'unsubscribed'";
        Ok(self.db.run(sql, params![newsletter, subscriber.as_str()])? > 0)
    }

    /// What consent there is.
    pub fn consents(&self, newsletter: &str, subscriber: &SubscriberId) -> Result<Vec<Consent>, LedgerError> {
        let sql = "SELECT at, how, network, wording FROM consent WHERE newsletter = ? AND subscriber = ? ORDER BY at";
        self.db.list(sql, params![newsletter, subscriber.as_str()], |row| {
            Ok(Consent { at: row.time(0)?, how: row.get(1)?, network: row.get(2)?, wording: row.get(3)? })
        })
    }

    /// Where mail for somebody went last, who is on no list that is at hand.
    pub fn last_address(&self, subscriber: &SubscriberId) -> Result<Option<Mailbox>, LedgerError> {
        let sql = "SELECT email, delivery.name FROM issue JOIN delivery ON delivery.issue = issue.id
                       WHERE subscriber = ? AND email <> '' ORDER BY created DESC LIMIT 1";
        let found: Option<(String, String)> =
            self.db.first(sql, params![subscriber.as_str()], |row| Ok((row.get(0)?, row.get(1)?)))?;
        let mailbox = |(email, name): (String, String)| {
            Ok::<_, LedgerError>(Mailbox { name, address: crate::address::Address::parse(&email)? })
        };
        found.map(mailbox).transpose()
    }
}

/// What somebody once said against all mail is taken back by their own word.
fn lift_own_word(change: &Db, subscriber: &SubscriberId) -> Result<(), LedgerError> {
    // What the owner has said stays.
    let sql = "DELETE FROM suppression WHERE subscriber = ? AND reason IN ('unsubscribed', 'erased')
                   AND detail NOT LIKE 'by the owner%'";
    change.run(sql, params![subscriber.as_str()])?;
    Ok(())
}

/// Sees to it that somebody whom only the file knows has a row, which says nothing yet. Whom the file keeps mail from does not get it by
/// that: they have left.
fn adopt(
    change: &Db,
    newsletter: &str,
    (subscriber, listed): (&SubscriberId, Option<Status>),
    now: DateTime<Utc>,
) -> Result<(), LedgerError> {
    let status = match listed {
        None | Some(Status::Active | Status::Paused) => Status::Active,
        Some(_) => Status::Unsubscribed,
    };
    let sql = "INSERT INTO member (newsletter, subscriber, listed, email, name, status, since)
                   VALUES (?, ?, FALSE, '', '', ?, ?) ON CONFLICT (newsletter, subscriber) DO NOTHING";
    change.run(sql, params![newsletter, subscriber.as_str(), status.as_str(), now.timestamp()])?;
    Ok(())
}

/// Puts somebody on a list, whatever they were before.
pub(super) fn put(
    change: &Db,
    newsletter: &str,
    person: &Subscriber,
    status: Status,
    since: DateTime<Utc>,
) -> Result<(), LedgerError> {
    // Their row is another one from here on: what is heard of a change of status is not heard of it.
    let sql = "DELETE FROM member WHERE newsletter = ? AND subscriber = ?";
    change.run(sql, params![newsletter, person.id.as_str()])?;
    let sql = "INSERT INTO member (newsletter, subscriber, listed, email, name, language, topics, cadence, status, since)
                   VALUES (?, ?, TRUE, ?, ?, ?, ?, ?, ?, ?)";
    let row = row![
        newsletter,
        person.id.as_str(),
        person.mailbox.address.to_string(),
        person.mailbox.name.as_str(),
        person.language.as_deref(),
        written(&person.topics)?,
        person.cadence.as_str(),
        status.as_str(),
        since.timestamp(),
    ];
    change.run(sql, &row)?;
    Ok(())
}

pub(super) fn record(
    change: &Db,
    newsletter: &str,
    subscriber: &SubscriberId,
    consent: &Consent,
) -> Result<(), LedgerError> {
    let Consent { at, how, network, wording } = consent;
    let sql =
        "INSERT INTO consent (newsletter, subscriber, at, how, network, wording) VALUES (?, ?, ?, ?, ?, ?)
                   ON CONFLICT (newsletter, subscriber, at) DO UPDATE
                   SET how = excluded.how, network = excluded.network, wording = excluded.wording";
    change.run(sql, params![newsletter, subscriber.as_str(), at.timestamp(), how, network, wording])?;
    Ok(())
}
