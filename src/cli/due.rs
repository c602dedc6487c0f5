//! What is due of one newsletter, and the people it goes to.

use std::collections::{BTreeMap, HashMap};

use chrono::{DateTime, TimeDelta, Utc};
use chrono_tz::Tz;

use super::bookkeeping;
use super::site::{Failure, Site};
use crate::config::{Cadence, Newsletter};
use crate::content::{self, Filing, Post};
use crate::diagnostic::Diagnostic;
use crate::digest::schedule::{self, Asked, Due};
use crate::digest::{self, Candidates, Editor, Group, Grouping, Order, Past, Reader, Why};
use crate::ledger::Ledger;

/// What a newsletter could send at this moment, before it is asked to whom.
pub(super) struct Outlook<'a> {
    pub newsletter: &'a Newsletter,
    pub candidates: Candidates<'a>,
    list_mark: String,
    past: Past,
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
        let past = Past::new(ledger.past_issues(&newsletter.name)?);
        let zone = site.config.site.timezone;
        let list_mark = bookkeeping::list_mark(site, newsletter, ledger)?;
        Ok(Self { newsletter, candidates, list_mark, past, now: site.now, zone })
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

    /// How many issues there are, and how many of them are let go.
    pub(super) fn issues(&self) -> (usize, usize) {
        let let_go = self.past.issues.iter().filter(|issue| issue.is_let_go).count();
        (self.past.issues.len(), let_go)
    }

    /// The state of the list before any of it was read.
    pub(super) fn list_mark(&self) -> &str {
        &self.list_mark
    }

    /// All that decides whether somebody is owed a post, in few letters: the list, the posts, the number of issues.
    pub(super) fn mark(&self, issues: usize) -> String {
        let mut hash = blake3::Hasher::new();
        hash.update(format!("{} {:?} {issues}", self.list_mark, self.newsletter.select).as_bytes());
        for post in &self.candidates.posts {
            hash.update(format!("{} {}", post.id, post.updated.timestamp()).as_bytes());
            hash.update(format!("{:?} {:?}", post.categories, post.tags).as_bytes());
        }
        hash.finalize().to_hex()[..32].to_owned()
    }

    /// The groups of the subscribers of a cadence on the newsletter's roll.
    pub(super) fn groups(
        &self,
        ledger: &Ledger,
        cadence: Cadence,
        editor: &Editor,
    ) -> Result<Vec<Group<'a>>, Failure> {
        let mut grouping = Grouping::new(self.newsletter, &self.candidates, editor, &self.past);
        let matters = self.past.that_had(&self.candidates.posts, self.newsletter);
        let of = (self.newsletter.name.as_str(), cadence);
        ledger.readers(of, (&self.past, &matters), |reader| grouping.take(reader))?;
        Ok(grouping.groups())
    }

    /// The same for a stranger who has just come.
    pub(super) fn groups_of_a_stranger(&self, editor: &Editor) -> Vec<Group<'a>> {
        let mut grouping = Grouping::new(self.newsletter, &self.candidates, editor, &self.past);
        grouping.take(Reader::default());
        grouping.groups()
    }

    /// The issue of a group that is to be made.
    pub(super) fn order<'o>(
        &'o self,
        cadence: Cadence,
        group: &'o Group<'a>,
        editor: &'o Editor,
    ) -> Order<'o> {
        Order {
            newsletter: self.newsletter,
            cadence,
            language: &group.language,
            posts: &group.posts,
            editor,
            before: self.past.issues.len(),
            now: self.now,
        }
    }

    /// Whether a post waits only until it has settled.
    pub(super) fn is_settling(&self) -> bool {
        self.candidates.left_out.iter().any(|(_, why)| *why == Why::Settling)
    }
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
    let settling = outlook.candidates.left_out.iter().filter(|(_, why)| *why == Why::Settling);
    let may_have: Vec<&Post> =
        settling.map(|(post, _)| *post).chain(outlook.candidates.posts.iter().copied()).collect();
    found.extend(editor.missing(&may_have, shown));
    Ok(editor)
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
        Why::NotChosen => "not chosen by the editor".to_owned(),
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
