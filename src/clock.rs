//! The one place that asks the system what time it is.
//!
//! Not responsible for time zones or formats. Below `cli`, plain `DateTime` values travel as arguments.

use chrono::{DateTime, Utc};

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
