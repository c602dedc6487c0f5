//! The operator's desk: issues and how they fare, failures, how many there are on each list; as pages and as JSON. It listens by itself,
//! never where readers do: for this machine alone, or behind a token.

mod api;
mod desk;
mod gate;
mod live;
mod pages;
mod views;

use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::http::StatusCode;
use axum::middleware;
use axum::routing::{get, post};
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::limit::RequestBodyLimitLayer;
use tower_http::timeout::TimeoutLayer;

use super::State;
use crate::ledger::Ledger;
use desk::Desk;

pub(super) use gate::is_from_here;

/// Nothing longer is sent here, in bytes.
const LONGEST_BODY: usize = 4 << 10;
/// How long an answer may take: a list of a million is counted in that time.
const PATIENCE: Duration = Duration::from_mins(1);

/// Everything below the desk's address; `ledger` is for it alone, so that nobody else waits while it counts.
pub(super) fn router(state: &Arc<State>, ledger: Ledger) -> Router {
    let (desk, told) = Desk::new(state, ledger);
    tokio::spawn(live::work(desk.clone(), told));
    let pages = Router::new()
        .route("/", get(pages::overview))
        .route("/owner.css", get(pages::css))
        .route("/operator.js", get(pages::script))
        .route("/issues/{id}", get(pages::issue))
        .route("/issues/{id}/{verb}", post(pages::act));
    let api = Router::new()
        .route("/newsletters", get(api::newsletters))
        .route("/issues", get(api::issues))
        .route("/issues/{id}", get(api::issue))
        .route("/issues/{id}/copies", get(api::copies))
        .route("/issues/{id}/{verb}", post(api::act))
        .route("/events", get(live::events))
        .route("/openapi.json", get(api::description))
        .fallback(api::nowhere)
        .method_not_allowed_fallback(api::not_allowed);
    pages
        .nest("/api/v1", api)
        .layer(RequestBodyLimitLayer::new(LONGEST_BODY))
        .layer(TimeoutLayer::with_status_code(StatusCode::SERVICE_UNAVAILABLE, PATIENCE))
        .layer(CatchPanicLayer::new())
        .layer(middleware::from_fn_with_state(Arc::clone(state), gate::guard))
        .with_state(desk)
}
