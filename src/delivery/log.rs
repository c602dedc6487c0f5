//! What the log holds of deliveries: a line for each session, and one for each answer about a copy.

use std::sync::atomic::{AtomicU64, Ordering};

use chrono::SecondsFormat;

use crate::ids::{IssueId, SubscriberId};
use crate::ledger::{Claim, Outcome, State};

/// The names under which they stand there.
pub struct Log<'a> {
    run: &'a str,
    hashed: &'a (dyn Fn(&SubscriberId) -> String + Sync),
    sessions: AtomicU64,
}

impl<'a> Log<'a> {
    /// Sessions are named after the run, subscribers by what `hashed` makes of them: nobody may be known by it who is not known already.
    pub fn new(run: &'a str, hashed: &'a (dyn Fn(&SubscriberId) -> String + Sync)) -> Self {
        Self { run, hashed, sessions: AtomicU64::new(0) }
    }

    /// The name of a session that has just been opened.
    pub(super) fn opened(&self, relay: &str) -> String {
        let session = format!("{}-{}", self.run, self.sessions.fetch_add(1, Ordering::Relaxed) + 1);
        tracing::info!(session, relay, "session opened");
        session
    }

    /// What became of a copy. Of the relay's words, which may name the recipient, the codes alone are told.
    pub(super) fn settled(&self, issue: &IssueId, session: &str, claim: &Claim, outcome: &Outcome) {
        if !tracing::enabled!(tracing::Level::INFO) {
            return;
        }
        tracing::info!(
            issue = issue.as_str(),
            subscriber = (self.hashed)(&claim.subscriber),
            session,
            relay = outcome.relay,
            state = outcome.state.as_str(),
            attempt = claim.attempt,
            phase = outcome.phase,
            code = outcome.code,
            enhanced = outcome.enhanced,
            next = outcome
                .next_at
                .filter(|_| outcome.state != State::Failed)
                .map(|at| at.to_rfc3339_opts(SecondsFormat::Secs, true)),
            "delivery"
        );
    }
}
