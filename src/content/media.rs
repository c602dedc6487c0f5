//! The picture of a post and the files that come with it, as front matter names them.

use std::borrow::Cow;

use serde::{Deserialize, Serialize};
use serde_json::Value;
use url::Url;

use super::asset::{self, Asset};
use super::clean::one_line;
use super::reading::Reading;
use super::values::{first_text, text};
use crate::config::Settings;
use crate::diagnostic::Diagnostic;
use crate::fsx;

/// A picture that stands for a post.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Image {
    /// Absolute.
    pub url: Url,
    /// What it shows, perhaps empty.
    pub alt: String,
}

/// A file that comes with a post (RSS 2.0 `enclosure`, RFC 4287 §4.2.7.2 `enclosure`).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Enclosure {
    /// Absolute.
    pub url: Url,
    /// In bytes; 0 where it is not known.
    pub length: u64,
    /// Its media type.
    pub media_type: String,
    /// In seconds, where it plays and the post says so.
    pub duration: Option<u64>,
}

impl Enclosure {
    /// Whether it is to be heard or seen.
    pub fn plays(&self) -> bool {
        self.media_type.starts_with("audio/") || self.media_type.starts_with("video/")
    }
}

/// How likely a key is to hold the picture, the likeliest first; without case, `-` and `_`.
fn is_image(key: &str) -> Option<usize> {
    Some(match key {
        "image" => 0,
        "cover" => 1,
        "header" => 2,
        "images" => 3,
        "hero" | "heroimage" => 4,
        "coverimage" => 5,
        "featuredimage" | "featureimage" | "featured" => 6,
        "thumbnail" | "thumb" => 7,
        "teaser" => 8,
        "banner" => 9,
        "ogimage" | "socialimage" => 10,
        "img" => 11,
        _ => return None,
    })
}

/// The same for files.
fn is_enclosure(key: &str) -> Option<usize> {
    Some(match key {
        "enclosure" | "enclosures" => 0,
        "audio" | "audiourl" | "audiofile" => 1,
        "video" => 2,
        "podcast" => 3,
        "episode" => 4,
        _ => return None,
    })
}

/// A key as the lists above have them.
fn folded(key: &str) -> Cow<'_, str> {
    if key.bytes().all(|b| b.is_ascii_lowercase()) {
        return key.into();
    }
    key.chars().filter(|c| !matches!(c, '-' | '_')).collect::<String>().to_lowercase().into()
}

/// The values under keys that have a rank, in its order; those of the tables `extra` and `params` come last.
fn under(matter: &Settings, rank: fn(&str) -> Option<usize>) -> Vec<&Value> {
    let mut found: Vec<(usize, &Value)> = ranked(matter, rank).collect();
    for table in ["extra", "params"].iter().filter_map(|table| matter.get(*table)?.as_object()) {
        found.extend(ranked(table, rank).map(|(rank, value)| (rank + 100, value)));
    }
    found.sort_by_key(|(rank, _)| *rank);
    found.into_iter().map(|(_, value)| value).collect()
}

fn ranked(table: &Settings, rank: fn(&str) -> Option<usize>) -> impl Iterator<Item = (usize, &Value)> {
    table.iter().filter_map(move |(key, value)| Some((rank(&folded(key))?, value)))
}

/// The picture that the front matter names.
pub(super) fn image(reading: &Reading<'_>, post: &Url) -> Option<Image> {
    under(&reading.matter, is_image).into_iter().find_map(|value| {
        let (written, alt) = picture(value)?;
        let Asset { url, .. } = asset::find(&written, reading, post)?;
        Some(Image { url, alt })
    })
}

/// The address of a picture and the words for it.
fn picture(value: &Value) -> Option<(String, String)> {
    match value {
        Value::Array(list) => list.iter().find_map(picture),
        Value::Object(parts) => {
            let keys = [
                "teaser",
                "path",
                "image",
                "url",
                "src",
                "og_image",
                "overlay_image",
                "file",
                "relative_path",
            ];
            let (address, mut alt) = keys.iter().find_map(|key| picture(parts.get(*key)?))?;
            if let Some(own) = first_text(parts, &["alt", "image_description", "description", "caption"]) {
                alt = one_line(&own);
            }
            Some((address, alt))
        }
        Value::String(written) if is_address(written) => Some((written.clone(), String::new())),
        _ => None,
    }
}

/// Whether a word can be the address of a file, and not a name or a colour.
fn is_address(written: &str) -> bool {
    let written = written.trim();
    let last = written.split(['?', '#']).next().unwrap_or(written).rsplit('/').next().unwrap_or(written);
    !written.starts_with(['#', '<'])
        && !written.contains('\n')
        && (written.contains("://") || last.contains('.'))
}

/// The files that come with the post; of one without a length that can be known, a word.
pub(super) fn enclosures(reading: &mut Reading<'_>, post: &Url) -> Vec<Enclosure> {
    let mut found: Vec<Enclosure> = Vec::new();
    let mut unknown = Vec::new();
    for written in under(&reading.matter, is_enclosure).into_iter().flat_map(files) {
        let Some(Asset { url, file }) = asset::find(&written.address, reading, post) else {
            continue;
        };
        if found.iter().any(|known| known.url == url) {
            continue;
        }
        let length = file.and_then(|file| fsx::stamp(&file)).map(|(length, _)| length).or(written.length);
        if length.is_none() {
            unknown.push(written.address.clone());
        }
        let media_type = written.media_type.or_else(|| media_type(url.path()).map(str::to_owned));
        found.push(Enclosure {
            url,
            length: length.unwrap_or(0),
            media_type: media_type.unwrap_or_else(|| "application/octet-stream".to_owned()),
            duration: written.duration,
        });
    }
    for address in unknown {
        let message = format!("how long `{address}` is cannot be known; the feed says 0");
        let help = "put the file where the site has it, or write `length:` (in bytes) beside its address";
        let place = reading.place(&address);
        reading.found.push(Diagnostic::warning("enclosure", reading.source, message).at(place).help(help));
    }
    found
}

/// A file as it is written.
struct Written {
    address: String,
    length: Option<u64>,
    media_type: Option<String>,
    duration: Option<u64>,
}

fn files(value: &Value) -> Vec<Written> {
    match value {
        Value::Array(list) => list.iter().flat_map(files).collect(),
        Value::Object(parts) => {
            let Some(address) =
                first_text(parts, &["url", "src", "href", "file", "path", "audio", "audio_url", "mp3"])
                    .filter(|address| is_address(address))
            else {
                return Vec::new();
            };
            let number = |keys: &[&str]| first_text(parts, keys)?.replace([',', '_'], "").trim().parse().ok();
            let is_type = |name: &String| {
                name.split_once('/').is_some_and(|(kind, rest)| {
                    let token = |part: &str| {
                        !part.is_empty()
                            && part.bytes().all(|b| b.is_ascii_alphanumeric() || b"!#$&^_.+-".contains(&b))
                    };
                    token(kind) && token(rest)
                })
            };
            vec![Written {
                address,
                length: number(&["length", "bytes", "size", "filesize"]),
                media_type: first_text(parts, &["type", "mime", "mimetype", "mime_type"]).filter(is_type),
                duration: parts.get("duration").and_then(seconds),
            }]
        }
        Value::String(address) if is_address(address) => {
            vec![Written { address: address.clone(), length: None, media_type: None, duration: None }]
        }
        _ => Vec::new(),
    }
}

/// `3725`, `62:05` or `1:02:05`.
pub(super) fn seconds(value: &Value) -> Option<u64> {
    let text = text(value)?;
    let parts: Vec<u64> = text.trim().split(':').map(str::parse).collect::<Result<_, _>>().ok()?;
    (parts.len() <= 3)
        .then(|| parts.iter().fold(0u64, |sum, part| sum.saturating_mul(60).saturating_add(*part)))
}

/// The media type of a file, by its ending.
pub fn media_type(path: &str) -> Option<&'static str> {
    let ending = path.rsplit('/').next()?.rsplit_once('.')?.1.to_ascii_lowercase();
    Some(match ending.as_str() {
        "mp3" => "audio/mpeg",
        "m4a" | "m4b" => "audio/mp4",
        "aac" => "audio/aac",
        "ogg" | "oga" | "opus" => "audio/ogg",
        "flac" => "audio/flac",
        "wav" => "audio/wav",
        "mp4" | "m4v" => "video/mp4",
        "webm" => "video/webm",
        "mov" => "video/quicktime",
        "jpg" | "jpeg" => "image/jpeg",
        "png" => "image/png",
        "gif" => "image/gif",
        "webp" => "image/webp",
        "avif" => "image/avif",
        "svg" => "image/svg+xml",
        "pdf" => "application/pdf",
        "epub" => "application/epub+zip",
        "zip" => "application/zip",
        "vtt" => "text/vtt",
        "srt" => "application/x-subrip",
        "html" | "htm" => "text/html",
        "txt" => "text/plain",
        "json" => "application/json",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn pictures_are_named_in_many_ways() {
        for (value, expect) in [
            (json!("a.png"), Some("a.png")),
            (json!({ "teaser": "/t.jpg", "overlay_image": "/o.jpg" }), Some("/t.jpg")),
            (json!({ "image": { "path": "b.webp" }, "alt": "설명" }), Some("b.webp")),
            (json!(["c.png", "d.png"]), Some("c.png")),
            (json!(true), None),
            (json!("red"), None),
            (json!("#fff.0"), None),
        ] {
            assert_eq!(picture(&value).map(|(address, _)| address).as_deref(), expect, "{value}");
        }
        assert_eq!(picture(&json!({ "image": "b.webp", "alt": "설명" })).unwrap().1, "설명");
    }

    #[test]
    fn keys_are_found_however_they_are_spelt() {
        let matter =
            json!({ "featured-image": "b.png", "extra": { "cover": "c.png" }, "heroImage": "a.png" });
        let found = under(matter.as_object().unwrap(), is_image);
        assert_eq!(found, [&json!("a.png"), &json!("b.png"), &json!("c.png")]);
    }

    #[test]
    fn durations_are_seconds() {
        for (value, expect) in [
            (json!("1:02:05"), Some(3725)),
            (json!("62:05"), Some(3725)),
            (json!(3725), Some(3725)),
            (json!("an hour"), None),
            (json!("1:1:1:1"), None),
        ] {
            assert_eq!(seconds(&value), expect, "{value}");
        }
    }
}
