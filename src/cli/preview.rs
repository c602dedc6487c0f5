//! `tidings send --dry-run`: the digest on stdout, and on stderr what would become of it. Changes nothing.

use serde_json::json;

use super::Exit;
use super::args::{PreviewFormat, SendOptions};
use super::due::{self, List};
use super::site::{Failure, Site};
use crate::address::Mailbox;
use crate::config::Newsletter;
use crate::digest::schedule::{self, Asked, Due};
use crate::digest::{self, Issue};
use crate::ledger::Ledger;
use crate::mail::Composer;
use crate::report::{Reporter, count};
use crate::subscribers::Subscriber;

/// An issue that has not been frozen.
pub(super) struct Draft {
    pub issue: Issue,
    /// Whether a `send` would deliver just this, now.
    pub due: bool,
}

/// Composes what is due of a newsletter; where nothing is, the next issue as it stands, or else a sample of the newest
/// posts. `None` where there is no post at all.
pub(super) fn draft(
    site: &Site,
    newsletter: &Newsletter,
    ledger: &Ledger,
    report: &Reporter,
) -> Result<Option<Draft>, Failure> {
    let name = &newsletter.name;
    let (due, selection) = due::due(site, newsletter, ledger, Asked::ByOwner)?;
    let mut posts = selection.chosen;
    let is_due = !posts.is_empty() && matches!(due, Due::Now { .. });
    let next = schedule::next(&newsletter.schedule, site.config.site.timezone, site.now);
    let when = next.map_or_else(String::new, |next| format!("; next due {}", due::local(site, next)));
    if posts.is_empty() {
        posts = digest::newest(&site.library.posts, &newsletter.select, site.now);
        if posts.is_empty() {
            report.note(&format!("{name}: there is no post to show{when}"));
            return Ok(None);
        }
        report.note(&format!("{name}: nothing new to send{when}; this is a sample of the newest posts"));
    } else if !is_due {
        report.note(&format!("{name}: not due now{when}; this is the next issue as it stands"));
    }
    if let Some(words) = due::left_out(newsletter, &selection.left_out) {
        report.note(&format!("{name}: {words}"));
    }
    let templates = site.templates();
    let renderer = site.renderer();
    match digest::compose(site.setting(&templates, &renderer), newsletter, &posts, site.now) {
        Ok(issue) => {
            report.diagnostics(issue.size_warning().as_slice());
            Ok(Some(Draft { issue, due: is_due }))
        }
        Err(diagnostic) => Err(Failure::Config(vec![*diagnostic])),
    }
}

pub(super) fn command(site: &mut Site, options: &SendOptions, report: &Reporter) -> Result<Exit, Failure> {
    let ledger = Ledger::peek(&site.ledger_path())?;
    site.settle_ids(&ledger)?;
    site.tell(report);
    let newsletters = site.newsletters(options.newsletter.as_deref())?;
    if newsletters.len() > 1 && options.format != PreviewFormat::Text {
        let names: Vec<_> = newsletters.iter().map(|newsletter| newsletter.name.as_str()).collect();
        let message =
            format!("this format shows one newsletter; name it with `--newsletter`: {}", names.join(", "));
        return Err(Failure::Usage(message));
    }
    let signer = site.signer()?;
    let mut exit = Exit::Done;
    for (index, newsletter) in newsletters.into_iter().enumerate() {
        let Some(Draft { issue, due }) = draft(site, newsletter, &ledger, report)? else { continue };
        let list = List::load(site, newsletter);
        report.diagnostics(&list.discreet());
        if list.is_unreadable() {
            exit = Exit::Partly;
        }
        let verb = if due { "would go" } else { "goes" };
        report.note(&format!("{}: {verb} to {}", newsletter.name, count(list.active.len(), "subscriber")));
        let reader = match list.active.first() {
            Some(active) => active.get().clone(),
            None => Subscriber::stranger(Mailbox::parse("Reader <reader@example.com>")?),
        };
        let composer = Composer::new(&issue, signer.as_ref());
        let (text, html) = composer.parts(&reader.id, &reader.mailbox);
        let shown = match options.format {
            PreviewFormat::Text => {
                let gap = if index > 0 { "\n" } else { "" };
                format!(
                    "{gap}Subject: {}\nFrom: {}\n\n{}\n",
                    issue.subject,
                    written(&issue.from),
                    text.as_str().trim_end()
                )
            }
            PreviewFormat::Html => html.to_string(),
            PreviewFormat::Eml => composer.message(&reader.id, &reader.mailbox).text,
            PreviewFormat::Json => json(site, &issue, due, list.active.len(), text.as_str(), html.as_str()),
        };
        report.data(&shown)?;
    }
    Ok(exit)
}

fn written(mailbox: &Mailbox) -> String {
    if mailbox.name.is_empty() {
        mailbox.address.to_string()
    } else {
        format!("{} <{}>", mailbox.name, mailbox.address)
    }
}

fn json(site: &Site, issue: &Issue, due: bool, recipients: usize, text: &str, html: &str) -> String {
    let posts: Vec<_> = issue
        .posts
        .iter()
        .filter_map(|sent| site.library.posts.iter().find(|post| post.id == sent.id))
        .map(|post| json!({ "id": post.id, "title": post.title, "url": post.url.as_str(), "date": post.date.to_rfc3339() }))
        .collect();
    let document = json!({
        "newsletter": issue.newsletter,
        "due": due,
        "subject": issue.subject,
        "from": written(&issue.from),
        "created": issue.created.to_rfc3339(),
        "recipients": recipients,
        "posts": posts,
        "text": text,
        "html": html,
    });
    format!("{document:#}\n")
}
