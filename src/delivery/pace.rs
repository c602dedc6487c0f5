//! How much may leave, and when: exactly so many messages in any span of time, to a relay and to a recipient's domain.
//!
//! A rate by the second or minute spaces messages evenly (GCRA without a burst); one by the hour or day lets them go at once until it
//! is used up, and each use comes back when its span has passed. Both hold for any span wherever it begins, not for the clock's hours.
//! The crate `governor` is not used: what it has counted cannot be taken along from one run to the next.

use std::collections::{HashMap, VecDeque};

use crate::config::Rate;
use crate::ledger::Use;

/// Up to this span, in milliseconds, messages are spaced.
const SPACED: i64 = 60_000;
/// What is used is remembered in so many parts of a span; a part counts until all of it is over.
const PARTS: i64 = 3600;

/// What has been used of every rate. Times are microseconds of Unix time.
#[derive(Debug, Default)]
pub(super) struct Pace {
    /// The last turn of which it knows.
    turn: i64,
    meters: HashMap<(String, i64), Meter>,
    news: Vec<Use>,
}

#[derive(Debug)]
enum Meter {
    /// When the next message may go.
    Spaced(i64),
    /// When each part ends, and how much was used in it.
    Counted(VecDeque<(i64, u32)>),
}

impl Pace {
    /// The last turn of which it knows; 0: of none.
    pub(super) fn turn(&self) -> i64 {
        self.turn
    }

    /// What was heard after a turn was in vain: it is to be heard again.
    pub(super) fn back_to(&mut self, turn: i64) {
        self.turn = turn;
    }

    /// Hears what others have used, in earlier runs or beside this one, up to a turn.
    pub(super) fn hear(&mut self, uses: Vec<Use>, turn: i64) {
        self.turn = turn;
        for Use { name, span, at, count } in uses {
            let meter = self.meters.entry((name, span)).or_insert_with(|| fresh(span));
            match meter {
                Meter::Spaced(next) => *next = at * 1000,
                Meter::Counted(parts) => {
                    let place = parts.partition_point(|(end, _)| millis(*end) < at);
                    match parts.get_mut(place) {
                        Some((end, known)) if millis(*end) == at => *known = count,
                        _ => parts.insert(place, (at * 1000, count)),
                    }
                }
            }
        }
    }

    /// When `name` may have its next message by these rates, not before `now`.
    pub(super) fn free_at(&mut self, name: &str, rates: &[Rate], now: i64) -> i64 {
        let mut at = now;
        for rate in rates {
            let window = rate.window.num_milliseconds();
            let Some(meter) = self.meters.get_mut(&(name.to_owned(), window)) else { continue };
            match meter {
                Meter::Spaced(next) => at = at.max(*next),
                Meter::Counted(parts) => {
                    while parts.front().is_some_and(|(end, _)| end + window * 1000 <= now) {
                        parts.pop_front();
                    }
                    let mut used: u32 = parts.iter().map(|(_, count)| count).sum();
                    for (end, count) in parts {
                        if used < rate.count {
                            break;
                        }
                        used -= *count;
                        at = at.max(*end + window * 1000);
                    }
                }
            }
        }
        at
    }

    /// One message of `name` goes at `at`.
    pub(super) fn take(&mut self, name: &str, rates: &[Rate], at: i64) {
        for rate in rates {
            let window = rate.window.num_milliseconds();
            let meter = self.meters.entry((name.to_owned(), window)).or_insert_with(|| fresh(window));
            let (end, count) = match meter {
                Meter::Spaced(next) => {
                    *next = at + (window * 1000 + i64::from(rate.count) - 1) / i64::from(rate.count);
                    (*next, 0)
                }
                Meter::Counted(parts) => {
                    let part = window * 1000 / PARTS;
                    let end = (at / part + 1) * part;
                    match parts.back_mut() {
                        Some((last, count)) if *last >= end => *count += 1,
                        _ => parts.push_back((end, 1)),
                    }
                    (end, 1)
                }
            };
            let news = Use { name: name.to_owned(), span: window, at: millis(end), count };
            match self.news.iter_mut().find(|old| old.name == news.name && old.span == window) {
                Some(old) if count == 0 => old.at = news.at,
                Some(old) if old.at == news.at => old.count += count,
                _ => self.news.push(news),
            }
        }
    }

    /// What has been used since the last call.
    pub(super) fn news(&mut self) -> Vec<Use> {
        std::mem::take(&mut self.news)
    }
}

/// Never a part of a millisecond too early.
fn millis(micros: i64) -> i64 {
    (micros + 999) / 1000
}

fn fresh(window: i64) -> Meter {
    if window <= SPACED { Meter::Spaced(0) } else { Meter::Counted(VecDeque::new()) }
}

#[cfg(test)]
mod tests {
    use chrono::TimeDelta;
    use proptest::prelude::*;

    use super::*;

    const SECOND: i64 = 1_000_000;

    fn rate(count: u32, seconds: i64) -> Rate {
        Rate { count, window: TimeDelta::seconds(seconds) }
    }

    /// When messages go that are always ready, from 0 to `until`.
    fn times(pace: &mut Pace, rates: &[Rate], mut now: i64, until: i64) -> Vec<i64> {
        let mut times = Vec::new();
        loop {
            now = pace.free_at("relay", rates, now);
            if now >= until {
                return times;
            }
            pace.take("relay", rates, now);
            times.push(now);
        }
    }

    /// The most and the fewest in any span of `window` that lies within the times.
    fn extremes(times: &[i64], window: i64) -> (usize, usize) {
        let last = *times.last().unwrap();
        let within = |from: i64| {
            times.partition_point(|time| *time < from + window) - times.partition_point(|time| *time < from)
        };
        let starts = times.iter().flat_map(|time| [*time, time + 1]).filter(|from| from + window <= last);
        starts.map(within).fold((0, usize::MAX), |(most, fewest), count| (most.max(count), fewest.min(count)))
    }

    #[test]
    fn six_hundred_a_minute_are_just_that_in_every_minute_of_an_hour() {
        let times = times(&mut Pace::default(), &[rate(600, 60)], 0, 3600 * SECOND);
        assert_eq!(times.len(), 36_000);
        assert_eq!(extremes(&times, 60 * SECOND), (600, 600));
    }

    #[test]
    fn an_hours_share_goes_at_once_and_comes_back_an_hour_later() {
        let times = times(&mut Pace::default(), &[rate(500, 3600)], 0, 3 * 3600 * SECOND);
        assert_eq!(times[..500], [0; 500]);
        assert!((3600..3602).contains(&(times[500] / SECOND)), "{}", times[500] / SECOND);
        assert_eq!(extremes(&times, 3600 * SECOND).0, 500);
    }

    #[test]
    fn a_run_goes_on_where_the_last_one_stopped() {
        let rates = [rate(10, 60), rate(15, 3600)];
        let mut first = Pace::default();
        let before = times(&mut first, &rates, 0, 61 * SECOND);
        assert_eq!(before.len(), 11);
        let mut ledger: Vec<Use> = Vec::new();
        for news in first.news() {
            ledger.retain(|old| news.count > 0 || old.name != news.name || old.span != news.span);
            ledger.push(news);
        }
        let mut next = Pace::default();
        next.hear(ledger, 1);
        let after = times(&mut next, &rates, 61 * SECOND, 3600 * SECOND);
        assert_eq!(after.len(), 4);
        assert_eq!(after[0], 66 * SECOND);
    }

    proptest! {
        #[test]
        fn no_span_ever_has_one_too_many(
            count in 1u32..40,
            seconds in prop::sample::select(vec![1i64, 60, 3600, 86400]),
            gaps in prop::collection::vec(0i64..200, 1..400),
        ) {
            let (mut pace, rates) = (Pace::default(), [rate(count, seconds)]);
            let (mut now, mut times) = (0, Vec::new());
            for gap in gaps {
                now = pace.free_at("d", &rates, now + gap * seconds * SECOND / 1000);
                pace.take("d", &rates, now);
                times.push(now);
            }
            times.push(i64::MAX / 2);
            prop_assert!(extremes(&times, seconds * SECOND).0 <= count as usize);
        }
    }
}
