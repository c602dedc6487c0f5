//! The ledger as the sessions of a run use it. One that many share may be away for a while: then they wait and go on, and what has become of
//! the copies that were under way is written down as soon as it is back.

use std::collections::HashSet;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use super::tenure::Tenure;
use crate::ids::{IssueId, SubscriberId};
use crate::ledger::{Claims, Ledger, LedgerError, Settled};

/// So long it is waited for, and where the run is to end.
const PATIENCE: Duration = Duration::from_mins(10);
const BRIEFLY: Duration = Duration::from_secs(20);
/// How often it is looked whether it is back.
const STEP: Duration = Duration::from_millis(500);

pub(super) struct Keeper<'a> {
    pub ledger: &'a mut Ledger,
    pub issue: &'a IssueId,
    pub tenure: &'a Tenure,
    /// Ends the waiting.
    pub stop: &'a AtomicBool,
    /// What the sessions have in their hands.
    held: HashSet<SubscriberId>,
    /// Whether the connection is another one than that by which they were claimed.
    is_anew: bool,
}

impl<'a> Keeper<'a> {
    /// Begins the work on an issue.
    pub(super) fn new(
        ledger: &'a mut Ledger,
        issue: &'a IssueId,
        tenure: &'a Tenure,
        stop: &'a AtomicBool,
    ) -> Result<Self, LedgerError> {
        let mut keeper = Self { ledger, issue, tenure, stop, held: HashSet::new(), is_anew: false };
        keeper.begin()?;
        Ok(keeper)
    }

    fn begin(&mut self) -> Result<(), LedgerError> {
        if let Some(until) = self.ledger.begin_work()? {
            self.tenure.lasts(until);
        }
        Ok(())
    }

    /// Has the ledger do something, again and again while it is away.
    pub(super) fn persist<T>(
        &mut self,
        mut work: impl FnMut(&mut Ledger) -> Result<T, LedgerError>,
    ) -> Result<T, LedgerError> {
        let since = Instant::now();
        loop {
            match work(self.ledger) {
                Err(error) if self.ledger.is_shared() && error.is_passing() => {
                    // What is in flight is to be written down even where the run is to end.
                    let patience = if self.stop.load(Ordering::Relaxed) { BRIEFLY } else { PATIENCE };
                    if since.elapsed() > patience {
                        return Err(error);
                    }
                    thread::sleep(STEP);
                    self.look_for_it();
                }
                done => return done,
            }
        }
    }

    /// Connects anew where the connection has ended. What was claimed and never came to hand goes back: the connection may have ended
    /// between the two.
    fn look_for_it(&mut self) {
        // Where it fails it is tried again.
        self.is_anew |= self.ledger.reconnect().is_ok_and(|is_anew| is_anew);
        if self.is_anew && self.begin().is_ok() && self.ledger.give_back(self.issue, &self.held).is_ok() {
            self.is_anew = false;
        }
    }

    /// Notes what came of a turn; whether the lease had ended, and has begun anew.
    pub(super) fn came_of(&mut self, settled: &[Settled], claims: &Claims) -> Result<bool, LedgerError> {
        if !self.ledger.is_shared() {
            return Ok(false);
        }
        for settled in settled {
            self.held.remove(&settled.subscriber);
        }
        self.held.extend(claims.list.iter().map(|claim| claim.subscriber.clone()));
        match claims.until {
            Some(until) => self.tenure.lasts(until),
            None => self.begin()?,
        }
        Ok(claims.until.is_none())
    }

    /// Says that this worker is alive, while all its sessions are busy. A ledger that is away is looked for.
    pub(super) fn stay(&mut self) {
        match self.ledger.renew() {
            Ok(Some(until)) => self.tenure.lasts(until),
            // Where it fails it is tried again.
            Ok(None) => drop(self.begin()),
            Err(_) => self.look_for_it(),
        }
        if self.is_anew {
            self.look_for_it();
        }
    }
}
