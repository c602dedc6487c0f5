//! The one place that asks the system what time it is.
//!
//! Not responsible for time zones or formats. Below `cli`, plain `DateTime` values travel as arguments.

use std::time::Instant;

use chrono::{DateTime, TimeDelta, Utc};

/// Where "now" comes from: the system, or `--now`.
#[derive(Clone, Copy, Debug)]
pub enum Clock {
    /// The machine's clock.
    System,
    /// A moment named by the user, the same at every question.
    Fixed(DateTime<Utc>),
}

impl Clock {
    /// The present moment.
    #[expect(clippy::disallowed_methods, reason = "the clock's own room")]
    pub fn now(self) -> DateTime<Utc> {
        match self {
            Self::System => Utc::now(),
            Self::Fixed(moment) => moment,
        }
    }
}

/// A clock that goes on from a given moment, for what takes long: it measures what has passed, whatever becomes of the system's time.
#[derive(Clone, Copy, Debug)]
pub struct Ticking {
    start: DateTime<Utc>,
    since: Instant,
}

impl Ticking {
    /// It is `start` now.
    pub fn from(start: DateTime<Utc>) -> Self {
        Self { start, since: Instant::now() }
    }

    /// The moment that has come by now.
    pub fn now(&self) -> DateTime<Utc> {
        self.start + TimeDelta::from_std(self.since.elapsed()).unwrap_or_default()
    }
}
