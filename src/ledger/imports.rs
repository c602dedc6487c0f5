//! Many people at once, from another tool or another list. Nobody who has left, was suppressed or forgotten comes back by it.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use serde::Serialize;

use super::deliveries::suppress;
use super::engine::{Db, Span, params};
use super::members::{put, written};
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
    db: &'a Db,
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
    /// How many were new when the table was looked at last.
    analyzed: u64,
}

/// Somebody, since when they are there, and the hash under which they may have been forgotten.
type Arrival = (Subscriber, Option<DateTime<Utc>>, Option<String>);

/// What the ledger knows of somebody who arrives.
struct Known {
    /// They were suppressed or forgotten, or the list's file says that they left.
    is_away: bool,
    /// Their status as a member.
    status: Option<Status>,
    /// Whether they are on the list by that.
    is_listed: bool,
}

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
    /// is that of the rows on the disk. Who stands there more than once takes part in more than one round.
    fn settle(&mut self) -> Result<(), LedgerError> {
        let mut arrivals = std::mem::take(&mut self.waiting);
        arrivals.sort_by(|one, next| one.0.id.cmp(&next.0.id));
        let change = self.db.begin(if self.trial == Trial::No { Span::Whole } else { Span::Own })?;
        while !arrivals.is_empty() {
            let (mut round, mut rest): (Vec<Arrival>, Vec<Arrival>) = (Vec::new(), Vec::new());
            for arrival in arrivals {
                let is_again = round.last().is_some_and(|last| last.0.id == arrival.0.id);
                if is_again { rest.push(arrival) } else { round.push(arrival) }
            }
            self.enter(&change, &round)?;
            arrivals = rest;
        }
        if self.trial == Trial::No && self.influx.new > self.analyzed * 2 {
            self.analyzed = self.influx.new;
            change.analyze("member", usize::try_from(self.analyzed).unwrap_or(usize::MAX))?;
        }
        change.commit()
    }

    /// Takes in people of whom each is another.
    fn enter(&mut self, change: &Db, round: &[Arrival]) -> Result<(), LedgerError> {
        let known = self.known(change, round)?;
        let mut new = Vec::new();
        for (place, ((person, ..), known)) in (0_u32..).zip(round.iter().zip(known)) {
            if self.is_new(change, person, &known)? {
                new.push(place);
            }
        }
        if self.trial == Trial::Yes || new.is_empty() {
            return Ok(());
        }
        change.batch("DELETE FROM chosen")?;
        change.fill("chosen", &["place"], &mut |put| new.iter().try_for_each(|place| put(params![place])))?;
        // What those who are known have asked for stays.
        change.run(
            "INSERT INTO member (newsletter, subscriber, listed, email, name, language, topics, cadence, status, since)
                 SELECT ?1, subscriber, TRUE, email, name, language, topics, cadence, status, since
                 FROM arrival JOIN chosen ON chosen.place = arrival.place ORDER BY arrival.place
                 ON CONFLICT (newsletter, subscriber) DO UPDATE SET listed = TRUE, email = excluded.email, name = excluded.name",
            params![self.newsletter],
        )?;
        change.run(
            "INSERT INTO consent (newsletter, subscriber, at, how, wording)
                 SELECT ?1, subscriber, since, 'import', ?2
                 FROM arrival JOIN chosen ON chosen.place = arrival.place ORDER BY arrival.place
                 ON CONFLICT (newsletter, subscriber, at) DO UPDATE SET how = excluded.how, network = NULL, wording = excluded.wording",
            params![self.newsletter, self.wording],
        )?;
        Ok(())
    }

    /// What is known of people, in their order.
    fn known(&self, change: &Db, round: &[Arrival]) -> Result<Vec<Known>, LedgerError> {
        const COLUMNS: [&str; 10] = [
            "place", "subscriber", "email", "name", "language", "topics", "cadence", "status", "since",
            "hash",
        ];
        change.batch("DELETE FROM arrival")?;
        change.fill("arrival", &COLUMNS, &mut |put| {
            for (place, (person, since, hash)) in (0_u32..).zip(round) {
                put(params![
                    place,
                    person.id.as_str(),
                    person.mailbox.address.to_string(),
                    person.mailbox.name,
                    person.language,
                    written(&person.topics)?,
                    person.cadence.as_str(),
                    person.status.as_str(),
                    since.unwrap_or(self.now).timestamp(),
                    hash
                ])?;
            }
            Ok(())
        })?;
        // What the list's file says of who has left holds against another file.
        let sql = "SELECT EXISTS (SELECT 1 FROM suppression WHERE suppression.subscriber = arrival.subscriber)
                              OR EXISTS (SELECT 1 FROM erased WHERE erased.hash = arrival.hash)
                              OR EXISTS (SELECT 1 FROM roll WHERE roll.newsletter = ?1 AND roll.subscriber = arrival.subscriber
                                         AND roll.status IN ('unsubscribed', 'bounced', 'complained')),
                          member.status, member.listed
                       FROM arrival
                       LEFT JOIN member ON member.newsletter = ?1 AND member.subscriber = arrival.subscriber
                       ORDER BY arrival.place";
        change.list(sql, params![self.newsletter], |row| {
            Ok(Known {
                is_away: row.get(0)?,
                status: row.get::<Option<String>>(1)?.as_deref().map(Status::named),
                is_listed: row.get::<Option<bool>>(2)?.unwrap_or(false),
            })
        })
    }

    /// Counts somebody, and writes down why they stay away where they do. Whether they are to be put on the list.
    fn is_new(&mut self, change: &Db, person: &Subscriber, known: &Known) -> Result<bool, LedgerError> {
        let met = self.met.get(&person.id).copied();
        let status = met.or(known.status);
        let is_listed = met.is_some() || known.is_listed;
        if self.trial == Trial::Yes && (status.is_none() || person.status == Status::Unsubscribed) {
            self.met.insert(person.id.clone(), person.status);
        }
        let has_left = status == Some(Status::Unsubscribed);
        let writes = self.trial == Trial::No;
        match person.status {
            Status::Pending => self.influx.unconfirmed += 1,
            Status::Bounced | Status::Complained => {
                let detail = format!("import of {}", self.wording);
                if writes {
                    suppress(change, &person.id, person.status.as_str(), &detail, self.now)?;
                }
                self.influx.suppressed += 1;
            }
            Status::Unsubscribed => {
                self.influx.left += 1;
                if writes && !has_left {
                    put(change, self.newsletter, person, Status::Unsubscribed, self.now)?;
                }
            }
            Status::Active | Status::Paused if known.is_away || has_left => self.influx.kept_away += 1,
            Status::Active | Status::Paused if status.is_some() && is_listed => self.influx.known += 1,
            Status::Active | Status::Paused => {
                self.influx.new += 1;
                return Ok(true);
            }
        }
        Ok(false)
    }
}

/// So many people are one transaction.
const BATCH: usize = 20_000;

impl Ledger {
    /// Takes in whom `read` hands over. Where it fails half-way, those before stay taken in, and it can be done again.
    pub fn import<T>(
        &mut self,
        (newsletter, wording): (&str, &str),
        (now, trial): (DateTime<Utc>, Trial),
        read: impl FnOnce(&mut Importer<'_>) -> Result<T, LedgerError>,
    ) -> Result<(T, Influx), LedgerError> {
        let (waiting, met, influx) = (Vec::new(), HashMap::new(), Influx::default());
        let mut importer =
            Importer { db: &self.db, trial, waiting, met, newsletter, wording, now, influx, analyzed: 0 };
        let done = read(&mut importer);
        // Those before a failure stay taken in.
        importer.settle()?;
        Ok((done?, importer.influx))
    }
}
