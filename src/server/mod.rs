//! `tidings serve`: what readers and subscribers do over HTTP.
//!
//! GET changes nothing; what changes something is a POST with a signed link, or one that only has a letter written. The only room, with
//! object stores, in which tokio lives. Not responsible for making feeds: it serves what a build has made.

mod clerk;
mod client;
mod connection;
mod edition;
mod errand;
mod form;
mod health;
mod hooks;
mod issues;
mod limits;
mod operator;
mod page;
mod postman;
mod preferences;
pub mod preview;
pub mod shelf;
mod shop;
mod subscribe;
mod unsubscribe;

use std::io;
use std::net::{IpAddr, SocketAddr};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use axum::Router;
use axum::extract::Request;
use axum::middleware::{self, Next};
use axum::response::Response;
use axum::routing::{get, post};
use chrono::{DateTime, Utc};
use tokio::net::TcpListener;
use tokio::sync::watch;
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::limit::RequestBodyLimitLayer;
use tower_http::timeout::TimeoutLayer;

use crate::clock::Ticking;
use crate::config::Newsletter;
use crate::delivery::Transport;
use crate::ids::SubscriberId;
use crate::ledger::{Ledger, LedgerError};
use crate::subscribers::{Status, Subscriber, erasure};

use clerk::Counter;
use connection::Peer;
use health::Metrics;
use limits::Limits;

pub use edition::{Current, Edition};
use preview::Preview;

/// No form is longer, in bytes.
const LONGEST_BODY: usize = 64 << 10;
/// What a mail service reports at once, in bytes.
const LONGEST_REPORT: usize = 2 << 20;
/// How long an answer may take.
const PATIENCE: Duration = Duration::from_secs(30);
/// How often the postman looks whether a letter is to be tried again.
const ROUND: Duration = Duration::from_secs(15);

/// What every request shares.
pub struct State {
    current: Current,
    ledger: Mutex<Ledger>,
    /// Another connection, with the lists' files on its rolls.
    lists: Mutex<Ledger>,
    clock: Ticking,
    counter: Counter,
    limits: Limits,
    metrics: Metrics,
    stop: Arc<AtomicBool>,
    /// Whether nobody is served any more.
    over: AtomicBool,
    /// How often what the preview shows has changed.
    changes: watch::Sender<u64>,
    preview: Option<Arc<dyn Preview>>,
    letters: (Mutex<bool>, Condvar),
}

impl State {
    /// The edition that counts now.
    pub fn edition(&self) -> Arc<Edition> {
        self.current.get()
    }

    /// From now on this one counts.
    pub fn publish(&self, edition: Edition) {
        self.current.set(edition);
    }

    /// From now on the lists' files are those on the rolls of this connection.
    pub fn enrol(&self, lists: Ledger) {
        *self.lists.lock().unwrap_or_else(PoisonError::into_inner) = lists;
    }

    /// What a list's file says of somebody who has not asked to be forgotten.
    fn on_file(
        &self,
        newsletter: &str,
        subscriber: &SubscriberId,
    ) -> Result<Option<Subscriber>, LedgerError> {
        let lists = self.lists.lock().unwrap_or_else(PoisonError::into_inner);
        let Some(listed) = lists.on_roll(newsletter, subscriber)? else { return Ok(None) };
        let hash = erasure::hash(&self.edition().erasure, &listed.mailbox.address);
        Ok(if lists.is_erased(&hash)? { None } else { Some(listed) })
    }

    /// Something that the preview shows has changed.
    pub fn renew_preview(&self) {
        if let Some(preview) = &self.preview {
            preview.forget();
            self.changes.send_modify(|count| *count += 1);
        }
    }

    /// The ledger, alone.
    pub fn ledger(&self) -> MutexGuard<'_, Ledger> {
        let ledger = self.ledger.lock().unwrap_or_else(PoisonError::into_inner);
        // Where it cannot be reached, what is asked of it fails, and is answered so.
        drop(ledger.reconnect());
        ledger
    }

    /// Whether the lists' files have been lost with their connection: they are to be read anew.
    pub fn has_lost_lists(&self) -> bool {
        self.lists.lock().unwrap_or_else(PoisonError::into_inner).is_cut_off()
    }

    /// What time it is.
    pub fn now(&self) -> DateTime<Utc> {
        self.clock.now()
    }

    /// Whether the server is to end.
    pub fn is_stopped(&self) -> bool {
        self.stop.load(Ordering::Relaxed)
    }

    /// Whether nobody is served any more.
    fn is_over(&self) -> bool {
        self.over.load(Ordering::Relaxed)
    }

    /// Something for the owner to know.
    pub fn tell(&self, words: &str) {
        (self.edition().say)(words);
    }

    /// Work with the ledger, aside from the threads that answer.
    async fn with_ledger<T: Send + 'static>(
        self: &Arc<Self>,
        work: impl FnOnce(&State, &mut Ledger) -> T + Send + 'static,
    ) -> Option<T> {
        let state = Arc::clone(self);
        tokio::task::spawn_blocking(move || work(&state, &mut state.ledger())).await.ok()
    }

    /// Whether somebody may be written to: by what keeps all mail away, by their own word, else by the list's file; `None` where they are
    /// on neither.
    fn status(
        &self,
        ledger: &Ledger,
        newsletter: &str,
        subscriber: &SubscriberId,
    ) -> Result<Option<Status>, LedgerError> {
        if ledger.suppressed(subscriber)?.is_some() {
            return Ok(Some(Status::Unsubscribed));
        }
        if let Some(member) = ledger.member(newsletter, subscriber)? {
            return Ok(Some(member.status_at(self.now())));
        }
        Ok(self.on_file(newsletter, subscriber)?.map(|listed| listed.status))
    }

    /// In which language to speak to a subscriber of a newsletter.
    async fn language_of(self: &Arc<Self>, newsletter: &Newsletter, subscriber: &SubscriberId) -> String {
        let (name, who) = (newsletter.name.clone(), subscriber.clone());
        let asked = self
            .with_ledger(move |state, ledger| {
                let own = ledger.member(&name, &who)?.and_then(|member| member.wishes.language);
                let listed = || state.on_file(&name, &who).map(|listed| listed.and_then(|one| one.language));
                own.map_or_else(listed, |own| Ok(Some(own)))
            })
            .await;
        let asked: Option<Result<Option<String>, LedgerError>> = asked;
        asked.and_then(Result::ok).flatten().unwrap_or_else(|| newsletter.language.clone())
    }

    fn wake(&self) {
        *self.letters.0.lock().unwrap_or_else(PoisonError::into_inner) = true;
        self.letters.1.notify_all();
    }

    fn sleep(&self) {
        let is_woken = self.letters.0.lock().unwrap_or_else(PoisonError::into_inner);
        let mut is_woken = if *is_woken {
            is_woken
        } else {
            self.letters.1.wait_timeout(is_woken, ROUND).unwrap_or_else(PoisonError::into_inner).0
        };
        *is_woken = false;
    }
}

/// What the server works with.
pub struct Furnishing {
    /// What counts at first.
    pub edition: Edition,
    /// The ledger.
    pub ledger: Ledger,
    /// Another connection to it, with the lists' files on its rolls.
    pub lists: Ledger,
    /// How letters leave.
    pub transports: Vec<Box<dyn Transport>>,
    /// The time.
    pub clock: Ticking,
    /// Set where the server is to end.
    pub stop: Arc<AtomicBool>,
    /// Where the operator's desk is, if there is one, with a connection to the ledger of its own.
    pub desk: Option<(SocketAddr, Ledger)>,
    /// What there is to see before it is published, and where, if that is wanted.
    pub preview: Option<(SocketAddr, Arc<dyn Preview>)>,
}

/// Where a server listens.
#[derive(Clone, Copy, Debug)]
pub struct Places {
    /// For readers and subscribers; `None` where somebody else has that place while things are only previewed.
    pub readers: Option<SocketAddr>,
    /// For its operator.
    pub desk: Option<SocketAddr>,
    /// For whoever writes.
    pub preview: Option<SocketAddr>,
}

/// Serves until it is to end; what is under way then is finished. `begun` hears where it listens, and has the state.
///
/// # Errors
/// It cannot listen there, or the certificate cannot be used.
pub fn serve(furnishing: Furnishing, begun: impl FnOnce(Places, &Arc<State>)) -> io::Result<()> {
    let Furnishing { edition, ledger, lists, transports, clock, stop, desk, preview } = furnishing;
    let (counter, wishes) = Counter::new();
    let http = edition.config.http.clone();
    let base = edition.base().to_owned();
    let state = Arc::new(State {
        current: Current::new(edition),
        ledger: Mutex::new(ledger),
        lists: Mutex::new(lists),
        clock,
        counter,
        limits: Limits::new(),
        metrics: Metrics::default(),
        stop,
        over: AtomicBool::new(false),
        changes: watch::channel(0).0,
        preview: preview.as_ref().map(|(_, preview)| Arc::clone(preview)),
        letters: (Mutex::new(false), Condvar::new()),
    });
    let tls = http.tls.as_ref().map(shop::certificate).transpose()?;
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    std::thread::scope(|threads| {
        let (clerks, postmans) = (&state, &state);
        threads.spawn(move || clerk::work(clerks, &wishes));
        threads.spawn(|| postman::work(postmans, &transports));
        let served = runtime.block_on(async {
            let readers = match listen(http.listen, "server.listen").await {
                Ok(listener) => Some(listener),
                Err(error) if preview.is_some() && error.kind() == io::ErrorKind::AddrInUse => None,
                Err(error) => return Err(error),
            };
            let (mut at_desk, mut at_preview) = (None, None);
            if let Some((address, ledger)) = desk {
                at_desk = Some((listen(address, "server.operator.listen").await?, ledger));
            }
            if let Some((address, preview)) = preview {
                at_preview = Some((listen(address, "--preview=ADDR").await?, preview));
            }
            let at = |listener: &TcpListener| listener.local_addr().ok();
            let places = Places {
                readers: readers.as_ref().and_then(at),
                desk: at_desk.as_ref().and_then(|(listener, _)| at(listener)),
                preview: at_preview.as_ref().and_then(|(listener, _)| at(listener)),
            };
            begun(places, &state);
            let is_trusted = |peer: IpAddr| http.trusted_proxies.iter().any(|network| network.holds(peer));
            let end = || async {
                while !state.is_stopped() {
                    tokio::time::sleep(Duration::from_millis(100)).await;
                }
                // Whoever listens for changes hears that there will be none.
                state.changes.send_modify(|_| {});
            };
            let readers = async {
                let Some(listener) = readers else { return };
                connection::serve(listener, router(&state, &base), tls.clone(), is_trusted, end()).await;
            };
            let operators = async {
                let Some((listener, ledger)) = at_desk else { return };
                let app = operator::router(&state, ledger);
                connection::serve(listener, app, tls.clone(), |_| false, end()).await;
            };
            let writers = async {
                let Some((listener, preview)) = at_preview else { return };
                connection::serve(listener, preview::router(&state, preview), None, |_| false, end()).await;
            };
            tokio::join!(readers, operators, writers);
            Ok(())
        });
        // An error ends it, too.
        state.stop.store(true, Ordering::Relaxed);
        state.over.store(true, Ordering::Relaxed);
        state.wake();
        served
    })
}

/// `said_by` is what names another address.
async fn listen(address: SocketAddr, said_by: &str) -> io::Result<TcpListener> {
    let listener = TcpListener::bind(address).await;
    let told =
        |error: &io::Error| format!("cannot listen at {address}: {error}; `{said_by}` names another address");
    listener.map_err(|error| io::Error::new(error.kind(), told(&error)))
}

fn router(state: &Arc<State>, base: &str) -> Router {
    let pages = Router::new()
        .route("/subscribe/{list}", get(subscribe::form).post(subscribe::apply).options(subscribe::preflight))
        .route("/unsubscribe/{list}/{token}", get(unsubscribe::ask).post(unsubscribe::leave))
        .route("/unsubscribe/{list}/{token}/reason", post(unsubscribe::reason))
        .route("/preferences/{list}/{token}", get(preferences::show).post(preferences::save))
        .route("/preferences/{list}/{token}/{errand}", post(preferences::write_letter))
        .route("/issues/{list}/{token}", get(issues::list))
        .route("/issues/{list}/{token}/{issue}", get(issues::show))
        .route("/pass/{pass}", get(errand::ask).post(errand::carry_out))
        .route("/healthz", get(health::lives))
        .route("/readyz", get(health::is_ready))
        .route("/metrics", get(health::metrics))
        .fallback(shop::fallback)
        .method_not_allowed_fallback(shop::not_allowed)
        .layer(RequestBodyLimitLayer::new(LONGEST_BODY))
        .layer(TimeoutLayer::with_status_code(axum::http::StatusCode::SERVICE_UNAVAILABLE, PATIENCE))
        .layer(CatchPanicLayer::new())
        .layer(middleware::from_fn_with_state(Arc::clone(state), count))
        .with_state(Arc::clone(state));
    let reports = Router::new()
        .route("/hooks/{service}", post(hooks::take))
        .layer(axum::extract::DefaultBodyLimit::max(LONGEST_REPORT))
        .layer(TimeoutLayer::with_status_code(axum::http::StatusCode::SERVICE_UNAVAILABLE, PATIENCE))
        .layer(CatchPanicLayer::new())
        .with_state(Arc::clone(state));
    let pages = pages.merge(reports);
    // A proxy may keep the path in front, or take it away.
    match base.trim_end_matches('/') {
        "" => pages,
        prefix => Router::new().nest(prefix, pages.clone()).fallback_service(pages),
    }
}

async fn count(
    axum::extract::State(state): axum::extract::State<Arc<State>>,
    request: Request,
    next: Next,
) -> Response {
    let response = next.run(request).await;
    state.metrics.answered(response.status());
    response
}

/// The network that a request comes from.
fn network_of(edition: &Edition, request: &axum::http::request::Parts) -> IpAddr {
    let peer = request.extensions.get::<Peer>().map_or(IpAddr::from([127, 0, 0, 1]), |peer| peer.0);
    client::network(client::address(peer, &request.headers, &edition.config.http.trusted_proxies))
}
