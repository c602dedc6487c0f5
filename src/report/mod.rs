//! The only room that prints.
//!
//! What a program may read goes to stdout; everything else to stderr. Not responsible for what is worth saying.

mod diagnostics;
pub mod log;
mod meter;
mod sarif;

use std::io::{self, Write as _};

use anstream::{AutoStream, ColorChoice};

use crate::diagnostic::Diagnostic;

pub use diagnostics::as_json;
pub use log::LogFormat;
pub use meter::Meter;
pub use sarif::as_sarif;

/// `1 post`, `2 posts`.
pub fn count(number: usize, what: &str) -> String {
    format!("{number} {what}{}", if number == 1 { "" } else { "s" })
}

/// How much is said on stderr.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Verbosity {
    /// Errors only.
    Quiet,
    /// What was done, and what is wrong.
    Normal,
    /// Why, too.
    Verbose,
}

/// Where a command says things.
#[derive(Clone, Copy, Debug)]
pub struct Reporter {
    /// How much.
    pub verbosity: Verbosity,
    /// Whether in colour.
    pub color: ColorChoice,
    /// Whether it is lines of a log, which has been begun.
    pub is_log: bool,
    /// Whether what happens is told as JSON, one object a line, on stdout.
    pub events: bool,
}

impl Reporter {
    /// Something that a program may read. A reader that has gone away is no error.
    pub fn data(&self, text: &str) -> io::Result<()> {
        let mut out = io::stdout().lock();
        match out.write_all(text.as_bytes()).and_then(|()| out.flush()) {
            Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
            result => result,
        }
    }

    /// What was done.
    pub fn note(&self, text: &str) {
        if self.is_log {
            tracing::info!("{}", log::discreet(text));
        } else if self.verbosity >= Verbosity::Normal {
            self.line(text);
        }
    }

    /// Why it was done.
    pub fn detail(&self, text: &str) {
        if self.is_log {
            tracing::debug!("{}", log::discreet(text));
        } else if self.verbosity >= Verbosity::Verbose {
            self.line(text);
        }
    }

    /// The progress of one issue.
    pub fn meter(&self, issue: &str, newsletter: &str) -> Meter {
        let seen = match (self.events, self.verbosity) {
            (true, _) => meter::Seen::AsEvents,
            (_, Verbosity::Quiet) => meter::Seen::Not,
            _ if self.is_log => meter::Seen::Not,
            _ => meter::Seen::OnStderr,
        };
        Meter::new(issue, newsletter, seen)
    }

    /// What could not be done.
    pub fn error(&self, text: &str) {
        if self.is_log {
            return tracing::error!("{}", log::discreet(text));
        }
        self.line(&format!("\u{1b}[1;31merror\u{1b}[0m: {text}"));
    }

    /// Findings about the owner's files, each with its source line.
    pub fn diagnostics(&self, list: &[Diagnostic]) {
        for diagnostic in list.iter().filter(|d| d.is_error() || self.verbosity >= Verbosity::Normal) {
            if self.is_log {
                log::finding(diagnostic);
            } else {
                self.line(&diagnostics::rendered(diagnostic));
            }
        }
    }

    /// Findings about posts, of which there may be thousands: what was left out is shown, what is merely odd is one line.
    pub fn posts(&self, list: &[Diagnostic]) {
        // What asks for a decision is no mere oddity.
        let is_shown = |one: &Diagnostic| one.is_error() || one.code == "id-kept";
        let (shown, warnings): (Vec<Diagnostic>, Vec<Diagnostic>) = list.iter().cloned().partition(is_shown);
        let (kept, shown): (Vec<Diagnostic>, Vec<Diagnostic>) =
            shown.into_iter().partition(|one| one.code == "id-kept");
        self.by_kind(&shown, 10);
        // A new domain keeps every id at once.
        self.by_kind(&kept, 3);
        if let Some(line) = diagnostics::summary(&warnings) {
            self.note(&line);
        }
    }

    /// Findings kind by kind, no more than `most` of each whole.
    pub fn by_kind(&self, list: &[Diagnostic], most: usize) {
        for (code, kind) in diagnostics::kinds(list) {
            let shown: Vec<Diagnostic> = kind.iter().take(most).map(|one| (*one).clone()).collect();
            self.diagnostics(&shown);
            if kind.len() > most {
                self.note(&format!(
                    "{code}: {} more like these; `tidings check --json` lists them all",
                    kind.len() - most
                ));
            }
        }
    }

    fn line(&self, text: &str) {
        // Nothing can be said about a stderr that cannot be written to.
        let _ = writeln!(AutoStream::new(io::stderr(), self.color), "{text}");
    }
}
