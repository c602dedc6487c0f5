//! Many people at once, from another tool or another list. Nobody who has left, was suppressed or forgotten comes back by it.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use rusqlite::{Connection, OptionalExtension as _, Transaction, TransactionBehavior, params};
use serde::Serialize;

use super::deliveries::suppress;
use super::members::{Consent, put, record};
use super::{Ledger, LedgerError};
use crate::ids::SubscriberId;
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
    db: &'a Connection,
    trial: Trial,
    /// Who has been handed over and not been taken in yet.
    waiting: Vec<Arrival>,
    /// Whom a trial has met, as it writes nothing.
    met: HashMap<SubscriberId, Status>,
    newsletter: &'a str,
    /// By what right: the name of the file.
    wording: &'a str,
    now: DateTime<Utc>,
    influx: Influx,
}

/// Somebody, since when they are there, and the hash under which they may have been forgotten.
type Arrival = (Subscriber, Option<DateTime<Utc>>, Option<String>);

impl Importer<'_> {
    /// Takes somebody; `hash` is the one under which they may have been forgotten.
    pub fn take(
        &mut self,
        person: &Subscriber,
        since: Option<DateTime<Utc>>,
        hash: Option<&str>,
    ) -> Result<(), LedgerError> {
        self.waiting.push((person.clone(), since, hash.map(str::to_owned)));
        if self.waiting.len() < BATCH { Ok(()) } else { self.settle() }
    }

    /// Takes in those who wait, in one transaction: others write, too, and do not wait for the whole file. In the order of their ids, which
    /// is that of the rows on the disk; of one person, in that of the file.
    fn settle(&mut self) -> Result<(), LedgerError> {
        let mut arrivals = std::mem::take(&mut self.waiting);
        arrivals.sort_by(|one, next| one.0.id.cmp(&next.0.id));
        let change = if self.trial == Trial::No { Some(begin(self.db)?) } else { None };
        for (person, since, hash) in &arrivals {
            self.enter(change.as_ref(), person, *since, hash.as_deref())?;
        }
        if let Some(change) = change {
            change.commit()?;
        }
        Ok(())
    }

    fn enter(
        &mut self,
        change: Option<&Transaction<'_>>,
        person: &Subscriber,
        since: Option<DateTime<Utc>>,
        hash: Option<&str>,
    ) -> Result<(), LedgerError> {
        let (newsletter, id) = (self.newsletter, person.id.as_str());
        let exists = |sql: &str, key: &str| -> Result<bool, LedgerError> {
            Ok(self.db.prepare_cached(sql)?.query_row([key], |row| row.get(0))?)
        };
        let mut is_away = exists("SELECT EXISTS (SELECT 1 FROM suppression WHERE subscriber = ?)", id)?;
        if let Some(hash) = hash {
            is_away |= exists("SELECT EXISTS (SELECT 1 FROM erased WHERE hash = ?)", hash)?;
        }
        // What the list's file says of who has left holds against another file.
        let sql = "SELECT EXISTS (SELECT 1 FROM temp.roll WHERE newsletter = ? AND subscriber = ?
                       AND status IN ('unsubscribed', 'bounced', 'complained'))";
        is_away |= self.db.prepare_cached(sql)?.query_row([newsletter, id], |row| row.get::<_, bool>(0))?;
        let sql = "SELECT status, listed FROM member WHERE newsletter = ? AND subscriber = ?";
        let before: Option<(String, bool)> = self
            .db
            .prepare_cached(sql)?
            .query_row([newsletter, id], |row| Ok((row.get(0)?, row.get(1)?)))
            .optional()?;
        let met = self.met.get(&person.id).map(|status| (status.as_str().to_owned(), true));
        let before = met.or(before);
        if self.trial == Trial::Yes && (before.is_none() || person.status == Status::Unsubscribed) {
            self.met.insert(person.id.clone(), person.status);
        }
        let has_left = before.as_ref().is_some_and(|(status, _)| status == Status::Unsubscribed.as_str());
        let since = since.unwrap_or(self.now);
        let influx = &mut self.influx;
        let change = change.map(|change| &**change);
        match person.status {
            Status::Pending => influx.unconfirmed += 1,
            Status::Bounced | Status::Complained => {
                let detail = format!("import of {}", self.wording);
                if let Some(change) = change {
                    suppress(change, &person.id, person.status.as_str(), &detail, self.now)?;
                }
                influx.suppressed += 1;
            }
            Status::Unsubscribed => {
                influx.left += 1;
                if let Some(change) = change.filter(|_| !has_left) {
                    put(change, newsletter, person, Status::Unsubscribed, self.now)?;
                }
            }
            Status::Active | Status::Paused if is_away || has_left => influx.kept_away += 1,
            Status::Active | Status::Paused if before.as_ref().is_some_and(|(_, listed)| *listed) => {
                influx.known += 1;
            }
            Status::Active | Status::Paused => {
                influx.new += 1;
                let Some(change) = change else { return Ok(()) };
                if before.is_some() {
                    // What they have asked for stays.
                    let (email, name) = (person.mailbox.address.to_string(), &person.mailbox.name);
                    let sql = "UPDATE member SET listed = 1, email = ?3, name = ?4 WHERE newsletter = ?1 AND subscriber = ?2";
                    change.execute(sql, params![newsletter, id, email, name])?;
                } else {
                    put(change, newsletter, person, person.status, since)?;
                }
                let wording = Some(self.wording.to_owned());
                let consent = Consent { at: since, how: "import".to_owned(), network: None, wording };
                record(change, newsletter, &person.id, &consent)?;
            }
        }
        Ok(())
    }
}

/// So many people are one transaction.
const BATCH: usize = 20_000;

fn begin(db: &Connection) -> Result<Transaction<'_>, LedgerError> {
    Ok(Transaction::new_unchecked(db, TransactionBehavior::Immediate)?)
}

impl Ledger {
    /// Takes in whom `read` hands over. Where it fails half-way, those before stay taken in, and it can be done again.
    pub fn import<T>(
        &mut self,
        (newsletter, wording): (&str, &str),
        (now, trial): (DateTime<Utc>, Trial),
        read: impl FnOnce(&mut Importer<'_>) -> Result<T, LedgerError>,
    ) -> Result<(T, Influx), LedgerError> {
        self.db.execute_batch(super::roll::TABLE)?;
        let (waiting, met, influx) = (Vec::new(), HashMap::new(), Influx::default());
        let mut importer = Importer { db: &self.db, trial, waiting, met, newsletter, wording, now, influx };
        let done = read(&mut importer);
        // Those before a failure stay taken in.
        importer.settle()?;
        Ok((done?, importer.influx))
    }
}
