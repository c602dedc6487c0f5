//! One post's text becomes HTML, plain text and an excerpt.
//!
//! Pure: the same input gives the same bytes. Nothing unsafe and nothing relative comes out. Not responsible for where
//! the results are put.

mod cjk;
mod embed;
mod excerpt;
mod kramdown;
mod liquid;
mod markdown;
mod sanitize;
mod text;
pub mod wrap;

use pulldown_cmark::{Event, Tag, TagEnd};
use url::Url;

use crate::config::{Blog, CommonMark, Config, Markdown, Settings};
use crate::content::{self, Library, Markup, Post};
use crate::diagnostic::Diagnostic;
use crate::fsx::FileError;
use crate::ids::{Html, PlainText};
use markdown::Source;

/// What turns the posts of one library into what readers see.
pub struct Renderer<'a> {
    config: &'a Config,
    liquid: liquid::Engine<'a>,
}

/// One post's text, everything in it carried out that is not Markdown, ready to be read in any form.
pub struct Text {
    body: Piece,
    /// What stands for the post where the whole is too much, where the author or the generator says what that is.
    lead: Option<Piece>,
    url: Url,
    /// What was odd about it.
    pub found: Vec<Diagnostic>,
}

/// A source and the language it is in.
struct Piece {
    source: Source,
    markup: Language,
}

#[derive(Clone, Copy)]
enum Language {
    Markdown(Markdown),
    Html,
}

/// A post as a series of events, from which each of its forms is made.
pub struct Document<'a> {
    body: Vec<Event<'a>>,
    lead: Vec<Event<'a>>,
    url: &'a Url,
}

impl<'a> Renderer<'a> {
    /// For the posts of `library`, by the rules of the blog.
    pub fn new(config: &'a Config, library: &'a Library) -> Self {
        Self { config, liquid: liquid::Engine::new(config, library) }
    }

    /// Reads a post's text.
    ///
    /// # Errors
    /// Its file has gone since the library was loaded.
    pub fn text(&self, post: &Post) -> Result<Text, FileError> {
        let mut body = content::body(post)?;
        let mut found = Vec::new();
        let renders = |matter: &Settings| matter.get("render_with_liquid") != Some(&false.into());
        let wants = post.matter.as_deref().is_none_or(renders);
        if matches!(self.config.blog, Blog::Jekyll(_)) && wants && liquid::is_in(&body) {
            let liquid::Carried { text, unknown } = self.liquid.carry(&body, post);
            body = text;
            found.extend(unknown.into_iter().map(|written| unknown_template(post, &written)));
        }
        let kind = match &self.config.blog {
            Blog::Jekyll(jekyll) => jekyll.markdown,
            Blog::Hugo(hugo) => Markdown::CommonMark(hugo.markdown),
            Blog::Zola(zola) => Markdown::CommonMark(zola.markdown),
            _ => Markdown::CommonMark(CommonMark::default()),
        };
        let markup = if post.markup == Markup::Html { Language::Html } else { Language::Markdown(kind) };
        let lead =
            post.summary.as_deref().map(|summary| Piece::new(summary.to_owned(), Language::Markdown(kind)));
        Ok(Text { body: Piece::new(body, markup), lead, url: post.url.clone(), found })
    }
}

/// A warning about template code that could not be carried out.
fn unknown_template(post: &Post, written: &str) -> Diagnostic {
    let message = format!("`{written}` is not known here; it goes, what stands inside it stays");
    Diagnostic::warning("template-code", &post.source, message)
        .help("look at the entry in the feed, and leave the post out with `feed: false` if it needs more")
}

impl Piece {
    fn new(source: String, markup: Language) -> Self {
        let source = match markup {
            Language::Markdown(Markdown::CommonMark(options)) => Source::new(source, options),
            _ => Source::verbatim(source),
        };
        Self { source, markup }
    }

    fn events(&self) -> Vec<Event<'_>> {
        match self.markup {
            Language::Markdown(Markdown::Kramdown(options)) => {
                kramdown::events(self.source.as_str(), options)
            }
            Language::Markdown(Markdown::CommonMark(options)) => self.source.events(options),
            Language::Html => vec![
                Event::Start(Tag::HtmlBlock),
                Event::Html(self.source.as_str().into()),
                Event::End(TagEnd::HtmlBlock),
            ],
        }
    }
}

impl Text {
    /// Reads the Markdown.
    pub fn document(&self) -> Document<'_> {
        let body = self.body.events();
        let lead = self.lead.as_ref().map_or_else(|| excerpt::of(&body), Piece::events);
        Document { body, lead, url: &self.url }
    }
}

impl Document<'_> {
    /// The whole post, for feeds and for the HTML part of a mail.
    pub fn html(&self) -> Html {
        sanitize::clean(&markdown::html(self.body.iter().cloned()), self.url)
    }

    /// Its excerpt: the front matter's, else what stands before `<!--more-->`, else the first paragraph.
    pub fn excerpt(&self) -> Html {
        sanitize::clean(&markdown::html(self.lead.iter().cloned()), self.url)
    }

    /// The excerpt as one line of plain text.
    pub fn excerpt_line(&self) -> PlainText {
        PlainText::new(text::one_line(&self.lead))
    }

    /// The whole post as plain text of at most `width` columns, links as numbered notes below it (RFC 3676 flowed lines).
    pub fn full_text(&self, width: usize) -> PlainText {
        PlainText::new(text::document(&self.body, self.url, width))
    }

    /// The excerpt as plain text of at most `width` columns, in its own paragraphs, without links.
    pub fn excerpt_text(&self, width: usize) -> PlainText {
        PlainText::new(text::paragraphs(&self.lead, width))
    }
}
