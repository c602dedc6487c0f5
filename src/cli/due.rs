//! What is due of one newsletter, and the people it goes to.

use std::collections::HashMap;

use chrono::{DateTime, Utc};

use super::site::{Failure, Site};
use crate::config::Newsletter;
use crate::content::Post;
use crate::diagnostic::Diagnostic;
use crate::digest::schedule::{self, Asked, Due};
use crate::digest::{self, Selection, Why};
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

/// Whether `newsletter` is due, and with what.
pub(super) fn due<'a>(
    site: &'a Site,
    newsletter: &Newsletter,
    ledger: &Ledger,
    asked: Asked,
) -> Result<(Due, Selection<'a>), Failure> {
    let met = ledger.met(&newsletter.name)?;
    let due = schedule::due(&newsletter.schedule, site.config.site.timezone, site.now, met, asked);
    let sent = ledger.sent_posts(&newsletter.name)?;
    Ok((due, digest::select(&site.library.posts, &newsletter.select, &sent, site.now)))
}

/// `left out: 3 older than 14 days, 1 in an earlier issue`; `None` where nothing was.
pub(super) fn left_out(newsletter: &Newsletter, posts: &[(&Post, Why)]) -> Option<String> {
    let mut counts: HashMap<Why, usize> = HashMap::new();
    for (_, why) in posts {
        *counts.entry(*why).or_default() += 1;
    }
    let mut counts: Vec<_> = counts.into_iter().collect();
    counts.sort_unstable();
    let age = newsletter.select.max_age.num_hours();
    let words = |why| match why {
        Why::Sent => "in an earlier issue".to_owned(),
        Why::TooOld if age % 24 == 0 => format!("older than {} days", age / 24),
        Why::TooOld => format!("older than {age} hours"),
        Why::NotAskedFor => "of other categories or tags".to_owned(),
        Why::Future => "not yet published".to_owned(),
        Why::OverMax => format!("over the {} of one issue", newsletter.select.max),
    };
    let list: Vec<_> = counts.into_iter().map(|(why, count)| format!("{count} {}", words(why))).collect();
    (!list.is_empty()).then(|| format!("left out: {}", list.join(", ")))
}

/// A moment as the site's owner reads it.
pub(super) fn local(site: &Site, moment: DateTime<Utc>) -> String {
    moment.with_timezone(&site.config.site.timezone).format("%Y-%m-%d %H:%M %Z").to_string()
}
