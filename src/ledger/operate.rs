//! What an operator decides about an issue, and what they look at: each a named change, safe beside a run that is at work on it.

use chrono::{DateTime, Utc};
use serde::Serialize;

use super::deliveries::NOT_ACTIVE;
use super::engine::{Db, params};
use super::{Ledger, LedgerError, State};
use crate::ids::{IssueId, SubscriberId};

/// One copy, as an operator sees it.
#[derive(Clone, Debug, Serialize)]
pub struct Copy {
    /// Whose it is.
    #[serde(skip)]
    pub subscriber: SubscriberId,
    /// The address.
    pub email: String,
    /// Its state.
    pub state: String,
    /// How often it was tried.
    pub attempts: u32,
    /// Not before, in RFC 3339.
    pub next: Option<DateTime<Utc>>,
    /// Which relay had it last.
    pub relay: Option<String>,
    /// How far the last attempt came.
    pub phase: Option<String>,
    /// The relay's reply code.
    pub code: Option<u16>,
    /// Its enhanced code (RFC 3463).
    pub enhanced: Option<String>,
    /// Its words, or what went wrong.
    pub reply: Option<String>,
    /// When that was.
    pub changed: DateTime<Utc>,
}

/// What becomes of copies in doubt by their owner's word.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// They are sent again, byte for byte the same.
    Resend,
    /// They count as sent.
    AssumeSent,
}

/// Why an issue waits that its owner has paused.
const PAUSED: &str = "paused by the owner";

/// So much of an id must be given.
const SHORTEST: usize = 4;

/// Cancels what has not been sent.
pub(super) fn cancel_open(change: &Db, issue: &IssueId) -> Result<usize, LedgerError> {
    let sql = "UPDATE delivery SET state = 'cancelled', reply = 'called back by the owner', next_at = NULL
                   WHERE issue = ?1 AND (state IN ('planned', 'deferred') OR (state = 'suppressed' AND reply = ?2))";
    change.run(sql, params![issue.as_str(), NOT_ACTIVE])
}

impl Ledger {
    /// The issues whose id is as written, or begins or ends so, at most three.
    pub fn issue_called(&self, written: &str) -> Result<Vec<IssueId>, LedgerError> {
        if written.len() < SHORTEST {
            return Ok(Vec::new());
        }
        let sql = "SELECT id FROM issue WHERE id = ?1 OR substr(id, 1, length(?1)) = ?1
                       OR substr(id, length(id) - length(?1) + 1) = ?1 ORDER BY id <> ?1, created DESC LIMIT 3";
        let ids = self.db.list(sql, params![written], |row| Ok(IssueId::new(row.get::<String>(0)?)))?;
        match ids.first() {
            Some(first) if first.as_str() == written => Ok(vec![first.clone()]),
            _ => Ok(ids),
        }
    }

    /// Why an issue waits for its owner, if it does.
    pub fn held(&self, issue: &IssueId) -> Result<Option<String>, LedgerError> {
        let sql = "SELECT held FROM issue WHERE id = ?";
        Ok(self.db.first(sql, params![issue.as_str()], |row| row.get(0))?.flatten())
    }

    /// Whether its owner has let it go on in spite of its refusals.
    pub fn is_trusted(&self, issue: &IssueId) -> Result<bool, LedgerError> {
        let sql = "SELECT trusted FROM issue WHERE id = ?";
        Ok(self.db.first(sql, params![issue.as_str()], |row| row.get(0))?.unwrap_or(false))
    }

    /// How many recipients of an issue the relay has refused for good.
    pub fn refused(&self, issue: &IssueId) -> Result<u64, LedgerError> {
        let sql = "SELECT count(*) FROM delivery WHERE issue = ? AND state = 'failed' AND code >= 500
                       AND phase IN ('rcpt', 'data', 'dot') AND enhanced IS DISTINCT FROM '5.6.7'";
        self.db.value(sql, params![issue.as_str()])
    }

    /// Has an issue wait, by itself: the owner is asked.
    pub fn hold(&self, issue: &IssueId, why: &str) -> Result<(), LedgerError> {
        let sql = "UPDATE issue SET held = ?2 WHERE id = ?1 AND NOT cancelled";
        self.db.run(sql, params![issue.as_str(), why])?;
        Ok(())
    }

    /// Why an issue waits that still does, said better.
    pub fn hold_still(&self, issue: &IssueId, why: &str) -> Result<(), LedgerError> {
        let sql = "UPDATE issue SET held = ?2 WHERE id = ?1 AND held IS NOT NULL";
        self.db.run(sql, params![issue.as_str(), why])?;
        Ok(())
    }

    /// Whether an issue has been called back for good.
    pub fn is_cancelled(&self, issue: &IssueId) -> Result<bool, LedgerError> {
        let sql = "SELECT cancelled FROM issue WHERE id = ?";
        Ok(self.db.first(sql, params![issue.as_str()], |row| row.get(0))?.unwrap_or(false))
    }

    /// Has an issue wait by its owner's word. `false` where it waits already, or has nothing left to deliver.
    pub fn pause(&self, issue: &IssueId) -> Result<bool, LedgerError> {
        let sql = "UPDATE issue SET held = ?2 WHERE id = ?1 AND held IS NULL AND EXISTS
                       (SELECT 1 FROM delivery WHERE issue = ?1 AND state IN ('planned', 'sending', 'deferred'))";
        Ok(self.db.run(sql, params![issue.as_str(), PAUSED])? > 0)
    }

    /// Calls an issue back for good: what has not been sent is cancelled, now and whatever becomes of what is under way. How many copies
    /// that is so far.
    pub fn cancel(&mut self, issue: &IssueId) -> Result<usize, LedgerError> {
        let change = self.db.change()?;
        change.run("UPDATE issue SET cancelled = TRUE, held = NULL WHERE id = ?", params![issue.as_str()])?;
        let count = cancel_open(&change, issue)?;
        change.commit()?;
        Ok(count)
    }

    /// Cancels what is left of an issue that has been called back while it was under way.
    pub fn call_off(&self, issue: &IssueId) -> Result<(), LedgerError> {
        if self.is_cancelled(issue)? {
            cancel_open(&self.db, issue)?;
        }
        Ok(())
    }

    /// Lets an issue go on; one that had stopped by itself, whatever is refused. `false` where it did not wait.
    pub fn release(&self, issue: &IssueId) -> Result<bool, LedgerError> {
        let sql = "UPDATE issue SET held = NULL, trusted = trusted OR held <> ?2 WHERE id = ?1 AND held IS NOT NULL";
        Ok(self.db.run(sql, params![issue.as_str(), PAUSED])? > 0)
    }

    /// Settles copies in doubt: those of `subscribers`, or all. How many they were.
    pub fn resolve(
        &mut self,
        issue: &IssueId,
        subscribers: &[SubscriberId],
        verdict: Verdict,
        now: DateTime<Utc>,
    ) -> Result<usize, LedgerError> {
        let (state, reply) = match verdict {
            Verdict::Resend => (State::Planned, "in doubt; sent again by the owner's word"),
            Verdict::AssumeSent => (State::Sent, "in doubt; counted as sent by the owner's word"),
        };
        let change = self.db.change()?;
        let mut count = 0;
        {
            let one = "UPDATE delivery SET state = ?1, reply = ?2, next_at = NULL, changed = ?3
                           WHERE issue = ?4 AND state = 'in_doubt'";
            if subscribers.is_empty() {
                count += change.run(one, params![state.as_str(), reply, now.timestamp(), issue.as_str()])?;
            }
            let one = format!("{one} AND subscriber = ?5");
            for subscriber in subscribers {
                let (issue, subscriber) = (issue.as_str(), subscriber.as_str());
                count +=
                    change.run(&one, params![state.as_str(), reply, now.timestamp(), issue, subscriber])?;
            }
        }
        change.commit()?;
        Ok(count)
    }

    /// The copies of an issue in one of `states` (none: all but the sent), at most `limit`, by state and address.
    pub fn copies(&self, issue: &IssueId, states: &[State], limit: usize) -> Result<Vec<Copy>, LedgerError> {
        let names: Vec<String> = states.iter().map(|state| format!("'{}'", state.as_str())).collect();
        let wanted =
            if names.is_empty() { "<> 'sent'".to_owned() } else { format!("IN ({})", names.join(", ")) };
        let sql = format!(
            "SELECT email, state, attempts, next_at, relay, phase, code, enhanced, reply, changed, subscriber FROM delivery
                 WHERE issue = ?1 AND state {wanted} ORDER BY state, email LIMIT ?2"
        );
        let limit = i64::try_from(limit).unwrap_or(i64::MAX);
        let time = |seconds| DateTime::from_timestamp(seconds, 0).unwrap_or_default();
        self.db.list(&sql, params![issue.as_str(), limit], |row| {
            Ok(Copy {
                email: row.get(0)?,
                state: row.get(1)?,
                attempts: row.get(2)?,
                next: row.get::<Option<i64>>(3)?.map(time),
                relay: row.get(4)?,
                phase: row.get(5)?,
                code: row.get(6)?,
                enhanced: row.get(7)?,
                reply: row.get(8)?,
                changed: row.time(9)?,
                subscriber: SubscriberId::new(row.get::<String>(10)?),
            })
        })
    }
}
