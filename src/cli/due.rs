//! What is due of one newsletter, and the people it goes to.

use std::collections::{BTreeMap, HashMap, HashSet};

use chrono::{DateTime, TimeDelta, Utc};
use chrono_tz::Tz;

use super::site::{Failure, Site};
use crate::config::{Cadence, Newsletter};
use crate::content::{self, Filing, Post};
use crate::diagnostic::Diagnostic;
use crate::digest::schedule::{self, Asked, Due};
use crate::digest::{self, Candidates, Editor, Group, PastIssue, Why};
use crate::fsx;
use crate::ledger::Ledger;
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

/// What a newsletter could send at this moment, before it is asked to whom.
pub(super) struct Outlook<'a> {
    newsletter: &'a Newsletter,
    pub candidates: Candidates<'a>,
    /// The issues that had one of the candidates.
    past: Vec<PastIssue>,
    cadences: HashSet<Cadence>,
    now: DateTime<Utc>,
    zone: Tz,
}

impl<'a> Outlook<'a> {
    pub(super) fn new(site: &'a Site, newsletter: &'a Newsletter, ledger: &Ledger) -> Result<Self, Failure> {
        let wanted = &newsletter.select;
        let settles = wanted.settle > TimeDelta::zero();
        let standing = if settles { ledger.standing()? } else { HashMap::new() };
        let is_settled = |post: &Post| {
            let since = standing.get(&post.source).filter(|(look, _)| *look == post.fingerprint);
            !settles || since.is_some_and(|(_, since)| site.now - *since >= wanted.settle)
        };
        let filing = Filing::new(&site.config);
        let candidates = digest::candidates(&site.library.posts, &filing, wanted, site.now, is_settled);
        let mut past = ledger.past_issues(&newsletter.name)?;
        let cadences = past.iter().map(|issue| issue.cadence).collect();
        past.retain(|issue| candidates.posts.iter().any(|post| issue.had(post, newsletter)));
        let zone = site.config.site.timezone;
        Ok(Self { newsletter, candidates, past, cadences, now: site.now, zone })
    }

    /// Whether subscribers of a cadence are due. The first who want one wait for its next time.
    pub(super) fn due(&self, ledger: &Ledger, cadence: Cadence, asked: Asked) -> Result<Due, Failure> {
        let schedule = self.newsletter.schedule_of(cadence);
        let met = ledger.met(&self.newsletter.name, cadence)?;
        let due = schedule::due(&schedule, self.zone, self.now, met, asked);
        let begins = met.is_none() && cadence != Cadence::Scheduled;
        Ok(match due {
            Due::Now { tick: Some(_) } if begins => {
                Due::Later(schedule::next(&schedule, self.zone, self.now))
            }
            due => due,
        })
    }

    /// Records that a cadence has begun, where it has not before: its last time counts as met.
    pub(super) fn begin(&self, ledger: &Ledger, cadence: Cadence) -> Result<(), Failure> {
        let name = &self.newsletter.name;
        if cadence != Cadence::Scheduled && ledger.met(name, cadence)?.is_none() {
            let schedule = self.newsletter.schedule_of(cadence);
            if let Due::Now { tick: Some(tick) } =
                schedule::due(&schedule, self.zone, self.now, None, Asked::ByCron)
            {
                ledger.meet(name, cadence, tick)?;
            }
        }
        Ok(())
    }

    /// The posts that no issue for subscribers of a cadence has had.
    pub(super) fn fresh(&self, cadence: Cadence) -> usize {
        let had = |post: &Post| {
            self.past.iter().any(|issue| issue.cadence == cadence && issue.had(post, self.newsletter))
        };
        self.candidates.posts.iter().filter(|post| !had(post)).count()
    }

    /// The groups of a list's subscribers of a cadence.
    pub(super) fn groups(
        &self,
        ledger: &Ledger,
        cadence: Cadence,
        list: &[Active],
    ) -> Result<Vec<Group<'a>>, Failure> {
        let mut history = ledger.history(&self.newsletter.name, &self.past)?;
        history.cadences.clone_from(&self.cadences);
        let meant: Vec<(usize, &Subscriber)> =
            list.iter().map(Active::get).enumerate().filter(|(_, one)| one.cadence == cadence).collect();
        Ok(digest::groups(self.newsletter, cadence, &self.candidates, &meant, &self.past, &history))
    }

    /// Whether a post waits only until it has settled.
    pub(super) fn is_settling(&self) -> bool {
        self.candidates.left_out.iter().any(|(_, why)| *why == Why::Settling)
    }
}

/// The cadences that a list's subscribers want. Who is new on it is there from now on. As long as its file stays as it is, it is not
/// read for that.
pub(super) fn cadences(
    site: &Site,
    newsletter: &Newsletter,
    ledger: &Ledger,
) -> Result<Vec<Cadence>, Failure> {
    let stamp = newsletter.subscribers.as_deref().and_then(fsx::stamp);
    let key = format!("cadences of {}", newsletter.name);
    let mark = format!("{stamp:?}");
    let before = ledger.note(&key)?.unwrap_or_default();
    if let Some((_, names)) = before.split_once(' ').filter(|_| before.starts_with(&mark.replace(' ', ""))) {
        return Ok(names.split(' ').map(Cadence::named).collect());
    }
    let list = List::load(site, newsletter);
    let used = |cadence: &Cadence| {
        *cadence == Cadence::Scheduled || list.active.iter().any(|active| active.get().cadence == *cadence)
    };
    let used: Vec<Cadence> = Cadence::ALL.into_iter().filter(used).collect();
    let names: Vec<&str> = used.iter().map(|cadence| cadence.as_str()).collect();
    ledger.welcome(&newsletter.name, list.active.iter().map(|active| &active.get().id), site.now)?;
    ledger.remember(&key, &format!("{} {}", mark.replace(' ', ""), names.join(" ")))?;
    Ok(used)
}

/// What the editor has written for the issue of a newsletter at a moment.
///
/// # Errors
/// The file cannot be read.
pub(super) fn editor(
    site: &Site,
    newsletter: &Newsletter,
    cadence: Cadence,
    (outlook, moment): (&Outlook<'_>, DateTime<Utc>),
    found: &mut Vec<Diagnostic>,
) -> Result<Editor, Box<Diagnostic>> {
    // Its words are meant for the newsletter's own day, with all that has come since the last.
    if cadence != Cadence::Scheduled {
        return Ok(Editor::default());
    }
    let day = moment.with_timezone(&site.config.site.timezone).date_naive();
    let path = digest::editor::file(&site.config.root, &newsletter.name, day);
    let shown = site.shown(&path);
    let Some(page) = content::page(&path, shown, found)? else { return Ok(Editor::default()) };
    let (editor, odd) = Editor::of(&page, shown);
    found.extend(odd);
    found.extend(editor.missing(&outlook.candidates.posts, shown));
    Ok(editor)
}

/// Records since when the posts that newsletters may take stand as they are, where one of these waits until they have settled.
pub(super) fn note_standing(site: &Site, ledger: &mut Ledger) -> Result<(), Failure> {
    let waits =
        site.config.newsletters.iter().filter(|newsletter| newsletter.select.settle > TimeDelta::zero());
    let Some(age) = waits.map(|newsletter| newsletter.select.max_age).max() else { return Ok(()) };
    let before = ledger.standing()?;
    let known = |post: &Post| before.get(&post.source).filter(|(look, _)| *look == post.fingerprint);
    let young = site
        .library
        .posts
        .iter()
        .filter(|post| site.now - post.public_from.max(post.updated).to_utc() <= age);
    let now: Vec<(&Post, DateTime<Utc>)> =
        young.map(|post| (post, known(post).map_or(site.now, |(_, since)| *since))).collect();
    if now.len() != before.len() || now.iter().any(|(post, _)| known(post).is_none()) {
        ledger.stand(&now)?;
    }
    Ok(())
}

/// Why a post is not in an issue, in words.
pub(super) fn told(newsletter: &Newsletter, why: Why) -> String {
    let age = newsletter.select.max_age.num_hours();
    match why {
        Why::Sent => "in an earlier issue".to_owned(),
        Why::TooOld if age % 24 == 0 => format!("older than {} days", age / 24),
        Why::TooOld => format!("older than {age} hours"),
        Why::NotAskedFor => "not of the kind that `select` asks for".to_owned(),
        Why::Future => "not yet published".to_owned(),
        Why::Settling => {
            format!("changed within the last {} minutes", newsletter.select.settle.num_minutes())
        }
        Why::OffTopic => "of other topics".to_owned(),
        Why::OverMax => format!("over the {} of one issue", newsletter.select.max),
    }
}

/// `left out: 3 older than 14 days, 1 in an earlier issue`; `None` where nothing was.
pub(super) fn left_out<'a>(
    newsletter: &Newsletter,
    posts: impl Iterator<Item = &'a (&'a Post, Why)>,
) -> Option<String> {
    let mut counts: BTreeMap<Why, usize> = BTreeMap::new();
    for (_, why) in posts {
        *counts.entry(*why).or_default() += 1;
    }
    let list: Vec<_> =
        counts.into_iter().map(|(why, count)| format!("{count} {}", told(newsletter, why))).collect();
    (!list.is_empty()).then(|| format!("left out: {}", list.join(", ")))
}

/// A moment as the site's owner reads it.
pub(super) fn local(site: &Site, moment: DateTime<Utc>) -> String {
    moment.with_timezone(&site.config.site.timezone).format("%Y-%m-%d %H:%M %Z").to_string()
}
