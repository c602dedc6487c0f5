//! What has been used of the rates, and which relays are left alone: both outlive a run.

use chrono::{DateTime, Utc};
use rusqlite::{Connection, OptionalExtension as _, params};

use super::{Ledger, LedgerError};

/// A use of a rate.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Use {
    /// Of whom: a relay, or a recipient domain.
    pub name: String,
    /// The rate's span, in milliseconds.
    pub window: i64,
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

pub(super) fn keep(change: &Connection, uses: &[Use]) -> Result<(), LedgerError> {
    for Use { name, window, at, count } in uses {
        if *count == 0 {
            change
                .prepare_cached("DELETE FROM pace WHERE name = ? AND window = ?")?
                .execute(params![name, window])?;
        }
        change
            .prepare_cached(
                "INSERT INTO pace (name, window, at, count) VALUES (?, ?, ?, ?)
                     ON CONFLICT DO UPDATE SET count = count + excluded.count",
            )?
            .execute(params![name, window, at, count])?;
    }
    Ok(())
}

impl Ledger {
    /// What counts of the rates at `now`; what no longer does is forgotten. What a wrong clock has put into the future counts as used now.
    pub fn uses(&self, now: DateTime<Utc>) -> Result<Vec<Use>, LedgerError> {
        let now = now.timestamp_millis();
        self.db.execute(
            "INSERT INTO pace SELECT name, window, ?1, sum(count) FROM pace WHERE at > ?1 + window GROUP BY name, window
                 ON CONFLICT DO UPDATE SET count = count + excluded.count",
            [now],
        )?;
        self.db.execute("DELETE FROM pace WHERE at + window <= ?1 OR at > ?1 + window", [now])?;
        let mut query =
            self.db.prepare("SELECT name, window, at, count FROM pace ORDER BY name, window, at")?;
        let rows = query.query_map([], |row| {
            Ok(Use { name: row.get(0)?, window: row.get(1)?, at: row.get(2)?, count: row.get(3)? })
        })?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// Whether a relay is left alone, as it was last seen.
    pub fn absence(&self, relay: &str) -> Result<Option<Absence>, LedgerError> {
        let sql = "SELECT failures, until, why FROM relay WHERE name = ?";
        let read = |row: &rusqlite::Row<'_>| {
            let until = DateTime::from_timestamp(row.get(1)?, 0).unwrap_or_default();
            Ok(Absence { failures: row.get(0)?, until, why: row.get(2)? })
        };
        Ok(self.db.query_row(sql, [relay], read).optional()?)
    }

    /// The relays that were away when they were last tried, by their names.
    pub fn absences(&self) -> Result<Vec<(String, Absence)>, LedgerError> {
        let mut query = self
            .db
            .prepare("SELECT name, failures, until, why FROM relay WHERE failures > 0 ORDER BY name")?;
        let rows = query.query_map([], |row| {
            let until = DateTime::from_timestamp(row.get(2)?, 0).unwrap_or_default();
            Ok((row.get(0)?, Absence { failures: row.get(1)?, until, why: row.get(3)? }))
        })?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// A relay is left alone.
    pub fn absent(&self, relay: &str, absence: &Absence) -> Result<(), LedgerError> {
        let sql = "INSERT OR REPLACE INTO relay (name, failures, until, why) VALUES (?, ?, ?, ?)";
        self.db.execute(sql, params![relay, absence.failures, absence.until.timestamp(), absence.why])?;
        Ok(())
    }

    /// A relay takes mail.
    pub fn present(&self, relay: &str) -> Result<(), LedgerError> {
        self.db.execute("DELETE FROM relay WHERE name = ?", [relay])?;
        Ok(())
    }
}
