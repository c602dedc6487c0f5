//! The next issue of a newsletter, as one subscriber would get it.

use std::sync::Arc;

use minijinja::context;

use super::framed::framed;
use super::{Page, Stage, address};
use crate::address::Mailbox;
use crate::cli::draft::{Draft, Told, draft};
use crate::cli::list::List;
use crate::cli::seals::Seals;
use crate::cli::site::Failure;
use crate::config::Newsletter;
use crate::diagnostic::Diagnostic;
use crate::digest::Issue;
use crate::mail::Composer;
use crate::server::preview::{Asked, Shown};
use crate::subscribers::Subscriber;

/// Subscribers whose addresses are offered.
const OFFERED: usize = 50;
/// Copies that are kept until something changes.
const KEPT: usize = 16;

/// A subscriber's copy.
pub(super) struct Copy {
    told: Told,
    explained: Vec<String>,
    /// `None` where there is no post at all.
    made: Option<Made>,
}

struct Made {
    issue: Issue,
    to: Mailbox,
    audience: String,
    text: String,
    html: String,
    source: String,
}

impl Stage {
    /// The page of a newsletter, or of the first one; where there is none, that of the posts.
    pub(super) fn newsletter(&mut self, name: Option<&str>, asked: &Asked) -> Result<Option<Page>, Failure> {
        let all = &self.site.config.newsletters;
        let newsletter = match name {
            Some(name) => all.iter().find(|newsletter| newsletter.name == name),
            None => all.first(),
        };
        let Some(newsletter) = newsletter.cloned() else { return Ok(name.is_none().then(|| self.posts())) };
        let mut found = self.site.findings();
        found.extend(self.list(&newsletter)?.iter().cloned());
        let readers = self.ledger.first_listed(&newsletter.name, OFFERED)?;
        // A template that cannot be run is told on the page, which goes on.
        let copy = match self.copy(&newsletter, &asked.reader) {
            Ok(copy) => Some(copy),
            Err(failure) => {
                found.extend(failure.into_findings());
                None
            }
        };
        let mut notes = Vec::new();
        let mut explained = Vec::new();
        if let Some(copy) = &copy {
            found.extend(copy.told.found.iter().cloned());
            notes.clone_from(&copy.told.notes);
            explained.clone_from(&copy.explained);
        }
        let query = [("as", asked.reader.as_str()), ("now", asked.now.as_str())];
        let html_url = address(&format!("newsletter/{}/html", newsletter.name), &query);
        let issue = copy.as_ref().and_then(|copy| copy.made.as_ref()).map(|made| {
            context! {
                subject => made.issue.subject.as_str(),
                from => made.issue.from.written(),
                to => made.to.written(),
                audience => made.audience.as_str(),
                html_bytes => made.html.len(),
                eml_bytes => made.source.len(),
                text => made.text.as_str(),
                source => made.source.replace("\r\n", "\n"),
                html_url,
            }
        });
        found.dedup();
        let own = context! {
            newsletter => context! { name => newsletter.name.as_str(), title => newsletter.title.as_str() },
            reader => asked.reader.as_str(),
            now => asked.now.as_str(),
            readers,
            notes,
            explained,
            issue,
        };
        Ok(Some(Page { template: "preview_newsletter.html", own, found }))
    }

    /// Its HTML part.
    pub(super) fn mail(&mut self, name: &str, reader: &str) -> Result<Shown, Failure> {
        let found = self.site.config.newsletters.iter().find(|newsletter| newsletter.name == name);
        let Some(newsletter) = found.cloned() else { return Ok(Shown::Nothing) };
        self.list(&newsletter)?;
        let copy = self.copy(&newsletter, reader)?;
        let Some(made) = &copy.made else { return Ok(Shown::Nothing) };
        Ok(Shown::Framed(framed(&self.site, None, &made.issue.pictures, &made.html)))
    }

    /// Puts the list on the roll, once; what is odd about it.
    fn list(&mut self, newsletter: &Newsletter) -> Result<&[Diagnostic], Failure> {
        if !self.lists.contains_key(&newsletter.name) {
            let list = List::load(&self.site, newsletter, &self.ledger)?;
            self.lists.insert(newsletter.name.clone(), list.diagnostics);
        }
        Ok(self.lists.get(&newsletter.name).map_or(&[], Vec::as_slice))
    }

    fn copy(&mut self, newsletter: &Newsletter, reader: &str) -> Result<Arc<Copy>, Failure> {
        let key = (newsletter.name.clone(), reader.to_owned());
        if let Some(copy) = self.copies.get(&key) {
            return Ok(Arc::clone(copy));
        }
        let copy = Arc::new(self.composed(newsletter, reader)?);
        if self.copies.len() >= KEPT {
            self.copies.clear();
        }
        self.copies.insert(key, Arc::clone(&copy));
        Ok(copy)
    }

    fn composed(&self, newsletter: &Newsletter, reader: &str) -> Result<Copy, Failure> {
        let mut told = Told::default();
        let id = Mailbox::parse(reader).ok().map(|mailbox| Subscriber::id_of(&mailbox.address));
        let chosen = match &id {
            Some(id) => self.ledger.find_listed(&newsletter.name, Some(id))?,
            None => None,
        };
        if chosen.is_none() && !reader.is_empty() {
            told.notes.push(format!("`{reader}` is no active subscriber; this is what most of them get"));
        }
        let drafted = draft(&self.site, newsletter, &self.ledger, chosen.as_ref(), &mut told)?;
        let Some(Draft { issue, members, audience, explained, .. }) = drafted else {
            return Ok(Copy { told, explained: Vec::new(), made: None });
        };
        let first = match (chosen, members.first()) {
            (Some((_, chosen)), _) => Some(chosen),
            (None, Some(place)) => self.ledger.listed_at(*place)?,
            (None, None) => self.ledger.find_listed(&newsletter.name, None)?.map(|(_, first)| first),
        };
        let reader = match first {
            Some(active) => active.get().clone(),
            None => Subscriber::stranger(Mailbox::parse("Reader <reader@example.com>")?),
        };
        let seals = Seals::of_copies(&self.site)?;
        let composer = Composer::new(&issue, seals.seal());
        let (text, html) = composer.parts(&reader.id, &reader.mailbox);
        let source = composer.message(&reader.id, &reader.mailbox).text;
        let (text, html) = (text.to_string(), html.to_string());
        let made = Some(Made { to: reader.mailbox, audience, text, html, source, issue });
        Ok(Copy { told, explained, made })
    }
}
