//! How many there are on a list, by what may be done with them.

use std::collections::BTreeMap;

use super::engine::params;
use super::{Ledger, LedgerError};
use chrono::{DateTime, Utc};

/// How many on a list have each status: `active`, `paused`, `unsubscribed`, `bounced`, `complained`.
pub type Audience = BTreeMap<String, u64>;

impl Ledger {
    /// A mark that changes whenever these numbers could.
    pub fn audience_mark(&self, newsletter: &str, now: DateTime<Utc>) -> Result<String, LedgerError> {
        let sql = "SELECT (SELECT count(*) FROM suppression) || '.' ||
                          (SELECT count(*) || '.' || coalesce(max(place), 0) FROM roll WHERE newsletter = ?)";
        let rest: String = self.db.value(sql, params![newsletter])?;
        Ok(format!("{}.{rest}", self.members_mark(newsletter, now)?))
    }

    /// Counts everybody on a newsletter's roll of its file alone, and its members: what keeps all mail away counts first, then what they
    /// have said themselves, then the file.
    pub fn audience(&self, newsletter: &str, now: DateTime<Utc>) -> Result<Audience, LedgerError> {
        let rows = self.db.list(
            "WITH said AS (
                 SELECT subscriber, listed,
                        CASE WHEN status = 'paused' AND until <= ?2 THEN 'active' ELSE status END AS status
                     FROM member WHERE newsletter = ?1),
             everybody AS (
                 SELECT roll.subscriber AS subscriber, coalesce(said.status, roll.status) AS status
                     FROM roll LEFT JOIN said ON said.subscriber = roll.subscriber WHERE roll.newsletter = ?1
                 UNION ALL
                 SELECT subscriber, status FROM said WHERE listed AND NOT EXISTS
                     (SELECT 1 FROM roll WHERE roll.newsletter = ?1 AND roll.subscriber = said.subscriber))
             SELECT coalesce(suppression.reason, status) AS whole, count(*) FROM everybody
                 LEFT JOIN suppression ON suppression.subscriber = everybody.subscriber GROUP BY whole",
            params![newsletter, now.timestamp()],
            |row| Ok((row.get(0)?, row.get(1)?)),
        )?;
        Ok(rows.into_iter().collect())
    }
}
