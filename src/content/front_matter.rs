//! The block between `---` lines at the top of a post: found, and read key by key.
//!
//! A key that stands twice counts as its last value. Keys that mean nothing to feeds and mail are passed over.

use std::fmt;

use serde::Deserialize;
use serde::de::{self, Deserializer, IgnoredAny, MapAccess, Visitor};

use super::date::WrittenDate;
use super::scalar::{People, Scalar, Terms};
use crate::address::Address;
use crate::config::Author;

/// Longer front matter is refused before it is parsed: nesting costs the parser the square of its length.
pub(super) const LONGEST: usize = 64 << 10;

/// A post's text cut in two.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Split<'a> {
    /// What stands between the fences; empty where there is none.
    pub yaml: &'a str,
    /// What follows.
    pub body: &'a str,
}

/// Cuts off the front matter. `None` where it is opened and never closed.
pub(super) fn split(text: &str) -> Option<Split<'_>> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let Some(rest) =
        text.split_once('\n').filter(|(first, _)| first.trim_end() == "---").map(|(_, rest)| rest)
    else {
        return Some(Split { yaml: "", body: text });
    };
    let mut at = 0;
    for line in rest.split_inclusive('\n') {
        if matches!(line.trim_end(), "---" | "...") {
            return Some(Split { yaml: &rest[..at], body: &rest[at + line.len()..] });
        }
        at += line.len();
    }
    None
}

/// What a post says about itself.
#[derive(Debug, Default)]
pub(super) struct FrontMatter {
    pub title: Option<String>,
    pub date: Option<WrittenDate>,
    pub updated: Option<WrittenDate>,
    pub categories: Vec<String>,
    pub tags: Vec<String>,
    pub public_from: Option<WrittenDate>,
    pub draft: bool,
    pub unpublished: bool,
    pub id: Option<String>,
    pub slug: Option<String>,
    pub permalink: Option<String>,
    pub summary: Option<String>,
    pub authors: Vec<Author>,
    pub language: Option<String>,
}

impl<'de> Deserialize<'de> for FrontMatter {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Block;
        impl<'de> Visitor<'de> for Block {
            type Value = FrontMatter;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("front matter of the form `key: value`")
            }
            fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<FrontMatter, A::Error> {
                read(map)
            }
            fn visit_unit<E>(self) -> Result<FrontMatter, E> {
                Ok(FrontMatter::default())
            }
        }
        deserializer.deserialize_any(Block)
    }
}

fn read<'de, A: MapAccess<'de>>(mut map: A) -> Result<FrontMatter, A::Error> {
    let mut fm = FrontMatter::default();
    // Of the summary's names the first one here wins, and of a term's names the singular, as in Jekyll.
    let mut summaries: [Option<String>; 3] = Default::default();
    let (mut category, mut tag) = (None, None);
    while let Some(Scalar(key)) = map.next_key()? {
        match key.as_deref().unwrap_or_default() {
            "title" => fm.title = text(&mut map)?,
            "date" | "pubDate" => fm.date = map.next_value()?,
            "last_modified_at" | "lastmod" | "updated" => fm.updated = map.next_value()?,
            "categories" => fm.categories = words(map.next_value()?),
            "category" => category = Some(map.next_value::<Terms>()?.into_vec()),
            "tags" => fm.tags = words(map.next_value()?),
            "tag" => tag = Some(map.next_value::<Terms>()?.into_vec()),
            "draft" => fm.draft = truth(&mut map)?.unwrap_or(false),
            "published" => fm.unpublished = !truth(&mut map)?.unwrap_or(true),
            "publishDate" | "publishdate" | "publish_date" => fm.public_from = map.next_value()?,
            "id" | "guid" => fm.id = text(&mut map)?,
            "slug" => fm.slug = text(&mut map)?,
            "permalink" => fm.permalink = text(&mut map)?,
            "excerpt" => summaries[0] = text(&mut map)?,
            "description" => summaries[1] = text(&mut map)?,
            "summary" => summaries[2] = text(&mut map)?,
            "author" | "authors" => fm.authors = map.next_value::<People>()?.0,
            "lang" | "language" | "locale" => fm.language = text(&mut map)?,
            _ => {
                map.next_value::<IgnoredAny>()?;
            }
        }
    }
    fm.summary = summaries.into_iter().flatten().find(|summary| !summary.trim().is_empty());
    fm.categories = unique(category.unwrap_or(fm.categories));
    fm.tags = unique(tag.unwrap_or(fm.tags));
    for author in &mut fm.authors {
        author.name = super::clean::one_line(&author.name);
        for field in [&mut author.email, &mut author.url] {
            *field = field.as_deref().map(super::clean::one_line).filter(|text| !text.is_empty());
        }
        // A feed's grammar knows no other form.
        author.email = author.email.take().filter(|email| Address::parse(email).is_ok());
    }
    fm.authors.retain(|author| !author.name.is_empty());
    Ok(fm)
}

fn text<'de, A: MapAccess<'de>>(map: &mut A) -> Result<Option<String>, A::Error> {
    Ok(map.next_value::<Scalar>()?.0)
}

/// YAML 1.1's words for true and false, which most generators' parsers know. Another word is refused: what is not meant to
/// be public must not become so by a slip. `None` for null.
fn truth<'de, A: MapAccess<'de>>(map: &mut A) -> Result<Option<bool>, A::Error> {
    let Some(word) = text(map)? else { return Ok(None) };
    match word.to_ascii_lowercase().as_str() {
        "true" | "yes" | "on" | "y" | "1" => Ok(Some(true)),
        "false" | "no" | "off" | "n" | "0" => Ok(Some(false)),
        _ => Err(de::Error::invalid_value(de::Unexpected::Str(&word), &"`true` or `false`")),
    }
}

/// A bare string under a plural key holds several words, parted by commas or else by spaces; a list is taken as it is.
fn words(terms: Terms) -> Vec<String> {
    match terms {
        Terms::Bare(one) if one.contains(',') => one.split(',').map(str::to_owned).collect(),
        Terms::Bare(one) => one.split_whitespace().map(str::to_owned).collect(),
        terms => terms.into_vec(),
    }
}

fn unique(terms: Vec<String>) -> Vec<String> {
    let mut seen = Vec::with_capacity(terms.len());
    for term in terms {
        let term = super::clean::one_line(&term);
        if !term.is_empty() && !seen.contains(&term) {
            seen.push(term);
        }
    }
    seen
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(yaml: &str) -> FrontMatter {
        crate::yaml::parse(yaml).unwrap()
    }

    #[test]
    fn the_block_ends_at_its_fence_and_bom_and_crlf_do_not_matter() {
        let split = split("\u{feff}---\r\ntitle: 가\r\n---\r\n본문\r\n---\r\n").unwrap();
        assert_eq!(split, Split { yaml: "title: 가\r\n", body: "본문\r\n---\r\n" });
        assert_eq!(super::split("no block\n---\n").unwrap().yaml, "");
        assert_eq!(super::split("---\ntitle: x\n"), None);
    }

    #[test]
    fn terms_may_be_a_string_or_a_list_under_either_name() {
        assert_eq!(parse("categories: AI_News\ntag: [AI, 알리바바, AI]\n").tags, ["AI", "알리바바"]);
        assert_eq!(parse("categories: AI_News City\n").categories, ["AI_News", "City"]);
        assert_eq!(parse("category: AI News\n").categories, ["AI News"]);
        assert_eq!(parse("tags: a b, c\n").tags, ["a b", "c"]);
        assert_eq!(parse("tags:\n- a\n- [b, 2]\n- ~\n").tags, ["a", "b", "2"]);
        assert!(parse("tags:\n").tags.is_empty());
    }

    #[test]
    fn a_list_of_one_is_not_split_into_words() {
        assert_eq!(parse("tags: [machine learning]\n").tags, ["machine learning"]);
    }

    #[test]
    fn the_last_of_two_values_counts_and_other_keys_do_not_matter() {
        let fm = parse(
            "title: 하나\nsidebar:\n  nav: docs\ntitle: 2024\nauthor: { name: 김, url: https://k.kr }\n",
        );
        assert_eq!(fm.title.as_deref(), Some("2024"));
        assert_eq!(fm.authors[0].name, "김");
    }
}
