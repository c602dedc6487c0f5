//! Atom, RFC 4287.

use atom_syndication as atom;

use super::{Entry, Feed, FeedError, xml};
use crate::config::Author;
use crate::ids::Html;

/// The feed as an Atom document that lies at `self_url`.
pub(super) fn bytes(feed: &Feed, self_url: &str) -> Result<Vec<u8>, FeedError> {
    let document = atom::Feed {
        title: feed.title.as_str().into(),
        id: self_url.to_owned(),
        updated: feed.updated,
        authors: vec![person(&feed.author)],
        generator: Some(atom::Generator { value: "tidings".to_owned(), ..Default::default() }),
        links: vec![
            link("self", self_url, "application/atom+xml"),
            link("alternate", feed.home.as_str(), "text/html"),
        ],
        subtitle: Some(feed.description.as_str().into()).filter(|_| !feed.description.is_empty()),
        entries: feed.entries.iter().map(entry).collect(),
        lang: Some(feed.language.clone()),
        ..Default::default()
    };
    let config = atom::WriteConfig { write_document_declaration: true, indent_size: Some(2) };
    let text = xml::text(document.write_with_config(Vec::new(), config)?)?;
    let languages =
        feed.entries.iter().map(|entry| entry.language.as_deref().filter(|own| *own != feed.language));
    Ok(xml::entry_languages(&text, languages).into_bytes())
}

fn entry(entry: &Entry) -> atom::Entry {
    let html = |content: &Html| atom::Content {
        value: Some(content.to_string()),
        content_type: Some("html".to_owned()),
        ..Default::default()
    };
    atom::Entry {
        title: entry.title.as_str().into(),
        id: entry.id.to_string(),
        updated: entry.updated,
        published: Some(entry.published),
        authors: entry.authors.iter().map(person).collect(),
        categories: entry.terms.iter().map(|term| category(term)).collect(),
        links: links(entry),
        summary: Some(entry.summary_line.as_str().into()).filter(|_| !entry.summary_line.as_str().is_empty()),
        content: entry.content.as_ref().map(html),
        ..Default::default()
    }
}

/// The post's address, and those of its translations, told apart by their languages (RFC 4287 §4.2.7.4).
fn links(entry: &Entry) -> Vec<atom::Link> {
    let mut own = link("alternate", &entry.url, "text/html");
    if !entry.translations.is_empty() {
        own.hreflang.clone_from(&entry.language);
    }
    let other = |(tag, url): &(String, String)| atom::Link {
        hreflang: Some(tag.clone()),
        ..link("alternate", url, "text/html")
    };
    std::iter::once(own).chain(entry.translations.iter().map(other)).collect()
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

fn link(rel: &str, href: &str, mime_type: &str) -> atom::Link {
    atom::Link {
        href: href.to_owned(),
        rel: rel.to_owned(),
        mime_type: Some(mime_type.to_owned()),
        ..Default::default()
    }
}
