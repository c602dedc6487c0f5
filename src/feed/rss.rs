//! RSS 2.0, after the RSS Advisory Board's specification and Best Practices Profile.

use rss::extension::atom::{AtomExtension, Link};
use rss::extension::dublincore::DublinCoreExtension;

use super::{Entry, Feed, FeedError, xml};

/// The feed as an RSS document that lies at `self_url`.
pub(super) fn bytes(feed: &Feed, self_url: &str) -> Result<Vec<u8>, FeedError> {
    let own = Link {
        href: self_url.to_owned(),
        rel: "self".to_owned(),
        mime_type: Some("application/rss+xml".to_owned()),
        ..Default::default()
    };
    let channel = rss::Channel {
        title: feed.title.clone(),
        link: feed.home.to_string(),
        // Required, and a validator refuses an empty one.
        description: if feed.description.is_empty() { feed.title.clone() } else { feed.description.clone() },
        language: Some(feed.language.clone()),
        last_build_date: Some(feed.updated.to_rfc2822()),
        generator: Some("tidings".to_owned()),
        atom_ext: Some(AtomExtension { links: vec![own] }),
        items: feed.entries.iter().map(item).collect(),
        ..Default::default()
    };
    let text = xml::text(channel.pretty_write_to(Vec::new(), b' ', 2)?)?;
    Ok(xml::hex_titles(&text).into_bytes())
}

fn item(entry: &Entry) -> rss::Item {
    // `author` is an address; whoever has none is named by `dc:creator`.
    let mut creators = Vec::new();
    let mut author = None;
    for person in &entry.authors {
        match &person.email {
            Some(email) if author.is_none() => author = Some(format!("{email} ({})", person.name)),
            _ => creators.push(person.name.clone()),
        }
    }
    rss::Item {
        title: Some(entry.title.clone()),
        link: Some(entry.url.clone()),
        description: Some(entry.summary.to_string()).filter(|summary| !summary.is_empty()),
        author,
        categories: entry
            .terms
            .iter()
            .map(|term| rss::Category { name: term.clone(), domain: None })
            .collect(),
        guid: Some(rss::Guid { value: entry.id.to_string(), permalink: entry.id.as_str() == entry.url }),
        pub_date: Some(entry.published.to_rfc2822()),
        content: entry.content.as_ref().map(ToString::to_string),
        dublin_core_ext: (!creators.is_empty())
            .then(|| DublinCoreExtension { creators, ..Default::default() }),
        ..Default::default()
    }
}
