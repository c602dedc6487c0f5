//! `tidings check`: everything that can be known to be wrong before readers notice.

use rayon::prelude::*;

use super::Exit;
use super::args::{Args, JsonOption};
use super::build;
use super::due::List;
use super::site::{Failure, Site};
use super::spam;
use crate::config::{Cadence, Newsletter};
use crate::content::{self, Filing, Post};
use crate::diagnostic::Diagnostic;
use crate::digest::{self, Editor, Order};
use crate::feed::Plan;
use crate::fsx;
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
    let renderer = site.renderer();
    // Template code shows itself only when it is carried out.
    let odd = |post: &Post| renderer.text(post).map(|text| text.found).unwrap_or_default();
    found.par_extend(site.library.posts.par_iter().flat_map(odd));
    drop(renderer);
    feeds_page(&site, &mut found);
    for newsletter in &site.config.newsletters {
        found.extend(List::load(&site, newsletter).diagnostics);
        found.extend(editors(&site, newsletter));
    }
    newsletters(&site, &mut found);
    found.dedup();
    Ok(found)
}

/// Tries the page that lists the feeds.
pub(super) fn feeds_page(site: &Site, found: &mut Vec<Diagnostic>) {
    let (plan, odd_feeds) = Plan::new(&site.config, &site.library, &site.config_path);
    found.extend(odd_feeds);
    plan.beside(&site.templates(), found);
}

/// Tries the templates of every newsletter on the newest posts, as their faults show themselves only when they are used, and looks at
/// what comes out. How many were tried comes back.
pub(super) fn newsletters(site: &Site, found: &mut Vec<Diagnostic>) -> usize {
    let templates = site.templates();
    let renderer = site.renderer();
    let filing = Filing::new(&site.config);
    let mut tried = 0;
    for newsletter in &site.config.newsletters {
        let posts = digest::newest(&site.library.posts, &filing, &newsletter.select, site.now);
        if posts.is_empty() && !site.library.posts.is_empty() {
            let message = format!("no post is of the kind that `{}` asks for", newsletter.name);
            let help = "compare what `select` names with the posts' own, letter by letter";
            found.push(Diagnostic::warning("nothing-selected", &site.config_path, message).help(help));
        }
        if posts.is_empty() {
            continue;
        }
        tried += 1;
        let order = Order {
            newsletter,
            cadence: Cadence::Scheduled,
            language: &newsletter.language,
            posts: &posts,
            editor: &Editor::default(),
            now: site.now,
        };
        match digest::compose(site.setting(&templates, &renderer), order) {
            Ok(issue) => {
                found.extend(issue.lint());
                found.extend(spam::marks(&issue, &newsletter.name));
            }
            Err(diagnostic) => found.push(*diagnostic),
        }
    }
    tried
}

/// What is odd about what editors have written for issues.
fn editors(site: &Site, newsletter: &Newsletter) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    let folder = site.config.root.join("issues").join(&newsletter.name);
    let all: Vec<&Post> = site.library.posts.iter().collect();
    for name in fsx::list(&folder).unwrap_or_default() {
        let path = folder.join(&name);
        let shown = site.shown(&path);
        let day = name.strip_suffix(".md").map(|day| chrono::NaiveDate::parse_from_str(day, "%Y-%m-%d"));
        if !matches!(day, Some(Ok(_))) {
            let help = "name it by the day of its issue, such as `2026-11-23.md`";
            let message = "this file is read for no issue";
            found.push(Diagnostic::warning("editor", shown, message).help(help));
            continue;
        }
        match content::page(&path, shown, &mut found) {
            Ok(Some(page)) => {
                let (editor, odd) = Editor::of(&page, shown);
                found.extend(odd);
                found.extend(editor.missing(&all, shown));
            }
            Ok(None) => {}
            Err(diagnostic) => found.push(*diagnostic),
        }
    }
    found
}
