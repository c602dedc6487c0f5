//! Dates as people write them, and the instant they mean.

use std::fmt;

use chrono::{
    DateTime, Datelike as _, FixedOffset, MappedLocalTime, NaiveDate, NaiveTime, TimeDelta, TimeZone as _,
};
use chrono_tz::Tz;
use serde::Deserialize;
use serde::de::{self, Deserializer, Unexpected, Visitor};

use crate::config::Dialect;

/// A day, perhaps with a time, perhaps with an offset; not yet an instant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct WrittenDate {
    pub day: NaiveDate,
    pub time: Option<NaiveTime>,
    pub offset: Option<FixedOffset>,
}

/// What a date and time without an offset is relative to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Floating {
    /// The site's zone.
    Site,
    /// UTC, as Jekyll's YAML parser has it for an unquoted timestamp.
    Utc,
}

impl WrittenDate {
    /// Midnight of a day, wherever the site is.
    pub(super) fn day(day: NaiveDate) -> Self {
        Self { day, time: None, offset: None }
    }

    /// The instant, told in the site's zone. A time that a change of the clocks skips is moved an hour on.
    pub(super) fn resolve(self, zone: Tz, floating: Floating) -> DateTime<FixedOffset> {
        let local = self.day.and_time(self.time.unwrap_or_default());
        let instant = match (self.offset, self.time, floating) {
            (Some(offset), _, _) => offset.from_local_datetime(&local).single(),
            (None, Some(_), Floating::Utc) => Some(local.and_utc().fixed_offset()),
            _ => match zone.from_local_datetime(&local) {
                MappedLocalTime::Single(at) | MappedLocalTime::Ambiguous(at, _) => Some(at.fixed_offset()),
                MappedLocalTime::None => zone
                    .from_local_datetime(&(local + TimeDelta::hours(1)))
                    .earliest()
                    .map(|at| at.fixed_offset()),
            },
        };
        instant.unwrap_or_else(|| local.and_utc().fixed_offset()).with_timezone(&zone).fixed_offset()
    }

    /// Reads `2024-03-05`, `2024/3/5`, `2024.03.05`, `20240305`, each perhaps followed by `T` or a space, a time with or
    /// without seconds, and an offset (`Z`, `+0900`, `+09:00`, `+ 0900`, `UTC`, `GMT`, `KST`, `JST`).
    pub(super) fn parse(text: &str) -> Option<Self> {
        let text = text.trim();
        let (day, rest) = day(text)?;
        let rest = rest.strip_prefix(['T', 't']).unwrap_or(rest).trim_start();
        if rest.is_empty() {
            return Some(Self::day(day));
        }
        let (time, rest) = match time(rest) {
            Some((time, rest)) => (Some(time), rest.trim_start()),
            None => (None, rest),
        };
        let offset = if rest.is_empty() { None } else { Some(offset(rest)?) };
        (time.is_some() || offset.is_some()).then_some(Self { day, time, offset })
    }
}

/// Generators write year 1 for "no date"; the formats of feeds and mail have room for four digits.
pub(super) fn is_plausible(date: DateTime<FixedOffset>) -> bool {
    (1900..=9998).contains(&date.year())
}

/// Jekyll's YAML takes an unquoted `2022-07-07 10:00:00` for UTC. `keys` are the names that the value may stand under.
pub(super) fn floating(dialect: Dialect, yaml: &str, keys: &[&str]) -> Floating {
    let value_of = |line: &str| {
        let (key, value) = line.split_once(':')?;
        keys.contains(&key.trim_end()).then(|| value.trim().to_owned())
    };
    let value = yaml.lines().find_map(value_of);
    let timestamp =
        value.is_some_and(|value| !value.starts_with(['"', '\'']) && value.matches(':').count() == 2);
    if dialect == Dialect::Jekyll && timestamp { Floating::Utc } else { Floating::Site }
}

/// A run of 1 to `most` digits at the start, and what follows.
fn number(text: &str, most: usize) -> Option<(u32, &str)> {
    let length = text.bytes().take(most).take_while(u8::is_ascii_digit).count();
    Some((text[..length].parse().ok()?, &text[length..]))
}

fn day(text: &str) -> Option<(NaiveDate, &str)> {
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    if digits == 8 {
        let (year, rest) = number(text, 4)?;
        let (month, rest) = number(rest, 2)?;
        let (day, rest) = number(rest, 2)?;
        return Some((NaiveDate::from_ymd_opt(i32::try_from(year).ok()?, month, day)?, rest));
    }
    if digits != 4 {
        return None;
    }
    let (year, rest) = number(text, 4)?;
    let separator = rest.chars().next().filter(|c| matches!(c, '-' | '/' | '.'))?;
    let (month, rest) = number(rest.strip_prefix(separator)?, 2)?;
    let (day, rest) = number(rest.strip_prefix(separator)?, 2)?;
    let rest_is_apart = !rest.starts_with(|c: char| c.is_ascii_digit());
    Some((NaiveDate::from_ymd_opt(i32::try_from(year).ok()?, month, day).filter(|_| rest_is_apart)?, rest))
}

fn time(text: &str) -> Option<(NaiveTime, &str)> {
    let (hour, rest) = number(text, 2)?;
    let (minute, rest) = number(rest.strip_prefix(':')?, 2)?;
    let Some(rest) = rest.strip_prefix(':') else {
        return Some((NaiveTime::from_hms_opt(hour, minute, 0)?, rest));
    };
    let (second, rest) = number(rest, 2)?;
    // Fractions of a second are finer than any feed format tells.
    let rest = rest
        .strip_prefix('.')
        .map_or(rest, |fraction| fraction.trim_start_matches(|c: char| c.is_ascii_digit()));
    Some((NaiveTime::from_hms_opt(hour, minute, second)?, rest))
}

fn offset(text: &str) -> Option<FixedOffset> {
    match text {
        "Z" | "z" | "UTC" | "GMT" => return FixedOffset::east_opt(0),
        "KST" | "JST" => return FixedOffset::east_opt(9 * 3600),
        _ => {}
    }
    let sign = if text.starts_with('-') { -1 } else { 1 };
    let digits = text.strip_prefix(['+', '-'])?.trim_start();
    let (hours, rest) = number(digits, 2)?;
    let (minutes, rest) = match rest.strip_prefix(':').unwrap_or(rest) {
        "" => (0, ""),
        rest => number(rest, 2)?,
    };
    let seconds = i32::try_from(hours * 3600 + minutes * 60).ok()?;
    FixedOffset::east_opt(sign * seconds).filter(|_| rest.is_empty() && hours < 15 && minutes < 60)
}

impl<'de> Deserialize<'de> for WrittenDate {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Written;
        impl Visitor<'_> for Written {
            type Value = WrittenDate;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a date such as `2026-11-23` or `2026-11-23 10:00:00 +0900`")
            }
            fn visit_str<E: de::Error>(self, text: &str) -> Result<WrittenDate, E> {
                WrittenDate::parse(text).ok_or_else(|| E::invalid_value(Unexpected::Str(text), &self))
            }
            fn visit_u64<E: de::Error>(self, number: u64) -> Result<WrittenDate, E> {
                self.visit_str(&number.to_string())
            }
        }
        deserializer.deserialize_any(Written)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, floating: Floating, expect: &str) {
        let date = WrittenDate::parse(text).unwrap_or_else(|| panic!("{text:?} was not read"));
        assert_eq!(date.resolve(Tz::Asia__Seoul, floating).to_rfc3339(), expect, "{text:?}");
    }

    #[test]
    fn each_shape_means_its_instant() {
        for day in ["2022-07-07", "2022/07/07", "2022.7.7", "20220707", " 2022-7-7 "] {
            check(day, Floating::Utc, "2022-07-07T00:00:00+09:00");
        }
        check("2022-07-07 10:00:00", Floating::Site, "2022-07-07T10:00:00+09:00");
        check("2022-07-07 10:00:00", Floating::Utc, "2022-07-07T19:00:00+09:00");
        check("2022-07-07T10:00", Floating::Site, "2022-07-07T10:00:00+09:00");
        for offset in ["+0900", " +09:00", " + 0900", " KST"] {
            check(&format!("2022-07-07T10:00:00{offset}"), Floating::Utc, "2022-07-07T10:00:00+09:00");
        }
        check("2022-7-7 10:00:00 +0800", Floating::Site, "2022-07-07T11:00:00+09:00");
        check("2022-07-07T10:00:00.123Z", Floating::Site, "2022-07-07T19:00:00+09:00");
    }

    #[test]
    fn what_is_no_date_is_not_guessed_at() {
        for text in [
            "",
            "2022-07",
            "2022-13-45",
            "2022-07-07 25:00:00",
            "2022년 7월 7일",
            "2022-07-07 오후 3:00",
            "07/07/2022",
            "2022-07-071",
        ] {
            assert_eq!(WrittenDate::parse(text), None, "{text:?}");
        }
    }

    #[test]
    fn a_time_that_the_clocks_skip_is_an_hour_later() {
        let date = WrittenDate::parse("2026-03-29 02:30").unwrap();
        assert_eq!(
            date.resolve(Tz::Europe__Berlin, Floating::Site).to_rfc3339(),
            "2026-03-29T03:30:00+02:00"
        );
    }
}
