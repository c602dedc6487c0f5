//! How far a delivery has come: a bar on a terminal, a line now and then elsewhere, or events for a program.

use std::io::{self, IsTerminal as _, Write as _};
use std::sync::Mutex;
use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressStyle};
use serde_json::json;

/// The first line elsewhere than on a terminal comes after so long, each further one after twice as long as the one before: a mail from
/// cron stays short.
const FIRST_LINE: Duration = Duration::from_secs(15);
/// Events come no closer than that.
const BETWEEN_EVENTS: Duration = Duration::from_secs(1);

/// Where a meter is seen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Seen {
    /// Wherever standard error leads.
    OnStderr,
    /// As one JSON object a line on standard output.
    AsEvents,
    /// Nowhere.
    Not,
}

/// The progress of one issue.
#[derive(Debug)]
pub struct Meter {
    issue: String,
    newsletter: String,
    began: Instant,
    shown: Shown,
}

#[derive(Debug)]
enum Shown {
    Bar(ProgressBar),
    Lines(Mutex<(Instant, Duration)>),
    Events(Mutex<Option<Instant>>),
    Nothing,
}

impl Meter {
    pub(super) fn new(issue: &str, newsletter: &str, seen: Seen) -> Self {
        let began = Instant::now();
        let shown = match seen {
            Seen::Not => Shown::Nothing,
            Seen::AsEvents => Shown::Events(Mutex::new(None)),
            Seen::OnStderr if io::stderr().is_terminal() => Shown::Bar(bar(newsletter)),
            Seen::OnStderr => Shown::Lines(Mutex::new((began, FIRST_LINE))),
        };
        Self { issue: issue.to_owned(), newsletter: newsletter.to_owned(), began, shown }
    }

    /// Of `whole` copies that were waiting, these have come to be in those states.
    pub fn step(&self, whole: u64, states: &[(&'static str, u64)]) {
        let done: u64 = states.iter().map(|(_, count)| count).sum();
        match &self.shown {
            Shown::Bar(bar) => {
                if bar.length() != Some(whole) {
                    bar.set_length(whole);
                }
                bar.set_position(done);
                bar.set_message(listed(states));
            }
            Shown::Lines(next) => {
                let Ok(mut next) = next.lock() else { return };
                if next.0.elapsed() >= next.1 {
                    *next = (Instant::now(), next.1 * 2);
                    let line = format!(
                        "{}: {done} of {whole}: {}; {}",
                        self.newsletter,
                        listed(states),
                        self.pace(done, whole)
                    );
                    let _ = writeln!(io::stderr(), "{line}");
                }
            }
            Shown::Events(last) => {
                let Ok(mut last) = last.lock() else { return };
                if last.is_none_or(|last| last.elapsed() >= BETWEEN_EVENTS) {
                    let event = if last.is_none() { "begin" } else { "progress" };
                    *last = Some(Instant::now());
                    self.event(event, Some(whole), states);
                }
            }
            Shown::Nothing => {}
        }
    }

    /// The delivery is over for now, the whole issue being as `states` says.
    pub fn end(&self, states: &[(&'static str, u64)]) {
        match &self.shown {
            Shown::Bar(bar) => bar.finish_and_clear(),
            Shown::Events(_) => self.event("end", None, states),
            Shown::Lines(_) | Shown::Nothing => {}
        }
    }

    fn event(&self, event: &str, whole: Option<u64>, states: &[(&'static str, u64)]) {
        let states: serde_json::Map<_, _> =
            states.iter().map(|(state, count)| (state.replace(' ', "_"), (*count).into())).collect();
        let mut object = json!({ "event": event, "issue": self.issue, "newsletter": self.newsletter, "deliveries": states });
        if let Some(whole) = whole {
            object["waiting"] = whole.into();
        }
        object["seconds"] = self.began.elapsed().as_secs().into();
        let _ = writeln!(io::stdout(), "{object}");
    }

    fn pace(&self, done: u64, whole: u64) -> String {
        let seconds = self.began.elapsed().as_secs().max(1);
        let left = whole.saturating_sub(done).checked_mul(seconds).and_then(|left| left.checked_div(done));
        let left = left.map_or_else(String::new, |left| format!(", about {} min left", left.div_ceil(60)));
        format!("{} a second{left}", done / seconds)
    }
}

fn bar(newsletter: &str) -> ProgressBar {
    let style = ProgressStyle::with_template("{prefix} {wide_bar} {pos}/{len} {per_sec} {eta} left; {msg}");
    let style = style.unwrap_or_else(|_| ProgressStyle::default_bar());
    ProgressBar::new(0).with_style(style).with_prefix(newsletter.to_owned())
}

fn listed(states: &[(&'static str, u64)]) -> String {
    states.iter().map(|(state, count)| format!("{count} {state}")).collect::<Vec<_>>().join(", ")
}
