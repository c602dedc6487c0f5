//! What webhooks have yet to hear. The database itself notes what happens to subscribers (`migrations/0006.sql`), in the transaction in
//! which it happens; that an issue is sent is seen when nothing of it is left to do.

use chrono::{DateTime, TimeDelta, Utc};
use serde_json::{Value, json};

use super::engine::params;
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
        let known: Vec<(String, String)> =
            self.db.list("SELECT url, kinds FROM webhook ORDER BY url", params![], |row| {
                Ok((row.get(0)?, row.get(1)?))
            })?;
        if known
            .iter()
            .map(|(url, kinds)| (url.as_str(), kinds))
            .eq(wanted.iter().map(|(url, kinds)| (*url, kinds)))
        {
            return Ok(());
        }
        let change = self.db.change()?;
        for (url, _) in known.iter().filter(|(url, _)| !wanted.iter().any(|(other, _)| other == url)) {
            change.run("DELETE FROM webhook WHERE url = ?", params![url])?;
        }
        for (url, kinds) in wanted {
            let sql = "INSERT INTO webhook (url, kinds) VALUES (?1, ?2) ON CONFLICT (url) DO UPDATE SET kinds = excluded.kinds, until = 0";
            change.run(sql, params![url, kinds])?;
        }
        change.commit()
    }

    /// Notes the issues of which nothing is left to do, once each.
    pub fn announce_issues(&mut self, now: DateTime<Utc>) -> Result<(), LedgerError> {
        const DONE: &str = "SELECT id FROM issue WHERE NOT announced AND NOT EXISTS
             (SELECT 1 FROM delivery WHERE issue = issue.id AND state IN ('planned', 'sending', 'deferred'))";
        let done = self.db.list(DONE, params![], |row| Ok(IssueId::new(row.get::<String>(0)?)))?;
        for id in done {
            let counts = self.counts(&id)?;
            let Some(row) = self.issue_row(&id)? else { continue };
            let (newsletter, subject) = (&row.newsletter, &row.subject);
            let data =
                json!({ "issue": id, "newsletter": newsletter, "subject": subject, "deliveries": counts });
            let change = self.db.change()?;
            let sql = format!("UPDATE issue SET announced = TRUE WHERE id = ? AND id IN ({DONE})");
            let is_news = counts.sent + counts.failed + counts.in_doubt > 0;
            if change.run(&sql, params![id.as_str()])? > 0 && is_news {
                let sql = "INSERT INTO happening (url, kind, at, data)
                               SELECT url, 'issue_sent', ?1, ?2 FROM webhook WHERE kinds LIKE '%\"issue_sent\"%'";
                change.run(sql, params![now.timestamp(), data.to_string()])?;
            }
            change.commit()?;
        }
        Ok(())
    }

    /// How many happenings nobody has been told of yet.
    pub fn happenings_waiting(&self) -> Result<u32, LedgerError> {
        self.db.value("SELECT count(*) FROM happening", params![])
    }

    /// Takes the first happening that a webhook has yet to hear which is not left alone, for two minutes. A time further off than any wait
    /// is one that a wrong clock has set.
    pub fn take_happening(&self, now: DateTime<Utc>) -> Result<Option<Happening>, LedgerError> {
        const READY: &str = "SELECT happening.id FROM webhook JOIN happening ON happening.url = webhook.url
             WHERE (until <= ?1 OR until > ?1 + ?2) AND (taken <= ?1 OR taken > ?1 + ?3) ORDER BY happening.id LIMIT 1";
        let (at, (_, longest)) = (now.timestamp(), WAITS);
        // Only where there is one: whoever writes waits for others who do.
        let sql = format!("SELECT EXISTS ({READY})");
        if !self.db.value::<bool>(&sql, params![at, longest, LEASE])? {
            return Ok(None);
        }
        let sql = format!(
            "UPDATE happening SET taken = ?1 + ?3 WHERE id = ({READY}) AND (taken <= ?1 OR taken > ?1 + ?3)
                 RETURNING id, name, url, kind, at, data,
                           CASE WHEN kind <> 'erased' THEN
                               (SELECT email FROM known_address WHERE subscriber = happening.subscriber LIMIT 1) END"
        );
        let found = self.db.first(&sql, params![at, longest, LEASE], |row| {
            let happening = Happening {
                id: row.get(0)?,
                name: row.get(1)?,
                url: row.get(2)?,
                kind: row.get(3)?,
                at: row.time(4)?,
                data: Value::Null,
            };
            Ok((happening, row.get::<String>(5)?, row.get::<Option<String>>(6)?))
        });
        let Some((happening, data, email)) = found? else { return Ok(None) };
        let mut data: Value = serde_json::from_str(&data)?;
        if let Some(email) = email {
            data["email"] = email.into();
        }
        Ok(Some(Happening { data, ..happening }))
    }

    /// It has been heard.
    pub fn happening_heard(&self, happening: &Happening) -> Result<(), LedgerError> {
        self.db.run("DELETE FROM happening WHERE id = ?", params![happening.id])?;
        let sql = "UPDATE webhook SET failures = 0, until = 0 WHERE url = ? AND failures > 0";
        self.db.run(sql, params![happening.url])?;
        Ok(())
    }

    /// Who was to hear did not listen: they are left alone for a minute, then twice as long each time, at most six hours. What is older
    /// than three days is let go once that has been in vain ten times; how many these were. So a queue for nobody does not grow for ever.
    pub fn nobody_heard(&self, happening: &Happening, now: DateTime<Utc>) -> Result<usize, LedgerError> {
        let ((first, longest), (span, failures)) = (WAITS, LONGEST);
        let sql = "UPDATE webhook SET failures = failures + 1 WHERE url = ? RETURNING failures";
        let failed: Option<u32> = self.db.first(sql, params![happening.url], |row| row.get(0))?;
        let wait = (first << failed.unwrap_or(1).saturating_sub(1).min(10)).min(longest);
        let sql = "UPDATE webhook SET until = ? WHERE url = ?";
        self.db.run(sql, params![now.timestamp() + wait, happening.url])?;
        self.db.run("UPDATE happening SET taken = 0 WHERE id = ?", params![happening.id])?;
        let sql = "DELETE FROM happening WHERE url = ?1 AND at < ?2
                       AND EXISTS (SELECT 1 FROM webhook WHERE url = ?1 AND failures >= ?3)";
        self.db.run(sql, params![happening.url, (now - span).timestamp(), failures])
    }
}

impl Happening {
    /// What is told; the address is the one that is known at each attempt.
    pub fn body(&self) -> String {
        json!({ "type": self.kind, "timestamp": self.at.to_rfc3339(), "data": self.data }).to_string()
    }
}
