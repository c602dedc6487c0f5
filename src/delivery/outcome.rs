//! What an attempt makes of a delivery.

use chrono::{DateTime, TimeDelta, Utc};

use super::retry::next_attempt;
use super::transport::{Attempt, Phase};
use super::verdict::{Verdict, verdict};
use crate::config::InDoubt;
use crate::ids::SubscriberId;
use crate::ledger::{Claim, Outcome, State};

/// How long a copy waits that came to nothing by no fault of its own.
const BALKED: TimeDelta = TimeDelta::minutes(5);

/// What an outcome follows from besides the attempt.
#[derive(Clone, Copy, Debug)]
pub(super) struct Circumstances<'a> {
    pub relay: &'a str,
    pub now: DateTime<Utc>,
    /// When the issue was frozen.
    pub created: DateTime<Utc>,
    pub in_doubt: InDoubt,
    /// The owner has let the issue go on in spite of its refusals.
    pub is_trusted: bool,
}

pub(super) fn outcome(claim: &Claim, attempt: Attempt, of: &Circumstances<'_>) -> Outcome {
    let mut outcome = untried(of.relay);
    outcome.phase = attempt.phase().as_str();
    match verdict(&attempt) {
        Verdict::Sent => outcome.state = State::Sent,
        Verdict::Later => later(&mut outcome, claim, of),
        Verdict::Gone => {
            outcome.state = State::Failed;
            outcome.suppress = Some("bounced");
        }
        Verdict::Refused => outcome.state = State::Failed,
        Verdict::InDoubt => match of.in_doubt {
            InDoubt::Hold => outcome.state = State::InDoubt,
            InDoubt::AssumeSent => outcome.state = State::Sent,
            InDoubt::Resend => later(&mut outcome, claim, of),
        },
        // What the owner insists on is tried again, and given up in the end.
        Verdict::Spam if of.is_trusted => later(&mut outcome, claim, of),
        // As if never tried. Where the copy came to be spoken of, others go first for a while: if it is this one
        // recipient at whom the relay balks, nobody else waits behind them.
        Verdict::RelayFault | Verdict::NotDelivered | Verdict::Spam => {
            let spoken_of = !matches!(attempt.phase(), Phase::Connect | Phase::Mail);
            outcome.next_at = spoken_of.then(|| of.now + BALKED);
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
    outcome
}

/// Of a claim that comes back as it was taken.
pub(super) fn untried(relay: &str) -> Outcome {
    Outcome {
        state: State::Planned,
        next_at: None,
        relay: relay.to_owned(),
        phase: Phase::Connect.as_str(),
        code: None,
        enhanced: None,
        reply: String::new(),
        suppress: None,
    }
}

fn later(outcome: &mut Outcome, claim: &Claim, of: &Circumstances<'_>) {
    outcome.next_at = next_attempt(claim.attempt, of.now, of.created, seed(&claim.subscriber));
    outcome.state = if outcome.next_at.is_some() { State::Deferred } else { State::Failed };
}

fn seed(subscriber: &SubscriberId) -> u64 {
    let hash = blake3::hash(subscriber.as_str().as_bytes());
    hash.as_bytes().iter().take(4).fold(0, |seed, byte| seed << 8 | u64::from(*byte))
}
