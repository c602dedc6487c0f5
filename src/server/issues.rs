//! Issues for their readers alone: each by a link of their own, and the list of them.

use std::sync::Arc;

use axum::body::Body;
use axum::extract::{Path, State as Shared};
use axum::http::header::{CACHE_CONTROL, CONTENT_SECURITY_POLICY};
use axum::http::{HeaderName, HeaderValue, Response, StatusCode};
use minijinja::context;

use super::State;
use super::page::{Reader, html_response};
use super::shelf::MAIL_POLICY;
use super::unsubscribe::named;
use crate::digest::web;
use crate::ids::IssueId;
use crate::subscribers::token::Link;

/// The issues that somebody has got.
pub(super) async fn list(
    Shared(state): Shared<Arc<State>>,
    Path((list, token)): Path<(String, String)>,
) -> Response<Body> {
    let edition = state.edition();
    let Some((newsletter, subscriber)) = named(&edition, Link::Issues, &list, &token) else {
        return Reader::of_site(&edition).problem(StatusCode::NOT_FOUND, "bad_link");
    };
    let language = state.language_of(newsletter, &subscriber).await;
    let reader = Reader { language: &language, ..Reader::of(&edition, newsletter) };
    let of = newsletter.name.clone();
    let Some(Ok(issues)) = state.with_ledger(move |_, ledger| ledger.issues_of(&of, &subscriber)).await
    else {
        return reader.problem(StatusCode::SERVICE_UNAVAILABLE, "try_later");
    };
    let rows = issues.iter().map(|issue| {
        let local = issue.created.with_timezone(&edition.config.site.timezone);
        context! {
            url => format!("{}issues/{list}/{token}/{}", edition.base(), issue.id),
            subject => issue.subject.as_str(),
            date => local.format("%Y-%m-%d").to_string(),
            datetime => local.to_rfc3339(),
        }
    });
    let own =
        context! { issues => rows.collect::<Vec<_>>(), feed => (), subscribe => (), is_private => true };
    hidden(reader.page(StatusCode::OK, "archive", own))
}

/// One of them.
pub(super) async fn show(
    Shared(state): Shared<Arc<State>>,
    Path((list, token, id)): Path<(String, String, String)>,
) -> Response<Body> {
    let edition = state.edition();
    let Some((newsletter, subscriber)) = named(&edition, Link::Issues, &list, &token) else {
        return Reader::of_site(&edition).problem(StatusCode::NOT_FOUND, "bad_link");
    };
    let (of, id) = (newsletter.name.clone(), IssueId::new(id));
    let found = state.with_ledger(move |_, ledger| {
        let has_got = ledger.issues_of(&of, &subscriber)?.iter().any(|issue| issue.id == id);
        if has_got { ledger.issue(&id) } else { Ok(None) }
    });
    match found.await {
        Some(Ok(Some(issue))) => {
            let mut response = html_response(StatusCode::OK, web::page(&issue));
            response.headers_mut().insert(CONTENT_SECURITY_POLICY, HeaderValue::from_static(MAIL_POLICY));
            hidden(response)
        }
        Some(Ok(None)) => Reader::of(&edition, newsletter).problem(StatusCode::NOT_FOUND, "not_found"),
        _ => Reader::of(&edition, newsletter).problem(StatusCode::SERVICE_UNAVAILABLE, "try_later"),
    }
}

/// What no search engine lists.
fn hidden(mut response: Response<Body>) -> Response<Body> {
    let head = response.headers_mut();
    head.insert(HeaderName::from_static("x-robots-tag"), HeaderValue::from_static("noindex"));
    head.insert(CACHE_CONTROL, HeaderValue::from_static("private, no-store"));
    response
}
