//! Delivers newsletters: what an earlier run left, then what is due. Shared by `send` and `run`.

use std::io::IsTerminal as _;

use chrono::{DateTime, TimeDelta, Utc};

use super::due::{self, Outlook};
use super::list::{self, List, Reading};
use super::outgoing::{self, Outgoing};
use super::site::{Failure, Site};
use super::{Exit, archive, bookkeeping, operate, remote};
use crate::config::{Archive, Cadence, Newsletter};
use crate::diagnostic::Diagnostic;
use crate::digest::schedule::{Asked, Due};
use crate::digest::{self, Issue, Why};
use crate::ledger::{Frozen, Ledger, State};
use crate::report::Reporter;

/// What delivering needs besides the newsletter.
pub(super) struct Office<'a> {
    site: &'a Site,
    ledger: &'a mut Ledger,
    report: &'a Reporter,
    hands: Hands,
    /// The state of the list, as it was before it was read.
    list_mark: String,
    /// How the run ends, where the storage has failed.
    storage: Option<Exit>,
    /// Made when there is something to deliver: a quiet run asks for no password.
    outgoing: Option<Outgoing>,
}

/// What becomes of the copies of an issue.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Hands {
    /// They are handed over.
    Deliver,
    /// They count as sent: another tool has sent what is in them.
    CountAsSent,
}

/// Subscribers of one cadence whose time has come, with the time of their schedule that is met by it.
struct Turn {
    cadence: Cadence,
    tick: Option<DateTime<Utc>>,
}

/// What came of it.
enum Made {
    /// Issues, which are made and delivered as far as they can be.
    Issues(usize, Exit),
    /// Another machine was faster.
    Overtaken,
}

/// So often may another machine be faster.
const MOST_OVERTAKEN: usize = 5;

/// Under what it is remembered that nobody is owed anything.
fn quiet_key(newsletter: &Newsletter, cadence: Cadence) -> String {
    format!("nothing new of {} {}", newsletter.name, cadence.as_str())
}

/// An issue must be seen to be too old for so long before it is called back.
const SURE_OF_THE_CLOCK: TimeDelta = TimeDelta::hours(1);

impl<'a> Office<'a> {
    pub(super) fn new(site: &'a Site, ledger: &'a mut Ledger, report: &'a Reporter, hands: Hands) -> Self {
        Self { site, ledger, report, hands, list_mark: String::new(), storage: None, outgoing: None }
    }

    /// Delivers one newsletter. Findings about its list and templates are added to `found`. Where another machine makes an issue at the same
    /// moment, it is looked anew at what there is to do: that issue is to be delivered.
    pub(super) fn post(
        &mut self,
        newsletter: &Newsletter,
        asked: Asked,
        found: &mut Vec<Diagnostic>,
    ) -> Result<Exit, Failure> {
        for _ in 0..MOST_OVERTAKEN {
            let before = found.len();
            if let Some(exit) = self.try_post(newsletter, asked, found)? {
                return Ok(exit);
            }
            found.truncate(before);
        }
        Ok(Exit::Later)
    }

    fn try_post(
        &mut self,
        newsletter: &Newsletter,
        asked: Asked,
        found: &mut Vec<Diagnostic>,
    ) -> Result<Option<Exit>, Failure> {
        if let Some(diagnostic) = bookkeeping::known_as(self.site, newsletter, self.ledger)? {
            found.push(diagnostic);
            return Ok(Some(Exit::Partly));
        }
        let open = self.open(newsletter, found)?;
        let outlook = Outlook::new(self.site, newsletter, self.ledger)?;
        outlook.list_mark().clone_into(&mut self.list_mark);
        let (turns, list) = self.turns(&outlook, newsletter, asked)?;
        if open.is_empty() && turns.is_empty() {
            return self.nothing(&outlook, newsletter, asked).map(Some);
        }
        // What goes on where it stopped, with the list as it was, need not read it.
        let is_read = |issue: &Issue| self.ledger.is_held_against(&issue.id, &self.list_mark);
        let goes_on = turns.is_empty() && open.iter().map(is_read).all(|is_read| is_read.unwrap_or(false));
        if !goes_on && let Some(exit) = list::read(self.reading(newsletter, asked), list, self.ledger, found)?
        {
            return Ok(Some(exit));
        }
        if self.outgoing.is_none() && self.hands == Hands::Deliver {
            self.outgoing = Some(Outgoing::new(self.site, self.report)?);
        }
        // What has been begun is for those who deliver.
        let open = if self.hands == Hands::Deliver { open } else { Vec::new() };
        let mut exit = self.deliver_all((newsletter, &open), asked, found)?;
        let mut known = outlook.issues();
        for turn in turns {
            match self.turn(&outlook, (&turn, known), asked, found)? {
                Made::Issues(made, ended) => {
                    known.0 += made;
                    exit = exit.max(ended);
                }
                Made::Overtaken => return Ok(None),
            }
        }
        if newsletter.archive == Archive::Public {
            found.extend(archive::index(self.site, newsletter, self.ledger, &self.site.config.public)?);
        }
        Ok(Some(exit))
    }

    fn reading<'r>(&self, newsletter: &'r Newsletter, asked: Asked) -> Reading<'r>
    where
        'a: 'r,
    {
        Reading { site: self.site, newsletter, report: self.report, asked }
    }

    /// The issues that have still something to deliver. One that is too old has nothing.
    fn open(&mut self, newsletter: &Newsletter, found: &mut Vec<Diagnostic>) -> Result<Vec<Issue>, Failure> {
        let mut open = self.ledger.open_issues(&newsletter.name, self.site.now)?;
        let is_old = |issue: &Issue| self.site.now - issue.created.to_utc() > newsletter.select.max_age;
        for issue in open.iter().filter(|issue| !is_old(issue)) {
            self.ledger.is_young(&issue.id)?;
        }
        for issue in open.extract_if(.., |issue| is_old(issue)) {
            // It may be the clock that is wrong: what is called back cannot be called forth again.
            if self.ledger.old_for(&issue.id, self.site.now)? < SURE_OF_THE_CLOCK {
                self.report.detail(&format!("`{}` is older than `max_age`: it waits for an hour", issue.id));
                continue;
            }
            // What a dead run left is in doubt.
            self.ledger.recover(&issue.id, self.site.now, State::InDoubt, |_| None)?;
            let count = self.ledger.call_back(&issue.id, "older than max_age")?;
            if count > 0 {
                let message =
                    format!("{count} copies of `{}` are older than `max_age` and will not be sent", issue.id);
                let help = "see `tidings status`; what is new goes out as ever";
                found.push(Diagnostic::warning("old-issue", &self.site.config_path, message).help(help));
            }
        }
        Ok(open)
    }

    /// The cadences that are due, where there is a post to send. Of the others, the time that has come is met: the next post waits
    /// for the next one. The list comes back, too, where it had to be read.
    fn turns(
        &self,
        outlook: &Outlook<'_>,
        newsletter: &Newsletter,
        asked: Asked,
    ) -> Result<(Vec<Turn>, Option<List>), Failure> {
        let mut turns = Vec::new();
        let now_mark = outlook.mark(outlook.issues().0);
        let (cadences, list) = bookkeeping::cadences(self.site, newsletter, self.ledger)?;
        for cadence in cadences {
            outlook.begin(self.ledger, cadence)?;
            let Due::Now { tick } = outlook.due(self.ledger, cadence, asked)? else { continue };
            // Where nobody was owed anything the last time, and all is as it was, nobody is now.
            let key = quiet_key(newsletter, cadence);
            let is_quiet = tick.is_none() && self.ledger.note(&key)?.is_some_and(|mark| now_mark == mark);
            if !outlook.candidates.posts.is_empty() && !is_quiet {
                turns.push(Turn { cadence, tick });
            } else if let Some(tick) =
                tick.filter(|_| cadence != Cadence::Scheduled && !outlook.is_settling())
            {
                self.ledger.meet(&newsletter.name, cadence, tick)?;
            }
        }
        Ok((turns, list))
    }

    /// Makes the issues of one cadence, freezes them together, and delivers them.
    fn turn(
        &mut self,
        outlook: &Outlook<'_>,
        (turn, known): (&Turn, (usize, usize)),
        asked: Asked,
        found: &mut Vec<Diagnostic>,
    ) -> Result<Made, Failure> {
        let Turn { cadence, tick } = *turn;
        let newsletter = outlook.newsletter;
        let moment = tick.unwrap_or(self.site.now);
        let editor = match due::editor(self.site, newsletter, cadence, (outlook, moment), found) {
            Ok(editor) => editor,
            Err(diagnostic) => {
                found.push(*diagnostic);
                return Ok(Made::Issues(0, Exit::Partly));
            }
        };
        if let Some(exit) = list::keep(self.reading(newsletter, asked), self.ledger, found)? {
            return Ok(Made::Issues(0, exit));
        }
        let groups = outlook.groups(self.ledger, cadence, &editor)?;
        if groups.is_empty() {
            let due = if let Some(tick) = tick.filter(|_| !outlook.is_settling()) {
                self.ledger.meet(&newsletter.name, cadence, tick)?;
                "due, but there is nothing new to send"
            } else {
                let mark = outlook.mark(known.0);
                self.ledger.remember(&quiet_key(newsletter, cadence), &mark)?;
                "nothing new to send"
            };
            self.say(asked, &format!("{}: {due}", newsletter.name));
            return Ok(Made::Issues(0, Exit::Done));
        }
        let issues = {
            let templates = self.site.templates();
            let renderer = self.site.renderer();
            let setting = self.site.setting(&templates, &renderer);
            let made = groups
                .iter()
                .map(|group| digest::compose(setting, outlook.order(cadence, group, &editor), found));
            made.collect::<Result<Vec<Issue>, _>>()
        };
        let issues = match issues {
            Ok(issues) => issues,
            Err(diagnostic) => {
                found.push(*diagnostic);
                return Ok(Made::Issues(0, Exit::Partly));
            }
        };
        found.extend(issues.iter().find_map(Issue::size_warning));
        let frozen: Vec<Frozen<'_>> = issues
            .iter()
            .zip(&groups)
            .map(|(issue, group)| Frozen { issue, posts: &group.posts, audience: &group.members })
            .collect();
        let copies = if self.hands == Hands::Deliver { State::Planned } else { State::Sent };
        if !self.ledger.freeze(&frozen, tick, (known, &self.list_mark), copies)? {
            return Ok(Made::Overtaken);
        }
        // Whoever is owed something has it here, but for what was too much for one issue.
        let is_all = |why: &Why| matches!(why, Why::Sent | Why::OffTopic);
        if groups.iter().all(|group| group.left_out.iter().all(|(_, why)| is_all(why))) {
            let mark = outlook.mark(known.0 + issues.len());
            self.ledger.remember(&quiet_key(newsletter, cadence), &mark)?;
        }
        let largest = groups.iter().max_by_key(|group| group.members.len());
        let others = largest.into_iter().flat_map(|group| &group.left_out);
        if let Some(words) = due::left_out(newsletter, outlook.candidates.left_out.iter().chain(others)) {
            self.report.note(&format!("{}: {words}", newsletter.name));
        }
        Ok(Made::Issues(issues.len(), self.deliver_all((newsletter, &issues), asked, found)?))
    }

    /// Delivers issues one after the other, as long as the relay takes them.
    fn deliver_all(
        &mut self,
        (newsletter, issues): (&Newsletter, &[Issue]),
        asked: Asked,
        found: &mut Vec<Diagnostic>,
    ) -> Result<Exit, Failure> {
        let mut exit = Exit::Done;
        for issue in issues {
            exit = exit.max(self.deliver((newsletter, issue), asked, found)?);
            if exit == Exit::Later {
                break;
            }
        }
        Ok(exit)
    }

    /// How a run ends that cannot publish what an issue leads to; a storage that has failed is not asked again.
    fn unpublished(&mut self, issue: &Issue) -> Result<Option<Exit>, Failure> {
        if self.storage.is_none() {
            match remote::publish(self.site) {
                Ok(_) => {}
                Err(Failure::World(error)) => {
                    let why = format!("what it leads to cannot be published: {error}");
                    self.report.error(&format!("{}: it waits, as {why}", issue.newsletter));
                    self.storage = Some(remote::exit_of(&error));
                }
                Err(failure) => return Err(failure),
            }
        }
        Ok(self.storage)
    }

    /// A time of the schedule that finds nothing to send is met all the same, unless a post is only settling.
    fn nothing(
        &mut self,
        outlook: &Outlook<'_>,
        newsletter: &Newsletter,
        asked: Asked,
    ) -> Result<Exit, Failure> {
        let name = &newsletter.name;
        let words = match outlook.due(self.ledger, Cadence::Scheduled, asked)? {
            Due::Now { .. } if outlook.is_settling() => {
                format!("{name}: due; it waits for a post that has just changed")
            }
            Due::Now { tick: Some(tick) } => {
                self.ledger.meet(name, Cadence::Scheduled, tick)?;
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

    fn deliver(
        &mut self,
        (newsletter, issue): (&Newsletter, &Issue),
        asked: Asked,
        found: &mut Vec<Diagnostic>,
    ) -> Result<Exit, Failure> {
        // A signal ends the run between two issues as well as inside one.
        if self.outgoing.as_ref().is_some_and(Outgoing::is_stopped) {
            return Ok(Exit::Later);
        }
        if let Some(why) = self.ledger.held(&issue.id)? {
            found.push(outgoing::held(issue, &why));
            return Ok(Exit::Done);
        }
        // What its links lead to is there before it is.
        found.extend(archive::place(self.site, issue, &self.site.config.public));
        let leads_somewhere = issue.on_the_web || !issue.pictures.is_empty();
        if let Some(exit) = if leads_somewhere { self.unpublished(issue)? } else { None } {
            return Ok(exit);
        }
        if self.hands == Hands::CountAsSent {
            let count = self.ledger.counts(&issue.id)?.sent;
            let copies = operate::of_copies(usize::try_from(count).unwrap_or(usize::MAX));
            self.report.note(&format!(
                "{}: “{}”: {copies} counted as sent; nothing has gone out",
                issue.newsletter, issue.subject
            ));
            return Ok(Exit::Done);
        }
        // Another machine may have held them against another list.
        if !self.ledger.is_held_against(&issue.id, &self.list_mark)?
            && let Some(exit) = list::keep(self.reading(newsletter, asked), self.ledger, found)?
        {
            return Ok(exit);
        }
        let Some(outgoing) = &self.outgoing else { return Ok(Exit::Done) };
        let meter = self.report.meter(issue.id.as_str(), &issue.newsletter);
        let summary = outgoing.deliver(self.site, (self.ledger, &self.list_mark), issue, asked, &meter)?;
        let counts = self.ledger.counts(&issue.id)?;
        meter.end(&outgoing::states(&counts));
        if outgoing.is_stopped() {
            self.report.note("interrupted: what was in flight is finished, the next run does the rest");
        }
        let is_away = summary.relay_down.is_some();
        // Whoever looks on is told every time.
        let is_asked = asked == Asked::ByOwner || self.report.is_log || std::io::stderr().is_terminal();
        let is_news = || Ok(bookkeeping::are_relays_news(self.site, self.ledger)? || is_asked);
        let exit = outgoing::tell(self.report, self.site, is_news, issue, &summary, &counts)?;
        if !is_away {
            bookkeeping::relays_are_back(self.ledger)?;
        }
        if let Some(why) = &summary.held {
            found.push(outgoing::held(issue, why));
        }
        Ok(if outgoing.is_stopped() { Exit::Later } else { exit })
    }
}
