//! A folder of posts becomes a `Library`.
//!
//! Never stops at a bad post: it is left out with a `Diagnostic` and the others go on. A post's id, URL and date are
//! decided here, once, by the rules of the generator that the blog is made with. Not responsible for turning Markdown into
//! anything.

mod address;
mod asset;
mod astro;
mod cache;
pub mod clean;
mod data;
mod date;
mod depth;
mod eleventy;
pub mod entities;
mod episode;
mod files;
mod filing;
mod hugo;
mod jekyll;
mod library;
mod matter;
mod media;
mod odd;
mod people;
mod plain;
mod post;
mod reading;
mod room;
pub mod slug;
mod source;
pub mod typography;
mod values;
mod zola;

use std::cell::Cell;
use std::cmp::Reverse;
use std::collections::HashMap;
use std::path::Path;

use chrono::{DateTime, TimeDelta, Utc};
use rayon::prelude::*;
use url::Url;

use crate::config::{Blog, Config, Include, Settings};
use crate::diagnostic::{Diagnostic, Place};
use crate::fsx;
use cache::Cache;
use reading::Reading;
use room::Room;

pub use address::encoded_once as encoded_path;
pub use asset::file_of;
pub use cache::Fresh;
pub use data::data;
pub use episode::Episode;
pub use filing::Filing;
pub use library::{Library, Published};
pub use media::{Enclosure, Image, media_type};
pub use people::site_author;
pub use post::{Audience, IdOrigin, Markup, Post};

/// How many posts are read by way of one buffer, and the length in bytes of few posts' files that it does not hold.
const TOGETHER: usize = 128;
const MOSTLY: usize = 64 << 10;

/// Reads every post of the blog, as the site stands at `now`. A cache comes back where much of it is new.
pub fn load(config: &Config, now: DateTime<Utc>) -> (Library, Vec<Diagnostic>, Option<Fresh>) {
    let shared = Shared { people: people::known(config), room: Room::of(config) };
    let key = cache_key(config, &shared.people);
    let path = config.state_dir().join("cache/posts");
    let open = || key.map(|key| Cache::open(&path, &key)).unwrap_or_default();
    let ((rules, walk), cache) = rayon::join(|| Rules::of(config), open);
    let files::Walk { files, found: mut diagnostics } = walk;
    let handed_down = rules.handed_down();
    let stamps: Vec<_> = files.par_iter().map(|path| fsx::stamp(path)).collect();
    let known = cache.if_made_with(&handed_down).of(&files, &stamps);
    let unknown = known.iter().filter(|kept| kept.is_none()).count();
    let read: Vec<_> = (files.par_iter(), &stamps, known)
        .into_par_iter()
        .with_min_len(TOGETHER)
        .map_init(
            || Vec::with_capacity(MOSTLY),
            |bytes, (path, stamp, known)| {
                let length = stamp.map(|(length, _)| length);
                known.map_or_else(
                    || rules.post(path, length, &shared, bytes),
                    |kept| (kept.post(), Vec::new()),
                )
            },
        )
        .collect();
    // A few files are read again as quickly as the whole cache is written.
    let fresh = key.filter(|_| unknown > 16 + files.len() / 64).map(|key| {
        let all = files.iter().zip(&stamps).zip(&read);
        let worth: Vec<_> = all
            .filter_map(|((path, stamp), (post, found))| cache::Read::of(path, *stamp, post.as_ref(), found))
            .collect();
        Fresh::of(path, &key, &handed_down, &worth)
    });
    let mut posts = Vec::with_capacity(read.len());
    let mut waiting = 0;
    for (post, found) in read {
        diagnostics.extend(found);
        match post {
            Some(post) if config.posts.future == Include::No && post.public_from > now => {
                waiting += 1;
                diagnostics.extend(far_ahead(&post, now));
            }
            Some(post) if post.public_until.is_some_and(|until| until < now) => {}
            post => posts.extend(post),
        }
    }
    if let Blog::Eleventy = config.blog {
        eleventy::settle(&mut posts);
        posts.par_iter_mut().for_each(|post| post.fingerprint = post.look());
    }
    link_translations(&mut posts);
    posts.sort_by_cached_key(|post| (Reverse(post.date), post.source.clone()));
    (Library { posts, waiting, files, root: config.root.clone() }, diagnostics, fresh)
}

/// A word about a post that waits for so long that its date is more likely a slip.
fn far_ahead(post: &Post, now: DateTime<Utc>) -> Option<Diagnostic> {
    let is_far = post.public_from.to_utc() - now > TimeDelta::days(366);
    let message = format!("this post is held back until {}", post.public_from.format("%Y-%m-%d"));
    let help = "correct its date, if that is a slip; `posts: { future: true }` shows such posts at once";
    is_far.then(|| Diagnostic::warning("odd-date", &post.source, message).help(help))
}

/// Tells each post where it is in other languages.
fn link_translations(posts: &mut [Post]) {
    let mut known: HashMap<String, Vec<(String, Url)>> = HashMap::new();
    for post in posts.iter() {
        if let (Some(key), Some(language)) = (&post.translation_key, &post.language) {
            known.entry(key.clone()).or_default().push((language.clone(), post.url.clone()));
        }
    }
    for post in posts {
        let all = post.translation_key.as_ref().and_then(|key| known.get(key)).into_iter().flatten();
        post.translations = all.filter(|(_, url)| *url != post.url).cloned().collect();
        post.translations.sort();
    }
}

/// What the reading of every post needs.
struct Shared {
    people: Settings,
    room: Room,
}

/// A hash of all that a post follows from besides its file and what sections hand down; `None` where that is other files.
fn cache_key(config: &Config, people: &Settings) -> Option<[u8; 32]> {
    if let Blog::Eleventy = config.blog {
        return None;
    }
    let program = fsx::program()?;
    let whole = format!(
        "{} {program:?} {} {:?} {:?} {:?} {people:?}",
        env!("CARGO_PKG_VERSION"),
        config.root.display(),
        config.site,
        config.posts,
        (&config.blog, &config.feeds)
    );
    Some(*blake3::hash(whole.as_bytes()).as_bytes())
}

/// The rules of the blog's generator, with what they need to know of the whole site.
enum Rules<'a> {
    Jekyll(&'a Config, &'a crate::config::Jekyll),
    Hugo(&'a Config, &'a crate::config::Hugo, hugo::Sections),
    Zola(&'a Config, &'a crate::config::Zola),
    Eleventy(&'a Config),
    Astro(&'a Config, &'a [(String, String)]),
    Plain(&'a Config),
}

impl<'a> Rules<'a> {
    /// The rules, and the files that they take for posts.
    fn of(config: &'a Config) -> (Self, files::Walk) {
        match &config.blog {
            Blog::Jekyll(jekyll) => (Self::Jekyll(config, jekyll), jekyll::files(config, jekyll)),
            Blog::Hugo(hugo) => {
                let (walk, sections) = hugo::files(config, hugo);
                (Self::Hugo(config, hugo, sections), walk)
            }
            Blog::Zola(zola) => (Self::Zola(config, zola), zola::files(config, zola)),
            Blog::Eleventy => (Self::Eleventy(config), eleventy::files(config)),
            Blog::Astro(routes) => (Self::Astro(config, routes), astro::files(config)),
            Blog::Plain => (Self::Plain(config), plain::files(config)),
        }
    }

    fn config(&self) -> &'a Config {
        match self {
            Self::Jekyll(config, _)
            | Self::Hugo(config, ..)
            | Self::Zola(config, _)
            | Self::Eleventy(config)
            | Self::Astro(config, _)
            | Self::Plain(config) => config,
        }
    }

    /// A hash of what other pages hand down to the posts.
    fn handed_down(&self) -> [u8; 32] {
        let described = match self {
            Self::Hugo(.., sections) => sections.described(),
            _ => String::new(),
        };
        *blake3::hash(described.as_bytes()).as_bytes()
    }

    /// Reads the post at `path`, by way of `bytes`. `None` without an error is a draft.
    fn post(
        &self,
        path: &Path,
        length: Option<u64>,
        shared: &Shared,
        bytes: &mut Vec<u8>,
    ) -> (Option<Post>, Vec<Diagnostic>) {
        let source = source::shown(path, &self.config().root);
        let mut found = Vec::new();
        let text = source::text(path, length, &source, bytes, &mut found);
        let post = text.and_then(|text| self.attempt(path, &source, &text, shared, &mut found));
        let post = post.unwrap_or_else(|error| {
            found.push(*error);
            None
        });
        (post, found)
    }

    fn attempt(
        &self,
        path: &Path,
        source: &Path,
        text: &str,
        shared: &Shared,
        found: &mut Vec<Diagnostic>,
    ) -> Result<Option<Post>, Box<Diagnostic>> {
        let split = matter::split(text).map_err(|line| unclosed(text, source, line))?;
        if let Some(fence) = matter::mistaken_fence(&split) {
            let message = format!("`{fence}` opens no front matter: what stands below it would be published");
            let error = Diagnostic::error("front-matter", source, message);
            let place = Place::of(text, fence);
            return Err(Box::new(error.at(place).help("write three hyphens, `---`, above it and below it")));
        }
        if let Some(message) = depth::too_deep(split.body) {
            let help = "look for a tag that is opened again and again and never closed";
            return Err(Box::new(Diagnostic::error("too-deep", source, message).help(help)));
        }
        let matter = matter::read(&split, text, source, found)?;
        let (people, room) = (&shared.people, &shared.room);
        let mut reading = Reading {
            config: self.config(),
            path,
            source,
            people,
            room,
            asked: Cell::new(false),
            text,
            split,
            matter,
            found,
        };
        Ok(match self {
            Self::Jekyll(_, jekyll) => jekyll::post(&mut reading, jekyll),
            Self::Hugo(_, hugo, sections) => hugo::post(&mut reading, hugo, sections),
            Self::Zola(_, zola) => zola::post(&mut reading, zola),
            Self::Eleventy(_) => eleventy::post(&mut reading),
            Self::Astro(_, routes) => astro::post(&mut reading, routes),
            Self::Plain(_) => plain::post(&mut reading),
        })
    }
}

fn unclosed(text: &str, source: &Path, line: usize) -> Box<Diagnostic> {
    let help = "close it with a line like the one that opens it, after the last key";
    let error = Diagnostic::error("front-matter", source, "the front matter is opened and never closed");
    Box::new(error.at(Place::in_text(text, line, 1, 3)).help(help))
}

/// The text of a post after its front matter, read anew from its file where it has not been kept.
///
/// # Errors
/// The file has gone, or cannot be read any more.
pub fn body(post: &Post) -> Result<String, crate::fsx::FileError> {
    if let Some(kept) = &post.body {
        return Ok(kept.to_string());
    }
    let text = source::text_again(&post.file)?;
    let body = matter::split(&text).map_or(text.as_str(), |split| split.body).to_owned();
    Ok(body)
}

/// A file with front matter that is no post.
#[derive(Clone, Debug, Default)]
pub struct Page {
    /// Its front matter.
    pub matter: Settings,
    /// The text behind it.
    pub body: String,
}

/// Reads such a file, which messages call `shown`; `None` where it is not there.
///
/// # Errors
/// It cannot be read, or its front matter cannot.
pub fn page(path: &Path, shown: &Path, found: &mut Vec<Diagnostic>) -> Result<Option<Page>, Box<Diagnostic>> {
    if !path.exists() {
        return Ok(None);
    }
    let mut bytes = Vec::new();
    let text = source::text(path, None, shown, &mut bytes, found)?;
    let split = matter::split(&text).map_err(|line| unclosed(&text, shown, line))?;
    let matter = matter::read(&split, &text, shown, found)?;
    Ok(Some(Page { matter, body: split.body.to_owned() }))
}

/// The text of a file that posts include; `None` where it is not there, or cannot be read.
pub fn included(path: &Path) -> Option<String> {
    let text = source::text_again(path).ok()?;
    // An include may have front matter of its own, which is no part of it.
    Some(matter::split(&text).map_or_else(|_| text.clone(), |split| split.body.to_owned()))
}

/// The text that a file of the site has under a key of its front matter.
pub fn written(path: &Path, key: &str) -> Option<String> {
    let text = source::text_again(path).ok()?;
    let split = matter::split(&text).ok()?;
    let matter = matter::read(&split, &text, path, &mut Vec::new()).ok()?;
    matter.get(key)?.as_str().map(str::to_owned)
}

/// A moment from a text, in `zone` where it has no offset.
pub fn moment(text: &str, zone: chrono_tz::Tz) -> Option<DateTime<chrono::FixedOffset>> {
    date::WrittenDate::parse(text).map(|date| date.resolve(zone))
}
