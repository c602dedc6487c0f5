//! The feeds of a site, before they take the form of documents.

use std::collections::HashMap;
use std::path::{Path, PathBuf};

use url::Url;

use super::element::Element;
use super::fields::Fields;
use super::names;
use crate::config::{Author, Config, Content, Feed, Format, Group, Podcast};
use crate::content::{Filing, Library, clean};
use crate::diagnostic::Diagnostic;

/// One feed. Every text in it is fit for XML.
#[derive(Clone, Debug)]
pub struct Channel {
    /// Its folder below the public one, without slashes at its ends, or its only document; the main feed's is empty.
    pub path: String,
    /// Its title.
    pub title: String,
    /// What it is called among others of its kind: a tag's name; its title, where it is alone.
    pub name: String,
    /// A sentence about it, perhaps empty.
    pub description: String,
    /// The site's address.
    pub home: Url,
    /// BCP 47.
    pub language: String,
    /// The site's author; the name is never empty.
    pub author: Author,
    /// What gathers its posts, where it is one of many.
    pub group: Option<Group>,
    /// In which formats.
    pub formats: Vec<Format>,
    /// All posts that it takes, newest first, by their places in the library.
    pub posts: Vec<usize>,
    /// How many of them it shows; the others are the archive's.
    pub shows: usize,
    /// How much of each.
    pub content: Content,
    /// What directories of podcasts ask for.
    pub podcast: Option<Box<Podcast>>,
    /// The WebSub hub.
    pub hub: Option<String>,
    pub(super) fields: Vec<Element>,
    pub(super) namespaces: Vec<(String, String)>,
}

impl Channel {
    /// Its description, or its title where it has none.
    pub fn described(&self) -> &str {
        if self.description.is_empty() { &self.title } else { &self.description }
    }
}

/// The feeds that the config asks for: the main one, the owner's own, those by category, tag, author and language.
pub(super) fn all(
    config: &Config,
    library: &Library,
    fields: &Fields,
    config_path: &Path,
    found: &mut Vec<Diagnostic>,
) -> Vec<Channel> {
    let feeds = &config.feeds;
    let posts = &library.posts;
    let public: Vec<usize> = (0..posts.len()).filter(|index| posts[*index].audience.feeds).collect();
    let site = Site::new(config, fields);
    let mut channels = vec![site.channel(&feeds.main, public.clone(), None, found)];
    for own in &feeds.own {
        let taken =
            public.iter().copied().filter(|index| site.filing.takes(&own.filter, &posts[*index])).collect();
        // A feed of one language is in it.
        let language = match own.filter.any.languages.as_slice() {
            [language] => Some(language.as_str()),
            _ => None,
        };
        let channel = site.channel(own, taken, language, found);
        if channel.posts.is_empty() && !public.is_empty() {
            let message = format!("no post has what the feed `{}` asks for", own.path);
            let help = "compare its `select` with the posts' own words, letter by letter";
            found.push(Diagnostic::warning("nothing-selected", config_path, message).help(help));
        }
        channels.push(channel);
    }
    for group in &feeds.by {
        channels.extend(site.grouped(*group, library, &public, found));
    }
    channels
}

/// What all feeds have in common.
struct Site<'a> {
    config: &'a Config,
    fields: &'a Fields,
    title: String,
    description: String,
    filing: Filing<'a>,
}

impl<'a> Site<'a> {
    fn new(config: &'a Config, fields: &'a Fields) -> Self {
        let site = &config.site;
        Self {
            config,
            fields,
            title: clean::one_line(&site.title),
            description: clean::one_line(&site.description),
            filing: Filing::new(config),
        }
    }

    fn channel(
        &self,
        feed: &Feed,
        posts: Vec<usize>,
        language: Option<&str>,
        found: &mut Vec<Diagnostic>,
    ) -> Channel {
        let site = &self.config.site;
        let last = feed.path.rsplit('/').next().unwrap_or("");
        let title = match &feed.title {
            Some(title) => clean::one_line(title),
            None if last.is_empty() => self.title.clone(),
            None => format!("{} | {}", self.title, last.rsplit_once('.').map_or(last, |(stem, _)| stem)),
        };
        let mut channel = Channel {
            path: feed.path.clone(),
            name: title.clone(),
            title,
            description: feed
                .description
                .as_deref()
                .map_or_else(|| self.description.clone(), clean::one_line),
            home: site.url.clone(),
            language: clean::one_line(language.unwrap_or(&site.language)),
            author: self.filing.author().clone(),
            group: None,
            formats: feed.formats.clone(),
            shows: feed.limit.map_or(posts.len(), |limit| limit.min(posts.len())),
            posts,
            content: feed.content,
            podcast: feed.podcast.clone(),
            hub: self.config.feeds.hub.as_ref().map(Url::to_string),
            fields: Vec::new(),
            namespaces: self.config.feeds.fields.namespaces.clone(),
        };
        channel.fields = self.fields.of_feed(&channel, found);
        channel
    }

    /// A feed for each name that posts are gathered by. Of two names with one folder, the later is told.
    fn grouped(
        &self,
        group: Group,
        library: &Library,
        public: &[usize],
        found: &mut Vec<Diagnostic>,
    ) -> Vec<Channel> {
        let mut taken: HashMap<String, Vec<usize>> = HashMap::new();
        let mut names = Vec::new();
        // The oldest first: a name keeps its folder whatever is written later.
        for index in public.iter().rev() {
            for name in self.filing.names(group, &library.posts[*index]) {
                let posts = taken.entry(name.clone()).or_default();
                if posts.is_empty() {
                    names.push(name);
                }
                if posts.last() != Some(index) {
                    posts.push(*index);
                }
            }
        }
        let texts: Vec<&str> = names.iter().map(String::as_str).collect();
        let folders = names::folders(&texts);
        let first_of: HashMap<String, &String> =
            names.iter().rev().map(|name| (names::folder(name), name)).collect();
        let (folder, kind) = match group {
            Group::Category => ("categories", "category"),
            Group::Tag => ("tags", "tag"),
            Group::Author => ("authors", "author"),
            Group::Language => ("languages", "language"),
        };
        let mut channels = Vec::with_capacity(names.len());
        for (name, own) in names.iter().zip(&folders) {
            let mut posts = taken.remove(name).unwrap_or_default();
            posts.reverse();
            let plain = names::folder(name);
            if *own != plain
                && let (Some(other), Some(post)) = (first_of.get(&plain), posts.last())
            {
                let message = format!(
                    "the {kind} `{name}` would have the folder of `{other}`; its feed lies in `{folder}/{own}`"
                );
                let help = "write it the same way everywhere, if both are meant to be one";
                let source: PathBuf = library.posts[*post].source.clone();
                found.push(Diagnostic::warning("same-name", &source, message).help(help));
            }
            let feed = Feed {
                path: format!("{folder}/{own}"),
                title: Some(format!("{} | {name}", self.title)),
                podcast: None,
                ..self.config.feeds.main.clone()
            };
            let language = (group == Group::Language).then_some(name.as_str());
            let channel = self.channel(&feed, posts, language, found);
            channels.push(Channel { group: Some(group), name: name.clone(), ..channel });
        }
        channels
    }
}
