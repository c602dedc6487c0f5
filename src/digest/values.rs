//! Every name that the newsletter's templates may use. `docs/src/templates.md` lists them.

use std::cell::RefCell;

use minijinja::value::Serde;
use minijinja::{Value, context};

use super::compose::{Order, Setting};
use super::pictures::{Converted, Made, Pictures};
use crate::config::{Content, Newsletter};
use crate::content::Post;
use crate::diagnostic::Diagnostic;
use crate::ids::IssueId;

/// Columns of the text part (RFC 3676 §4.2 asks for at most 78).
const WIDTH: usize = 72;

/// An issue of so many posts begins with their titles.
const LONG: usize = 8;

/// The values, and the pictures that are to be made for them.
pub(super) fn values(
    setting: Setting<'_>,
    order: Order<'_>,
    (id, date): (&IssueId, &str),
    found: &mut Vec<Diagnostic>,
) -> Result<(Value, Vec<Converted>), Box<Diagnostic>> {
    let Order { newsletter, language, editor, .. } = order;
    let config = setting.config;
    let words = setting.templates.words(language, found);
    let made = RefCell::new(Made::default());
    let posts: Vec<Value> = order
        .posts
        .iter()
        .enumerate()
        .map(|(index, post)| post_values(setting, order, (&words, &made), post, index))
        .collect::<Result<_, _>>()?;
    let pictures = Pictures::new(config, None, &words, &made);
    let (introduction, introduction_text) = written(setting, &pictures, &editor.introduction);
    let (closing, closing_text) = written(setting, &pictures, &editor.closing);
    let summary = |post: &Value| post.get_attr("summary").ok()?.as_str().map(str::to_owned);
    let first = || posts.iter().filter_map(summary).find(|line| !line.is_empty());
    let preheader = editor.preheader.clone().or_else(first);
    let commercial = newsletter.is_advertising.then(|| {
        let contact = newsletter.reply_to.as_ref().unwrap_or(&newsletter.from);
        context! { sender => newsletter.from.name.as_str(), contact => contact.address.to_string() }
    });
    let values = context! {
        site => context! {
            title => config.site.title.as_str(),
            url => config.site.url.as_str(),
            description => config.site.description.as_str(),
        },
        newsletter => context! {
            name => newsletter.name.as_str(),
            title => newsletter.title.as_str(),
            content => Value::from(Serde(newsletter.content)),
            look => Value::from(Serde(newsletter.look)),
        },
        sections => sections(newsletter, order.posts, &posts),
        contents => posts.len() >= LONG,
        posts,
        preheader,
        introduction => introduction.map(Value::from_safe_string),
        introduction_text,
        closing => closing.map(Value::from_safe_string),
        closing_text,
        date,
        language,
        direction => direction(language),
        words,
        web_url => super::web::url(config, newsletter, id).map(String::from),
        postal_address => config.mail.postal_address.as_deref(),
        commercial,
    };
    let made = made.into_inner();
    found.extend(made.found);
    Ok((values, made.converted))
}

/// The posts under their first categories, in the order in which these come; or all of them under none.
fn sections(newsletter: &Newsletter, posts: &[&Post], values: &[Value]) -> Vec<Value> {
    let title = |post: &Post| post.categories.first().cloned().filter(|_| newsletter.by_category);
    let mut sections: Vec<(Option<String>, Vec<Value>)> = Vec::new();
    for (post, value) in posts.iter().zip(values) {
        let title = title(post);
        match sections.iter_mut().find(|(known, _)| *known == title) {
            Some((_, posts)) => posts.push(value.clone()),
            None => sections.push((title, vec![value.clone()])),
        }
    }
    // What is filed under nothing would seem to belong to what stands before it.
    sections.sort_by_key(|(title, _)| title.is_some());
    sections.into_iter().map(|(title, posts)| context! { title, posts }).collect()
}

fn post_values(
    setting: Setting<'_>,
    order: Order<'_>,
    (words, made): (&Value, &RefCell<Made>),
    post: &Post,
    index: usize,
) -> Result<Value, Box<Diagnostic>> {
    let text = setting.renderer.text(post).map_err(|error| {
        Box::new(Diagnostic::error("unreadable", &post.source, error.to_string()).help("put the file back"))
    })?;
    let content = order.newsletter.content;
    let read = text.document();
    let (whole, excerpt) = (read.html(), read.excerpt());
    let more = content == Content::Summary && excerpt.as_str().trim() != whole.as_str().trim();
    let summary = read.excerpt_line();
    let (html, text) = match content {
        Content::Full => (whole.to_string(), read.full_text(WIDTH).to_string()),
        Content::Summary => (excerpt.to_string(), read.excerpt_text(WIDTH).to_string()),
        Content::Titles => (String::new(), String::new()),
    };
    let pictures = Pictures::new(setting.config, Some(post), words, made);
    let (note, note_text) = written(setting, &pictures, order.editor.note(post));
    Ok(context! {
        title => post.title.as_str(),
        url => post.url.as_str(),
        date => post.date.to_rfc3339(),
        anchor => format!("post-{}", index + 1),
        section => post.section(&setting.config.posts.dir),
        categories => post.categories.clone(),
        tags => post.tags.clone(),
        authors => authors(setting, post),
        language => post.language.as_deref().unwrap_or(&setting.config.site.language),
        minutes => minutes(&read.full_text(usize::MAX >> 1).to_string()),
        pinned => post.pinned,
        updated => order.newsletter.select.updated && post.updated > post.date,
        image => post.image.as_ref().and_then(|image| pictures.lead(image)),
        note => note.map(Value::from_safe_string),
        note_text,
        html => Value::from_safe_string(pictures.fitted(&html)),
        text,
        more,
        summary => summary.as_str(),
    })
}

/// Who wrote a post, where that is not whom the whole site is by.
fn authors(setting: Setting<'_>, post: &Post) -> Vec<String> {
    let names: Vec<String> = post.authors.iter().map(|author| author.name.clone()).collect();
    if names == [setting.config.site.author.name.clone()] { Vec::new() } else { names }
}

/// An editor's Markdown as HTML and as text; nothing where there is none.
fn written(
    setting: Setting<'_>,
    pictures: &Pictures<'_>,
    markdown: &str,
) -> (Option<String>, Option<String>) {
    if markdown.trim().is_empty() {
        return (None, None);
    }
    let text = setting.renderer.note(markdown.to_owned());
    let read = text.document();
    (Some(pictures.fitted(read.html().as_str())), Some(read.full_text(WIDTH).to_string()))
}

/// How long a text takes to be read: 200 words, or 500 letters of Hangul, Kana or Hanzi, in a minute; at least one.
fn minutes(text: &str) -> usize {
    let is_cjk = |c: &char| matches!(u32::from(*c), 0x1100..=0x11ff | 0x3040..=0x30ff | 0x3400..=0x9fff | 0xac00..=0xd7a3);
    let letters = text.chars().filter(is_cjk).count();
    let words = text.split_whitespace().filter(|word| !word.contains(|c| is_cjk(&c))).count();
    (letters * 2 + words * 5).div_ceil(1000).max(1)
}

fn direction(language: &str) -> &'static str {
    let script = language.split('-').next().unwrap_or_default();
    if matches!(script, "ar" | "fa" | "he" | "ur" | "yi" | "ps" | "dv") { "rtl" } else { "ltr" }
}
