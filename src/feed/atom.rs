//! Atom, RFC 4287.

use atom_syndication as atom;

use super::document::{Document, Place};
use super::element::{self, Element, HISTORY, MEDIA};
use super::xml::Piece;
use super::{Channel, Entry, FeedError, Shown, media, xml};
use crate::config::{Author, Content};
use crate::ids::Html;

pub(super) const CONFIG: atom::WriteConfig =
    atom::WriteConfig { write_document_declaration: true, indent_size: Some(2) };

/// The document up to its entries, and what follows them. A feed without entries has its extensions before them, which is where
/// the grammar wants them.
pub(super) fn frame(channel: &Channel, document: &Document) -> Result<(String, String), FeedError> {
    let own = Some("application/atom+xml");
    let mut links =
        vec![link("self", &document.url, own), link("alternate", channel.home.as_str(), Some("text/html"))];
    links.extend(document.relations().map(|(rel, href)| link(rel, href, own)));
    links.extend(channel.hub.iter().map(|hub| link("hub", hub, None)));
    let is_archive = matches!(document.place, Place::Archive { .. });
    let mut elements = channel.fields.clone();
    elements.extend(is_archive.then(|| Element::new("fh:archive")));
    let namespaces = [MEDIA].into_iter().chain(is_archive.then_some(HISTORY));
    let own_namespaces = channel.namespaces.iter().map(|(prefix, uri)| (prefix.as_str(), uri.as_str()));
    let namespaces = element::namespaces(own_namespaces.chain(namespaces));
    let feed = atom::Feed {
        title: channel.title.as_str().into(),
        id: document.feed_id.clone(),
        updated: document.updated,
        authors: vec![person(&channel.author)],
        generator: Some(atom::Generator { value: "tidings".to_owned(), ..Default::default() }),
        links,
        subtitle: Some(channel.description.as_str().into()).filter(|_| !channel.description.is_empty()),
        lang: Some(xml::attribute(&channel.language)),
        extensions: element::of_atom(elements),
        // This crate writes namespaces as they are.
        namespaces: namespaces.into_iter().map(|(prefix, uri)| (prefix, xml::attribute(&uri))).collect(),
        ..Default::default()
    };
    let (mut head, tail) = xml::parted(feed.write_with_config(Vec::new(), CONFIG)?, "</feed>")?;
    if let Some(href) = &document.style {
        xml::style_sheet(&mut head, href);
    }
    Ok((head, tail))
}

/// One entry, as it stands between the others.
pub(super) fn entry(entry: &Entry, shown: Shown) -> Result<Piece, FeedError> {
    let html = |_: &Html| atom::Content {
        value: Some(xml::TEXT.to_owned()),
        content_type: Some("html".to_owned()),
        ..Default::default()
    };
    let mut elements = entry.fields.clone();
    elements.extend(media::of(entry));
    let full = entry.content.as_ref().filter(|_| shown.content == Content::Full);
    let written = atom::Entry {
        title: entry.title.as_str().into(),
        id: entry.id.to_string(),
        updated: entry.updated,
        published: Some(entry.published),
        authors: entry.authors.iter().map(person).collect(),
        categories: entry.terms.iter().map(|term| category(term)).collect(),
        links: links(entry),
        summary: Some(entry.summary_line.as_str().into()).filter(|_| !entry.summary_line.as_str().is_empty()),
        content: full.map(html),
        extensions: element::of_atom(elements),
        ..Default::default()
    };
    let holder = atom::Feed { entries: vec![written], ..Default::default() };
    let mut piece =
        Piece::cut(holder.write_with_config(Vec::with_capacity(2048), CONFIG)?, "\n  <entry>", "\n</feed>");
    if let Some(language) = entry.language.as_deref().filter(|_| shown.language) {
        piece.entry_language(language);
    }
    Ok(piece.filled(full.map_or("", Html::as_str), xml::escaped_into))
}

/// The post's address, those of its translations, told apart by their languages (RFC 4287 §4.2.7.4), and what comes with it.
fn links(entry: &Entry) -> Vec<atom::Link> {
    let mut own = link("alternate", &entry.url, Some("text/html"));
    if !entry.translations.is_empty() {
        own.hreflang.clone_from(&entry.language);
    }
    let other = |(tag, url): &(String, String)| atom::Link {
        hreflang: Some(tag.clone()),
        ..link("alternate", url, Some("text/html"))
    };
    let enclosed = entry.enclosures.iter().map(|file| atom::Link {
        length: Some(file.length.to_string()).filter(|_| file.length > 0),
        ..link("enclosure", file.url.as_str(), Some(&file.media_type))
    });
    std::iter::once(own).chain(entry.translations.iter().map(other)).chain(enclosed).collect()
}

fn person(author: &Author) -> atom::Person {
    atom::Person {
        name: author.name.clone(),
        email: author.email.clone(),
        uri: author.url.clone(),
        ..Default::default()
    }
}

fn category(term: &str) -> atom::Category {
    atom::Category { term: term.to_owned(), ..Default::default() }
}

fn link(rel: &str, href: &str, media_type: Option<&str>) -> atom::Link {
    atom::Link {
        href: href.to_owned(),
        rel: rel.to_owned(),
        mime_type: media_type.map(str::to_owned),
        ..Default::default()
    }
}
