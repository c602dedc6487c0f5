//! The posts of a blog, and the ids that they keep.

use std::collections::HashMap;
use std::path::PathBuf;

use super::post::{IdOrigin, Post};
use crate::diagnostic::Diagnostic;
use crate::ids::PostId;

/// The posts that are public now, newest first; posts of one moment in the order of their files' names.
#[derive(Clone, Debug, Default)]
pub struct Library {
    /// The posts.
    pub posts: Vec<Post>,
    /// How many more there are whose time has not come.
    pub waiting: usize,
    /// How many files were found, posts or not.
    pub files: usize,
}

impl Library {
    /// Settles the ids: those under which posts were published before are put back, as a published id never changes
    /// (RFC 4287 §4.2.6), unless the author has written another; of posts with one id, one stays.
    ///
    /// `published` gives the id that the post of a file (its path under the site's root) has been published under.
    pub fn settle_ids(&mut self, published: &HashMap<PathBuf, PostId>) -> Vec<Diagnostic> {
        let mut diagnostics = self.keep_published(published);
        diagnostics.extend(self.drop_twins(published));
        diagnostics
    }

    fn keep_published(&mut self, published: &HashMap<PathBuf, PostId>) -> Vec<Diagnostic> {
        let mut diagnostics = Vec::new();
        for post in self.posts.iter_mut().filter(|post| post.id_origin == IdOrigin::Made) {
            let Some(kept) = published.get(&post.source).filter(|kept| **kept != post.id) else { continue };
            let message = format!(
                "the post's id would change from `{kept}` to `{}`; the published one is kept",
                post.id
            );
            let help = format!(
                "readers would show the post twice; write `id: {kept}` in its front matter to settle it, or `id: {}` to change it all the same",
                post.id
            );
            diagnostics.push(Diagnostic::warning("id-kept", &post.source, message).help(help));
            post.id = kept.clone();
        }
        diagnostics
    }

    /// Two posts of one id would be one entry to every reader. The one published under it stays, else the first by name.
    fn drop_twins(&mut self, published: &HashMap<PathBuf, PostId>) -> Vec<Diagnostic> {
        let rank = |post: &Post| (published.get(&post.source) != Some(&post.id), post.source.clone());
        let mut first: HashMap<PostId, (bool, PathBuf)> = HashMap::new();
        for post in &self.posts {
            let rank = rank(post);
            first
                .entry(post.id.clone())
                .and_modify(|best| *best = rank.clone().min(best.clone()))
                .or_insert(rank);
        }
        let mut diagnostics = Vec::new();
        self.posts.retain(|post| {
            let (_, stays) = &first[&post.id];
            if *stays == post.source {
                return true;
            }
            let message = format!("this post has the same id as `{}`: `{}`", stays.display(), post.id);
            let help = "give one of them a `slug:` or `permalink:` of its own; until then it is left out";
            diagnostics.push(Diagnostic::error("same-id", &post.source, message).help(help));
            false
        });
        diagnostics
    }
}
