//! The documents are written, post by post: each is rendered once, however many documents have it, and forgotten again.

use std::sync::mpsc::sync_channel;

use rayon::prelude::*;

use super::document::Document;
use super::xml::Piece;
use super::{Entry, FeedError, Plan, Shown, atom, json, rss};
use crate::config::Format;
use crate::content::Post;
use crate::diagnostic::Diagnostic;
use crate::render::Renderer;

/// How many posts are rendered at a time.
const AT_A_TIME: usize = 64;

/// How many such lots wait to be written.
const READY: usize = 2;

/// A part of a document.
#[derive(Debug)]
pub struct Part<'a> {
    /// The document, by its place in the plan.
    pub document: usize,
    /// Its next bytes.
    pub bytes: &'a [u8],
    /// Whether nothing follows.
    pub last: bool,
}

/// What writing them left to say.
#[derive(Debug, Default)]
pub struct Left {
    /// What was odd about the texts.
    pub found: Vec<Diagnostic>,
    /// Documents that lack a post whose file could not be read.
    pub incomplete: Vec<usize>,
}

/// What is made of one post: its entry in each form that a document has it in.
struct Made {
    forms: Vec<(Shown, Piece)>,
    found: Vec<Diagnostic>,
}

impl Plan<'_> {
    /// Writes the documents of `wanted` (by their places), handing over part after part in the order of each document. A post
    /// whose file has gone meanwhile is left out with an error.
    ///
    /// # Errors
    /// A writer's, or the caller's own.
    pub fn write<E: From<FeedError>>(
        &self,
        renderer: &Renderer<'_>,
        wanted: &[usize],
        mut put: impl FnMut(Part<'_>) -> Result<(), E>,
    ) -> Result<Left, E> {
        let mut users: Vec<Vec<usize>> = vec![Vec::new(); self.library.posts.len()];
        let mut tails = vec![String::new(); self.documents.len()];
        let mut left = vec![0; self.documents.len()];
        let mut is_first = vec![true; self.documents.len()];
        for index in wanted.iter().copied() {
            let document = &self.documents[index];
            let (head, tail) = self.frame(document)?;
            put(Part { document: index, bytes: head.as_bytes(), last: false })?;
            tails[index] = tail;
            left[index] = document.posts.len();
            for post in &self.channel(document).posts[document.posts.clone()] {
                users[*post].push(index);
            }
            if document.posts.is_empty() {
                put(Part { document: index, bytes: tails[index].as_bytes(), last: true })?;
            }
        }
        let posts: Vec<usize> = (0..users.len()).filter(|post| !users[*post].is_empty()).collect();
        let mut said = Left::default();
        // What has been made is handed over while the next is being made.
        let (give, take) = sync_channel(READY);
        std::thread::scope(|threads| {
            threads.spawn(|| {
                let give = give;
                for chunk in posts.chunks(AT_A_TIME) {
                    let made =
                        chunk.par_iter().map(|post| self.made(renderer, *post, &users[*post])).collect();
                    // Nobody takes it where the caller has given up.
                    if give.send((chunk, made)).is_err() {
                        break;
                    }
                }
            });
            for (chunk, made) in take {
                let made: Result<Vec<Made>, FeedError> = made;
                for (post, made) in chunk.iter().zip(made?) {
                    if made.forms.is_empty() {
                        said.incomplete.extend(&users[*post]);
                    }
                    said.found.extend(made.found);
                    for index in users[*post].iter().copied() {
                        let document = &self.documents[index];
                        left[index] -= 1;
                        let shown = self.shown(document, &self.library.posts[*post]);
                        if let Some((_, piece)) = made.forms.iter().find(|(form, _)| *form == shown) {
                            if document.format == Format::Json && !std::mem::take(&mut is_first[index]) {
                                put(Part { document: index, bytes: b",", last: false })?;
                            }
                            put(Part { document: index, bytes: piece.bytes(), last: false })?;
                        }
                        if left[index] == 0 {
                            put(Part { document: index, bytes: tails[index].as_bytes(), last: true })?;
                        }
                    }
                }
            }
            Ok(said)
        })
    }

    pub(super) fn frame(&self, document: &Document) -> Result<(String, String), FeedError> {
        let channel = self.channel(document);
        match document.format {
            Format::Rss => rss::frame(channel, document),
            Format::Atom => atom::frame(channel, document),
            Format::Json => json::frame(channel, document),
        }
    }

    fn shown(&self, document: &Document, post: &Post) -> Shown {
        let channel = self.channel(document);
        Shown {
            format: document.format,
            content: channel.content,
            // RSS has no place for it.
            language: document.format != Format::Rss
                && post.language.as_deref().is_some_and(|own| own != channel.language),
        }
    }

    fn made(&self, renderer: &Renderer<'_>, post: usize, users: &[usize]) -> Result<Made, FeedError> {
        let post = &self.library.posts[post];
        let (entry, found) = match Entry::new(renderer, post, &self.fields, &self.channels[0].author) {
            Ok(made) => made,
            Err(error) => {
                let gone = Diagnostic::error("unreadable", &post.source, error.to_string())
                    .help("the post is left out of the feeds; build again when the file is back");
                return Ok(Made { forms: Vec::new(), found: vec![gone] });
            }
        };
        let mut forms: Vec<(Shown, Piece)> = Vec::new();
        for index in users {
            let shown = self.shown(&self.documents[*index], post);
            if forms.iter().all(|(form, _)| *form != shown) {
                let text = match shown.format {
                    Format::Rss => rss::item(&entry, shown),
                    Format::Atom => atom::entry(&entry, shown),
                    Format::Json => json::item(&entry, shown),
                }?;
                forms.push((shown, text));
            }
        }
        Ok(Made { forms, found })
    }
}
