//! `tidings run`: the cron command. Builds, then sends what is due; says nothing where there is nothing new to say.

use std::collections::BTreeSet;

use chrono::NaiveDate;

use super::args::Args;
use super::post::{Hands, Office};
use super::site::{Failure, Site};
use super::{Exit, bookkeeping, bounces, build, hub, remote, webhooks};
use crate::diagnostic::Diagnostic;
use crate::digest::schedule::Asked;
use crate::ledger::Ledger;
use crate::report::Reporter;

pub(super) fn command(args: &Args, report: &Reporter) -> Result<Exit, Failure> {
    let (mut site, lock, mut ledger) = Site::load_alone(&args.place)?;
    webhooks::heed(&site.config, &mut ledger)?;
    let mut exit = Exit::Done;
    let mut odd = Vec::new();
    let mut of_feeds = Vec::new();
    match build::build(&site, &mut ledger, &site.config.public) {
        Ok(built) => {
            built.news().into_iter().for_each(|news| report.note(&news));
            odd = built.of_posts;
            of_feeds = built.of_feeds;
            if let Err(Failure::World(error)) = remote::publish_and_tell(&site, report) {
                report.error(&error.to_string());
                exit = exit.max(remote::exit_of(&error));
            }
        }
        // Mail that waits does not wait for the feeds.
        Err(Failure::World(error)) => {
            report.error(&error.to_string());
            exit = Exit::Partly;
        }
        Err(failure) => return Err(failure),
    }
    let mut found = Vec::new();
    bookkeeping::note_standing(&site, &mut ledger)?;
    // What has come back counts before anything goes out.
    exit = exit.max(match bounces::collect(&site, &mut ledger, report) {
        // The rest is done all the same.
        Ok(Exit::Usage) => Exit::Partly,
        Ok(exit) => exit,
        Err(Failure::World(error)) => {
            report.error(&error.to_string());
            Exit::Partly
        }
        Err(failure) => return Err(failure),
    });
    let mut office = Office::new(&site, &mut ledger, report, Hands::Deliver);
    for newsletter in &site.config.newsletters {
        exit = exit.max(match office.post(newsletter, Asked::ByCron, &mut found) {
            Ok(exit) => exit,
            // A password that is not there stops the mail, not the feeds and the findings.
            Err(Failure::Usage(message)) => {
                report.error(&format!("{}: {message}", newsletter.name));
                Exit::Partly
            }
            Err(failure) => return Err(failure),
        });
    }
    // Mail does not wait for a hub.
    of_feeds.extend(hub::tell(&site, &ledger)?);
    if let Some(keep) = site.config.memory.keep {
        for newsletter in &site.config.newsletters {
            let count = ledger.let_go(&newsletter.name, keep, site.now)?;
            if count > 0 {
                let issues = crate::report::count(count, "old issue");
                report.detail(&format!("{}: the copies of {issues} are let go", newsletter.name));
            }
        }
    }
    // Nobody waits for who is slow to hear.
    drop(lock);
    of_feeds.extend(webhooks::tell_briefly(&site, &mut ledger)?);
    // A post or an address that is left out is told once and is no failure of every run to come; what keeps mail from going out is.
    let of_lists: Vec<Diagnostic> = found.extract_if(.., |one| one.code.starts_with("subscriber-")).collect();
    let exit = exit.max(build::exit(&found));
    found.dedup();
    let (errors, warnings): (Vec<_>, Vec<_>) = found.into_iter().partition(Diagnostic::is_error);
    let mut of_config = std::mem::take(&mut site.diagnostics);
    of_config.extend(warnings);
    of_config.extend(of_lists);
    of_config.extend(of_feeds);
    let mut of_posts = std::mem::take(&mut site.posts_found);
    of_posts.extend(odd);
    let day = site.now.with_timezone(&site.config.site.timezone).date_naive();
    report.diagnostics(&untold(&ledger, "told", of_config, day)?);
    report.posts(&untold(&ledger, "told-of-posts", of_posts, day)?);
    report.diagnostics(&errors);
    Ok(exit)
}

/// The findings that no run has told yet; remembers them all, and forgets those that are mended. Of what waits for the owner each day
/// hears anew.
fn untold(
    ledger: &Ledger,
    key: &str,
    found: Vec<Diagnostic>,
    day: NaiveDate,
) -> Result<Vec<Diagnostic>, Failure> {
    let mark = |diagnostic: &Diagnostic| {
        let day = if diagnostic.code == "held" { day.to_string() } else { String::new() };
        blake3::hash(format!("{diagnostic:?}{day}").as_bytes()).to_hex()[..16].to_owned()
    };
    let before = ledger.note(key)?.unwrap_or_default();
    let told: BTreeSet<&str> = before.split(' ').collect();
    let marks: BTreeSet<String> = found.iter().map(mark).collect();
    let after = marks.into_iter().collect::<Vec<_>>().join(" ");
    if after != before {
        ledger.remember(key, &after)?;
    }
    Ok(found.into_iter().filter(|diagnostic| !told.contains(mark(diagnostic).as_str())).collect())
}
