//! One post, as everything below sees it.

use std::path::{Path, PathBuf};

use chrono::{DateTime, FixedOffset};
use serde::{Deserialize, Serialize};
use url::Url;

use super::clean;
use super::{Enclosure, Episode, Image};
use crate::config::{Author, Settings};
use crate::ids::PostId;

/// Who decided a post's id.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum IdOrigin {
    /// The author, in the front matter: it counts even against the register of published ids.
    Written,
    /// The generator's rule.
    Made,
}

/// Which ways to readers a post takes: `feed: false`, `newsletter: false` and `hidden: true` close them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Audience {
    /// Whether feeds have it.
    pub feeds: bool,
    /// Whether newsletters have it.
    pub newsletters: bool,
}

/// What a post's text is written in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Markup {
    /// The blog's kind of Markdown.
    Markdown,
    /// HTML, which stays as it is.
    Html,
    /// Markdown with JSX in it.
    Mdx,
}

/// A post that may be published. Every text in it is free of characters that XML 1.0 forbids.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Post {
    /// The permanent id, unique in the library.
    pub id: PostId,
    /// Who decided the id.
    pub id_origin: IdOrigin,
    /// Where the post is read on the web.
    #[serde(serialize_with = "Url::serialize_internal", deserialize_with = "Url::deserialize_internal")]
    pub url: Url,
    /// Its file, relative to the site's root where it lies inside, in NFC.
    pub source: PathBuf,
    /// The file that the register knows it by: its own; the one it was renamed from; none, where its own name was another post's.
    #[serde(skip)]
    pub published_as: Option<PathBuf>,
    /// Plain text, one line, never empty.
    pub title: String,
    /// When it was published, in the site's zone.
    #[serde(with = "super::cache::as_numbers")]
    pub date: DateTime<FixedOffset>,
    /// Not before this moment; its date unless the post says otherwise.
    #[serde(with = "super::cache::as_numbers")]
    pub public_from: DateTime<FixedOffset>,
    /// Not after this moment, where the post says so.
    pub public_until: Option<DateTime<FixedOffset>>,
    /// When it last changed in a way readers should know of; its date unless the post says otherwise.
    #[serde(with = "super::cache::as_numbers")]
    pub updated: DateTime<FixedOffset>,
    /// In the order written, without repeats.
    pub categories: Vec<String>,
    /// In the order written, without repeats.
    pub tags: Vec<String>,
    /// Who wrote it; empty where the post does not say.
    pub authors: Vec<Author>,
    /// BCP 47, where the post names one.
    pub language: Option<String>,
    /// What this post and its translations have in common.
    pub(super) translation_key: Option<String>,
    /// The same post in other languages: their tags and addresses.
    pub translations: Vec<(String, Url)>,
    /// The summary from the front matter, as Markdown.
    pub summary: Option<String>,
    /// Which ways to readers it takes.
    pub audience: Audience,
    /// Whether an issue shows it first (`pinned: true`, `pin: true`, `sticky: true`).
    pub pinned: bool,
    /// The picture that the front matter names.
    pub image: Option<Image>,
    /// The files that come with it.
    pub enclosures: Vec<Enclosure>,
    /// What it says of itself as an episode, where it plays something.
    pub episode: Option<Box<Episode>>,
    /// What the text is written in.
    pub markup: Markup,
    /// Its text, where there is room to keep it and a use for it; else it is read anew from the file.
    #[serde(skip)]
    pub(super) body: Option<Box<str>>,
    /// The file itself, from which the text is read when it is needed.
    #[serde(skip)]
    pub file: PathBuf,
    /// The front matter, of a post whose text asks for it: one with Liquid, shortcodes or an excerpt marked in its own way.
    #[serde(with = "super::cache::as_json")]
    pub matter: Option<Box<Settings>>,
    /// Whether it was read from its own file alone: no other was asked for its length, or whether it is there.
    pub(super) reads_alone: bool,
    /// Whether its text says the same whatever else the site has: no template code, no link to another file.
    pub self_contained: bool,
    /// A hash of all that readers can see of the post: it changes when, and only when, one of those things does.
    pub fingerprint: String,
    /// What it is known by under another name: a hash of its text, and of its title, too, where that is short.
    pub(super) text_mark: String,
    /// A hash of the text.
    pub text_hash: [u8; 16],
}

impl Post {
    /// The first folder below that of the posts, `_posts` and a bundle's own apart; empty where it lies in none.
    pub fn section(&self, posts: &Path) -> String {
        let below = self.file.strip_prefix(posts).unwrap_or(&self.file);
        let is_bundle = below.file_stem().is_some_and(|stem| stem == "index");
        let folder = if is_bundle { below.parent().and_then(Path::parent) } else { below.parent() };
        let names = folder.into_iter().flat_map(Path::iter).map(|name| name.to_string_lossy());
        let mut names = names.filter(|name| !matches!(&**name, "_posts" | "_drafts" | "/"));
        names.next().map(|name| clean::composed(name)).unwrap_or_default()
    }

    /// The fingerprint.
    pub(super) fn look(&self) -> String {
        let mut hash = blake3::Hasher::new();
        let mut add = |bytes: &[u8]| {
            // The length in front keeps `ab` + `c` apart from `a` + `bc`.
            hash.update(&(bytes.len() as u64).to_le_bytes()).update(bytes);
        };
        for text in [self.url.as_str(), &self.title, &self.date.to_rfc3339(), &self.updated.to_rfc3339()] {
            add(text.as_bytes());
        }
        add(&self.text_hash);
        for terms in [&self.categories, &self.tags] {
            for term in terms {
                add(term.as_bytes());
            }
            add(b"");
        }
        for author in &self.authors {
            add(format!("{author:?}").as_bytes());
        }
        add(b"");
        add(self.language.as_deref().unwrap_or_default().as_bytes());
        add(self.summary.as_deref().unwrap_or_default().as_bytes());
        if let Some(image) = &self.image {
            add(format!("{image:?}").as_bytes());
        }
        for file in &self.enclosures {
            add(format!("{file:?}").as_bytes());
        }
        if let Some(episode) = &self.episode {
            add(format!("{episode:?}").as_bytes());
        }
        hash.finalize().to_hex()[..32].to_owned()
    }
}
