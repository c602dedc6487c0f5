//! Filters: Liquid's own and Jekyll's.

mod date;
mod jekyll;
mod list;
mod text;

use chrono_tz::Tz;
use serde_json::Value;

use super::carry::Carrier;

/// A value after a filter that needs to know nothing else; `None` where there is none of that name.
pub(super) fn pure(name: &str, input: &Value, args: &[Value], zone: Tz) -> Option<Value> {
    text::apply(name, input, args)
        .or_else(|| list::apply(name, input, args))
        .or_else(|| date::apply(name, input, args, zone))
}

/// A value after a filter that knows the site.
pub(super) fn of_site(
    carrier: &mut Carrier<'_, '_>,
    name: &str,
    input: &Value,
    args: &[Value],
) -> Option<Value> {
    jekyll::apply(carrier, name, input, args)
}

/// An argument as a text.
fn arg(args: &[Value], at: usize) -> String {
    args.get(at).map(super::scope::text).unwrap_or_default()
}

/// An argument as a whole number.
fn number(args: &[Value], at: usize) -> Option<i64> {
    args.get(at).and_then(super::scope::integer)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn each_filter_does_what_rubys_does() {
        for (input, name, args, expect) in [
            (json!("<p>가 &amp; 나</p>"), "strip_html", json!([]), json!("가 &amp; 나")),
            (json!("가나다라마"), "truncate", json!([4, "…"]), json!("가나다…")),
            (json!("a b c"), "truncatewords", json!([2]), json!("a b...")),
            (json!("a,b"), "split", json!([","]), json!(["a", "b"])),
            (json!("abc"), "split", json!([""]), json!(["a", "b", "c"])),
            (json!("a-b-a"), "replace_first", json!(["a", "x"]), json!("x-b-a")),
            (json!("abcdef"), "slice", json!([-3, 2]), json!("de")),
            (json!(null), "default", json!(["x"]), json!("x")),
            (json!(7), "divided_by", json!([2]), json!(3)),
            (json!(7), "divided_by", json!([2.0]), json!(3.5)),
            (json!("3"), "plus", json!([4]), json!(7)),
            (json!([3, 1, 2]), "sort", json!([]), json!([1, 2, 3])),
            (json!([{ "a": 1 }, { "a": 2 }]), "map", json!(["a"]), json!([1, 2])),
            (
                json!([{ "a": "x" }, { "a": ["y", "x"] }, {}]),
                "where",
                json!(["a", "y"]),
                json!([{ "a": ["y", "x"] }]),
            ),
            (json!(["a", "b", "c"]), "join", json!([", "]), json!("a, b, c")),
        ] {
            let args: Vec<Value> = args.as_array().unwrap().clone();
            let found = text::apply(name, &input, &args).or_else(|| list::apply(name, &input, &args));
            assert_eq!(found, Some(expect), "{name}");
        }
    }

    #[test]
    fn dates_are_shown_by_their_pattern() {
        let date = json!("2024-01-05 10:00:00 +0900");
        for (name, args, expect) in [
            ("date", json!(["%Y년 %-m월 %-d일"]), "2024년 1월 5일"),
            ("date_to_xmlschema", json!([]), "2024-01-05T10:00:00+09:00"),
            ("date_to_string", json!([]), "05 Jan 2024"),
            ("date_to_long_string", json!(["ordinal"]), "5th January 2024"),
        ] {
            let args: Vec<Value> = args.as_array().unwrap().clone();
            assert_eq!(
                date::apply(name, &date, &args, chrono_tz::Tz::Asia__Seoul),
                Some(json!(expect)),
                "{name}"
            );
        }
    }
}
