//! `tidings check`: everything that can be known to be wrong before readers notice.

mod blocks;
mod files;
mod links;
mod newsletters;
mod places;

use rayon::prelude::*;

use super::Exit;
use super::args::Args;
use super::bookkeeping;
use super::build;
use super::dns;
use super::explain;
use super::list::List;
use super::site::{Failure, Site};
use crate::config::Weight;
use crate::content::Post;
use crate::diagnostic::{Diagnostic, Severity, did_you_mean};
use crate::ledger::Ledger;
use crate::mail::dkim::DkimKey;
use crate::report::{self, Reporter};
use crate::subscribers;
use places::{in_config, in_post, named_in_config};

pub(super) use newsletters::{feeds_page, newsletters};

#[derive(Debug, clap::Args)]
pub(super) struct CheckOptions {
    /// Look at the senders' SPF, DKIM, DMARC and MX records too, asking this server [default: the system's]
    #[arg(long, value_name = "SERVER", num_args = 0..=1, require_equals = true, default_missing_value = "system")]
    pub dns: Option<String>,

    /// Report as JSON on stdout
    #[arg(long, conflicts_with = "sarif")]
    pub json: bool,

    /// Report as SARIF on stdout, for code scanners
    #[arg(long)]
    pub sarif: bool,
}

pub(super) fn command(args: &Args, options: &CheckOptions, report: &Reporter) -> Result<Exit, Failure> {
    let (found, exit) = match findings(args, options, report) {
        Ok(found) => {
            let exit = build::exit(&found);
            (found, exit)
        }
        Err(Failure::Config(found)) => (found, Exit::Usage),
        Err(failure) => return Err(failure),
    };
    if options.json || options.sarif {
        let whole = if options.json { report::as_json(&found) } else { report::as_sarif(&found) };
        report.data(&format!("{whole:#}\n"))?;
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

fn findings(args: &Args, options: &CheckOptions, report: &Reporter) -> Result<Vec<Diagnostic>, Failure> {
    let mut site = Site::load(&args.place)?;
    let ledger = Ledger::peek(&site.config)?;
    site.settle_ids(&ledger)?;
    let mut found = site.findings();
    for dkim in &site.config.mail.dkim {
        if let Err(error) = DkimKey::load(dkim) {
            let help = "`tidings dkim keygen` makes keys, and prints the lines for the config";
            let place = in_config(&site, "key_file:");
            found.push(Diagnostic::error("dkim", &site.config_path, error.to_string()).at(place).help(help));
        }
    }
    found.extend(files::missing(&site));
    if let Some(server) = &options.dns {
        found.extend(dns::findings(&site, server, report)?);
    }
    let renderer = site.renderer();
    let targets = links::Targets::new(&site);
    // Template code shows itself only when it is carried out.
    let root = site.config.root.as_path();
    let odd = |post: &Post| {
        let Ok(text) = renderer.text(post) else { return Vec::new() };
        let dead = targets.dead(post, text.document().html().as_str());
        text.found.into_iter().map(|finding| in_post(root, post, finding)).chain(dead).collect()
    };
    found.par_extend(site.library.posts.par_iter().flat_map(odd));
    drop((renderer, targets));
    feeds_page(&site, &mut found);
    let known = ledger.newsletters()?;
    for newsletter in &site.config.newsletters {
        found.extend(bookkeeping::perhaps_renamed(&site, newsletter, &known));
        found.extend(List::load(&site, newsletter, &ledger)?.diagnostics);
        if let Some(path) = &newsletter.subscribers {
            found.extend(subscribers::odd_addresses(path, site.shown(path)));
        }
        found.extend(files::editors(&site, newsletter));
    }
    newsletters(&site, &ledger, &mut found)?;
    found.extend(files::strays(&site));
    found.extend(blocks::unknown(&site));
    found.dedup();
    let found = found.into_iter().map(|finding| named_in_config(&site, finding)).collect();
    Ok(weighed(&site, found))
}

/// The findings as bad as the owner takes them for.
fn weighed(site: &Site, found: Vec<Diagnostic>) -> Vec<Diagnostic> {
    let weights = &site.config.check;
    let mut all = Vec::with_capacity(found.len());
    for finding in found {
        match weights.get(finding.code) {
            Some(Weight::Allow) => {}
            Some(Weight::Warning) => all.push(Diagnostic { severity: Severity::Warning, ..finding }),
            Some(Weight::Error) => all.push(Diagnostic { severity: Severity::Error, ..finding }),
            None => all.push(finding),
        }
    }
    for code in weights.keys().filter(|code| !explain::codes().any(|known| known == *code)) {
        let help = match did_you_mean(code, explain::codes()) {
            Some(near) => format!("did you mean `{near}`?"),
            None => "`tidings explain` lists them".to_owned(),
        };
        let message = format!("`check` names `{code}`, which no finding has for its code");
        let place = in_config(site, &format!("{code}:"));
        all.push(Diagnostic::warning("config", &site.config_path, message).at(place).help(help));
    }
    all
}
