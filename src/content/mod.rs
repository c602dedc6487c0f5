//! A folder of posts becomes a `Library`.
//!
//! Never stops at a bad post: it is left out with a `Diagnostic` and the others go on. A post's id, URL and date are
//! decided here, once. Not responsible for turning Markdown into anything.

pub mod clean;
mod date;
mod depth;
mod front_matter;
mod oddities;
mod permalink;
mod post;
mod read;
mod scalar;
mod slug;
mod source;
mod walk;

use std::collections::HashMap;
use std::path::PathBuf;

use chrono::{DateTime, Utc};
use rayon::prelude::*;

use crate::config::{Config, Include};
use crate::diagnostic::Diagnostic;
use crate::ids::PostId;

pub use post::{IdOrigin, Post};

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

/// Reads every post under the posts folder, as the site stands at `now`.
pub fn load(config: &Config, now: DateTime<Utc>) -> (Library, Vec<Diagnostic>) {
    let (files, mut diagnostics) = walk::files(config);
    let read: Vec<_> = files.par_iter().map(|path| read::post(path, config)).collect();
    let mut posts = Vec::with_capacity(read.len());
    let mut waiting = 0;
    for (post, found) in read {
        diagnostics.extend(found);
        match post {
            Some(post) if config.posts.future == Include::No && post.public_from > now => waiting += 1,
            post => posts.extend(post),
        }
    }
    posts.sort_by(|a, b| b.date.cmp(&a.date).then_with(|| a.source.cmp(&b.source)));
    (Library { posts, waiting, files: files.len() }, diagnostics)
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
