//! Deliveries: claimed before anything is handed over, settled after, each change on the disk before the next step.

use chrono::{DateTime, Utc};
use rusqlite::{Connection, Transaction, params};

use super::members;
use super::operate::cancel_open;
use super::pace::{self, Use};
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

/// What is claimed, or why nothing is.
#[derive(Debug, Default)]
pub struct Claims {
    /// The deliveries that are this run's to make, in their order.
    pub list: Vec<Claim>,
    /// The owner, or too many refusals, has the issue wait.
    pub is_held: bool,
}

/// Whether a recipient's turn has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Turn {
    /// Yes.
    Now,
    /// Not that of this domain; others may have theirs.
    NotThisDomain,
    /// Nobody's.
    Nobody,
}

/// Says whose turn it is, and keeps count.
pub trait Gate {
    /// Whether a recipient at `domain` may be claimed; if so it counts.
    fn ask(&mut self, domain: &str) -> Turn;

    /// What has been used up since the last call.
    fn used(&mut self) -> Vec<Use>;
}

/// How many recipients whose turn has not come are passed over in the search for one whose has.
const MOST_PASSED_OVER: usize = 100_000;

impl Ledger {
    /// Writes down what became of the last claims and claims up to `limit` more deliveries that are due and that `gate` lets pass: one
    /// transaction, on the disk before this returns.
    pub fn settle_and_claim(
        &mut self,
        issue: &IssueId,
        settled: &[Settled],
        limit: usize,
        now: DateTime<Utc>,
        gate: &mut dyn Gate,
    ) -> Result<Claims, LedgerError> {
        let change = self.db.transaction()?;
        settle(&change, issue, settled, now)?;
        let sql = "SELECT held IS NOT NULL, cancelled FROM issue WHERE id = ?";
        let read = |row: &rusqlite::Row<'_>| Ok((row.get(0)?, row.get(1)?));
        let (is_held, is_cancelled) = change.prepare_cached(sql)?.query_row([issue.as_str()], read)?;
        let mut claims = Claims { is_held, ..Claims::default() };
        if is_cancelled {
            // What was under way when it was called back, and has not been sent.
            cancel_open(&change, issue)?;
        } else if limit > 0 && !is_held {
            claims.list = claim(&change, issue, limit, now, gate)?;
            pace::keep(&change, &gate.used())?;
        }
        change.commit()?;
        Ok(claims)
    }

    /// Settles what a dead run left behind. Its `sending` rows may have been taken by the relay: `evidence` says whether
    /// a copy arrived, where that can be known; otherwise it is left in the state `unknown`. Returns how many are newly in doubt.
    pub fn recover(
        &mut self,
        issue: &IssueId,
        now: DateTime<Utc>,
        unknown: State,
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
                None => (unknown, "the run was cut off while this copy was being handed over"),
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
}

fn settle(
    change: &Transaction<'_>,
    issue: &IssueId,
    settled: &[Settled],
    now: DateTime<Utc>,
) -> Result<(), LedgerError> {
    let at = now.timestamp();
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
            let detail = format!("{} ({issue})", outcome.enhanced.as_deref().unwrap_or("refused"));
            suppress(change, subscriber, reason, &detail, now)?;
        }
    }
    Ok(())
}

/// Nothing is ever sent to `subscriber` again. What was said first stays.
pub(super) fn suppress(
    change: &Connection,
    subscriber: &SubscriberId,
    reason: &str,
    detail: &str,
    now: DateTime<Utc>,
) -> Result<bool, LedgerError> {
    let sql = "INSERT OR IGNORE INTO suppression (subscriber, reason, since, detail) VALUES (?, ?, ?, ?)";
    let put =
        change.prepare_cached(sql)?.execute(params![subscriber.as_str(), reason, now.timestamp(), detail])?;
    Ok(put > 0)
}

/// First whoever has not been tried (no time to wait for sorts first), then by the time they have waited for: one recipient at whom
/// the relay balks holds up nobody. Two queries, as the index gives each its order.
fn claim(
    change: &Transaction<'_>,
    issue: &IssueId,
    limit: usize,
    now: DateTime<Utc>,
    gate: &mut dyn Gate,
) -> Result<Vec<Claim>, LedgerError> {
    let mut claims = Vec::with_capacity(limit);
    let mut passed_over = 0;
    // Most lists have nobody who has said anything, and need not be asked for each.
    let newsletter = "(SELECT newsletter FROM issue WHERE id = ?1)";
    let sql = format!("SELECT EXISTS (SELECT 1 FROM member WHERE newsletter = {newsletter})");
    let has_members: bool = change.prepare_cached(&sql)?.query_row([issue.as_str()], |row| row.get(0))?;
    let is_away = if has_members {
        members::is_away(newsletter, "delivery.subscriber", "?3")
    } else {
        "FALSE".to_owned()
    };
    'states: for state in [State::Planned, State::Deferred] {
        let mut query = change.prepare_cached(&format!(
            // A time further off than any pause is one that a wrong clock has set. Who has been suppressed since, or has left, is left to `withdraw`.
            "SELECT subscriber, email, name, attempts FROM delivery WHERE issue = ?1 AND state = ?2
                 AND (next_at IS NULL OR next_at <= ?3 OR next_at > ?3 + 18000)
                 AND NOT EXISTS (SELECT 1 FROM suppression WHERE suppression.subscriber = delivery.subscriber)
                 AND NOT {is_away} ORDER BY next_at, place",
        ))?;
        let mut rows = query.query(params![issue.as_str(), state.as_str(), now.timestamp()])?;
        while let Some(row) = rows.next()? {
            if claims.len() == limit {
                break 'states;
            }
            let email = row.get_ref(1)?.as_str().unwrap_or_default();
            match gate.ask(email.rsplit('@').next().unwrap_or_default()) {
                Turn::Now => claims.push(Claim {
                    to: Mailbox { name: row.get(2)?, address: Address::parse(email)? },
                    subscriber: SubscriberId::new(row.get::<_, String>(0)?),
                    attempt: row.get::<_, u32>(3)? + 1,
                }),
                Turn::NotThisDomain if passed_over < MOST_PASSED_OVER => passed_over += 1,
                Turn::NotThisDomain | Turn::Nobody => break 'states,
            }
        }
    }
    let mut take = change.prepare_cached(
        "UPDATE delivery SET state = 'sending', attempts = ?, changed = ? WHERE issue = ? AND subscriber = ?",
    )?;
    for claim in &claims {
        take.execute(params![claim.attempt, now.timestamp(), issue.as_str(), claim.subscriber.as_str()])?;
    }
    Ok(claims)
}
