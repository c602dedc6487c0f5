//! The posts of a blog, and the ids that they keep.

use std::collections::{HashMap, HashSet};
use std::ffi::OsStr;
use std::path::{Path, PathBuf};

use super::post::{IdOrigin, Post};
use super::source::shown;
use crate::diagnostic::Diagnostic;
use crate::ids::PostId;

/// The posts that are public now, newest first; posts of one moment in the order of their files' names.
#[derive(Clone, Debug, Default)]
pub struct Library {
    /// The posts.
    pub posts: Vec<Post>,
    /// How many more there are whose time has not come.
    pub waiting: usize,
    /// Every file that was found, posts or not.
    pub files: Vec<PathBuf>,
    /// The site's root.
    pub(super) root: PathBuf,
}

/// What a post has been published as, and what it is known by when its file is called otherwise.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Published {
    /// The id.
    pub id: PostId,
    /// What it is known by under another name; empty where that was not recorded.
    pub body: String,
    /// Its title.
    pub title: String,
    /// Its date, in Unix seconds.
    pub moment: i64,
    /// Its address.
    pub url: String,
    /// The owner has said that the id is right.
    pub pinned: bool,
    /// The last build had it.
    pub present: bool,
    /// It has been in an issue, and in no feed.
    pub mailed: bool,
}

impl Published {
    /// A post as it is now.
    pub fn of(post: &Post) -> Self {
        Self {
            id: post.id.clone(),
            body: post.text_mark.clone(),
            present: true,
            mailed: false,
            title: post.title.clone(),
            moment: post.date.timestamp(),
            url: post.url.to_string(),
            pinned: false,
        }
    }
}

/// What a post is known by under another name, the surest first.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Mark {
    Text,
    TitleAndDate,
    Address,
}

impl Mark {
    fn of_line(self, line: &Published) -> (i64, &str) {
        match self {
            Self::Text => (0, &line.body),
            Self::TitleAndDate => (line.moment, &line.title),
            Self::Address => (0, &line.url),
        }
    }

    fn of_post(self, post: &Post) -> (i64, &str) {
        match self {
            Self::Text => (0, &post.text_mark),
            Self::TitleAndDate => (post.date.timestamp(), &post.title),
            Self::Address => (0, post.url.as_str()),
        }
    }
}

impl Library {
    /// Settles the ids: those under which posts were published before are put back, as a published id never changes
    /// (RFC 4287 §4.2.6), unless the author has written another; of posts with one id, one stays.
    ///
    /// `published` is the register, by the posts' files.
    pub fn settle_ids(&mut self, published: &HashMap<&OsStr, &Published>) -> Vec<Diagnostic> {
        self.find_renamed(published);
        let mut diagnostics = self.keep_published(published);
        diagnostics.extend(self.drop_twins(published));
        diagnostics
    }

    /// A post may be one whose file has been renamed: it has the text of one whose file is gone, or holds another text now; or it
    /// has the title and date, or the address, of one that the last build had and whose file is gone. What could be either of two
    /// is neither. Of the name that a post has left, another post may take nothing.
    fn find_renamed(&mut self, published: &HashMap<&OsStr, &Published>) {
        let line = |post: &Post| published.get(post.source.as_os_str()).copied();
        let here: HashMap<&OsStr, &Post> = self
            .posts
            .iter()
            .filter(|post| line(post).is_some())
            .map(|post| (post.source.as_os_str(), post))
            .collect();
        // Mostly none: each text is where it was.
        let has_left =
            |source: &OsStr, line: &Published| here.get(source).is_none_or(|now| now.text_mark != line.body);
        let left: HashMap<&OsStr, &Published> = published
            .iter()
            .map(|(source, line)| (*source, *line))
            .filter(|(source, line)| has_left(source, line))
            .collect();
        if left.is_empty() {
            return;
        }
        // A draft, or a post whose time has not come, is no post now; its file is there all the same.
        let mut gone: HashSet<PathBuf> =
            left.keys().filter(|source| !here.contains_key(*source)).map(PathBuf::from).collect();
        if !gone.is_empty() {
            for path in &self.files {
                gone.remove(&shown(path, &self.root));
            }
        }
        let mut found: HashMap<usize, &OsStr> = HashMap::new();
        let mut taken: HashSet<&OsStr> = HashSet::new();
        for mark in [Mark::Text, Mark::TitleAndDate, Mark::Address] {
            let is_gone = |source: &OsStr| gone.contains(Path::new(source));
            let may_be_left = |source: &OsStr, line: &Published| match mark {
                Mark::Text => here.contains_key(source) || is_gone(source),
                Mark::TitleAndDate | Mark::Address => (line.present || line.mailed) && is_gone(source),
            };
            let mut known: HashMap<(i64, &str), Option<&OsStr>> = HashMap::new();
            for (source, line) in &left {
                if !taken.contains(source) && may_be_left(source, line) {
                    let one = known.entry(mark.of_line(line));
                    one.and_modify(|other| *other = None).or_insert(Some(source));
                }
            }
            if known.is_empty() {
                continue;
            }
            let mut new: HashMap<(i64, &str), Vec<usize>> = HashMap::new();
            for (index, post) in self.posts.iter().enumerate() {
                // A text that has come to a known name has come from another; a title or an address may be given anew.
                let may_have_come = || match line(post) {
                    Some(line) => mark == Mark::Text && line.body != post.text_mark,
                    None => true,
                };
                let own = mark.of_post(post);
                if known.contains_key(&own) && !found.contains_key(&index) && may_have_come() {
                    new.entry(own).or_default().push(index);
                }
            }
            for (mark, posts) in new {
                if let (&[index], Some(Some(source))) = (posts.as_slice(), known.get(&mark)) {
                    found.insert(index, source);
                    taken.insert(source);
                }
            }
        }
        let settled: Vec<(usize, Option<PathBuf>)> = (0..self.posts.len())
            .filter_map(|index| match found.get(&index) {
                Some(source) => Some((index, Some(PathBuf::from(source)))),
                None => taken.contains(self.posts[index].source.as_os_str()).then_some((index, None)),
            })
            .collect();
        for (index, source) in settled {
            self.posts[index].published_as = source;
        }
    }

    fn keep_published(&mut self, published: &HashMap<&OsStr, &Published>) -> Vec<Diagnostic> {
        let mut diagnostics = Vec::new();
        for post in self.posts.iter_mut().filter(|post| post.id_origin == IdOrigin::Made) {
            let line = post.published_as.as_ref().and_then(|source| published.get(source.as_os_str()));
            let Some(line) = line.filter(|line| line.id != post.id) else { continue };
            let kept = &line.id;
            if !line.pinned {
                let was = post.published_as.as_ref().filter(|was| **was != post.source);
                let was =
                    was.map(|was| format!("this post was `{}` before; ", was.display())).unwrap_or_default();
                let message = format!(
                    "{was}its id would change from `{kept}` to `{}`; the published one is kept",
                    post.id
                );
                let help = format!(
                    "readers would show the post twice. `tidings ids pin` takes it as it is and says no more; `tidings ids release \"{}\"` gives the post its new id all the same",
                    post.source.display()
                );
                diagnostics.push(Diagnostic::warning("id-kept", &post.source, message).help(help));
            }
            post.id = kept.clone();
        }
        diagnostics
    }

    /// Two posts of one id would be one entry to every reader. The one published under it stays, else the first by name.
    fn drop_twins(&mut self, published: &HashMap<&OsStr, &Published>) -> Vec<Diagnostic> {
        let ids: HashSet<&PostId> = self.posts.iter().map(|post| &post.id).collect();
        if ids.len() == self.posts.len() {
            return Vec::new();
        }
        let line = |post: &Post| published.get(post.published_as.as_ref()?.as_os_str());
        let rank = |post: &Post| (line(post).map(|line| &line.id) != Some(&post.id), post.source.clone());
        let mut first: HashMap<PostId, (bool, PathBuf)> = HashMap::new();
        for post in &self.posts {
            let rank = rank(post);
            first
                .entry(post.id.clone())
                .and_modify(|best| *best = rank.clone().min(best.clone()))
                .or_insert(rank);
        }
        let mut diagnostics = Vec::new();
        let mut kept: HashSet<PostId> = HashSet::new();
        self.posts.retain(|post| {
            let (_, stays) = &first[&post.id];
            // Two files of one name are told apart by their disk, but not here.
            if *stays == post.source && kept.insert(post.id.clone()) {
                return true;
            }
            let message = format!("this post has the same id as `{}`: `{}`", stays.display(), post.id);
            let help = "give one of them a `slug:` or `permalink:` of its own; until then it is left out";
            diagnostics.push(Diagnostic::error("same-id", &post.source, message).help(help));
            false
        });
        diagnostics
    }
}
