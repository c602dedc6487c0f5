//! `50/s`, `600/min`: so many messages in a span of time.

use chrono::TimeDelta;

use super::Rate;

/// A whole number above 0, a slash, and a second, a minute, an hour or a day. `None` where the text is anything else.
pub(super) fn parse(text: &str) -> Option<Rate> {
    let (count, span) = text.split_once('/')?;
    let count: u32 = count.trim().replace('_', "").parse().ok().filter(|count| *count > 0)?;
    let window = match span.trim() {
        "s" | "sec" | "second" => TimeDelta::seconds(1),
        "m" | "min" | "minute" => TimeDelta::minutes(1),
        "h" | "hour" => TimeDelta::hours(1),
        "d" | "day" => TimeDelta::days(1),
        _ => return None,
    };
    Some(Rate { count, window })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rate_is_a_number_and_a_span() {
        let of = |text| parse(text).map(|rate| (rate.count, rate.window.num_seconds()));
        assert_eq!(of("50/s"), Some((50, 1)));
        assert_eq!(of("600 / min"), Some((600, 60)));
        assert_eq!(of("5_000/h"), Some((5000, 3600)));
        assert_eq!(of("20000/day"), Some((20000, 86400)));
        for bad in ["", "50", "0/s", "-1/s", "50/week", "1.5/s", "/s"] {
            assert_eq!(of(bad), None, "{bad:?}");
        }
    }
}
