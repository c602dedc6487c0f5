//! The documents of a build: which of them must be made, what became of each, and which are left over from builds before.

use std::collections::{HashMap, HashSet};
use std::io::Read as _;
use std::path::Path;

use super::site::{Failure, Site};
use super::unfinished::Unfinished;
use crate::diagnostic::Diagnostic;
use crate::feed::{Document, Left, OWN_FILES, Plan};
use crate::fsx::{self, Change};
use crate::ledger::{Ledger, Tally, Written};
use crate::publish::Folder;

/// One stands in every file beside the feeds that tidings has written, whatever has become of its ledger.
const MARKS: [&str; 3] = ["content=\"tidings\"", "<!-- tidings -->", "/* By tidings, "];

/// One stands in every feed.
const FEED_MARKS: [&str; 2] = [">tidings<", "https://jsonfeed.org/version/1.1"];

/// Bytes of a feed in which its mark stands.
const HEAD: u64 = 64 << 10;

/// What became of the documents.
pub(super) struct Documents {
    /// Each with its length in bytes.
    pub written: Vec<(Document, Change, u64)>,
    /// Those of earlier builds that there is no more cause for: they are gone.
    pub removed: Vec<String>,
    /// What changed among the posts.
    pub tally: Tally,
    /// What was odd about the posts' texts.
    pub of_posts: Vec<Diagnostic>,
    /// What is odd about the feeds.
    pub of_feeds: Vec<Diagnostic>,
}

/// Writes what has changed into `out`, and records it.
pub(super) fn write(
    site: &Site,
    plan: &Plan<'_>,
    ledger: &mut Ledger,
    out: &Path,
) -> Result<Documents, Failure> {
    let root = std::path::absolute(&site.config.root)?;
    let out = std::path::absolute(out)?;
    let folder = out.strip_prefix(&root).unwrap_or(&out).to_string_lossy().into_owned();
    let mark = Unfinished::open(&site.config.state_dir().join("unfinished"))?;
    let press = Press { site, plan, out: &out, before: ledger.documents(&folder)?, mark: &mark };
    let made_of = plan.made_of()?;
    let Made { changes, tally, left } = press.made(&made_of, ledger)?;
    let mut written = Vec::with_capacity(plan.documents.len());
    let mut records = Vec::new();
    let mut topics = Vec::new();
    for (index, ((document, made_of), change)) in plan.documents.iter().zip(made_of).zip(changes).enumerate()
    {
        let change = change.unwrap_or(Change::Unchanged);
        let stamp = press.stamp(&document.path).unwrap_or_default();
        // What a build that was killed has put in its place is news to the hub all the same.
        let is_news = change == Change::Written || mark.holds(&out.join(&document.path));
        if is_news && document.is_subscription() {
            topics.push(document.url.as_str());
        }
        // One that lacks a post is made of something else than it should be.
        let made_of = made_of.filter(|_| !left.incomplete.contains(&index)).unwrap_or_default();
        records.push((document.path.as_str(), Written { made_of, stamp }));
        written.push((document.clone(), change, stamp.0));
    }
    // One template fails on many posts in the same way. The rest is about posts.
    let (mut of_feeds, of_posts): (Vec<_>, Vec<_>) =
        left.found.into_iter().partition(|one| matches!(one.code, "template" | "own-file"));
    of_feeds.sort_by(|one, next| one.message.cmp(&next.message));
    of_feeds.dedup();
    records.extend(press.beside(&mut of_feeds)?);
    let lengths: Vec<u64> = written.iter().map(|(_, _, length)| *length).collect();
    of_feeds.extend(plan.size_warning(&lengths, &site.config_path));
    let removed = press.left_over(&records.iter().map(|(path, _)| *path).collect())?;
    if let Some(hub) = &site.config.feeds.hub {
        ledger.plan_pings(hub.as_str(), &topics)?;
    }
    records.retain(|(path, now)| press.before.get(*path) != Some(now));
    ledger.record_documents(&folder, &records, &removed)?;
    mark.done()?;
    Ok(Documents { written, removed, tally, of_posts, of_feeds })
}

/// Its mark stands before the entries, however long they are.
fn is_our_feed(path: &Path) -> bool {
    let mut head = Vec::new();
    let is_read = fsx::open_file(path).is_ok_and(|file| file.take(HEAD).read_to_end(&mut head).is_ok());
    let head = String::from_utf8_lossy(&head);
    is_read && FEED_MARKS.iter().any(|mark| head.contains(mark))
}

/// What making them gave.
struct Made {
    changes: Vec<Option<Change>>,
    /// What changed among the posts.
    tally: Tally,
    left: Left,
}

struct Press<'a> {
    site: &'a Site,
    plan: &'a Plan<'a>,
    out: &'a Path,
    before: HashMap<String, Written>,
    mark: &'a Unfinished,
}

impl Press<'_> {
    fn stamp(&self, path: &str) -> Option<(u64, i64)> {
        fsx::stamp(&self.out.join(path))
    }

    /// Makes the documents, but those that are made of the same as before and lie there as they were left.
    fn made(&self, made_of: &[Option<String>], ledger: &mut Ledger) -> Result<Made, Failure> {
        let documents = &self.plan.documents;
        let is_as_it_was = |index: &usize| {
            let old = self.before.get(&documents[*index].path);
            old.is_some_and(|old| {
                made_of[*index].as_ref() == Some(&old.made_of)
                    && self.stamp(&documents[*index].path) == Some(old.stamp)
            })
        };
        let wanted: Vec<usize> = (0..documents.len()).filter(|index| !is_as_it_was(index)).collect();
        let mut replaced = Vec::new();
        for path in wanted.iter().map(|index| documents[*index].path.as_str()) {
            replaced.extend(self.set_aside(path)?);
        }
        self.mark.begin(wanted.iter().map(|index| self.out.join(&documents[*index].path)))?;
        let mut files = Folder::new(self.out, documents.iter().map(|document| document.path.as_str()));
        let renderer = self.site.renderer();
        let posts = self.site.library.posts.iter().zip(self.plan.shown_posts());
        let posts = posts.filter(|(post, _)| post.audience.feeds);
        let (tally, mut left) = std::thread::scope(|threads| {
            let aside = self.site.library.posts.iter().filter(|post| !post.audience.feeds);
            let register = threads.spawn(|| {
                ledger.follow(aside, &self.site.register)?;
                ledger.publish(posts, &self.site.register)
            });
            let left = self.plan.write::<Failure>(&renderer, &wanted, |part| {
                Ok(files.put(part.document, part.bytes, part.last)?)
            });
            let tally = register.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic));
            Ok::<_, Failure>((tally?, left?))
        })?;
        left.found.extend(replaced);
        // Only now: an id that is in a feed must be in the register.
        Ok(Made { changes: files.finish()?, tally, left })
    }

    /// Keeps a copy of what another program has written in the place of a feed.
    fn set_aside(&self, path: &str) -> Result<Option<Diagnostic>, Failure> {
        let whole = self.out.join(path);
        if self.before.contains_key(path) || !whole.is_file() || is_our_feed(&whole) {
            return Ok(None);
        }
        let folder = self.site.config.state_dir().join("replaced");
        fsx::make_dir(&folder)?;
        let bytes = fsx::read(&whole, u64::MAX)?;
        let name = path.replace('/', "-");
        let mut copy = folder.join(&name);
        // One that was kept before is not lost by this one.
        if copy.exists() && !fsx::holds(&copy, &bytes) {
            copy = folder.join(format!("{}-{name}", &blake3::hash(&bytes).to_hex()[..8]));
        }
        fsx::write_atomic(&copy, &bytes)?;
        // Whoever names the generator's file means it.
        if self.site.config.feeds.own.iter().any(|own| own.path == path) {
            return Ok(None);
        }
        let message = format!(
            "this was not tidings' own; it is replaced, and kept as `{}`",
            self.site.shown(&copy).display()
        );
        let help = "turn off the feed of the other program, or let `publish` name another folder";
        Ok(Some(Diagnostic::warning("own-file", self.site.shown(&whole), message).help(help)))
    }

    /// Writes the files beside the feeds. One of the same name that is somebody else's stays.
    fn beside(&self, found: &mut Vec<Diagnostic>) -> Result<Vec<(&'static str, Written)>, Failure> {
        let mut records = Vec::new();
        for (name, text) in self.plan.beside(&self.site.templates(), found) {
            let path = self.out.join(name);
            let is_marked =
                || fsx::read_text(&path).is_ok_and(|old| MARKS.iter().any(|mark| old.contains(mark)));
            let length = fsx::stamp(&path).map(|(length, _)| length);
            let is_as_left = self.before.get(name).is_some_and(|old| length == Some(old.stamp.0));
            if length.is_some() && !is_as_left && !is_marked() {
                let shown = self.site.shown(&path);
                let message = "this file is not tidings' own, so it stays as it is";
                let help = "give it another name, if tidings shall write its own there";
                found.push(Diagnostic::warning("own-file", shown, message).help(help));
                continue;
            }
            fsx::write_atomic(&path, text.as_bytes())?;
            records.push((
                name,
                Written { made_of: String::new(), stamp: fsx::stamp(&path).unwrap_or_default() },
            ));
        }
        Ok(records)
    }

    /// Takes away what an earlier build wrote and this one has no cause for, such as the feed of a tag that no post has any more.
    /// A file that is not as long as it was left is somebody else's, and stays.
    fn left_over(&self, here: &HashSet<&str>) -> Result<Vec<String>, Failure> {
        let mut removed = Vec::new();
        let here_now: HashSet<_> = here.iter().map(|path| self.out.join(path)).collect();
        for path in self.mark.paths() {
            if path.starts_with(self.out) && !here_now.contains(path) && is_our_feed(path) {
                fsx::remove_below(self.out, path)?;
            }
        }
        // A template that cannot be run leaves the page of the last build.
        let is_page =
            |path: &str| OWN_FILES.contains(&path) && (self.site.config.feeds.style || path != "feed.css");
        let left = self.before.iter().filter(|(path, _)| !here.contains(path.as_str()) && !is_page(path));
        for (path, old) in left {
            // A copy of the site has other times, and the same files.
            if self.stamp(path).is_some_and(|(length, _)| length == old.stamp.0) {
                fsx::remove_below(self.out, &self.out.join(path))?;
            }
            removed.push(path.clone());
        }
        removed.sort();
        Ok(removed)
    }
}
