//! The log: what happens as lines on standard error, for those who collect them. Begun by `--log`.
//!
//! Rooms below say what happens by `tracing`; without a log it costs them nothing. No address stands in it, no secret, and no word of a
//! relay's, which may hold an address.

use std::fmt;
use std::io;

use chrono::SecondsFormat;
use clap::ValueEnum;
use tracing::Level;
use tracing_subscriber::fmt::format::Writer;
use tracing_subscriber::fmt::time::FormatTime;
use tracing_subscriber::layer::SubscriberExt as _;
use tracing_subscriber::util::SubscriberInitExt as _;
use tracing_subscriber::{filter, fmt as lines};

use super::Verbosity;
use crate::clock::Clock;
use crate::diagnostic::Diagnostic;

/// How its lines are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum LogFormat {
    /// Time, level, what happened, and `key=value`
    Text,
    /// One JSON object a line
    Json,
}

/// Begins the log of this process. Quiet has the errors, verbose the reasons, too.
pub fn begin(format: LogFormat, verbosity: Verbosity, clock: Clock) {
    let level = match verbosity {
        Verbosity::Quiet => Level::ERROR,
        Verbosity::Normal => Level::INFO,
        Verbosity::Verbose => Level::DEBUG,
    };
    // What libraries say may hold addresses.
    let ours = filter::Targets::new().with_target(env!("CARGO_CRATE_NAME"), level);
    let layer = lines::layer().with_writer(io::stderr).with_ansi(false).with_timer(clock).with_target(false);
    let log = tracing_subscriber::registry().with(ours);
    // A second one in the same process has nothing to add to the first.
    let _ = match format {
        LogFormat::Text => log.with(layer).try_init(),
        LogFormat::Json => log
            .with(layer.json().flatten_event(true).with_current_span(false).with_span_list(false))
            .try_init(),
    };
}

/// A finding about the owner's files.
pub(super) fn finding(finding: &Diagnostic) {
    let Diagnostic { code, help, .. } = finding;
    // What is quoted from a list is somebody's address or name.
    let is_of_list = code.starts_with("subscriber") || code.starts_with("import");
    let message = discreet(&finding.message);
    let message = if is_of_list { without_quotes(&message) } else { message };
    let path = finding.path.display();
    let line = finding.place.as_ref().map(|place| place.line);
    let column = finding.place.as_ref().map(|place| place.column);
    if finding.is_error() {
        tracing::error!(code, %path, line, column, help, "{message}");
    } else {
        tracing::warn!(code, %path, line, column, help, "{message}");
    }
}

/// A text without words that are addresses.
pub(super) fn discreet(text: &str) -> String {
    let word = |word: &'_ str| if word.contains('@') { "…".to_owned() } else { word.to_owned() };
    text.split(' ').map(word).collect::<Vec<_>>().join(" ")
}

/// A text without what stands in it between backticks.
fn without_quotes(text: &str) -> String {
    let part =
        |(index, part): (usize, &str)| if index % 2 == 1 { "`…`".to_owned() } else { part.to_owned() };
    text.split('`').enumerate().map(part).collect()
}

impl FormatTime for Clock {
    fn format_time(&self, line: &mut Writer<'_>) -> fmt::Result {
        line.write_str(&self.now().to_rfc3339_opts(SecondsFormat::Micros, true))
    }
}
