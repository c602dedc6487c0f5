//! JSON Feed 1.1.

use serde::Serialize;
use serde_json::{Map, Value};

use super::document::Document;
use super::element::Element;
use super::xml::Piece;
use super::{Channel, Entry, FeedError, Shown};
use crate::config::{Author, Content};
use crate::content::Enclosure;

#[derive(Serialize)]
struct Head<'a> {
    version: &'static str,
    title: &'a str,
    home_page_url: &'a str,
    feed_url: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    next_url: Option<&'a str>,
    #[serde(skip_serializing_if = "str::is_empty")]
    description: &'a str,
    language: &'a str,
    authors: Vec<Person<'a>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    hubs: Vec<Hub<'a>>,
    #[serde(flatten)]
    fields: Map<String, Value>,
    items: [(); 0],
}

#[derive(Serialize)]
struct Person<'a> {
    name: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    url: Option<&'a str>,
}

#[derive(Serialize)]
struct Hub<'a> {
    r#type: &'static str,
    url: &'a str,
}

#[derive(Serialize)]
struct Attachment {
    url: String,
    mime_type: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    size_in_bytes: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    duration_in_seconds: Option<u64>,
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
    #[serde(skip_serializing_if = "Option::is_none")]
    image: Option<&'a str>,
    date_published: String,
    date_modified: String,
    authors: Vec<Person<'a>>,
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    tags: &'a [String],
    #[serde(skip_serializing_if = "Option::is_none")]
    language: Option<&'a str>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    attachments: Vec<Attachment>,
    #[serde(flatten)]
    fields: Map<String, Value>,
}

/// The document up to its items, and what follows them.
pub(super) fn frame(channel: &Channel, document: &Document) -> Result<(String, String), FeedError> {
    let head = Head {
        version: "https://jsonfeed.org/version/1.1",
        title: &channel.title,
        home_page_url: channel.home.as_str(),
        feed_url: &document.url,
        next_url: document.older(),
        description: &channel.description,
        language: &channel.language,
        authors: vec![person(&channel.author)],
        hubs: channel.hub.iter().map(|url| Hub { r#type: "WebSub", url }).collect(),
        fields: fields(&channel.fields),
        items: [],
    };
    let mut text = serde_json::to_string_pretty(&head)?;
    let end = text.rfind(']').unwrap_or(text.len());
    text.truncate(end);
    Ok((text, "\n  ]\n}\n".to_owned()))
}

/// One item, as it stands between the others; commas are put by whoever joins them.
pub(super) fn item(entry: &Entry, shown: Shown) -> Result<Piece, FeedError> {
    let content = entry.content.as_ref().filter(|_| shown.content == Content::Full);
    let attachment = |file: &Enclosure| Attachment {
        url: file.url.to_string(),
        mime_type: file.media_type.clone(),
        size_in_bytes: Some(file.length).filter(|length| *length > 0),
        duration_in_seconds: file.duration,
    };
    let item = Item {
        id: entry.id.as_str(),
        url: &entry.url,
        title: &entry.title,
        content_html: content.map(crate::ids::Html::as_str),
        content_text: if content.is_none() { Some(entry.summary_line.as_str()) } else { None },
        summary: entry.summary_line.as_str(),
        image: entry.image.as_ref().map(|image| image.url.as_str()),
        date_published: entry.published.to_rfc3339(),
        date_modified: entry.updated.to_rfc3339(),
        authors: entry.authors.iter().map(person).collect(),
        tags: &entry.terms,
        language: entry.language.as_deref().filter(|_| shown.language),
        attachments: entry.enclosures.iter().map(attachment).collect(),
        fields: fields(&entry.fields),
    };
    let mut out = Vec::with_capacity(2048 + content.map_or(0, |content| content.as_str().len() * 9 / 8));
    out.extend_from_slice(b"\n    ");
    serde_json::to_writer(&mut out, &item)?;
    Ok(Piece::whole(out))
}

fn person(author: &Author) -> Person<'_> {
    Person { name: &author.name, url: author.url.as_deref() }
}

/// The owner's own elements, each prefix as an object (JSON Feed 1.1, "Extensions").
fn fields(elements: &[Element]) -> Map<String, Value> {
    let mut out = Map::new();
    for element in elements {
        let (prefix, name, value) = element.as_json();
        let object = out.entry(format!("_{prefix}")).or_insert_with(|| Value::Object(Map::new()));
        if let Value::Object(object) = object {
            object.insert(name, value);
        }
    }
    out
}
