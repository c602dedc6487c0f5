//! What templates can do beyond MiniJinja's own filters.

use chrono::{DateTime, Datelike as _, Locale};
use minijinja::value::ObjectRepr;
use minijinja::{Environment, Error, ErrorKind, Value};
use unicode_segmentation::UnicodeSegmentation as _;

use crate::render::wrap::{Breaks, wrap};

pub(super) fn add_to(env: &mut Environment<'static>) {
    env.add_filter("date", date);
    env.add_filter("default", default);
    env.add_filter("d", default);
    env.add_filter("wrap", wrapped);
    env.add_filter("plural", |count: i64, one: String, many: String| if count == 1 { one } else { many });
    env.add_filter("shorten", shorten);
    env.add_filter("josa", josa);
    env.add_filter("rule", |text: &str| "-".repeat(unicode_width::UnicodeWidthStr::width(text).min(72)));
}

/// MiniJinja's own, but for what is put in last: nobody knows yet whether it will be there.
fn default(value: &Value, other: Option<Value>, even_empty: Option<bool>) -> Result<Value, Error> {
    if value.as_object().is_some_and(|object| object.repr() == ObjectRepr::Plain) {
        let why = "a reader's own words are put in last: whether there are any is not known here";
        return Err(Error::new(ErrorKind::InvalidOperation, why));
    }
    let is_missing = value.is_undefined() || (even_empty == Some(true) && !value.is_true());
    Ok(if is_missing { other.unwrap_or_else(|| Value::from("")) } else { value.clone() })
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
        "en" => day.format("%A, %-d %B %Y").to_string(),
        _ => locale(language).map_or_else(
            || day.format("%A, %-d %B %Y").to_string(),
            |locale| day.format_localized("%A %-d %B %Y", locale).to_string(),
        ),
    })
}

/// The locale of a language: with its own region, else that of the country named like it, else its largest.
fn locale(language: &str) -> Option<Locale> {
    const COUNTRIES: [(&str, &str); 20] = [
        ("ar", "EG"),
        ("ca", "ES"),
        ("cs", "CZ"),
        ("cy", "GB"),
        ("da", "DK"),
        ("el", "GR"),
        ("et", "EE"),
        ("eu", "ES"),
        ("fa", "IR"),
        ("ga", "IE"),
        ("gl", "ES"),
        ("he", "IL"),
        ("hi", "IN"),
        ("nb", "NO"),
        ("nn", "NO"),
        ("sl", "SI"),
        ("sr", "RS"),
        ("sv", "SE"),
        ("uk", "UA"),
        ("vi", "VN"),
    ];
    let mut parts = language.split('-');
    let own = parts.next()?.to_ascii_lowercase();
    let region = parts.next_back().map(str::to_ascii_uppercase);
    let largest = COUNTRIES.iter().find(|(known, _)| *known == own).map(|(_, country)| (*country).to_owned());
    let regions = [region, Some(own.to_ascii_uppercase()), largest];
    regions.into_iter().flatten().find_map(|region| Locale::try_from(format!("{own}_{region}").as_str()).ok())
}

/// `{{ post.title | shorten(40) }}`: at most so many characters as a reader counts them, the last one `…` where some are gone.
fn shorten(text: &str, most: usize) -> String {
    let mut ends = text.grapheme_indices(true).map(|(at, _)| at).skip(most.saturating_sub(1));
    match (ends.next(), ends.next()) {
        (Some(end), Some(_)) => format!("{}…", text[..end].trim_end()),
        _ => text.to_owned(),
    }
}

/// `{{ name | josa("은/는") }}`: the word with the particle that its last sound asks for, the first of the two after a consonant.
/// `으로/로` is `로` after ㄹ, too.
fn josa(word: &str, pair: &str) -> Result<String, Error> {
    let Some((after_consonant, after_vowel)) = pair.split_once('/') else {
        let why = format!("`{pair}` is no pair of particles; write one such as `은/는`");
        return Err(Error::new(ErrorKind::InvalidOperation, why));
    };
    let is_open = match particle(word) {
        None => true,
        Some(tail) => tail == 'ㄹ' && pair == "으로/로",
    };
    Ok(format!("{word}{}", if is_open { after_vowel } else { after_consonant }))
}

/// The consonant that the last letter or digit of a word ends with, as it is read in Korean: `ㄹ`, or `ㄱ` for all others.
fn particle(word: &str) -> Option<char> {
    let last = word.chars().rev().find(|c| c.is_alphanumeric())?;
    let tail = match last {
        '가'..='힣' => (u32::from(last) - 0xac00) % 28,
        // 영 일 이 삼 사 오 육 칠 팔 구; 엘 엠 엔 알.
        '1' | '7' | '8' | 'l' | 'L' | 'r' | 'R' => 8,
        '0' | '3' | '6' | 'm' | 'M' | 'n' | 'N' => 1,
        // A word of Latin letters ends as it is said, mostly: `Rust` on a vowel that Korean adds, `blog` on ㄱ.
        'b' | 'c' | 'k' | 'p' if word.chars().filter(char::is_ascii_alphabetic).count() > 1 => 1,
        _ => 0,
    };
    match tail {
        0 => None,
        8 => Some('ㄹ'),
        _ => Some('ㄱ'),
    }
}

/// `{{ text | wrap(72) }}`: lines of at most so many columns, a Hangul syllable being two wide.
fn wrapped(text: &str, width: usize) -> String {
    wrap(text, width, Breaks::Flowed).join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_particle_follows_the_last_sound() {
        for (word, pair, expect) in [
            ("김민지", "은/는", "김민지는"),
            ("책", "이/가", "책이"),
            ("서울", "을/를", "서울을"),
            ("서울", "으로/로", "서울로"),
            ("부산", "으로/로", "부산으로"),
            ("바다", "으로/로", "바다로"),
            ("2026", "은/는", "2026은"),
            ("Rust", "은/는", "Rust는"),
            ("HTML", "과/와", "HTML과"),
            ("“공책”", "이/가", "“공책”이"),
            ("?", "은/는", "?는"),
        ] {
            assert_eq!(josa(word, pair).unwrap(), expect);
        }
        assert!(josa("가", "은").is_err());
    }

    #[test]
    fn a_day_is_written_as_its_language_does() {
        for (language, expect) in [
            ("ko", "2026년 11월 23일 (월)"),
            ("ja-JP", "2026年11月23日(月)"),
            ("en-GB", "Monday, 23 November 2026"),
            ("fr", "lundi 23 novembre 2026"),
            ("pt-BR", "segunda 23 novembro 2026"),
            ("sv", "måndag 23 november 2026"),
            ("tlh", "Monday, 23 November 2026"),
        ] {
            assert_eq!(date("2026-11-23T08:00:00+09:00", language).unwrap(), expect);
        }
        assert!(date("gestern", "de").is_err());
    }

    #[test]
    fn a_text_is_cut_between_characters() {
        assert_eq!(shorten("가나다라마", 3), "가나…");
        assert_eq!(shorten("가나다", 3), "가나다");
        assert_eq!(shorten("👨‍👩‍👧‍👦👨‍👩‍👧‍👦ab", 3), "👨‍👩‍👧‍👦👨‍👩‍👧‍👦…");
        assert_eq!(shorten("", 3), "");
    }
}
