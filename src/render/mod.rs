//! One post's Markdown becomes HTML, text and an excerpt.
//!
//! Pure: the same input gives the same bytes. Nothing unsafe and nothing relative comes out. Not responsible for where
//! the results are put.

mod cjk;
mod embed;
mod excerpt;
mod markdown;
mod sanitize;
mod text;
pub mod wrap;

use crate::content::Post;
use crate::ids::{Html, PlainText};
use markdown::Markdown;

/// A post in every form that feeds and mail need.
#[derive(Clone, Debug)]
pub struct Rendered {
    /// The whole post.
    pub html: Html,
    /// Its excerpt: the front matter's, else what stands before `<!--more-->`, else the first paragraph.
    pub excerpt: Html,
    /// The excerpt as one line of plain text.
    pub excerpt_line: PlainText,
}

/// Renders a post for feeds and for the HTML part of a mail.
pub fn post(post: &Post) -> Rendered {
    let body = Markdown::new(&post.body);
    let events = body.events();
    let given = post.summary.as_deref().map(Markdown::new);
    let excerpt = given.as_ref().map_or_else(|| excerpt::of(&events), Markdown::events);
    Rendered {
        excerpt_line: PlainText::new(text::one_line(&excerpt)),
        excerpt: sanitize::clean(&markdown::html(excerpt.into_iter()), &post.url),
        html: sanitize::clean(&markdown::html(events.into_iter()), &post.url),
    }
}

/// The whole post as plain text of at most `width` columns, links as numbered notes below it (RFC 3676 flowed lines).
pub fn full_text(post: &Post, width: usize) -> PlainText {
    PlainText::new(text::document(&Markdown::new(&post.body).events(), &post.url, width))
}

/// The excerpt as plain text of at most `width` columns, in its own paragraphs, without links.
pub fn excerpt_text(post: &Post, width: usize) -> PlainText {
    let body = Markdown::new(post.summary.as_deref().unwrap_or(&post.body));
    let events = body.events();
    let events = if post.summary.is_some() { events } else { excerpt::of(&events) };
    PlainText::new(text::paragraphs(&events, width))
}
