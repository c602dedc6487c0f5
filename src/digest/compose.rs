//! Chosen posts become an issue: subject, HTML and text.

use std::path::Path;

use chrono::{DateTime, SubsecRound as _, Utc};
use minijinja::{Value, context};

use super::slot::{self, Slot};
use super::values::values;
use super::{Editor, Issue, IssuePost};
use crate::config::{Archive, Cadence, Config, Newsletter};
use crate::content::{Post, clean};
use crate::diagnostic::{Diagnostic, Place};
use crate::fsx;
use crate::ids::IssueId;
use crate::render::Renderer;
use crate::template::Templates;

const CHARSET: &str = "<meta charset=\"utf-8\">";

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

/// An issue that is to be made.
#[derive(Clone, Copy, Debug)]
pub struct Order<'a> {
    /// Of which newsletter.
    pub newsletter: &'a Newsletter,
    /// For subscribers of which cadence.
    pub cadence: Cadence,
    /// BCP 47: in which language.
    pub language: &'a str,
    /// With which posts, at least one.
    pub posts: &'a [&'a Post],
    /// What the editor has written.
    pub editor: &'a Editor,
    /// How many issues there were before.
    pub before: usize,
    /// When.
    pub now: DateTime<Utc>,
}

/// Makes an issue. What is odd about it, and does not keep it from being made, is added to `found`.
///
/// # Errors
/// A template that cannot be rendered: where, why, and the mend.
pub fn compose(
    setting: Setting<'_>,
    order: Order<'_>,
    found: &mut Vec<Diagnostic>,
) -> Result<Issue, Box<Diagnostic>> {
    let Order { newsletter, cadence, language, editor, now, .. } = order;
    let config = setting.config;
    let own = setting.templates.of_newsletter(&newsletter.name);
    let setting = Setting { templates: &own, ..setting };
    // A mail's date has no finer parts (RFC 5322 §3.3).
    let created = now.with_timezone(&config.site.timezone).fixed_offset().trunc_subsecs(0);
    let posts = order.posts;
    let id = issue_id(&order, created);
    let (values, pictures) = values(setting, order, (&id, &created.to_rfc3339()), found)?;
    let subject = match editor.subject.as_ref().or(newsletter.subject.as_ref()) {
        Some(subject) => setting
            .templates
            .render_inline(subject, setting.config_path, &values)
            .map_err(|found| in_config(*found, subject, setting))?,
        None => setting.templates.render("subject.txt", &values)?,
    };
    let subject = one_header_line(&subject);
    if subject.is_empty() {
        let message = format!("the subject of `{}` comes out empty", newsletter.name);
        let help = "let `subject:` hold some words of its own";
        return Err(Box::new(Diagnostic::error("template", setting.config_path, message).help(help)));
    }
    let subject = if newsletter.is_advertising { format!("(광고) {subject}") } else { subject };
    let is_private = newsletter.archive == Archive::Private;
    let html = part(setting, "digest.html", (&subject, is_private), &values)?;
    let html = inline_styles(&html).map_err(|why| {
        let path = config.templates_dir().join("digest.html");
        Box::new(
            Diagnostic::error("template", &path, format!("the styles cannot be inlined: {why}"))
                .help("mend the CSS"),
        )
    })?;
    let text = part(setting, "digest.txt", (&subject, is_private), &values)?;
    let host = config.site.url.host_str().unwrap_or("localhost").to_owned();
    let nameless = values.get_attr("words").and_then(|words| words.get_attr("reader")).unwrap_or_default();
    Ok(Issue {
        id,
        newsletter: newsletter.name.clone(),
        cadence,
        language: language.to_owned(),
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
        pictures,
        nameless: nameless.as_str().unwrap_or_default().to_owned(),
        on_the_web: newsletter.archive == Archive::Public,
        is_private,
    })
}

/// What is found in a subject, where that stands in the config's file; without a spot where it is written there otherwise.
fn in_config(found: Diagnostic, subject: &str, setting: Setting<'_>) -> Box<Diagnostic> {
    let text = fsx::read_text(&setting.config.root.join(setting.config_path)).unwrap_or_default();
    let place = found.place.as_ref().and_then(|place| {
        let start = Place::of(&text, subject).filter(|_| !subject.contains('\n'))?;
        Some(Place::in_text(&text, start.line, start.column + place.column - 1, place.width))
    });
    Box::new(found.at(place))
}

/// One part, with marks where each subscriber's own words go: these are for the parts alone, as the subject is the same for all.
fn part(
    setting: Setting<'_>,
    template: &str,
    (subject, is_private): (&str, bool),
    values: &Value,
) -> Result<String, Box<Diagnostic>> {
    let render = |is_there: bool| -> Result<String, Box<Diagnostic>> {
        let values = context! {
            subject,
            unsubscribe_url => slot::value(Slot::UnsubscribeUrl, is_there),
            has_preferences => setting.config.server.is_some(),
            preferences_url => slot::value(Slot::PreferencesUrl, is_there),
            web_url => if is_private { slot::certain(Slot::IssueUrl, !is_there) } else { values.get_attr("web_url").unwrap_or_default() },
            subscriber => context! {
                name => slot::value(Slot::Name, is_there),
                email => slot::value(Slot::Email, is_there),
            },
            ..values.clone()
        };
        setting.templates.render(template, &values)
    };
    let rendered = render(true)?;
    if !slot::is_same(&rendered, &render(false)?) {
        let path = setting.config.templates_dir().join(template);
        let path = path.strip_prefix(&setting.config.root).unwrap_or(&path);
        let message =
            "this template does something with a subscriber's own words, which are not known when it is run";
        let help = "write `{{ subscriber.name }}`, `{{ subscriber.email }}`, `{{ unsubscribe_url }}`, `{{ preferences_url }}` and the `{{ web_url }}` of a private issue alone, without filters and conditions";
        return Err(Box::new(Diagnostic::error("template", path, message).help(help)));
    }
    Ok(rendered)
}

/// The same newsletter, cadence, language, posts and minute give the same id, if no issue has come between.
fn issue_id(order: &Order<'_>, created: DateTime<chrono::FixedOffset>) -> IssueId {
    let mut hash = blake3::Hasher::new();
    hash.update(format!("{} {} {}\n", order.before, order.cadence.as_str(), order.language).as_bytes());
    for post in order.posts {
        hash.update(post.id.as_str().as_bytes()).update(b"\n");
    }
    let hash = hash.finalize().to_hex();
    IssueId::new(format!("{}-{}-{}", order.newsletter.name, created.format("%Y%m%dT%H%M"), &hash[..12]))
}

/// A header is one line: no line ends, no control characters, and nothing that turns the reading direction.
fn one_header_line(text: &str) -> String {
    let turns = |c: char| matches!(c, '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    clean::one_line(text).replace(turns, "")
}

/// Mail programs drop style sheets: rules go into `style` attributes, media queries stay where they can work.
fn inline_styles(html: &str) -> Result<String, css_inline::InlineError> {
    let inlined = css_inline::CSSInliner::options()
        .load_remote_stylesheets(false)
        .keep_style_tags(false)
        .keep_at_rules(true)
        .build()
        .inline(html)?;
    // The rules that stay are put before everything; a browser looks for the charset among the first 1,024 bytes.
    if !inlined.contains(CHARSET) {
        return Ok(inlined);
    }
    Ok(inlined.replacen(CHARSET, "", 1).replacen("<head>", &format!("<head>{CHARSET}"), 1))
}
