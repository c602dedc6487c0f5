//! Chosen posts become an issue: subject, HTML and text.

use std::path::Path;

use chrono::{DateTime, SubsecRound as _, Utc};
use minijinja::value::Serde;
use minijinja::{Value, context};

use super::slot::{self, Slot};
use super::{Issue, IssuePost, words};
use crate::config::{Config, Content, Newsletter};
use crate::content::{Post, clean};
use crate::diagnostic::Diagnostic;
use crate::ids::IssueId;
use crate::render::Renderer;
use crate::template::Templates;

/// Columns of the text part (RFC 3676 §4.2 asks for at most 78).
const WIDTH: usize = 72;

/// What an issue is made with.
#[derive(Clone, Copy)]
pub struct Setting<'a> {
    /// The site.
    pub config: &'a Config,
    /// Its templates.
    pub templates: &'a Templates,
    /// The config's file, as messages name it.
    pub config_path: &'a Path,
    /// What makes a post's text readable.
    pub renderer: &'a Renderer<'a>,
}

/// Makes the issue of `newsletter` with these posts (at least one), as of `now`.
///
/// # Errors
/// A template that cannot be rendered: where, why, and the mend.
pub fn compose(
    setting: Setting<'_>,
    newsletter: &Newsletter,
    posts: &[&Post],
    now: DateTime<Utc>,
) -> Result<Issue, Box<Diagnostic>> {
    let config = setting.config;
    // A mail's date has no finer parts (RFC 5322 §3.3).
    let created = now.with_timezone(&config.site.timezone).fixed_offset().trunc_subsecs(0);
    let id = issue_id(newsletter, posts, created);
    let values = values(setting, newsletter, posts, &created.to_rfc3339())?;
    let subject = setting.templates.render_inline(&newsletter.subject, setting.config_path, &values)?;
    let subject = one_header_line(&subject);
    if subject.is_empty() {
        let message = format!("the subject of `{}` comes out empty", newsletter.name);
        let help = "let `subject:` hold some words of its own";
        return Err(Box::new(Diagnostic::error("template", setting.config_path, message).help(help)));
    }
    // The subject is the same for all: what belongs to one subscriber is for the parts alone.
    let values = context! {
        subject => subject.as_str(),
        unsubscribe_url => slot::mark(Slot::UnsubscribeUrl),
        subscriber => context! { name => slot::mark(Slot::Name), email => slot::mark(Slot::Email) },
        ..values
    };
    let styled = setting.templates.render("digest.html", &values)?;
    let html = inline_styles(&styled).map_err(|why| {
        let path = config.templates_dir().join("digest.html");
        Box::new(
            Diagnostic::error("template", &path, format!("the styles cannot be inlined: {why}"))
                .help("mend the CSS"),
        )
    })?;
    let text = setting.templates.render("digest.txt", &values)?;
    let host = config.site.url.host_str().unwrap_or("localhost").to_owned();
    Ok(Issue {
        id,
        newsletter: newsletter.name.clone(),
        title: newsletter.title.clone(),
        list_id: format!("{}.{host}", newsletter.name),
        home: config.site.url.to_string(),
        host,
        subject,
        created,
        from: newsletter.from.clone(),
        reply_to: newsletter.reply_to.clone(),
        html,
        text,
        posts: posts
            .iter()
            .map(|post| IssuePost { id: post.id.clone(), source: post.source.clone() })
            .collect(),
    })
}

/// The same newsletter, posts and minute give the same id.
fn issue_id(newsletter: &Newsletter, posts: &[&Post], created: DateTime<chrono::FixedOffset>) -> IssueId {
    let mut hash = blake3::Hasher::new();
    for post in posts {
        hash.update(post.id.as_str().as_bytes()).update(b"\n");
    }
    let hash = hash.finalize().to_hex();
    IssueId::new(format!("{}-{}-{}", newsletter.name, created.format("%Y%m%dT%H%M"), &hash[..6]))
}

/// Every name that templates may use. `docs/templates.md` lists them.
fn values(
    setting: Setting<'_>,
    newsletter: &Newsletter,
    posts: &[&Post],
    date: &str,
) -> Result<Value, Box<Diagnostic>> {
    let config = setting.config;
    let posts: Vec<Value> = posts
        .iter()
        .map(|post| post_values(setting.renderer, post, newsletter.content))
        .collect::<Result<_, _>>()?;
    let language = &config.site.language;
    Ok(context! {
        site => context! {
            title => config.site.title.as_str(),
            url => config.site.url.as_str(),
            description => config.site.description.as_str(),
        },
        newsletter => context! {
            name => newsletter.name.as_str(),
            title => newsletter.title.as_str(),
            content => Value::from(Serde(newsletter.content)),
        },
        posts,
        date,
        language => language.as_str(),
        words => Value::from(Serde(words::of(language))),
        postal_address => config.mail.postal_address.as_deref(),
    })
}

fn post_values(renderer: &Renderer<'_>, post: &Post, content: Content) -> Result<Value, Box<Diagnostic>> {
    let text = renderer.text(post).map_err(|error| {
        Box::new(Diagnostic::error("unreadable", &post.source, error.to_string()).help("put the file back"))
    })?;
    let read = text.document();
    let (whole, excerpt) = (read.html(), read.excerpt());
    let more = content == Content::Summary && excerpt.as_str().trim() != whole.as_str().trim();
    let summary = read.excerpt_line();
    let (html, text) = match content {
        Content::Full => (whole.to_string(), read.full_text(WIDTH).to_string()),
        Content::Summary => (excerpt.to_string(), read.excerpt_text(WIDTH).to_string()),
        Content::Titles => (String::new(), String::new()),
    };
    Ok(context! {
        title => post.title.as_str(),
        url => post.url.as_str(),
        date => post.date.to_rfc3339(),
        categories => post.categories.clone(),
        tags => post.tags.clone(),
        authors => post.authors.iter().map(|author| author.name.clone()).collect::<Vec<_>>(),
        language => post.language.as_deref(),
        html => Value::from_safe_string(html),
        text,
        more,
        summary => summary.as_str(),
    })
}

/// A header is one line: no line ends, no control characters, and nothing that turns the reading direction.
fn one_header_line(text: &str) -> String {
    let turns = |c: char| matches!(c, '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    clean::one_line(text).replace(turns, "")
}

/// Mail programs drop style sheets: rules go into `style` attributes, media queries stay where they can work.
fn inline_styles(html: &str) -> Result<String, css_inline::InlineError> {
    css_inline::CSSInliner::options()
        .load_remote_stylesheets(false)
        .keep_style_tags(false)
        .keep_at_rules(true)
        .build()
        .inline(html)
}
