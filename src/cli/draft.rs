//! The issue that a dry run shows: what is due, for one subscriber or for most of them; else what comes next, or a sample.

use super::bookkeeping;
use super::due::{self, Outlook};
use super::site::{Failure, Site};
use crate::config::{Cadence, Newsletter};
use crate::content::Filing;
use crate::diagnostic::Diagnostic;
use crate::digest::schedule::{self, Asked, Due};
use crate::digest::{self, Editor, Group, Issue};
use crate::ledger::Ledger;
use crate::report::{Reporter, count};
use crate::subscribers::Active;

/// An issue that has not been frozen.
pub(super) struct Draft {
    pub issue: Issue,
    /// Whether a `send` would deliver just this, now.
    pub due: bool,
    /// Who would get it: places on the roll.
    pub members: Vec<u32>,
    /// How many would get an issue now, and in how many issues.
    pub audience: String,
    /// Why posts are in it or not.
    pub explained: Vec<String>,
}

/// What is said of an issue that has not been frozen.
#[derive(Default)]
pub(super) struct Told {
    /// Whether it is due, and what it leaves out.
    pub notes: Vec<String>,
    /// What is odd about it.
    pub found: Vec<Diagnostic>,
}

impl Told {
    pub(super) fn say(&self, report: &Reporter) {
        self.notes.iter().for_each(|note| report.note(note));
        report.diagnostics(&self.found);
    }
}

/// What subscribers of one cadence are to get.
pub(super) struct Prospect<'a> {
    pub cadence: Cadence,
    due: Due,
    editor: Editor,
    groups: Vec<Group<'a>>,
}

impl Prospect<'_> {
    pub(super) fn is_due(&self) -> bool {
        matches!(self.due, Due::Now { .. })
    }

    /// How many posts the longest issue would have.
    pub(super) fn posts(&self) -> usize {
        self.groups.iter().map(|group| group.posts.len()).max().unwrap_or(0)
    }

    fn largest(&self) -> Option<(&Self, &Group<'_>)> {
        self.groups.iter().max_by_key(|group| group.members.len()).map(|group| (self, group))
    }
}

/// Composes what is due of a newsletter for one subscriber, or for most of them; where nothing is, the next
/// issue as it stands, or else a sample of the newest posts. `None` where there is no post at all.
pub(super) fn draft(
    site: &Site,
    newsletter: &Newsletter,
    ledger: &Ledger,
    reader: Option<&(u32, Active)>,
    told: &mut Told,
) -> Result<Option<Draft>, Failure> {
    let name = &newsletter.name;
    let outlook = Outlook::new(site, newsletter, ledger)?;
    let mut found: Vec<Diagnostic> = Vec::new();
    let prospects = prospects(site, &outlook, ledger, Asked::ByOwner, &mut found)?;
    let is_empty = ledger.listed(name)? == 0;
    if found.iter().any(Diagnostic::is_error) {
        return Err(Failure::Config(found));
    }
    found.extend(bookkeeping::perhaps_renamed(site, newsletter, &ledger.newsletters()?));
    let own = |(place, _): &(u32, Active)| {
        let mut all = prospects.iter().flat_map(|one| one.groups.iter().map(move |group| (one, group)));
        all.find(|(_, group)| group.members.contains(place))
    };
    let most = || {
        let due = prospects.iter().filter(|prospect| prospect.is_due()).filter_map(Prospect::largest);
        let due = due.max_by_key(|(_, group)| group.members.len());
        due.or_else(|| prospects.iter().find_map(Prospect::largest))
    };
    let chosen = reader.map_or_else(most, own);
    let cadence = match (chosen, reader) {
        (Some((prospect, _)), _) => prospect.cadence,
        (None, Some((_, reader))) => reader.get().cadence,
        (None, None) => Cadence::Scheduled,
    };
    let schedule = newsletter.schedule_of(cadence);
    let next = schedule::next(&schedule, site.config.site.timezone, site.now);
    let when = next.map_or_else(String::new, |next| format!("; next due {}", due::local(site, next)));
    let language = reader.and_then(|(_, reader)| reader.get().language.clone());
    let topics = reader.map(|(_, reader)| reader.get().topics.clone()).unwrap_or_default();
    let mut newest =
        digest::newest(&site.library.posts, &Filing::new(&site.config), &newsletter.select, site.now);
    newest.retain(|post| post.is_about(&topics));
    let sample = Group {
        language: language.unwrap_or_else(|| newsletter.language.clone()),
        posts: newest,
        left_out: Vec::new(),
        members: Vec::new(),
    };
    match chosen {
        None if sample.posts.is_empty() => {
            told.notes.push(format!("{name}: there is no post to show{when}"));
            return Ok(None);
        }
        None => {
            told.notes
                .push(format!("{name}: nothing new to send{when}; this is a sample of the newest posts"));
        }
        Some((prospect, _)) if !prospect.is_due() => {
            told.notes.push(format!("{name}: not due now{when}; this is the next issue as it stands"));
        }
        Some(_) => {}
    }
    let group = chosen.map_or(&sample, |(_, group)| group);
    let others = || outlook.candidates.left_out.iter().chain(&group.left_out);
    if let Some(words) = due::left_out(newsletter, others()) {
        told.notes.push(format!("{name}: {words}"));
    }
    // A sample is in no issue.
    let taken = chosen
        .iter()
        .flat_map(|(_, group)| &group.posts)
        .map(|post| format!("{name}: in: {}", post.source.display()));
    let left = others().map(|(post, why)| {
        format!("{name}: out: {}: {}", post.source.display(), due::told(newsletter, *why))
    });
    let explained = taken.chain(left).collect();
    let editor = match chosen {
        Some((prospect, _)) => prospect.editor.clone(),
        None => due::editor(site, newsletter, cadence, (&outlook, next.unwrap_or(site.now)), &mut found)
            .map_err(|error| Failure::Config(vec![*error]))?,
    };
    let templates = site.templates();
    let renderer = site.renderer();
    let order = outlook.order(cadence, group, &editor);
    let issue = digest::compose(site.setting(&templates, &renderer), order, &mut found)
        .map_err(|diagnostic| Failure::Config(vec![*diagnostic]))?;
    told.found.append(&mut found);
    told.found.extend(issue.size_warning());
    let due = chosen.is_some_and(|(prospect, _)| prospect.is_due());
    let audience = if is_empty { "0 subscribers".to_owned() } else { audience(&prospects, due) };
    let members = if is_empty { Vec::new() } else { group.members.clone() };
    Ok(Some(Draft { issue, due, members, audience, explained }))
}

/// What subscribers of each cadence are to get, where that is something.
pub(super) fn prospects<'a>(
    site: &Site,
    outlook: &Outlook<'a>,
    ledger: &Ledger,
    asked: Asked,
    found: &mut Vec<Diagnostic>,
) -> Result<Vec<Prospect<'a>>, Failure> {
    let is_empty = ledger.listed(&outlook.newsletter.name)? == 0;
    let mut prospects = Vec::new();
    for cadence in Cadence::ALL {
        let due = outlook.due(ledger, cadence, asked)?;
        let moment = match due {
            Due::Now { tick } => tick,
            Due::Later(next) => next,
        };
        let moment = moment.unwrap_or(site.now);
        // Who only looks is told, and sees what would come without the editor's words.
        let editor = due::editor(site, outlook.newsletter, cadence, (outlook, moment), found);
        let editor = editor.unwrap_or_else(|error| {
            found.push(*error);
            Editor::default()
        });
        let groups = match (is_empty, cadence) {
            // Without a list issues are for a stranger who has just come.
            (true, Cadence::Scheduled) => outlook.groups_of_a_stranger(&editor),
            (true, _) => Vec::new(),
            (false, _) => outlook.groups(ledger, cadence, &editor)?,
        };
        if !groups.is_empty() {
            prospects.push(Prospect { cadence, due, editor, groups });
        }
    }
    Ok(prospects)
}

/// `3 subscribers in 2 issues: 2 in ko, 1 daily in en`, of those who are due, or of all.
fn audience(prospects: &[Prospect<'_>], due: bool) -> String {
    let meant = prospects.iter().filter(|prospect| prospect.is_due() || !due);
    let groups: Vec<(Cadence, &Group<'_>)> =
        meant.flat_map(|prospect| prospect.groups.iter().map(|group| (prospect.cadence, group))).collect();
    let all: usize = groups.iter().map(|(_, group)| group.members.len()).sum();
    let all = count(all, "subscriber");
    if groups.len() < 2 {
        return all;
    }
    let told = groups.iter().map(|(cadence, group)| {
        let cadence = if *cadence == Cadence::Scheduled { "" } else { cadence.as_str() };
        format!("{} {cadence} in {}", group.members.len(), group.language).replace("  ", " ")
    });
    format!("{all} in {} issues: {}", groups.len(), told.collect::<Vec<_>>().join(", "))
}
