//! Whether the server lives, and in numbers how it does (Prometheus' text format 0.0.4).

use std::fmt::Write as _;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use axum::body::Body;
use axum::extract::State as Shared;
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE};
use axum::http::{HeaderValue, Response, StatusCode};

use super::State;

/// How many answers of each class there were, and what subscribers did.
#[derive(Debug, Default)]
pub(super) struct Metrics {
    answers: [AtomicU64; 5],
    pub(super) joined: AtomicU64,
    pub(super) left: AtomicU64,
    pub(super) limited: AtomicU64,
}

impl Metrics {
    pub(super) fn answered(&self, status: StatusCode) {
        let class = usize::from(status.as_u16() / 100).saturating_sub(1).min(4);
        self.answers[class].fetch_add(1, Ordering::Relaxed);
    }

    pub(super) fn one(counter: &AtomicU64) {
        counter.fetch_add(1, Ordering::Relaxed);
    }
}

/// It lives.
pub(super) async fn lives() -> Response<Body> {
    plain(StatusCode::OK, "ok\n".to_owned())
}

/// It can do its work: the ledger can be read.
pub(super) async fn is_ready(Shared(state): Shared<Arc<State>>) -> Response<Body> {
    match state.with_ledger(|_, ledger| ledger.newsletters().is_ok()).await {
        Some(true) => plain(StatusCode::OK, "ready\n".to_owned()),
        _ => plain(StatusCode::SERVICE_UNAVAILABLE, "the ledger cannot be read\n".to_owned()),
    }
}

/// The numbers.
pub(super) async fn metrics(Shared(state): Shared<Arc<State>>) -> Response<Body> {
    let waiting = state.with_ledger(|_, ledger| ledger.letters_waiting().unwrap_or(0)).await.unwrap_or(0);
    let metrics = &state.metrics;
    let mut text = String::new();
    text.push_str("# HELP tidings_http_responses_total Answers, by class of status.\n");
    text.push_str("# TYPE tidings_http_responses_total counter\n");
    for (index, count) in metrics.answers.iter().enumerate() {
        let count = count.load(Ordering::Relaxed);
        let _ = writeln!(text, "tidings_http_responses_total{{class=\"{}xx\"}} {count}", index + 1);
    }
    for (name, help, counter) in [
        ("tidings_subscribed_total", "Confirmed subscriptions.", &metrics.joined),
        ("tidings_unsubscribed_total", "Subscribers who left by their link.", &metrics.left),
        ("tidings_limited_total", "Forms refused, as too many came.", &metrics.limited),
    ] {
        let count = counter.load(Ordering::Relaxed);
        let _ = writeln!(text, "# HELP {name} {help}\n# TYPE {name} counter\n{name} {count}");
    }
    let _ = writeln!(
        text,
        "# HELP tidings_letters_waiting Letters that have not left yet.\n# TYPE tidings_letters_waiting gauge\ntidings_letters_waiting {waiting}"
    );
    plain(StatusCode::OK, text)
}

fn plain(status: StatusCode, text: String) -> Response<Body> {
    let mut response = Response::new(Body::from(text));
    *response.status_mut() = status;
    let head = response.headers_mut();
    head.insert(CONTENT_TYPE, HeaderValue::from_static("text/plain; charset=utf-8"));
    head.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}
