//! `tidings status`: issues, what became of their deliveries, and what is due next.

use serde_json::json;

use super::Exit;
use super::args::{Args, JsonOption};
use super::due::{self, Outlook};
use super::site::{Failure, Site};
use crate::config::{Cadence, Schedule};
use crate::digest::schedule::{self, Asked, Due};
use crate::ledger::{Counts, Ledger};
use crate::report::{Reporter, Verbosity, count};

/// Issues shown.
const LATEST: usize = 10;

pub(super) fn command(args: &Args, options: &JsonOption, report: &Reporter) -> Result<Exit, Failure> {
    let mut site = Site::load(args)?;
    let ledger = Ledger::peek(&site.ledger_path())?;
    site.settle_ids(&ledger)?;
    let issues = ledger.latest_issues(LATEST)?;
    let mut newsletters = Vec::new();
    let mut dues = Vec::new();
    let mut text = String::new();
    for newsletter in &site.config.newsletters {
        let outlook = Outlook::new(&site, newsletter, &ledger)?;
        let due = outlook.due(&ledger, Cadence::Scheduled, Asked::ByCron)?;
        let next = schedule::next(&newsletter.schedule, site.config.site.timezone, site.now);
        let waiting = outlook.fresh(Cadence::Scheduled).min(newsletter.select.max);
        let pattern = match &newsletter.schedule {
            Schedule::EachPost => "each-post".to_owned(),
            Schedule::Manual => "manual".to_owned(),
            Schedule::Cron(cron) => cron.pattern.to_string(),
        };
        newsletters.push(json!({
            "name": newsletter.name,
            "title": newsletter.title,
            "schedule": pattern,
            "next": next.map(|next| next.to_rfc3339()),
            "waiting": waiting,
        }));
        let is_due = matches!(due, Due::Now { .. }) && waiting > 0;
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
    }
    if options.json {
        let document = json!({ "newsletters": newsletters, "issues": issues, "due": dues });
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
        if report.verbosity == Verbosity::Verbose {
            for failure in ledger.failures(&issue.id, 100)? {
                let why: Vec<_> = [failure.phase, failure.reply]
                    .into_iter()
                    .flatten()
                    .filter(|why| !why.is_empty())
                    .collect();
                text.push_str(&format!("    {} {}: {}\n", failure.state, failure.email, why.join(" ")));
            }
        }
    }
    report.data(&text)?;
    Ok(Exit::Done)
}

fn told(counts: &Counts) -> String {
    let states = [
        (counts.sent, "sent"),
        (counts.planned, "planned"),
        (counts.sending, "sending"),
        (counts.deferred, "deferred"),
        (counts.failed, "failed"),
        (counts.in_doubt, "in doubt"),
        (counts.suppressed, "suppressed"),
        (counts.cancelled, "cancelled"),
    ];
    let some: Vec<_> =
        states.iter().filter(|(n, _)| *n > 0).map(|(n, state)| format!("{n} {state}")).collect();
    if some.is_empty() { "nobody to send to".to_owned() } else { some.join(", ") }
}
