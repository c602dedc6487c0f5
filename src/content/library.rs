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
}

impl Published {
    /// A post as it is now.
    pub fn of(post: &Post) -> Self {
        Self {
            id: post.id.clone(),
            body: post.text_mark.clone(),
            present: true,
            title: post.title.clone(),
            moment: post.date.timestamp(),
            url: post.url.to_string(),
            pinned: false,
        }
    }
}

/// What a post is known by, and which lines of the register may be its own.
type Mark<'a> = (fn(&Published) -> String, &'a dyn Fn(&OsStr, &Published) -> bool);

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
        let changed = |post: &Post| {
            published.get(post.source.as_os_str()).is_none_or(|line| line.body != post.text_mark)
        };
        // Mostly a post has been edited, and its text is no other's.
        let new: HashSet<&str> =
            self.posts.iter().filter(|post| changed(post)).map(|post| post.text_mark.as_str()).collect();
        let is_known = |post: &Post| published.contains_key(post.source.as_os_str());
        if self.posts.iter().all(is_known) && !published.values().any(|line| new.contains(line.body.as_str()))
        {
            return;
        }
        let here: HashMap<&OsStr, Published> =
            self.posts.iter().map(|post| (post.source.as_os_str(), Published::of(post))).collect();
        // A draft, or a post whose time has not come, is no post now; its file is there all the same.
        let files: HashSet<PathBuf> = self.files.iter().map(|path| shown(path, &self.root)).collect();
        let is_gone = |source: &OsStr| !files.contains(Path::new(source));
        let has_left = |source: &OsStr, line: &Published| {
            is_gone(source) || here.get(source).is_some_and(|now| now.body != line.body)
        };
        let was_there = |source: &OsStr, line: &Published| line.present && is_gone(source);
        let marks: [Mark<'_>; 3] = [
            (|line| line.body.clone(), &has_left),
            (|line| format!("{} {}", line.moment, line.title), &was_there),
            (|line| line.url.clone(), &was_there),
        ];
        let mut found: HashMap<usize, &OsStr> = HashMap::new();
        let mut taken: HashSet<&OsStr> = HashSet::new();
        for (step, (mark, may)) in marks.into_iter().enumerate() {
            let mut known: HashMap<String, Option<&OsStr>> = HashMap::new();
            for (source, line) in published {
                if !taken.contains(source) && may(source, line) {
                    known.entry(mark(line)).and_modify(|other| *other = None).or_insert(Some(source));
                }
            }
            let mut new: HashMap<String, Vec<usize>> = HashMap::new();
            for (index, post) in self.posts.iter().enumerate() {
                // A text that has come to a known name has come from another; a title or an address may be given anew.
                let may_be = changed(post) && (step == 0 || !published.contains_key(post.source.as_os_str()));
                if may_be && !found.contains_key(&index) {
                    new.entry(mark(&here[post.source.as_os_str()])).or_default().push(index);
                }
            }
            new.remove("");
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
        drop(here);
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
