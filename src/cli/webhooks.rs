//! Other programs hear of what has happened: each happening once, and again later where nobody listened.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use chrono::{DateTime, Utc};

use super::site::Failure;
use crate::config::Config;
use crate::diagnostic::Diagnostic;
use crate::ledger::Ledger;
use crate::publish::Herald;
use crate::report::Reporter;
use crate::server::State;

/// Tells what is due. What was not heard is a finding, and is tried again.
pub(super) fn tell(
    config: &Config,
    ledger: &mut Ledger,
    now: DateTime<Utc>,
) -> Result<Vec<Diagnostic>, Failure> {
    let wanted: Vec<_> =
        config.webhooks.iter().map(|hook| (hook.url.to_string(), hook.kinds.clone())).collect();
    ledger.keep_webhooks(&wanted)?;
    ledger.announce_issues(now)?;
    let mut found = Vec::new();
    let mut secrets = HashMap::new();
    let mut herald = None;
    while let Some(happening) = ledger.take_happening(now)? {
        let Some(hook) = config.webhooks.iter().find(|hook| hook.url.as_str() == happening.url) else {
            ledger.happening_done(happening.id)?;
            continue;
        };
        let host = hook.url.host_str().unwrap_or_default();
        if !secrets.contains_key(&happening.url) {
            secrets.insert(happening.url.clone(), hook.secret.reveal_all());
        }
        let heard = match &secrets[&happening.url] {
            Ok(secrets) => {
                let message = (happening.name.as_str(), &*happening.body());
                let herald = herald.get_or_insert_with(Herald::ready);
                herald.tell(&happening.url, message, secrets, now).map_err(|error| error.to_string())
            }
            Err(error) => Err(error.to_string()),
        };
        match heard {
            Ok(()) => ledger.happening_done(happening.id)?,
            Err(why) => {
                let let_go = ledger.nobody_heard(&happening, now)?;
                let message = match let_go {
                    0 => format!("the webhook at `{host}` has not heard of what happened: {why}"),
                    _ => format!(
                        "the webhook at `{host}` has not heard for three days: {why}; {let_go} of what it should hear is let go"
                    ),
                };
                let help = "what is younger than three days is told again later";
                found.push(Diagnostic::warning("webhook", "webhooks".as_ref(), message).help(help));
            }
        }
    }
    Ok(found)
}

/// How often a server looks whether something has happened.
const ROUND: Duration = Duration::from_secs(1);

/// Tells what is due until the server ends.
pub(super) fn keep_telling(state: &Arc<State>, mut ledger: Ledger, report: &Reporter) {
    let mut said = Vec::new();
    while !state.is_stopped() {
        match tell(&state.edition().config, &mut ledger, state.now()) {
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
