//! The way out: what mail leaves by, what signs it, what ends it, and what is said of it.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use super::seals::{LogNames, Seals};
use super::site::{Failure, Site};
use super::{Exit, due, stop};
use crate::clock::Ticking;
use crate::config;
use crate::delivery::{
    Absent, Dispatch, Log, Maildir, Progress, Relay, Sendmail, Stdout, Summary, Transport,
};
use crate::diagnostic::Diagnostic;
use crate::digest::Issue;
use crate::digest::schedule::Asked;
use crate::ids::SubscriberId;
use crate::ledger::{Counts, Ledger};
use crate::mail::Composer;
use crate::report::{Meter, Reporter};

/// The configured ways for mail to leave.
pub(super) fn transports(site: &Site) -> Result<Vec<Box<dyn Transport>>, Failure> {
    let one = |transport: Box<dyn Transport>| vec![transport];
    Ok(match &site.config.mail.transport {
        config::Transport::Smtp(relays) => {
            let mut transports: Vec<Box<dyn Transport>> = Vec::new();
            for (index, smtp) in relays.iter().enumerate() {
                // Two accounts at one relay are two relays.
                let is_same = |other: &&config::Smtp| {
                    (&other.host.name, other.host.port) == (&smtp.host.name, smtp.host.port)
                };
                let same_before = relays[..index].iter().filter(is_same).count();
                let relay =
                    Relay::new(smtp, same_before).map_err(|error| Failure::Usage(error.to_string()))?;
                transports.push(Box::new(relay));
            }
            transports
        }
        config::Transport::Sendmail(program, rates) => {
            one(Box::new(Sendmail::new(program.clone(), rates.clone())))
        }
        config::Transport::Maildir => one(Box::new(Maildir::open(&site.config.state_dir().join("outbox"))?)),
        config::Transport::Stdout => one(Box::new(Stdout::new(std::io::stdout()))),
    })
}

/// Made when there is something to deliver: a quiet run asks for no password.
pub(super) struct Outgoing {
    transports: Vec<Box<dyn Transport>>,
    seals: Seals,
    names: LogNames,
    stop: Arc<AtomicBool>,
    clock: Ticking,
}

impl Outgoing {
    pub(super) fn new(site: &Site, report: &Reporter) -> Result<Self, Failure> {
        let stop = stop::on_signal()?;
        stop::tell(&stop, *report);
        Ok(Self {
            transports: transports(site)?,
            seals: Seals::of_mail(site)?,
            names: LogNames::new(&site.config)?,
            stop,
            clock: site.clock,
        })
    }

    /// Whether a signal has come.
    pub(super) fn is_stopped(&self) -> bool {
        self.stop.load(Ordering::Relaxed)
    }

    pub(super) fn deliver(
        &self,
        site: &Site,
        (ledger, list): (&mut Ledger, &str),
        issue: &Issue,
        asked: Asked,
        meter: &Meter,
    ) -> Result<Summary, Failure> {
        let composer = Composer::new(issue, self.seals.seal());
        let mail = &site.config.mail;
        let watch = |progress: Progress| {
            let [sent, deferred, failed, in_doubt] = progress.done.map(|count| count as u64);
            let now = Counts { sent, deferred, failed, in_doubt, ..Counts::default() };
            meter.step(progress.before.planned + progress.before.deferred, &states(&now));
        };
        let hashed = |subscriber: &SubscriberId| self.names.of(subscriber);
        let log = Log::new(&self.names.run, &hashed);
        let dispatch = Dispatch {
            transports: &self.transports,
            domain_rates: &mail.domain_rates,
            in_doubt: mail.in_doubt,
            absent: if asked == Asked::ByOwner { Absent::IsTried } else { Absent::IsLeftAlone },
            stop: &self.stop,
            watch: &watch,
            clock: self.clock,
            log: &log,
        };
        let (run, id) = (&self.names.run, issue.id.as_str());
        tracing::info!(run, issue = id, newsletter = issue.newsletter, "issue begins");
        let summary = dispatch.deliver((ledger, list), issue, &composer)?;
        let Summary { sent, deferred, failed, in_doubt, .. } = summary;
        tracing::info!(run, issue = id, sent, deferred, failed, in_doubt, "issue ends");
        Ok(summary)
    }
}

/// Counts by the names of their states, without those that are none.
pub(super) fn states(counts: &Counts) -> Vec<(&'static str, u64)> {
    let states = [
        ("sent", counts.sent),
        ("planned", counts.planned),
        ("sending", counts.sending),
        ("deferred", counts.deferred),
        ("failed", counts.failed),
        ("in doubt", counts.in_doubt),
        ("suppressed", counts.suppressed),
        ("cancelled", counts.cancelled),
    ];
    states.into_iter().filter(|(_, count)| *count > 0).collect()
}

/// That an issue waits for its owner.
pub(super) fn held(issue: &Issue, why: &str) -> Diagnostic {
    let path = std::path::PathBuf::from(format!("newsletters.{}", issue.newsletter));
    let message = format!("the issue `{}` is held: {why}", issue.id);
    let help = format!(
        "look at `tidings status {0}`; then `tidings resume {0}` sends the rest, `tidings cancel {0}` does not",
        issue.id
    );
    Diagnostic::warning("held", &path, message).help(&help)
}

/// Says what became of an issue, where something did; that every relay is away, where that is news.
pub(super) fn tell(
    report: &Reporter,
    site: &Site,
    is_news: impl FnOnce() -> Result<bool, Failure>,
    issue: &Issue,
    summary: &Summary,
    counts: &Counts,
) -> Result<Exit, Failure> {
    let Summary { sent, deferred, failed, in_doubt, absent, relay_down, paced, tripped, .. } = summary;
    let is_news = relay_down.is_some() && is_news()?;
    // A deferred copy whose time has not come is no news.
    if sent + deferred + failed + in_doubt > 0 || is_news {
        let mut words = format!("{}: “{}”: {sent} sent", issue.newsletter, issue.subject);
        for (count, what) in [
            (counts.deferred, "to be tried again"),
            (counts.failed, "refused"),
            (counts.in_doubt, "in doubt (held; see `tidings status`)"),
            (counts.planned, "waiting"),
        ] {
            if count > 0 {
                words.push_str(&format!(", {count} {what}"));
            }
        }
        report.note(&words);
    }
    if let Some(next) = paced.filter(|_| counts.planned > 0) {
        let words = format!("the rate allows the next copy at {}", due::local(site, next));
        if *sent > 0 { report.note(&words) } else { report.detail(&words) }
    }
    if let Some(down) = relay_down {
        let words = format!("the relay is away or refuses us: {}", down.what);
        if is_news {
            report.error(&words);
        } else {
            report.detail(&words);
        }
        if !report.is_log {
            report.detail(&down.words);
        }
        return Ok(Exit::Later);
    }
    let has_others =
        matches!(&site.config.mail.transport, config::Transport::Smtp(relays) if relays.len() > 1);
    for down in absent {
        let and = if has_others { "another took over" } else { "what it did not take is tried again" };
        report.note(&format!("a relay was away or refused us, {and}: {}", down.what));
        if !report.is_log {
            report.detail(&down.words);
        }
    }
    Ok(if failed + in_doubt > 0 || *tripped { Exit::Partly } else { Exit::Done })
}
