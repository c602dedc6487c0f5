//! Letters that are to go out, one by one. One that goes out twice after a fault does no harm.

use super::engine::{Row, params};
use super::{Ledger, LedgerError};
use crate::address::Address;
use crate::ids::MessageId;
use chrono::{DateTime, TimeDelta, Utc};

/// No more wait at a time: whoever asks for that many asks for no good.
const MOST: u32 = 10_000;

/// The one whose turn it is.
const READY: &str = "SELECT id FROM letter WHERE next_at <= ?1 ORDER BY next_at, id LIMIT 1";

/// For so long whoever takes one has it.
const TAKEN: TimeDelta = TimeDelta::minutes(5);

/// A letter that waits.
#[derive(Clone, Debug)]
pub struct Posted {
    /// Its place in the queue.
    pub id: i64,
    /// How often it was tried.
    pub attempts: u32,
    /// Its `Message-ID`.
    pub message_id: MessageId,
    /// Who its envelope is from.
    pub sender: Address,
    /// Who it goes to.
    pub recipient: Address,
    /// The finished mail.
    pub text: String,
}

impl Ledger {
    /// Takes a letter, which is of no use after `until`. `false` where too many wait.
    pub fn post_letter(
        &self,
        kind: &str,
        (message_id, sender, recipient): (&MessageId, &Address, &Address),
        text: &str,
        (now, until): (DateTime<Utc>, DateTime<Utc>),
    ) -> Result<bool, LedgerError> {
        let envelope =
            serde_json::to_string(&(message_id.as_str(), sender.to_string(), recipient.to_string()))?;
        let sql = "INSERT INTO letter (kind, envelope, recipient, text, until, next_at)
                       SELECT ?1, ?2, ?3, ?4, ?5, ?6 WHERE (SELECT count(*) FROM letter) < ?7";
        let recipient = recipient.to_string();
        let (until, next) = (until.timestamp(), now.timestamp());
        Ok(self.db.run(sql, params![kind, envelope, recipient, text, until, next, MOST])? > 0)
    }

    /// The letter whose turn it is: nobody else takes it for a while. Those of no more use are gone.
    pub fn next_letter(&self, now: DateTime<Utc>) -> Result<Option<Posted>, LedgerError> {
        // Only where there is one: whoever writes waits for others who do.
        let sql = "SELECT EXISTS (SELECT 1 FROM letter WHERE until < ?)";
        if self.db.value(sql, params![now.timestamp()])? {
            self.db.run("DELETE FROM letter WHERE until < ?", params![now.timestamp()])?;
        }
        let sql = format!("SELECT EXISTS ({READY})");
        if !self.db.value::<bool>(&sql, params![now.timestamp()])? {
            return Ok(None);
        }
        let sql = format!(
            "UPDATE letter SET next_at = ?2 WHERE id = ({READY}) AND next_at <= ?1 RETURNING id, attempts, envelope, text"
        );
        let until = now + TAKEN;
        let read =
            |row: &Row<'_>| Ok((row.get(0)?, row.get(1)?, row.get::<String>(2)?, row.get::<String>(3)?));
        let Some((id, attempts, envelope, text)) =
            self.db.first(&sql, params![now.timestamp(), until.timestamp()], read)?
        else {
            return Ok(None);
        };
        let (message_id, sender, recipient): (String, String, String) = serde_json::from_str(&envelope)?;
        Ok(Some(Posted {
            id,
            attempts,
            message_id: MessageId::new(message_id),
            sender: Address::parse(&sender)?,
            recipient: Address::parse(&recipient)?,
            text,
        }))
    }

    /// How many letters wait.
    pub fn letters_waiting(&self) -> Result<u32, LedgerError> {
        self.db.value("SELECT count(*) FROM letter", params![])
    }

    /// A letter is done: it has been taken, or refused for good.
    pub fn letter_done(&self, id: i64) -> Result<(), LedgerError> {
        self.db.run("DELETE FROM letter WHERE id = ?", params![id])?;
        Ok(())
    }

    /// A letter is to be tried again: after one minute, then two, four, … at most an hour.
    pub fn letter_later(&self, id: i64, attempts: u32, now: DateTime<Utc>) -> Result<(), LedgerError> {
        let next = now + TimeDelta::minutes(1 << attempts.min(6)).min(TimeDelta::hours(1));
        let sql = "UPDATE letter SET next_at = ?, attempts = attempts + 1 WHERE id = ?";
        self.db.run(sql, params![next.timestamp(), id])?;
        Ok(())
    }
}
