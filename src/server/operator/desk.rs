//! What can be asked and done at the desk, by pages and JSON alike.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use tokio::sync::{Notify, watch};

use super::views::{CopyView, IssueView, NewsletterView};
use crate::ids::IssueId;
use crate::ledger::{Audience, Ledger, LedgerError, State as CopyState};
use crate::server::State;
use crate::server::form::Fields;

/// How many issues or copies are shown where nothing is said, and at most.
const SHOWN: (usize, usize) = (20, 1000);
/// The states that copies can be asked for by.
const STATES: [CopyState; 8] = [
    CopyState::Planned,
    CopyState::Sending,
    CopyState::Sent,
    CopyState::Deferred,
    CopyState::Failed,
    CopyState::InDoubt,
    CopyState::Suppressed,
    CopyState::Cancelled,
];

/// What every request at the desk shares.
#[derive(Clone)]
pub(super) struct Desk {
    pub state: Arc<State>,
    /// The issues as they are, as JSON.
    pub live: watch::Receiver<String>,
    /// Has the issues looked at again at once.
    pub again: Arc<Notify>,
    ledger: Arc<Mutex<Ledger>>,
    counted: Arc<Mutex<HashMap<String, (String, Audience)>>>,
}

/// Why something was not done.
pub(super) enum Refusal {
    NotFound(&'static str),
    Conflict(&'static str),
    Query(String),
    Ledger(LedgerError),
    Broken,
}

impl From<LedgerError> for Refusal {
    fn from(error: LedgerError) -> Self {
        Self::Ledger(error)
    }
}

impl Desk {
    /// A desk, and what is told to those who listen.
    pub(super) fn new(state: &Arc<State>, ledger: Ledger) -> (Self, watch::Sender<String>) {
        let (told, live) = watch::channel(String::new());
        let (state, ledger) = (Arc::clone(state), Arc::new(Mutex::new(ledger)));
        (Self { state, live, again: Arc::default(), ledger, counted: Arc::default() }, told)
    }

    /// The newest issues.
    pub(super) async fn newest(&self, limit: usize) -> Result<Vec<IssueView>, Refusal> {
        let rows = self.with_ledger(move |ledger| Ok(ledger.latest_issues(limit)?)).await?;
        Ok(rows.iter().map(IssueView::from).collect())
    }

    /// The newsletters, with how many there are on their lists.
    pub(super) async fn newsletters(&self) -> Result<Vec<NewsletterView>, Refusal> {
        let (state, counted) = (Arc::clone(&self.state), Arc::clone(&self.counted));
        let count = move || {
            let edition = state.edition();
            let mut counted = counted.lock().unwrap_or_else(PoisonError::into_inner);
            let mut views = Vec::new();
            for newsletter in &edition.config.newsletters {
                let (name, now) = (&newsletter.name, state.now());
                // Whoever signs up waits for this: a long list is counted only where something has changed.
                let lists = state.lists.lock().unwrap_or_else(PoisonError::into_inner);
                let mark = lists.audience_mark(name, now)?;
                let known = counted.get(name).filter(|(before, _)| *before == mark);
                let audience = match known {
                    Some((_, audience)) => audience.clone(),
                    None => lists.audience(name, now)?,
                };
                drop(lists);
                views.push(NewsletterView::new(&edition.config, newsletter, &audience, now));
                counted.insert(name.clone(), (mark, audience));
            }
            Ok::<_, LedgerError>(views)
        };
        Ok(tokio::task::spawn_blocking(count).await.map_err(|_| Refusal::Broken)??)
    }

    /// The newest issues, as many as are asked for, and all with copies that are not done.
    pub(super) async fn issues(&self, asked: &Fields) -> Result<Vec<IssueView>, Refusal> {
        self.newest(limit(asked)?).await
    }

    /// One issue.
    pub(super) async fn issue(&self, id: String) -> Result<IssueView, Refusal> {
        self.with_ledger(move |ledger| view(ledger, &IssueId::new(id))).await
    }

    /// Copies of an issue, in the state that is asked for.
    pub(super) async fn copies(&self, id: String, asked: &Fields) -> Result<Vec<CopyView>, Refusal> {
        let (limit, states) = (limit(asked)?, states(asked)?);
        self.with_ledger(move |ledger| {
            let id = IssueId::new(id);
            view(ledger, &id)?;
            Ok(ledger.copies(&id, &states, limit)?.into_iter().map(CopyView::from).collect())
        })
        .await
    }

    /// Does as an operator says about an issue.
    pub(super) async fn act(&self, id: String, verb: String) -> Result<IssueView, Refusal> {
        let done = self.with_ledger(move |ledger| {
            let id = IssueId::new(id);
            view(ledger, &id)?;
            let (is_done, else_why) = match verb.as_str() {
                "pause" => (ledger.pause(&id)?, "it waits already, or has nothing left to deliver"),
                "resume" => (ledger.release(&id)?, "it does not wait"),
                "cancel" => (ledger.cancel(&id)? > 0, "it has nothing left to deliver"),
                _ => return Err(Refusal::NotFound("there are `pause`, `resume` and `cancel`")),
            };
            if is_done { view(ledger, &id) } else { Err(Refusal::Conflict(else_why)) }
        });
        let done = done.await;
        self.again.notify_one();
        done
    }

    /// How many letters wait, and how much nobody has been told yet.
    pub(super) async fn waiting(&self) -> Result<(u32, u32), Refusal> {
        self.with_ledger(|ledger| Ok((ledger.letters_waiting()?, ledger.happenings_waiting()?))).await
    }

    async fn with_ledger<T: Send + 'static>(
        &self,
        work: impl FnOnce(&mut Ledger) -> Result<T, Refusal> + Send + 'static,
    ) -> Result<T, Refusal> {
        let own = Arc::clone(&self.ledger);
        let work = move || {
            let mut ledger = own.lock().unwrap_or_else(PoisonError::into_inner);
            // Where it cannot be reached, what is asked of it fails, and is answered so.
            drop(ledger.reconnect());
            work(&mut ledger)
        };
        tokio::task::spawn_blocking(work).await.unwrap_or(Err(Refusal::Broken))
    }
}

fn view(ledger: &Ledger, id: &IssueId) -> Result<IssueView, Refusal> {
    let row = ledger.issue_row(id)?;
    row.as_ref().map(IssueView::from).ok_or(Refusal::NotFound("there is no issue of that id"))
}

fn limit(asked: &Fields) -> Result<usize, Refusal> {
    let (some, most) = SHOWN;
    match asked.get("limit") {
        "" if !asked.has("limit") => Ok(some),
        written => written
            .parse()
            .ok()
            .filter(|limit| (1..=most).contains(limit))
            .ok_or_else(|| Refusal::Query(format!("`limit` is a number from 1 to {most}"))),
    }
}

fn states(asked: &Fields) -> Result<Vec<CopyState>, Refusal> {
    let written = asked.get("state");
    if !asked.has("state") {
        return Ok(Vec::new());
    }
    let found = STATES.into_iter().find(|state| state.as_str() == written);
    let names = || STATES.map(CopyState::as_str).join(", ");
    found.map(|state| vec![state]).ok_or_else(|| Refusal::Query(format!("`state` is one of {}", names())))
}
