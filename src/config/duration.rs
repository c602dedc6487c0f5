//! `14d`, `36h`: a span of time as people write one.

use chrono::TimeDelta;

/// A whole number and a unit: `m` (minutes), `h`, `d` or `w`. `None` where the text is anything else.
pub(super) fn parse(text: &str) -> Option<TimeDelta> {
    let (digits, unit) = text.trim().split_at(text.trim().find(|c: char| !c.is_ascii_digit())?);
    let count: i64 = digits.parse().ok()?;
    match unit.trim() {
        "m" => TimeDelta::try_minutes(count),
        "h" => TimeDelta::try_hours(count),
        "d" => TimeDelta::try_days(count),
        "w" => TimeDelta::try_weeks(count),
        _ => None,
    }
    // A span that leaves the calendar would overflow where it is taken from a date.
    .filter(|span| *span <= TimeDelta::days(36_500))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spans_are_a_number_and_a_unit() {
        assert_eq!(parse("14d"), Some(TimeDelta::days(14)));
        assert_eq!(parse(" 2 w "), Some(TimeDelta::days(14)));
        for bad in ["", "d", "14", "14 days", "-1d", "1.5h", "99999999999999999999d"] {
            assert_eq!(parse(bad), None, "{bad:?}");
        }
    }
}
