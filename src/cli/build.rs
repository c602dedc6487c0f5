//! `tidings build`: the feeds.

use std::path::Path;

use serde_json::json;

use super::args::{Args, BuildOptions};
use super::documents::{self, Documents};
use super::site::{Failure, Site};
use super::{Exit, archive, remote};
use crate::content::{Fresh, Library};
use crate::diagnostic::Diagnostic;
use crate::feed::Plan;
use crate::fsx::Change;
use crate::ledger::{Ledger, Tally};
use crate::report::{self, Reporter};

impl Documents {
    fn changed(&self) -> usize {
        self.written.iter().filter(|(_, change, _)| *change == Change::Written).count()
    }

    /// One line for people; `None` where nothing changed.
    pub(super) fn news(&self) -> Option<String> {
        let Tally { new, updated, removed } = self.tally;
        let gone = self.removed.len();
        if self.changed() + gone == 0 && self.tally == Tally::default() {
            return None;
        }
        let entries = format!("{new} new, {updated} updated, {removed} removed");
        let gone = if gone == 0 { String::new() } else { format!(", {gone} no longer needed removed") };
        let all = self.written.len();
        Some(format!("{} of {all} feeds written{gone}; entries: {entries}", self.changed()))
    }
}

/// Writes the feeds into `out` and records the ids under which posts are published from now on.
pub(super) fn build(site: &Site, ledger: &mut Ledger, out: &Path) -> Result<Documents, Failure> {
    // A clock gone wrong, or a folder that is not mounted, must not empty the feeds.
    let before = site.register.iter().filter(|line| line.published.present).count();
    let Library { posts, waiting, files, .. } = &site.library;
    if posts.is_empty() && (*waiting > 0 || files.is_empty()) && before > 0 {
        let message = format!(
            "no post is public now, while {before} were at the last build; the feeds are kept as they are"
        );
        return Err(Failure::World(anyhow::anyhow!(message)));
    }
    let (plan, mut found) = Plan::new(&site.config, &site.library, &site.config_path);
    let (built, kept) = std::thread::scope(|threads| {
        let kept = threads.spawn(|| site.fresh.as_ref().map_or(Ok(()), Fresh::write));
        let built = documents::write(site, &plan, ledger, out);
        (built, kept.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic)))
    });
    let mut built = built?;
    if let Err(error) = kept {
        let help = "nothing depends on it but speed: every post is read on every run";
        found.push(Diagnostic::warning("cache", &error.path, error.to_string()).help(help));
    }
    found.extend(archive::place_all(site, ledger, out)?);
    found.append(&mut built.of_feeds);
    Ok(Documents { of_feeds: found, ..built })
}

pub(super) fn command(args: &Args, options: &BuildOptions, report: &Reporter) -> Result<Exit, Failure> {
    let (mut site, _lock, mut ledger) = Site::load_alone(&args.place)?;
    let out = options.out.clone().unwrap_or_else(|| site.config.public.clone());
    let is_new = !out.is_dir();
    let mut built = build(&site, &mut ledger, &out)?;
    if is_new && site.config.remote.is_none() && out != site.config.root.join("public") {
        report.note(&format!("`{}` was not there, and has been made", out.display()));
    }
    site.posts_found.append(&mut built.of_posts);
    site.diagnostics.append(&mut built.of_feeds);
    site.tell(report);
    if options.json {
        let feeds: Vec<_> = built
            .written
            .iter()
            .map(|(feed, change, _)| {
                let changed = *change == Change::Written;
                json!({ "path": feed.path, "entries": feed.entries(), "changed": changed })
            })
            .collect();
        let document = json!({ "feeds": feeds, "entries": built.tally, "diagnostics": report::as_json(&site.findings()) });
        report.data(&format!("{document:#}\n"))?;
    } else {
        for (feed, change, length) in &built.written {
            let what = if *change == Change::Written { "written" } else { "unchanged" };
            let entries = feed.entries();
            let word = if entries == 1 { "entry" } else { "entries" };
            report.detail(&format!("{}: {entries} {word}, {length} bytes, {what}", feed.path));
        }
        report.note(
            &built
                .news()
                .unwrap_or_else(|| format!("nothing changed: {} feeds untouched", built.written.len())),
        );
    }
    if options.out.is_none() {
        remote::publish_and_tell(&site, report)?;
    }
    let exit = exit(&site.findings());
    // The process ends here: to take ten thousand posts apart would be work for nothing.
    std::mem::forget(site);
    Ok(exit)
}

/// A post left out is a part that failed.
pub(super) fn exit(diagnostics: &[Diagnostic]) -> Exit {
    if diagnostics.iter().any(Diagnostic::is_error) { Exit::Partly } else { Exit::Done }
}
