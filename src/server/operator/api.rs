//! The desk's JSON, and its description (OpenAPI 3.1).

use axum::body::Body;
use axum::extract::{Path, RawQuery, State as Shared};
use axum::http::header::CONTENT_TYPE;
use axum::http::{HeaderValue, StatusCode};
use axum::response::Response;
use serde::Serialize;
use utoipa::OpenApi;
use utoipa::openapi::security::{HttpAuthScheme, HttpBuilder, SecurityRequirement, SecurityScheme};

use super::desk::{Desk, Refusal};
use super::views::{CopyView, ErrorView, IssueView, NewsletterView, StateView, VerbView};
use crate::server::form::Fields;

#[derive(OpenApi)]
#[openapi(
    info(title = "tidings", description = "Issues, how they fare, and who is on the lists."),
    servers((url = "/api/v1")),
    paths(newsletters, issues, issue, copies, act, super::live::events),
    components(schemas(StateView, VerbView)),
)]
struct Description;

/// Says that a token is needed.
fn by_token(description: &mut utoipa::openapi::OpenApi) {
    let components = description.components.get_or_insert_default();
    let scheme = HttpBuilder::new().scheme(HttpAuthScheme::Bearer).build();
    components.add_security_scheme("token", SecurityScheme::Http(scheme));
    description.security = Some(vec![SecurityRequirement::new("token", Vec::<String>::new())]);
}

/// The newsletters, with how many there are on their lists.
#[utoipa::path(get, path = "/newsletters", tag = "lists", responses(
    (status = 200, description = "All of them.", body = Vec<NewsletterView>),
    (status = 401, description = "The token is missing or wrong.", body = ErrorView),
    (status = 403, description = "Not from this machine.", body = ErrorView),
    (status = 503, description = "The ledger cannot be read.", body = ErrorView),
))]
pub(super) async fn newsletters(Shared(desk): Shared<Desk>) -> Response {
    answer(desk.newsletters().await)
}

/// The newest issues, and all that have copies which are not done.
#[utoipa::path(get, path = "/issues", tag = "issues", params(
    ("limit" = Option<u16>, Query, description = "How many [default: 20]", minimum = 1, maximum = 1000),
), responses(
    (status = 200, description = "Newest first.", body = Vec<IssueView>),
    (status = 400, description = "The query makes no sense.", body = ErrorView),
    (status = 401, description = "The token is missing or wrong.", body = ErrorView),
    (status = 403, description = "Not from this machine.", body = ErrorView),
    (status = 503, description = "The ledger cannot be read.", body = ErrorView),
))]
pub(super) async fn issues(Shared(desk): Shared<Desk>, RawQuery(query): RawQuery) -> Response {
    answer(desk.issues(&asked(query)).await)
}

/// One issue.
#[utoipa::path(get, path = "/issues/{id}", tag = "issues", params(
    ("id" = String, Path, description = "The issue's id"),
), responses(
    (status = 200, description = "The issue.", body = IssueView),
    (status = 401, description = "The token is missing or wrong.", body = ErrorView),
    (status = 403, description = "Not from this machine.", body = ErrorView),
    (status = 404, description = "There is none of that id.", body = ErrorView),
    (status = 503, description = "The ledger cannot be read.", body = ErrorView),
))]
pub(super) async fn issue(Shared(desk): Shared<Desk>, Path(id): Path<String>) -> Response {
    answer(desk.issue(id).await)
}

/// Copies of an issue, with what became of them and why.
#[utoipa::path(get, path = "/issues/{id}/copies", tag = "issues", params(
    ("id" = String, Path, description = "The issue's id"),
    ("state" = Option<StateView>, Query, description = "Only those in this state, such as `failed` [default: all but the sent]"),
    ("limit" = Option<u16>, Query, description = "How many [default: 20]", minimum = 1, maximum = 1000),
), responses(
    (status = 200, description = "By state and address.", body = Vec<CopyView>),
    (status = 400, description = "The query makes no sense.", body = ErrorView),
    (status = 401, description = "The token is missing or wrong.", body = ErrorView),
    (status = 403, description = "Not from this machine.", body = ErrorView),
    (status = 404, description = "There is no issue of that id.", body = ErrorView),
    (status = 503, description = "The ledger cannot be read.", body = ErrorView),
))]
pub(super) async fn copies(
    Shared(desk): Shared<Desk>,
    Path(id): Path<String>,
    RawQuery(query): RawQuery,
) -> Response {
    answer(desk.copies(id, &asked(query)).await)
}

/// Has an issue wait, lets it go on, or calls back what has not been sent.
#[utoipa::path(post, path = "/issues/{id}/{verb}", tag = "issues", params(
    ("id" = String, Path, description = "The issue's id"),
    ("verb" = VerbView, Path, description = "What to do"),
), responses(
    (status = 200, description = "The issue as it is now.", body = IssueView),
    (status = 401, description = "The token is missing or wrong.", body = ErrorView),
    (status = 403, description = "Not from this machine, or from a page elsewhere.", body = ErrorView),
    (status = 404, description = "There is no issue of that id, or no such verb.", body = ErrorView),
    (status = 409, description = "There is nothing to be done about it.", body = ErrorView),
    (status = 413, description = "A body of more than 4 KB, where none is needed."),
    (status = 503, description = "The ledger cannot be written.", body = ErrorView),
))]
pub(super) async fn act(Shared(desk): Shared<Desk>, Path((id, verb)): Path<(String, String)>) -> Response {
    answer(desk.act(id, verb).await)
}

/// The description.
pub(super) async fn description(Shared(desk): Shared<Desk>) -> Response {
    let mut description = Description::openapi();
    if !desk.state.edition().tokens.is_empty() {
        by_token(&mut description);
    }
    json(StatusCode::OK, &description)
}

/// There is nothing here.
pub(super) async fn nowhere() -> Response {
    problem(StatusCode::NOT_FOUND, "there is nothing at this address; `openapi.json` says what there is")
}

/// The method is not for here.
pub(super) async fn not_allowed() -> Response {
    problem(StatusCode::METHOD_NOT_ALLOWED, "this method is not for this address")
}

/// What a query asks for.
pub(super) fn asked(query: Option<String>) -> Fields {
    Fields::of(query.unwrap_or_default().as_bytes())
}

/// An error, in words.
pub(super) fn problem(status: StatusCode, words: &str) -> Response {
    json(status, &ErrorView { error: words.to_owned() })
}

fn answer<T: Serialize>(found: Result<T, Refusal>) -> Response {
    match found {
        Ok(found) => json(StatusCode::OK, &found),
        Err(Refusal::NotFound(words)) => problem(StatusCode::NOT_FOUND, words),
        Err(Refusal::Conflict(words)) => problem(StatusCode::CONFLICT, words),
        Err(Refusal::Query(words)) => problem(StatusCode::BAD_REQUEST, &words),
        Err(Refusal::Ledger(error)) => problem(StatusCode::SERVICE_UNAVAILABLE, &error.to_string()),
        Err(Refusal::Broken) => problem(StatusCode::SERVICE_UNAVAILABLE, "try again later"),
    }
}

fn json<T: Serialize>(status: StatusCode, value: &T) -> Response {
    let mut response = Response::new(Body::from(serde_json::to_vec(value).unwrap_or_default()));
    *response.status_mut() = status;
    response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
    response
}
