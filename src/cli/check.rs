//! `tidings check`: everything that can be known to be wrong before readers notice.

use rayon::prelude::*;

use super::Exit;
use super::args::{Args, JsonOption};
use super::build;
use super::due::List;
use super::site::{Failure, Site};
use crate::config::Cadence;
use crate::content::{Filing, Post};
use crate::diagnostic::Diagnostic;
use crate::digest::{self, Editor, Order};
use crate::feed::Plan;
use crate::ledger::Ledger;
use crate::report::{self, Reporter};

pub(super) fn command(args: &Args, options: &JsonOption, report: &Reporter) -> Result<Exit, Failure> {
    let (found, exit) = match findings(args) {
        Ok(found) => {
            let exit = build::exit(&found);
            (found, exit)
        }
        Err(Failure::Config(found)) => (found, Exit::Usage),
        Err(failure) => return Err(failure),
    };
    if options.json {
        report.data(&format!("{:#}\n", report::as_json(&found)))?;
        return Ok(exit);
    }
    report.by_kind(&found, EXAMPLES);
    let errors = found.iter().filter(|diagnostic| diagnostic.is_error()).count();
    report.note(&match (errors, found.len() - errors) {
        (0, 0) => "nothing is wrong".to_owned(),
        (errors, warnings) => {
            format!("{}, {}", report::count(errors, "error"), report::count(warnings, "warning"))
        }
    });
    Ok(exit)
}

/// How many findings of a kind are shown whole.
const EXAMPLES: usize = 3;

fn findings(args: &Args) -> Result<Vec<Diagnostic>, Failure> {
    let mut site = Site::load(args)?;
    let ledger = Ledger::peek(&site.ledger_path())?;
    site.settle_ids(&ledger)?;
    let mut found = site.findings();
    let templates = site.templates();
    let renderer = site.renderer();
    // Template code shows itself only when it is carried out.
    let odd = |post: &Post| renderer.text(post).map(|text| text.found).unwrap_or_default();
    found.par_extend(site.library.posts.par_iter().flat_map(odd));
    let (plan, odd_feeds) = Plan::new(&site.config, &site.library, &site.config_path);
    found.extend(odd_feeds);
    plan.beside(&templates, &mut found);
    let filing = Filing::new(&site.config);
    for newsletter in &site.config.newsletters {
        found.extend(List::load(&site, newsletter).diagnostics);
        // A template is tried on the newest posts: its faults show themselves only when it is used.
        let posts = digest::newest(&site.library.posts, &filing, &newsletter.select, site.now);
        if posts.is_empty() && !site.library.posts.is_empty() {
            let message = format!("no post has a category or tag that `{}` asks for", newsletter.name);
            let help = "compare `select.categories` and `select.tags` with the posts' own, letter by letter";
            found.push(Diagnostic::warning("nothing-selected", &site.config_path, message).help(help));
        }
        if !posts.is_empty() {
            let order = Order {
                newsletter,
                cadence: Cadence::Scheduled,
                language: &newsletter.language,
                posts: &posts,
                editor: &Editor::default(),
                now: site.now,
            };
            match digest::compose(site.setting(&templates, &renderer), order) {
                Ok(issue) => found.extend(issue.size_warning()),
                Err(diagnostic) => found.push(*diagnostic),
            }
        }
    }
    found.dedup();
    Ok(found)
}
