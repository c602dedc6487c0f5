//! `tidings serve`: feeds and subscribers' pages over HTTP.

use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::time::Duration;

use notify_debouncer_full::notify::{RecursiveMode, event::EventKind};
use notify_debouncer_full::{
    DebounceEventResult, DebouncedEvent, Debouncer, RecommendedCache, new_debouncer,
};

use secrecy::{ExposeSecret as _, SecretString};

use super::args::Args;
use super::list::List;
use super::preview::Window;
use super::shelf;
use super::site::{Failure, Site};
use super::{Exit, build, hub, outgoing, seals, stop, webhooks};
use crate::config::Newsletter;
use crate::fsx;
use crate::ledger::Ledger;
use crate::mail::dkim::DkimKey;
use crate::report::Reporter;
use crate::server::preview::Preview;
use crate::server::{self, Edition, Furnishing, Gate, State, shelf::Shelf};

#[derive(Debug, clap::Args)]
pub(super) struct ServeOptions {
    /// Where to listen, as address and port [default: `server.listen`, else 127.0.0.1:8080]
    #[arg(long, value_name = "ADDR")]
    pub listen: Option<SocketAddr>,

    /// Show posts, feeds and the next issues in the browser as they change, on this machine alone; nothing is built or recorded meanwhile
    #[arg(long)]
    pub preview: bool,
}

/// A token of fewer characters could be guessed.
const SHORTEST_TOKEN: usize = 16;
/// How long after a change everything is made anew: editors write a file in several steps.
const SETTLED: Duration = Duration::from_millis(100);
/// How often it is looked whether the server is to end.
const STEP: Duration = Duration::from_millis(200);
/// How often everything is made anew in any case: the time of a post may have come.
const ANEW: Duration = Duration::from_mins(5);

pub(super) fn command(args: &Args, options: &ServeOptions, report: &Reporter) -> Result<Exit, Failure> {
    let first = site(args, options, report)?;
    first.tell(report);
    let listen = options.listen.unwrap_or(first.config.http.listen);
    if options.preview && !listen.ip().is_loopback() {
        let words = format!(
            "the preview shows drafts and addresses: not at {listen}, where others than you can reach it"
        );
        return Err(Failure::Usage(words));
    }
    if first.config.server.is_none() {
        report.note("without `server.url` only feeds and issues are served, and no pages for subscribers");
    }
    let ledger = Ledger::open(&first.ledger_path())?;
    let told = Ledger::open(&first.ledger_path())?;
    let mut rolls = Rolls::default();
    let lists = match rolls.read(&first, report)? {
        Some(lists) => lists,
        None => Ledger::open(&first.ledger_path())?,
    };
    let transports = outgoing::transports(&first)?;
    let mut edition = edition(&first, &Shelf::default(), report)?;
    edition.config.http.listen = listen;
    let stop = stop::on_signal()?;
    let (changes, watch) = watched(&first)?;
    let gate = gate(&first)?;
    let preview = options.preview.then(|| Arc::new(Window::new(&args.place)) as Arc<dyn Preview>);
    let clock = first.clock;
    drop(first);
    let furnishing =
        Furnishing { edition, ledger, lists, transports, clock, stop: Arc::clone(&stop), gate, preview };
    std::thread::scope(|threads| {
        server::serve(furnishing, |address, desk, state| {
            report.note(&format!("listening at http://{address}/; end it with Ctrl-C"));
            if options.preview {
                report.note(&format!("the preview is at http://{address}/preview/"));
            }
            if let Some(desk) = desk {
                report.note(&format!("the operator's desk is at http://{desk}/"));
            }
            let state = Arc::clone(state);
            let hooks = Arc::clone(&state);
            threads.spawn(move || webhooks::keep_telling(&hooks, told, report));
            threads.spawn(move || keep_up((args, options), &state, &changes, rolls, report));
        })
    })?;
    drop(watch);
    Ok(Exit::Done)
}

/// Who may come to the operator's desk.
fn gate(site: &Site) -> Result<Option<Gate>, Failure> {
    let Some(operator) = &site.config.http.operator else { return Ok(None) };
    let tokens = match &operator.token {
        Some(token) => token.reveal_all().map_err(|error| Failure::Usage(error.to_string()))?,
        None => Vec::new(),
    };
    let is_short = |token: &SecretString| token.expose_secret().trim().len() < SHORTEST_TOKEN;
    if operator.token.is_some() && (tokens.is_empty() || tokens.iter().any(is_short)) {
        let words = "the operator's token is empty, or so short that it could be guessed; make one with `head -c 32 /dev/urandom | base64`";
        return Err(Failure::Usage(words.to_owned()));
    }
    Ok(Some(Gate { listen: operator.listen, tokens }))
}

/// The site, built where nobody else is at it. While somebody writes and looks at it, nothing is published.
fn site(args: &Args, options: &ServeOptions, report: &Reporter) -> Result<Site, Failure> {
    if options.preview {
        let mut site = Site::load(&args.place)?;
        site.settle_ids(&Ledger::open(&site.ledger_path())?)?;
        return Ok(site);
    }
    let (site, ledger) = match Site::load_alone(&args.place) {
        Ok((mut site, lock, mut ledger)) => {
            // Whoever has something to send waits for it.
            let _lock = lock.brief();
            match build::build(&site, &mut ledger, &site.config.public) {
                Ok(mut built) => {
                    built.news().into_iter().for_each(|news| report.note(&news));
                    site.posts_found.append(&mut built.of_posts);
                    site.diagnostics.append(&mut built.of_feeds);
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
            let ledger = Ledger::open(&site.ledger_path())?;
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
        shelf: Shelf::new(documents, files, before),
        say: Arc::new(move |words: &str| speaker.error(words)),
        config: site.config.clone(),
    })
}

/// Watches what a site is made of, as far as that is there.
fn watched(
    site: &Site,
) -> Result<
    (Receiver<()>, Debouncer<notify_debouncer_full::notify::RecommendedWatcher, RecommendedCache>),
    Failure,
> {
    let (sender, changes) = channel();
    let config = &site.config;
    let (state, config_file) = (config.state_dir(), config.root.join(&site.config_path));
    let heard = move |events: DebounceEventResult| {
        // What is read only is no change, nor is what we write for ourselves.
        let is_change = |event: &DebouncedEvent| {
            !matches!(event.kind, EventKind::Access(_))
                && !event.paths.iter().all(|path| path.starts_with(&state))
        };
        if events.is_ok_and(|events| events.iter().any(is_change)) {
            let _ = sender.send(());
        }
    };
    let mut watch = new_debouncer(SETTLED, None, heard)?;
    // The root for the generator's own file, and for folders that are made later.
    let lists = config.newsletters.iter().filter_map(|newsletter| newsletter.subscribers.as_ref());
    let flat = lists.chain([&config_file]).filter_map(|file| file.parent().map(Path::to_path_buf));
    let flat = flat.chain([config.root.clone()]).map(|folder| (folder, RecursiveMode::NonRecursive));
    let deep = [
        config.posts.dir.clone(),
        config.templates_dir(),
        config.root.join("issues"),
        // What generators put into posts.
        config.root.join("_includes"),
        config.root.join("_data"),
        config.root.join("data"),
        config.root.join("layouts"),
        // A run beside this one builds and sends, too.
        config.public.clone(),
    ];
    let deep = deep.into_iter().map(|folder| (folder, RecursiveMode::Recursive));
    for (folder, mode) in flat.chain(deep).filter(|(folder, _)| folder.is_dir()) {
        watch.watch(&folder, mode)?;
    }
    Ok((changes, watch))
}

/// Makes everything anew whenever something has changed.
fn keep_up(
    (args, options): (&Args, &ServeOptions),
    state: &Arc<State>,
    changes: &Receiver<()>,
    mut rolls: Rolls,
    report: &Reporter,
) {
    let mut waited = Duration::ZERO;
    while !state.is_stopped() {
        match changes.recv_timeout(STEP) {
            Ok(()) => while changes.try_recv().is_ok() {},
            Err(RecvTimeoutError::Timeout) if waited < ANEW => {
                waited += STEP;
                continue;
            }
            Err(_) => {}
        }
        waited = Duration::ZERO;
        state.renew_preview();
        let anew = site(args, options, report).and_then(|site| {
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
        let lists = Ledger::open(&site.ledger_path())?;
        for newsletter in &site.config.newsletters {
            report.diagnostics(&List::load_file(site, newsletter, &lists)?.discreet());
        }
        self.0 = Some(marks);
        Ok(Some(lists))
    }
}
