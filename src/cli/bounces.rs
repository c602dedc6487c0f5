//! `tidings bounces`: reads what has come back, and sees to it that what is dead is not written to again.

use std::path::Path;

use super::args::{Args, BouncesOptions};
use super::seals::LogNames;
use super::site::{Failure, Site};
use super::{Exit, memory, seals, webhooks};
use crate::bounces::{Inbox, Kind, Report, letters, read_from};
use crate::config::Config;
use crate::ids::{IssueId, SubscriberId};
use crate::ledger::{Followed, Ledger, LedgerError, Word};
use crate::report::{Reporter, count};
use crate::subscribers::Subscriber;
use crate::subscribers::returns::Returns;

pub(super) fn command(args: &Args, options: &BouncesOptions, report: &Reporter) -> Result<Exit, Failure> {
    let config = Site::config(&args.place)?.config;
    let mut ledger = memory::open(&config)?;
    webhooks::heed(&config, &mut ledger)?;
    let mut desk = Desk::new(&config, &mut ledger, args.place.clock().now())?;
    let configured = &config.mail.bounces;
    let mut exit = Exit::Done;
    if options.files.is_empty() {
        if configured.maildir.is_none() && configured.mbox.is_none() && configured.imap.is_none() {
            let words =
                "name a Maildir, an mbox or files, `-` for stdin, or set `mail.bounces` in the config";
            return Err(Failure::Usage(words.to_owned()));
        }
        exit = desk.collect(&config, report)?;
    }
    for file in &options.files {
        if file == Path::new("-") {
            for raw in read_from(std::io::BufReader::new(std::io::stdin())) {
                desk.read(&raw?)?;
            }
        } else if let Err(error) = desk.folder(file, true) {
            report.error(&told(error));
            exit = Exit::Partly;
        }
    }
    desk.tell(report);
    Ok(exit)
}

/// What `run` does of it: reads the configured mailboxes. A mailbox that cannot be read keeps no mail back.
pub(super) fn collect(site: &Site, ledger: &mut Ledger, report: &Reporter) -> Result<Exit, Failure> {
    let bounces = &site.config.mail.bounces;
    if bounces.maildir.is_none() && bounces.mbox.is_none() && bounces.imap.is_none() {
        return Ok(Exit::Done);
    }
    let mut desk = Desk::new(&site.config, ledger, site.now)?;
    let exit = desk.collect(&site.config, report)?;
    if !desk.sums.suppressed.is_empty() {
        desk.tell(report);
    }
    Ok(exit)
}

fn told(failure: Failure) -> String {
    match failure {
        Failure::World(error) => error.to_string(),
        Failure::Usage(message) => message,
        Failure::Config(_) | Failure::Locked => "the mailbox cannot be read".to_owned(),
    }
}

/// What reports came to.
#[derive(Debug, Default)]
struct Sums {
    letters: usize,
    reports: usize,
    suppressed: Vec<&'static str>,
    noted: usize,
    nobodys: usize,
    unread: usize,
    ours: usize,
}

struct Desk<'a> {
    ledger: &'a mut Ledger,
    returns: Option<Returns>,
    names: LogNames,
    now: chrono::DateTime<chrono::Utc>,
    sums: Sums,
}

impl<'a> Desk<'a> {
    fn new(
        config: &Config,
        ledger: &'a mut Ledger,
        now: chrono::DateTime<chrono::Utc>,
    ) -> Result<Self, Failure> {
        Ok(Self {
            returns: seals::returns(config)?,
            names: LogNames::new(config)?,
            ledger,
            now,
            sums: Sums::default(),
        })
    }

    /// Reads the configured mailboxes.
    fn collect(&mut self, config: &Config, report: &Reporter) -> Result<Exit, Failure> {
        let bounces = &config.mail.bounces;
        let mut exit = Exit::Done;
        for path in bounces.maildir.iter().chain(&bounces.mbox) {
            // A mail server makes a mailbox with its first message.
            if !path.exists() {
                report.detail(&format!("`{}` is not there yet", path.display()));
                continue;
            }
            if let Err(error) = self.folder(path, false) {
                report.error(&told(error));
                exit = exit.max(Exit::Partly);
            }
        }
        let Some(imap) = &bounces.imap else { return Ok(exit) };
        match Inbox::open(imap) {
            Ok(mut inbox) => {
                let key = format!("imap {}:{} {}", imap.host.name, imap.host.port, imap.folder);
                let mark = self.ledger.note(&key)?;
                let after = inbox.each_since(mark.as_deref(), |raw| self.read(raw))?;
                if mark.as_ref() != Some(&after) {
                    self.ledger.remember(&key, &after)?;
                }
                inbox.close();
            }
            Err(error) => {
                report.error(&format!("bounces cannot be fetched: {error}"));
                exit = exit.max(if error.is_temporary() { Exit::Later } else { Exit::Usage });
            }
        }
        Ok(exit)
    }

    fn folder(&mut self, path: &Path, all: bool) -> Result<(), Failure> {
        for letter in letters(path, all)? {
            // One that cannot be read, or is too long for a report, does not keep the others.
            let Ok(letter) = letter else {
                self.sums.unread += 1;
                continue;
            };
            if self.read(&letter.raw)? {
                letter.seen()?;
            }
        }
        Ok(())
    }

    /// Reads one message. Whether it is a report.
    fn read(&mut self, raw: &[u8]) -> Result<bool, Failure> {
        self.sums.letters += 1;
        let Some(report) = Report::read(raw) else { return Ok(false) };
        self.sums.reports += 1;
        let Some((subscriber, issue)) = self.whose(&report)? else {
            self.sums.nobodys += 1;
            return Ok(true);
        };
        let is_theirs = |address: &str| {
            crate::address::Address::parse(address)
                .is_ok_and(|address| Subscriber::id_of(&address) == subscriber)
        };
        let Some(finding) = report.about(is_theirs) else { return Ok(true) };
        let word = match finding.kind {
            Some(Kind::Hard) => Word::Gone,
            Some(Kind::Soft) => Word::Lost,
            Some(Kind::Complaint) => Word::Complained,
            Some(Kind::Unsubscribed) => Word::Unsubscribed,
            None => {
                self.sums.ours += usize::from(finding.is_about_us());
                return Ok(true);
            }
        };
        let id = blake3::hash(raw).to_hex();
        let what = (word, finding.code.as_deref());
        let followed = self.ledger.take_report(&id, (&subscriber, issue.as_ref()), what, self.now)?;
        let reason = if let Followed::Suppressed(reason) = followed { reason } else { "noted" };
        tracing::info!(
            issue = issue.as_ref().map(IssueId::as_str),
            subscriber = self.names.of(&subscriber),
            reason,
            code = finding.code,
            "report"
        );
        match followed {
            Followed::Suppressed(reason) => self.sums.suppressed.push(reason),
            Followed::Noted => self.sums.noted += 1,
            Followed::Known => {}
        }
        Ok(true)
    }

    /// Whose copy a report is about, and of which issue. Where copies have envelope senders of their own, only these are believed: anybody
    /// could make up the rest.
    fn whose(&self, report: &Report) -> Result<Option<(SubscriberId, Option<IssueId>)>, LedgerError> {
        if let Some(returns) = &self.returns {
            let Some(returned) = report.returned(returns) else { return Ok(None) };
            let issue = self.ledger.issue_ending(&returned.issue_tail, &returned.subscriber)?;
            return Ok(Some((returned.subscriber, issue)));
        }
        let by_id = report.message_id.as_deref().and_then(|id| id.split('@').next()?.rsplit_once('.'));
        if let Some((issue, subscriber)) = by_id {
            let (issue, subscriber) = (IssueId::new(issue), SubscriberId::new(subscriber));
            if self.ledger.has_delivery(&issue, &subscriber)? {
                return Ok(Some((subscriber, Some(issue))));
            }
        }
        Ok(None)
    }

    fn tell(&self, report: &Reporter) {
        let Sums { letters, reports, suppressed, noted, nobodys, unread, ours } = &self.sums;
        let read = format!("{} in {}", count(*reports, "report"), count(*letters, "message"));
        let reasons = ["bounced", "complained", "unsubscribed"].into_iter().filter_map(|reason| {
            let count = suppressed.iter().filter(|one| **one == reason).count();
            (count > 0).then(|| format!("{count} {reason}"))
        });
        let reasons: Vec<String> = reasons.collect();
        let mut words = format!("{read}: ");
        if !reasons.is_empty() {
            let who = count(suppressed.len(), "subscriber");
            words.push_str(&format!("no more mail to {who} ({}); ", reasons.join(", ")));
        }
        words.push_str(&format!("{noted} noted"));
        if *ours > 0 {
            words.push_str(&format!(", {ours} about the sender (5.7 or 5.1.8: see `tidings check --dns`)"));
        }
        if *unread > 0 {
            words.push_str(&format!(", {} not read: too long for a report", count(*unread, "message")));
        }
        if *nobodys > 0 {
            words.push_str(&format!(", {nobodys} about nobody of ours"));
        }
        report.note(&words);
    }
}
