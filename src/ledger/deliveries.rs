//! Deliveries: claimed before anything is handed over, settled after, each change on the disk before the next step.

use std::collections::HashSet;

use chrono::{DateTime, Utc};
use rusqlite::params;

use super::{Ledger, LedgerError, State};
use crate::address::{Address, Mailbox};
use crate::ids::{IssueId, SubscriberId};

/// Why a copy was taken out of its issue when the list did not have the subscriber as active.
pub(super) const NOT_ACTIVE: &str = "not an active subscriber";

/// A delivery that is this run's to make: the ledger says `sending`.
#[derive(Clone, Debug)]
pub struct Claim {
    /// Whose copy.
    pub subscriber: SubscriberId,
    /// Where it goes.
    pub to: Mailbox,
    /// Which attempt this is, from 1.
    pub attempt: u32,
}

/// What became of one attempt.
#[derive(Clone, Debug)]
pub struct Outcome {
    /// The state it leaves the delivery in.
    pub state: State,
    /// Not before, for `Deferred` and, where the relay balked at this copy, for `Planned`.
    pub next_at: Option<DateTime<Utc>>,
    /// Which relay.
    pub relay: String,
    /// How far the attempt came.
    pub phase: &'static str,
    /// The relay's reply code, if it replied.
    pub code: Option<u16>,
    /// Its enhanced code (RFC 3463).
    pub enhanced: Option<String>,
    /// Its words, or what went wrong.
    pub reply: String,
    /// Why the subscriber must not be written to again, if so.
    pub suppress: Option<&'static str>,
}

/// A claim that has been carried out.
#[derive(Clone, Debug)]
pub struct Settled {
    /// Whose copy.
    pub subscriber: SubscriberId,
    /// What became of it.
    pub outcome: Outcome,
}

impl Ledger {
    /// Writes down what became of the last claims and claims up to `limit` more deliveries that are due: one transaction,
    /// on the disk before this returns.
    pub fn settle_and_claim(
        &mut self,
        issue: &IssueId,
        settled: &[Settled],
        limit: usize,
        now: DateTime<Utc>,
    ) -> Result<Vec<Claim>, LedgerError> {
        let at = now.timestamp();
        let change = self.db.transaction_with_behavior(rusqlite::TransactionBehavior::Immediate)?;
        for Settled { subscriber, outcome } in settled {
            change
                .prepare_cached(
                    "UPDATE delivery SET state = ?, next_at = ?, relay = ?, phase = ?, code = ?, enhanced = ?, reply = ?,
                         changed = ?, attempts = attempts - ? WHERE issue = ? AND subscriber = ? AND state = 'sending'",
                )?
                .execute(params![
                    outcome.state.as_str(),
                    outcome.next_at.map(|next| next.timestamp()),
                    outcome.relay,
                    outcome.phase,
                    outcome.code,
                    outcome.enhanced,
                    outcome.reply,
                    at,
                    // An attempt that came to nothing is none.
                    u8::from(outcome.state == State::Planned),
                    issue.as_str(),
                    subscriber.as_str()
                ])?;
            if let Some(reason) = outcome.suppress {
                let sql = "INSERT OR IGNORE INTO suppression (subscriber, reason, since) VALUES (?, ?, ?)";
                change.prepare_cached(sql)?.execute(params![subscriber.as_str(), reason, at])?;
            }
        }
        let mut claims = Vec::with_capacity(limit);
        {
            // First whoever has not been tried (no time to wait for sorts first), then by the time they have waited for: one
            // recipient at whom the relay balks holds up nobody. Two queries, as the index gives each its order.
            for state in [State::Planned, State::Deferred] {
                let mut query = change.prepare_cached(
                    "SELECT subscriber, email, name, attempts FROM delivery WHERE issue = ?1 AND state = ?2
                         AND (next_at IS NULL OR next_at <= ?3) ORDER BY next_at LIMIT ?4",
                )?;
                let room = i64::try_from(limit - claims.len()).unwrap_or(i64::MAX);
                let mut rows = query.query(params![issue.as_str(), state.as_str(), at, room])?;
                while let Some(row) = rows.next()? {
                    claims.push(claim(row)?);
                }
            }
            let mut take = change.prepare_cached(
                "UPDATE delivery SET state = 'sending', attempts = ?, changed = ? WHERE issue = ? AND subscriber = ?",
            )?;
            for claim in &claims {
                take.execute(params![claim.attempt, at, issue.as_str(), claim.subscriber.as_str()])?;
            }
        }
        change.commit()?;
        Ok(claims)
    }

    /// Settles what a dead run left behind. Its `sending` rows may have been taken by the relay: `evidence` says whether
    /// a copy arrived, where that can be known; otherwise the delivery is in doubt and stays so until the owner decides.
    /// Returns how many are newly in doubt.
    pub fn recover(
        &mut self,
        issue: &IssueId,
        now: DateTime<Utc>,
        evidence: impl Fn(&SubscriberId) -> Option<bool>,
    ) -> Result<usize, LedgerError> {
        let change = self.db.transaction()?;
        let left: Vec<String> = change
            .prepare("SELECT subscriber FROM delivery WHERE issue = ? AND state = 'sending'")?
            .query_map([issue.as_str()], |row| row.get(0))?
            .collect::<Result<_, _>>()?;
        let mut in_doubt = 0;
        for subscriber in left {
            let (state, reply) = match evidence(&SubscriberId::new(&subscriber)) {
                Some(true) => (State::Sent, "found delivered after the run was cut off"),
                Some(false) => (State::Planned, "found undelivered after the run was cut off"),
                None => (State::InDoubt, "the run was cut off while this copy was being handed over"),
            };
            in_doubt += usize::from(state == State::InDoubt);
            change.execute(
                "UPDATE delivery SET state = ?, reply = ?, changed = ? WHERE issue = ? AND subscriber = ?",
                params![state.as_str(), reply, now.timestamp(), issue.as_str(), subscriber],
            )?;
        }
        change.commit()?;
        Ok(in_doubt)
    }

    /// Takes out of an issue whoever must not be written to any more: under suppression, or not in `active`. Whoever was
    /// taken out for the list alone and is back on it (it was cut short, and mended) is planned again.
    pub fn withdraw(
        &mut self,
        issue: &IssueId,
        active: &HashSet<SubscriberId>,
        now: DateTime<Utc>,
    ) -> Result<(), LedgerError> {
        let change = self.db.transaction()?;
        let rows: Vec<(String, bool, bool)> = change
            .prepare(
                "SELECT subscriber, state = 'suppressed',
                     EXISTS (SELECT 1 FROM suppression WHERE subscriber = delivery.subscriber) FROM delivery
                     WHERE issue = ?1 AND (state IN ('planned', 'deferred') OR (state = 'suppressed' AND reply = ?2))",
            )?
            .query_map(params![issue.as_str(), NOT_ACTIVE], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))?
            .collect::<Result<_, _>>()?;
        for (subscriber, is_out, suppressed) in rows {
            let must_be_out = suppressed || !active.contains(&SubscriberId::new(&subscriber));
            let (state, reply) = match (is_out, must_be_out) {
                (false, true) => (State::Suppressed, Some(NOT_ACTIVE)),
                (true, false) => (State::Planned, None),
                _ => continue,
            };
            change.execute(
                "UPDATE delivery SET state = ?, reply = ?, next_at = NULL, changed = ? WHERE issue = ? AND subscriber = ?",
                params![state.as_str(), reply, now.timestamp(), issue.as_str(), subscriber],
            )?;
        }
        change.commit()?;
        Ok(())
    }
}

fn claim(row: &rusqlite::Row<'_>) -> Result<Claim, LedgerError> {
    let email: String = row.get(1)?;
    Ok(Claim {
        subscriber: SubscriberId::new(row.get::<_, String>(0)?),
        to: Mailbox { name: row.get(2)?, address: Address::parse(&email)? },
        attempt: row.get::<_, u32>(3)? + 1,
    })
}
