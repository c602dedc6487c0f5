//! Elements that the owner adds: their texts are templates, which see the post, or the feed.
//!
//! Whatever a template gives is text: the writers escape it, so that it cannot break the XML.

use std::path::Path;

use minijinja::value::Serde;
use minijinja::{Value, context};

use super::Channel;
use super::element::Element;
use super::entry::Entry;
use crate::config::{self, Field, Settings};
use crate::content::Post;
use crate::diagnostic::Diagnostic;
use crate::template::Snippet;

/// The owner's elements, their templates read.
#[derive(Debug)]
pub(super) struct Fields {
    feed: Vec<Compiled>,
    entry: Vec<Compiled>,
}

#[derive(Debug)]
struct Compiled {
    name: String,
    text: Snippet,
    attributes: Vec<(String, Snippet)>,
}

impl Fields {
    /// Reads the templates; one that cannot be read is told, and its element left out.
    pub(super) fn new(fields: &config::Fields, config_path: &Path, found: &mut Vec<Diagnostic>) -> Self {
        let mut read = |fields: &[Field]| {
            fields.iter().filter_map(|field| compiled(field, config_path, found)).collect()
        };
        Self { feed: read(&fields.feed), entry: read(&fields.entry) }
    }

    /// The elements of a feed.
    pub(super) fn of_feed(&self, channel: &Channel) -> Vec<Element> {
        if self.feed.is_empty() {
            return Vec::new();
        }
        let feed = context! {
            title => channel.title.as_str(),
            description => channel.description.as_str(),
            language => channel.language.as_str(),
            home => channel.home.as_str(),
            path => channel.path.as_str(),
            author => channel.author.name.as_str(),
        };
        let context = context! { feed };
        self.feed.iter().filter_map(|field| field.element(&context)).collect()
    }

    /// The elements of an entry; a template sees the front matter under `post`, with what tidings knows in its place.
    pub(super) fn of_entry(&self, entry: &Entry, post: &Post) -> Vec<Element> {
        if self.entry.is_empty() {
            return Vec::new();
        }
        let mut known: Settings = post.matter.as_deref().cloned().unwrap_or_default();
        for (key, value) in [
            ("title", entry.title.clone()),
            ("url", entry.url.clone()),
            ("id", entry.id.to_string()),
            ("date", entry.published.to_rfc3339()),
            ("updated", entry.updated.to_rfc3339()),
            ("summary", entry.summary_line.to_string()),
            ("file", post.source.display().to_string()),
        ] {
            known.insert(key.to_owned(), value.into());
        }
        known.insert("categories".to_owned(), post.categories.clone().into());
        known.insert("tags".to_owned(), post.tags.clone().into());
        let authors: Vec<_> = entry.authors.iter().map(|author| author.name.clone()).collect();
        known.insert("authors".to_owned(), authors.into());
        let context = context! { post => Serde(known) };
        self.entry.iter().filter_map(|field| field.element(&context)).collect()
    }
}

fn compiled(field: &Field, config_path: &Path, found: &mut Vec<Diagnostic>) -> Option<Compiled> {
    let name = format!("{}:{}", field.prefix, field.name);
    let mut read = |source: &str| match Snippet::new(source) {
        Ok(snippet) => Some(snippet),
        Err(why) => {
            let message = format!("the template of `{name}` cannot be read: {why}");
            let help =
                "write a text, or a value such as `{{ post.point }}`; until then the element is left out";
            found.push(Diagnostic::error("template", config_path, message).help(help));
            None
        }
    };
    let text = read(&field.text)?;
    let attributes = field.attributes.iter().map(|(key, source)| Some((key.clone(), read(source)?)));
    let attributes = attributes.collect::<Option<_>>()?;
    Some(Compiled { name, text, attributes })
}

impl Compiled {
    /// The element; none where it would say nothing.
    fn element(&self, context: &Value) -> Option<Element> {
        let text = self.text.render(context)?;
        let mut says = !text.trim().is_empty();
        let mut element = Element::new(self.name.as_str()).text(&text);
        for (key, snippet) in &self.attributes {
            let value = snippet.render(context)?;
            says |= !value.trim().is_empty();
            element = element.with_some(key, Some(&value));
        }
        says.then_some(element)
    }
}
