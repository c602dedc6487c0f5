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
use crate::config::Newsletter;
use crate::digest::web;
use crate::ids::{IssueId, SubscriberId};
use crate::ledger::{Archived, Ledger, LedgerError};
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
    let names = names(newsletter);
    let issues = state.with_ledger(move |_, ledger| issues_of(ledger, &names, &subscriber));
    let Some(Ok(issues)) = issues.await else {
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
    let (names, id) = (names(newsletter), IssueId::new(id));
    let found = state.with_ledger(move |_, ledger| {
        let has_got = issues_of(ledger, &names, &subscriber)?.iter().any(|issue| issue.id == id);
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

/// A newsletter's names: until a run has heard of a new one, its issues stand under the old.
fn names(newsletter: &Newsletter) -> Vec<String> {
    newsletter.was.iter().flatten().chain([&newsletter.name]).cloned().collect()
}

fn issues_of(
    ledger: &Ledger,
    names: &[String],
    subscriber: &SubscriberId,
) -> Result<Vec<Archived>, LedgerError> {
    let mut all = Vec::new();
    for name in names {
        all.extend(ledger.issues_of(name, subscriber)?);
    }
    all.sort_by_key(|issue| std::cmp::Reverse(issue.created));
    Ok(all)
}

/// What no search engine lists.
fn hidden(mut response: Response<Body>) -> Response<Body> {
    let head = response.headers_mut();
    head.insert(HeaderName::from_static("x-robots-tag"), HeaderValue::from_static("noindex"));
    head.insert(CACHE_CONTROL, HeaderValue::from_static("private, no-store"));
    response
}
