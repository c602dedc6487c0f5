//! For how long what this process has claimed is surely its own. Where the ledger is shared, others take a worker for dead of whom the
//! database has heard nothing for the length of its lease; it stops in good time before that.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

/// The end of a lease, as all sessions see it.
#[derive(Debug)]
pub(super) struct Tenure {
    since: Instant,
    /// Milliseconds from then; `u64::MAX` where nobody shares the ledger.
    until: AtomicU64,
}

/// So much of a lease, in hundredths, is left for what is under way when it is not renewed.
const RESERVE: u128 = 25;

impl Tenure {
    pub(super) fn new() -> Self {
        Self { since: Instant::now(), until: AtomicU64::new(u64::MAX) }
    }

    /// It lasts until then.
    pub(super) fn lasts(&self, until: Instant) {
        let millis = u64::try_from((until - self.since).as_millis()).unwrap_or(u64::MAX - 1);
        self.until.store(millis, Ordering::Relaxed);
    }

    /// Whether something may be begun that has come this far at `now`.
    pub(super) fn holds(&self, now: Instant, lease: Duration) -> bool {
        let until = self.until.load(Ordering::Relaxed);
        let reserve = lease.as_millis() * RESERVE / 100;
        until == u64::MAX || (now - self.since).as_millis() + reserve < u128::from(until)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_is_begun_in_the_last_quarter_of_a_lease() {
        let (tenure, lease) = (Tenure::new(), Duration::from_mins(1));
        let now = Instant::now();
        assert!(tenure.holds(now + Duration::from_hours(9), lease), "nobody shares the ledger");
        tenure.lasts(now + lease);
        assert!(tenure.holds(now + Duration::from_secs(44), lease));
        assert!(!tenure.holds(now + Duration::from_secs(46), lease));
    }
}
