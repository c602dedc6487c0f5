//! `tidings check`: everything that can be known to be wrong before readers notice.

use rayon::prelude::*;

use super::Exit;
use super::args::Args;
use super::bookkeeping;
use super::build;
use super::dns;
use super::explain;
use super::list::List;
use super::site::{Failure, Site};
use super::spam;
use crate::config::{Cadence, Newsletter, Weight};
use crate::content::{self, Filing, Post};
use crate::diagnostic::{Diagnostic, Severity, did_you_mean};
use crate::digest::{self, Editor, Order};
use crate::feed::Plan;
use crate::fsx;
use crate::ledger::{Ledger, Wishes};
use crate::mail::dkim::DkimKey;
use crate::report::{self, Reporter};
use crate::subscribers;
use crate::template::BUILT_IN;

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
    let ledger = Ledger::peek(&site.ledger_path())?;
    site.settle_ids(&ledger)?;
    let mut found = site.findings();
    for dkim in &site.config.mail.dkim {
        if let Err(error) = DkimKey::load(dkim) {
            let help = "`tidings dkim keygen` makes keys, and prints the lines for the config";
            found.push(Diagnostic::error("dkim", &site.config_path, error.to_string()).help(help));
        }
    }
    if let Some(server) = &options.dns {
        found.extend(dns::findings(&site, server, report)?);
    }
    let renderer = site.renderer();
    // Template code shows itself only when it is carried out.
    let odd = |post: &Post| renderer.text(post).map(|text| text.found).unwrap_or_default();
    found.par_extend(site.library.posts.par_iter().flat_map(odd));
    drop(renderer);
    feeds_page(&site, &mut found);
    let known = ledger.newsletters()?;
    for newsletter in &site.config.newsletters {
        found.extend(bookkeeping::perhaps_renamed(&site, newsletter, &known));
        found.extend(List::load(&site, newsletter, &ledger)?.diagnostics);
        if let Some(path) = &newsletter.subscribers {
            found.extend(subscribers::odd_addresses(path, site.shown(path)));
        }
        found.extend(editors(&site, newsletter));
    }
    newsletters(&site, &ledger, &mut found)?;
    found.extend(strays(&site));
    found.dedup();
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
        all.push(Diagnostic::warning("config", &site.config_path, message).help(help));
    }
    all
}

/// Files and folders by a name that nobody asks for, but nearly.
fn strays(site: &Site) -> Vec<Diagnostic> {
    let names: Vec<&str> =
        site.config.newsletters.iter().map(|newsletter| newsletter.name.as_str()).collect();
    let templates = BUILT_IN.iter().filter_map(|(name, _)| name.split('/').next()).chain(["shortcodes"]);
    let mut known: Vec<&str> = templates.chain(names.iter().copied()).collect();
    known.dedup();
    let mut found = Vec::new();
    for (folder, known) in [(site.config.templates_dir(), known), (site.config.root.join("issues"), names)] {
        for name in fsx::list(&folder).unwrap_or_default() {
            if let Some(near) = did_you_mean(&name, known.iter().copied()).filter(|near| *near != name) {
                let path = folder.join(&name);
                let help = format!("did you mean `{near}`?");
                found
                    .push(Diagnostic::warning("stray", site.shown(&path), "nobody asks for this").help(help));
            }
        }
    }
    found
}

/// Tries the page that lists the feeds.
pub(super) fn feeds_page(site: &Site, found: &mut Vec<Diagnostic>) {
    let (plan, odd_feeds) = Plan::new(&site.config, &site.library, &site.config_path);
    found.extend(odd_feeds);
    let templates = site.templates();
    let is_page =
        |name: &&str| ["pages/", "letters/", "owner/"].iter().any(|folder| name.starts_with(folder));
    for name in BUILT_IN
        .iter()
        .map(|(name, _)| *name)
        .filter(is_page)
        .filter(|name| !name.starts_with("pages/words/"))
    {
        found.extend(templates.read(name).err().map(|error| *error));
    }
    plan.beside(&site.templates(), found);
}

/// Tries the templates of every newsletter on the newest posts, as their faults show themselves only when they are used, and looks at
/// what comes out. How many were tried comes back.
pub(super) fn newsletters(
    site: &Site,
    ledger: &Ledger,
    found: &mut Vec<Diagnostic>,
) -> Result<usize, Failure> {
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
        List::load(site, newsletter, ledger)?;
        let mut wanted = ledger.wishes(&newsletter.name)?;
        wanted.languages.insert(newsletter.language.clone());
        for language in &wanted.languages {
            let order = Order {
                newsletter,
                cadence: Cadence::Scheduled,
                language,
                posts: &posts,
                editor: &Editor::default(),
                before: 0,
                now: site.now,
            };
            match digest::compose(site.setting(&templates, &renderer), order, found) {
                Ok(issue) if *language == newsletter.language => {
                    found.extend(issue.lint());
                    found.extend(spam::marks(&issue, &newsletter.name));
                }
                Ok(_) => {}
                Err(diagnostic) => found.push(*diagnostic),
            }
            if !templates.of_newsletter(&newsletter.name).speaks(language) {
                let message =
                    format!("there are no words in `{language}`: subscribers who want it get English ones");
                let help = format!(
                    "`tidings templates eject words/en.yaml`, and write them into `words/{language}.yaml`"
                );
                found.push(Diagnostic::warning("words", &site.config_path, message).help(help));
            }
        }
        wishes(site, newsletter, &wanted, found);
    }
    Ok(tried)
}

/// What subscribers of a list want and will not get.
fn wishes(site: &Site, newsletter: &Newsletter, wanted: &Wishes, found: &mut Vec<Diagnostic>) {
    let Some(path) = &newsletter.subscribers else { return };
    let mut tell = |message: String, help: &str| {
        found.push(Diagnostic::warning("wish", site.shown(path), message).help(help));
    };
    for topic in &wanted.topics {
        if !site.library.posts.iter().any(|post| post.is_about(std::slice::from_ref(topic))) {
            let help = "topics are categories and tags, as the posts have them";
            tell(format!("no post is about `{topic}`, which a subscriber wants to read about"), help);
        }
    }
    for (cadence, days) in [(Cadence::Weekly, 7), (Cadence::Monthly, 31)] {
        if wanted.cadences.contains(&cadence) && newsletter.select.max_age < chrono::TimeDelta::days(days) {
            let name = &newsletter.name;
            let message = format!(
                "some hear {}, and `max_age` of `{name}` is {} days: what is older by then is not sent to them",
                cadence.as_str(),
                newsletter.select.max_age.num_days()
            );
            tell(message, "raise `select.max_age`, for instance to `40d`");
        }
    }
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
