//! The desk's pages.

use axum::body::Body;
use axum::extract::{Path, RawQuery, State as Shared};
use axum::http::header::{CONTENT_SECURITY_POLICY, CONTENT_TYPE, LOCATION};
use axum::http::{HeaderValue, Response, StatusCode};
use minijinja::value::Serde;
use minijinja::{Value, context};

use super::api::{self, asked};
use super::desk::{Desk, Refusal};
use crate::server::page::{OWNER_POLICY, html_response};

/// Copies on a page.
const SHOWN: usize = 200;

/// All newsletters and issues.
pub(super) async fn overview(Shared(desk): Shared<Desk>) -> Response<Body> {
    let found = async {
        let (newsletters, issues) = (desk.newsletters().await?, desk.issues(&asked(None)).await?);
        let (letters_waiting, hooks_waiting) = desk.waiting().await?;
        let newsletters = Value::from(Serde(newsletters));
        Ok(context! { newsletters, issues => Value::from(Serde(issues)), letters_waiting, hooks_waiting })
    };
    match found.await {
        Ok(own) => page(&desk, "operator.html", own),
        Err(refusal) => refused(&refusal),
    }
}

/// One issue with its copies.
pub(super) async fn issue(
    Shared(desk): Shared<Desk>,
    Path(id): Path<String>,
    RawQuery(query): RawQuery,
) -> Response<Body> {
    let state = asked(query).get("state").to_owned();
    let of_state = if state.is_empty() { String::new() } else { format!("&state={state}") };
    let wanted = asked(Some(format!("limit={}{of_state}", SHOWN + 1)));
    let found = async {
        let (issue, mut copies) = (desk.issue(id.clone()).await?, desk.copies(id, &wanted).await?);
        let is_cut = copies.len() > SHOWN;
        copies.truncate(SHOWN);
        let (issue, shown) = (Value::from(Serde(issue)), copies.len());
        Ok(context! { issue, shown, copies => Value::from(Serde(copies)), state, is_cut })
    };
    match found.await {
        Ok(own) => page(&desk, "issue.html", own),
        Err(refusal) => refused(&refusal),
    }
}

/// Does as the operator says, and shows the issue.
pub(super) async fn act(
    Shared(desk): Shared<Desk>,
    Path((id, verb)): Path<(String, String)>,
) -> Response<Body> {
    match desk.act(id.clone(), verb).await {
        // That it was so before is seen on the page.
        Ok(_) | Err(Refusal::Conflict(_)) => {
            let mut response = Response::new(Body::empty());
            *response.status_mut() = StatusCode::SEE_OTHER;
            if let Ok(place) = HeaderValue::try_from(format!("/issues/{id}")) {
                response.headers_mut().insert(LOCATION, place);
            }
            response
        }
        Err(refusal) => refused(&refusal),
    }
}

/// How the pages look.
pub(super) async fn css(Shared(desk): Shared<Desk>) -> Response<Body> {
    file(&desk, "owner/owner.css", "text/css; charset=utf-8")
}

/// What keeps them up to date.
pub(super) async fn script(Shared(desk): Shared<Desk>) -> Response<Body> {
    file(&desk, "owner/operator.js", "text/javascript; charset=utf-8")
}

fn file(desk: &Desk, name: &str, media_type: &'static str) -> Response<Body> {
    match desk.state.edition().templates.render(name, &context! {}) {
        Ok(text) => {
            let mut response = Response::new(Body::from(text));
            response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static(media_type));
            response
        }
        Err(error) => api::problem(StatusCode::INTERNAL_SERVER_ERROR, &error.message),
    }
}

fn page(desk: &Desk, name: &str, own: Value) -> Response<Body> {
    let edition = desk.state.edition();
    let site = &edition.config.site;
    let site = context! { title => site.title.as_str(), url => site.url.as_str() };
    match edition.templates.render(&format!("owner/{name}"), &context! { base => "/", site, ..own }) {
        Ok(html) => {
            let mut response = html_response(StatusCode::OK, html);
            response.headers_mut().insert(CONTENT_SECURITY_POLICY, HeaderValue::from_static(OWNER_POLICY));
            response
        }
        Err(error) => api::problem(StatusCode::INTERNAL_SERVER_ERROR, &error.message),
    }
}

fn refused(refusal: &Refusal) -> Response<Body> {
    match refusal {
        Refusal::NotFound(words) => api::problem(StatusCode::NOT_FOUND, words),
        Refusal::Conflict(words) => api::problem(StatusCode::CONFLICT, words),
        Refusal::Query(words) => api::problem(StatusCode::BAD_REQUEST, words),
        Refusal::Ledger(error) => api::problem(StatusCode::SERVICE_UNAVAILABLE, &error.to_string()),
        Refusal::Broken => api::problem(StatusCode::SERVICE_UNAVAILABLE, "try again later"),
    }
}
