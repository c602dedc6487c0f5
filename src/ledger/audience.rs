//! How many there are on a list, by what may be done with them.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use rusqlite::params;

use super::{Ledger, LedgerError, roll};

/// How many on a list have each status: `active`, `paused`, `unsubscribed`, `bounced`, `complained`.
pub type Audience = BTreeMap<String, u64>;

impl Ledger {
    /// A mark that changes whenever these numbers could.
    pub fn audience_mark(&self, newsletter: &str, now: DateTime<Utc>) -> Result<String, LedgerError> {
        self.db.execute_batch(roll::TABLE)?;
        let sql = "SELECT (SELECT count(*) FROM main.suppression) || '.' ||
                          (SELECT count(*) || '.' || coalesce(max(place), 0) FROM temp.roll WHERE newsletter = ?)";
        let rest: String = self.db.query_row(sql, [newsletter], |row| row.get(0))?;
        Ok(format!("{}.{rest}", self.members_mark(newsletter, now)?))
    }

    /// Counts everybody on a newsletter's roll of its file alone, and its members: what keeps all mail away counts first, then what they
    /// have said themselves, then the file.
    pub fn audience(&self, newsletter: &str, now: DateTime<Utc>) -> Result<Audience, LedgerError> {
        self.db.execute_batch(roll::TABLE)?;
        let mut query = self.db.prepare(
            "WITH said AS (
                 SELECT subscriber, listed,
                        iif(status = 'paused' AND until <= ?2, 'active', status) AS status
                     FROM main.member WHERE newsletter = ?1),
             everybody AS (
                 SELECT roll.subscriber AS subscriber, coalesce(said.status, roll.status) AS status
                     FROM temp.roll LEFT JOIN said ON said.subscriber = roll.subscriber WHERE roll.newsletter = ?1
                 UNION ALL
                 SELECT subscriber, status FROM said WHERE listed AND NOT EXISTS
                     (SELECT 1 FROM temp.roll WHERE roll.newsletter = ?1 AND roll.subscriber = said.subscriber))
             SELECT coalesce(suppression.reason, status) AS whole, count(*) FROM everybody
                 LEFT JOIN main.suppression ON suppression.subscriber = everybody.subscriber GROUP BY whole",
        )?;
        let rows = query.query_map(params![newsletter, now.timestamp()], |row| {
            Ok((row.get(0)?, u64::try_from(row.get::<_, i64>(1)?).unwrap_or(0)))
        })?;
        Ok(rows.collect::<Result<_, _>>()?)
    }
}
