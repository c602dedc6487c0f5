//! When a deferred copy is tried again.

use chrono::{DateTime, TimeDelta, Utc};

/// The longest pause between two attempts.
const LONGEST: TimeDelta = TimeDelta::hours(4);
/// How long after the issue was frozen a copy is still tried.
const GIVE_UP: TimeDelta = TimeDelta::days(2);

/// The time of the next attempt after attempt number `attempt` (from 1) was put off at `now`: 5 minutes, doubled each
/// time, at most 4 hours, and up to a fifth more by `seed`, so that copies put off together do not come back together.
/// `None` where the issue, frozen at `created`, would be over two days old by then.
pub(super) fn next_attempt(
    attempt: u32,
    now: DateTime<Utc>,
    created: DateTime<Utc>,
    seed: u64,
) -> Option<DateTime<Utc>> {
    let pause = TimeDelta::minutes(5 << attempt.saturating_sub(1).min(6)).min(LONGEST);
    let fifth = pause.num_seconds() / 5;
    let jitter = TimeDelta::seconds(i64::try_from(seed % 1000).unwrap_or(0) * fifth / 1000);
    let next = now + pause + jitter;
    (next - created <= GIVE_UP).then_some(next)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_whole_schedule() {
        let created = DateTime::from_timestamp(1_700_000_000, 0).unwrap();
        let (mut now, mut pauses) = (created, Vec::new());
        for attempt in 1.. {
            let Some(next) = next_attempt(attempt, now, created, 0) else { break };
            pauses.push((next - now).num_minutes());
            now = next;
        }
        assert_eq!(pauses, [5, 10, 20, 40, 80, 160, 240, 240, 240, 240, 240, 240, 240, 240, 240, 240]);
    }

    #[test]
    fn jitter_adds_at_most_a_fifth() {
        let now = DateTime::from_timestamp(1_700_000_000, 0).unwrap();
        for seed in [0, 1, 500, 999, u64::MAX] {
            let pause = next_attempt(1, now, now, seed).unwrap() - now;
            assert!((300..=360).contains(&pause.num_seconds()), "{pause}");
        }
    }
}
