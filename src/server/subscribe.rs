//! The form by which people sign up. Its answer is the same for every address.

use std::sync::Arc;

use axum::body::Body;
use axum::extract::{FromRequest as _, Path, Request, State as Shared};
use axum::http::header::{
    ACCEPT, ACCESS_CONTROL_ALLOW_HEADERS, ACCESS_CONTROL_ALLOW_METHODS, ACCESS_CONTROL_ALLOW_ORIGIN,
    CONTENT_TYPE, ORIGIN, VARY,
};
use axum::http::{HeaderMap, HeaderValue, Response, StatusCode};
use minijinja::{Value, context};
use serde_json::json;

use super::clerk::{DAYS, Wish};
use super::edition::Edition;
use super::form::Fields;
use super::health::Metrics;
use super::page::Reader;
use super::{State, client, network_of};
use crate::address::{Address, Mailbox};
use crate::config::{Cadence, Newsletter};
use crate::content::clean;
use crate::subscribers::pass::{Application, Errand};

/// A longer name cannot stand in a mail.
const LONGEST_NAME: usize = 100;

/// The page with the form.
pub(super) async fn form(Shared(state): Shared<Arc<State>>, Path(list): Path<String>) -> Response<Body> {
    let edition = state.edition();
    let Some(newsletter) = open(&edition, &list) else {
        return Reader::of_site(&edition).problem(StatusCode::NOT_FOUND, "not_found");
    };
    page(&edition, newsletter, &Fields::default(), None)
}

/// What somebody has written into it.
pub(super) async fn apply(
    Shared(state): Shared<Arc<State>>,
    Path(list): Path<String>,
    request: Request,
) -> Response<Body> {
    let edition = state.edition();
    let Some(newsletter) = open(&edition, &list) else {
        return Reader::of_site(&edition).problem(StatusCode::NOT_FOUND, "not_found");
    };
    let (parts, body) = request.into_parts();
    let wants_json =
        parts.headers.get(ACCEPT).is_some_and(|kind| kind.as_bytes().starts_with(b"application/json"));
    let network = network_of(&edition, &parts);
    let headers = parts.headers.clone();
    let answer = |status: StatusCode, response: Response<Body>, word: &str| {
        let mut response = if wants_json { as_json(status, word) } else { response };
        share(&edition, &headers, response.headers_mut());
        response
    };
    let reader = Reader::of(&edition, newsletter);
    let later = || {
        let status = StatusCode::SERVICE_UNAVAILABLE;
        answer(status, reader.problem(status, "try_later"), "try_later")
    };
    match state.may_send(network).await {
        Some(true) => {}
        Some(false) => {
            Metrics::one(&state.metrics.limited);
            let status = StatusCode::TOO_MANY_REQUESTS;
            return answer(status, reader.problem(status, "too_many"), "too_many");
        }
        None => return later(),
    }
    let fields = match Fields::from_request(Request::from_parts(parts, body), &()).await {
        Ok(fields) => fields,
        Err(status) => return answer(status, reader.problem(status, "too_large"), "too_large"),
    };
    let wish = match read(newsletter, &fields) {
        Ok(wish) => wish,
        Err(error) => {
            let response = page(&edition, newsletter, &fields, Some(error));
            return answer(StatusCode::UNPROCESSABLE_ENTITY, response, error);
        }
    };
    let sent = || reader.page(StatusCode::OK, "sent", context! { kind => "subscribe", days => DAYS });
    // What fills in every field is no reader.
    let is_machine = !fields.get("website").is_empty();
    let (to, mut application) = wish;
    let is_allowed =
        if is_machine { Some(false) } else { state.may_write(&newsletter.name, &to.address.key()).await };
    match is_allowed {
        Some(true) => {}
        Some(false) => return answer(StatusCode::OK, sent(), "sent"),
        None => return later(),
    }
    application.network = client::hashed(network, &edition.keys);
    application.wording = wording_hash(&reader.word("terms"));
    let language = application.language.clone();
    let errand = Errand::Join(application);
    if !state.counter.leave(Wish { newsletter: newsletter.name.clone(), errand, to, language }) {
        return later();
    }
    answer(StatusCode::OK, sent(), "sent")
}

/// What a browser asks before a script of another site may send the form.
pub(super) async fn preflight(Shared(state): Shared<Arc<State>>, headers: HeaderMap) -> Response<Body> {
    let mut response = Response::new(Body::empty());
    *response.status_mut() = StatusCode::NO_CONTENT;
    share(&state.edition(), &headers, response.headers_mut());
    response
}

/// What a wording is known by, which would be too long for a link.
pub(super) fn wording_hash(wording: &str) -> String {
    blake3::hash(wording.as_bytes()).to_hex()[..16].to_owned()
}

/// The newsletter that can be signed up to.
fn open<'a>(edition: &'a Edition, list: &str) -> Option<&'a Newsletter> {
    edition.signer.as_ref().and_then(|_| edition.newsletter(list))
}

fn read(newsletter: &Newsletter, fields: &Fields) -> Result<(Mailbox, Application), &'static str> {
    let address = Address::parse(fields.get("email")).map_err(|_| "bad_address")?;
    let name = clean::one_line(fields.get("name"));
    if name.chars().count() > LONGEST_NAME || looks_like_a_link(&name) {
        return Err("bad_name");
    }
    let mut topics = fields.all("topics");
    topics.sort();
    topics.dedup();
    if topics.iter().any(|topic| !newsletter.topics.contains(topic)) {
        return Err("bad_choice");
    }
    let language = Some(fields.get("language").to_owned()).filter(|language| !language.is_empty());
    if language.as_ref().is_some_and(|language| !languages(newsletter).contains(&language.as_str())) {
        return Err("bad_choice");
    }
    if fields.get("consent") != "yes" {
        return Err("no_consent");
    }
    let application = Application {
        email: address.to_string(),
        name: name.clone(),
        // Where there is no choice, it is the newsletter's, whatever becomes of that.
        language: language.filter(|_| !newsletter.languages.is_empty()),
        topics,
        cadence: Cadence::named(fields.get("cadence")),
        network: String::new(),
        wording: String::new(),
    };
    Ok((Mailbox { name, address }, application))
}

/// Whoever signs up a stranger has their words delivered in the letter: no link may be among them.
fn looks_like_a_link(name: &str) -> bool {
    name.contains("://") || name.contains("www.") || name.contains('/')
}

/// The languages that may be chosen: the newsletter's own, and those it offers.
pub(super) fn languages(newsletter: &Newsletter) -> Vec<&str> {
    let mut all: Vec<&str> = vec![&newsletter.language];
    all.extend(newsletter.languages.iter().map(String::as_str).filter(|one| *one != newsletter.language));
    all
}

/// A language by its own name.
pub(super) fn called(language: &str) -> &str {
    match language.split('-').next().unwrap_or_default() {
        "ko" => "한국어",
        "ja" => "日本語",
        "en" => "English",
        "zh" => "中文",
        "de" => "Deutsch",
        "fr" => "Français",
        "es" => "Español",
        _ => language,
    }
}

fn page(edition: &Edition, newsletter: &Newsletter, fields: &Fields, error: Option<&str>) -> Response<Body> {
    let reader = Reader::of(edition, newsletter);
    let action = format!("{}subscribe/{}", edition.base(), newsletter.name);
    let language = Some(fields.get("language")).filter(|language| !language.is_empty());
    let languages: Vec<Value> = languages(newsletter)
        .into_iter()
        .map(|language| context! { value => language, name => called(language) })
        .collect();
    let own = context! {
        action => action,
        form => context! {
            email => fields.get("email"),
            name => fields.get("name"),
            topics => fields.all("topics"),
            language => language.unwrap_or(&newsletter.language),
        },
        topics => newsletter.topics.clone(),
        languages => languages,
        error => error,
        terms => reader.word("terms"),
    };
    let status = if error.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    reader.page(status, "subscribe", own)
}

fn as_json(status: StatusCode, word: &str) -> Response<Body> {
    let key = if status.is_success() { "status" } else { "error" };
    let mut response = Response::new(Body::from(json!({ key: word }).to_string()));
    *response.status_mut() = status;
    response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
    response
}

/// Lets the scripts of the sites that the owner names read the answer (Fetch Standard §3.2).
fn share(edition: &Edition, asked: &HeaderMap, answered: &mut HeaderMap) {
    let Some(origin) = asked.get(ORIGIN) else { return };
    answered.append(VARY, HeaderValue::from_static("Origin"));
    if edition.config.http.origins.iter().any(|known| known.as_bytes() == origin.as_bytes()) {
        answered.insert(ACCESS_CONTROL_ALLOW_ORIGIN, origin.clone());
        answered.insert(ACCESS_CONTROL_ALLOW_METHODS, HeaderValue::from_static("POST"));
        answered.insert(ACCESS_CONTROL_ALLOW_HEADERS, HeaderValue::from_static("Content-Type"));
        // A page there can show the answer.
        answered.insert("cross-origin-resource-policy", HeaderValue::from_static("cross-origin"));
    }
}
