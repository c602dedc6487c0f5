//! Pictures in mail: with the size that keeps their place, and in a kind that every mail program shows.
//!
//! WebP, AVIF and SVG files of the site's own become PNG; those that are elsewhere become links. Nothing is written here: what is to be
//! made is told.

use std::cell::RefCell;
use std::path::{Path, PathBuf};

use html_escape::{decode_html_entities, encode_double_quoted_attribute};
use minijinja::{Value, context};
use serde::{Deserialize, Serialize};
use url::Url;

use super::markup::{self, attribute};
use crate::config::Config;
use crate::content::{self, Image, Post};
use crate::diagnostic::Diagnostic;
use crate::picture;

/// The column of the sheet, in CSS pixels.
const COLUMN: u32 = 536;

/// A picture that an issue needs beside the site's own.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Converted {
    /// What it is made of, below the site's root.
    pub source: PathBuf,
    /// Where it lies, below the folder of the feeds.
    pub path: String,
}

/// What fitting pictures gave: those to be made, and what is odd about others.
#[derive(Debug, Default)]
pub(super) struct Made {
    pub converted: Vec<Converted>,
    pub found: Vec<Diagnostic>,
}

/// The pictures of one post.
pub(super) struct Pictures<'a> {
    config: &'a Config,
    /// None for words of an editor's.
    post: Option<&'a Post>,
    /// What stands for a picture without words.
    word: String,
    made: &'a RefCell<Made>,
}

/// A picture as mail shows it.
struct Shown {
    url: Url,
    size: Option<(u32, u32)>,
}

impl<'a> Pictures<'a> {
    pub(super) fn new(
        config: &'a Config,
        post: Option<&'a Post>,
        words: &Value,
        made: &'a RefCell<Made>,
    ) -> Self {
        let word = words.get_attr("picture").map(|word| word.to_string()).unwrap_or_default();
        Self { config, post, word, made }
    }

    /// The picture that stands for the post, where mail can show it.
    pub(super) fn lead(&self, image: &Image) -> Option<Value> {
        let Shown { url, size } = self.shown(&image.url)?;
        let (width, height) = size.unzip();
        Some(context! { url => url.as_str(), alt => image.alt.as_str(), width, height })
    }

    /// Sanitised HTML with its pictures fitted.
    pub(super) fn fitted(&self, html: &str) -> String {
        let mut out = String::with_capacity(html.len() + 64);
        let mut rest = html;
        let mut inside_link = false;
        // What looks like a picture in another tag's attribute is none.
        while let Some((before, after)) = rest.split_once('<') {
            out.push_str(before);
            let Some((tag, behind)) = markup::tag(after) else {
                out.push('<');
                rest = after;
                continue;
            };
            if let Some(attributes) = tag.strip_prefix("img ") {
                out.push_str(&self.tag(attributes, inside_link));
            } else {
                inside_link = (inside_link || tag.starts_with("a ")) && tag != "/a";
                out.push_str(&format!("<{tag}>"));
            }
            rest = behind;
        }
        out.push_str(rest);
        out
    }

    fn tag(&self, tag: &str, inside_link: bool) -> String {
        let written = |name: &str| attribute(tag, name).map(|value| decode_html_entities(value).into_owned());
        let (src, alt) = (written("src").unwrap_or_default(), written("alt").unwrap_or_default());
        let shown = Url::parse(&src).ok().map(|url| self.shown(&url));
        let Some(shown) = shown.unwrap_or_default() else {
            let words = if alt.trim().is_empty() { &self.word } else { &alt };
            let words = html_escape::encode_text(words);
            if inside_link {
                return words.into_owned();
            }
            return format!("<a href=\"{}\">{words}</a>", encode_double_quoted_attribute(&src));
        };
        let number =
            |name: &str| written(name).and_then(|value| value.trim().parse::<u32>().ok()).filter(|n| *n > 0);
        // A width of the author's own stays; its height follows from the file.
        let size = match (number("width"), number("height"), shown.size) {
            (Some(width), Some(height), _) => Some((width, height)),
            (Some(width), None, Some((w, h))) => Some((width, scaled(h, width, w))),
            (None, Some(height), Some((w, h))) => Some((scaled(w, height, h), height)),
            (_, _, size) => size,
        };
        let size = size.map(|(w, h)| if w > COLUMN { (COLUMN, scaled(h, COLUMN, w)) } else { (w, h) });
        let size = size.map_or_else(String::new, |(w, h)| format!(" width=\"{w}\" height=\"{h}\""));
        let title = attribute(tag, "title").map_or_else(String::new, |title| format!(" title=\"{title}\""));
        let (src, alt) =
            (encode_double_quoted_attribute(shown.url.as_str()), encode_double_quoted_attribute(&alt));
        format!("<img src=\"{src}\" alt=\"{alt}\"{title}{size}>")
    }

    /// What mail shows for a picture; `None` where no mail program could.
    fn shown(&self, url: &Url) -> Option<Shown> {
        let file = content::file_of(self.config, self.post, url);
        if !picture::is_for_browsers_alone(Path::new(url.path())) {
            return Some(Shown { url: url.clone(), size: file.and_then(|file| picture::size(&file)) });
        }
        let (source, name) = (file.as_deref()?, picture::name(file.as_deref()?)?);
        let Some(size) = picture::size(source) else {
            let shown = source.strip_prefix(&self.config.root).unwrap_or(source);
            let message = "this picture cannot be read; in mail there is a link in its place";
            let help = "save it anew, as PNG or JPEG";
            self.made.borrow_mut().found.push(Diagnostic::warning("mail-picture", shown, message).help(help));
            return None;
        };
        let path = format!("mail/{name}.png");
        let url = self.config.site.url.join(&path).ok()?;
        let below = source.strip_prefix(&self.config.root).unwrap_or(source);
        let converted = Converted { source: below.to_path_buf(), path };
        let mut made = self.made.borrow_mut();
        if !made.converted.contains(&converted) {
            made.converted.push(converted);
        }
        Some(Shown { url, size: Some(size) })
    }
}

/// `part` of `whole`, as `of` is to it.
fn scaled(part: u32, of: u32, whole: u32) -> u32 {
    u32::try_from(u64::from(part) * u64::from(of) / u64::from(whole.max(1))).unwrap_or(part).max(1)
}
