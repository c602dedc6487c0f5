//! `tidings serve --preview`: posts, feeds and issues as they will be. Nothing of it is published, recorded or sent.

mod feeds;
mod framed;
mod newsletter;
mod posts;

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use chrono::{DateTime, SecondsFormat, TimeZone, Utc};
use minijinja::{Value, context};
use unicode_width::UnicodeWidthChar as _;
use url::form_urlencoded;

use super::args::{self, Place};
use super::site::{Failure, Site};
use crate::diagnostic::Diagnostic;
use crate::ledger::Ledger;
use crate::server::preview::{Asked, Preview, Shown, View};
use newsletter::Copy;

/// For so long the present moment is taken for now.
const NOW: Duration = Duration::from_mins(1);

/// What is seen at one moment, as far as it has been made.
struct Stage {
    moment: Option<DateTime<Utc>>,
    made: Instant,
    site: Site,
    ledger: Ledger,
    /// The lists that are on the ledger's rolls, and what is odd about them.
    lists: HashMap<String, Vec<Diagnostic>>,
    /// Issues by newsletter and reader.
    copies: HashMap<(String, String), Arc<Copy>>,
}

/// Shows the site at a place.
pub(super) struct Window {
    place: Place,
    stage: Mutex<Option<Stage>>,
    /// The site's title and address when its config could be read last.
    last: Mutex<[String; 2]>,
}

/// A page before it is put into its frame.
struct Page {
    template: &'static str,
    own: Value,
    found: Vec<Diagnostic>,
}

impl Window {
    pub(super) fn new(place: &Place) -> Self {
        Self {
            place: place.clone(),
            stage: Mutex::default(),
            last: Mutex::new(["tidings".into(), "/".into()]),
        }
    }

    /// Works with the site as it is at a moment, read anew where that is another, or something has changed.
    fn with_stage<T>(
        &self,
        moment: Option<DateTime<Utc>>,
        work: impl FnOnce(&mut Stage) -> Result<T, Failure>,
    ) -> Result<T, Failure> {
        let mut slot = self.stage.lock().unwrap_or_else(PoisonError::into_inner);
        let is_fresh =
            |stage: &&mut Stage| stage.moment == moment && (moment.is_some() || stage.made.elapsed() < NOW);
        if let Some(stage) = slot.as_mut().filter(is_fresh) {
            return work(stage);
        }
        *slot = None;
        let place = Place { now: moment, ..self.place.clone() };
        let mut site = Site::load(&place)?;
        let ledger = Ledger::peek(&site.config)?;
        site.settle_ids(&ledger)?;
        *self.last.lock().unwrap_or_else(PoisonError::into_inner) =
            [site.config.site.title.clone(), site.config.site.url.to_string()];
        let made = Instant::now();
        let fresh = Stage { moment, made, site, ledger, lists: HashMap::new(), copies: HashMap::new() };
        work(slot.insert(fresh))
    }

    /// A whole page: what is on it, and around it.
    fn page(&self, asked: &Asked, moment: Option<DateTime<Utc>>, odd: Option<&Diagnostic>) -> Shown {
        let made = self.with_stage(moment, |stage| {
            let page = match &asked.view {
                View::Newsletter(name) => stage.newsletter(name.as_deref(), asked)?,
                View::Post(file) => stage.post(file)?,
                View::Feeds => Some(stage.feeds()),
                View::Feed(path) => stage.feed(path)?,
                _ => Some(stage.posts()),
            };
            let names = stage.site.config.newsletters.iter();
            let names = names.map(|newsletter| (newsletter.name.clone(), newsletter.title.clone())).collect();
            let shown = written(&stage.site.now.with_timezone(&stage.site.config.site.timezone));
            Ok(page.map(|page| (page, names, shown)))
        });
        let (page, names, shown) = match made {
            Ok(Some(made)) => made,
            Ok(None) => return Shown::Nothing,
            // Nothing can be made: it is said why, and the page waits for the mend.
            Err(failure) => {
                let page =
                    Page { template: "preview.html", own: context! {}, found: failure.into_findings() };
                (page, Vec::new(), written(&moment.unwrap_or_else(|| self.place.clock().now())))
            }
        };
        let [title, url] = self.last.lock().unwrap_or_else(PoisonError::into_inner).clone();
        let found: Vec<Value> = odd.into_iter().chain(&page.found).map(finding).collect();
        let whole = context! {
            site => context! { title, url },
            tabs => tabs(&names, &asked.view),
            diagnostics => found,
            moment => shown,
            is_moved => moment.is_some(),
            ..page.own
        };
        Shown::Page(page.template, whole)
    }
}

impl Preview for Window {
    fn show(&self, asked: &Asked) -> Shown {
        let (moment, odd) = match asked.now.as_str() {
            "" => (self.place.now, None),
            // A query's plus is a space.
            typed => match args::moment(&typed.replace(' ', "+")) {
                Ok(moment) => (Some(moment), None),
                Err(help) => {
                    let words = format!("`{typed}` is no moment, so this is as of now");
                    (self.place.now, Some(Diagnostic::error("now", "the form".as_ref(), words).help(help)))
                }
            },
        };
        let part = self.with_stage(moment, |stage| match &asked.view {
            View::Mail(name) => stage.mail(name, &asked.reader).map(Some),
            View::Text(file) => stage.text(file).map(Some),
            View::Source(path) => stage.source(path).map(Some),
            View::Entry(path, place) => stage.entry(path, *place).map(Some),
            View::File(path) => Ok(Some(stage.file(path))),
            View::Newsletter(_) | View::Posts | View::Post(_) | View::Feeds | View::Feed(_) => Ok(None),
        });
        match part {
            Ok(Some(part)) => part,
            // What cannot be made is told by the page around it.
            Err(_) if !is_page(&asked.view) => Shown::Nothing,
            _ => self.page(asked, moment, odd.as_ref()),
        }
    }

    fn forget(&self) {
        *self.stage.lock().unwrap_or_else(PoisonError::into_inner) = None;
    }
}

fn written<Z: TimeZone>(moment: &DateTime<Z>) -> String
where
    Z::Offset: std::fmt::Display,
{
    moment.to_rfc3339_opts(SecondsFormat::Secs, true)
}

fn is_page(view: &View) -> bool {
    matches!(view, View::Newsletter(_) | View::Posts | View::Post(_) | View::Feeds | View::Feed(_))
}

fn tabs(newsletters: &[(String, String)], view: &View) -> Vec<Value> {
    let first = newsletters.first().map(|(name, _)| name.clone());
    let here = match view {
        View::Newsletter(name) => name.clone().or(first),
        _ => None,
    };
    let own = newsletters.iter().map(|(name, title)| {
        context! {
            label => title,
            url => format!("/preview/newsletter/{name}"),
            is_here => here.as_ref() == Some(name),
        }
    });
    let posts = matches!(view, View::Posts | View::Post(_));
    let feeds = matches!(view, View::Feeds | View::Feed(_));
    own.chain([
        context! { label => "Posts", url => "/preview/posts", is_here => posts },
        context! { label => "Feeds", url => "/preview/feeds", is_here => feeds },
    ])
    .collect()
}

/// A finding as pages show it, with carets right under wide letters.
fn finding(found: &Diagnostic) -> Value {
    let caret = found.place.as_ref().map(|place| {
        let width = |text: &mut dyn Iterator<Item = char>| {
            text.filter_map(|c| if c == '\t' { Some(1) } else { c.width() }).sum::<usize>()
        };
        let before = width(&mut place.text.chars().take(place.column - 1));
        let under = width(&mut place.text.chars().skip(place.column - 1).take(place.width)).max(1);
        format!("{}{}", " ".repeat(before), "^".repeat(under))
    });
    let place = found.place.as_ref();
    context! {
        severity => if found.is_error() { "error" } else { "warning" },
        code => found.code,
        path => found.path.to_string_lossy(),
        line => place.map(|place| place.line),
        column => place.map(|place| place.column),
        source => place.map(|place| place.text.replace('\t', " ")),
        caret => caret,
        message => found.message.as_str(),
        help => found.help.as_str(),
    }
}

/// An address below the preview, with a query.
fn address(path: &str, query: &[(&str, &str)]) -> String {
    let mut encoded = form_urlencoded::Serializer::new(String::new());
    for (name, value) in query.iter().filter(|(_, value)| !value.is_empty()) {
        encoded.append_pair(name, value);
    }
    let encoded = encoded.finish();
    if encoded.is_empty() { format!("/preview/{path}") } else { format!("/preview/{path}?{encoded}") }
}
