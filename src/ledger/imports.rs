//! Many people at once, from another tool or another list. Nobody who has left, was suppressed or forgotten comes back by it.

use chrono::{DateTime, Utc};
use rusqlite::{OptionalExtension as _, Transaction};
use serde::Serialize;

use super::deliveries::suppress;
use super::members::{Consent, put, record};
use super::{Ledger, LedgerError};
use crate::subscribers::{Status, Subscriber};

/// What an import comes to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Influx {
    /// New on the list.
    pub new: u64,
    /// On it already: they stay as they are.
    pub known: u64,
    /// Left there, and now here, too.
    pub left: u64,
    /// Never written to any more: their mail came back, or they called it abuse.
    pub suppressed: u64,
    /// Active there, but left, suppressed or forgotten here: not brought back.
    pub kept_away: u64,
    /// Never confirmed: not taken.
    pub unconfirmed: u64,
}

/// Whether an import is to be kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Trial {
    /// It is only looked at what it would come to.
    Yes,
    /// It is kept.
    No,
}

/// Takes people in, one by one.
pub struct Importer<'a> {
    change: Transaction<'a>,
    newsletter: &'a str,
    /// By what right: the name of the file.
    wording: &'a str,
    now: DateTime<Utc>,
    influx: Influx,
}

impl Importer<'_> {
    /// Takes somebody; `hashes` are those under which they may have been forgotten.
    pub fn take(
        &mut self,
        person: &Subscriber,
        since: Option<DateTime<Utc>>,
        hashes: &[String],
    ) -> Result<(), LedgerError> {
        let (newsletter, id) = (self.newsletter, person.id.as_str());
        let exists = |sql: &str, key: &str| -> Result<bool, LedgerError> {
            Ok(self.change.prepare_cached(sql)?.query_row([key], |row| row.get(0))?)
        };
        let mut is_away = exists("SELECT EXISTS (SELECT 1 FROM suppression WHERE subscriber = ?)", id)?;
        for hash in hashes {
            is_away |= exists("SELECT EXISTS (SELECT 1 FROM erased WHERE hash = ?)", hash)?;
        }
        let sql = "SELECT status, listed FROM member WHERE newsletter = ? AND subscriber = ?";
        let before: Option<(String, bool)> = self
            .change
            .prepare_cached(sql)?
            .query_row([newsletter, id], |row| Ok((row.get(0)?, row.get(1)?)))
            .optional()?;
        let has_left = before.as_ref().is_some_and(|(status, _)| status == Status::Unsubscribed.as_str());
        let since = since.unwrap_or(self.now);
        match person.status {
            Status::Pending => self.influx.unconfirmed += 1,
            Status::Bounced | Status::Complained => {
                let detail = format!("import of {}", self.wording);
                suppress(&self.change, &person.id, person.status.as_str(), &detail, self.now)?;
                self.influx.suppressed += 1;
            }
            Status::Unsubscribed => {
                self.influx.left += 1;
                if !has_left {
                    put(&self.change, newsletter, person, Status::Unsubscribed, self.now)?;
                }
            }
            Status::Active | Status::Paused if is_away || has_left => self.influx.kept_away += 1,
            Status::Active | Status::Paused if before.as_ref().is_some_and(|(_, listed)| *listed) => {
                self.influx.known += 1;
            }
            Status::Active | Status::Paused => {
                put(&self.change, newsletter, person, person.status, since)?;
                let wording = Some(self.wording.to_owned());
                let consent = Consent { at: since, how: "import".to_owned(), network: None, wording };
                record(&self.change, newsletter, &person.id, &consent)?;
                self.influx.new += 1;
            }
        }
        Ok(())
    }
}

impl Ledger {
    /// Takes in whom `read` hands over: all of them, or none where it fails.
    pub fn import<T>(
        &mut self,
        (newsletter, wording): (&str, &str),
        (now, trial): (DateTime<Utc>, Trial),
        read: impl FnOnce(&mut Importer<'_>) -> Result<T, LedgerError>,
    ) -> Result<(T, Influx), LedgerError> {
        let change = self.db.transaction()?;
        let mut importer = Importer { change, newsletter, wording, now, influx: Influx::default() };
        let done = read(&mut importer)?;
        let Importer { change, influx, .. } = importer;
        if trial == Trial::No {
            change.commit()?;
        }
        Ok((done, influx))
    }
}
