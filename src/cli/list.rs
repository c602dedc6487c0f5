//! A newsletter's list, as commands meet it.

use super::site::Site;
use crate::config::Newsletter;
use crate::diagnostic::Diagnostic;
use crate::subscribers::{self, Active, Subscriber};

/// A newsletter's list: who may be written to, and what is wrong with it.
pub(super) struct List {
    pub active: Vec<Active>,
    pub diagnostics: Vec<Diagnostic>,
}

impl List {
    pub(super) fn load(site: &Site, newsletter: &Newsletter) -> Self {
        let (all, diagnostics) = newsletter
            .subscribers
            .as_ref()
            .map(|path| subscribers::load(path, site.shown(path)))
            .unwrap_or_default();
        Self { active: all.into_iter().filter_map(Subscriber::active).collect(), diagnostics }
    }

    /// The findings without what would put an address into a log: each kind once, with where to look.
    pub(super) fn discreet(&self) -> Vec<Diagnostic> {
        let mut told: Vec<Diagnostic> = Vec::new();
        for finding in &self.diagnostics {
            if finding.code == "subscribers" {
                // What the parser says of a spot may quote it.
                let quiet = match finding.place {
                    Some(_) => Diagnostic {
                        place: None,
                        message: "the list cannot be read".to_owned(),
                        help: "`tidings check` shows where and why".to_owned(),
                        ..finding.clone()
                    },
                    None => finding.clone(),
                };
                told.push(quiet);
            } else if !told.iter().any(|earlier| earlier.code == finding.code) {
                let count = self.diagnostics.iter().filter(|other| other.code == finding.code).count();
                let what = match finding.code {
                    "subscriber-address" => "an address that is none is left out",
                    "subscriber-cadence" => "a cadence is not known; the newsletter's own counts",
                    "subscriber-status" => "a status is not known: nothing is sent there",
                    "subscriber-name" => "a name holds a line break or control character; it is read without",
                    _ => "an address stands in the list twice",
                };
                let message = if count > 1 { format!("{what} ({count} times)") } else { what.to_owned() };
                let help = "`tidings check` shows the lines".to_owned();
                told.push(Diagnostic { place: None, message, help, ..finding.clone() });
            }
        }
        told
    }

    /// Whether the list could not be read at all.
    pub(super) fn is_unreadable(&self) -> bool {
        self.diagnostics.iter().any(|diagnostic| diagnostic.code == "subscribers")
    }
}
