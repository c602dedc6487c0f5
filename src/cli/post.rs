//! Delivers newsletters: what an earlier run left, then what is due. Shared by `send` and `run`.

use std::collections::HashSet;

use super::Exit;
use super::due::{self, List};
use super::site::{Failure, Site};
use crate::config::{self, Newsletter};
use crate::delivery::{self, Maildir, Relay, Stdout, Summary, Transport};
use crate::diagnostic::Diagnostic;
use crate::digest::schedule::{Asked, Due};
use crate::digest::{self, Issue};
use crate::ids::SubscriberId;
use crate::ledger::Ledger;
use crate::mail::Composer;
use crate::report::Reporter;
use crate::subscribers::token::Signer;

/// The configured way for mail to leave.
pub(super) fn transport(site: &Site) -> Result<Box<dyn Transport>, Failure> {
    Ok(match &site.config.mail.transport {
        config::Transport::Smtp(smtp) => {
            Box::new(Relay::new(smtp).map_err(|error| Failure::Usage(error.to_string()))?)
        }
        config::Transport::Maildir => Box::new(Maildir::open(&site.config.state_dir().join("outbox"))?),
        config::Transport::Stdout => Box::new(Stdout::new(std::io::stdout())),
    })
}

/// What delivering needs besides the newsletter.
pub(super) struct Office<'a> {
    site: &'a Site,
    ledger: &'a mut Ledger,
    report: &'a Reporter,
    /// Made when there is something to deliver: a quiet run asks for no password.
    outgoing: Option<Outgoing>,
}

/// The way out, and what signs the links in what leaves.
struct Outgoing {
    transport: Box<dyn Transport>,
    signer: Option<Signer>,
}

impl<'a> Office<'a> {
    pub(super) fn new(site: &'a Site, ledger: &'a mut Ledger, report: &'a Reporter) -> Self {
        Self { site, ledger, report, outgoing: None }
    }

    /// Delivers one newsletter. Findings about its list and templates are added to `found`.
    pub(super) fn post(
        &mut self,
        newsletter: &Newsletter,
        asked: Asked,
        found: &mut Vec<Diagnostic>,
    ) -> Result<Exit, Failure> {
        let open = self.ledger.open_issues(&newsletter.name, self.site.now)?;
        let (due, selection) = due::due(self.site, newsletter, self.ledger, asked)?;
        let tick = match due {
            Due::Now { tick } if !selection.chosen.is_empty() => Some(tick),
            _ => None,
        };
        if open.is_empty() && tick.is_none() {
            return self.nothing(newsletter, due, asked);
        }
        let list = List::load(self.site, newsletter);
        let unreadable = list.is_unreadable();
        found.extend(list.discreet());
        if unreadable {
            return Ok(Exit::Partly);
        }
        // An empty list is more likely a mishap than the wish of every subscriber: what waits goes on waiting.
        if list.active.is_empty() {
            self.say(asked, &format!("{}: nobody on the list is active; nothing is sent", newsletter.name));
            return Ok(Exit::Done);
        }
        if self.outgoing.is_none() {
            self.outgoing = Some(Outgoing { transport: transport(self.site)?, signer: self.site.signer()? });
        }
        let active: HashSet<SubscriberId> =
            list.active.iter().map(|active| active.get().id.clone()).collect();
        let mut exit = Exit::Done;
        for issue in &open {
            exit = exit.max(self.deliver(issue, &active)?);
        }
        let Some(tick) = tick else {
            if let Due::Now { tick: Some(tick) } = due {
                self.ledger.meet(&newsletter.name, tick)?;
            }
            return Ok(exit);
        };
        let templates = self.site.templates();
        let renderer = self.site.renderer();
        let issue = match digest::compose(
            self.site.setting(&templates, &renderer),
            newsletter,
            &selection.chosen,
            self.site.now,
        ) {
            Ok(issue) => issue,
            Err(diagnostic) => {
                found.push(*diagnostic);
                return Ok(Exit::Partly);
            }
        };
        found.extend(issue.size_warning());
        self.ledger.freeze(&issue, &selection.chosen, &list.active, tick)?;
        if let Some(words) = due::left_out(newsletter, &selection.left_out) {
            self.report.note(&format!("{}: {words}", newsletter.name));
        }
        Ok(exit.max(self.deliver(&issue, &active)?))
    }

    /// A time of the schedule that finds nothing to send is met all the same: the next post waits for the next time.
    fn nothing(&mut self, newsletter: &Newsletter, due: Due, asked: Asked) -> Result<Exit, Failure> {
        let name = &newsletter.name;
        let words = match due {
            Due::Now { tick: Some(tick) } => {
                self.ledger.meet(name, tick)?;
                format!("{name}: due, but there is nothing new to send")
            }
            Due::Now { tick: None } => format!("{name}: nothing new to send"),
            Due::Later(Some(next)) => format!("{name}: not due before {}", due::local(self.site, next)),
            Due::Later(None) => format!("{name}: sent by hand only, with `tidings send`"),
        };
        self.say(asked, &words);
        Ok(Exit::Done)
    }

    /// That nothing was done is news to the owner who asked, not to cron.
    fn say(&self, asked: Asked, words: &str) {
        match asked {
            Asked::ByOwner => self.report.note(words),
            Asked::ByCron => self.report.detail(words),
        }
    }

    fn deliver(&mut self, issue: &Issue, active: &HashSet<SubscriberId>) -> Result<Exit, Failure> {
        let Some(Outgoing { transport, signer }) = &self.outgoing else { return Ok(Exit::Done) };
        let composer = Composer::new(issue, signer.as_ref());
        let summary =
            delivery::deliver(self.ledger, issue, &composer, transport.as_ref(), active, self.site.now)?;
        let counts = self.ledger.counts(&issue.id)?;
        let Summary { sent, deferred, failed, in_doubt, relay_down } = summary;
        // A deferred copy whose time has not come is no news.
        if sent + deferred + failed + in_doubt > 0 || relay_down.is_some() {
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
            self.report.note(&words);
        }
        if let Some(down) = relay_down {
            self.report.error(&format!("the relay is away or refuses us: {}", down.what));
            self.report.detail(&down.words);
            return Ok(Exit::Later);
        }
        Ok(if failed + in_doubt > 0 { Exit::Partly } else { Exit::Done })
    }
}
