//! Filters over dates, which are texts as Ruby shows a time.

use std::fmt::Write as _;

use chrono::{DateTime, Datelike as _, FixedOffset};
use chrono_tz::Tz;
use serde_json::Value;

use super::super::scope::text;
use super::arg;
use crate::content;

pub(super) fn apply(name: &str, input: &Value, args: &[Value], zone: Tz) -> Option<Value> {
    if !matches!(
        name,
        "date" | "date_to_string" | "date_to_long_string" | "date_to_xmlschema" | "date_to_rfc822"
    ) {
        return None;
    }
    let Some(at) = content::moment(&text(input), zone) else { return Some(input.clone()) };
    Some(match name {
        "date" => shown(at, zone, &arg(args, 0)).into(),
        "date_to_xmlschema" => at.to_rfc3339().into(),
        "date_to_rfc822" => at.to_rfc2822().into(),
        _ => {
            let month = at.format(if name == "date_to_string" { "%b" } else { "%B" }).to_string();
            let day = at.day();
            if arg(args, 0) != "ordinal" {
                return Some(format!("{day:02} {month} {}", at.year()).into());
            }
            let end = match (day % 10, day) {
                (_, 11..=13) => "th",
                (1, _) => "st",
                (2, _) => "nd",
                (3, _) => "rd",
                _ => "th",
            };
            if arg(args, 1) == "US" {
                format!("{month} {day}{end}, {}", at.year()).into()
            } else {
                format!("{day}{end} {month} {}", at.year()).into()
            }
        }
    })
}

/// A pattern that nobody knows is shown as it stands.
fn shown(at: DateTime<FixedOffset>, zone: Tz, pattern: &str) -> String {
    let mut out = String::new();
    if write!(out, "{}", at.with_timezone(&zone).format(pattern)).is_ok() { out } else { pattern.to_owned() }
}
