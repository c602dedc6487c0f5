//! `tidings send`: delivers what is due, or shows it (`--dry-run`), or sends one test copy (`--to`).

use super::args::{Args, SendOptions};
use super::draft::{Told, draft};
use super::list::List;
use super::outgoing;
use super::post::{Hands, Office};
use super::seals::Seals;
use super::site::{Failure, Site};
use super::{Exit, archive, bookkeeping, build, dry_run, memory, webhooks};
use crate::address::Mailbox;
use crate::config::Schedule;
use crate::delivery::{Attempt, Reply, Single};
use crate::digest::schedule::Asked;
use crate::digest::slot::{self, Slot};
use crate::ids::IssueId;
use crate::ledger::Ledger;
use crate::mail::Composer;
use crate::report::Reporter;
use crate::subscribers::Subscriber;

pub(super) fn command(args: &Args, options: &SendOptions, report: &Reporter) -> Result<Exit, Failure> {
    let mut site = Site::load(&args.place)?;
    if options.dry_run {
        return dry_run::command(&mut site, options, report);
    }
    if let Some(address) = &options.to {
        return test_copy(&mut site, options, address, report);
    }
    let lock = site.lock()?;
    let mut ledger = memory::open(&site.config)?;
    webhooks::heed(&site.config, &mut ledger)?;
    site.settle_ids(&ledger)?;
    let mut found = Vec::new();
    let mut exit = Exit::Done;
    let newsletters = site.newsletters(options.newsletter.as_deref())?;
    ledger.follow(&site.library.posts, &site.register)?;
    bookkeeping::note_standing(&site, &mut ledger)?;
    let hands = if options.assume_sent { Hands::CountAsSent } else { Hands::Deliver };
    // Of several, one that is sent by hand alone must be named: what it has begun goes on.
    let is_named = options.newsletter.is_some() || site.config.newsletters.len() == 1;
    let asked = |schedule: &Schedule| {
        if is_named || !matches!(schedule, Schedule::Manual) { Asked::ByOwner } else { Asked::ByCron }
    };
    for by_hand in newsletters.iter().filter(|one| asked(&one.schedule) == Asked::ByCron) {
        report.note(&format!("{0}: sent by hand only, with `tidings send --newsletter {0}`", by_hand.name));
    }
    let mut office = Office::new(&site, &mut ledger, report, hands);
    for newsletter in newsletters {
        exit = exit.max(office.post(newsletter, asked(&newsletter.schedule), &mut found)?);
    }
    drop(lock);
    found.extend(webhooks::tell_briefly(&site, &mut ledger)?);
    site.tell(report);
    found.dedup();
    report.diagnostics(&found);
    Ok(exit.max(build::exit(&found)))
}

/// Sends one copy, marked as a test, and records nothing.
fn test_copy(
    site: &mut Site,
    options: &SendOptions,
    address: &str,
    report: &Reporter,
) -> Result<Exit, Failure> {
    let to = Mailbox::parse(address)
        .map_err(|why| Failure::Usage(format!("`{address}` is not an address: {why}")))?;
    let ledger = Ledger::peek(&site.config)?;
    site.settle_ids(&ledger)?;
    let seals = Seals::of_copies(site)?;
    let transports = outgoing::transports(site)?;
    let mut exit = Exit::Done;
    for newsletter in site.newsletters(options.newsletter.as_deref())? {
        List::load(site, newsletter, &ledger)?;
        let listed = ledger.find_listed(&newsletter.name, Some(&Subscriber::id_of(&to.address)))?;
        let mut told = Told::default();
        let drafted = draft(site, newsletter, &ledger, listed.as_ref(), &mut told);
        told.say(report);
        let Some(draft) = drafted? else { continue };
        let mut issue = draft.issue;
        report.diagnostics(&archive::pictures(site, &issue, &site.config.public));
        issue.subject = format!("[test] {}", issue.subject);
        // A test copy must never pass for the real one.
        issue.id = IssueId::new(format!("test-{}", issue.id));
        // Nobody has got it yet: there is nothing of it to be read on the web.
        let link = slot::mark(Slot::IssueUrl);
        issue.html = issue.html.replace(&link, &issue.home);
        issue.text = issue.text.replace(&link, &issue.home);
        let reader = Subscriber::stranger(to.clone());
        let message = Composer::new(&issue, seals.seal()).message(&reader.id, &to);
        let sender = issue.from.address.domain();
        let Some(transport) = transports.iter().find(|transport| transport.takes(sender)) else {
            report.error(&format!("no relay takes mail from `{sender}`"));
            return Ok(Exit::Usage);
        };
        let attempt = match transport.open() {
            Ok(mut session) => {
                let attempt = Single::hand_over(session.as_mut(), message);
                session.close();
                attempt
            }
            Err(down) => {
                report.error(&format!("the relay is away: {}", down.what));
                return Ok(Exit::Later);
            }
        };
        match attempt {
            Attempt::Taken(_) => report.note(&format!("{}: a test copy has been sent", newsletter.name)),
            Attempt::Refused(_, Reply { text, .. }) | Attempt::Broken(_, text) => {
                report.error(&format!("{}: the test copy was not taken: {text}", newsletter.name));
                exit = Exit::Partly;
            }
        }
    }
    Ok(exit)
}
