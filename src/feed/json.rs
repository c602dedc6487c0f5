//! JSON Feed 1.1.

use serde::Serialize;

use super::{Entry, Feed, FeedError};
use crate::config::Author;

#[derive(Serialize)]
struct Document<'a> {
    version: &'static str,
    title: &'a str,
    home_page_url: &'a str,
    feed_url: &'a str,
    #[serde(skip_serializing_if = "str::is_empty")]
    description: &'a str,
    language: &'a str,
    authors: Vec<Person<'a>>,
    items: Vec<Item<'a>>,
}

#[derive(Serialize)]
struct Person<'a> {
    name: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    url: Option<&'a str>,
}

#[derive(Serialize)]
struct Item<'a> {
    id: &'a str,
    url: &'a str,
    title: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    content_html: Option<&'a str>,
    /// An item must have content; where the feed carries summaries only, the summary is it.
    #[serde(skip_serializing_if = "Option::is_none")]
    content_text: Option<&'a str>,
    #[serde(skip_serializing_if = "str::is_empty")]
    summary: &'a str,
    date_published: String,
    date_modified: String,
    authors: Vec<Person<'a>>,
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    tags: &'a [String],
    #[serde(skip_serializing_if = "Option::is_none")]
    language: Option<&'a str>,
}

/// The feed as a JSON document that lies at `self_url`.
pub(super) fn bytes(feed: &Feed, self_url: &str) -> Result<Vec<u8>, FeedError> {
    let document = Document {
        version: "https://jsonfeed.org/version/1.1",
        title: &feed.title,
        home_page_url: feed.home.as_str(),
        feed_url: self_url,
        description: &feed.description,
        language: &feed.language,
        authors: vec![person(&feed.author)],
        items: feed.entries.iter().map(|entry| item(entry, &feed.language)).collect(),
    };
    let mut bytes = serde_json::to_vec_pretty(&document)?;
    bytes.push(b'\n');
    Ok(bytes)
}

fn item<'a>(entry: &'a Entry, feed_language: &str) -> Item<'a> {
    let content = entry.content.as_ref();
    Item {
        id: entry.id.as_str(),
        url: &entry.url,
        title: &entry.title,
        content_html: content.map(crate::ids::Html::as_str),
        content_text: if content.is_none() { Some(entry.summary_line.as_str()) } else { None },
        summary: entry.summary_line.as_str(),
        date_published: entry.published.to_rfc3339(),
        date_modified: entry.updated.to_rfc3339(),
        authors: entry.authors.iter().map(person).collect(),
        tags: &entry.terms,
        language: entry.language.as_deref().filter(|own| *own != feed_language),
    }
}

fn person(author: &Author) -> Person<'_> {
    Person { name: &author.name, url: author.url.as_deref() }
}
