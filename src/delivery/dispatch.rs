//! Carries out an issue's deliveries: claims a few, hands each over, writes down what became of them, and again.
//!
//! Several sessions work side by side; the ledger, behind one lock, gives no claim to two of them.

use std::collections::HashSet;
use std::sync::{Mutex, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use chrono::{DateTime, TimeDelta, Utc};

use super::retry::next_attempt;
use super::transport::{Attempt, Phase, RelayDown, Session, Transport};
use super::verdict::{Verdict, verdict};
use crate::digest::Issue;
use crate::ids::SubscriberId;
use crate::ledger::{Claim, Ledger, LedgerError, Outcome, Settled, State};
use crate::mail::Composer;

/// So many copies in doubt one after the other in one session are no accident: the relay hangs up at every one.
const MOST_DOUBTS: usize = 2;

/// How long a copy waits that came to nothing by no fault of its own.
const BALKED: TimeDelta = TimeDelta::minutes(5);

/// What a run did for one issue.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Summary {
    /// Copies taken by the relay.
    pub sent: usize,
    /// Copies to be tried again.
    pub deferred: usize,
    /// Copies refused for good.
    pub failed: usize,
    /// Copies of which nobody knows.
    pub in_doubt: usize,
    /// Why the relay was left alone, if it was.
    pub relay_down: Option<RelayDown>,
}

/// Delivers what is due of `issue` at `now` to those of its audience who are still `active`.
///
/// # Errors
/// The ledger's: without it nothing may be sent.
pub fn deliver(
    ledger: &mut Ledger,
    issue: &Issue,
    composer: &Composer<'_>,
    transport: &dyn Transport,
    active: &HashSet<SubscriberId>,
    now: DateTime<Utc>,
) -> Result<Summary, LedgerError> {
    let in_doubt =
        ledger.recover(&issue.id, now, |subscriber| transport.has_arrived(&issue.message_id(subscriber)))?;
    ledger.withdraw(&issue.id, active, now)?;
    let counts = ledger.counts(&issue.id)?;
    let waiting = usize::try_from(counts.planned + counts.deferred).unwrap_or(usize::MAX);
    let sessions = transport.sessions().min(waiting.div_ceil(transport.window())).max(1);
    let ledger = Mutex::new(ledger);
    let worker = Worker { ledger: &ledger, issue, composer, transport, now };
    thread::scope(|scope| {
        let handles: Vec<_> = (0..sessions).map(|_| scope.spawn(|| worker.work())).collect();
        let mut total = Summary { in_doubt, ..Summary::default() };
        for handle in handles {
            let part = handle.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic))?;
            total.sent += part.sent;
            total.deferred += part.deferred;
            total.failed += part.failed;
            total.in_doubt += part.in_doubt;
            total.relay_down = total.relay_down.or(part.relay_down);
        }
        Ok(total)
    })
}

/// One session's share of the work.
struct Worker<'a> {
    ledger: &'a Mutex<&'a mut Ledger>,
    issue: &'a Issue,
    composer: &'a Composer<'a>,
    transport: &'a dyn Transport,
    now: DateTime<Utc>,
}

impl Worker<'_> {
    fn work(&self) -> Result<Summary, LedgerError> {
        let mut summary = Summary::default();
        let mut session: Option<Box<dyn Session + '_>> = None;
        let mut settled: Vec<Settled> = Vec::new();
        let mut doubts = 0;
        let mut window = 1;
        loop {
            let wanted = if summary.relay_down.is_some() { 0 } else { window };
            let asked = Instant::now();
            let claims = {
                let mut ledger = self.ledger.lock().unwrap_or_else(PoisonError::into_inner);
                ledger.settle_and_claim(&self.issue.id, &settled, wanted, self.now)?
            };
            settled.clear();
            if claims.is_empty() {
                break;
            }
            let claimed = Instant::now();
            for claim in claims {
                let attempt = self.attempt(&claim, &mut session, &mut summary);
                doubts = if verdict(&attempt) == Verdict::InDoubt { doubts + 1 } else { 0 };
                if doubts == MOST_DOUBTS {
                    summary.relay_down = Some(RelayDown::seen(&self.transport.name(), &attempt));
                }
                settled.push(self.settle(claim, attempt, &mut summary));
            }
            let each = claimed.elapsed() / u32::try_from(settled.len()).unwrap_or(1);
            window = next_window(claimed - asked, each, self.transport.window());
        }
        if let Some(session) = session {
            session.close();
        }
        Ok(summary)
    }

    /// Hands one copy over, on a fresh session where the old one has ended. Where two fresh ones break before anything was
    /// delivered, or the relay refuses what has nothing to do with the recipient, it is down.
    fn attempt<'s>(
        &'s self,
        claim: &Claim,
        session: &mut Option<Box<dyn Session + 's>>,
        summary: &mut Summary,
    ) -> Attempt {
        let mut attempt = Attempt::Broken(Phase::Connect, String::new());
        let mut opened = 0;
        while summary.relay_down.is_none() {
            if session.as_ref().is_none_or(|session| !session.is_usable()) {
                if let Some(old) = session.take() {
                    old.close();
                }
                match self.transport.open() {
                    Ok(fresh) => *session = Some(fresh),
                    Err(down) => {
                        attempt = Attempt::Broken(Phase::Connect, down.what.clone());
                        summary.relay_down = Some(down);
                        break;
                    }
                }
                opened += 1;
            }
            let Some(open) = session.as_mut() else { break };
            attempt = open.hand_over(&self.composer.message(&claim.subscriber, &claim.to));
            if !matches!(verdict(&attempt), Verdict::NotDelivered | Verdict::RelayFault) {
                break;
            }
            // A session that has ended is no fault yet: it may have been idle too long, or had its share of messages.
            if open.is_usable() || opened == 2 {
                summary.relay_down = Some(RelayDown::seen(&self.transport.name(), &attempt));
            }
        }
        attempt
    }

    fn settle(&self, claim: Claim, attempt: Attempt, summary: &mut Summary) -> Settled {
        let mut outcome = Outcome {
            state: State::Planned,
            next_at: None,
            relay: self.transport.name(),
            phase: phase(&attempt).as_str(),
            code: None,
            enhanced: None,
            reply: String::new(),
            suppress: None,
        };
        match verdict(&attempt) {
            Verdict::Sent => {
                outcome.state = State::Sent;
                summary.sent += 1;
            }
            Verdict::Later => {
                let hash = blake3::hash(claim.subscriber.as_str().as_bytes());
                let seed = hash.as_bytes().iter().take(4).fold(0, |seed, byte| seed << 8 | u64::from(*byte));
                outcome.next_at = next_attempt(claim.attempt, self.now, self.issue.created.to_utc(), seed);
                if outcome.next_at.is_some() {
                    outcome.state = State::Deferred;
                    summary.deferred += 1;
                } else {
                    outcome.state = State::Failed;
                    summary.failed += 1;
                }
            }
            Verdict::Gone => {
                outcome.state = State::Failed;
                outcome.suppress = Some("bounced");
                summary.failed += 1;
            }
            Verdict::Refused => {
                outcome.state = State::Failed;
                summary.failed += 1;
            }
            Verdict::InDoubt => {
                outcome.state = State::InDoubt;
                summary.in_doubt += 1;
            }
            // As if never tried. Where the copy came to be spoken of, others go first for a while: if it is this one
            // recipient at whom the relay balks, nobody else waits behind them.
            Verdict::RelayFault | Verdict::NotDelivered => {
                let spoken_of = !matches!(phase(&attempt), Phase::Connect | Phase::Mail);
                outcome.next_at = spoken_of.then(|| self.now + BALKED);
            }
        }
        match attempt {
            Attempt::Broken(_, text) => outcome.reply = text,
            Attempt::Taken(reply) | Attempt::Refused(_, reply) => {
                outcome.code = Some(reply.code);
                outcome.enhanced = reply.enhanced;
                outcome.reply = reply.text;
            }
        }
        Settled { subscriber: claim.subscriber, outcome }
    }
}

/// How many deliveries to claim next: so many that the ledger, which took `ledger` for the last claim, costs about a tenth of the
/// time that handing over takes at `each` a message. A relay across the network leaves a window of one.
fn next_window(ledger: Duration, each: Duration, most: usize) -> usize {
    let tenths = ledger.as_micros() * 10 / each.as_micros().max(1);
    usize::try_from(tenths).unwrap_or(most).clamp(1, most)
}

/// How far an attempt came.
fn phase(attempt: &Attempt) -> Phase {
    match attempt {
        Attempt::Broken(phase, _) | Attempt::Refused(phase, _) => *phase,
        Attempt::Taken(_) => Phase::Dot,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_window_is_as_small_as_the_ledger_allows() {
        let (ms, us) = (Duration::from_millis, Duration::from_micros);
        assert_eq!(next_window(us(200), ms(50), 20), 1);
        assert_eq!(next_window(us(200), us(500), 20), 4);
        assert_eq!(next_window(ms(8), us(500), 20), 20);
        assert_eq!(next_window(ms(8), Duration::ZERO, 20), 20);
    }
}
