//! Pictures in Media RSS, which Atom borrows.

use memchr::memmem;

use super::Entry;
use super::element::Element;
use crate::content::{Image, media_type};
use crate::ids::Html;

/// The picture that stands for an entry.
pub(super) fn of(entry: &Entry) -> Vec<Element> {
    let Some(image) = &entry.image else { return Vec::new() };
    let mut content = Element::new("media:content")
        .with("url", image.url.as_str())
        .with("medium", "image")
        .with_some("type", media_type(image.url.path()).filter(|kind| kind.starts_with("image/")));
    if !image.alt.is_empty() {
        content = content.child(Element::new("media:description").with("type", "plain").text(&image.alt));
    }
    vec![content, Element::new("media:thumbnail").with("url", image.url.as_str())]
}

/// The first picture in a text.
pub(super) fn first(html: &Html) -> Option<Image> {
    let html = html.as_str();
    let tag = &html[memmem::find(html.as_bytes(), b"<img ")?..];
    let tag = &tag[..tag.find('>')?];
    let attribute = |name: &str| {
        let value = tag.split_once(&format!(" {name}=\""))?.1;
        Some(html_escape::decode_html_entities(value.split('"').next()?).into_owned())
    };
    let url = url::Url::parse(&attribute("src")?).ok()?;
    Some(Image { url, alt: attribute("alt").unwrap_or_default() })
}
