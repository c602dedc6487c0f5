//! Elements that the owner adds: their texts are templates, which see the post, or the feed.
//!
//! Whatever a template gives is text: the writers escape it, so that it cannot break the XML.

use std::path::{Path, PathBuf};

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
    config_path: PathBuf,
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
        let mut read = |fields: &[Field], known: &str| {
            fields.iter().filter_map(|field| compiled(field, known, config_path, found)).collect()
        };
        let (feed, entry) = (read(&fields.feed, "feed"), read(&fields.entry, "post"));
        Self { feed, entry, config_path: config_path.to_path_buf() }
    }

    /// The elements of a feed.
    pub(super) fn of_feed(&self, channel: &Channel, found: &mut Vec<Diagnostic>) -> Vec<Element> {
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
        self.made(&self.feed, &context, found)
    }

    /// The elements of an entry; a template sees the front matter under `post`, with what tidings knows in its place.
    pub(super) fn of_entry(&self, entry: &Entry, post: &Post, found: &mut Vec<Diagnostic>) -> Vec<Element> {
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
        self.made(&self.entry, &context, found)
    }

    fn made(&self, fields: &[Compiled], context: &Value, found: &mut Vec<Diagnostic>) -> Vec<Element> {
        let mut elements = Vec::new();
        for field in fields {
            match field.element(context) {
                Ok(element) => elements.extend(element),
                Err(why) => {
                    let message = format!("the template of `{}` cannot be run: {why}", field.name);
                    let help = "mend it; until then the element is left out where it fails";
                    found.push(Diagnostic::warning("template", &self.config_path, message).help(help));
                }
            }
        }
        elements
    }
}

fn compiled(field: &Field, known: &str, config_path: &Path, found: &mut Vec<Diagnostic>) -> Option<Compiled> {
    let name = format!("{}:{}", field.prefix, field.name);
    let mut read = |source: &str| match Snippet::new(source) {
        Ok(snippet) => {
            for odd in snippet.names().iter().filter(|name| *name != known) {
                let message = format!("the template of `{name}` asks for `{odd}`, which says nothing here");
                let help =
                    format!("what is known here stands under `{known}`, as in `{{{{ {known}.title }}}}`");
                found.push(Diagnostic::warning("template", config_path, message).help(help));
            }
            Some(snippet)
        }
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
    fn element(&self, context: &Value) -> Result<Option<Element>, String> {
        let text = self.text.render(context)?;
        let mut says = !text.trim().is_empty();
        let mut element = Element::new(self.name.as_str()).text(&text);
        for (key, snippet) in &self.attributes {
            let value = snippet.render(context)?;
            says |= !value.trim().is_empty();
            element = element.with_some(key, Some(&value));
        }
        Ok(says.then_some(element))
    }
}
