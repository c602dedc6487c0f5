//! The documents of a build: which of them must be made, what became of each, and which are left over from builds before.

use std::collections::{HashMap, HashSet};
use std::path::Path;

use super::site::{Failure, Site};
use crate::diagnostic::Diagnostic;
use crate::feed::{Document, Plan};
use crate::fsx::{self, Change};
use crate::ledger::{Ledger, Tally, Written};
use crate::publish::Folder;

/// What became of the documents.
pub(super) struct Documents {
    /// Each with its length in bytes.
    pub written: Vec<(Document, Change, u64)>,
    /// Those of earlier builds that there is no more cause for: they are gone.
    pub removed: Vec<String>,
    /// What was odd about the posts' texts.
    pub found: Vec<Diagnostic>,
}

/// Writes what has changed into `out`. A document that is made of the same as before, and lies there as it was left, is not
/// made again. What changed among the posts comes back, too.
pub(super) fn write(
    site: &Site,
    plan: &Plan<'_>,
    ledger: &mut Ledger,
    out: &Path,
) -> Result<(Documents, Tally), Failure> {
    let folder = out.strip_prefix(&site.config.root).unwrap_or(out).to_string_lossy().into_owned();
    let before = ledger.documents(&folder)?;
    let made_of = plan.made_of()?;
    let stamp = |document: &Document| fsx::stamp(&out.join(&document.path));
    let is_as_it_was = |document: &Document, made_of: &Option<String>| {
        let old = before.get(&document.path);
        old.is_some_and(|old| {
            made_of.as_deref() == Some(old.made_of.as_str()) && stamp(document) == Some(old.stamp)
        })
    };
    let all = plan.documents.iter().zip(&made_of).enumerate();
    let wanted: Vec<usize> = all
        .filter(|(_, (document, made_of))| !is_as_it_was(document, made_of))
        .map(|(index, _)| index)
        .collect();
    let mut files = Folder::new(out, plan.documents.iter().map(|document| document.path.as_str()));
    // An id that is in a feed must be in the register: the files are put in their places after that.
    let posts = site.library.posts.iter().filter(|post| post.audience.feeds);
    let (tally, found) = std::thread::scope(|threads| {
        let register = threads.spawn(|| ledger.publish(posts));
        let found = plan.write::<Failure>(&site.renderer(), &wanted, |part| {
            Ok(files.put(part.document, part.bytes, part.last)?)
        });
        let tally = register.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic));
        Ok::<_, Failure>((tally?, found?))
    })?;
    let changes = files.finish()?;
    let mut records = Vec::new();
    let mut written = Vec::with_capacity(plan.documents.len());
    let mut topics = Vec::new();
    for ((document, made_of), change) in plan.documents.iter().zip(made_of).zip(changes) {
        let change = change.unwrap_or(Change::Unchanged);
        let stamp = stamp(document).unwrap_or_default();
        let now = Written { made_of: made_of.unwrap_or_default(), stamp };
        if change == Change::Written && document.is_subscription() {
            topics.push(document.url.as_str());
        }
        if before.get(&document.path) != Some(&now) {
            records.push((document.path.as_str(), now));
        }
        written.push((document.clone(), change, stamp.0));
    }
    let removed = left_over(plan, &before, out)?;
    if let Some(hub) = &site.config.feeds.hub {
        ledger.plan_pings(hub.as_str(), &topics)?;
    }
    ledger.record_documents(&folder, &records, &removed)?;
    Ok((Documents { written, removed, found }, tally))
}

/// Takes away what an earlier build wrote and this one has no cause for, such as the feed of a tag that no post has any more. A
/// file that is not as it was left is somebody else's, and stays.
fn left_over(plan: &Plan<'_>, before: &HashMap<String, Written>, out: &Path) -> Result<Vec<String>, Failure> {
    let here: HashSet<&str> = plan.documents.iter().map(|document| document.path.as_str()).collect();
    let mut removed = Vec::new();
    for (path, old) in before.iter().filter(|(path, _)| !here.contains(path.as_str())) {
        let file = out.join(path);
        if fsx::stamp(&file) == Some(old.stamp) {
            fsx::remove_below(out, &file)?;
        }
        removed.push(path.clone());
    }
    removed.sort();
    Ok(removed)
}
