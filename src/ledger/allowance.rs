//! How often forms may be sent, where several servers share a ledger: each share is a burst, and comes back one by one (GCRA).

use std::time::Duration;

use chrono::{DateTime, Utc};

use super::engine::params;
use super::{Ledger, LedgerError};

/// So many at once, and how long until one more is let pass.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Share {
    /// How many at once.
    pub burst: u32,
    /// How long until each comes back.
    pub each: Duration,
}

impl Ledger {
    /// Uses one of what `name` may, if there is one left. One statement: of several servers that ask at once each has its turn.
    pub fn allow(&self, name: &str, share: Share, now: DateTime<Utc>) -> Result<bool, LedgerError> {
        let each = i64::try_from(share.each.as_millis()).unwrap_or(i64::MAX);
        let sql = "INSERT INTO allowance (name, at) VALUES (?1, ?2 + ?3) ON CONFLICT (name) DO UPDATE
                       SET at = CASE WHEN allowance.at > ?2 THEN allowance.at ELSE ?2 END + ?3
                       WHERE CASE WHEN allowance.at > ?2 THEN allowance.at ELSE ?2 END + ?3 <= ?2 + ?4";
        let whole = each.saturating_mul(share.burst.into());
        Ok(self.db.run(sql, params![name, now.timestamp_millis(), each, whole])? > 0)
    }

    /// Forgets shares that are whole again.
    pub fn forget_allowances(&self, now: DateTime<Utc>) -> Result<(), LedgerError> {
        self.db.run("DELETE FROM allowance WHERE at <= ?", params![now.timestamp_millis()])?;
        Ok(())
    }
}
