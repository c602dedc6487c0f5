//! Carries out an issue's deliveries, by as many sessions side by side as the relays take.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use super::breaker::Breaker;
use super::desk::{Desk, Route, Summary};
use super::keeper::Keeper;
use super::log::Log;
use super::pace::Pace;
use super::tenure::Tenure;
use super::transport::{RelayDown, Transport};
use super::worker::Worker;
use crate::clock::Ticking;
use crate::config::{InDoubt, Rate};
use crate::digest::Issue;
use crate::ids::SubscriberId;
use crate::ledger::{Counts, Ledger, LedgerError, State};
use crate::mail::Composer;

/// Whether a relay that was away a moment ago is left alone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Absent {
    /// Until its time is over: cron comes again.
    IsLeftAlone,
    /// It is tried: the owner asks for it.
    IsTried,
}

/// How far the delivery of an issue has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Progress {
    /// What the copies were when it began.
    pub before: Counts,
    /// What this run has done since: sent, deferred, failed, in doubt.
    pub done: [usize; 4],
}

/// How soon the worker's pulse ends with the work.
const STEP: Duration = Duration::from_millis(20);

/// How deliveries are carried out.
pub struct Dispatch<'a> {
    /// The ways for mail to leave, in their order.
    pub transports: &'a [Box<dyn Transport>],
    /// How much goes to each recipient domain.
    pub domain_rates: &'a BTreeMap<String, Vec<Rate>>,
    /// What becomes of a copy of which nobody knows.
    pub in_doubt: InDoubt,
    /// Whether relays that were away are tried.
    pub absent: Absent,
    /// Set where the run is to end: what is in flight is finished, the rest stays planned.
    pub stop: &'a AtomicBool,
    /// Hears of every step.
    pub watch: &'a (dyn Fn(Progress) + Sync),
    /// What time it is.
    pub clock: Ticking,
    /// How it is told in the log.
    pub log: &'a Log<'a>,
}

/// Says at its end that all is over.
struct End<'a>(&'a AtomicBool);

impl Drop for End<'_> {
    fn drop(&mut self) {
        self.0.store(true, Ordering::Relaxed);
    }
}

impl Dispatch<'_> {
    /// Delivers what is due of `issue` to those of its audience who are still active on the roll. Where they have been held against the list
    /// in the state `list`, the roll may be empty.
    ///
    /// # Errors
    /// The ledger's: without it nothing may be sent.
    pub fn deliver(
        &self,
        (ledger, list): (&mut Ledger, &str),
        issue: &Issue,
        composer: &Composer<'_>,
    ) -> Result<Summary, LedgerError> {
        let now = self.clock.now();
        let sender = issue.from.address.domain();
        let transports: Vec<&dyn Transport> =
            self.transports.iter().map(AsRef::as_ref).filter(|transport| transport.takes(sender)).collect();
        if transports.is_empty() {
            let what = format!("no relay takes mail from `{sender}`");
            let relay_down = Some(RelayDown { what, words: String::new() });
            return Ok(Summary { relay_down, ..Summary::default() });
        }
        let evidence = |subscriber: &SubscriberId| {
            let id = issue.message_id(subscriber);
            transports.iter().find_map(|transport| transport.has_arrived(&id))
        };
        let unknown = match self.in_doubt {
            InDoubt::Hold => State::InDoubt,
            InDoubt::Resend => State::Planned,
            InDoubt::AssumeSent => State::Sent,
        };
        let recover = |ledger: &Ledger| ledger.recover(&issue.id, self.clock.now(), unknown, evidence);
        let (tenure, lease, is_shared) = (Tenure::new(), ledger.lease(), ledger.is_shared());
        // Those who worked here before are dead from then on.
        ledger.begin_work()?;
        let in_doubt = recover(ledger)?;
        if ledger.is_held_against(&issue.id, list)? {
            ledger.withdraw_suppressed(&issue.id, now)?;
        } else {
            ledger.withdraw(&issue.id, list, now)?;
        }
        let counts = ledger.counts(&issue.id)?;
        let waiting = usize::try_from(counts.planned + counts.deferred).unwrap_or(usize::MAX);
        let sessions = transports.iter().map(|one| one.sessions().min(waiting.div_ceil(one.window()))).max();
        let mut routes = Vec::new();
        for transport in &transports {
            let absence = ledger.absence(&transport.name())?;
            routes.push(Route::new(*transport, absence.as_ref(), self.absent == Absent::IsLeftAlone));
        }
        ledger.forget_uses(now)?;
        let is_trusted = ledger.is_trusted(&issue.id)?;
        let desk = Desk {
            pace: Pace::default(),
            breaker: Breaker::new(counts.sent, ledger.refused(&issue.id)?, is_trusted),
            keeper: Keeper::new(ledger, &issue.id, &tenure, self.stop)?,
            routes,
            domain_rates: self.domain_rates,
            summary: Summary { in_doubt, ..Summary::default() },
        };
        let desk = Mutex::new(desk);
        let is_over = AtomicBool::new(false);
        let watch = |done| (self.watch)(Progress { before: counts, done });
        thread::scope(|scope| {
            let worker = |number| Worker {
                number,
                desk: &desk,
                transports: &transports,
                issue,
                composer,
                in_doubt: self.in_doubt,
                is_trusted,
                stop: self.stop,
                tenure: &tenure,
                lease,
                clock: self.clock,
                log: self.log,
                watch: &watch,
            };
            let workers = (0..sessions.unwrap_or(0).max(1)).map(worker);
            let handles: Vec<_> = workers.map(|worker| scope.spawn(move || worker.work())).collect();
            if is_shared {
                scope.spawn(|| {
                    while !is_over.load(Ordering::Relaxed) {
                        // A sixth of the lease, and soon over when all is.
                        let since = Instant::now();
                        while since.elapsed() < lease / 6 && !is_over.load(Ordering::Relaxed) {
                            thread::sleep(STEP);
                        }
                        if !is_over.load(Ordering::Relaxed) {
                            desk.lock().unwrap_or_else(PoisonError::into_inner).stay(&recover);
                        }
                    }
                });
            }
            // Whatever ends the sessions ends the pulse: who waits for a dead one would wait for ever.
            let _end = End(&is_over);
            let ended: Vec<_> = handles
                .into_iter()
                .map(|handle| handle.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic)))
                .collect();
            ended.into_iter().collect::<Result<(), _>>()
        })?;
        desk.into_inner().unwrap_or_else(PoisonError::into_inner).close(self.clock.now())
    }
}
