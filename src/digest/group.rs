//! For whom an issue is: subscribers who get the same posts in the same language are one group, and get one issue.
//!
//! What somebody has had is told by the issues that were made for them, whatever cadence and topics they had then. So a post comes
//! to each once, however they change their mind. What went out before somebody came is not owed to them.

use std::collections::{BTreeMap, HashMap};
use std::path::PathBuf;

use chrono::{DateTime, Utc};

use super::{Candidates, Editor, Why};
use crate::config::Newsletter;
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
    /// What it had.
    pub posts: Vec<SentPost>,
}

/// Earlier issues, by what they had.
#[derive(Clone, Debug, Default)]
pub struct Past {
    /// The issues, oldest first.
    pub issues: Vec<PastIssue>,
    by_id: HashMap<PostId, Vec<(usize, i64)>>,
    by_source: HashMap<PathBuf, Vec<(usize, i64)>>,
}

impl Past {
    /// Those issues.
    pub fn new(issues: Vec<PastIssue>) -> Self {
        let mut past = Self::default();
        for (place, issue) in issues.iter().enumerate() {
            for SentPost { id, source, updated } in &issue.posts {
                past.by_id.entry(id.clone()).or_default().push((place, *updated));
                past.by_source.entry(source.clone()).or_default().push((place, *updated));
            }
        }
        Self { issues, ..past }
    }

    /// The places of the issues that had a post; as it is now, where updates go out again.
    fn had(&self, post: &Post, newsletter: &Newsletter) -> Vec<usize> {
        let is_new = newsletter.select.updated && post.updated > post.date;
        let by_source = post.published_as.as_ref().and_then(|source| self.by_source.get(source));
        let sent = self.by_id.get(&post.id).into_iter().chain(by_source).flatten();
        let same = sent.filter(|(_, updated)| !is_new || *updated >= post.updated.timestamp());
        let mut places: Vec<usize> = same.map(|(place, _)| *place).collect();
        places.sort_unstable();
        places.dedup();
        places
    }

    /// The places of the issues that had one of the posts.
    pub fn that_had(&self, posts: &[&Post], newsletter: &Newsletter) -> Vec<usize> {
        let mut places: Vec<usize> = posts.iter().flat_map(|post| self.had(post, newsletter)).collect();
        places.sort_unstable();
        places.dedup();
        places
    }
}

/// What is known of the subscribers of a newsletter.
#[derive(Clone, Debug, Default)]
pub struct History {
    /// The issues that were made for each, by their places among the past ones.
    pub had: HashMap<SubscriberId, Vec<usize>>,
    /// Since when each has been on the list; who is not here has just come.
    pub since: HashMap<SubscriberId, DateTime<Utc>>,
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

/// The issues that somebody has had, and their topics.
type Wish<'a> = (Vec<usize>, &'a [String]);

/// Parts subscribers into groups, in a settled order. Who gets nothing is in none.
pub fn groups<'a>(
    newsletter: &Newsletter,
    candidates: &Candidates<'a>,
    editor: &Editor,
    list: &[(usize, &Subscriber)],
    past: &Past,
    history: &History,
) -> Vec<Group<'a>> {
    let posts = &candidates.posts;
    let had_by: Vec<Vec<usize>> = posts.iter().map(|post| past.had(post, newsletter)).collect();
    let matters = past.that_had(posts, newsletter);
    // By what they have had and want: what they are owed, and what of it the issue takes.
    let mut known: HashMap<Wish<'_>, (Vec<usize>, Vec<usize>)> = HashMap::new();
    let mut groups: BTreeMap<(String, Vec<usize>), Group<'a>> = BTreeMap::new();
    for (place, subscriber) in list {
        let since = history.since.get(&subscriber.id);
        // What went out before they came counts as had.
        let had_own = history.had.get(&subscriber.id).map(Vec::as_slice).unwrap_or_default();
        let is_had = |issue: &usize| {
            had_own.binary_search(issue).is_ok()
                || since.is_none_or(|since| past.issues[*issue].created < *since)
        };
        let had: Vec<usize> = matters.iter().copied().filter(is_had).collect();
        let (owed, taken) = known.entry((had, &subscriber.topics)).or_insert_with_key(|(had, topics)| {
            let is_owed = |index: &usize| {
                !had_by[*index].iter().any(|issue| had.binary_search(issue).is_ok())
                    && posts[*index].is_about(topics)
            };
            let owed: Vec<usize> = (0..posts.len()).filter(is_owed).collect();
            let mut taken = editor.arranged(&owed, |index| posts[*index]);
            if taken.len() < newsletter.select.min {
                taken.clear();
            }
            taken.truncate(newsletter.select.max);
            (owed, taken)
        });
        if taken.is_empty() {
            continue;
        }
        let language = subscriber.language.clone().unwrap_or_else(|| newsletter.language.clone());
        let group = groups.entry((language.clone(), taken.clone())).or_insert_with(|| {
            let why = |index: &usize| {
                let why = match owed.binary_search(index) {
                    Ok(_) if editor.only => Why::NotChosen,
                    Ok(_) => Why::OverMax,
                    Err(_) if posts[*index].is_about(&subscriber.topics) => Why::Sent,
                    Err(_) => Why::OffTopic,
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
