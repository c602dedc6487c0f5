//! `tidings send --dry-run`: the digest on stdout, and on stderr what would become of it. Changes nothing.

use serde_json::json;

use super::Exit;
use super::args::{PreviewFormat, SendOptions};
use super::due::{self, List, Outlook};
use super::site::{Failure, Site};
use crate::address::Mailbox;
use crate::config::{Cadence, Newsletter};
use crate::content::Filing;
use crate::digest::schedule::{self, Asked, Due};
use crate::digest::{self, Group, Issue, Order};
use crate::ledger::Ledger;
use crate::mail::Composer;
use crate::report::{Reporter, count};
use crate::subscribers::{Active, Subscriber};

/// An issue that has not been frozen.
pub(super) struct Draft {
    pub issue: Issue,
    /// Whether a `send` would deliver just this, now.
    pub due: bool,
    /// Who would get it: places in the list.
    members: Vec<usize>,
    /// Why posts are in it or not.
    explained: Vec<String>,
}

/// Composes what is due of a newsletter for one subscriber, or for most of them; where nothing is, the next issue as it stands, or
/// else a sample of the newest posts. `None` where there is no post at all.
pub(super) fn draft(
    site: &Site,
    newsletter: &Newsletter,
    ledger: &Ledger,
    (list, reader): (&[Active], Option<usize>),
    report: &Reporter,
) -> Result<Option<Draft>, Failure> {
    let name = &newsletter.name;
    let outlook = Outlook::new(site, newsletter, ledger)?;
    let cadence = reader.map_or(Cadence::Scheduled, |reader| list[reader].get().cadence);
    let due = outlook.due(ledger, cadence, Asked::ByOwner)?;
    // Without a list the issue is for a stranger who has just come.
    let stranger = [Subscriber::stranger(Mailbox::parse("reader@example.com")?).active()];
    let nobody: Vec<Active> = stranger.into_iter().flatten().collect();
    let meant = if list.is_empty() { nobody.as_slice() } else { list };
    let groups = outlook.groups(ledger, cadence, meant)?;
    let own = groups.iter().find(|group| reader.is_some_and(|reader| group.members.contains(&reader)));
    let largest = || groups.iter().max_by_key(|group| group.members.len());
    let group = if reader.is_some() { own } else { largest() };
    let is_due = group.is_some() && matches!(due, Due::Now { .. });
    let next = schedule::next(&newsletter.schedule_of(cadence), site.config.site.timezone, site.now);
    let when = next.map_or_else(String::new, |next| format!("; next due {}", due::local(site, next)));
    let sample = Group {
        language: reader
            .and_then(|reader| list[reader].get().language.clone())
            .unwrap_or_else(|| newsletter.language.clone()),
        posts: digest::newest(&site.library.posts, &Filing::new(&site.config), &newsletter.select, site.now),
        left_out: Vec::new(),
        members: Vec::new(),
    };
    if group.is_none() && sample.posts.is_empty() {
        report.note(&format!("{name}: there is no post to show{when}"));
        return Ok(None);
    }
    if group.is_none() {
        report.note(&format!("{name}: nothing new to send{when}; this is a sample of the newest posts"));
    } else if !is_due {
        report.note(&format!("{name}: not due now{when}; this is the next issue as it stands"));
    }
    let group = group.unwrap_or(&sample);
    let others = || outlook.candidates.left_out.iter().chain(&group.left_out);
    if let Some(words) = due::left_out(newsletter, others()) {
        report.note(&format!("{name}: {words}"));
    }
    let taken = group.posts.iter().map(|post| format!("{name}: in: {}", post.source.display()));
    let left = others().map(|(post, why)| {
        format!("{name}: out: {}: {}", post.source.display(), due::told(newsletter, *why))
    });
    let explained = taken.chain(left).collect();
    let tick = match due {
        Due::Now { tick } => tick,
        Due::Later(next) => next,
    };
    let mut found = Vec::new();
    let moment = tick.unwrap_or(site.now);
    let editor = due::editor(site, newsletter, cadence, (&outlook, moment), &mut found)
        .map_err(|error| Failure::Config(vec![*error]))?;
    let templates = site.templates();
    let renderer = site.renderer();
    let Group { language, posts, members, .. } = group;
    let order = Order { newsletter, cadence, language, posts, editor: &editor, now: site.now };
    report.diagnostics(&found);
    match digest::compose(site.setting(&templates, &renderer), order) {
        Ok(issue) => {
            report.diagnostics(issue.size_warning().as_slice());
            Ok(Some(Draft { issue, due: is_due, members: members.clone(), explained }))
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
    let reader = options.reader.as_deref().map(key).transpose()?;
    let mut exit = Exit::Done;
    let mut shown_any = reader.is_none();
    for (index, newsletter) in newsletters.into_iter().enumerate() {
        let list = List::load(site, newsletter);
        report.diagnostics(&list.discreet());
        if list.is_unreadable() {
            exit = Exit::Partly;
        }
        let place = reader
            .as_ref()
            .map(|key| list.active.iter().position(|active| active.get().mailbox.address.key() == *key));
        if place == Some(None) {
            continue;
        }
        let place = place.flatten();
        shown_any = true;
        let Some(draft) = draft(site, newsletter, &ledger, (&list.active, place), report)? else { continue };
        let Draft { issue, due, members, explained } = draft;
        if options.explain {
            for line in &explained {
                report.note(line);
            }
        }
        let all = if list.active.is_empty() { 0 } else { members.len() };
        let verb = if due { "would go" } else { "goes" };
        report.note(&format!("{}: {verb} to {}", newsletter.name, count(all, "subscriber")));
        let first = place.or(members.first().copied()).and_then(|place| list.active.get(place));
        let reader = match first.or(list.active.first()) {
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
            PreviewFormat::Json => json(site, &issue, due, all, text.as_str(), html.as_str()),
        };
        report.data(&shown)?;
    }
    if !shown_any {
        let who = options.reader.as_deref().unwrap_or_default();
        return Err(Failure::Usage(format!("`{who}` is no active subscriber; the list says who is")));
    }
    Ok(exit)
}

/// An address as lists are searched for it.
fn key(written: &str) -> Result<String, Failure> {
    Mailbox::parse(written)
        .map(|mailbox| mailbox.address.key())
        .map_err(|why| Failure::Usage(format!("`{written}` is not an address: {why}")))
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
