//! The dates that Hugo reads, of all that people write.

use chrono::{DateTime, FixedOffset};

use crate::content::date::WrittenDate;

/// Whether Hugo (0.111 and later) takes this text for a date.
pub(super) fn is_read(text: &str) -> bool {
    let text = text.trim();
    iso(text).unwrap_or_else(|| worded(text))
}

/// The moment so many seconds after 1970.
pub(super) fn unix(seconds: i64) -> Option<WrittenDate> {
    let at = DateTime::from_timestamp(seconds, 0)?;
    let mut date = WrittenDate::day(at.date_naive());
    (date.time, date.offset) = (Some(at.time()), FixedOffset::east_opt(0));
    Some(date)
}

/// `2022-07-07`, or with `T` or a space a time of day, seconds and all, and perhaps an offset.
fn iso(text: &str) -> Option<bool> {
    let (day, rest) = text.split_at_checked(10)?;
    if !shaped(day, "dddd-dd-dd") {
        return None;
    }
    let Some(separator) = rest.chars().next() else { return Some(true) };
    let clock = rest.strip_prefix(['T', 't', ' '])?;
    let digits = clock.bytes().take_while(u8::is_ascii_digit).count();
    let rest = clock.get(digits..)?;
    let (seconds, rest) = rest.split_at_checked(6)?;
    let rest =
        rest.strip_prefix('.').map_or(rest, |rest| rest.trim_start_matches(|c: char| c.is_ascii_digit()));
    let offset = if separator == ' ' { rest.strip_prefix(' ').unwrap_or(rest) } else { rest };
    // A name behind the numbers is no matter.
    let offset = match offset.split_once(' ') {
        Some((offset, name)) if !offset.is_empty() && name.bytes().all(|b| b.is_ascii_uppercase()) => offset,
        _ => offset,
    };
    let known = ["", "Z", "sdddd", "sdd:dd"].iter().any(|shape| shaped(offset, shape));
    Some(matches!(digits, 1 | 2) && shaped(seconds, ":dd:dd") && known)
}

/// `07 Jul 2022`, `Thu, 07 Jul 2022 10:00:00 +0900`.
fn worded(text: &str) -> bool {
    let rest = text.split_once(", ").map_or(text, |(_, rest)| rest);
    let mut words = rest.split(' ');
    let mut is = |shape: &str| words.next().is_some_and(|word| shaped(word, shape));
    is("dd") && is("aaa") && is("dddd")
}

/// Whether a text has the shape of `pattern`: `d` a digit, `a` a letter, `s` a sign, anything else itself.
fn shaped(text: &str, pattern: &str) -> bool {
    text.len() == pattern.len()
        && text.bytes().zip(pattern.bytes()).all(|(b, shape)| match shape {
            b'd' => b.is_ascii_digit(),
            b'a' => b.is_ascii_alphabetic(),
            b's' => matches!(b, b'+' | b'-'),
            shape => b == shape,
        })
}

#[cfg(test)]
mod tests {
    use super::is_read;

    #[test]
    fn what_hugo_reads_and_what_not() {
        for read in [
            "2022-07-07",
            "2022-07-07T10:00:00",
            "2022-07-07 9:00:00",
            "2022-07-07T10:00:00+0900",
            "2022-07-07 10:00:00 +09:00",
            "2022-07-07T10:00:00.5Z",
            "2022-07-07 10:00:00 +0900 KST",
            "07 Jul 2022",
            "Thu, 07 Jul 2022 10:00:00 +0900",
        ] {
            assert!(is_read(read), "{read}");
        }
        for not in [
            "2022-7-7",
            "2022-07-07 10:00",
            "2022-07-07T10:00:00 +0900",
            "2022-07-07 10:00:00 + 0900",
            "2022/07/07",
            "20220707",
            "July 7, 2022",
            "2022-07-07 10:00:00 +09",
        ] {
            assert!(!is_read(not), "{not}");
        }
    }
}
