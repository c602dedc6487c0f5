//! A folder of posts becomes a `Library`.
//!
//! Never stops at a bad post: it is left out with a `Diagnostic` and the others go on. A post's id, URL and date are
//! decided here, once. Not responsible for turning Markdown into anything.

pub mod clean;
mod date;
mod front_matter;
mod permalink;
mod post;
mod read;
mod scalar;
mod slug;
mod walk;

use std::collections::HashMap;
use std::path::PathBuf;

use chrono::{DateTime, Utc};
use rayon::prelude::*;

use crate::config::{Config, Include};
use crate::diagnostic::Diagnostic;
use crate::ids::PostId;

pub use post::Post;

/// The posts that are public now, newest first; posts of one moment in the order of their files' names.
#[derive(Clone, Debug, Default)]
pub struct Library {
    /// The posts.
    pub posts: Vec<Post>,
}

/// Reads every post under the posts folder, as the site stands at `now`.
pub fn load(config: &Config, now: DateTime<Utc>) -> (Library, Vec<Diagnostic>) {
    let (files, mut diagnostics) = walk::files(config);
    let read: Vec<_> = files.par_iter().map(|path| read::post(path, config)).collect();
    let mut posts = Vec::with_capacity(read.len());
    for (post, found) in read {
        diagnostics.extend(found);
        posts.extend(post.filter(|post| config.posts.future == Include::Yes || post.date <= now));
    }
    let mut library = Library { posts };
    diagnostics.extend(library.drop_twins());
    library.posts.sort_by(|a, b| b.date.cmp(&a.date).then_with(|| a.source.cmp(&b.source)));
    (library, diagnostics)
}

impl Library {
    /// Two posts of one id would be one entry to every reader: the first by file name stays.
    fn drop_twins(&mut self) -> Vec<Diagnostic> {
        let mut first: HashMap<PostId, PathBuf> = HashMap::new();
        let mut diagnostics = Vec::new();
        self.posts.retain(|post| match first.get(&post.id) {
            None => {
                first.insert(post.id.clone(), post.source.clone());
                true
            }
            Some(other) => {
                let message = format!("this post has the same id as `{}`: `{}`", other.display(), post.id);
                let help = "give one of them a `slug:` or `permalink:` of its own; until then it is left out";
                diagnostics.push(Diagnostic::error("same-id", &post.source, message).help(help));
                false
            }
        });
        diagnostics
    }

    /// Puts back the ids under which posts were published before: a published id never changes (RFC 4287 §4.2.6).
    ///
    /// `published` gives the id that the post of a file (its path under the site's root) has been published under.
    pub fn keep_published_ids(&mut self, published: &HashMap<PathBuf, PostId>) -> Vec<Diagnostic> {
        let mut diagnostics = Vec::new();
        for post in &mut self.posts {
            let Some(kept) = published.get(&post.source).filter(|kept| **kept != post.id) else { continue };
            let message = format!(
                "the post's id would change from `{kept}` to `{}`; the published one is kept",
                post.id
            );
            let help = format!(
                "feed readers would show the post twice; to settle it, write `id: {kept}` in its front matter"
            );
            diagnostics.push(Diagnostic::warning("id-kept", &post.source, message).help(help));
            post.id = kept.clone();
        }
        diagnostics
    }
}
