//! What a post says of itself as an episode of a podcast, in Apple's and Podcasting 2.0's words.

use serde::{Deserialize, Serialize};
use serde_json::Value;
use url::Url;

use super::asset;
use super::clean::one_line;
use super::media::{Enclosure, media_type, seconds};
use super::reading::Reading;
use super::values::{Truth, text, truth};
use crate::config::Settings;

/// An episode; everything that the post does not say is `None`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Episode {
    /// Its title without a number.
    pub title: Option<String>,
    /// A line about it.
    pub subtitle: Option<String>,
    /// From 1.
    pub season: Option<u64>,
    /// Its number in the season, from 1.
    pub number: Option<u64>,
    /// `full`, `trailer` or `bonus`.
    pub kind: Option<String>,
    /// In seconds.
    pub duration: Option<u64>,
    /// Whether it is for adults.
    pub explicit: Option<bool>,
    /// Whether directories shall not show it.
    pub block: bool,
    /// A picture of its own.
    pub image: Option<Url>,
    /// Its chapters, a file of JSON.
    pub chapters: Option<Url>,
    /// Its transcripts, each with its media type and its language.
    pub transcripts: Vec<(Url, String, Option<String>)>,
    /// Who speaks, each with a part such as `guest`.
    pub persons: Vec<(String, Option<String>)>,
}

/// The tables that an episode's own words stand in; `season`, `chapters` and the like are also read beside them.
const TABLES: [&str; 3] = ["podcast", "episode", "itunes"];

/// What the front matter says of the episode that plays `enclosures`; `None` for a post that plays nothing.
pub(super) fn of(reading: &Reading<'_>, enclosures: &[Enclosure], post: &Url) -> Option<Box<Episode>> {
    let plays = enclosures.iter().find(|enclosure| enclosure.plays())?;
    let matter = &reading.matter;
    let tables: Vec<&Settings> = TABLES.iter().filter_map(|key| matter.get(*key)?.as_object()).collect();
    let inner = |keys: &[&str]| tables.iter().find_map(|table| keys.iter().find_map(|key| table.get(*key)));
    let said = |keys: &[&str]| {
        inner(keys).or_else(|| keys.iter().find_map(|key| matter.get(*key))).filter(|value| !value.is_null())
    };
    let words = |value: &Value| text(value).map(|text| one_line(&text)).filter(|text| !text.is_empty());
    let number = |keys: &[&str]| said(keys).and_then(text)?.trim().parse().ok().filter(|number| *number > 0);
    let address = |value: &Value| {
        let written = text(value.as_object().and_then(|parts| parts.get("url")).unwrap_or(value))?;
        asset::find(&written, reading, post).map(|asset| asset.url)
    };
    let kind =
        said(&["episodeType", "episodetype", "episode_type"]).or_else(|| inner(&["type"])).and_then(text);
    Some(Box::new(Episode {
        title: inner(&["title"]).and_then(words),
        subtitle: said(&["subtitle"]).and_then(words),
        season: number(&["season"]),
        number: number(&["episode", "number", "episode_number"]),
        kind: kind.filter(|kind| matches!(kind.as_str(), "full" | "trailer" | "bonus")),
        duration: plays.duration.or_else(|| said(&["duration"]).and_then(seconds)),
        explicit: match truth(said(&["explicit"])) {
            Truth::Yes => Some(true),
            Truth::No => Some(false),
            Truth::Word(word) => match word.as_str() {
                "explicit" => Some(true),
                "clean" => Some(false),
                _ => None,
            },
            Truth::Unsaid | Truth::Empty => None,
        },
        block: truth(inner(&["block"])) == Truth::Yes,
        image: inner(&["image", "cover"]).and_then(address),
        chapters: said(&["chapters"]).and_then(address),
        transcripts: many(said(&["transcript", "transcripts"]))
            .into_iter()
            .filter_map(|value| {
                let url = address(value)?;
                let part = |key: &str| value.get(key).and_then(text).map(|text| one_line(&text));
                let kind = part("type").or_else(|| media_type(url.path()).map(str::to_owned));
                Some((url, kind.unwrap_or_else(|| "text/plain".to_owned()), part("language")))
            })
            .collect(),
        persons: many(said(&["persons", "people", "guests"]))
            .into_iter()
            .filter_map(|value| {
                let name = words(value.get("name").unwrap_or(value))?;
                Some((name, value.get("role").and_then(words)))
            })
            .collect(),
    }))
}

fn many(value: Option<&Value>) -> Vec<&Value> {
    match value {
        Some(Value::Array(list)) => list.iter().collect(),
        Some(value) => vec![value],
        None => Vec::new(),
    }
}
