//! Dates as Jekyll understands them: what YAML takes for a time is UTC without an offset, everything else is local.

use chrono::{DateTime, FixedOffset, NaiveDate, TimeDelta};

use crate::content::date::{Odd, WrittenDate, is_plausible};
use crate::content::matter;
use crate::content::reading::Reading;
use crate::content::source::FileName;

/// The post's date: the front matter's, else its name's. `None` where there is none, with a finding.
pub(super) fn of(reading: &mut Reading<'_>, name: &FileName) -> Option<DateTime<FixedOffset>> {
    if let Some(date) = under(reading, "date") {
        return reading.plausible(date);
    }
    let day = name.date.and_then(|(year, month, day)| {
        // Two digits are a year of this century below 69.
        let year = if year < 69 {
            2000 + year
        } else if year < 100 {
            1900 + year
        } else {
            year
        };
        NaiveDate::from_ymd_opt(year, month, day).or_else(|| {
            let last = NaiveDate::from_ymd_opt(year, month, 28).filter(|_| (29..=31).contains(&day))?;
            Some(last + TimeDelta::days(i64::from(day) - 28))
        })
    });
    let Some(day) = day else {
        reading.undated();
        return None;
    };
    reading.plausible(WrittenDate::day(day).resolve(reading.config.site.timezone))
}

/// When the post last changed, if it says so.
pub(super) fn changed(reading: &mut Reading<'_>) -> Option<DateTime<FixedOffset>> {
    ["last_modified_at", "lastmod", "updated"]
        .iter()
        .find_map(|key| under(reading, key))
        .filter(|at| is_plausible(*at))
}

fn under(reading: &mut Reading<'_>, key: &str) -> Option<DateTime<FixedOffset>> {
    let (mut date, text) = reading.date(&[key])?;
    if date.odd == Some(Odd::KoreanHalf) {
        date = date.without_half(&text);
    }
    // Ruby knows the zones of Greenwich and America by name, and passes over all others.
    let is_unknown =
        ["KST", "JST", "HST", "GMT+", "GMT-", "UTC+", "UTC-"].iter().any(|zone| text.contains(zone));
    // An offset counts behind a time only, and only where nothing stands inside it.
    if is_unknown || date.time.is_none() || date.odd == Some(Odd::ApartOffset) {
        date.offset = None;
    }
    let plain = matter::written(&reading.split, key).is_some_and(|value| !value.starts_with(['"', '\'']));
    if plain && date.offset.is_none() && is_timestamp(text.trim()) {
        date.offset = FixedOffset::east_opt(0);
    }
    Some(date.resolve(reading.config.site.timezone))
}

/// What YAML 1.1 takes for a time without an offset: `2022-7-7 10:00:00`, seconds and all.
fn is_timestamp(text: &str) -> bool {
    let Some((day, clock)) = text.split_once([' ', '\t', 'T', 't']) else { return false };
    let day: Vec<&str> = day.split('-').collect();
    let digits = |text: &str, most: usize| {
        (1..=most).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_digit())
    };
    let clock = clock.trim_start();
    let end = clock.find(|c: char| !(c.is_ascii_digit() || c == ':')).unwrap_or(clock.len());
    let (clock, rest) = clock.split_at(end);
    let rest =
        rest.strip_prefix('.').map_or(rest, |rest| rest.trim_start_matches(|c: char| c.is_ascii_digit()));
    if !rest.trim().is_empty() {
        return false;
    }
    let parts: Vec<&str> = clock.split(':').collect();
    day.len() == 3
        && day[0].len() == 4
        && day.iter().all(|part| digits(part, 4))
        && parts.len() == 3
        && digits(parts[0], 2)
        && parts[1..].iter().all(|part| part.len() == 2 && digits(part, 2))
}
