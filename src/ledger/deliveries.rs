//! Deliveries: claimed before anything is handed over, settled after, each change on the disk before the next step.

use std::ops::ControlFlow;
use std::time::Instant;

use chrono::{DateTime, Utc};

use super::engine::{Db, Row, Span, Value, params, row};
use super::operate::cancel_open;
use super::pace::{self, Use};
use super::{Ledger, LedgerError, State};
use super::{lease, members};
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
    /// Others were faster at some of those that were found: there may be more.
    pub is_short: bool,
    /// Until when they are surely this worker's, where several share the ledger.
    pub until: Option<Instant>,
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
    /// The last turn of rates of which it knows; `None` where there are none.
    fn turn(&self) -> Option<i64>;

    /// Hears what has been used since, up to a turn.
    fn hear(&mut self, uses: Vec<Use>, turn: i64);

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
        let change = self.db.begin(Span::Rows)?;
        settle(&change, (issue, self.worker.as_deref()), settled, now)?;
        let sql = "SELECT held IS NOT NULL, cancelled FROM issue WHERE id = ?";
        let read = |row: &Row<'_>| Ok((row.get(0)?, row.get(1)?));
        let (is_held, is_cancelled) =
            change.first(sql, params![issue.as_str()], read)?.unwrap_or((true, false));
        let until = self.renewed(&change)?;
        let mut claims = Claims { is_held, until, ..Claims::default() };
        // Whose lease has ended claims nothing.
        let is_out = self.worker.is_some() && until.is_none();
        if is_cancelled {
            // What was under way when it was called back, and has not been sent.
            cancel_open(&change, issue)?;
        } else if limit > 0 && !is_held && !is_out {
            let turn = match gate.turn() {
                Some(seen) => {
                    let turn = pace::take_turn(&change)?;
                    gate.hear(pace::used_since(&change, seen)?, turn);
                    turn
                }
                None => 0,
            };
            (claims.list, claims.is_short) =
                claim(&change, (issue, self.worker.as_deref()), limit, now, gate)?;
            pace::keep(&change, &gate.used(), turn)?;
        }
        change.commit()?;
        self.renewed_until.set(until);
        Ok(claims)
    }

    /// Settles what dead runs left behind: of a ledger of one's own, every other run; of one that is shared, those whose lease has ended.
    /// Their `sending` rows may have been taken by the relay: `evidence` says whether a copy arrived, where that can be known; otherwise it
    /// is left in the state `unknown`. What they had not begun is anybody's again. Returns how many are newly in doubt.
    pub fn recover(
        &self,
        issue: &IssueId,
        now: DateTime<Utc>,
        unknown: State,
        evidence: impl Fn(&SubscriberId) -> Option<bool>,
    ) -> Result<usize, LedgerError> {
        const DEAD: &str = "(worker IS NULL OR worker NOT IN (SELECT id FROM worker))";
        let change = self.db.begin(Span::Rows)?;
        if self.is_shared {
            lease::end_expired(&change)?;
            let sql = format!(
                "UPDATE delivery SET worker = NULL
                     WHERE issue = ? AND state IN ('planned', 'deferred') AND worker IS NOT NULL AND {DEAD}"
            );
            change.run(&sql, params![issue.as_str()])?;
        }
        let sql = format!("SELECT subscriber FROM delivery WHERE issue = ? AND state = 'sending' AND {DEAD}");
        let left: Vec<String> = change.list(&sql, params![issue.as_str()], |row| row.get(0))?;
        let mut in_doubt = 0;
        let mut rows = Vec::with_capacity(left.len());
        for subscriber in &left {
            let (state, reply) = match evidence(&SubscriberId::new(subscriber)) {
                Some(true) => (State::Sent, "found delivered after the run was cut off"),
                Some(false) => (State::Planned, "found undelivered after the run was cut off"),
                None => (unknown, "the run was cut off while this copy was being handed over"),
            };
            in_doubt += usize::from(state == State::InDoubt);
            // Of a copy in doubt it is still known who had it: they may be alive after all, and know.
            let keeps = i64::from(state == State::InDoubt);
            rows.push(row![
                state.as_str(),
                reply,
                now.timestamp(),
                keeps,
                issue.as_str(),
                subscriber.as_str()
            ]);
        }
        // Others may have settled one meanwhile, and somebody who is alive have it.
        let sql = format!(
            "UPDATE delivery SET state = ?1, reply = ?2, changed = ?3, worker = CASE WHEN ?4 = 1 THEN worker END
                 WHERE issue = ?5 AND subscriber = ?6 AND coalesce(state, '') = 'sending' AND {DEAD}"
        );
        change.run_each(&sql, &rows)?;
        change.commit()?;
        Ok(in_doubt)
    }
}

/// Whose row it is to settle, in SQL. One that others hold for dead may know better than they what became of a copy in doubt.
const OWN: &str = "state = 'sending'";
/// Asked so that the row is looked for by its key, whatever a database thinks of its other indexes.
const OWN_OF_WORKER: &str = "coalesce(worker, '') = ?11 AND coalesce(state, '') IN ('sending', 'in_doubt')";

fn settle(
    change: &Db,
    (issue, worker): (&IssueId, Option<&str>),
    settled: &[Settled],
    now: DateTime<Utc>,
) -> Result<(), LedgerError> {
    if settled.is_empty() {
        return Ok(());
    }
    let at = now.timestamp();
    let rows: Vec<Vec<Value<'_>>> = settled
        .iter()
        .map(|Settled { subscriber, outcome }| {
            let mut row = row![
                outcome.state.as_str(),
                outcome.next_at.map(|next| next.timestamp()),
                outcome.relay.as_str(),
                outcome.phase,
                outcome.code.map(i64::from),
                outcome.enhanced.as_deref(),
                outcome.reply.as_str(),
                at,
                issue.as_str(),
                subscriber.as_str(),
            ];
            row.extend(worker.map(Value::from));
            row
        })
        .collect();
    let whose = if worker.is_some() { OWN_OF_WORKER } else { OWN };
    // An attempt that came to nothing is none.
    let sql = format!(
        "UPDATE delivery SET state = ?1, next_at = ?2, relay = ?3, phase = ?4, code = ?5, enhanced = ?6, reply = ?7, changed = ?8,
             attempts = CASE WHEN ?1 = 'planned' THEN attempts - 1 ELSE attempts END, worker = NULL
             WHERE issue = ?9 AND subscriber = ?10 AND {whose}"
    );
    change.run_each(&sql, &rows)?;
    for Settled { subscriber, outcome } in settled {
        if let Some(reason) = outcome.suppress {
            let detail = format!("{} ({issue})", outcome.enhanced.as_deref().unwrap_or("refused"));
            suppress(change, subscriber, reason, &detail, now)?;
        }
    }
    Ok(())
}

/// Nothing is ever sent to `subscriber` again. What was said first stays.
pub(super) fn suppress(
    change: &Db,
    subscriber: &SubscriberId,
    reason: &str,
    detail: &str,
    now: DateTime<Utc>,
) -> Result<bool, LedgerError> {
    let sql = "INSERT INTO suppression (subscriber, reason, since, detail) VALUES (?, ?, ?, ?) ON CONFLICT (subscriber) DO NOTHING";
    Ok(change.run(sql, params![subscriber.as_str(), reason, now.timestamp(), detail])? > 0)
}

/// First whoever has not been tried (no time to wait for sorts first), then by the time they have waited for: one recipient at whom
/// the relay balks holds up nobody. A query for each state, as the index gives each its order. Whoever shares the ledger looks among the
/// rows that it has taken for itself, and takes more, a batch at a time.
fn claim(
    change: &Db,
    (issue, worker): (&IssueId, Option<&str>),
    limit: usize,
    now: DateTime<Utc>,
    gate: &mut dyn Gate,
) -> Result<(Vec<Claim>, bool), LedgerError> {
    // Most lists have nobody who has said anything, and need not be asked for each.
    let newsletter = "(SELECT newsletter FROM issue WHERE id = ?1)";
    let sql = format!("SELECT EXISTS (SELECT 1 FROM member WHERE newsletter = {newsletter})");
    let is_away = if change.value(&sql, params![issue.as_str()])? {
        members::is_away(newsletter, "delivery.subscriber", "?3")
    } else {
        "FALSE".to_owned()
    };
    // A time further off than any pause is one that a wrong clock has set. Who has been suppressed since, or has left, is left to `withdraw`.
    let due = format!(
        "issue = ?1 AND state = ?2 AND email <> '' AND (next_at IS NULL OR next_at <= ?3 OR next_at > ?3 + 18000)
             AND NOT EXISTS (SELECT 1 FROM suppression WHERE suppression.subscriber = delivery.subscriber) AND NOT {is_away}"
    );
    let whose = if worker.is_some() { "worker = ?4" } else { "worker IS NULL" };
    let own = format!(
        "SELECT subscriber, email, name, attempts FROM delivery WHERE {due} AND {whose} ORDER BY next_at NULLS FIRST, place"
    );
    let mut search =
        Search { gate, limit, claims: Vec::with_capacity(limit), passed_over: 0, is_over: false };
    for state in [State::Planned, State::Deferred] {
        let mut row = row![issue.as_str(), state.as_str(), now.timestamp()];
        row.extend(worker.map(Value::from));
        change.each_while(&own, &row, |row| search.meet(row))?;
    }
    if let Some(worker) = worker {
        for state in [State::Planned, State::Deferred] {
            while !search.is_over {
                let row = row![issue.as_str(), state.as_str(), now.timestamp(), worker];
                if !lease::take_rows(change, &due, &row, |row| search.meet(row))? {
                    break;
                }
            }
        }
    }
    let rows: Vec<Vec<Value<'_>>> = search
        .claims
        .iter()
        .map(|claim| {
            let own = Value::from(worker.unwrap_or_default());
            row![i64::from(claim.attempt), now.timestamp(), issue.as_str(), claim.subscriber.as_str(), own]
        })
        .collect();
    // Others may have withdrawn one meanwhile, or have taken it from a worker whom they hold for dead.
    let take =
        "UPDATE delivery SET state = 'sending', attempts = ?, changed = ? WHERE issue = ? AND subscriber = ?
                    AND coalesce(state, '') IN ('planned', 'deferred') AND coalesce(worker, '') = ?";
    let taken = change.run_each(take, &rows)?;
    drop(rows);
    let mut taken = taken.into_iter();
    let found = search.claims.len();
    search.claims.retain(|_| taken.next().is_some_and(|rows| rows > 0));
    let is_short = search.claims.len() < found;
    Ok((search.claims, is_short))
}

/// The search for recipients whose turn has come.
struct Search<'g> {
    gate: &'g mut dyn Gate,
    limit: usize,
    claims: Vec<Claim>,
    passed_over: usize,
    /// Whether there is nothing more to look for.
    is_over: bool,
}

impl Search<'_> {
    fn meet(&mut self, row: &Row<'_>) -> Result<ControlFlow<()>, LedgerError> {
        if self.is_over || self.claims.len() == self.limit {
            self.is_over = true;
            return Ok(ControlFlow::Break(()));
        }
        let email = row.text(1);
        match self.gate.ask(email.rsplit('@').next().unwrap_or_default()) {
            Turn::Now => self.claims.push(Claim {
                to: Mailbox { name: row.get(2)?, address: Address::parse(&email)? },
                subscriber: SubscriberId::new(row.get::<String>(0)?),
                attempt: row.get::<u32>(3)? + 1,
            }),
            Turn::NotThisDomain if self.passed_over < MOST_PASSED_OVER => self.passed_over += 1,
            Turn::NotThisDomain | Turn::Nobody => {
                self.is_over = true;
                return Ok(ControlFlow::Break(()));
            }
        }
        Ok(ControlFlow::Continue(()))
    }
}
