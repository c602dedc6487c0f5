//! One post's text becomes HTML, plain text and an excerpt.
//!
//! Pure: the same input gives the same bytes. Nothing unsafe and nothing relative comes out. Not responsible for where
//! the results are put.

mod cjk;
mod elements;
mod embed;
mod emoji;
mod excerpt;
mod goldmark;
mod internal;
mod kramdown;
mod liquid;
mod markdown;
mod mdx;
mod plain;
mod sanitize;
mod shortcode;
mod text;
pub mod wrap;

use std::borrow::Cow;
use std::collections::HashMap;

use pulldown_cmark::{Event, HeadingLevel, Tag, TagEnd};
use url::Url;

use crate::config::{Blog, CommonMark, Config, Markdown, Settings};
use crate::content::clean::strip;
use crate::content::{self, Library, Markup, Post};
use crate::diagnostic::Diagnostic;
use crate::fsx::FileError;
use crate::ids::{Html, PlainText};
use markdown::Source;
use shortcode::{Expanded, Shortcodes};

/// What turns the posts of one library into what readers see.
pub struct Renderer<'a> {
    config: &'a Config,
    library: &'a Library,
    liquid: liquid::Engine<'a>,
    shortcodes: Shortcodes<'a>,
}

/// One post's text, everything in it carried out that is not Markdown, ready to be read in any form.
pub struct Text {
    body: Piece,
    /// What stands for the post where the whole is too much, where the author or the generator says what that is.
    lead: Option<Piece>,
    /// Where links lead that name files.
    internal: HashMap<String, String>,
    /// A title that a heading on top of the text would only say again.
    title: Option<String>,
    url: Url,
    /// What was odd about it.
    pub found: Vec<Diagnostic>,
}

/// A source and the language it is in.
struct Piece {
    source: Source,
    /// HTML that marks in the source stand for.
    pieces: Vec<String>,
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
        let liquid = liquid::Engine::new(config, library);
        Self { config, library, liquid, shortcodes: Shortcodes::new(config, library) }
    }

    /// Reads a post's text.
    ///
    /// # Errors
    /// Its file has gone since the library was loaded.
    pub fn text(&self, post: &Post) -> Result<Text, FileError> {
        let body = content::body(post)?;
        let marked = self.marked_excerpt(&body, post);
        let Carried { text, pieces, unknown, unclosed, failed } = self.carried(body, post);
        let has_shortcodes = matches!(self.config.blog, Blog::Hugo(_) | Blog::Zola(_));
        let unknown = unknown.iter().map(|written| unknown_template(post, written, has_shortcodes));
        let unclosed = unclosed.iter().map(|tag| unclosed_tag(post, tag));
        let found =
            failed.iter().map(|why| failed_template(post, why)).chain(unknown).chain(unclosed).collect();
        let kind = self.markdown();
        let markup = if post.markup == Markup::Html { Language::Html } else { Language::Markdown(kind) };
        let written =
            post.summary.clone().map(|summary| Piece::new(summary, Vec::new(), Language::Markdown(kind)));
        let lead = written.or_else(|| {
            let Carried { text, pieces, .. } = self.carried(marked?, post);
            Some(Piece::new(text, pieces, markup))
        });
        let internal = match self.config.blog {
            Blog::Zola(_) => internal::addresses(&text, self.config, self.library),
            _ => HashMap::new(),
        };
        let title = matches!(self.config.blog, Blog::Plain).then(|| post.title.clone());
        let body = Piece::new(text, pieces, markup);
        Ok(Text { body, lead, internal, title, url: post.url.clone(), found })
    }

    /// Reads the Markdown of somebody who writes about posts, such as an editor: no template code is carried out.
    pub fn note(&self, markdown: String) -> Text {
        let body =
            Piece::new(markdown, Vec::new(), Language::Markdown(Markdown::CommonMark(CommonMark::default())));
        let url = self.config.site.url.clone();
        Text { body, lead: None, internal: HashMap::new(), title: None, url, found: Vec::new() }
    }

    /// What stands before the separator that a Jekyll site or a post of it has chosen, with the addresses of its links, which
    /// may be written behind it. Jekyll's own separator, a blank line, is left out: the first paragraph is what it means.
    fn marked_excerpt(&self, body: &str, post: &Post) -> Option<String> {
        let Blog::Jekyll(jekyll) = &self.config.blog else { return None };
        let own = post.matter.as_ref().and_then(|matter| matter.get("excerpt_separator")?.as_str());
        let separator = own.unwrap_or(&jekyll.excerpt_separator);
        if separator.trim().is_empty() {
            return None;
        }
        let (before, after) = body.split_once(separator)?;
        let is_address = |line: &&str| line.trim_start().starts_with('[') && line.contains("]:");
        Some([before].into_iter().chain(after.lines().filter(is_address)).collect::<Vec<_>>().join("\n\n"))
    }

    /// The Markdown of the blog.
    fn markdown(&self) -> Markdown {
        match &self.config.blog {
            Blog::Jekyll(jekyll) => jekyll.markdown,
            Blog::Hugo(hugo) => Markdown::CommonMark(hugo.markdown),
            Blog::Zola(zola) => Markdown::CommonMark(zola.markdown),
            _ => Markdown::CommonMark(CommonMark::default()),
        }
    }

    /// The text with its template code carried out. One without any costs no more than a look.
    fn carried(&self, text: String, post: &Post) -> Carried {
        let wants = |matter: &Settings| matter.get("render_with_liquid") != Some(&false.into());
        let empty = Settings::new();
        match &self.config.blog {
            _ if post.markup == Markup::Mdx => {
                let (text, unknown) = mdx::markdown(&text, post.matter.as_deref().unwrap_or(&empty));
                Carried { text, unknown, ..Carried::default() }
            }
            Blog::Jekyll(_) | Blog::Eleventy
                if liquid::is_in(&text) && post.matter.as_deref().is_none_or(wants) =>
            {
                let liquid::Carried { text, unknown, unclosed } = self.liquid.carry(&text, post);
                Carried { text, unknown, unclosed, ..Carried::default() }
            }
            Blog::Hugo(hugo) => {
                let Expanded { text, pieces, unknown, failed } = self.shortcodes.hugo(text, post);
                let text = if hugo.markdown.emoji { emoji::replaced(&text) } else { text };
                let text = if hugo.markdown.attribute_blocks { without_attributes(&text) } else { text };
                // The divider parts paragraphs wherever it stands.
                let text = if text.contains("<!--more-->") {
                    text.replace("<!--more-->", "\n\n<!--more-->\n\n")
                } else {
                    text
                };
                Carried { text, pieces, unknown, failed, ..Carried::default() }
            }
            Blog::Zola(zola) => {
                let Expanded { text, pieces, unknown, failed } = self.shortcodes.zola(&text, post);
                let text = if zola.markdown.emoji { emoji::replaced(&text) } else { text };
                Carried { text, pieces, unknown, failed, ..Carried::default() }
            }
            _ => Carried { text, ..Carried::default() },
        }
    }
}

/// A text with its template code carried out: the pieces of HTML that marks in it stand for, the code that is not known, and
/// what is wrong with the site's own templates.
#[derive(Default)]
struct Carried {
    text: String,
    pieces: Vec<String>,
    unknown: Vec<String>,
    /// Liquid's tags that are never closed.
    unclosed: Vec<String>,
    failed: Vec<String>,
}

/// The text without lines `{.class #id}` below a block.
fn without_attributes(text: &str) -> String {
    let mut after_text = false;
    text.split_inclusive('\n')
        .filter(|line| {
            let inner = line.trim().strip_prefix('{').and_then(|line| line.strip_suffix('}'));
            let is_one =
                after_text && inner.is_some_and(|inner| inner.starts_with(['.', '#']) || inner.contains('='));
            after_text = !line.trim().is_empty();
            !is_one
        })
        .collect()
}

/// How many events at the beginning are a first heading that is the title.
fn heading_of(events: &[Event<'_>], title: &str) -> Option<usize> {
    let Event::Start(Tag::Heading { level: HeadingLevel::H1, .. }) = events.first()? else { return None };
    let end = events.iter().position(|event| matches!(event, Event::End(TagEnd::Heading(_))))?;
    let words: String = events[..end]
        .iter()
        .filter_map(|event| match event {
            Event::Text(text) | Event::Code(text) => Some(&**text),
            _ => None,
        })
        .collect();
    (words.trim() == title).then_some(end + 1)
}

/// A warning about template code that could not be carried out.
fn unknown_template(post: &Post, written: &str, has_shortcodes: bool) -> Diagnostic {
    let call = written.trim_matches(['{', '}', '<', '>', '%', ' ', '/']);
    let name = call.split([' ', '(']).next().unwrap_or_default();
    let (message, help) = if written.starts_with("{%")
        && matches!(name, "include" | "include_relative" | "include_cached" | "post_url" | "link")
    {
        let what = if name.starts_with("include") { "file" } else { "page" };
        let message = format!("`{written}` names a {what} that is not there; it goes");
        (message, "name one that is; Jekyll builds no site with it".to_owned())
    } else if has_shortcodes && matches!(name, "ref" | "relref") {
        let message = format!("`{written}` names a page that is not there; it goes");
        (message, "name one that is; Hugo builds no site with it".to_owned())
    } else if has_shortcodes {
        let help = format!(
            "write the shortcode for tidings, too, in `templates/shortcodes/{name}.html`, if it matters in feeds and mail"
        );
        (format!("`{written}` is not known here; it goes, what stands inside it stays"), help)
    } else {
        let help =
            "look at the entry in the feed; write what is missing as plain Markdown, if it matters there";
        (format!("`{written}` is not known here; it goes, what stands inside it stays"), help.to_owned())
    };
    Diagnostic::warning("template-code", &post.source, message).help(&help)
}

/// A warning about a tag of Liquid's that is never closed.
fn unclosed_tag(post: &Post, tag: &str) -> Diagnostic {
    let message = format!("`{{% {tag} %}}` is opened and never closed: Jekyll builds no site with it");
    let help = format!("write `{{% end{tag} %}}` where it ends");
    Diagnostic::warning("template-code", &post.source, message).help(&help)
}

/// A warning about a template of the site's own that cannot be run.
fn failed_template(post: &Post, why: &str) -> Diagnostic {
    let message = format!("a template in `templates/shortcodes/` cannot be run: {why}");
    Diagnostic::warning("template-code", &post.source, message)
        .help("mend the template; until then its calls go")
}

impl Piece {
    fn new(source: String, pieces: Vec<String>, markup: Language) -> Self {
        let source = match markup {
            Language::Markdown(Markdown::CommonMark(options)) => Source::new(source, options),
            _ => Source::verbatim(source),
        };
        Self { source, pieces, markup }
    }

    fn events(&self) -> Vec<Event<'_>> {
        match self.markup {
            Language::Markdown(Markdown::Kramdown(options)) => {
                kramdown::events(self.source.as_str(), options)
            }
            Language::Markdown(Markdown::CommonMark(options)) => {
                shortcode::fill(self.source.events(options), &self.pieces)
            }
            Language::Html => {
                let whole = vec![
                    Event::Start(Tag::HtmlBlock),
                    Event::Html(self.source.as_str().into()),
                    Event::End(TagEnd::HtmlBlock),
                ];
                shortcode::fill(whole, &self.pieces)
            }
        }
    }
}

impl Text {
    /// Reads the Markdown.
    pub fn document(&self) -> Document<'_> {
        let mut body = internal::resolved(self.body.events(), &self.internal);
        if let Some(length) = self.title.as_deref().and_then(|title| heading_of(&body, title)) {
            body.drain(..length);
        }
        let lead = self.lead.as_ref().map_or_else(|| excerpt::of(&body), Piece::events);
        Document { body, lead, url: &self.url }
    }
}

impl Document<'_> {
    /// The whole post, for feeds and for the HTML part of a mail.
    pub fn html(&self) -> Html {
        self.safe(&self.body)
    }

    /// Its excerpt: the front matter's, else what stands before `<!--more-->`, else the first paragraph.
    pub fn excerpt(&self) -> Html {
        self.safe(&self.lead)
    }

    fn safe(&self, events: &[Event<'_>]) -> Html {
        match plain::html(events, self.url) {
            Some(html) => Html::new(match strip(&html) {
                Cow::Owned(stripped) => stripped,
                Cow::Borrowed(_) => html,
            }),
            None => sanitize::clean(&markdown::html(events.iter().cloned()), self.url),
        }
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
