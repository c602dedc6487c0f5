//! Elements of other namespaces, in the one form that both crates' extensions are made from.
//!
//! Texts and attributes are fit for XML and escaped here or by the crates; names are literals of ours, or checked by `config`.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use crate::content::clean::one_line;

use super::xml;

/// The namespaces that are written (name, URI); `fh` is RFC 5005's.
pub(super) const CONTENT: (&str, &str) = ("content", "http://purl.org/rss/1.0/modules/content/");
pub(super) const DC: (&str, &str) = ("dc", "http://purl.org/dc/elements/1.1/");
pub(super) const MEDIA: (&str, &str) = ("media", "http://search.yahoo.com/mrss/");
pub(super) const HISTORY: (&str, &str) = ("fh", "http://purl.org/syndication/history/1.0");
pub(super) const ITUNES: (&str, &str) = ("itunes", "http://www.itunes.com/dtds/podcast-1.0.dtd");
pub(super) const PODCAST: (&str, &str) = ("podcast", "https://podcastindex.org/namespace/1.0");

/// One element.
#[derive(Clone, Debug, Default)]
pub(super) struct Element {
    name: String,
    attributes: Vec<(String, String)>,
    text: String,
    children: Vec<Element>,
}

impl Element {
    /// An empty one; `name` is `prefix:name`.
    pub(super) fn new(name: impl Into<String>) -> Self {
        Self { name: name.into(), ..Self::default() }
    }

    /// With a text inside.
    pub(super) fn text(mut self, text: &str) -> Self {
        self.text = one_line(text);
        self
    }

    /// With an attribute.
    pub(super) fn with(mut self, name: &str, value: &str) -> Self {
        self.attributes.push((name.to_owned(), one_line(value)));
        self
    }

    /// With an attribute, where there is a value for it.
    pub(super) fn with_some(self, name: &str, value: Option<&str>) -> Self {
        match value {
            Some(value) if !value.is_empty() => self.with(name, value),
            _ => self,
        }
    }

    /// With an element inside.
    pub(super) fn child(mut self, child: Element) -> Self {
        self.children.push(child);
        self
    }

    fn key(&self) -> (String, String) {
        let (prefix, local) = self.name.split_once(':').unwrap_or(("", &self.name));
        (prefix.to_owned(), local.to_owned())
    }

    /// Its prefix, its name, and what it says: a text, or an object of attributes with the text among them.
    pub(super) fn as_json(&self) -> (String, String, Value) {
        let (prefix, name) = self.key();
        if self.attributes.is_empty() {
            return (prefix, name, self.text.as_str().into());
        }
        let mut parts: Map<String, Value> =
            self.attributes.iter().map(|(name, value)| (name.clone(), value.as_str().into())).collect();
        if !self.text.is_empty() {
            parts.insert("text".to_owned(), self.text.as_str().into());
        }
        (prefix, name, Value::Object(parts))
    }

    fn into_rss(self) -> rss::extension::Extension {
        let mut children: BTreeMap<String, Vec<_>> = BTreeMap::new();
        for child in self.children {
            children.entry(child.key().1).or_default().push(child.into_rss());
        }
        let attrs = self.attributes.into_iter().collect();
        // Without a text, even of nothing, the writer would break the line inside the element.
        let value = Some(self.text).filter(|text| children.is_empty() || !text.is_empty());
        rss::extension::Extension { name: self.name, value, attrs, children }
    }

    fn into_atom(self) -> atom_syndication::extension::Extension {
        let mut children: BTreeMap<String, Vec<_>> = BTreeMap::new();
        for child in self.children {
            children.entry(child.key().1).or_default().push(child.into_atom());
        }
        // This crate writes the attributes of extensions as they are.
        let attrs = self.attributes.into_iter().map(|(name, value)| (name, xml::attribute(&value))).collect();
        let value = Some(self.text).filter(|text| children.is_empty() || !text.is_empty());
        atom_syndication::extension::Extension { name: self.name, value, attrs, children }
    }
}

/// The elements as RSS has them.
pub(super) fn of_rss(elements: Vec<Element>) -> rss::extension::ExtensionMap {
    let mut map = rss::extension::ExtensionMap::new();
    for element in elements {
        let (prefix, local) = element.key();
        map.entry(prefix).or_default().entry(local).or_default().push(element.into_rss());
    }
    map
}

/// The elements as Atom has them.
pub(super) fn of_atom(elements: Vec<Element>) -> atom_syndication::extension::ExtensionMap {
    let mut map = atom_syndication::extension::ExtensionMap::new();
    for element in elements {
        let (prefix, local) = element.key();
        map.entry(prefix).or_default().entry(local).or_default().push(element.into_atom());
    }
    map
}

/// Namespaces as the crates take them; the URIs are the owner's, or ours.
pub(super) fn namespaces<'a>(all: impl IntoIterator<Item = (&'a str, &'a str)>) -> BTreeMap<String, String> {
    all.into_iter().map(|(prefix, uri)| (prefix.to_owned(), uri.to_owned())).collect()
}
