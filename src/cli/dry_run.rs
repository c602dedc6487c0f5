//! `tidings send --dry-run`: the digest on stdout, and on stderr what would become of it. Changes nothing.

use serde_json::json;

use super::Exit;
use super::args::{PreviewFormat, SendOptions};
use super::draft::{Draft, Told, draft};
use super::list::List;
use super::seals::Seals;
use super::site::{Failure, Site};
use crate::address::Mailbox;
use crate::digest::Issue;
use crate::ids::SubscriberId;
use crate::ledger::Ledger;
use crate::mail::Composer;
use crate::report::Reporter;
use crate::subscribers::Subscriber;

pub(super) fn command(site: &mut Site, options: &SendOptions, report: &Reporter) -> Result<Exit, Failure> {
    let ledger = Ledger::peek(&site.config)?;
    site.settle_ids(&ledger)?;
    site.tell(report);
    let newsletters = site.newsletters(options.newsletter.as_deref())?;
    if newsletters.len() > 1 && options.format != PreviewFormat::Text {
        let names: Vec<_> = newsletters.iter().map(|newsletter| newsletter.name.as_str()).collect();
        let message =
            format!("this format shows one newsletter; name it with `--newsletter`: {}", names.join(", "));
        return Err(Failure::Usage(message));
    }
    let seals = Seals::of_copies(site)?;
    let reader = options.reader.as_deref().map(id).transpose()?;
    let mut exit = Exit::Done;
    let mut shown_any = reader.is_none();
    for (index, newsletter) in newsletters.into_iter().enumerate() {
        let list = List::load(site, newsletter, &ledger)?;
        report.diagnostics(&list.discreet());
        if list.is_unreadable() {
            exit = Exit::Partly;
        }
        let chosen = match &reader {
            Some(id) => ledger.find_listed(&newsletter.name, Some(id))?,
            None => None,
        };
        if reader.is_some() && chosen.is_none() {
            continue;
        }
        shown_any = true;
        let mut told = Told::default();
        let drafted = draft(site, newsletter, &ledger, chosen.as_ref(), &mut told);
        told.say(report);
        let Some(draft) = drafted? else { continue };
        let Draft { issue, due, members, audience, explained } = draft;
        if options.explain {
            for line in &explained {
                report.note(line);
            }
        }
        let verb = if due { "would go" } else { "goes" };
        report.note(&format!("{}: {verb} to {audience}", newsletter.name));
        let first = match (chosen, members.first()) {
            (Some((_, chosen)), _) => Some(chosen),
            (None, Some(place)) => ledger.listed_at(*place)?,
            (None, None) => ledger.find_listed(&newsletter.name, None)?.map(|(_, first)| first),
        };
        let reader = match first {
            Some(active) => active.get().clone(),
            None => Subscriber::stranger(Mailbox::parse("Reader <reader@example.com>")?),
        };
        let composer = Composer::new(&issue, seals.seal());
        let (text, html) = composer.parts(&reader.id, &reader.mailbox);
        let shown = match options.format {
            PreviewFormat::Text => {
                let gap = if index > 0 { "\n" } else { "" };
                format!(
                    "{gap}Subject: {}\nFrom: {}\n\n{}\n",
                    issue.subject,
                    issue.from.written(),
                    text.as_str().trim_end()
                )
            }
            PreviewFormat::Html => html.to_string(),
            PreviewFormat::Eml => composer.message(&reader.id, &reader.mailbox).text,
            PreviewFormat::Json => json(site, &issue, due, members.len(), text.as_str(), html.as_str()),
        };
        report.data(&shown)?;
    }
    if !shown_any {
        let who = options.reader.as_deref().unwrap_or_default();
        return Err(Failure::Usage(format!("`{who}` is no active subscriber; the list says who is")));
    }
    Ok(exit)
}

fn id(written: &str) -> Result<SubscriberId, Failure> {
    Mailbox::parse(written)
        .map(|mailbox| Subscriber::id_of(&mailbox.address))
        .map_err(|why| Failure::Usage(format!("`{written}` is not an address: {why}")))
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
        "from": issue.from.written(),
        "created": issue.created.to_rfc3339(),
        "recipients": recipients,
        "posts": posts,
        "text": text,
        "html": html,
    });
    format!("{document:#}\n")
}
