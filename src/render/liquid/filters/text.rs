//! Filters over texts and numbers.

use serde_json::{Number, Value};

use super::super::scope::{integer, is_empty, size, text};
use super::{arg, number};
use crate::content::clean;

pub(super) fn apply(name: &str, input: &Value, args: &[Value]) -> Option<Value> {
    let own = || text(input);
    Some(match name {
        "append" => (own() + &arg(args, 0)).into(),
        "prepend" => (arg(args, 0) + &own()).into(),
        "upcase" => own().to_uppercase().into(),
        "downcase" => own().to_lowercase().into(),
        "capitalize" => capitalized(&own()).into(),
        "strip" => own().trim().into(),
        "lstrip" => own().trim_start().into(),
        "rstrip" => own().trim_end().into(),
        "chomp" => own().trim_end_matches('\n').into(),
        "strip_newlines" => own().replace(['\n', '\r'], "").into(),
        "newline_to_br" => own().replace('\n', "<br />\n").into(),
        "strip_html" => strip_html(&own()).into(),
        "normalize_whitespace" => own().split_whitespace().collect::<Vec<_>>().join(" ").into(),
        "escape" | "h" | "xml_escape" => html_escape::encode_quoted_attribute(&own()).into_owned().into(),
        "escape_once" => {
            let plain = html_escape::decode_html_entities(&own()).into_owned();
            html_escape::encode_quoted_attribute(&plain).into_owned().into()
        }
        "url_encode" | "cgi_escape" => encoded(&own(), "+").into(),
        "uri_escape" => encoded(&own(), "%20").into(),
        "url_decode" => percent_encoding::percent_decode_str(&own().replace('+', " "))
            .decode_utf8_lossy()
            .into_owned()
            .into(),
        "replace" => own().replace(&arg(args, 0), &arg(args, 1)).into(),
        "replace_first" => own().replacen(&arg(args, 0), &arg(args, 1), 1).into(),
        "replace_last" => replace_last(&own(), &arg(args, 0), &arg(args, 1)).into(),
        "remove" => own().replace(&arg(args, 0), "").into(),
        "remove_first" => own().replacen(&arg(args, 0), "", 1).into(),
        "remove_last" => replace_last(&own(), &arg(args, 0), "").into(),
        "split" => split(&own(), &arg(args, 0)),
        "truncate" => {
            let most = number(args, 0).and_then(|most| usize::try_from(most).ok()).unwrap_or(50);
            let end = if args.len() > 1 { arg(args, 1) } else { "...".to_owned() };
            truncated(&own(), most, &end).into()
        }
        "truncatewords" => {
            let most = number(args, 0).and_then(|most| usize::try_from(most).ok()).unwrap_or(15).max(1);
            let end = if args.len() > 1 { arg(args, 1) } else { "...".to_owned() };
            let own = own();
            let words: Vec<&str> = own.split_whitespace().collect();
            if words.len() > most { (words[..most].join(" ") + &end).into() } else { own.into() }
        }
        "slice" if !input.is_array() => {
            sliced(&own(), number(args, 0).unwrap_or(0), number(args, 1).unwrap_or(1)).into()
        }
        "size" => match size(input) {
            Value::Null => 0.into(),
            size => size,
        },
        "default" => {
            if is_empty(input) {
                args.first().cloned().unwrap_or(Value::Null)
            } else {
                input.clone()
            }
        }
        "number_of_words" => words(&own(), &arg(args, 0)).into(),
        "plus" | "minus" | "times" | "divided_by" | "modulo" | "at_least" | "at_most" => {
            arithmetic(name, input, args.first().unwrap_or(&Value::Null))
        }
        "abs" => arithmetic("abs", input, &Value::Null),
        "round" if args.is_empty() => rounded(input, f64::round),
        "round" => {
            let scale = 10_f64.powi(i32::try_from(number(args, 0).unwrap_or(0)).unwrap_or(0));
            Value::from((float(input) * scale).round() / scale)
        }
        "ceil" => rounded(input, f64::ceil),
        "floor" => rounded(input, f64::floor),
        "to_integer" => match input {
            Value::Bool(truth) => i64::from(*truth).into(),
            value => integer(value).unwrap_or(0).into(),
        },
        _ => return None,
    })
}

fn capitalized(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map_or_else(String::new, |first| {
        first.to_uppercase().chain(chars.flat_map(char::to_lowercase)).collect()
    })
}

/// Tags, scripts, styles and comments go.
pub(super) fn strip_html(html: &str) -> String {
    let mut out = String::with_capacity(html.len());
    let mut rest = html;
    while let Some(at) = rest.find('<') {
        out.push_str(&rest[..at]);
        let tag = &rest[at..];
        let end_of = |open: &str, close: &str| {
            tag.starts_with(open).then(|| tag.find(close).map(|end| end + close.len())).flatten()
        };
        let length = end_of("<script", "</script>")
            .or_else(|| end_of("<style", "</style>"))
            .or_else(|| end_of("<!--", "-->"))
            .or_else(|| tag.find('>').map(|end| end + 1));
        let Some(length) = length else {
            rest = tag;
            break;
        };
        rest = &tag[length..];
    }
    out.push_str(rest);
    out
}

fn encoded(text: &str, space: &str) -> String {
    percent_encoding::utf8_percent_encode(text, percent_encoding::NON_ALPHANUMERIC)
        .to_string()
        .replace("%20", space)
        .replace("%2D", "-")
        .replace("%5F", "_")
        .replace("%2E", ".")
}

fn replace_last(text: &str, from: &str, to: &str) -> String {
    text.rfind(from)
        .map_or_else(|| text.to_owned(), |at| format!("{}{to}{}", &text[..at], &text[at + from.len()..]))
}

/// Ruby drops empty parts at the end; a space parts at any white space.
fn split(text: &str, by: &str) -> Value {
    let mut parts: Vec<&str> = match by {
        " " => text.split_whitespace().collect(),
        "" => text.split("").filter(|part| !part.is_empty()).collect(),
        by => text.split(by).collect(),
    };
    while parts.last().is_some_and(|part| part.is_empty()) {
        parts.pop();
    }
    parts.into()
}

fn truncated(text: &str, most: usize, end: &str) -> String {
    if text.chars().count() <= most {
        return text.to_owned();
    }
    let kept = most.saturating_sub(end.chars().count());
    text.chars().take(kept).chain(end.chars()).collect()
}

fn sliced(text: &str, from: i64, length: i64) -> String {
    let count = i64::try_from(text.chars().count()).unwrap_or(0);
    let from = if from < 0 { count + from } else { from };
    let (Ok(from), Ok(length)) = (usize::try_from(from), usize::try_from(length)) else {
        return String::new();
    };
    text.chars().skip(from).take(length).collect()
}

/// By white space; in mode `cjk` or `auto` each Chinese, Japanese or Korean character is a word.
fn words(text: &str, mode: &str) -> usize {
    let is_cjk = |c: char| matches!(u32::from(c), 0x1100..=0x11ff | 0x3040..=0x30ff | 0x3400..=0x9fff | 0xac00..=0xd7a3);
    let characters = text.chars().filter(|c| is_cjk(*c)).count();
    if mode == "cjk" || (mode == "auto" && characters > 0) {
        let others: String = text.chars().map(|c| if is_cjk(c) { ' ' } else { c }).collect();
        return characters + others.split_whitespace().count();
    }
    clean::strip(text).split_whitespace().count()
}

fn float(value: &Value) -> f64 {
    match value {
        Value::Number(number) => number.as_f64().unwrap_or(0.0),
        Value::String(text) => text.trim().parse().unwrap_or(0.0),
        _ => 0.0,
    }
}

/// Whole numbers stay whole; dividing them rounds down.
fn arithmetic(name: &str, one: &Value, two: &Value) -> Value {
    let whole = |value: &Value| match value {
        Value::Number(number) => number.as_i64(),
        Value::String(text) => text.trim().parse().ok(),
        Value::Null => Some(0),
        _ => None,
    };
    if let (Some(one), Some(two)) = (whole(one), whole(two)) {
        return match name {
            "plus" => one.saturating_add(two),
            "minus" => one.saturating_sub(two),
            "times" => one.saturating_mul(two),
            "divided_by" if two != 0 => one.div_euclid(two),
            "modulo" if two != 0 => one.rem_euclid(two),
            "at_least" => one.max(two),
            "at_most" => one.min(two),
            "abs" => one.saturating_abs(),
            _ => 0,
        }
        .into();
    }
    let (one, two) = (float(one), float(two));
    let result = match name {
        "plus" => one + two,
        "minus" => one - two,
        "times" => one * two,
        "divided_by" => one / two,
        "modulo" => one.rem_euclid(two),
        "at_least" => one.max(two),
        "at_most" => one.min(two),
        _ => one.abs(),
    };
    Number::from_f64(result).map_or(Value::Null, Value::Number)
}

#[expect(clippy::cast_possible_truncation, reason = "a rounded number of a page is small")]
fn rounded(value: &Value, round: impl Fn(f64) -> f64) -> Value {
    (round(float(value)) as i64).into()
}
