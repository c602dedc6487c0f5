//! What templates can do beyond MiniJinja's own filters.

use chrono::{DateTime, Datelike as _};
use minijinja::{Environment, Error, ErrorKind};

use crate::render::wrap::{Breaks, wrap};

pub(super) fn add_to(env: &mut Environment<'static>) {
    env.add_filter("date", date);
    env.add_filter("wrap", wrapped);
    env.add_filter("rule", |text: &str| "-".repeat(unicode_width::UnicodeWidthStr::width(text).min(72)));
}

/// `{{ post.date | date(language) }}`: a day as that language writes it, `2026년 11월 23일 (월)`.
fn date(moment: &str, language: &str) -> Result<String, Error> {
    let day = DateTime::parse_from_rfc3339(moment)
        .map_err(|_| Error::new(ErrorKind::InvalidOperation, format!("`{moment}` is not a date")))?;
    let (y, m, d) = (day.year(), day.month(), day.day());
    let weekday =
        |names: &'static str| names.chars().nth(day.weekday().num_days_from_monday() as usize).unwrap_or(' ');
    Ok(match language.split('-').next().unwrap_or_default() {
        "ko" => format!("{y}년 {m}월 {d}일 ({})", weekday("월화수목금토일")),
        "ja" => format!("{y}年{m}月{d}日({})", weekday("月火水木金土日")),
        "zh" => format!("{y}年{m}月{d}日"),
        _ => day.format("%A, %-d %B %Y").to_string(),
    })
}

/// `{{ text | wrap(72) }}`: lines of at most so many columns, a Hangul syllable being two wide.
fn wrapped(text: &str, width: usize) -> String {
    wrap(text, width, Breaks::Flowed).join("\n")
}
