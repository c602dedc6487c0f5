//! How the feeds and the list of those who are never written to stand, for `tidings status`.

use chrono::{DateTime, Utc};
use serde_json::{Value, json};

use super::due;
use super::site::{Failure, Site};
use crate::feed::Plan;
use crate::ledger::{Absence, Ledger};

/// So many documents are named; there may be one for each tag.
const NAMED: usize = 3;

/// The feeds as they lie in the public folder, and a line about them.
pub(super) fn feeds(site: &Site) -> (Value, String) {
    let (plan, _) = Plan::new(&site.config, &site.library, &site.config_path);
    let written = |path: &str| {
        let modified = site.config.public.join(path).metadata().ok()?.modified().ok()?;
        Some(DateTime::<Utc>::from(modified))
    };
    let documents: Vec<(String, Option<DateTime<Utc>>)> = plan
        .feeds()
        .flat_map(|(_, documents)| documents)
        .map(|document| (document.path.clone(), written(&document.path)))
        .collect();
    let newest =
        site.library.posts.iter().map(|post| post.date.to_utc()).filter(|date| *date <= site.now).max();
    let list: Vec<Value> = documents
        .iter()
        .map(|(path, written)| json!({ "path": path, "written": written.map(|at| at.to_rfc3339()) }))
        .collect();
    let value = json!({ "newest": newest.map(|at| at.to_rfc3339()), "documents": list });
    (value, line(site, &documents, newest))
}

fn line(site: &Site, documents: &[(String, Option<DateTime<Utc>>)], newest: Option<DateTime<Utc>>) -> String {
    let missing: Vec<&str> =
        documents.iter().filter(|(_, written)| written.is_none()).map(|(path, _)| path.as_str()).collect();
    let mut line = format!("feeds: {}", named(documents.iter().map(|(path, _)| path.as_str())));
    if let Some(last) = documents.iter().filter_map(|(_, written)| *written).max() {
        line.push_str(&format!("; changed {}", due::local(site, last)));
    }
    if let Some(newest) = newest {
        line.push_str(&format!("; newest post {}", due::local(site, newest)));
    }
    if !missing.is_empty() {
        line.push_str(&format!(
            "\n  not there yet: {}; `tidings build` writes them",
            named(missing.into_iter())
        ));
    }
    line + "\n"
}

fn named<'a>(names: impl ExactSizeIterator<Item = &'a str>) -> String {
    let more = names.len().saturating_sub(NAMED);
    let shown: Vec<&str> = names.take(NAMED).collect();
    let more = if more == 0 { String::new() } else { format!(" and {more} more") };
    shown.join(", ") + &more
}

/// The relays that were away when they were last tried, and a line about each.
pub(super) fn relays(site: &Site, ledger: &Ledger) -> Result<(Value, String), Failure> {
    let away = ledger.absences()?;
    let list: Vec<Value> = away
        .iter()
        .map(|(name, absence)| json!({ "name": name, "failures": absence.failures, "until": absence.until.to_rfc3339(), "why": absence.why }))
        .collect();
    let line = |(name, absence): &(String, Absence)| {
        let until = due::local(site, absence.until);
        format!("away: {name}, tried again from {until}: {}\n", absence.why)
    };
    Ok((json!(list), away.iter().map(line).collect()))
}

/// How many are never written to, by the reasons, and a line about them, where there are any.
pub(super) fn suppressed(ledger: &Ledger) -> Result<(Value, String), Failure> {
    let reasons = ledger.suppressions()?;
    let told: Vec<String> = reasons.iter().map(|(reason, count)| format!("{count} {reason}")).collect();
    let line =
        if told.is_empty() { String::new() } else { format!("never written to: {}\n", told.join(", ")) };
    Ok((json!(reasons), line))
}
