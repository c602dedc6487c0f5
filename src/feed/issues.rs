//! The feed of a newsletter's issues: Atom alone, which every reader takes.

use atom_syndication as atom;
use chrono::{DateTime, FixedOffset};

use super::{FeedError, xml};
use crate::config::{Author, Config, Newsletter};

/// An issue that stands on the web.
#[derive(Clone, Debug)]
pub struct IssueEntry {
    /// Its page, which is its id, too.
    pub url: String,
    /// Its subject.
    pub title: String,
    /// When it was made.
    pub date: DateTime<FixedOffset>,
    /// BCP 47.
    pub language: String,
    /// What it says, without anything of one subscriber's.
    pub text: String,
}

/// The feed, which lies at `url`; the index of the issues at `home`.
///
/// # Errors
/// The crate's, while it writes.
pub fn issues(
    config: &Config,
    newsletter: &Newsletter,
    (url, home): (&str, &str),
    entries: &[IssueEntry],
) -> Result<Vec<u8>, FeedError> {
    let Author { name, email, url: own } = config.site.author.clone();
    let author = atom::Person {
        name: if name.is_empty() { newsletter.title.clone() } else { name },
        email,
        uri: own,
        ..Default::default()
    };
    let link = |rel: &str, href: &str, kind: &str| atom::Link {
        href: href.to_owned(),
        rel: rel.to_owned(),
        mime_type: Some(kind.to_owned()),
        ..Default::default()
    };
    let entry = |issue: &IssueEntry| atom::Entry {
        title: issue.title.as_str().into(),
        id: issue.url.clone(),
        updated: issue.date,
        published: Some(issue.date),
        authors: vec![author.clone()],
        links: vec![link("alternate", &issue.url, "text/html")],
        content: Some(atom::Content {
            value: Some(issue.text.clone()),
            content_type: Some("text".to_owned()),
            lang: Some(xml::attribute(&issue.language)),
            ..Default::default()
        }),
        ..Default::default()
    };
    let feed = atom::Feed {
        title: newsletter.title.as_str().into(),
        id: url.to_owned(),
        // That of the newest; of none, the epoch, as it must say something constant.
        updated: entries.iter().map(|issue| issue.date).max().unwrap_or_default(),
        authors: vec![author.clone()],
        generator: Some(atom::Generator { value: "tidings".to_owned(), ..Default::default() }),
        links: vec![link("self", url, "application/atom+xml"), link("alternate", home, "text/html")],
        lang: Some(xml::attribute(&newsletter.language)),
        entries: entries.iter().map(entry).collect(),
        ..Default::default()
    };
    Ok(feed.write_with_config(Vec::new(), super::atom::CONFIG)?)
}
