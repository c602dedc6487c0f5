//! What the links in letters lead to. A GET asks, a POST does.

use std::sync::Arc;

use axum::body::Body;
use axum::extract::{Path, State as Shared};
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::http::{HeaderValue, Response, StatusCode};
use chrono::DateTime;
use minijinja::{Value, context};

use super::edition::Edition;
use super::form::Fields;
use super::health::Metrics;
use super::page::{Reader, html_response};
use super::subscribe::wording_hash;
use super::{State, unsubscribe};
use crate::address::{Address, AddressError, Mailbox};
use crate::ids::SubscriberId;
use crate::ledger::{Consent, Ledger, LedgerError, Membership};
use crate::subscribers::pass::{Application, Errand, Pass, Void};
use crate::subscribers::{Status, Subscriber, erasure};

/// What came of an errand.
enum Outcome {
    /// It is done; the page of this kind says so, of this subscriber.
    Done(&'static str, SubscriberId),
    /// All that is kept, as JSON.
    Export(String),
    /// Its time is over.
    Expired,
    /// Not now.
    Later,
}

/// The pass of a link, or the page that says what is wrong with it.
fn taken(edition: &Edition, state: &State, written: &str) -> Result<Pass, Box<Response<Body>>> {
    let refuse = |kind| Box::new(Reader::of_site(edition).problem(StatusCode::NOT_FOUND, kind));
    match Pass::read(written, &edition.keys, state.now()) {
        Ok(pass) if edition.newsletter(&pass.list).is_some() => Ok(pass),
        Ok(_) | Err(Void::Forged) => Err(refuse("bad_link")),
        Err(Void::Expired) => Err(refuse("expired")),
    }
}

/// The page that asks.
pub(super) async fn ask(Shared(state): Shared<Arc<State>>, Path(written): Path<String>) -> Response<Body> {
    let edition = state.edition();
    let pass = match taken(&edition, &state, &written) {
        Ok(pass) => pass,
        Err(problem) => return *problem,
    };
    let own = context! {
        kind => pass.errand.name(),
        action => format!("{}pass/{written}", edition.base()),
        fields => Vec::<Value>::new(),
        preferences => (),
    };
    let newsletter = edition.newsletter(&pass.list);
    let language = language(&edition, &state, &pass).await;
    Reader { edition: &edition, newsletter, language: &language }.page(StatusCode::OK, "button", own)
}

/// Does what the pass is for.
pub(super) async fn carry_out(
    Shared(state): Shared<Arc<State>>,
    Path(written): Path<String>,
    _fields: Fields,
) -> Response<Body> {
    let edition = state.edition();
    let pass = match taken(&edition, &state, &written) {
        Ok(pass) => pass,
        Err(problem) => return *problem,
    };
    let newsletter = edition.newsletter(&pass.list);
    let language = language(&edition, &state, &pass).await;
    let reader = Reader { edition: &edition, newsletter, language: &language };
    let outcome = state.with_ledger(move |state, ledger| done(state, ledger, &pass)).await;
    match outcome {
        Some(Ok(Outcome::Done(kind, subscriber))) => {
            let preferences = newsletter
                .filter(|_| kind != "erased")
                .and_then(|newsletter| unsubscribe::preferences(&edition, newsletter, &subscriber));
            let own = context! { kind => kind, undo => (), reason => (), preferences => preferences };
            reader.page(StatusCode::OK, "done", own)
        }
        Some(Ok(Outcome::Export(text))) => {
            let mut response = html_response(StatusCode::OK, text);
            let head = response.headers_mut();
            head.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
            head.insert(
                CONTENT_DISPOSITION,
                HeaderValue::from_static("attachment; filename=\"tidings.json\""),
            );
            response
        }
        Some(Ok(Outcome::Expired)) => reader.problem(StatusCode::NOT_FOUND, "expired"),
        Some(Ok(Outcome::Later) | Err(_)) | None => {
            reader.problem(StatusCode::SERVICE_UNAVAILABLE, "try_later")
        }
    }
}

/// In which language to speak to whoever holds a pass.
async fn language(edition: &Edition, state: &Arc<State>, pass: &Pass) -> String {
    let Some(newsletter) = edition.newsletter(&pass.list) else {
        return edition.config.site.language.clone();
    };
    match &pass.errand {
        Errand::Join(application) => {
            application.language.clone().unwrap_or_else(|| newsletter.language.clone())
        }
        Errand::Move { from: subscriber, .. }
        | Errand::Export(subscriber)
        | Errand::Erase { subscriber, .. }
        | Errand::Undo(subscriber) => state.language_of(newsletter, subscriber).await,
    }
}

fn done(state: &State, ledger: &mut Ledger, pass: &Pass) -> Result<Outcome, LedgerError> {
    let (list, now) = (pass.list.as_str(), state.now());
    let edition = state.edition();
    match &pass.errand {
        Errand::Join(application) => {
            let person = applicant(application)?;
            // Who has left since they asked has changed their mind.
            let left =
                ledger.member(list, &person.id)?.filter(|member| member.status == Status::Unsubscribed);
            let asked = DateTime::from_timestamp(pass.asked, 0).unwrap_or_default();
            let is_new = state.status(ledger, list, &person.id)? != Some(Status::Active);
            let hash = erasure::hash(&edition.erasure, &person.mailbox.address);
            let is_over = is_new && ledger.is_outdated(list, (&person.id, &hash), asked)?;
            if is_over || left.is_some_and(|member| member.since > asked) || ledger.is_barred(&person.id)? {
                return Ok(Outcome::Expired);
            }
            let consent = Consent {
                at: now,
                how: "form".to_owned(),
                network: Some(application.network.clone()),
                wording: Some(wording(&edition, list, application)),
            };
            ledger.remember_again(&hash)?;
            if is_new {
                ledger.join(list, &person, &consent)?;
                Metrics::one(&state.metrics.joined);
            }
            Ok(Outcome::Done("subscribed", person.id))
        }
        Errand::Move { from, email } => {
            let member = ledger.member(list, from)?;
            let listed = state.on_file(list, from)?;
            if !matches!(state.status(ledger, list, from)?, Some(Status::Active | Status::Paused)) {
                return Ok(Outcome::Expired);
            }
            let address = Address::parse(email)?;
            if Subscriber::id_of(&address) == *from {
                return Ok(Outcome::Done("moved", from.clone()));
            }
            if ledger.is_barred(&Subscriber::id_of(&address))? {
                return Ok(Outcome::Expired);
            }
            ledger.remember_again(&erasure::hash(&edition.erasure, &address))?;
            let wishes = member.as_ref().map(|member| member.wishes.clone()).unwrap_or_default();
            let name = member.map(|member| member.name).filter(|name| !name.is_empty());
            let name = name
                .or_else(|| listed.as_ref().map(|listed| listed.mailbox.name.clone()))
                .unwrap_or_default();
            let person = Subscriber {
                id: Subscriber::id_of(&address),
                mailbox: Mailbox { name, address },
                language: wishes.language.or_else(|| listed.as_ref().and_then(|one| one.language.clone())),
                topics: wishes
                    .topics
                    .or_else(|| listed.as_ref().map(|one| one.topics.clone()))
                    .unwrap_or_default(),
                cadence: wishes.cadence.or_else(|| listed.map(|one| one.cadence)).unwrap_or_default(),
                status: Status::Active,
            };
            let consent = Consent { at: now, how: "form".to_owned(), network: None, wording: None };
            ledger.move_member(list, from, &person, &consent)?;
            Ok(Outcome::Done("moved", person.id))
        }
        Errand::Export(subscriber) => {
            let mut holdings = ledger.holdings(subscriber)?;
            for newsletter in &edition.config.newsletters {
                let is_told = holdings
                    .memberships
                    .iter()
                    .any(|one| one.newsletter == newsletter.name && !one.email.is_empty());
                if let Some(listed) = state.on_file(&newsletter.name, subscriber)?.filter(|_| !is_told) {
                    holdings.memberships.push(of_file(&newsletter.name, listed));
                }
            }
            Ok(Outcome::Export(format!("{:#}\n", serde_json::to_value(holdings)?)))
        }
        Errand::Erase { subscriber, email } => {
            let address = Address::parse(email)?;
            let hash = erasure::hash(&edition.erasure, &address);
            let is_done = ledger.erase((subscriber, &address), &hash, now)?;
            Ok(if is_done { Outcome::Done("erased", subscriber.clone()) } else { Outcome::Later })
        }
        Errand::Undo(subscriber) => {
            let is_done = ledger.undo_leave(list, subscriber, now)?;
            Ok(if is_done { Outcome::Done("undone", subscriber.clone()) } else { Outcome::Expired })
        }
    }
}

/// What they agreed to, unless it has been worded otherwise since: then the hash of what it was.
fn wording(edition: &Edition, list: &str, application: &Application) -> String {
    let terms = edition.newsletter(list).map(|newsletter| Reader::of(edition, newsletter).word("terms"));
    let same = terms.filter(|terms| wording_hash(terms) == application.wording);
    same.unwrap_or_else(|| format!("blake3 {}", application.wording))
}

/// What the owner's list says of somebody.
fn of_file(newsletter: &str, listed: Subscriber) -> Membership {
    Membership {
        newsletter: newsletter.to_owned(),
        email: listed.mailbox.address.to_string(),
        name: listed.mailbox.name,
        language: listed.language,
        topics: listed.topics,
        cadence: Some(listed.cadence.as_str().to_owned()),
        status: listed.status.as_str().to_owned(),
        since: None,
        paused_until: None,
        reason: None,
        consent: Vec::new(),
    }
}

fn applicant(application: &Application) -> Result<Subscriber, AddressError> {
    let address = Address::parse(&application.email)?;
    Ok(Subscriber {
        id: Subscriber::id_of(&address),
        mailbox: Mailbox { name: application.name.clone(), address },
        language: application.language.clone(),
        topics: application.topics.clone(),
        cadence: application.cadence,
        status: Status::Active,
    })
}
