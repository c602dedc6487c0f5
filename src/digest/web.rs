//! An issue on the web: the page that `read on the web` leads to.

use url::Url;

use super::Issue;
use super::slot::{Piece, Slot, pieces};
use crate::config::{Archive, Config, Newsletter};
use crate::ids::IssueId;

/// Where an issue's page lies, below the folder of the feeds.
pub fn path(newsletter: &str, id: &IssueId) -> String {
    format!("newsletter/{newsletter}/{id}.html")
}

/// Its address; `None` where not everybody may read it.
pub(super) fn url(config: &Config, newsletter: &Newsletter, id: &IssueId) -> Option<Url> {
    let path = path(&newsletter.name, id);
    (newsletter.archive == Archive::Public).then(|| config.site.url.join(&path).ok()).flatten()
}

/// Where the index of a newsletter's issues lies, and their feed.
pub fn index(newsletter: &str) -> [String; 2] {
    ["index.html", "feed.xml"].map(|name| format!("newsletter/{newsletter}/{name}"))
}

/// The page: the HTML part without anything of one subscriber's.
pub fn page(issue: &Issue) -> String {
    shared(issue, &issue.html)
}

/// The text part, likewise.
pub fn text(issue: &Issue) -> String {
    shared(issue, &issue.text)
}

fn shared(issue: &Issue, text: &str) -> String {
    let piece = |piece| match piece {
        Piece::Shared(text) => text,
        Piece::Own(Slot::UnsubscribeUrl | Slot::PreferencesUrl | Slot::IssueUrl) => issue.home.as_str(),
        Piece::Own(Slot::Name) => issue.nameless.as_str(),
        Piece::Own(Slot::Email) => "",
    };
    pieces(text).into_iter().map(piece).collect()
}
