//! `tidings status ISSUE`: one issue, copy by copy, and why each is as it is.

use serde_json::json;

use super::args::{Args, StatusOptions};
use super::seals::LogNames;
use super::site::{Failure, Site};
use super::{Exit, due, operate, outgoing};
use crate::ledger::{Copy, Ledger, State};
use crate::report::Reporter;

/// Copies shown, where no state is asked for.
const SHOWN: usize = 100;

pub(super) fn command(
    args: &Args,
    written: &str,
    options: &StatusOptions,
    report: &Reporter,
) -> Result<Exit, Failure> {
    let site = Site::load(&args.place)?;
    let ledger = Ledger::peek(&site.config)?;
    let id = operate::find(&ledger, written)?;
    let asked: Vec<State> = [
        (options.only.sent, State::Sent),
        (options.only.failed, State::Failed),
        (options.only.in_doubt, State::InDoubt),
        (options.only.deferred, State::Deferred),
    ]
    .into_iter()
    .filter_map(|(asked, state)| asked.then_some(state))
    .collect();
    let limit = if asked.is_empty() && !options.json { SHOWN } else { usize::MAX };
    let copies = ledger.copies(&id, &asked, limit)?;
    let counts = ledger.counts(&id)?;
    let held = ledger.held(&id)?;
    let issue = ledger.issue(&id)?;
    if options.json {
        // Without the secret no log has named anybody.
        let has_names = site.config.state_dir().join("secret").exists();
        let names = has_names.then(|| LogNames::new(&site.config)).transpose()?;
        let copies: Vec<_> = copies
            .iter()
            .map(|copy| {
                let mut one = json!(copy);
                one["log"] = names.as_ref().map(|names| names.of(&copy.subscriber)).into();
                one
            })
            .collect();
        let document = json!({
            "id": id, "newsletter": issue.as_ref().map(|issue| &issue.newsletter),
            "subject": issue.as_ref().map(|issue| &issue.subject), "created": issue.as_ref().map(|issue| issue.created),
            "held": held, "deliveries": counts, "copies": copies,
        });
        report.data(&format!("{document:#}\n"))?;
        return Ok(Exit::Done);
    }
    let states: Vec<String> =
        outgoing::states(&counts).iter().map(|(state, count)| format!("{count} {state}")).collect();
    let mut text = String::new();
    if let Some(issue) = issue {
        let created = due::local(&site, issue.created.to_utc());
        text.push_str(&format!("{id}  {created}\n  {}\n  {}\n", issue.subject, states.join(", ")));
    }
    if let Some(why) = held {
        text.push_str(&format!("  held: {why}; `tidings resume {id}` lets it go on\n"));
    }
    for copy in &copies {
        text.push_str(&format!("    {}\n", line(&site, copy)));
    }
    if copies.len() == limit {
        text.push_str("    … `--json` lists them all\n");
    }
    report.data(&text)?;
    Ok(Exit::Done)
}

/// `failed kim@example.net: rcpt 550 5.1.1 User unknown (relay.example.com:587, 2026-11-23 09:00)`.
pub(super) fn line(site: &Site, copy: &Copy) -> String {
    let mut line = format!("{} {}", copy.state, copy.email);
    let code = copy.code.map(|code| code.to_string());
    // Most relays begin their words with the enhanced code.
    let words = copy.reply.clone().filter(|reply| !reply.is_empty());
    let enhanced =
        copy.enhanced.clone().filter(|code| !words.as_ref().is_some_and(|words| words.starts_with(code)));
    let why: Vec<String> = [copy.phase.clone(), code, enhanced, words].into_iter().flatten().collect();
    if !why.is_empty() {
        line.push_str(&format!(": {}", why.join(" ")));
    }
    let mut aside: Vec<String> = copy.relay.iter().cloned().collect();
    if copy.attempts > 0 {
        aside.push(due::local(site, copy.changed));
    }
    if copy.attempts > 1 {
        aside.push(format!("attempt {}", copy.attempts));
    }
    if let Some(next) = copy.next {
        aside.push(format!("again at {}", due::local(site, next)));
    }
    if !aside.is_empty() {
        line.push_str(&format!(" ({})", aside.join(", ")));
    }
    line
}
