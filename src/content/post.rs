//! One post, as everything below sees it.

use std::path::PathBuf;

use chrono::{DateTime, FixedOffset};
use url::Url;

use crate::config::{Author, Settings};
use crate::ids::PostId;

/// Who decided a post's id.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum IdOrigin {
    /// The author, in the front matter: it counts even against the register of published ids.
    Written,
    /// The generator's rule.
    Made,
}

/// What a post's text is written in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Markup {
    /// The blog's kind of Markdown.
    Markdown,
    /// HTML, which stays as it is.
    Html,
    /// Markdown with JSX in it.
    Mdx,
}

/// A post that may be published. Every text in it is free of characters that XML 1.0 forbids.
#[derive(Clone, Debug)]
pub struct Post {
    /// The permanent id, unique in the library.
    pub id: PostId,
    /// Who decided the id.
    pub id_origin: IdOrigin,
    /// Where the post is read on the web.
    pub url: Url,
    /// Its file, relative to the site's root where it lies inside, in NFC.
    pub source: PathBuf,
    /// Plain text, one line, never empty.
    pub title: String,
    /// When it was published, in the site's zone.
    pub date: DateTime<FixedOffset>,
    /// Not before this moment; its date unless the post says otherwise.
    pub public_from: DateTime<FixedOffset>,
    /// When it last changed in a way readers should know of; its date unless the post says otherwise.
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
    /// What the text is written in.
    pub markup: Markup,
    /// The file itself, from which the text is read when it is needed.
    pub file: PathBuf,
    /// The front matter, of a post whose text asks for it: one with Liquid, shortcodes or an excerpt marked in its own way.
    pub matter: Option<Box<Settings>>,
    /// A hash of the text.
    pub text_hash: [u8; 16],
}

impl Post {
    /// A hash of all that readers can see of the post: it changes when, and only when, one of those things does.
    pub fn fingerprint(&self) -> String {
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
        self.authors.iter().for_each(|author| add(author.name.as_bytes()));
        add(self.language.as_deref().unwrap_or_default().as_bytes());
        add(self.summary.as_deref().unwrap_or_default().as_bytes());
        hash.finalize().to_hex()[..32].to_owned()
    }
}
