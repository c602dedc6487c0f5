//! What is kept of one person: all of it, for them to see, and how it is forgotten.

use std::collections::BTreeMap;

use chrono::{DateTime, TimeDelta, Utc};
use serde::Serialize;

use super::engine::params;
use super::members::{ALL, Consent};
use super::{Ledger, LedgerError};
use crate::address::Address;
use crate::ids::SubscriberId;

/// A copy that was made for somebody.
#[derive(Clone, Debug, Serialize)]
pub struct Received {
    /// Its issue.
    pub issue: String,
    /// What the issue was about.
    pub subject: String,
    /// When the issue was made.
    pub created: DateTime<Utc>,
    /// Where the copy was to go.
    pub email: String,
    /// What became of it.
    pub state: String,
}

/// All that is kept of one person.
#[derive(Clone, Debug, Serialize)]
pub struct Holdings {
    /// The id under which it is kept.
    pub subscriber: SubscriberId,
    /// What they have asked for, newsletter by newsletter.
    pub memberships: Vec<Membership>,
    /// Their copies.
    pub copies: Vec<Received>,
    /// Why nothing is sent to them at all, if so, and since when.
    pub suppressed: Option<(String, DateTime<Utc>)>,
}

/// What somebody has asked for of one newsletter.
#[derive(Clone, Debug, Serialize)]
pub struct Membership {
    /// The newsletter.
    pub newsletter: String,
    /// Where it goes; empty where the owner's own list says so.
    pub email: String,
    /// Their name.
    pub name: String,
    /// BCP 47.
    pub language: Option<String>,
    /// What they want to read about; empty is everything.
    pub topics: Vec<String>,
    /// How often.
    pub cadence: Option<String>,
    /// Whether they are written to.
    pub status: String,
    /// Since when, where it is known.
    pub since: Option<DateTime<Utc>>,
    /// The end of a pause.
    pub paused_until: Option<DateTime<Utc>>,
    /// Why they left, if they said so.
    pub reason: Option<String>,
    /// When and how they agreed.
    pub consent: Vec<Consent>,
}

impl Ledger {
    /// All that is kept of one person.
    pub fn holdings(&self, subscriber: &SubscriberId) -> Result<Holdings, LedgerError> {
        let mut memberships = Vec::new();
        for newsletter in self.memberships(subscriber)? {
            let Some(member) = self.member(&newsletter, subscriber)? else { continue };
            memberships.push(Membership {
                consent: self.consents(&newsletter, subscriber)?,
                newsletter,
                email: member.email,
                name: member.name,
                language: member.wishes.language,
                topics: member.wishes.topics.unwrap_or_default(),
                cadence: member.wishes.cadence.map(|cadence| cadence.as_str().to_owned()),
                status: member.status.as_str().to_owned(),
                since: Some(member.since),
                paused_until: member.wishes.paused_until,
                reason: member.reason,
            });
        }
        let sql = "SELECT id, subject, created, email, state FROM issue JOIN delivery ON delivery.issue = id
                       WHERE subscriber = ? ORDER BY created";
        let copies = self.db.list(sql, params![subscriber.as_str()], |row| {
            Ok(Received {
                issue: row.get(0)?,
                subject: row.get(1)?,
                created: row.time(2)?,
                email: row.get(3)?,
                state: row.get(4)?,
            })
        })?;
        Ok(Holdings {
            subscriber: subscriber.clone(),
            memberships,
            copies,
            suppressed: self.suppressed(subscriber)?,
        })
    }

    /// Why nothing is sent to somebody at all, and since when.
    pub fn suppressed(
        &self,
        subscriber: &SubscriberId,
    ) -> Result<Option<(String, DateTime<Utc>)>, LedgerError> {
        let sql = "SELECT reason, since FROM suppression WHERE subscriber = ?";
        self.db.first(sql, params![subscriber.as_str()], |row| Ok((row.get(0)?, row.time(1)?)))
    }

    /// Whether anything is kept of somebody.
    pub fn knows(&self, subscriber: &SubscriberId) -> Result<bool, LedgerError> {
        let sql = "SELECT EXISTS (SELECT 1 FROM member WHERE subscriber = ?1)
                       OR EXISTS (SELECT 1 FROM suppression WHERE subscriber = ?1)
                       OR EXISTS (SELECT 1 FROM issue JOIN delivery ON issue = id WHERE subscriber = ?1)";
        self.db.value(sql, params![subscriber.as_str()])
    }

    /// To how many nothing is sent at all, by the reasons.
    pub fn suppressions(&self) -> Result<BTreeMap<String, u64>, LedgerError> {
        let sql = "SELECT reason, count(*) FROM suppression GROUP BY reason";
        Ok(self.db.list(sql, params![], |row| Ok((row.get(0)?, row.get(1)?)))?.into_iter().collect())
    }

    /// Never sends to somebody again, whatever any list says. `false` where that was so before.
    pub fn suppress(
        &self,
        subscriber: &SubscriberId,
        (reason, detail): (&str, &str),
        now: DateTime<Utc>,
    ) -> Result<bool, LedgerError> {
        super::deliveries::suppress(&self.db, subscriber, reason, detail, now)
    }

    /// Lets mail go to somebody again, as the lists have it. `false` where it was not held back.
    pub fn lift(&self, subscriber: &SubscriberId) -> Result<bool, LedgerError> {
        let change = self.db.change()?;
        let sql = "DELETE FROM suppression WHERE subscriber = ?";
        let is_lifted = change.run(sql, params![subscriber.as_str()])? > 0;
        // What was taken out of issues for it is looked at again.
        let sql = "INSERT INTO member_change VALUES (?, 1)
                       ON CONFLICT (newsletter) DO UPDATE SET count = member_change.count + 1";
        change.run(sql, params![ALL])?;
        change.commit()?;
        Ok(is_lifted)
    }

    /// Forgets somebody: what was kept of them is gone, and of their copies stays only that there was one. `hash`, a keyed hash of the
    /// address, keeps every list from bringing them back. `false` where a copy of theirs is under way this very moment: then nothing is
    /// done.
    pub fn erase(
        &mut self,
        (subscriber, address): (&SubscriberId, &Address),
        hash: &str,
        now: DateTime<Utc>,
    ) -> Result<bool, LedgerError> {
        let change = self.db.change()?;
        for table in ["member", "consent", "reader", "suppression", "happening"] {
            let sql = format!("DELETE FROM {table} WHERE subscriber = ?");
            change.run(&sql, params![subscriber.as_str()])?;
        }
        change.run(
            "UPDATE delivery SET
                 state = CASE WHEN state IN ('planned', 'deferred', 'in_doubt') THEN 'cancelled' ELSE state END,
                 subscriber = 'erased-' || ?2, email = '', name = '', reply = NULL, next_at = NULL
                 WHERE subscriber = ?1 AND state <> 'sending'",
            params![subscriber.as_str(), hash],
        )?;
        // What a run has claimed meanwhile, too.
        let sql = "SELECT EXISTS (SELECT 1 FROM issue JOIN delivery ON issue = id WHERE subscriber = ?)";
        if change.value(sql, params![subscriber.as_str()])? {
            return Ok(false);
        }
        let sql = "DELETE FROM letter WHERE lower(recipient) = lower(?)";
        change.run(sql, params![address.to_string()])?;
        change.run("DELETE FROM roll WHERE subscriber = ?", params![subscriber.as_str()])?;
        // A run at work has read them on its list; for two days it is known whom that means.
        let sql = "INSERT INTO suppression (subscriber, reason, since, detail) VALUES (?, 'erased', ?, '')";
        change.run(sql, params![subscriber.as_str(), now.timestamp()])?;
        let sql = "INSERT INTO erased (hash, since) VALUES (?, ?) ON CONFLICT (hash) DO NOTHING";
        change.run(sql, params![hash, now.timestamp()])?;
        change.commit()?;
        Ok(true)
    }

    /// Lets go of whom an erasure meant, once no run can know them any more.
    pub fn forget_whom(&self, now: DateTime<Utc>) -> Result<(), LedgerError> {
        let before = (now - TimeDelta::days(2)).timestamp();
        self.db.run("DELETE FROM suppression WHERE reason = 'erased' AND since < ?", params![before])?;
        Ok(())
    }

    /// Whether no mail of any kind may go to somebody, not even a confirmation: it comes back, was called abuse, or the owner says so.
    pub fn is_barred(&self, subscriber: &SubscriberId) -> Result<bool, LedgerError> {
        let sql = "SELECT EXISTS (SELECT 1 FROM suppression WHERE subscriber = ?
                       AND (reason NOT IN ('unsubscribed', 'erased') OR detail LIKE 'by the owner%'))";
        self.db.value(sql, params![subscriber.as_str()])
    }

    /// Whether something has been said of somebody, or by them, since a moment: then what they asked for at that moment is over.
    pub fn is_outdated(
        &self,
        newsletter: &str,
        (subscriber, hash): (&SubscriberId, &str),
        asked: DateTime<Utc>,
    ) -> Result<bool, LedgerError> {
        let sql = "SELECT EXISTS (SELECT 1 FROM erased WHERE hash = ?3 AND since >= ?4)
                       OR EXISTS (SELECT 1 FROM suppression WHERE subscriber = ?2 AND since >= ?4)
                       OR EXISTS (SELECT 1 FROM consent WHERE newsletter = ?1 AND subscriber = ?2 AND at >= ?4)";
        self.db.value(sql, params![newsletter, subscriber.as_str(), hash, asked.timestamp()])
    }

    /// Whether somebody has asked to be forgotten.
    pub fn is_erased(&self, hash: &str) -> Result<bool, LedgerError> {
        self.db.value("SELECT EXISTS (SELECT 1 FROM erased WHERE hash = ?)", params![hash])
    }

    /// Somebody who was forgotten comes back by their own word.
    pub fn remember_again(&self, hash: &str) -> Result<(), LedgerError> {
        self.db.run("DELETE FROM erased WHERE hash = ?", params![hash])?;
        Ok(())
    }

    /// Whether anybody has asked to be forgotten at all.
    pub fn has_erased(&self) -> Result<bool, LedgerError> {
        self.db.value("SELECT EXISTS (SELECT 1 FROM erased)", params![])
    }
}
