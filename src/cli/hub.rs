//! The hub hears of what has changed: once for each document, and again later where it did not listen.

use std::path::Path;

use super::site::{Failure, Site};
use crate::diagnostic::Diagnostic;
use crate::ledger::Ledger;
use crate::publish::{HubError, Teller};

/// Tells the hub of what is due. What it did not take is a finding, and is tried again.
pub(super) fn tell(site: &Site, ledger: &Ledger) -> Result<Vec<Diagnostic>, Failure> {
    ledger.keep_pings_of(site.config.feeds.hub.as_ref().map(url::Url::as_str))?;
    let mut found = Vec::new();
    let mut is_away = false;
    let due = ledger.due_pings(site.now)?;
    if due.is_empty() {
        return Ok(found);
    }
    let teller = Teller::ready();
    for ping in due {
        // One that does not answer is not asked again and again in one run.
        if is_away {
            ledger.ping_failed(&ping, site.now)?;
            continue;
        }
        match teller.tell(&ping.hub, &ping.topic) {
            Ok(()) => ledger.ping_heard(&ping)?,
            Err(error) => {
                is_away = matches!(error, HubError::Away(_));
                ledger.ping_failed(&ping, site.now)?;
                let message = format!("the hub `{}` has not heard of the changed feeds: {error}", ping.hub);
                let help = "nothing is lost: `tidings run` tells it again later, and readers poll as ever";
                let path: &Path = &site.config_path;
                found.push(Diagnostic::warning("hub", path, message).help(help));
            }
        }
    }
    found.dedup();
    Ok(found)
}
