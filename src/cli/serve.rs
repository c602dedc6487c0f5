//! `tidings serve`: feeds and subscribers' pages over HTTP.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use secrecy::{ExposeSecret as _, SecretString};

use super::args::Args;
use super::list::List;
use super::preview::Window;
use super::shelf;
use super::site::{Failure, Site};
use super::watch::Watch;
use super::{Exit, build, hub, memory, outgoing, remote, seals, stop, webhooks};
use crate::config::{Config, Newsletter};
use crate::fsx;
use crate::ledger::Ledger;
use crate::mail::dkim::DkimKey;
use crate::report::Reporter;
use crate::server::preview::Preview;
use crate::server::{self, Edition, Furnishing, State, shelf::Shelf};

#[derive(Debug, clap::Args)]
pub(super) struct ServeOptions {
    /// Where to listen, as address and port [default: `server.listen`, else 127.0.0.1:8080]
    #[arg(long, value_name = "ADDR")]
    pub listen: Option<SocketAddr>,

    /// Show posts, feeds and the next issues in the browser as they change, on this machine alone [default: 127.0.0.1:8082]; nothing is
    /// built or recorded meanwhile
    #[arg(long, value_name = "ADDR", num_args = 0..=1, require_equals = true, default_missing_value = "127.0.0.1:8082")]
    pub preview: Option<SocketAddr>,
}

/// A token of fewer characters could be guessed.
const SHORTEST_TOKEN: usize = 16;
/// How often it is looked whether the server is to end.
const STEP: Duration = Duration::from_millis(200);
/// How often everything is made anew in any case: the time of a post may have come.
const ANEW: Duration = Duration::from_mins(5);

pub(super) fn command(args: &Args, options: &ServeOptions, report: &Reporter) -> Result<Exit, Failure> {
    if let Some(address) = options.preview.filter(|address| !address.ip().is_loopback()) {
        let words = format!(
            "the preview shows drafts and addresses: not at {address}, where others than you can reach it"
        );
        return Err(Failure::Usage(words));
    }
    let first = match site(args, options, report) {
        // It is seen in the preview, until it is mended.
        Err(Failure::Config(found)) if options.preview.is_some() => {
            report.diagnostics(&found);
            Site::bare(&args.place).ok_or(Failure::Config(found))?
        }
        first => first?,
    };
    first.tell(report);
    if first.config.server.is_none() && options.preview.is_none() {
        report.note("without `server.url` only feeds and issues are served, and no pages for subscribers");
    }
    let open = || memory::open(&first.config);
    let mut rolls = Rolls::default();
    let lists = match rolls.read(&first, report)? {
        Some(lists) => lists,
        None => open()?,
    };
    let mut edition = edition(&first, &Shelf::default(), report)?;
    edition.config.http.listen = options.listen.unwrap_or(first.config.http.listen);
    let operator = first.config.http.operator.as_ref().filter(|_| options.preview.is_none());
    let desk = operator.map(|operator| Ok::<_, Failure>((operator.listen, open()?))).transpose()?;
    let stop = stop::on_signal()?;
    let watch = Watch::of(&first)?;
    let furnishing = Furnishing {
        edition,
        ledger: open()?,
        lists,
        transports: outgoing::transports(&first)?,
        clock: first.clock,
        stop: Arc::clone(&stop),
        desk,
        preview: options.preview.map(|at| (at, Arc::new(Window::new(&args.place)) as Arc<dyn Preview>)),
    };
    let told = open()?;
    let scheme = if first.config.http.tls.is_some() { "https" } else { "http" };
    drop(first);
    std::thread::scope(|threads| {
        server::serve(furnishing, |places, state| {
            match places.readers {
                Some(at) => report.note(&format!("listening at {scheme}://{at}/; end it with Ctrl-C")),
                None => report.note(
                    "another program listens for readers; the preview alone is served; end it with Ctrl-C",
                ),
            }
            if let Some(at) = places.preview {
                report.note(&format!("the preview is at http://{at}/preview/"));
            }
            if let Some(at) = places.desk {
                report.note(&format!("the operator's desk is at {scheme}://{at}/"));
            }
            let (state, hooks) = (Arc::clone(state), Arc::clone(state));
            // While somebody writes, nothing is told, either.
            if options.preview.is_none() {
                threads.spawn(move || webhooks::keep_telling(&hooks, told, report));
            }
            threads.spawn(move || keep_up((args, options), &state, watch, rolls, report));
        })
    })?;
    Ok(Exit::Done)
}

/// What opens the operator's desk.
fn tokens(config: &Config) -> Result<Vec<SecretString>, Failure> {
    let Some(token) = config.http.operator.as_ref().and_then(|operator| operator.token.as_ref()) else {
        return Ok(Vec::new());
    };
    let tokens = token.reveal_all().map_err(|error| Failure::Usage(error.to_string()))?;
    let is_short = |token: &SecretString| token.expose_secret().trim().len() < SHORTEST_TOKEN;
    if tokens.is_empty() || tokens.iter().any(is_short) {
        let words = "the operator's token is empty, or so short that it could be guessed; make one with `head -c 32 /dev/urandom | base64`";
        return Err(Failure::Usage(words.to_owned()));
    }
    Ok(tokens)
}

/// The site, built where nobody else is at it. While somebody writes and looks at it, nothing is published.
fn site(args: &Args, options: &ServeOptions, report: &Reporter) -> Result<Site, Failure> {
    if options.preview.is_some() {
        let mut site = Site::load(&args.place)?;
        site.settle_ids(&memory::open(&site.config)?)?;
        return Ok(site);
    }
    // Whoever has something to send waits for it.
    let (site, ledger) = match Site::load_briefly_alone(&args.place) {
        Ok((mut site, _lock, mut ledger)) => {
            match build::build(&site, &mut ledger, &site.config.public) {
                Ok(mut built) => {
                    built.news().into_iter().for_each(|news| report.note(&news));
                    site.posts_found.append(&mut built.of_posts);
                    site.diagnostics.append(&mut built.of_feeds);
                    // What is there is served on.
                    if let Err(Failure::World(error)) = remote::publish_and_tell(&site, report) {
                        report.error(&error.to_string());
                    }
                }
                // What is there is served on.
                Err(Failure::World(error)) => report.error(&error.to_string()),
                Err(failure) => return Err(failure),
            }
            (site, ledger)
        }
        // A run is at work, which builds, too.
        Err(Failure::Locked) => {
            let mut site = Site::load(&args.place)?;
            let ledger = memory::open(&site.config)?;
            site.settle_ids(&ledger)?;
            (site, ledger)
        }
        Err(failure) => return Err(failure),
    };
    report.diagnostics(&hub::tell(&site, &ledger)?);
    Ok(site)
}

fn edition(site: &Site, before: &Shelf, report: &Reporter) -> Result<Edition, Failure> {
    let speaker = *report;
    let mut dkim = Vec::new();
    for key in &site.config.mail.dkim {
        dkim.push(DkimKey::load(key).map_err(|error| Failure::Usage(error.to_string()))?);
    }
    let (documents, files) = shelf::stocked(site)?;
    Ok(Edition {
        templates: site.templates(),
        keys: seals::keys(&site.config)?,
        erasure: seals::erasure_keys(&site.config)?,
        signer: site.signer()?,
        dkim,
        tokens: tokens(&site.config)?,
        shelf: Shelf::new(documents, files, before),
        say: Arc::new(move |words: &str| speaker.error(words)),
        config: site.config.clone(),
    })
}

/// Makes everything anew whenever something has changed.
fn keep_up(
    (args, options): (&Args, &ServeOptions),
    state: &Arc<State>,
    mut watch: Watch,
    mut rolls: Rolls,
    report: &Reporter,
) {
    let mut waited = Duration::ZERO;
    while !state.is_stopped() {
        // While the database is away it is not asked at every step.
        let is_lost = waited.as_millis().is_multiple_of(5000) && state.has_lost_lists();
        if is_lost {
            rolls = Rolls::default();
        }
        if !watch.has_seen_change(STEP) && waited < ANEW && !is_lost {
            waited += STEP;
            continue;
        }
        waited = if is_lost { STEP } else { Duration::ZERO };
        state.renew_preview();
        let anew = site(args, options, report).and_then(|site| {
            if watch.look_at(&site) {
                waited = ANEW;
            }
            if let Some(lists) = rolls.read(&site, report)? {
                state.enrol(lists);
            }
            edition(&site, &state.edition().shelf, report)
        });
        match anew {
            Ok(mut edition) => {
                edition.config.http.listen = state.edition().config.http.listen;
                state.publish(edition);
            }
            // What was right goes on.
            Err(Failure::Config(found)) => report.diagnostics(&found),
            Err(Failure::Usage(words)) => report.error(&words),
            Err(Failure::World(error)) => report.error(&error.to_string()),
            Err(Failure::Locked) => {}
        }
    }
}

/// The lists' files as they were when they were last read.
#[derive(Default)]
struct Rolls(Option<Vec<String>>);

impl Rolls {
    /// Reads them anew onto a connection of its own where one has changed.
    fn read(&mut self, site: &Site, report: &Reporter) -> Result<Option<Ledger>, Failure> {
        let mark = |newsletter: &Newsletter| {
            format!("{} {:?}", newsletter.name, newsletter.subscribers.as_deref().and_then(fsx::stamp))
        };
        let marks: Vec<String> = site.config.newsletters.iter().map(mark).collect();
        if self.0.as_ref() == Some(&marks) {
            return Ok(None);
        }
        let lists = memory::open(&site.config)?;
        for newsletter in &site.config.newsletters {
            report.diagnostics(&List::load_file(site, newsletter, &lists)?.discreet());
        }
        self.0 = Some(marks);
        Ok(Some(lists))
    }
}
