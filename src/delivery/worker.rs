//! One session's share of the work: takes claims from the desk, hands each over, reports, and again.

use std::collections::VecDeque;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use super::desk::{Desk, Report, Summary, Work};
use super::log::Log;
use super::outcome::{Circumstances, outcome, untried};
use super::tenure::Tenure;
use super::transport::{Attempt, Outbox, Phase, RelayDown, Session, Transport};
use super::verdict::{Verdict, verdict};
use crate::clock::Ticking;
use crate::config::InDoubt;
use crate::digest::Issue;
use crate::ledger::{Claim, LedgerError, Settled};
use crate::mail::{Composer, Message};

/// So many copies in doubt one after the other in one session are no accident: the relay hangs up at every one.
const MOST_DOUBTS: usize = 2;
/// So many fresh sessions that break before anything came of them, and the relay is down.
const MOST_OPENED: usize = 2;

/// A session, and what it needs.
pub(super) struct Worker<'a, 'd> {
    pub number: usize,
    pub desk: &'a Mutex<Desk<'d>>,
    pub transports: &'a [&'a dyn Transport],
    pub issue: &'a Issue,
    pub composer: &'a Composer<'a>,
    pub in_doubt: InDoubt,
    pub is_trusted: bool,
    pub stop: &'a AtomicBool,
    pub tenure: &'a Tenure,
    pub lease: Duration,
    pub clock: Ticking,
    pub log: &'a Log<'a>,
    pub watch: &'a (dyn Fn([usize; 4]) + Sync),
}

/// The session that is open, to which relay, and its name in the log.
type Open<'a> = Option<(usize, Box<dyn Session + 'a>, String)>;

impl<'a> Worker<'a, '_> {
    pub(super) fn work(&self) -> Result<(), LedgerError> {
        let mut open: Open<'a> = None;
        let mut report = Report::default();
        let mut doubts = 0;
        let mut window = Window::new();
        loop {
            match self.ask(&mut report, &mut window)? {
                Work::Over => break,
                Work::Wait(until) => self.sleep(until),
                Work::Claims(route, claims) => {
                    report = self.carry(route, claims, &mut open, (&mut doubts, &mut window))?;
                }
            }
        }
        if let Some((_, session, _)) = open {
            session.close();
        }
        Ok(())
    }

    /// Reports to the desk and asks for more.
    fn ask(&self, report: &mut Report, window: &mut Window) -> Result<Work, LedgerError> {
        let asked = Instant::now();
        let wanted = if self.stop.load(Ordering::Relaxed) { 0 } else { window.next(asked) };
        let (work, done) = {
            let mut desk = self.desk.lock().unwrap_or_else(PoisonError::into_inner);
            let work = desk.turn(self.number, report, wanted, self.clock.now())?;
            let Summary { sent, deferred, failed, in_doubt, .. } = desk.summary;
            (work, [sent, deferred, failed, in_doubt])
        };
        *report = Report::default();
        window.claimed(asked, if let Work::Claims(_, claims) = &work { claims.len() } else { 0 });
        // Not under the lock: whoever looks on may be slow.
        (self.watch)(done);
        Ok(work)
    }

    /// Hands claims over by one route, on a fresh session where the old one has ended. Where two fresh ones break before anything was
    /// delivered, or the relay refuses what has nothing to do with the recipient, it is down, and what is left comes back.
    fn carry(
        &self,
        route: usize,
        claims: Vec<(Claim, i64)>,
        open: &mut Open<'a>,
        (doubts, window): (&mut usize, &mut Window),
    ) -> Result<Report, LedgerError> {
        let transport = self.transports[route];
        let relay = transport.name();
        window.most = transport.window();
        let mut tray = Tray {
            worker: self,
            route,
            window,
            failure: None,
            relay: &relay,
            session: String::new(),
            queue: claims.into(),
            flight: VecDeque::new(),
            halted: None,
            blame: None,
            returned: 0,
            doubts: *doubts,
            answered: 0,
            report: Report::default(),
        };
        let mut opened = 0;
        let mut down = None;
        while down.is_none() && !tray.queue.is_empty() && !tray.is_over() {
            if let Some((_, at)) = tray.queue.front() {
                self.sleep(*at);
            }
            if open.as_ref().is_none_or(|(of, session, _)| *of != route || !session.is_usable()) {
                if let Some((_, old, _)) = open.take() {
                    old.close();
                }
                match transport.open() {
                    Ok(fresh) => *open = Some((route, fresh, self.log.opened(&relay))),
                    Err(why) => {
                        tray.halted = Some(Attempt::Broken(Phase::Connect, why.what.clone()));
                        down = Some(why);
                        break;
                    }
                }
                opened += 1;
            }
            let Some((_, session, name)) = open.as_mut() else { break };
            tray.session.clone_from(name);
            let before = tray.answered;
            tray.returned = 0;
            tray.blame = None;
            session.hand_over(&mut tray);
            if tray.answered > before {
                opened = 0;
            }
            let Some(attempt) = &tray.halted else { continue };
            // A session that has ended, or has had enough, is no fault yet: it may have been idle too long, or had its share of messages.
            let has_had_enough = opened == 0 && had_enough(attempt);
            let is_over = !session.is_usable() || has_had_enough;
            if !is_over || opened == MOST_OPENED || tray.doubts >= MOST_DOUBTS {
                down = Some(RelayDown::seen(&relay, attempt));
            } else {
                tray.halted = None;
                if let Some((_, session, _)) = open.take_if(|_| has_had_enough) {
                    session.close();
                }
            }
        }
        *doubts = if down.is_some() { 0 } else { tray.doubts };
        if let Some(failure) = tray.failure.take() {
            return Err(failure);
        }
        let mut report = tray.finish();
        report.fault = down.map(|down| (route, down));
        Ok(report)
    }

    /// Waits for a time in microseconds of Unix time, or to be stopped.
    fn sleep(&self, until: i64) {
        while !self.stop.load(Ordering::Relaxed) {
            let left = until - self.clock.now().timestamp_micros();
            if left <= 0 {
                break;
            }
            thread::sleep(Duration::from_micros(left.unsigned_abs()).min(Duration::from_millis(50)));
        }
    }
}

/// The claims that a session is at work on.
struct Tray<'t, 'a, 'd> {
    worker: &'t Worker<'a, 'd>,
    route: usize,
    window: &'t mut Window,
    /// The ledger's, which ends the work.
    failure: Option<LedgerError>,
    relay: &'t str,
    /// The name in the log of the session that has been handed the messages.
    session: String,
    queue: VecDeque<(Claim, i64)>,
    /// Taken by the session, and not answered for.
    flight: VecDeque<(Claim, i64)>,
    /// The relay's fault: nothing more goes to this session.
    halted: Option<Attempt>,
    /// What became of the first claim that came back.
    blame: Option<Attempt>,
    /// How many claims have come back in front of the queue.
    returned: usize,
    doubts: usize,
    /// How many copies the relay has given an answer about.
    answered: usize,
    report: Report,
}

impl Tray<'_, '_, '_> {
    fn is_over(&self) -> bool {
        self.failure.is_some()
            || self.report.spam.is_some()
            || self.worker.stop.load(Ordering::Relaxed)
            || !self.worker.tenure.holds(Instant::now(), self.worker.lease)
    }

    /// Claims more while the last text is under way, so that the next message's commands can leave with it.
    fn refill(&mut self) {
        match self.worker.ask(&mut self.report, self.window) {
            Ok(Work::Claims(route, claims)) if route == self.route => self.queue.extend(claims),
            // Another relay's turn: they come back as they were.
            Ok(Work::Claims(_, claims)) => claims.into_iter().for_each(|(claim, _)| self.give_back(claim)),
            Ok(Work::Wait(_) | Work::Over) => {}
            Err(failure) => self.failure = Some(failure),
        }
    }

    fn give_back(&mut self, claim: Claim) {
        let outcome = untried(self.relay);
        self.report.settled.push(Settled { subscriber: claim.subscriber, outcome });
    }

    fn settle(&mut self, claim: Claim, attempt: Attempt) {
        let circumstances = Circumstances {
            relay: self.relay,
            now: self.worker.clock.now(),
            created: self.worker.issue.created.to_utc(),
            in_doubt: self.worker.in_doubt,
            is_trusted: self.worker.is_trusted,
        };
        let outcome = outcome(&claim, attempt, &circumstances);
        self.worker.log.settled(&self.worker.issue.id, &self.session, &claim, &outcome);
        self.report.settled.push(Settled { subscriber: claim.subscriber, outcome });
    }

    /// What became of them all: what is left comes back as it was, but for the one that the relay found fault with.
    fn finish(mut self) -> Report {
        if let Some(attempt) = self.blame.take().filter(|_| self.halted.is_some())
            && let Some((claim, _)) = self.queue.pop_front()
        {
            self.settle(claim, attempt);
        }
        for (claim, _) in std::mem::take(&mut self.queue) {
            self.give_back(claim);
        }
        self.report
    }
}

impl Outbox for Tray<'_, '_, '_> {
    fn next(&mut self) -> Option<Message> {
        let due = |at: i64| at <= self.worker.clock.now().timestamp_micros();
        if self.queue.is_empty() && !self.flight.is_empty() && self.halted.is_none() && !self.is_over() {
            self.refill();
        }
        if self.halted.is_some() || self.is_over() || !self.queue.front().is_some_and(|(_, at)| due(*at)) {
            return None;
        }
        let (claim, at) = self.queue.pop_front()?;
        let message = self.worker.composer.message(&claim.subscriber, &claim.to);
        self.flight.push_back((claim, at));
        Some(message)
    }

    fn done(&mut self, attempt: Attempt) {
        let Some((claim, at)) = self.flight.pop_front() else { return };
        let verdict = verdict(&attempt);
        match verdict {
            Verdict::InDoubt => self.doubts += 1,
            // Says nothing of how the relay answers.
            Verdict::NotDelivered | Verdict::RelayFault => {}
            _ => {
                self.doubts = 0;
                self.answered += 1;
            }
        }
        match verdict {
            Verdict::NotDelivered | Verdict::RelayFault => {
                self.queue.insert(self.returned, (claim, at));
                self.returned += 1;
                self.blame.get_or_insert_with(|| attempt.clone());
                self.halted.get_or_insert(attempt);
            }
            _ => {
                if self.doubts >= MOST_DOUBTS {
                    self.halted.get_or_insert_with(|| attempt.clone());
                }
                if verdict == Verdict::Spam
                    && !self.worker.is_trusted
                    && let Attempt::Refused(_, reply) = &attempt
                {
                    let code = reply.enhanced.as_deref().unwrap_or_default();
                    let why = format!("{} refused the message itself: {} {code}", self.relay, reply.code);
                    self.report.spam.get_or_insert(why);
                }
                self.settle(claim, attempt);
            }
        }
    }
}

/// Whether a relay may take on a fresh connection what it puts off on an old one.
fn had_enough(attempt: &Attempt) -> bool {
    matches!(attempt, Attempt::Refused(Phase::Mail, reply) if reply.code < 500)
}

/// How many deliveries to claim at once: so many that the ledger costs about a quarter of the time that handing over takes, as what is
/// claimed is in doubt if the run dies. A relay across the network leaves a window of one, and one more while a text is under way.
struct Window {
    /// The most.
    most: usize,
    /// How long the ledger took for the last claim.
    ledger: Duration,
    /// Since when the last claims are handed over, and how many they are.
    since: Instant,
    claims: usize,
}

impl Window {
    fn new() -> Self {
        Self { most: 1, ledger: Duration::ZERO, since: Instant::now(), claims: 0 }
    }

    /// How many to ask for at `now`.
    fn next(&self, now: Instant) -> usize {
        if self.claims == 0 {
            return 1;
        }
        let each = (now - self.since) / u32::try_from(self.claims).unwrap_or(1);
        // The first messages say little: a window grows step by step.
        next_window(self.ledger, each, self.most).min(self.claims * 2)
    }

    /// So many were claimed, which was asked for at `asked`.
    fn claimed(&mut self, asked: Instant, claims: usize) {
        self.since = Instant::now();
        self.ledger = self.since - asked;
        self.claims = claims;
    }
}

fn next_window(ledger: Duration, each: Duration, most: usize) -> usize {
    let quarters = ledger.as_micros() * 4 / each.as_micros().max(1);
    usize::try_from(quarters).unwrap_or(most).clamp(1, most)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_window_is_as_small_as_the_ledger_allows() {
        let (ms, us) = (Duration::from_millis, Duration::from_micros);
        assert_eq!(next_window(us(200), ms(50), 20), 1);
        assert_eq!(next_window(us(500), us(500), 20), 4);
        assert_eq!(next_window(ms(8), us(500), 20), 20);
        assert_eq!(next_window(ms(8), Duration::ZERO, 20), 20);
    }
}
