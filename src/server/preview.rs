//! The preview: posts, feeds and issues as they will be, for whoever writes them, on this machine alone. Here it is asked for and kept up to
//! date in browsers (server-sent events, HTML Living Standard §9.2); what there is to see, the command line knows.

use std::convert::Infallible;
use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use axum::extract::{Path, RawQuery, Request, State as Shared};
use axum::http::header::{CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE};
use axum::http::{HeaderValue, StatusCode};
use axum::middleware::{self, Next};
use axum::response::sse::{Event, KeepAlive, Sse};
use axum::response::{IntoResponse as _, Redirect, Response};
use axum::routing::get;
use futures_util::{Stream, StreamExt as _};
use minijinja::{Value, context};
use tokio_stream::wrappers::WatchStream;

use super::State;
use super::form::Fields;
use super::operator::is_from_here;
use super::page::{OWNER_POLICY, html_response};

/// What is to be seen.
#[derive(Clone, Debug)]
pub enum View {
    /// The next issue of a newsletter, or of the first one.
    Newsletter(Option<String>),
    /// Its HTML part alone.
    Mail(String),
    /// All posts.
    Posts,
    /// A post, by its file.
    Post(String),
    /// Its text alone.
    Text(String),
    /// All feeds.
    Feeds,
    /// A feed as a reader shows it, by its path.
    Feed(String),
    /// A feed as it is.
    Source(String),
    /// The text of an entry of a feed, by its place.
    Entry(String, usize),
    /// A picture or the like, by its path below the site's folder.
    File(String),
}

/// A view, for somebody, at a moment.
#[derive(Clone, Debug)]
pub struct Asked {
    /// What is to be seen.
    pub view: View,
    /// The subscriber whose copy it is; empty: what most get.
    pub reader: String,
    /// The moment as it was typed; empty: now.
    pub now: String,
}

/// What is seen.
#[derive(Debug)]
pub enum Shown {
    /// A page, by its template and what that knows.
    Page(&'static str, Value),
    /// A document for a frame.
    Framed(String),
    /// A file, with its media type.
    File(&'static str, Vec<u8>),
    /// There is no such thing.
    Nothing,
}

/// What there is to see.
pub trait Preview: Send + Sync {
    /// Shows it.
    fn show(&self, asked: &Asked) -> Shown;

    /// Something has changed: what was known counts no more.
    fn forget(&self);
}

/// Everything below `/preview/`.
pub(super) fn router(state: &Arc<State>, preview: Arc<dyn Preview>) -> Router {
    Router::new()
        .route("/", get(|| async { Redirect::temporary("/preview/") }))
        .route("/preview", get(|| async { Redirect::temporary("/preview/") }))
        .route("/preview/", get(|desk, query| show(desk, View::Newsletter(None), query)))
        .route("/preview/newsletter/{name}", get(newsletter))
        .route("/preview/newsletter/{name}/html", get(mail))
        .route("/preview/posts", get(|desk, query| show(desk, View::Posts, query)))
        .route("/preview/post", get(|desk, query| of_path(desk, View::Post, query)))
        .route("/preview/post/html", get(|desk, query| of_path(desk, View::Text, query)))
        .route("/preview/feeds", get(|desk, query| show(desk, View::Feeds, query)))
        .route("/preview/feed", get(|desk, query| of_path(desk, View::Feed, query)))
        .route("/preview/feed/source", get(|desk, query| of_path(desk, View::Source, query)))
        .route("/preview/feed/entry", get(entry))
        .route("/preview/file", get(|desk, query| of_path(desk, View::File, query)))
        .route("/preview/events", get(events))
        .route(
            "/preview/owner.css",
            get(async |desk| file(&desk, "owner/owner.css", "text/css; charset=utf-8")),
        )
        .route(
            "/preview/preview.js",
            get(async |desk| file(&desk, "owner/preview.js", "text/javascript; charset=utf-8")),
        )
        .layer(middleware::from_fn(guard))
        .with_state(Window { state: Arc::clone(state), preview })
}

#[derive(Clone)]
struct Window {
    state: Arc<State>,
    preview: Arc<dyn Preview>,
}

/// Drafts and addresses are seen here: by nobody who is not at this machine.
async fn guard(request: Request, next: Next) -> Response {
    if !is_from_here(&request) {
        return (StatusCode::FORBIDDEN, "the preview is for this machine alone").into_response();
    }
    let mut response = next.run(request).await;
    let head = response.headers_mut();
    head.insert("x-content-type-options", HeaderValue::from_static("nosniff"));
    // A picture, too, may hold a script (SVG).
    head.entry(CONTENT_SECURITY_POLICY)
        .or_insert(HeaderValue::from_static("default-src 'none'; style-src 'unsafe-inline'; sandbox"));
    head.entry(CACHE_CONTROL).or_insert(HeaderValue::from_static("no-store"));
    response
}

fn fields(query: Option<String>) -> Fields {
    Fields::of(query.unwrap_or_default().as_bytes())
}

async fn newsletter(desk: Shared<Window>, Path(name): Path<String>, query: RawQuery) -> Response {
    show(desk, View::Newsletter(Some(name)), query).await
}

async fn mail(desk: Shared<Window>, Path(name): Path<String>, query: RawQuery) -> Response {
    show(desk, View::Mail(name), query).await
}

async fn of_path(desk: Shared<Window>, view: fn(String) -> View, RawQuery(query): RawQuery) -> Response {
    let path = fields(query.clone()).get("path").to_owned();
    show(desk, view(path), RawQuery(query)).await
}

async fn entry(desk: Shared<Window>, RawQuery(query): RawQuery) -> Response {
    let asked = fields(query.clone());
    let place = asked.get("entry").parse().unwrap_or(usize::MAX);
    show(desk, View::Entry(asked.get("path").to_owned(), place), RawQuery(query)).await
}

async fn show(Shared(window): Shared<Window>, view: View, RawQuery(query): RawQuery) -> Response {
    let query = fields(query);
    let asked = Asked { view, reader: query.get("as").to_owned(), now: query.get("now").to_owned() };
    // A change from here on is another version's.
    let version = *window.state.changes.borrow();
    let preview = Arc::clone(&window.preview);
    let shown = tokio::task::spawn_blocking(move || preview.show(&asked)).await;
    match shown {
        Ok(Shown::Page(name, values)) => page(&window, name, &context! { version, ..values }),
        Ok(Shown::Framed(html)) => within(html_response(StatusCode::OK, html), FRAMED_POLICY),
        Ok(Shown::File(media_type, bytes)) => typed(bytes.into(), media_type),
        Ok(Shown::Nothing) => (StatusCode::NOT_FOUND, "there is no such thing to see").into_response(),
        Err(_) => (StatusCode::INTERNAL_SERVER_ERROR, "it could not be made").into_response(),
    }
}

/// What is shown in a frame of ours may do what mail may.
const FRAMED_POLICY: &str = "default-src 'none'; style-src 'unsafe-inline'; img-src * data:; media-src *; form-action 'none'; frame-ancestors 'self'";

fn page(window: &Window, name: &str, values: &Value) -> Response {
    match window.state.edition().templates.render(&format!("owner/{name}"), values) {
        Ok(html) => within(html_response(StatusCode::OK, html), OWNER_POLICY),
        Err(error) => (StatusCode::INTERNAL_SERVER_ERROR, error.message).into_response(),
    }
}

fn within(mut response: axum::http::Response<Body>, policy: &'static str) -> Response {
    response.headers_mut().insert(CONTENT_SECURITY_POLICY, HeaderValue::from_static(policy));
    response
}

fn typed(body: Body, media_type: &'static str) -> Response {
    let mut response = Response::new(body);
    response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static(media_type));
    response
}

fn file(Shared(window): &Shared<Window>, name: &'static str, media_type: &'static str) -> Response {
    match window.state.edition().templates.render(name, &context! {}) {
        Ok(text) => typed(text.into(), media_type),
        Err(error) => (StatusCode::INTERNAL_SERVER_ERROR, error.message).into_response(),
    }
}

/// That something has changed, as events `change`.
async fn events(Shared(window): Shared<Window>) -> Sse<impl Stream<Item = Result<Event, Infallible>>> {
    // The version that counts is said first: the page may have been made before it.
    let changes = WatchStream::new(window.state.changes.subscribe());
    let until = Arc::clone(&window.state);
    let events = changes
        .take_while(move |_| std::future::ready(!until.is_stopped()))
        .map(|version| Ok(Event::default().event("change").data(version.to_string())));
    Sse::new(events).keep_alive(KeepAlive::default())
}
