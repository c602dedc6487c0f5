//! A newsletter's list, as commands meet it.

use std::path::Path;

use super::Exit;
use super::seals;
use super::site::{Failure, Site};
use crate::config::Newsletter;
use crate::diagnostic::Diagnostic;
use crate::digest::schedule::Asked;
use crate::ids::SubscriberId;
use crate::ledger::{Ledger, LedgerError, Members};
use crate::report::Reporter;
use crate::subscribers::{self, Status, erasure};

/// A newsletter's list, which stands on the ledger's roll: how many may be written to, and what is wrong with it.
pub(super) struct List {
    pub active: u64,
    pub diagnostics: Vec<Diagnostic>,
}

impl List {
    /// Reads it onto the roll, with what its members say.
    pub(super) fn load(site: &Site, newsletter: &Newsletter, ledger: &Ledger) -> Result<Self, Failure> {
        Self::read(site, newsletter, ledger, Members::Heeded)
    }

    /// Reads its file alone onto the roll.
    pub(super) fn load_file(site: &Site, newsletter: &Newsletter, ledger: &Ledger) -> Result<Self, Failure> {
        Self::read(site, newsletter, ledger, Members::Aside)
    }

    fn read(
        site: &Site,
        newsletter: &Newsletter,
        ledger: &Ledger,
        members: Members,
    ) -> Result<Self, Failure> {
        let forgotten = if ledger.has_erased()? { Some(seals::erasure_keys(&site.config)?) } else { None };
        let (mut diagnostics, twice) = ledger.enrol((&newsletter.name, site.now), members, |roll| {
            let Some(path) = &newsletter.subscribers else { return Ok(Vec::new()) };
            subscribers::read(path, site.shown(path), |subscriber| {
                // Who has asked to be forgotten is passed over, as if they did not stand there.
                if let Some(keys) = &forgotten
                    && ledger.is_erased(&erasure::hash(keys, &subscriber.mailbox.address))?
                {
                    return Ok(());
                }
                roll.put(subscriber)
            })
        })?;
        if let Some(path) = newsletter.subscribers.as_ref().filter(|_| !twice.is_empty()) {
            diagnostics.extend(subscribers::twice(path, site.shown(path), &twice));
        }
        Ok(Self { active: ledger.listed(&newsletter.name)?, diagnostics })
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

/// Who is to be written to, and who asks.
#[derive(Clone, Copy)]
pub(super) struct Reading<'a> {
    pub site: &'a Site,
    pub newsletter: &'a Newsletter,
    pub report: &'a Reporter,
    pub asked: Asked,
}

/// Sees to it that a list is on the roll, from which it is lost where a connection has ended meanwhile. How the run ends where there is
/// nobody to write to.
pub(super) fn keep(
    reading: Reading<'_>,
    ledger: &Ledger,
    found: &mut Vec<Diagnostic>,
) -> Result<Option<Exit>, Failure> {
    if ledger.listed(&reading.newsletter.name)? > 0 { Ok(None) } else { read(reading, None, ledger, found) }
}

/// Reads a list onto the roll, unless it has been `list`. How the run ends where there is nobody to write to.
pub(super) fn read(
    Reading { site, newsletter, report, asked }: Reading<'_>,
    list: Option<List>,
    ledger: &Ledger,
    found: &mut Vec<Diagnostic>,
) -> Result<Option<Exit>, Failure> {
    let list = list.map_or_else(|| List::load(site, newsletter, ledger), Ok)?;
    let unreadable = list.is_unreadable();
    found.extend(list.discreet());
    if unreadable {
        return Ok(Some(Exit::Partly));
    }
    // An empty list is more likely a mishap than the wish of every subscriber: what waits goes on waiting.
    if list.active == 0 {
        let words = format!("{}: nobody on the list is active; nothing is sent", newsletter.name);
        if asked == Asked::ByOwner {
            report.note(&words);
        } else {
            // Cron's mail says it once.
            let help = "`tidings subscribers add ADDR` puts somebody on it, `import` a whole list";
            found.push(Diagnostic::warning("nobody", &site.config_path, words).help(help));
        }
        return Ok(Some(Exit::Done));
    }
    Ok(None)
}

/// What a list's file says of somebody, if it names them.
pub(super) fn said_in(site: &Site, file: &Path, subscriber: &SubscriberId) -> Result<Option<Status>, String> {
    let mut said = None;
    let found = subscribers::read(file, site.shown(file), |one| {
        if one.id == *subscriber {
            said = Some(one.status);
        }
        Ok::<_, LedgerError>(())
    });
    let found = found.map_err(|error| error.to_string())?;
    let unread = found.iter().find(|one| one.code == "subscribers");
    unread.map_or(Ok(said), |one| Err(one.message.clone()))
}
