//! Dates as people write them, and the instant they mean.
//!
//! Reads more shapes than any one generator; whose rules decide about zones is up to the dialect.

use chrono::{
    DateTime, Datelike as _, FixedOffset, MappedLocalTime, NaiveDate, NaiveTime, TimeDelta, TimeZone as _,
};
use chrono_tz::Tz;

/// A day, perhaps with a time, perhaps with an offset; not yet an instant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct WrittenDate {
    pub day: NaiveDate,
    pub time: Option<NaiveTime>,
    pub offset: Option<FixedOffset>,
    /// How it was written, where that is unusual enough to be told.
    pub odd: Option<Odd>,
}

/// What is unusual about a date.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Odd {
    /// `07/08/2022`: the day is taken to stand first.
    DayFirst,
    /// `오후 3:00`.
    KoreanHalf,
    /// `30 February`, which some take for 2 March.
    PastMonthsEnd,
    /// Words behind the date that mean nothing.
    Trailing,
    /// A space inside the offset.
    ApartOffset,
    /// An offset without a time.
    OffsetOnly,
}

impl WrittenDate {
    /// Midnight of a day, wherever the site is.
    pub(super) fn day(day: NaiveDate) -> Self {
        Self { day, time: None, offset: None, odd: None }
    }

    /// The instant, told in the site's zone; without an offset of its own it is in that zone. A time that a change of the
    /// clocks skips is moved an hour on.
    pub(super) fn resolve(self, zone: Tz) -> DateTime<FixedOffset> {
        let local = self.day.and_time(self.time.unwrap_or_default());
        let instant = match self.offset {
            Some(offset) => offset.from_local_datetime(&local).single(),
            None => match zone.from_local_datetime(&local) {
                // Ruby takes the later of two, as winter begins.
                MappedLocalTime::Single(at) | MappedLocalTime::Ambiguous(_, at) => Some(at.fixed_offset()),
                MappedLocalTime::None => zone
                    .from_local_datetime(&(local + TimeDelta::hours(1)))
                    .earliest()
                    .map(|at| at.fixed_offset()),
            },
        };
        instant.unwrap_or_else(|| local.and_utc().fixed_offset()).with_timezone(&zone).fixed_offset()
    }

    /// Reads a date with or without a time and an offset. `None` for what names no day: `2022-07`, `25:00`, `2022-13-45`.
    pub(super) fn parse(text: &str) -> Option<Self> {
        let text = text.trim();
        let (day, rest, mut odd) = day(text)?;
        let mut written = Self { day, time: None, offset: None, odd: None };
        let rest =
            rest.trim_start_matches(|c: char| c.is_whitespace() || matches!(c, ',' | '-' | 'T' | 't' | '.'));
        let (half, clock) = half_of_day(rest);
        let mut rest = rest;
        if let Some((time, after, next_day)) = time(clock, is_compact(text)) {
            let after_words = after.trim_start();
            let (time, after) = meridiem(time, after_words).unwrap_or((time, after_words));
            written.time = Some(match half {
                Some(Half::Second) if time < noon() => time.overflowing_add_signed(TimeDelta::hours(12)).0,
                _ => time,
            });
            if next_day {
                written.day = day.succ_opt()?;
            }
            odd = odd.or(half.map(|_| Odd::KoreanHalf));
            rest = after;
        }
        if let Some((offset, after, apart)) = offset(rest) {
            written.offset = Some(offset);
            odd = odd.or((apart).then_some(Odd::ApartOffset));
            odd = odd.or(written.time.is_none().then_some(Odd::OffsetOnly));
            rest = after;
        }
        // A year at the end, as `date` prints it, has been read with the day.
        let trailing =
            !rest.trim().is_empty() && !rest.trim().trim_matches(|c: char| c.is_ascii_digit()).is_empty();
        // A clock that no day has is worse than none.
        if written.time.is_none() && clock.starts_with(|c: char| c.is_ascii_digit()) && clock.contains(':') {
            return None;
        }
        written.odd = odd.or(trailing.then_some(Odd::Trailing));
        Some(written)
    }

    /// The same without the oddity of a half of the day: as those read it who know no Korean.
    pub(super) fn without_half(self, text: &str) -> Self {
        let plain = text.replace("오후", "").replace("오전", "");
        Self::parse(&plain).map_or(self, |plain| Self { odd: self.odd, ..plain })
    }
}

/// Generators write year 1 for "no date"; the formats of feeds and mail have room for four digits.
pub(super) fn is_plausible(date: DateTime<FixedOffset>) -> bool {
    (1900..=9998).contains(&date.year())
}

fn noon() -> NaiveTime {
    NaiveTime::from_hms_opt(12, 0, 0).unwrap_or_default()
}

/// A run of 1 to `most` digits at the start, and what follows.
fn number(text: &str, most: usize) -> Option<(u32, &str)> {
    let length = text.bytes().take(most).take_while(u8::is_ascii_digit).count();
    Some((text[..length].parse().ok()?, &text[length..]))
}

/// The day that a text begins with, and what follows it.
fn day(text: &str) -> Option<(NaiveDate, &str, Option<Odd>)> {
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    match digits {
        8 | 12 | 14 => {
            let (year, rest) = number(text, 4)?;
            let (month, rest) = number(rest, 2)?;
            let (day, rest) = number(rest, 2)?;
            ymd(year, month, day, rest)
        }
        4 => {
            let (year, rest) = number(text, 4)?;
            if let Some(rest) = rest.strip_prefix('년') {
                let (month, rest) = number(rest.trim_start(), 2)?;
                let (day, rest) = number(rest.strip_prefix('월')?.trim_start(), 2)?;
                return ymd(year, month, day, rest.strip_prefix('일')?);
            }
            let separator = rest.chars().next().filter(|c| matches!(c, '-' | '/' | '.'))?;
            let rest = rest[1..].trim_start();
            if let Some((month, after)) = month_name(rest) {
                let (day, after) = number(after.trim_start_matches(separator), 2)?;
                return ymd(year, month, day, after);
            }
            let (month, rest) = number(rest, 2)?;
            let (day, rest) = number(rest.strip_prefix(separator)?.trim_start(), 2)?;
            if rest.starts_with(|c: char| c.is_ascii_digit()) {
                return None;
            }
            ymd(year, month, day, rest)
        }
        1 | 2 => day_first(text),
        _ => month_first(text),
    }
}

fn ymd(year: u32, month: u32, day: u32, rest: &str) -> Option<(NaiveDate, &str, Option<Odd>)> {
    let year = i32::try_from(year).ok()?;
    if let Some(found) = NaiveDate::from_ymd_opt(year, month, day) {
        return Some((found, rest, None));
    }
    // The 30th of February is two days after the 28th.
    let past = (29..=31).contains(&day).then(|| NaiveDate::from_ymd_opt(year, month, 28)).flatten()?;
    Some((past + TimeDelta::days(i64::from(day) - 28), rest, Some(Odd::PastMonthsEnd)))
}

/// `7 July 2022`, `07-Jul-2022`, `22-07-08`, `07/08/2022`.
fn day_first(text: &str) -> Option<(NaiveDate, &str, Option<Odd>)> {
    let (first, rest) = number(text, 2)?;
    let words = rest.trim_start_matches(|c: char| c.is_whitespace() || c == '-' || c == '.');
    let words =
        ["st", "nd", "rd", "th"].iter().find_map(|end| words.strip_prefix(end)).unwrap_or(words).trim_start();
    if let Some((month, rest)) = month_name(words) {
        let (year, rest) =
            number(rest.trim_start_matches(|c: char| c.is_whitespace() || matches!(c, ',' | '-' | '.')), 4)?;
        return ymd(year, month, first, rest);
    }
    let separator = rest.chars().next().filter(|c| matches!(c, '-' | '/' | '.'))?;
    let (second, rest) = number(rest[1..].trim_start(), 2)?;
    let rest = rest.strip_prefix(separator)?.trim_start();
    let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
    let (third, rest) = number(rest, 4)?;
    match digits {
        // Two digits are a year, of this century below 69.
        2 => ymd(if first < 69 { 2000 + first } else { 1900 + first }, second, third, rest),
        4 => ymd(third, second, first, rest).map(|(day, rest, odd)| (day, rest, odd.or(Some(Odd::DayFirst)))),
        _ => None,
    }
}

/// `July 7, 2022`, `Thu, 07 Jul 2022 10:00`, `Thu Jul 7 10:00:00 2022`.
fn month_first(text: &str) -> Option<(NaiveDate, &str, Option<Odd>)> {
    if let Some(rest) = weekday(text) {
        return day(rest);
    }
    let (month, rest) = month_name(text)?;
    let (day, rest) = number(rest.trim_start(), 2)?;
    let rest = ["st", "nd", "rd", "th"].iter().find_map(|end| rest.strip_prefix(end)).unwrap_or(rest);
    let after = rest.trim_start_matches(|c: char| c.is_whitespace() || c == ',');
    if after.bytes().take_while(u8::is_ascii_digit).count() == 4 {
        let (year, rest) = number(after, 4)?;
        return ymd(year, month, day, rest);
    }
    // The year may stand behind the time.
    let year =
        after.split_whitespace().rev().find(|word| word.len() == 4).and_then(|word| word.parse().ok())?;
    ymd(year, month, day, after)
}

fn weekday(text: &str) -> Option<&str> {
    const DAYS: [&str; 7] = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];
    let length = text.bytes().take_while(u8::is_ascii_alphabetic).count();
    let word = text[..length].to_ascii_lowercase();
    let rest = text[length..].trim_start_matches(|c: char| c.is_whitespace() || matches!(c, ',' | '.'));
    DAYS.iter().any(|day| word.starts_with(day)).then_some(rest)
}

fn month_name(text: &str) -> Option<(u32, &str)> {
    const MONTHS: [&str; 12] =
        ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
    let length = text.bytes().take_while(u8::is_ascii_alphabetic).count();
    let word = text[..length].to_ascii_lowercase();
    let at = MONTHS.iter().position(|month| word.len() >= 3 && word.starts_with(month))?;
    Some((u32::try_from(at).ok()? + 1, text[length..].trim_start_matches('.')))
}

#[derive(Clone, Copy)]
enum Half {
    First,
    Second,
}

fn half_of_day(text: &str) -> (Option<Half>, &str) {
    for (word, half) in [("오전", Half::First), ("오후", Half::Second)] {
        if let Some(rest) = text.strip_prefix(word) {
            return (Some(half), rest.trim_start());
        }
    }
    (None, text)
}

/// Whether the day is written without separators; then the time may be, too.
fn is_compact(text: &str) -> bool {
    text.bytes().take(8).all(|b| b.is_ascii_digit())
}

/// A clock time and what follows; whether it is the midnight that ends the day.
fn time(text: &str, compact: bool) -> Option<(NaiveTime, &str, bool)> {
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    let (hour, rest) = number(text, 2)?;
    if matches!(digits, 4 | 6) && compact {
        let (minute, rest) = number(rest, 2)?;
        let (second, rest) = if digits == 6 { number(rest, 2)? } else { (0, rest) };
        return Some((NaiveTime::from_hms_opt(hour, minute, second)?, rest, false));
    }
    let Some(rest) = rest.strip_prefix(':') else {
        let whole = NaiveTime::from_hms_opt(hour, 0, 0)?;
        return meridiem(whole, rest.trim_start()).map(|_| (whole, rest, false));
    };
    let (minute, rest) = number(rest, 2)?;
    let (second, rest) = match rest.strip_prefix(':') {
        Some(rest) => number(rest, 2)?,
        None => (0, rest),
    };
    // Fractions of a second are finer than any feed format tells.
    let rest = rest
        .strip_prefix(['.', ','])
        .map_or(rest, |fraction| fraction.trim_start_matches(|c: char| c.is_ascii_digit()));
    // The 60th second is the next minute's first, as the 24th hour is the next day's.
    let leap = second == 60;
    let midnight = hour == 24 && minute == 0 && second == 0;
    let time =
        NaiveTime::from_hms_opt(if midnight { 0 } else { hour }, minute, if leap { 59 } else { second })?;
    let (time, wrapped) = time.overflowing_add_signed(TimeDelta::seconds(i64::from(leap)));
    Some((time, rest, midnight || wrapped > 0))
}

/// `AM` or `PM` behind a time.
fn meridiem(time: NaiveTime, rest: &str) -> Option<(NaiveTime, &str)> {
    use chrono::Timelike as _;
    let word = rest.get(..2)?.to_ascii_lowercase();
    if rest[2..].starts_with(|c: char| c.is_alphanumeric()) || time.hour() > 12 {
        return None;
    }
    let hour = match word.as_str() {
        "am" => time.hour() % 12,
        "pm" => time.hour() % 12 + 12,
        _ => return None,
    };
    Some((time.with_hour(hour)?, &rest[2..]))
}

/// An offset from UTC, what follows it, and whether a space stands inside it.
fn offset(text: &str) -> Option<(FixedOffset, &str, bool)> {
    const NAMES: [(&str, i32); 15] = [
        ("KST", 9),
        ("JST", 9),
        ("UTC", 0),
        ("GMT", 0),
        ("EST", -5),
        ("EDT", -4),
        ("CST", -6),
        ("CDT", -5),
        ("MST", -7),
        ("MDT", -6),
        ("PST", -8),
        ("PDT", -7),
        ("HST", -10),
        ("Z", 0),
        ("z", 0),
    ];
    let named = NAMES.iter().find_map(|(name, hours)| {
        let rest = text.strip_prefix(name)?;
        (!rest.starts_with(|c: char| c.is_alphanumeric())).then_some((*hours, rest))
    });
    if let Some((hours, rest)) = named {
        let signed = rest.starts_with(['+', '-']) && hours == 0;
        if !signed {
            return Some((FixedOffset::east_opt(hours * 3600)?, rest, false));
        }
        return offset(rest);
    }
    let sign = if text.starts_with('-') { -1 } else { 1 };
    let digits = text.strip_prefix(['+', '-'])?;
    let apart = digits.starts_with(' ');
    let (hours, rest) = number(digits.trim_start(), 2)?;
    let after = rest.strip_prefix(':').unwrap_or(rest);
    let (minutes, rest) = number(after, 2).unwrap_or((0, rest));
    let seconds = i32::try_from(hours * 3600 + minutes * 60).ok()?;
    (hours < 16 && minutes < 60)
        .then(|| FixedOffset::east_opt(sign * seconds))
        .flatten()
        .map(|found| (found, rest, apart))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expect: &str) {
        let date = WrittenDate::parse(text).unwrap_or_else(|| panic!("{text:?} was not read"));
        assert_eq!(date.resolve(Tz::Asia__Seoul).to_rfc3339(), expect, "{text:?}");
    }

    #[test]
    fn each_shape_means_its_day() {
        for day in [
            "2022-07-07",
            "2022/07/07",
            "2022.7.7",
            "2022. 7. 7.",
            "20220707",
            " 2022-7-7 ",
            "2022년 7월 7일",
            "July 7, 2022",
            "7 July 2022",
            "7th July 2022",
            "Jul 7 2022",
            "2022-Jul-07",
            "07-Jul-2022",
            "22-07-07",
            "Thu, 07 Jul 2022",
            "2022-07-07 (Thu)",
            "2022-07-07 목",
            "07/07/2022",
        ] {
            check(day, "2022-07-07T00:00:00+09:00");
        }
    }

    #[test]
    fn each_shape_means_its_time() {
        for time in [
            "2022-07-07 10:00:00",
            "2022-07-07T10:00",
            "2022-07-07 10:00 AM",
            "2022-07-07 10am",
            "2022-07-07-10:00",
            "20220707 1000",
            "20220707100000",
            "2022-07-07T10:00:00+0900",
            "2022-07-07 10:00:00 +09:00",
            "2022-07-07 10:00:00 + 0900",
            "2022.07.07 10:00 KST",
            "2022-07-07 10:00:00 GMT+9",
            "2022-07-07T01:00:00.123Z",
            "Thu Jul 7 10:00:00 2022",
            "Thu, 07 Jul 2022 10:00:00 +0900",
            "2022-07-07 오전 10:00",
            "2022-07-07, 10:00",
        ] {
            check(time, "2022-07-07T10:00:00+09:00");
        }
        check("2022-7-7 10:00:00 +0800", "2022-07-07T11:00:00+09:00");
        check("2022-07-07 오후 3:00", "2022-07-07T15:00:00+09:00");
        check("2022-07-07 10:00 PM", "2022-07-07T22:00:00+09:00");
        check("2022-07-07 24:00:00", "2022-07-08T00:00:00+09:00");
        check("2022-02-30", "2022-03-02T00:00:00+09:00");
    }

    #[test]
    fn what_names_no_day_is_not_guessed_at() {
        for text in
            ["", "2022-07", "2022", "2022-13-45", "2022-07-07 25:00:00", "25:00", "2022-07-071", "어제"]
        {
            assert_eq!(WrittenDate::parse(text), None, "{text:?}");
        }
    }

    #[test]
    fn a_time_that_the_clocks_skip_is_an_hour_later() {
        let date = WrittenDate::parse("2026-03-29 02:30").unwrap();
        assert_eq!(date.resolve(Tz::Europe__Berlin).to_rfc3339(), "2026-03-29T03:30:00+02:00");
    }
}
