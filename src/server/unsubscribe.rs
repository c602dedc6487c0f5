//! One click out (RFC 8058): a POST takes the subscriber off the list, whatever its body; a GET only asks, as whatever looks through mail
//! for dangers follows every link in it.

use std::sync::Arc;

use axum::body::Body;
use axum::extract::{Path, State as Shared};
use axum::http::{Response, StatusCode};
use chrono::{DateTime, Utc};
use minijinja::{Value, context};

use super::State;
use super::edition::Edition;
use super::form::Fields;
use super::health::Metrics;
use super::page::Reader;
use crate::config::Newsletter;
use crate::content::clean;
use crate::ids::SubscriberId;
use crate::ledger::{LedgerError, UNDO};
use crate::subscribers::pass::{Errand, Pass};
use crate::subscribers::token::Link;

/// What may be said of why; anything else is in their own words.
const REASONS: [&str; 4] = ["too_many", "not_for_me", "never_asked", "other"];
/// Their own words, in characters.
const LONGEST: usize = 500;

/// Whom a link is for.
pub(super) fn named<'a>(
    edition: &'a Edition,
    link: Link,
    list: &str,
    token: &str,
) -> Option<(&'a Newsletter, SubscriberId)> {
    let subscriber = edition.signer.as_ref()?.read(link, list, token)?;
    // Mail of a newsletter that has another name since has links by the old one.
    let was = |newsletter: &&Newsletter| newsletter.was.iter().flatten().any(|was| was == list);
    let newsletter = edition.newsletter(list).or_else(|| edition.config.newsletters.iter().find(was))?;
    Some((newsletter, subscriber))
}

/// The page that asks.
pub(super) async fn ask(
    Shared(state): Shared<Arc<State>>,
    Path((list, token)): Path<(String, String)>,
) -> Response<Body> {
    let edition = state.edition();
    let Some((newsletter, subscriber)) = named(&edition, Link::Unsubscribe, &list, &token) else {
        return Reader::of_site(&edition).problem(StatusCode::NOT_FOUND, "bad_link");
    };
    let own = context! {
        kind => "unsubscribe",
        action => format!("{}unsubscribe/{list}/{token}", edition.base()),
        fields => Vec::<Value>::new(),
        preferences => preferences(&edition, newsletter, &subscriber),
    };
    let language = state.language_of(newsletter, &subscriber).await;
    Reader { language: &language, ..Reader::of(&edition, newsletter) }.page(StatusCode::OK, "button", own)
}

/// Takes them off.
pub(super) async fn leave(
    Shared(state): Shared<Arc<State>>,
    Path((list, token)): Path<(String, String)>,
    _fields: Fields,
) -> Response<Body> {
    let edition = state.edition();
    let Some((newsletter, subscriber)) = named(&edition, Link::Unsubscribe, &list, &token) else {
        return Reader::of_site(&edition).problem(StatusCode::NOT_FOUND, "bad_link");
    };
    let (written, list) = (list.clone(), newsletter.name.clone());
    let (of, who) = (list.clone(), subscriber.clone());
    let left = state
        .with_ledger(move |state, ledger| {
            let listed = state.on_file(&of, &who)?.map(|listed| listed.status);
            ledger.leave(&of, (&who, listed), state.now())
        })
        .await;
    let language = state.language_of(newsletter, &subscriber).await;
    let reader = Reader { language: &language, ..Reader::of(&edition, newsletter) };
    match left {
        Some(Ok(true)) => Metrics::one(&state.metrics.left),
        Some(Ok(false)) => {}
        // Whoever asks by machine asks again.
        _ => return reader.problem(StatusCode::SERVICE_UNAVAILABLE, "try_later"),
    }
    let choices: Vec<Value> = REASONS
        .iter()
        .map(|reason| context! { value => *reason, label_key => format!("reason_{reason}") })
        .collect();
    let base = edition.base();
    let own = context! {
        kind => "unsubscribed",
        undo => undo(&edition, &list, &subscriber, state.now()),
        reason => context! {
            action => format!("{base}unsubscribe/{written}/{token}/reason"),
            fields => Vec::<Value>::new(),
            choices => choices,
        },
        preferences => (),
    };
    reader.page(StatusCode::OK, "done", own)
}

/// Hears why.
pub(super) async fn reason(
    Shared(state): Shared<Arc<State>>,
    Path((list, token)): Path<(String, String)>,
    fields: Fields,
) -> Response<Body> {
    let edition = state.edition();
    let Some((newsletter, subscriber)) = named(&edition, Link::Unsubscribe, &list, &token) else {
        return Reader::of_site(&edition).problem(StatusCode::NOT_FOUND, "bad_link");
    };
    let list = newsletter.name.clone();
    let chosen = Some(fields.get("reason")).filter(|reason| REASONS.contains(reason));
    let words: String = clean::one_line(fields.get("words")).chars().take(LONGEST).collect();
    let said: Vec<&str> =
        chosen.into_iter().chain(Some(words.as_str()).filter(|words| !words.is_empty())).collect();
    let (of, who, said) = (list.clone(), subscriber.clone(), said.join(": "));
    let left = state
        .with_ledger(move |_, ledger| {
            if !said.is_empty() {
                ledger.left_because(&of, &who, &said)?;
            }
            Ok::<_, LedgerError>(ledger.member(&of, &who)?.map(|member| member.since))
        })
        .await;
    // The ten minutes run on.
    let left = left.and_then(Result::ok).flatten().filter(|left| *left + UNDO > state.now());
    let undo = left.map(|left| undo(&edition, &list, &subscriber, left));
    let own = context! { kind => "thanked", undo => undo, reason => (), preferences => () };
    let language = state.language_of(newsletter, &subscriber).await;
    Reader { language: &language, ..Reader::of(&edition, newsletter) }.page(StatusCode::OK, "done", own)
}

/// The button by which somebody takes it back who left at a moment.
fn undo(edition: &Edition, list: &str, subscriber: &SubscriberId, left: DateTime<Utc>) -> Value {
    let pass = Pass {
        list: list.to_owned(),
        errand: Errand::Undo(subscriber.clone()),
        until: (left + UNDO).timestamp(),
        asked: left.timestamp(),
    };
    context! {
        action => format!("{}pass/{}", edition.base(), pass.written(&edition.keys)),
        fields => Vec::<Value>::new(),
        minutes => UNDO.num_minutes(),
    }
}

/// The address of what somebody has asked for.
pub(super) fn preferences(
    edition: &Edition,
    newsletter: &Newsletter,
    subscriber: &SubscriberId,
) -> Option<String> {
    let signer = edition.signer.as_ref()?;
    Some(format!("{}{}", edition.base(), signer.path(Link::Preferences, &newsletter.name, subscriber)))
}
