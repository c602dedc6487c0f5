//! What webhooks have yet to hear. The database itself notes what happens to subscribers (`migrations/0006.sql`), in the transaction in
//! which it happens; that an issue is sent is seen when nothing of it is left to do.

use chrono::{DateTime, TimeDelta, Utc};
use rusqlite::{OptionalExtension as _, params};
use serde_json::{Value, json};

use super::{Ledger, LedgerError};
use crate::ids::IssueId;

/// Something that a webhook has yet to hear.
#[derive(Clone, Debug)]
pub struct Happening {
    /// Its place in the queue.
    pub id: i64,
    /// What it is known by to whoever hears of it more than once.
    pub name: String,
    /// Who is to hear.
    pub url: String,
    /// `subscribed`, `unsubscribed`, `bounced`, `complained`, `erased` or `issue_sent`.
    pub kind: String,
    /// When it happened.
    pub at: DateTime<Utc>,
    /// What happened.
    pub data: Value,
}

/// In seconds: whoever takes one tells it within this time, and nobody else does meanwhile.
const LEASE: i64 = 120;
/// In seconds: how long a webhook is left alone after a failure, and at most.
const WAITS: (i64, i64) = (60, 6 * 60 * 60);
/// What is so old, and for somebody who has failed so often in a row, nobody will hear of any more.
const LONGEST: (TimeDelta, u32) = (TimeDelta::days(3), 10);

impl Ledger {
    /// From now on these hear of these kinds of happenings, and nobody else does.
    pub fn keep_webhooks(&mut self, wanted: &[(String, Vec<&'static str>)]) -> Result<(), LedgerError> {
        let written = |kinds: &[&str]| serde_json::to_string(kinds);
        let mut wanted: Vec<(&str, String)> = wanted
            .iter()
            .map(|(url, kinds)| Ok::<_, LedgerError>((url.as_str(), written(kinds)?)))
            .collect::<Result<_, _>>()?;
        wanted.sort();
        let known: Vec<(String, String)> = {
            let mut query = self.db.prepare("SELECT url, kinds FROM webhook ORDER BY url")?;
            query.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?.collect::<Result<_, _>>()?
        };
        if known
            .iter()
            .map(|(url, kinds)| (url.as_str(), kinds))
            .eq(wanted.iter().map(|(url, kinds)| (*url, kinds)))
        {
            return Ok(());
        }
        let change = self.db.transaction()?;
        for (url, _) in known.iter().filter(|(url, _)| !wanted.iter().any(|(other, _)| other == url)) {
            change.execute("DELETE FROM webhook WHERE url = ?", [url])?;
        }
        for (url, kinds) in wanted {
            let sql = "INSERT INTO webhook (url, kinds) VALUES (?1, ?2) ON CONFLICT DO UPDATE SET kinds = ?2, until = 0";
            change.execute(sql, [url, &kinds])?;
        }
        Ok(change.commit()?)
    }

    /// Notes the issues of which nothing is left to do, once each.
    pub fn announce_issues(&mut self, now: DateTime<Utc>) -> Result<(), LedgerError> {
        const DONE: &str = "SELECT id FROM issue WHERE NOT announced AND NOT EXISTS
             (SELECT 1 FROM delivery WHERE issue = issue.id AND state IN ('planned', 'sending', 'deferred'))";
        let done: Vec<IssueId> = {
            let mut query = self.db.prepare(DONE)?;
            let rows = query.query_map([], |row| Ok(IssueId::new(row.get::<_, String>(0)?)))?;
            rows.collect::<Result<_, _>>()?
        };
        for id in done {
            let deliveries = serde_json::to_string(&self.counts(&id)?)?;
            let change = self.db.transaction()?;
            let sql = format!("UPDATE issue SET announced = 1 WHERE id = ? AND id IN ({DONE})");
            if change.execute(&sql, [id.as_str()])? > 0 {
                change.execute(
                    "INSERT INTO happening (url, kind, at, data)
                         SELECT url, 'issue_sent', ?2,
                                json_object('issue', id, 'newsletter', newsletter, 'subject', subject, 'deliveries', json(?3))
                         FROM webhook, issue WHERE id = ?1
                              AND EXISTS (SELECT 1 FROM delivery WHERE issue = id AND state IN ('sent', 'failed', 'in_doubt'))
                              AND EXISTS (SELECT 1 FROM json_each(kinds) WHERE value = 'issue_sent')",
                    params![id.as_str(), now.timestamp(), deliveries],
                )?;
            }
            change.commit()?;
        }
        Ok(())
    }

    /// How many happenings nobody has been told of yet.
    pub fn happenings_waiting(&self) -> Result<u32, LedgerError> {
        Ok(self.db.query_row("SELECT count(*) FROM happening", [], |row| row.get(0))?)
    }

    /// Takes the first happening that a webhook has yet to hear which is not left alone, for two minutes. A time further off than any wait
    /// is one that a wrong clock has set.
    pub fn take_happening(&self, now: DateTime<Utc>) -> Result<Option<Happening>, LedgerError> {
        const READY: &str = "SELECT happening.id FROM webhook JOIN happening ON happening.url = webhook.url
             WHERE (until <= ?1 OR until > ?1 + ?2) AND (taken <= ?1 OR taken > ?1 + ?3) ORDER BY happening.id LIMIT 1";
        let (at, (_, longest)) = (now.timestamp(), WAITS);
        // Only where there is one: whoever writes waits for others who do.
        let sql = format!("SELECT EXISTS ({READY})");
        if !self.db.prepare_cached(&sql)?.query_row([at, longest, LEASE], |row| row.get(0))? {
            return Ok(None);
        }
        let sql = format!(
            "UPDATE happening SET taken = ?1 + ?3 WHERE id = ({READY})
                 RETURNING id, name, url, kind, at, data,
                           iif(kind = 'erased', NULL, (SELECT email FROM known_address WHERE subscriber = happening.subscriber LIMIT 1))"
        );
        let found = self.db.query_row(&sql, [at, longest, LEASE], |row| {
            let happening = Happening {
                id: row.get(0)?,
                name: row.get(1)?,
                url: row.get(2)?,
                kind: row.get(3)?,
                at: DateTime::from_timestamp(row.get(4)?, 0).unwrap_or_default(),
                data: Value::Null,
            };
            Ok((happening, row.get::<_, String>(5)?, row.get::<_, Option<String>>(6)?))
        });
        let Some((happening, data, email)) = found.optional()? else { return Ok(None) };
        let mut data: Value = serde_json::from_str(&data)?;
        if let Some(email) = email {
            data["email"] = email.into();
        }
        Ok(Some(Happening { data, ..happening }))
    }

    /// It has been heard.
    pub fn happening_heard(&self, happening: &Happening) -> Result<(), LedgerError> {
        self.db.execute("DELETE FROM happening WHERE id = ?", [happening.id])?;
        let sql = "UPDATE webhook SET failures = 0, until = 0 WHERE url = ? AND failures > 0";
        self.db.execute(sql, [&happening.url])?;
        Ok(())
    }

    /// Who was to hear did not listen: they are left alone for a minute, then twice as long each time, at most six hours. What is older
    /// than three days is let go once that has been in vain ten times; how many these were. So a queue for nobody does not grow for ever.
    pub fn nobody_heard(&self, happening: &Happening, now: DateTime<Utc>) -> Result<usize, LedgerError> {
        let ((first, longest), (span, failures)) = (WAITS, LONGEST);
        let sql = "UPDATE webhook SET until = ?2 + min(?3 << min(failures, 10), ?4), failures = failures + 1 WHERE url = ?1";
        self.db.execute(sql, params![happening.url, now.timestamp(), first, longest])?;
        self.db.execute("UPDATE happening SET taken = 0 WHERE id = ?", [happening.id])?;
        let sql = "DELETE FROM happening WHERE url = ?1 AND at < ?2
                       AND EXISTS (SELECT 1 FROM webhook WHERE url = ?1 AND failures >= ?3)";
        Ok(self.db.execute(sql, params![happening.url, (now - span).timestamp(), failures])?)
    }
}

impl Happening {
    /// What is told; the address is the one that is known at each attempt.
    pub fn body(&self) -> String {
        json!({ "type": self.kind, "timestamp": self.at.to_rfc3339(), "data": self.data }).to_string()
    }
}
