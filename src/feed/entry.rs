//! One post as an entry of any format.

use chrono::{DateTime, FixedOffset};

use super::element::Element;
use super::fields::Fields;
use super::media;
use crate::config::Author;
use crate::content::{Enclosure, Episode, Image, Post};
use crate::diagnostic::Diagnostic;
use crate::fsx::FileError;
use crate::ids::{Html, PlainText, PostId};
use crate::render::Renderer;

/// What every format tells of a post.
#[derive(Clone, Debug)]
pub struct Entry {
    /// Permanent.
    pub id: PostId,
    /// Absolute.
    pub url: String,
    /// Plain text, one line.
    pub title: String,
    /// When it was published.
    pub published: DateTime<FixedOffset>,
    /// When it last changed.
    pub updated: DateTime<FixedOffset>,
    /// At least one, each with a name: readers do not inherit the feed's author.
    pub authors: Vec<Author>,
    /// Categories, then tags, none twice.
    pub terms: Vec<String>,
    /// BCP 47, where the post names one.
    pub language: Option<String>,
    /// The same post in other languages: their tags and addresses.
    pub translations: Vec<(String, String)>,
    /// The excerpt.
    pub summary: Html,
    /// The excerpt as one line.
    pub summary_line: PlainText,
    /// The whole post, where a feed carries it.
    pub content: Option<Html>,
    /// The picture that the front matter names, else the first in the text.
    pub image: Option<Image>,
    /// The files that come with it.
    pub enclosures: Vec<Enclosure>,
    /// What it says of itself as an episode.
    pub episode: Option<Box<Episode>>,
    pub(super) fields: Vec<Element>,
}

impl Entry {
    /// The entry of a post, and what was odd about its text.
    pub(super) fn new(
        renderer: &Renderer<'_>,
        post: &Post,
        fields: &Fields,
        site_author: &Author,
    ) -> Result<(Self, Vec<Diagnostic>), FileError> {
        let mut text = renderer.text(post)?;
        let mut found = std::mem::take(&mut text.found);
        let read = text.document();
        let mut terms = post.categories.clone();
        terms.extend(post.tags.iter().filter(|tag| !post.categories.contains(tag)).cloned());
        let content = read.html();
        let mut entry = Self {
            id: post.id.clone(),
            url: post.url.to_string(),
            title: post.title.clone(),
            published: post.date,
            updated: post.updated,
            authors: if post.authors.is_empty() { vec![site_author.clone()] } else { post.authors.clone() },
            terms,
            language: post.language.clone(),
            translations: post.translations.iter().map(|(tag, url)| (tag.clone(), url.to_string())).collect(),
            summary: read.excerpt(),
            summary_line: read.excerpt_line(),
            image: post.image.clone().or_else(|| media::first(&content)),
            content: Some(content),
            enclosures: post.enclosures.clone(),
            episode: post.episode.clone(),
            fields: Vec::new(),
        };
        entry.fields = fields.of_entry(&entry, post, &mut found);
        Ok((entry, found))
    }

    /// The file that RSS names: the first that plays, else the first.
    pub(super) fn main_enclosure(&self) -> Option<&Enclosure> {
        self.enclosures.iter().find(|file| file.plays()).or(self.enclosures.first())
    }
}
