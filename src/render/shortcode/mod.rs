//! Shortcodes: Hugo's and Zola's calls inside a text, carried out before its Markdown is read.
//!
//! HTML that a shortcode makes must not be read as Markdown. A mark stands for it in the text; [`fill`] puts it in its place
//! among the events. Not responsible for templates in Go, which cannot be run here: what they enclose stays.

mod builtin;
mod hugo;
mod templates;
mod tera;
mod zola;

use pulldown_cmark::{Event, Tag, TagEnd};
use serde_json::{Map, Value};

use super::markdown::PIECE;
use crate::config::Config;
use crate::content::{Library, Post};
use templates::Templates;

/// A text with its shortcodes carried out.
#[derive(Debug, Default)]
pub(super) struct Expanded {
    pub text: String,
    /// The HTML that marks stand for.
    pub pieces: Vec<String>,
    /// Calls that nobody answers, as written.
    pub unknown: Vec<String>,
    /// What is wrong with the site's own templates for them.
    pub failed: Vec<String>,
}

/// One call of a shortcode.
#[derive(Debug, Default)]
struct Call {
    name: String,
    args: Vec<Value>,
    params: Map<String, Value>,
    /// What it encloses.
    inner: Option<String>,
}

/// What comes of a call.
enum Answer {
    /// HTML that is no Markdown.
    Html(String),
    /// More of the text.
    Markdown(String),
}

/// What carries out the shortcodes of one blog.
pub(super) struct Shortcodes<'a> {
    config: &'a Config,
    library: &'a Library,
    templates: Templates,
}

impl<'a> Shortcodes<'a> {
    pub(super) fn new(config: &'a Config, library: &'a Library) -> Self {
        Self { config, library, templates: Templates::new(config) }
    }

    /// Carries out Hugo's calls in `text`, which belongs to `post`.
    pub(super) fn hugo(&self, text: String, post: &Post) -> Expanded {
        if !text.contains("{{") {
            return Expanded { text, ..Expanded::default() };
        }
        hugo::expand(self, &text, post)
    }

    /// What the site's own template makes of a call. One that cannot be run leaves its error in `out`, and what the call encloses.
    fn own(&self, call: &Call, post: &Post, out: &mut Expanded) -> Option<Answer> {
        match self.templates.run(self.config, call, post)? {
            Ok(answer) => Some(answer),
            Err(why) => {
                out.take(Vec::new(), vec![why]);
                Some(Answer::Markdown(call.inner.clone().unwrap_or_default()))
            }
        }
    }

    /// Carries out Zola's.
    pub(super) fn zola(&self, text: &str, post: &Post) -> Expanded {
        zola::expand(self, text, post)
    }
}

impl Call {
    /// A parameter by name, or the argument at `at`.
    fn text(&self, name: &str, at: usize) -> Option<String> {
        let value = self.params.get(name).or_else(|| self.args.get(at))?;
        let text = match value {
            Value::String(text) => text.clone(),
            Value::Null => return None,
            other => other.to_string(),
        };
        (!text.is_empty()).then_some(text)
    }

    /// A parameter by name alone.
    fn named(&self, name: &str) -> Option<String> {
        self.text(name, usize::MAX)
    }
}

impl Expanded {
    /// Adds what came of a call.
    fn push(&mut self, answer: Answer) {
        match answer {
            Answer::Markdown(text) => self.text.push_str(&text),
            Answer::Html(html) => {
                self.text.push_str(&format!("{PIECE}{}{PIECE}", self.pieces.len()));
                self.pieces.push(html);
            }
        }
    }

    /// Adds what a text inside another left unanswered.
    fn take(&mut self, unknown: Vec<String>, failed: Vec<String>) {
        for (known, more) in [(&mut self.unknown, unknown), (&mut self.failed, failed)] {
            for one in more {
                if !known.contains(&one) {
                    known.push(one);
                }
            }
        }
    }
}

/// The events with each piece in the place of its mark. A paragraph that is nothing but a piece is that piece.
pub(super) fn fill<'a>(events: Vec<Event<'a>>, pieces: &[String]) -> Vec<Event<'a>> {
    if pieces.is_empty() {
        return events;
    }
    let mut out: Vec<Event<'a>> = Vec::with_capacity(events.len());
    for event in events {
        match event {
            Event::Text(text) if text.contains(PIECE) => {
                for (index, part) in text.split(PIECE).enumerate() {
                    let piece = (index % 2 == 1)
                        .then(|| part.parse::<usize>().ok().and_then(|number| pieces.get(number)))
                        .flatten();
                    match piece {
                        Some(html) => out.push(Event::InlineHtml(html.clone().into())),
                        None if !part.is_empty() => out.push(Event::Text(part.to_owned().into())),
                        None => {}
                    }
                }
            }
            Event::End(TagEnd::Paragraph) if is_alone(&out) => {
                let html = out.pop();
                out.pop();
                if let Some(Event::InlineHtml(html)) = html {
                    out.extend([
                        Event::Start(Tag::HtmlBlock),
                        Event::Html(html),
                        Event::End(TagEnd::HtmlBlock),
                    ]);
                }
            }
            Event::Html(html) if html.contains(PIECE) => out.push(Event::Html(filled(&html, pieces).into())),
            Event::InlineHtml(html) if html.contains(PIECE) => {
                out.push(Event::InlineHtml(filled(&html, pieces).into()));
            }
            event => out.push(event),
        }
    }
    out
}

/// Whether the paragraph that ends here holds one piece and nothing else.
fn is_alone(out: &[Event<'_>]) -> bool {
    matches!(out, [.., Event::Start(Tag::Paragraph), Event::InlineHtml(_)])
}

fn filled(text: &str, pieces: &[String]) -> String {
    text.split(PIECE)
        .enumerate()
        .map(|(index, part)| {
            let piece = (index % 2 == 1)
                .then(|| part.parse::<usize>().ok().and_then(|number| pieces.get(number)))
                .flatten();
            piece.map_or(part, String::as_str)
        })
        .collect()
}
