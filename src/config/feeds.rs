//! What the owner wants of feeds.

use url::Url;

use super::{Author, Content};

/// A feed format.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Format {
    /// RSS 2.0.
    Rss,
    /// Atom, RFC 4287.
    Atom,
    /// JSON Feed 1.1.
    Json,
}

/// What posts are gathered by into feeds of their own.
#[derive(
    Clone,
    Copy,
    Debug,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    serde::Serialize,
    serde::Deserialize,
    schemars::JsonSchema,
)]
#[serde(rename_all = "lowercase")]
pub enum Group {
    /// A feed for each category.
    Category,
    /// A feed for each tag.
    Tag,
    /// A feed for each author.
    Author,
    /// A feed for each language.
    Language,
}

/// What feeds to write.
#[derive(Clone, Debug)]
pub struct Feeds {
    /// The main feeds.
    pub main: Feed,
    /// Feeds like them for each category, tag, …
    pub by: Vec<Group>,
    /// The owner's own.
    pub own: Vec<Feed>,
    /// How many entries an archive document holds (RFC 5005 §4); `None` is no archive.
    pub archive: Option<usize>,
    /// The WebSub hub.
    pub hub: Option<Url>,
    /// Whether documents name a style sheet, for people who open one in a browser.
    pub style: bool,
    /// Elements of the owner's own.
    pub fields: Fields,
}

/// One feed, in one or more formats.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Feed {
    /// The folder it lies in, below the public one, without slashes at its ends, or the document, where it has an ending. The
    /// main feeds' is empty.
    pub path: String,
    /// Its title where it is not made from the site's.
    pub title: Option<String>,
    /// A sentence about it where the site's is not.
    pub description: Option<String>,
    /// The posts it takes.
    pub filter: Filter,
    /// In which formats.
    pub formats: Vec<Format>,
    /// At most so many entries; `None` is all.
    pub limit: Option<usize>,
    /// How much of each post.
    pub content: Content,
    /// What directories of podcasts ask for, where it is one.
    pub podcast: Option<Box<Podcast>>,
}

/// Which posts a feed takes: one of each list that is not empty, and none of what is excluded.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Filter {
    /// What a post must have.
    pub any: Terms,
    /// What it must not have.
    pub none: Terms,
}

/// Names that posts are chosen by.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Terms {
    /// Categories.
    pub categories: Vec<String>,
    /// Tags.
    pub tags: Vec<String>,
    /// Names of authors.
    pub authors: Vec<String>,
    /// BCP 47.
    pub languages: Vec<String>,
    /// The first folder below that of the posts.
    pub sections: Vec<String>,
}

impl Terms {
    /// The lists, in the order above.
    pub fn lists(&self) -> [&[String]; 5] {
        [&self.categories, &self.tags, &self.authors, &self.languages, &self.sections]
    }
}

/// What a podcast says of itself, in the words of Apple's directory and of Podcasting 2.0.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Podcast {
    /// Apple's categories, each with the one below it.
    pub categories: Vec<(String, Option<String>)>,
    /// Whether it is for adults.
    pub explicit: bool,
    /// Whether its episodes are meant to be heard from the first on.
    pub serial: bool,
    /// The address of its cover.
    pub image: Option<Url>,
    /// Who makes it, where that is not the site's author.
    pub author: Option<String>,
    /// Whom a directory writes to.
    pub owner: Option<Author>,
    /// Whose it is.
    pub copyright: Option<String>,
    /// Whether other hosts may take it over.
    pub locked: Option<bool>,
    /// Where listeners can give, and the words of the link.
    pub funding: Option<(Url, String)>,
    /// Its `podcast:guid` where it had one before it came here.
    pub guid: Option<String>,
    /// `music`, `audiobook`, …
    pub medium: Option<String>,
}

/// Elements that the owner adds, with the namespaces of their prefixes.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Fields {
    /// Prefixes and the URIs that they stand for.
    pub namespaces: Vec<(String, String)>,
    /// In every feed.
    pub feed: Vec<Field>,
    /// In every entry.
    pub entry: Vec<Field>,
}

/// One such element. Its texts are MiniJinja templates.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Field {
    /// The prefix.
    pub prefix: String,
    /// The name behind it.
    pub name: String,
    /// Its text.
    pub text: String,
    /// Its attributes.
    pub attributes: Vec<(String, String)>,
}
