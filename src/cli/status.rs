//! `tidings status`: issues, what became of their deliveries, and what is due next.

use serde_json::json;

use super::Exit;
use super::args::{Args, StatusOptions};
use super::draft::{self, Prospect};
use super::due::{self, Outlook};
use super::list::List;
use super::site::{Failure, Site};
use super::{copies, outgoing, standing};
use crate::config::{Cadence, Schedule};
use crate::digest::schedule::{self, Asked};
use crate::ledger::{Counts, Ledger};
use crate::report::{Reporter, Verbosity, count};

/// Issues shown.
const LATEST: usize = 10;

pub(super) fn command(args: &Args, options: &StatusOptions, report: &Reporter) -> Result<Exit, Failure> {
    let mut site = Site::load(&args.place)?;
    let ledger = Ledger::peek(&site.config)?;
    site.settle_ids(&ledger)?;
    let issues = ledger.latest_issues(LATEST)?;
    let mut newsletters = Vec::new();
    let mut dues = Vec::new();
    let mut text = String::new();
    let mut found = Vec::new();
    for newsletter in &site.config.newsletters {
        let outlook = Outlook::new(&site, newsletter, &ledger)?;
        List::load(&site, newsletter, &ledger)?;
        let prospects = draft::prospects(&site, &outlook, &ledger, Asked::ByCron, &mut found)?;
        let zone = site.config.site.timezone;
        let next = schedule::next(&newsletter.schedule, zone, site.now);
        let own = prospects.iter().find(|prospect| prospect.cadence == Cadence::Scheduled);
        let waiting = own.map_or(0, Prospect::posts);
        let pattern = newsletter.schedule.written();
        let others = prospects.iter().filter(|prospect| prospect.cadence != Cadence::Scheduled);
        let cadences: Vec<_> = others
            .map(|prospect| {
                let next = schedule::next(&newsletter.schedule_of(prospect.cadence), zone, site.now);
                (prospect.cadence, prospect.is_due(), next, prospect.posts())
            })
            .collect();
        newsletters.push(json!({
            "name": newsletter.name,
            "title": newsletter.title,
            "schedule": pattern,
            "next": next.map(|next| next.to_rfc3339()),
            "waiting": waiting,
            "cadences": cadences.iter().map(|(cadence, _, next, waiting)| {
                json!({ "cadence": cadence.as_str(), "next": next.map(|next| next.to_rfc3339()), "waiting": waiting })
            }).collect::<Vec<_>>(),
        }));
        let is_due = own.is_some_and(|prospect| prospect.is_due() && prospect.posts() > 0);
        if is_due {
            dues.push(json!({ "newsletter": newsletter.name, "posts": waiting }));
        }
        let when = match (is_due, next) {
            (true, _) => "due now".to_owned(),
            (false, Some(next)) => format!("next {}", due::local(&site, next)),
            (false, None) if matches!(newsletter.schedule, Schedule::Manual) => "sent by hand".to_owned(),
            (false, None) => "nothing new".to_owned(),
        };
        text.push_str(&format!(
            "{} ({pattern}): {when}; {} waiting\n",
            newsletter.name,
            count(waiting, "post")
        ));
        for (cadence, is_due, next, waiting) in cadences {
            let when = match next {
                _ if is_due => "due now".to_owned(),
                Some(next) => format!("next {}", due::local(&site, next)),
                None => "waiting".to_owned(),
            };
            text.push_str(&format!("  {}: {when}; {} waiting\n", cadence.as_str(), count(waiting, "post")));
        }
    }
    let (feeds, about_feeds) = standing::feeds(&site);
    let (suppressed, about_suppressed) = standing::suppressed(&ledger)?;
    let (relays, about_relays) = standing::relays(&site, &ledger)?;
    text.push_str(&about_feeds);
    text.push_str(&about_relays);
    text.push_str(&about_suppressed);
    if options.json {
        let document = json!({
            "newsletters": newsletters, "issues": issues, "due": dues, "feeds": feeds, "suppressed": suppressed,
            "relays_away": relays,
        });
        report.data(&format!("{document:#}\n"))?;
        return Ok(Exit::Done);
    }
    for issue in &issues {
        let created = due::local(&site, issue.created);
        text.push_str(&format!(
            "\n{}  {created}\n  {}\n  {}\n",
            issue.id,
            issue.subject,
            told(&issue.deliveries)
        ));
        if let Some(why) = &issue.held {
            text.push_str(&format!("  held: {why}; `tidings resume {}` lets it go on\n", issue.id));
        }
        if report.verbosity == Verbosity::Verbose {
            for copy in ledger.copies(&issue.id, &[], 100)? {
                text.push_str(&format!("    {}\n", copies::line(&site, &copy)));
            }
        }
    }
    report.data(&text)?;
    report.diagnostics(&found);
    Ok(Exit::Done)
}

fn told(counts: &Counts) -> String {
    let some: Vec<_> =
        outgoing::states(counts).iter().map(|(state, count)| format!("{count} {state}")).collect();
    if some.is_empty() { "nobody to send to".to_owned() } else { some.join(", ") }
}
