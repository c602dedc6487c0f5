//! Which posts an issue may take, and why each other one is left out.

use chrono::{DateTime, Utc};

use crate::config::Select;
use crate::content::{Filing, Post};

/// Why a post is not in an issue.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Why {
    /// An earlier issue had it.
    Sent,
    /// It is older than `max_age`.
    TooOld,
    /// It has none of the names asked for, or one that is excluded, or says that it is not for newsletters.
    NotAskedFor,
    /// Its date has not come.
    Future,
    /// It has not stood as it is for as long as `settle` says.
    Settling,
    /// It is about none of the subscriber's topics.
    OffTopic,
    /// The editor has chosen others alone.
    NotChosen,
    /// The issue already has `max` posts; this one may be in the next.
    OverMax,
}

/// The posts that an issue at one moment may take, pinned ones first and then the newest, and the others.
#[derive(Clone, Debug, Default)]
pub struct Candidates<'a> {
    /// Those that nothing but what a subscriber has had, and wants, stands against.
    pub posts: Vec<&'a Post>,
    /// The others.
    pub left_out: Vec<(&'a Post, Why)>,
}

/// Chooses among `posts` (newest first) what an issue at `now` may take. `is_settled` says whether a post has stood as it is for
/// long enough.
pub fn candidates<'a>(
    posts: &'a [Post],
    filing: &Filing<'_>,
    wanted: &Select,
    now: DateTime<Utc>,
    is_settled: impl Fn(&Post) -> bool,
) -> Candidates<'a> {
    let mut found = Candidates::default();
    for post in posts {
        let news = if wanted.updated { post.public_from.max(post.updated) } else { post.public_from };
        let why = if post.public_from > now {
            Some(Why::Future)
        } else if !asked_for(post, filing, wanted) {
            Some(Why::NotAskedFor)
        } else if now.signed_duration_since(news) > wanted.max_age {
            Some(Why::TooOld)
        } else if !is_settled(post) {
            Some(Why::Settling)
        } else {
            None
        };
        match why {
            Some(why) => found.left_out.push((post, why)),
            None => found.posts.push(post),
        }
    }
    found.posts.sort_by_key(|post| !post.pinned);
    found
}

/// The newest posts of the kind a newsletter takes, sent or not, however old: a sample to look at.
pub fn newest<'a>(
    posts: &'a [Post],
    filing: &Filing<'_>,
    wanted: &Select,
    now: DateTime<Utc>,
) -> Vec<&'a Post> {
    let all = posts.iter().filter(|post| post.public_from <= now && asked_for(post, filing, wanted));
    let mut newest: Vec<&Post> = all.collect();
    newest.sort_by_key(|post| !post.pinned);
    newest.truncate(wanted.max);
    newest
}

fn asked_for(post: &Post, filing: &Filing<'_>, wanted: &Select) -> bool {
    post.audience.newsletters && filing.takes(&wanted.filter, post)
}
