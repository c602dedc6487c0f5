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
use crate::ids::{IssueId, PostId};

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
    /// Whether it is forgotten who had it: everybody counts as having had it.
    pub is_let_go: bool,
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

/// Somebody who may be written to, and what they have had.
#[derive(Clone, Debug, Default)]
pub struct Reader {
    /// Their place on the roll.
    pub place: u32,
    /// BCP 47, where the list says.
    pub language: Option<String>,
    /// What they want to read about; empty is everything.
    pub topics: Vec<String>,
    /// The issues that were made for them, of those that matter, by their places among the past ones in ascending order.
    pub had: Vec<usize>,
    /// Since when they have been on the list; `None` where they have just come.
    pub since: Option<DateTime<Utc>>,
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
    /// The subscribers, by their places on the roll.
    pub members: Vec<u32>,
}

/// The issues that somebody has had, and their topics.
type Wish = (Vec<usize>, Vec<String>);

/// Parts subscribers into groups. Who gets nothing is in none.
pub struct Grouping<'o, 'a> {
    newsletter: &'o Newsletter,
    posts: &'o [&'a Post],
    editor: &'o Editor,
    past: &'o Past,
    /// The issues that had each post.
    had_by: Vec<Vec<usize>>,
    matters: Vec<usize>,
    /// By what they have had and want: what they are owed, and what of it the issue takes.
    known: HashMap<Wish, (Vec<usize>, Vec<usize>)>,
    groups: BTreeMap<(String, Vec<usize>), Group<'a>>,
}

impl<'o, 'a> Grouping<'o, 'a> {
    /// For a newsletter that may send these posts, after those issues.
    pub fn new(
        newsletter: &'o Newsletter,
        candidates: &'o Candidates<'a>,
        editor: &'o Editor,
        past: &'o Past,
    ) -> Self {
        let posts = &candidates.posts;
        Self {
            newsletter,
            posts,
            editor,
            past,
            had_by: posts.iter().map(|post| past.had(post, newsletter)).collect(),
            matters: past.that_had(posts, newsletter),
            known: HashMap::new(),
            groups: BTreeMap::new(),
        }
    }

    /// Takes one more.
    pub fn take(&mut self, reader: Reader) {
        let Reader { place, language, topics, had, since } = reader;
        // What went out before they came counts as had.
        let is_had = |issue: &usize| {
            had.binary_search(issue).is_ok()
                || self.past.issues[*issue].is_let_go
                || since.is_none_or(|since| self.past.issues[*issue].created < since)
        };
        let had: Vec<usize> = self.matters.iter().copied().filter(is_had).collect();
        let (posts, had_by, editor, newsletter) = (self.posts, &self.had_by, self.editor, self.newsletter);
        let wish = (had, topics);
        if !self.known.contains_key(&wish) {
            let (had, topics) = &wish;
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
            self.known.insert(wish.clone(), (owed, taken));
        }
        let (owed, taken) = &self.known[&wish];
        if taken.is_empty() {
            return;
        }
        let language = language.unwrap_or_else(|| newsletter.language.clone());
        let group = self.groups.entry((language, taken.clone())).or_insert_with_key(|(language, _)| {
            let why = |index: &usize| {
                let why = match owed.binary_search(index) {
                    Ok(_) if editor.only => Why::NotChosen,
                    Ok(_) => Why::OverMax,
                    Err(_) if posts[*index].is_about(&wish.1) => Why::Sent,
                    Err(_) => Why::OffTopic,
                };
                (posts[*index], why)
            };
            let others = (0..posts.len()).filter(|index| !taken.contains(index));
            Group {
                language: language.clone(),
                posts: taken.iter().map(|index| posts[*index]).collect(),
                left_out: others.map(|index| why(&index)).collect(),
                members: Vec::new(),
            }
        });
        group.members.push(place);
    }

    /// The groups, in a settled order.
    pub fn groups(self) -> Vec<Group<'a>> {
        self.groups.into_values().collect()
    }
}
