//! Issues as they go out: whoever listens hears of every change (server-sent events, HTML Living Standard §9.2).

use std::convert::Infallible;
use std::time::{Duration, Instant};

use axum::extract::State as Shared;
use axum::response::sse::{Event, KeepAlive, Sse};
use futures_util::{Stream, StreamExt as _};
use tokio::sync::watch;
use tokio_stream::wrappers::WatchStream;

use super::desk::Desk;
use super::views::{ErrorView, EventView};

/// How often it is looked, where looking takes next to no time.
const ROUND: Duration = Duration::from_millis(500);
/// How often it is looked whether the server is to end.
const STEP: Duration = Duration::from_millis(200);
/// How many issues are told of.
const TOLD: usize = 20;

/// Looks what has changed while somebody listens, until the server ends.
pub(super) async fn work(desk: Desk, told: watch::Sender<String>) {
    while !desk.state.is_stopped() {
        let start = Instant::now();
        // The desk's own receiver is one.
        if told.receiver_count() > 2
            && let Ok(views) = desk.newest(TOLD).await
        {
            let text = serde_json::to_string(&views).unwrap_or_default();
            told.send_if_modified(|before| {
                let is_news = *before != text;
                *before = text;
                is_news
            });
        }
        // To count a million copies takes a while: it must not be all that is done.
        let pause = ROUND.max(start.elapsed() * 10);
        let end = Instant::now() + pause;
        while !desk.state.is_stopped() && Instant::now() < end {
            let step = tokio::time::timeout(STEP, desk.again.notified()).await;
            if step.is_ok() {
                break;
            }
        }
    }
}

/// The issues whenever something about them changes, as events `issues`.
#[utoipa::path(get, path = "/events", tag = "issues", responses(
    (status = 200, description = "Events.", body = EventView, content_type = "text/event-stream"),
    (status = 401, description = "The token is missing or wrong.", body = ErrorView),
    (status = 403, description = "Not from this machine.", body = ErrorView),
))]
pub(super) async fn events(Shared(desk): Shared<Desk>) -> Sse<impl Stream<Item = Result<Event, Infallible>>> {
    let news = WatchStream::from_changes(desk.live.clone());
    let events = news.map(|issues| Ok(Event::default().event("issues").data(issues)));
    Sse::new(events).keep_alive(KeepAlive::default())
}
