//! What somebody has asked for, and how they change it. The link is as old as the mail it came with, and may have been handed on with it:
//! what concerns more than the mail itself takes a letter to the address first.

use std::sync::Arc;

use axum::body::Body;
use axum::extract::{FromRequest as _, Path, Request, State as Shared};
use axum::http::{Response, StatusCode};
use chrono::{DateTime, Days, NaiveDate, NaiveTime, TimeZone as _, Utc};
use minijinja::{Value, context};

use super::clerk::{DAYS, Wish};
use super::edition::Edition;
use super::form::Fields;
use super::page::{Reader, masked};
use super::subscribe::{called, languages};
use super::unsubscribe::named;
use super::{State, network_of};
use crate::address::{Address, Mailbox};
use crate::config::{Archive, Cadence, Newsletter};
use crate::ids::SubscriberId;
use crate::ledger::{Ledger, LedgerError, Preferences};
use crate::subscribers::pass::Errand;
use crate::subscribers::token::Link;
use crate::subscribers::{Status, Subscriber};

/// The longest pause.
const LONGEST_PAUSE: Days = Days::new(366);

/// Somebody as the page shows them.
struct Person {
    mailbox: Mailbox,
    wishes: Preferences,
    status: Status,
}

/// What is known of somebody: by their own word, by the list's file, by where mail went last. `None` where nothing is.
fn person(
    state: &State,
    ledger: &Ledger,
    newsletter: &str,
    subscriber: &SubscriberId,
) -> Result<Option<Person>, LedgerError> {
    let member = ledger.member(newsletter, subscriber)?;
    // Who stands in the list's file, and has not signed up here besides.
    let is_own = member.as_ref().is_some_and(|member| member.listed);
    let listed = if is_own { None } else { state.on_file(newsletter, subscriber)? };
    let known = member.as_ref().and_then(|member| {
        let address = Address::parse(&member.email).ok()?;
        Some(Mailbox { name: member.name.clone(), address })
    });
    let mailbox = known.or_else(|| listed.as_ref().map(|listed| listed.mailbox.clone()));
    let Some(mailbox) = mailbox.map_or_else(|| ledger.last_address(subscriber), |known| Ok(Some(known)))?
    else {
        return Ok(None);
    };
    let mut wishes = member.as_ref().map(|member| member.wishes.clone()).unwrap_or_default();
    if let Some(Subscriber { language, topics, cadence, .. }) = &listed {
        wishes.language = wishes.language.or_else(|| language.clone());
        wishes.topics.get_or_insert_with(|| topics.clone());
        wishes.cadence.get_or_insert(*cadence);
    }
    let own = member.map(|member| member.status_at(state.now()));
    let mut status = own.or(listed.map(|listed| listed.status)).unwrap_or(Status::Unsubscribed);
    if let Some((reason, _)) = ledger.suppressed(subscriber)? {
        status = Status::named(&reason);
    }
    Ok(Some(Person { mailbox, wishes, status }))
}

/// The page.
pub(super) async fn show(
    Shared(state): Shared<Arc<State>>,
    Path((list, token)): Path<(String, String)>,
) -> Response<Body> {
    respond(&state, &list, &token, (None, None), false).await
}

/// Does as the form says.
pub(super) async fn save(
    Shared(state): Shared<Arc<State>>,
    Path((list, token)): Path<(String, String)>,
    fields: Fields,
) -> Response<Body> {
    let edition = state.edition();
    let Some((newsletter, subscriber)) = named(&edition, Link::Preferences, &list, &token) else {
        return Reader::of_site(&edition).problem(StatusCode::NOT_FOUND, "bad_link");
    };
    let wishes = match read(&edition, newsletter, &fields, state.now()) {
        Ok(wishes) => wishes,
        Err(error) => return respond(&state, &list, &token, (Some(error), Some(&fields)), false).await,
    };
    let (of, offered) = (newsletter.name.clone(), newsletter.topics.clone());
    let saved = state
        .with_ledger(move |state, ledger| {
            let Some(person) = person(state, ledger, &of, &subscriber)? else { return Ok(false) };
            let before = person.wishes;
            // What is not on offer cannot be chosen anew, and stays.
            let kept = before.topics.unwrap_or_default().into_iter().filter(|topic| !offered.contains(topic));
            let topics = wishes.topics.map(|chosen| chosen.into_iter().chain(kept).collect());
            let wishes = Preferences {
                language: wishes.language.or(before.language),
                topics,
                cadence: wishes.cadence.or(before.cadence),
                paused_until: wishes.paused_until,
            };
            let listed = state.on_file(&of, &subscriber)?.map(|listed| listed.status);
            ledger.prefer(&of, (&subscriber, listed), &wishes, state.now())
        })
        .await;
    match saved {
        Some(Ok(saved)) => respond(&state, &list, &token, (None, None), saved).await,
        _ => Reader::of(&edition, newsletter).problem(StatusCode::SERVICE_UNAVAILABLE, "try_later"),
    }
}

fn read(
    edition: &Edition,
    newsletter: &Newsletter,
    fields: &Fields,
    now: DateTime<Utc>,
) -> Result<Preferences, &'static str> {
    let topics = fields.all("topics");
    if topics.iter().any(|topic| !newsletter.topics.contains(topic)) {
        return Err("bad_choice");
    }
    let language = Some(fields.get("language")).filter(|language| !language.is_empty());
    if language.is_some_and(|language| !languages(newsletter).contains(&language)) {
        return Err("bad_choice");
    }
    let zone = edition.config.site.timezone;
    let paused_until = match fields.get("pause") {
        "" => None,
        written => {
            let day = NaiveDate::parse_from_str(written, "%Y-%m-%d").map_err(|_| "bad_date")?;
            let today = now.with_timezone(&zone).date_naive();
            if day <= today {
                return Err("past_date");
            }
            if day > today + LONGEST_PAUSE {
                return Err("far_date");
            }
            let begin = zone.from_local_datetime(&day.and_time(NaiveTime::MIN)).earliest();
            Some(begin.map_or_else(|| day.and_time(NaiveTime::MIN).and_utc(), |begin| begin.to_utc()))
        }
    };
    let cadence = Some(fields.get("cadence")).filter(|cadence| !cadence.is_empty());
    Ok(Preferences {
        language: language.map(str::to_owned),
        topics: Some(topics).filter(|_| !newsletter.topics.is_empty()),
        cadence: cadence.map(Cadence::named),
        paused_until,
    })
}

/// Has a letter written that leads to what takes one: another address, all that is kept, to be forgotten.
pub(super) async fn write_letter(
    Shared(state): Shared<Arc<State>>,
    Path((list, token, errand)): Path<(String, String, String)>,
    request: Request,
) -> Response<Body> {
    let edition = state.edition();
    let (parts, body) = request.into_parts();
    let network = network_of(&edition, &parts);
    let fields = match Fields::from_request(Request::from_parts(parts, body), &()).await {
        Ok(fields) => fields,
        Err(status) => return Reader::of_site(&edition).problem(status, "too_large"),
    };
    let Some((newsletter, subscriber)) = named(&edition, Link::Preferences, &list, &token) else {
        return Reader::of_site(&edition).problem(StatusCode::NOT_FOUND, "bad_link");
    };
    let language = state.language_of(newsletter, &subscriber).await;
    let reader = Reader { language: &language, ..Reader::of(&edition, newsletter) };
    let later = || reader.problem(StatusCode::SERVICE_UNAVAILABLE, "try_later");
    match state.may_send(network).await {
        Some(true) => {}
        Some(false) => return reader.problem(StatusCode::TOO_MANY_REQUESTS, "too_many"),
        None => return later(),
    }
    let (of, who) = (newsletter.name.clone(), subscriber.clone());
    let found = state.with_ledger(move |state, ledger| person(state, ledger, &of, &who)).await;
    let Some(Ok(found)) = found else { return reader.problem(StatusCode::SERVICE_UNAVAILABLE, "try_later") };
    let Some(Person { mailbox, wishes, .. }) = found else {
        return reader.problem(StatusCode::NOT_FOUND, "bad_link");
    };
    let who_asks = subscriber.clone();
    let (to, errand_of) = match errand.as_str() {
        "move" => match Address::parse(fields.get("email")) {
            Ok(address) => {
                let errand = Errand::Move { from: subscriber, email: address.to_string() };
                (Mailbox { name: mailbox.name, address }, errand)
            }
            Err(_) => return respond(&state, &list, &token, (Some("bad_address"), None), false).await,
        },
        "export" => (mailbox, Errand::Export(subscriber)),
        "erase" => {
            let email = mailbox.address.to_string();
            (mailbox, Errand::Erase { subscriber, email })
        }
        _ => return reader.problem(StatusCode::NOT_FOUND, "not_found"),
    };
    // Nobody has letters sent to many others.
    let Some(by_one) = state.may_write(&format!("errands of {list}"), who_asks.as_str()).await else {
        return later();
    };
    if by_one && state.may_write(&newsletter.name, &to.address.key()).await == Some(true) {
        let wish =
            Wish { newsletter: newsletter.name.clone(), errand: errand_of, to, language: wishes.language };
        if !state.counter.leave(wish) {
            return reader.problem(StatusCode::SERVICE_UNAVAILABLE, "try_later");
        }
    }
    reader.page(StatusCode::OK, "sent", context! { kind => errand, days => DAYS })
}

async fn respond(
    state: &Arc<State>,
    list: &str,
    token: &str,
    (error, typed): (Option<&'static str>, Option<&Fields>),
    saved: bool,
) -> Response<Body> {
    let edition = state.edition();
    let Some((newsletter, subscriber)) = named(&edition, Link::Preferences, list, token) else {
        return Reader::of_site(&edition).problem(StatusCode::NOT_FOUND, "bad_link");
    };
    let (of, who) = (newsletter.name.clone(), subscriber.clone());
    let found = state.with_ledger(move |state, ledger| person(state, ledger, &of, &who)).await;
    let mut person = match found {
        Some(Ok(Some(person))) => person,
        Some(Ok(None)) => return Reader::of(&edition, newsletter).problem(StatusCode::NOT_FOUND, "bad_link"),
        _ => {
            return Reader::of(&edition, newsletter).problem(StatusCode::SERVICE_UNAVAILABLE, "try_later");
        }
    };
    let language = person.wishes.language.clone().unwrap_or_else(|| newsletter.language.clone());
    let reader = Reader { language: &language, ..Reader::of(&edition, newsletter) };
    // What was chosen stays chosen, though something else has to be mended.
    if let Some(typed) = typed {
        person.wishes.topics = Some(typed.all("topics"));
        person.wishes.cadence = Some(Cadence::named(typed.get("cadence")));
    }
    let status = if error.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    let own = shown(state, newsletter, &person, (&language, error, saved), &subscriber);
    reader.page(status, "preferences", own)
}

fn shown(
    state: &State,
    newsletter: &Newsletter,
    person: &Person,
    (language, error, saved): (&str, Option<&str>, bool),
    subscriber: &SubscriberId,
) -> Value {
    let edition = state.edition();
    let zone = edition.config.site.timezone;
    let action = super::unsubscribe::preferences(&edition, newsletter, subscriber).unwrap_or_default();
    let unsubscribe = edition.signer.as_ref().map(|signer| {
        format!("{}{}", edition.base(), signer.path(Link::Unsubscribe, &newsletter.name, subscriber))
    });
    let signer = edition.signer.as_ref().filter(|_| newsletter.archive == Archive::Private);
    let issues = signer.map(|signer| {
        format!("{}{}", edition.base(), signer.path(Link::Issues, &newsletter.name, subscriber))
    });
    let chosen = person.wishes.topics.clone().unwrap_or_default();
    let cadence = person.wishes.cadence.unwrap_or_default();
    let topics: Vec<Value> = newsletter
        .topics
        .iter()
        .map(|topic| context! { value => topic, chosen => chosen.contains(topic) })
        .collect();
    let cadences: Vec<Value> = Cadence::ALL
        .into_iter()
        .map(|one| {
            let label = format!("cadence_{}", one.as_str());
            context! { value => one.as_str(), label_key => label, chosen => one == cadence }
        })
        .collect();
    let languages: Vec<Value> = languages(newsletter)
        .into_iter()
        .map(|one| context! { value => one, name => called(one), chosen => one == language })
        .collect();
    let day = |moment: DateTime<Utc>| moment.with_timezone(&zone).format("%Y-%m-%d").to_string();
    context! {
        address => masked(&person.mailbox.address.to_string()),
        topics => topics,
        cadences => cadences,
        languages => languages,
        paused_until => person.wishes.paused_until.map(day),
        status => person.status.as_str(),
        saved => saved,
        error => error,
        // The first day on which a pause may end.
        today => day(state.now() + chrono::TimeDelta::days(1)),
        subscribe => format!("{}subscribe/{}", edition.base(), newsletter.name),
        move => format!("{action}/move"),
        export => format!("{action}/export"),
        erase => format!("{action}/erase"),
        action => action,
        unsubscribe => unsubscribe,
        issues => issues,
    }
}
