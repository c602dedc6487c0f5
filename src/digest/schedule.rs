//! When a newsletter is due.

use chrono::{DateTime, Utc};
use chrono_tz::Tz;

use crate::config::Schedule;

/// Who asks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Asked {
    /// cron, by `run`.
    ByCron,
    /// The owner, by `send`.
    ByOwner,
}

/// Whether a newsletter is due.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Due {
    /// It is; `tick` is the time of the schedule that is being met, where it has times.
    Now {
        /// The time of the cron pattern that has come.
        tick: Option<DateTime<Utc>>,
    },
    /// Not before that time (`None`: never by itself).
    Later(Option<DateTime<Utc>>),
}

/// Whether the schedule wants an issue at `now`; `met` is the latest of its times that has been met already.
///
/// Of several times missed (the machine was off) only the latest counts: one issue, not one for each.
pub fn due(
    schedule: &Schedule,
    zone: Tz,
    now: DateTime<Utc>,
    met: Option<DateTime<Utc>>,
    asked: Asked,
) -> Due {
    match (schedule, asked) {
        (Schedule::EachPost, _) | (Schedule::Manual, Asked::ByOwner) => Due::Now { tick: None },
        (Schedule::Manual, Asked::ByCron) => Due::Later(None),
        (Schedule::Cron(cron, _), _) => {
            let local = now.with_timezone(&zone);
            let latest = cron.find_previous_occurrence(&local, true).ok().map(|tick| tick.to_utc());
            match latest {
                // A time met in the future was met by a clock gone wrong: it must not silence the newsletter until then.
                Some(tick) if met.is_none_or(|met| met < tick || met > now) => Due::Now { tick: Some(tick) },
                _ => Due::Later(next(schedule, zone, now)),
            }
        }
    }
}

/// The schedule's next time after `now`, where it has times.
pub fn next(schedule: &Schedule, zone: Tz, now: DateTime<Utc>) -> Option<DateTime<Utc>> {
    let Schedule::Cron(cron, _) = schedule else { return None };
    cron.find_next_occurrence(&now.with_timezone(&zone), false).ok().map(|tick| tick.to_utc())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> DateTime<Utc> {
        DateTime::parse_from_rfc3339(text).unwrap().to_utc()
    }

    #[test]
    fn a_time_is_met_once_and_late_rather_than_never() {
        let weekly = Schedule::Cron(Box::new("0 8 * * MON".parse().unwrap()), String::new());
        let monday = at("2026-11-23T08:00:00+09:00");
        let ask = |now, met| due(&weekly, Tz::Asia__Seoul, now, met, Asked::ByCron);
        assert_eq!(ask(monday, None), Due::Now { tick: Some(monday) });
        assert_eq!(ask(at("2026-11-25T12:00:00+09:00"), None), Due::Now { tick: Some(monday) });
        let next = at("2026-11-30T08:00:00+09:00");
        assert_eq!(ask(at("2026-11-23T08:00:01+09:00"), Some(monday)), Due::Later(Some(next)));
        assert_eq!(ask(next, Some(monday)), Due::Now { tick: Some(next) });
        assert_eq!(ask(monday, Some(at("2099-01-05T08:00:00+09:00"))), Due::Now { tick: Some(monday) });
    }

    #[test]
    fn manual_is_for_the_owner_alone() {
        let now = at("2026-11-23T08:00:00+09:00");
        assert_eq!(due(&Schedule::Manual, Tz::UTC, now, None, Asked::ByCron), Due::Later(None));
        assert_eq!(due(&Schedule::Manual, Tz::UTC, now, None, Asked::ByOwner), Due::Now { tick: None });
    }
}
