//! Podcasts: Apple's `itunes` elements and Podcasting 2.0's.

use uuid::Uuid;

use super::Channel;
use super::element::{Element, ITUNES, PODCAST};
use crate::config::Podcast;
use crate::content::Episode;

pub(super) const NAMESPACES: [(&str, &str); 2] = [ITUNES, PODCAST];

/// The namespace that ids of podcasts are made in (Podcasting 2.0, `podcast:guid`).
const GUIDS: Uuid = Uuid::from_u128(0xead4_c236_bf58_58c6_a2c6_a6b2_8d12_8cb6);

/// The id of the podcast whose feed lies at `url`: UUIDv5 of the address without its scheme and the slashes at its end.
pub(super) fn guid(url: &str) -> String {
    let name = url.split_once("://").map_or(url, |(_, rest)| rest).trim_end_matches('/');
    Uuid::new_v5(&GUIDS, name.as_bytes()).to_string()
}

/// What a podcast says of itself; its feed lies at `url`.
pub(super) fn of_channel(channel: &Channel, podcast: &Podcast, url: &str) -> Vec<Element> {
    let text = |name: &str, text: &str| Element::new(name).text(text);
    let author = podcast.author.as_deref().unwrap_or(&channel.author.name);
    let mut elements = vec![
        text("itunes:author", author),
        text("itunes:explicit", if podcast.explicit { "true" } else { "false" }),
        text("itunes:type", if podcast.serial { "serial" } else { "episodic" }),
        text("podcast:guid", &podcast.guid.clone().unwrap_or_else(|| guid(url))),
    ];
    for (outer, inner) in &podcast.categories {
        let mut category = Element::new("itunes:category").with("text", outer);
        if let Some(inner) = inner {
            category = category.child(Element::new("itunes:category").with("text", inner));
        }
        elements.push(category);
    }
    if let Some(image) = &podcast.image {
        elements.push(Element::new("itunes:image").with("href", image.as_str()));
    }
    let owner = podcast.owner.as_ref();
    if let Some(owner) = owner {
        let mut element = Element::new("itunes:owner");
        if !owner.name.is_empty() {
            element = element.child(text("itunes:name", &owner.name));
        }
        if let Some(email) = &owner.email {
            element = element.child(text("itunes:email", email));
        }
        elements.push(element);
    }
    if let Some(locked) = podcast.locked {
        let email = owner.and_then(|owner| owner.email.as_deref());
        elements.push(text("podcast:locked", if locked { "yes" } else { "no" }).with_some("owner", email));
    }
    if let Some((url, words)) = &podcast.funding {
        elements.push(text("podcast:funding", words).with("url", url.as_str()));
    }
    elements.extend(podcast.medium.as_deref().map(|medium| text("podcast:medium", medium)));
    elements
}

/// What an episode says of itself.
pub(super) fn of_item(episode: &Episode) -> Vec<Element> {
    let text = |name: &str, text: &str| Element::new(name).text(text);
    let mut elements = Vec::new();
    for (name, value) in [
        ("itunes:title", episode.title.clone()),
        ("itunes:subtitle", episode.subtitle.clone()),
        ("itunes:season", episode.season.map(|season| season.to_string())),
        ("podcast:season", episode.season.map(|season| season.to_string())),
        ("itunes:episode", episode.number.map(|number| number.to_string())),
        ("podcast:episode", episode.number.map(|number| number.to_string())),
        ("itunes:episodeType", episode.kind.clone()),
        ("itunes:duration", episode.duration.map(|seconds| seconds.to_string())),
        ("itunes:explicit", episode.explicit.map(|explicit| explicit.to_string())),
        ("itunes:block", episode.block.then(|| "Yes".to_owned())),
    ] {
        elements.extend(value.map(|value| text(name, &value)));
    }
    if let Some(image) = &episode.image {
        elements.push(Element::new("itunes:image").with("href", image.as_str()));
    }
    if let Some(chapters) = &episode.chapters {
        let element = Element::new("podcast:chapters").with("url", chapters.as_str());
        elements.push(element.with("type", "application/json+chapters"));
    }
    for (url, kind, language) in &episode.transcripts {
        let element = Element::new("podcast:transcript").with("url", url.as_str()).with("type", kind);
        elements.push(element.with_some("language", language.as_deref()));
    }
    for (name, role) in &episode.persons {
        elements.push(text("podcast:person", name).with_some("role", role.as_deref()));
    }
    elements
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_guid_is_that_of_the_specification() {
        assert_eq!(guid("https://podnews.net/rss"), "9b024349-ccf0-5f69-a609-6b82873eab3c");
        assert_eq!(guid("http://podnews.net/rss/"), "9b024349-ccf0-5f69-a609-6b82873eab3c");
    }
}
