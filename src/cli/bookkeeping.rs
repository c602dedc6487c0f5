//! What is written down before mail goes out: names of newsletters, who is on a list, since when posts stand as they are.

use chrono::{DateTime, TimeDelta, Utc};

use super::list::List;
use super::site::{Failure, Site};
use crate::config::{Cadence, Newsletter};
use crate::content::Post;
use crate::diagnostic::Diagnostic;
use crate::fsx;
use crate::ledger::Ledger;

/// Sees to it that a newsletter under another name is known to be the same: what it has sent would be sent again otherwise. A word where
/// only the owner can tell.
pub(super) fn known_as(
    site: &Site,
    newsletter: &Newsletter,
    ledger: &mut Ledger,
) -> Result<Option<Diagnostic>, Failure> {
    let known = ledger.newsletters()?;
    if !known.contains(&newsletter.name) {
        for old in newsletter.was.iter().flatten().filter(|old| is_gone(site, old) && known.contains(old)) {
            ledger.rename_newsletter(old, &newsletter.name)?;
        }
    }
    Ok(perhaps_renamed(site, newsletter, &known))
}

fn is_gone(site: &Site, name: &str) -> bool {
    !site.config.newsletters.iter().any(|newsletter| newsletter.name == name)
}

/// A word where a newsletter that has sent nothing may be one that is gone. `known` are those of which there are issues.
pub(super) fn perhaps_renamed(site: &Site, newsletter: &Newsletter, known: &[String]) -> Option<Diagnostic> {
    if newsletter.was.is_some() || known.contains(&newsletter.name) {
        return None;
    }
    let is_said = |name: &String| {
        site.config.newsletters.iter().filter_map(|one| one.was.as_ref()).any(|was| was.contains(name))
    };
    let old = known.iter().find(|name| is_gone(site, name) && !is_said(name))?;
    let name = &newsletter.name;
    let message =
        format!("`{old}` has sent issues and is gone from the config, and `{name}` is new: it sends nothing");
    let help = format!(
        "if it is the same newsletter, write `was: {old}` into `{name}`; if it is another one, `was: []`"
    );
    Some(Diagnostic::error("renamed-newsletter", &site.config_path, message).help(help))
}

/// Under what it is remembered when the owner was told that no relay can be reached.
const TOLD_OF_RELAYS: &str = "told of relays";

/// Whether it is news that no relay can be reached: cron comes every few minutes, and its mail would be all that the owner reads that day.
pub(super) fn are_relays_news(site: &Site, ledger: &Ledger) -> Result<bool, Failure> {
    let told = ledger.note(TOLD_OF_RELAYS)?.and_then(|at| DateTime::parse_from_rfc3339(&at).ok());
    let is_news = told.is_none_or(|at| (site.now - at.to_utc()).abs() >= TimeDelta::days(1));
    if is_news {
        ledger.remember(TOLD_OF_RELAYS, &site.now.to_rfc3339())?;
    }
    Ok(is_news)
}

/// The next time that none can be reached is news again.
pub(super) fn relays_are_back(ledger: &Ledger) -> Result<(), Failure> {
    if ledger.note(TOLD_OF_RELAYS)?.is_some_and(|at| !at.is_empty()) {
        ledger.remember(TOLD_OF_RELAYS, "")?;
    }
    Ok(())
}

/// A mark that changes whenever a newsletter's list does, in its file or by what members say.
pub(super) fn list_mark(site: &Site, newsletter: &Newsletter, ledger: &Ledger) -> Result<String, Failure> {
    let stamp = newsletter.subscribers.as_deref().and_then(fsx::stamp);
    let file = stamp.map_or_else(String::new, |(length, at)| format!("{length}:{at}"));
    Ok(format!("{file}/{}", ledger.members_mark(&newsletter.name, site.now)?))
}

/// The cadences that a list's subscribers want. Who is new on it is there from now on. As long as it stays as it is, it is not read for
/// that; where it was, it comes back.
pub(super) fn cadences(
    site: &Site,
    newsletter: &Newsletter,
    ledger: &Ledger,
) -> Result<(Vec<Cadence>, Option<List>), Failure> {
    let key = format!("cadences of {}", newsletter.name);
    let mark = list_mark(site, newsletter, ledger)?;
    let before = ledger.note(&key)?.unwrap_or_default();
    if let Some((_, names)) = before.split_once(' ').filter(|(before, _)| *before == mark) {
        return Ok((names.split(' ').map(Cadence::named).collect(), None));
    }
    let list = List::load(site, newsletter, ledger)?;
    // A list that cannot be read, or is empty, says nothing of who has left.
    if list.is_unreadable() || list.active == 0 {
        return Ok((vec![Cadence::Scheduled], Some(list)));
    }
    let wanted = ledger.wishes(&newsletter.name)?.cadences;
    let used = |cadence: &Cadence| *cadence == Cadence::Scheduled || wanted.contains(cadence);
    let used: Vec<Cadence> = Cadence::ALL.into_iter().filter(used).collect();
    let names: Vec<&str> = used.iter().map(|cadence| cadence.as_str()).collect();
    ledger.forget_whom(site.now)?;
    ledger.welcome(&newsletter.name, site.now)?;
    ledger.forget_cadences(&newsletter.name, &used)?;
    ledger.remember(&key, &format!("{mark} {}", names.join(" ")))?;
    Ok((used, Some(list)))
}

/// Records since when the posts that newsletters may take stand as they are, where one of these waits until they have settled.
pub(super) fn note_standing(site: &Site, ledger: &mut Ledger) -> Result<(), Failure> {
    let waits =
        site.config.newsletters.iter().filter(|newsletter| newsletter.select.settle > TimeDelta::zero());
    let Some(age) = waits.map(|newsletter| newsletter.select.max_age).max() else { return Ok(()) };
    let before = ledger.standing()?;
    // A clock that ran ahead must not keep a post from settling.
    let known = |post: &Post| {
        before.get(&post.source).filter(|(look, since)| *look == post.fingerprint && *since <= site.now)
    };
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
