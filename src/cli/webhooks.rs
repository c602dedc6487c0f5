//! Other programs hear of what has happened: each happening once, and again later where nobody listened.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::{Duration, Instant};

use chrono::{DateTime, Utc};

use super::site::{Failure, Site};
use crate::config::Config;
use crate::diagnostic::Diagnostic;
use crate::ledger::{Ledger, LedgerError};
use crate::publish::Herald;
use crate::report::Reporter;
use crate::server::State;

/// Has the database note from now on what the webhooks hear of.
pub(super) fn heed(config: &Config, ledger: &mut Ledger) -> Result<(), LedgerError> {
    let wanted: Vec<_> =
        config.webhooks.iter().map(|hook| (hook.url.to_string(), hook.kinds.clone())).collect();
    ledger.keep_webhooks(&wanted)
}

/// When something is told, and when that is over.
pub(super) struct Round<'a> {
    /// The time of each attempt, which is signed.
    pub now: &'a dyn Fn() -> DateTime<Utc>,
    /// Whether the rest is for another time.
    pub is_over: &'a dyn Fn() -> bool,
}

/// Tells what a command has to tell at its end: for so long, and the rest is for the next one.
pub(super) fn tell_briefly(site: &Site, ledger: &mut Ledger) -> Result<Vec<Diagnostic>, Failure> {
    let start = Instant::now();
    let round = Round { now: &|| site.clock.now(), is_over: &|| start.elapsed() > BRIEFLY };
    tell(&site.config, ledger, &round)
}

/// Tells what is due. What was not heard is a finding, and is tried again.
fn tell(config: &Config, ledger: &mut Ledger, round: &Round<'_>) -> Result<Vec<Diagnostic>, Failure> {
    heed(config, ledger)?;
    ledger.announce_issues((round.now)())?;
    let mut found = Vec::new();
    let mut secrets = HashMap::new();
    let mut herald = None;
    while !(round.is_over)()
        && let Some(happening) = ledger.take_happening((round.now)())?
    {
        // Another config may know it.
        let Some(hook) = config.webhooks.iter().find(|hook| hook.url.as_str() == happening.url) else {
            break;
        };
        let host = hook.url.host_str().unwrap_or_default();
        let secrets = secrets.entry(&hook.url).or_insert_with(|| hook.secret.reveal_all());
        let heard = match secrets {
            Ok(secrets) => {
                let message = (happening.name.as_str(), &*happening.body());
                let herald = herald.get_or_insert_with(Herald::ready);
                herald
                    .tell(&happening.url, message, secrets, (round.now)())
                    .map_err(|error| error.to_string())
            }
            Err(error) => Err(error.to_string()),
        };
        let Err(why) = heard else {
            ledger.happening_heard(&happening)?;
            continue;
        };
        let let_go = ledger.nobody_heard(&happening, (round.now)())?;
        let message = match let_go {
            0 => format!("the webhook at `{host}` has not heard of what happened: {why}"),
            _ => format!(
                "the webhook at `{host}` has not heard for three days: {why}; {let_go} of what it should hear is let go"
            ),
        };
        let help = "it is told again later, for three days";
        found.push(Diagnostic::warning("webhook", "webhooks".as_ref(), message).help(help));
    }
    Ok(found)
}

/// How long a command tells at its end.
const BRIEFLY: Duration = Duration::from_secs(30);
/// How often a server looks whether something has happened.
const ROUND: Duration = Duration::from_secs(1);

/// Tells what is due until the server ends.
pub(super) fn keep_telling(state: &Arc<State>, mut ledger: Ledger, report: &Reporter) {
    let mut said = Vec::new();
    while !state.is_stopped() {
        let round = Round { now: &|| state.now(), is_over: &|| state.is_stopped() };
        // Where it cannot be reached, telling fails, and is tried again.
        drop(ledger.reconnect());
        match tell(&state.edition().config, &mut ledger, &round) {
            Ok(found) if found.is_empty() => {}
            // Once, not at every attempt.
            Ok(found) => {
                if found != said {
                    report.diagnostics(&found);
                }
                said = found;
            }
            Err(Failure::World(error)) => report.error(&format!("webhooks wait: {error}")),
            Err(_) => {}
        }
        std::thread::sleep(ROUND);
    }
}
