//! The feeds, as a reader shows them: what is written is read back by `feed-rs`.

use feed_rs::model;
use minijinja::{Value, context};

use super::framed::framed;
use super::{Page, Stage, address};
use crate::cli::site::Failure;
use crate::feed::{self, FeedError, Plan};
use crate::server::preview::Shown;

impl Stage {
    /// The page of all feeds.
    pub(super) fn feeds(&self) -> Page {
        let (plan, mut odd) = self.plan();
        let feeds: Vec<_> = plan
            .documents
            .iter()
            .filter(|document| document.is_subscription())
            .map(|document| {
                context! {
                    path => document.path.as_str(),
                    title => plan.channel(document).title.as_str(),
                    format => feed::media_type(document.format),
                    entries => document.entries(),
                    url => address("feed", &[("path", &document.path)]),
                }
            })
            .collect();
        let mut found = self.site.findings();
        found.append(&mut odd);
        Page { template: "preview_feeds.html", own: context! { feeds }, found }
    }

    /// The page of one feed.
    pub(super) fn feed(&self, path: &str) -> Result<Option<Page>, Failure> {
        let Some((bytes, _)) = self.written(path)? else { return Ok(None) };
        let read = feed_rs::parser::parse(&*bytes);
        let problem = read.as_ref().err().map(ToString::to_string);
        let feed = read.ok().map_or_else(|| empty(path), |feed| shown(path, &feed));
        let own = context! { feed, problem, source_url => address("feed/source", &[("path", path)]) };
        Ok(Some(Page { template: "preview_feed.html", own, found: Vec::new() }))
    }

    /// A feed as it is.
    pub(super) fn source(&self, path: &str) -> Result<Shown, Failure> {
        Ok(match self.written(path)? {
            Some((bytes, _)) => Shown::File("text/plain; charset=utf-8", bytes),
            None => Shown::Nothing,
        })
    }

    /// The text of an entry, by its place.
    pub(super) fn entry(&self, path: &str, place: usize) -> Result<Shown, Failure> {
        let Some((bytes, _)) = self.written(path)? else { return Ok(Shown::Nothing) };
        let entry = feed_rs::parser::parse(&*bytes).ok().and_then(|feed| feed.entries.into_iter().nth(place));
        let html = entry.and_then(|entry| text_of(&entry));
        Ok(html.map_or(Shown::Nothing, |html| Shown::Framed(framed(&self.site, None, &[], &html))))
    }

    fn plan(&self) -> (Plan<'_>, Vec<crate::diagnostic::Diagnostic>) {
        Plan::new(&self.site.config, &self.site.library, &self.site.config_path)
    }

    /// A document as a build would write it now.
    fn written(&self, path: &str) -> Result<Option<(Vec<u8>, feed::Left)>, Failure> {
        let (plan, _) = self.plan();
        let Some(index) = plan.documents.iter().position(|document| document.path == path) else {
            return Ok(None);
        };
        let mut bytes = Vec::new();
        let left = plan.write::<FeedError>(&self.site.renderer(), &[index], |part| {
            bytes.extend_from_slice(part.bytes);
            Ok(())
        })?;
        Ok(Some((bytes, left)))
    }
}

/// What a reader shows of an entry: its text, else its summary.
fn text_of(entry: &model::Entry) -> Option<String> {
    let whole = entry.content.as_ref().and_then(|content| content.body.clone());
    whole.or_else(|| entry.summary.as_ref().map(|summary| summary.content.clone()))
}

fn empty(path: &str) -> Value {
    context! { path, title => path, description => "", home => "", updated => "", entries => Vec::<Value>::new() }
}

fn shown(path: &str, feed: &model::Feed) -> Value {
    let text = |text: &Option<model::Text>| text.as_ref().map_or(String::new(), |text| text.content.clone());
    let entries = feed.entries.iter().enumerate().map(|(place, entry)| {
        let date = entry.published.or(entry.updated).map_or(String::new(), |date| date.to_rfc3339());
        let names: Vec<_> = entry.authors.iter().filter_map(|author| author.name.as_deref()).collect();
        let categories: Vec<_> =
            entry.categories.iter().map(|one| one.label.clone().unwrap_or_else(|| one.term.clone())).collect();
        let content = entry.media.iter().flat_map(|media| &media.content);
        let enclosures = content.filter_map(|content| {
            Some(context! {
                url => content.url.as_ref()?.as_str(),
                type => content.content_type.as_ref().map_or(String::new(), ToString::to_string),
                length => content.size.unwrap_or(0),
            })
        });
        let has_text = text_of(entry).is_some();
        context! {
            title => text(&entry.title),
            link => entry.links.first().map_or("", |link| link.href.as_str()),
            id => entry.id.as_str(),
            date,
            author => names.join(", "),
            categories,
            summary => "",
            content_url => if has_text { address("feed/entry", &[("path", path), ("entry", &place.to_string())]) } else { String::new() },
            enclosures => enclosures.collect::<Vec<_>>(),
        }
    });
    let entries: Vec<_> = entries.collect();
    let home = feed.links.iter().find(|link| link.rel.as_deref() != Some("self"));
    context! {
        path,
        title => text(&feed.title),
        description => text(&feed.description),
        home => home.map_or("", |link| link.href.as_str()),
        updated => feed.updated.map_or(String::new(), |date| date.to_rfc3339()),
        entries,
    }
}
