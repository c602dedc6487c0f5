//! Hubs that are to hear of a change, until they have.

use super::engine::params;
use super::{Ledger, LedgerError};
use chrono::{DateTime, Utc};

/// A hub to be told of one document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ping {
    /// The document's address.
    pub topic: String,
    /// The hub's.
    pub hub: String,
    /// How often it has been tried since the document changed.
    pub attempts: u32,
}

/// In seconds: the first wait after a failure, and the longest.
const WAITS: (i64, i64) = (5 * 60, 4 * 60 * 60);

impl Ledger {
    /// Remembers that the hub has yet to hear of these documents.
    pub fn plan_pings(&mut self, hub: &str, topics: &[&str]) -> Result<(), LedgerError> {
        if topics.is_empty() {
            return Ok(());
        }
        let change = self.db.change()?;
        for topic in topics {
            let sql = "INSERT INTO ping (topic, hub) VALUES (?, ?)
                           ON CONFLICT (topic) DO UPDATE SET hub = excluded.hub, attempts = 0, next_at = 0";
            change.run(sql, params![topic, hub])?;
        }
        change.commit()
    }

    /// Those that are due.
    pub fn due_pings(&self, now: DateTime<Utc>) -> Result<Vec<Ping>, LedgerError> {
        let sql = "SELECT topic, hub, attempts FROM ping WHERE next_at <= ? ORDER BY topic";
        self.db.list(sql, params![now.timestamp()], |row| {
            Ok(Ping { topic: row.get(0)?, hub: row.get(1)?, attempts: row.get(2)? })
        })
    }

    /// The hub has heard.
    pub fn ping_heard(&self, ping: &Ping) -> Result<(), LedgerError> {
        self.db.run("DELETE FROM ping WHERE topic = ? AND hub = ?", params![ping.topic, ping.hub])?;
        Ok(())
    }

    /// The hub has not heard: again in five minutes, then in twice as long each time, up to four hours.
    pub fn ping_failed(&self, ping: &Ping, now: DateTime<Utc>) -> Result<(), LedgerError> {
        let (first, longest) = WAITS;
        let wait = (first << ping.attempts.min(10)).min(longest);
        let sql = "UPDATE ping SET attempts = attempts + 1, next_at = ? WHERE topic = ? AND hub = ?";
        self.db.run(sql, params![now.timestamp() + wait, ping.topic, ping.hub])?;
        Ok(())
    }

    /// Forgets pings to hubs other than this one: the owner has chosen another, or none.
    pub fn keep_pings_of(&self, hub: Option<&str>) -> Result<(), LedgerError> {
        self.db.run("DELETE FROM ping WHERE hub <> ?", params![hub.unwrap_or("")])?;
        Ok(())
    }
}
