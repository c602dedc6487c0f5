//! For whom an issue is: subscribers who get the same posts in the same language are one group, and get one issue.
//!
//! What somebody has had is told by the issues that were made for them, whatever cadence and topics they had then. So a post comes
//! to each once, however they change their mind. What went out before somebody came is not owed to them.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::path::PathBuf;

use chrono::{DateTime, Utc};

use super::{Candidates, Why};
use crate::config::{Cadence, Newsletter};
use crate::content::Post;
use crate::ids::{IssueId, PostId, SubscriberId};
use crate::subscribers::Subscriber;

/// A post that an earlier issue had.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SentPost {
    /// Its id at that time.
    pub id: PostId,
    /// Its file at that time, below the site's root.
    pub source: PathBuf,
    /// When it had last been updated, in Unix seconds.
    pub updated: i64,
}

/// An earlier issue.
#[derive(Clone, Debug)]
pub struct PastIssue {
    /// Its id.
    pub id: IssueId,
    /// When it was frozen.
    pub created: DateTime<Utc>,
    /// For subscribers of which cadence.
    pub cadence: Cadence,
    /// What it had.
    pub posts: Vec<SentPost>,
}

impl PastIssue {
    /// Whether it had the post, as it is now where updates go out again.
    pub fn had(&self, post: &Post, newsletter: &Newsletter) -> bool {
        let is_new = newsletter.select.updated && post.updated > post.date;
        self.posts.iter().any(|sent| {
            let is_it = sent.id == post.id || post.published_as.as_ref() == Some(&sent.source);
            is_it && (!is_new || sent.updated >= post.updated.timestamp())
        })
    }
}

/// What is known of the subscribers of a newsletter.
#[derive(Clone, Debug, Default)]
pub struct History {
    /// The issues that were made for each, by their places among the past ones.
    pub had: HashMap<SubscriberId, Vec<usize>>,
    /// Since when each has been on the list; who is not here has just come.
    pub since: HashMap<SubscriberId, DateTime<Utc>>,
    /// The cadences for which there has been an issue.
    pub cadences: HashSet<Cadence>,
}

/// Subscribers who get the same issue.
#[derive(Clone, Debug)]
pub struct Group<'a> {
    /// BCP 47.
    pub language: String,
    /// What the issue takes, in its order.
    pub posts: Vec<&'a Post>,
    /// What it does not take, of what it might have.
    pub left_out: Vec<(&'a Post, Why)>,
    /// The subscribers, by their places in the list.
    pub members: Vec<usize>,
}

/// Parts subscribers of one cadence into groups, in a settled order. Who gets nothing is in none. `past` are the issues that had one
/// of the candidates.
pub fn groups<'a>(
    newsletter: &Newsletter,
    cadence: Cadence,
    candidates: &Candidates<'a>,
    list: &[(usize, &Subscriber)],
    past: &[PastIssue],
    history: &History,
) -> Vec<Group<'a>> {
    let posts = &candidates.posts;
    // For each candidate the issues that had it.
    let had_by: Vec<Vec<bool>> =
        posts.iter().map(|post| past.iter().map(|issue| issue.had(post, newsletter)).collect()).collect();
    let has_own = history.cadences.contains(&cadence);
    let mut known: HashMap<(Vec<usize>, &[String]), Vec<usize>> = HashMap::new();
    let mut groups: BTreeMap<(String, Vec<usize>), Group<'a>> = BTreeMap::new();
    for (place, subscriber) in list {
        let since = history.since.get(&subscriber.id);
        // Who has just come has had what others of the cadence have.
        let before = past.iter().enumerate().filter(|(_, issue)| {
            (issue.cadence == cadence || !has_own) && since.is_none_or(|since| issue.created < *since)
        });
        let own = history.had.get(&subscriber.id).into_iter().flatten().copied();
        let mut had: Vec<usize> = own.chain(before.map(|(issue, _)| issue)).collect();
        had.sort_unstable();
        had.dedup();
        let chosen = known.entry((had, &subscriber.topics)).or_insert_with_key(|(had, topics)| {
            let is_owed = |index: &usize| {
                !had.iter().any(|issue| had_by[*index][*issue]) && posts[*index].is_about(topics)
            };
            let owed: Vec<usize> = (0..posts.len()).filter(is_owed).collect();
            if owed.len() < newsletter.select.min { Vec::new() } else { owed }
        });
        if chosen.is_empty() {
            continue;
        }
        let taken = &chosen[..chosen.len().min(newsletter.select.max)];
        let language = subscriber.language.clone().unwrap_or_else(|| newsletter.language.clone());
        let group = groups.entry((language.clone(), taken.to_vec())).or_insert_with(|| {
            let why = |index: &usize| {
                let why = if chosen.contains(index) {
                    Why::OverMax
                } else if posts[*index].is_about(&subscriber.topics) {
                    Why::Sent
                } else {
                    Why::OffTopic
                };
                (posts[*index], why)
            };
            let others = (0..posts.len()).filter(|index| !taken.contains(index));
            Group {
                language,
                posts: taken.iter().map(|index| posts[*index]).collect(),
                left_out: others.map(|index| why(&index)).collect(),
                members: Vec::new(),
            }
        });
        group.members.push(*place);
    }
    groups.into_values().collect()
}
