//! Whose claims are whose, where several machines share a ledger: each worker has a lease, which it renews while it is at work.
//!
//! A worker first takes rows for itself, which stay `planned` (or `deferred`), then claims of those what it is about to hand over, which is
//! `sending`. Once its lease has ended by the database's clock, `Ledger::recover` of anybody else gives back the former, and has the latter
//! in doubt. The worker itself counts from before it asked for the lease, so that it stops before others think it dead.

use std::collections::HashSet;
use std::ops::ControlFlow;
use std::time::{Duration, Instant};

use data_encoding::HEXLOWER;

use super::engine::{Db, Row, Span, Value, params, row};
use super::{Ledger, LedgerError};
use crate::fsx;
use crate::ids::{self, IssueId, SubscriberId};

/// So many rows a worker takes for itself at a time.
const BATCH: u32 = 200;

/// Milliseconds of Unix time by the database's clock.
const NOW: &str = "CAST(extract(epoch FROM clock_timestamp()) * 1000 AS BIGINT)";

/// Workers whose lease has ended are no more.
pub(super) fn end_expired(change: &Db) -> Result<(), LedgerError> {
    change.run(&format!("DELETE FROM worker WHERE until < {NOW}"), params![])?;
    Ok(())
}

/// Takes rows that are `due` (with the parameters issue, state, now, worker) for a worker, and meets them in their order. `false` where
/// there are no more.
pub(super) fn take_rows(
    change: &Db,
    due: &str,
    params: &[Value<'_>],
    mut meet: impl FnMut(&Row<'_>) -> Result<ControlFlow<()>, LedgerError>,
) -> Result<bool, LedgerError> {
    let sql = format!(
        "WITH free AS MATERIALIZED (
             SELECT issue, subscriber FROM delivery WHERE {due} AND worker IS NULL
                 ORDER BY next_at NULLS FIRST, place LIMIT {BATCH} FOR UPDATE SKIP LOCKED),
         taken AS (
             UPDATE delivery SET worker = ?4 FROM free
                 WHERE delivery.issue = free.issue AND delivery.subscriber = free.subscriber
                 RETURNING delivery.subscriber, email, name, attempts, next_at, place)
         SELECT subscriber, email, name, attempts FROM taken ORDER BY next_at NULLS FIRST, place"
    );
    let mut is_over = false;
    let mut count = 0;
    change.each(&sql, params, |row| {
        count += 1;
        is_over = is_over || meet(row)?.is_break();
        Ok(())
    })?;
    Ok(count > 0)
}

impl Ledger {
    /// Begins to work on deliveries. Until when what it claims is surely its own; `None` where nobody shares the ledger.
    pub fn begin_work(&mut self) -> Result<Option<Instant>, LedgerError> {
        if !self.is_shared {
            return Ok(None);
        }
        let worker = match &self.worker {
            Some(worker) => worker.clone(),
            None => self.come()?,
        };
        let asked = Instant::now();
        let sql = format!(
            "INSERT INTO worker (id, name, until) VALUES (?1, ?2, {NOW} + ?3)
                 ON CONFLICT (id) DO UPDATE SET until = excluded.until"
        );
        self.db.run(&sql, params![worker, self.machine, millis(self.lease)])?;
        self.worker = Some(worker);
        self.renewed_until.set(Some(asked + self.lease));
        Ok(self.renewed_until.get())
    }

    /// A name to work under: the folder's, which is kept there, and one of this process. Whoever works holds the folder's lock: all who worked
    /// there before are dead, however long their leases last.
    fn come(&self) -> Result<String, LedgerError> {
        let file = self.folder.join("worker");
        let place = match fsx::read_text(&file) {
            // One that was cut short has no name in it.
            Ok(place) if !place.is_empty() => place,
            Err(error) if !error.is_absent() => return Err(error.into()),
            _ => {
                let place = random()?;
                fsx::write_private(&file, place.as_bytes())?;
                place
            }
        };
        // A copy of the folder, elsewhere or on another machine, is another place.
        let path = blake3::hash(fsx::real_path(&self.folder)?.as_os_str().as_encoded_bytes());
        let place = format!("{}/{}/{place}", self.machine, &path.to_hex()[..16]);
        let sql = "DELETE FROM worker WHERE substr(id, 1, length(?1)) = ?1";
        self.db.run(sql, params![format!("{place}/")])?;
        Ok(format!("{place}/{}", random()?))
    }

    /// Renews the lease, as part of a transaction or by itself; `None` where it has ended, or there is none. It counts once that is done.
    pub(super) fn renewed(&self, change: &Db) -> Result<Option<Instant>, LedgerError> {
        let Some(worker) = &self.worker else { return Ok(None) };
        let asked = Instant::now();
        // Not at every turn: it costs a journey.
        if let Some(until) = self.renewed_until.get().filter(|until| *until > asked + self.lease * 5 / 6) {
            return Ok(Some(until));
        }
        let sql = format!("UPDATE worker SET until = {NOW} + ?2 WHERE id = ?1 AND until >= {NOW}");
        let is_own = change.run(&sql, params![worker, millis(self.lease)])? > 0;
        Ok(is_own.then(|| asked + self.lease))
    }

    /// For how long a worker is believed to be alive of whom nothing is heard.
    pub fn lease(&self) -> Duration {
        self.lease
    }

    /// Renews the lease. Until when what it has claimed is surely its own; `None` where it has ended, or there is none.
    pub fn renew(&self) -> Result<Option<Instant>, LedgerError> {
        let until = self.renewed(&self.db)?;
        self.renewed_until.set(until);
        Ok(until)
    }

    /// Ends the work: what was taken and not begun is anybody's.
    pub fn end_work(&mut self) -> Result<(), LedgerError> {
        let Some(worker) = &self.worker else { return Ok(()) };
        let change = self.db.begin(Span::Rows)?;
        let sql = "UPDATE delivery SET worker = NULL WHERE worker = ? AND state IN ('planned', 'deferred')";
        change.run(sql, params![worker])?;
        change.run("DELETE FROM worker WHERE id = ?", params![worker])?;
        change.commit()?;
        self.worker = None;
        Ok(())
    }

    /// What this worker has claimed of an issue and does not know of, as a connection ended between the claim and its answer: it has not
    /// been handed over.
    pub fn give_back(&self, issue: &IssueId, held: &HashSet<SubscriberId>) -> Result<(), LedgerError> {
        let Some(worker) = &self.worker else { return Ok(()) };
        let change = self.db.begin(Span::Rows)?;
        let sql = "SELECT subscriber FROM delivery WHERE worker = ? AND issue = ? AND state IN ('sending', 'in_doubt')";
        let claimed: Vec<String> = change.list(sql, params![worker, issue.as_str()], |row| row.get(0))?;
        let lost: Vec<Vec<Value<'_>>> = claimed
            .iter()
            .filter(|claimed| !held.contains(&SubscriberId::new(claimed.as_str())))
            .map(|lost| row![issue.as_str(), lost.as_str(), worker.as_str()])
            .collect();
        let sql = "UPDATE delivery SET state = 'planned', attempts = attempts - 1
                       WHERE issue = ? AND subscriber = ? AND worker = ? AND state IN ('sending', 'in_doubt')";
        change.run_each(sql, &lost)?;
        drop(lost);
        change.commit()
    }
}

fn random() -> Result<String, LedgerError> {
    Ok(HEXLOWER.encode(&ids::random::<8>().ok_or(LedgerError::Random)?))
}

fn millis(span: Duration) -> i64 {
    i64::try_from(span.as_millis()).unwrap_or(i64::MAX)
}
