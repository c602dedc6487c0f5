//! What has been used of the rates, and which relays are left alone: both outlive a run.

use chrono::{DateTime, Utc};

use super::engine::{Db, Row, Span, params};
use super::{Ledger, LedgerError};

/// A use of a rate.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Use {
    /// Of whom: a relay, or a recipient domain.
    pub name: String,
    /// The rate's span, in milliseconds.
    pub span: i64,
    /// When the span of this use ends, in milliseconds of Unix time.
    pub at: i64,
    /// How many messages were used; 0: `at` alone counts, and takes the place of what was before.
    pub count: u32,
}

/// A relay that is left alone for a while.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Absence {
    /// How many times in a row it was away or refused us.
    pub failures: u32,
    /// Until when it is left alone.
    pub until: DateTime<Utc>,
    /// What happened, without the relay's words.
    pub why: String,
}

/// For how long it is remembered when a relay was away, in seconds.
const REMEMBERED: i64 = 7 * 86_400;

/// Takes the turn to use rates: on a ledger that several machines share, the next one waits until this transaction is over. Its number.
pub(super) fn take_turn(change: &Db) -> Result<i64, LedgerError> {
    change.value("UPDATE pace_turn SET last = last + 1 RETURNING last", params![])
}

/// What has been used after a turn, by anybody.
pub(super) fn used_since(change: &Db, turn: i64) -> Result<Vec<Use>, LedgerError> {
    let sql = "SELECT name, span, at, count FROM pace WHERE turn > ? ORDER BY name, span, at";
    change.list(sql, params![turn], |row| {
        Ok(Use { name: row.get(0)?, span: row.get(1)?, at: row.get(2)?, count: row.get(3)? })
    })
}

pub(super) fn keep(change: &Db, uses: &[Use], turn: i64) -> Result<(), LedgerError> {
    for Use { name, span, at, count } in uses {
        if *count == 0 {
            change.run("DELETE FROM pace WHERE name = ? AND span = ?", params![name, span])?;
        }
        let sql = "INSERT INTO pace (name, span, at, count, turn) VALUES (?, ?, ?, ?, ?) ON CONFLICT (name, span, at)
                       DO UPDATE SET count = pace.count + excluded.count, turn = excluded.turn";
        change.run(sql, params![name, span, at, count, turn])?;
    }
    Ok(())
}

fn absence(row: &Row<'_>, first: usize) -> Result<Absence, LedgerError> {
    Ok(Absence { failures: row.get(first)?, until: row.time(first + 1)?, why: row.get(first + 2)? })
}

impl Ledger {
    /// Forgets what no longer counts of the rates and of relays at `now`. What a wrong clock has put into the future counts as used now.
    pub fn forget_uses(&self, now: DateTime<Utc>) -> Result<(), LedgerError> {
        let now = now.timestamp_millis();
        let change = self.db.begin(Span::Rows)?;
        let turn = take_turn(&change)?;
        change.run(
            "INSERT INTO pace (name, span, at, count, turn)
                 SELECT name, span, ?1, CAST(sum(count) AS BIGINT), ?2 FROM pace WHERE at > ?1 + span GROUP BY name, span
                 ON CONFLICT (name, span, at) DO UPDATE SET count = pace.count + excluded.count, turn = excluded.turn",
            params![now, turn],
        )?;
        // Of machines that are no more, perhaps.
        change.run("DELETE FROM absence WHERE until < ?", params![now / 1000 - REMEMBERED])?;
        change.run("DELETE FROM pace WHERE at + span <= ?1 OR at > ?1 + span", params![now])?;
        change.commit()
    }

    /// Whether a relay is left alone, as it was last seen from here.
    pub fn absence(&self, relay: &str) -> Result<Option<Absence>, LedgerError> {
        let sql = "SELECT failures, until, why FROM absence WHERE relay = ? AND machine = ?";
        self.db.first(sql, params![relay, self.machine], |row| absence(row, 0))
    }

    /// The relays that were away when they were last tried, by their names, from wherever that was.
    pub fn absences(&self) -> Result<Vec<(String, Absence)>, LedgerError> {
        let sql = "SELECT relay, machine, failures, until, why FROM absence WHERE failures > 0 ORDER BY relay, machine";
        self.db.list(sql, params![], |row| {
            let (relay, machine): (String, String) = (row.get(0)?, row.get(1)?);
            let name = if machine.is_empty() { relay } else { format!("{relay}, seen from {machine}") };
            Ok((name, absence(row, 2)?))
        })
    }

    /// A relay is left alone.
    pub fn absent(&self, relay: &str, absence: &Absence) -> Result<(), LedgerError> {
        let sql = "INSERT INTO absence (relay, machine, failures, until, why) VALUES (?, ?, ?, ?, ?)
                       ON CONFLICT (relay, machine) DO UPDATE
                       SET failures = excluded.failures, until = excluded.until, why = excluded.why";
        let Absence { failures, until, why } = absence;
        self.db.run(sql, params![relay, self.machine, failures, until.timestamp(), why])?;
        Ok(())
    }

    /// A relay takes mail.
    pub fn present(&self, relay: &str) -> Result<(), LedgerError> {
        let sql = "DELETE FROM absence WHERE relay = ? AND machine = ?";
        self.db.run(sql, params![relay, self.machine])?;
        Ok(())
    }
}
