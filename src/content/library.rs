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
    /// A hash of its text; empty where it is not known.
    pub body: String,
    /// Its title.
    pub title: String,
    /// Its date, in Unix seconds.
    pub moment: i64,
    /// Its address.
    pub url: String,
    /// The owner has said that the id is right.
    pub pinned: bool,
}

impl Published {
    /// A post as it is now.
    pub fn of(post: &Post) -> Self {
        Self {
            id: post.id.clone(),
            body: post.text_hash.iter().map(|byte| format!("{byte:02x}")).collect(),
            title: post.title.clone(),
            moment: post.date.timestamp(),
            url: post.url.to_string(),
            pinned: false,
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

    /// A post that the register does not know may be one whose file has been renamed: it has the text of one whose file is gone,
    /// or its title and date, or its address. What could be either of two is neither.
    fn find_renamed(&mut self, published: &HashMap<&OsStr, &Published>) {
        let here: HashSet<&OsStr> = self.posts.iter().map(|post| post.source.as_os_str()).collect();
        let mut gone: Vec<(&OsStr, &Published)> = published
            .iter()
            .map(|(source, line)| (*source, *line))
            .filter(|(source, _)| !here.contains(source))
            .collect();
        if gone.is_empty() || self.posts.iter().all(|post| published.contains_key(post.source.as_os_str())) {
            return;
        }
        // A draft, or a post whose time has not come, is no post now; its file is there all the same.
        let files: HashSet<PathBuf> = self.files.iter().map(|path| shown(path, &self.root)).collect();
        gone.retain(|(source, _)| !files.contains(Path::new(source)));
        let marks: [fn(&Published) -> String; 3] = [
            |line| line.body.clone(),
            |line| {
                if line.title.is_empty() { String::new() } else { format!("{} {}", line.moment, line.title) }
            },
            |line| line.url.clone(),
        ];
        let mut found: HashSet<&OsStr> = HashSet::new();
        for mark in marks {
            let mut known: HashMap<String, Option<&OsStr>> = HashMap::new();
            for (source, line) in gone.iter().filter(|(source, _)| !found.contains(source)) {
                known.entry(mark(line)).and_modify(|other| *other = None).or_insert(Some(*source));
            }
            known.remove("");
            let mut new: HashMap<String, Vec<usize>> = HashMap::new();
            for (index, post) in self.posts.iter().enumerate() {
                if post.renamed_from.is_none() && !published.contains_key(post.source.as_os_str()) {
                    new.entry(mark(&Published::of(post))).or_default().push(index);
                }
            }
            for (mark, posts) in new {
                if let (&[index], Some(Some(source))) = (posts.as_slice(), known.get(&mark)) {
                    found.insert(source);
                    self.posts[index].renamed_from = Some(PathBuf::from(source));
                }
            }
        }
    }

    fn keep_published(&mut self, published: &HashMap<&OsStr, &Published>) -> Vec<Diagnostic> {
        let mut diagnostics = Vec::new();
        for post in self.posts.iter_mut().filter(|post| post.id_origin == IdOrigin::Made) {
            let Some(line) = published.get(post.published_as().as_os_str()).filter(|line| line.id != post.id)
            else {
                continue;
            };
            let kept = &line.id;
            if !line.pinned {
                let was = post.renamed_from.as_ref();
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
        let rank = |post: &Post| {
            (
                published.get(post.published_as().as_os_str()).map(|line| &line.id) != Some(&post.id),
                post.source.clone(),
            )
        };
        let mut first: HashMap<PostId, (bool, PathBuf)> = HashMap::new();
        for post in &self.posts {
            let rank = rank(post);
            first
                .entry(post.id.clone())
                .and_modify(|best| *best = rank.clone().min(best.clone()))
                .or_insert(rank);
        }
        let mut diagnostics = Vec::new();
        self.posts.retain(|post| {
            let (_, stays) = &first[&post.id];
            if *stays == post.source {
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
