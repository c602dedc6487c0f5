//! Which posts an issue takes, and why each other one is left out.

use std::collections::HashSet;
use std::path::PathBuf;

use chrono::{DateTime, Utc};

use crate::config::Select;
use crate::content::Post;
use crate::ids::PostId;

/// Why a post is not in an issue.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Why {
    /// An earlier issue had it.
    Sent,
    /// It is older than `max_age`.
    TooOld,
    /// It has none of the categories or tags asked for, or says that it is not for newsletters.
    NotAskedFor,
    /// Its date has not come.
    Future,
    /// The issue already has `max` posts; this one may be in the next.
    OverMax,
}

/// The posts that earlier issues had, by what they were called then.
#[derive(Clone, Debug, Default)]
pub struct SentPosts {
    /// Their ids.
    pub ids: HashSet<PostId>,
    /// Their files, below the site's root.
    pub sources: HashSet<PathBuf>,
}

/// An issue's posts, newest first, and the others.
#[derive(Clone, Debug)]
pub struct Selection<'a> {
    /// What the issue takes; empty where there are fewer than `min`.
    pub chosen: Vec<&'a Post>,
    /// What it does not take.
    pub left_out: Vec<(&'a Post, Why)>,
}

/// Chooses among `posts` (newest first) what an issue at `now` takes, given what earlier ones have `sent`.
pub fn select<'a>(posts: &'a [Post], wanted: &Select, sent: &SentPosts, now: DateTime<Utc>) -> Selection<'a> {
    let mut selection = Selection { chosen: Vec::new(), left_out: Vec::new() };
    for post in posts {
        let age = now.signed_duration_since(post.public_from);
        let why = if sent.ids.contains(&post.id)
            || post.published_as.as_ref().is_some_and(|source| sent.sources.contains(source))
        {
            Some(Why::Sent)
        } else if post.public_from > now {
            Some(Why::Future)
        } else if !asked_for(post, wanted) {
            Some(Why::NotAskedFor)
        } else if age > wanted.max_age {
            Some(Why::TooOld)
        } else if selection.chosen.len() >= wanted.max {
            Some(Why::OverMax)
        } else {
            None
        };
        match why {
            Some(why) => selection.left_out.push((post, why)),
            None => selection.chosen.push(post),
        }
    }
    if selection.chosen.len() < wanted.min {
        selection.chosen.clear();
    }
    selection
}

/// The newest posts of the kind a newsletter takes, sent or not, however old: a sample to look at.
pub fn newest<'a>(posts: &'a [Post], wanted: &Select, now: DateTime<Utc>) -> Vec<&'a Post> {
    posts.iter().filter(|post| post.public_from <= now && asked_for(post, wanted)).take(wanted.max).collect()
}

fn asked_for(post: &Post, wanted: &Select) -> bool {
    let any =
        |wanted: &[String], has: &[String]| wanted.is_empty() || wanted.iter().any(|term| has.contains(term));
    post.audience.newsletters && any(&wanted.categories, &post.categories) && any(&wanted.tags, &post.tags)
}
