//! RSS 2.0, after the RSS Advisory Board's specification and Best Practices Profile.

use rss::extension::atom::{AtomExtension, Link};
use rss::extension::dublincore::DublinCoreExtension;

use super::document::{Document, Place};
use super::element::{self, CONTENT, DC, HISTORY, MEDIA};
use super::xml::Piece;
use super::{Channel, Entry, FeedError, Shown, media, podcast, xml};
use crate::config::Content;
use crate::content::clean;

/// What follows the items.
const END: &str = "\n  </channel>\n</rss>";

/// The document up to its items, and what follows them.
pub(super) fn frame(channel: &Channel, place: &Document) -> Result<(String, String), FeedError> {
    let link = |rel: &str, href: &str, media_type: Option<&str>| Link {
        href: href.to_owned(),
        rel: rel.to_owned(),
        mime_type: media_type.map(str::to_owned),
        ..Default::default()
    };
    let own = Some("application/rss+xml");
    let mut links = vec![link("self", &place.url, own)];
    links.extend(place.relations().map(|(rel, href)| link(rel, href, own)));
    links.extend(channel.hub.iter().map(|hub| link("hub", hub, None)));
    let mut elements = channel.fields.clone();
    if matches!(place.place, Place::Archive { .. }) {
        elements.push(element::Element::new("fh:archive"));
    }
    elements.extend(
        channel.podcast.iter().flat_map(|podcast| podcast::of_channel(channel, podcast, &place.feed_id)),
    );
    let mut namespaces = vec![CONTENT, DC, MEDIA];
    namespaces.extend(matches!(place.place, Place::Archive { .. }).then_some(HISTORY));
    if channel.podcast.is_some() || place.has_episodes {
        namespaces.extend(podcast::NAMESPACES);
    }
    let own_namespaces = channel.namespaces.iter().map(|(prefix, uri)| (prefix.as_str(), uri.as_str()));
    let feed = rss::Channel {
        title: channel.title.clone(),
        link: channel.home.to_string(),
        // Required, and a validator refuses an empty one.
        description: channel.described().to_owned(),
        language: Some(channel.language.clone()),
        copyright: channel
            .podcast
            .as_ref()
            .and_then(|podcast| podcast.copyright.as_deref().map(clean::one_line)),
        last_build_date: Some(place.updated.to_rfc2822()),
        generator: Some("tidings".to_owned()),
        atom_ext: Some(AtomExtension { links }),
        extensions: element::of_rss(elements),
        namespaces: element::namespaces(own_namespaces.chain(namespaces)),
        ..Default::default()
    };
    let mut document = feed.pretty_write_to(Vec::new(), b' ', 2)?;
    xml::hex_title(&mut document, 0);
    let (mut head, tail) = xml::parted(document, "</channel>")?;
    if let Some(href) = &place.style {
        xml::style_sheet(&mut head, href);
    }
    Ok((head, tail))
}

/// One item, as it stands between the others.
pub(super) fn item(entry: &Entry, shown: Shown) -> Result<Piece, FeedError> {
    // `author` is an address; whoever has none is named by `dc:creator`.
    let mut creators = Vec::new();
    let mut author = None;
    for person in &entry.authors {
        match &person.email {
            Some(email) if author.is_none() => author = Some(format!("{email} ({})", person.name)),
            _ => creators.push(person.name.clone()),
        }
    }
    let category = |term: &String| rss::Category { name: term.clone(), domain: None };
    let mut elements = entry.fields.clone();
    elements.extend(media::of(entry));
    elements.extend(entry.episode.iter().flat_map(|episode| podcast::of_item(episode)));
    let full = entry.content.as_ref().filter(|_| shown.content == Content::Full);
    let item = rss::Item {
        title: Some(entry.title.clone()),
        link: Some(entry.url.clone()),
        description: Some(entry.summary.to_string()).filter(|summary| !summary.is_empty()),
        author,
        categories: entry.terms.iter().map(category).collect(),
        guid: Some(rss::Guid { value: entry.id.to_string(), permalink: entry.id.as_str() == entry.url }),
        pub_date: Some(entry.published.to_rfc2822()),
        content: full.map(|_| xml::TEXT.to_owned()),
        // More than one is not RSS; the one that plays is the one meant.
        enclosure: entry.main_enclosure().map(|file| rss::Enclosure {
            url: file.url.to_string(),
            length: file.length.to_string(),
            mime_type: file.media_type.clone(),
        }),
        dublin_core_ext: (!creators.is_empty())
            .then(|| DublinCoreExtension { creators, ..Default::default() }),
        extensions: element::of_rss(elements),
        ..Default::default()
    };
    let holder = rss::Channel { items: vec![item], ..Default::default() };
    let mut piece =
        Piece::cut(holder.pretty_write_to(Vec::with_capacity(2048), b' ', 2)?, "\n    <item>", END);
    piece.hex_title();
    Ok(piece.filled(full.map_or("", |content| content.as_str()), xml::cdata_into))
}
