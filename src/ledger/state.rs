//! The states of a delivery and how many deliveries are in each.

use serde::Serialize;

/// What has become of one subscriber's copy.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// Waiting for its first attempt.
    Planned,
    /// Handed over at this moment, or when the run that did so died.
    Sending,
    /// The relay has taken it.
    Sent,
    /// The relay said: later.
    Deferred,
    /// The relay refused it for good.
    Failed,
    /// It may or may not have been taken; nobody can know.
    InDoubt,
    /// The subscriber may not be written to any more.
    Suppressed,
    /// The owner called it back.
    Cancelled,
}

impl State {
    /// As the ledger writes it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Planned => "planned",
            Self::Sending => "sending",
            Self::Sent => "sent",
            Self::Deferred => "deferred",
            Self::Failed => "failed",
            Self::InDoubt => "in_doubt",
            Self::Suppressed => "suppressed",
            Self::Cancelled => "cancelled",
        }
    }
}

/// How many deliveries of an issue are in each state.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[expect(missing_docs, reason = "each is the number of deliveries in the state of that name")]
pub struct Counts {
    pub planned: u64,
    pub sending: u64,
    pub sent: u64,
    pub deferred: u64,
    pub failed: u64,
    pub in_doubt: u64,
    pub suppressed: u64,
    pub cancelled: u64,
}

impl Counts {
    pub(super) fn add(&mut self, state: &str, count: u64) {
        let slot = match state {
            "planned" => &mut self.planned,
            "sending" => &mut self.sending,
            "sent" => &mut self.sent,
            "deferred" => &mut self.deferred,
            "failed" => &mut self.failed,
            "in_doubt" => &mut self.in_doubt,
            "suppressed" => &mut self.suppressed,
            _ => &mut self.cancelled,
        };
        *slot += count;
    }
}
