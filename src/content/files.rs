//! The files below a folder: what every dialect's choice of posts begins with.

use std::path::{Path, PathBuf};

use walkdir::{DirEntry, WalkDir};

use super::source;
use crate::config::Config;
use crate::diagnostic::Diagnostic;

/// Files that were found, in the order of their names, and what could not be looked into.
#[derive(Debug, Default)]
pub(super) struct Walk {
    pub files: Vec<PathBuf>,
    pub found: Vec<Diagnostic>,
}

impl Walk {
    /// Puts the files in the order of their names, byte by byte.
    pub(super) fn sort(&mut self) {
        self.files.sort_unstable_by(|one, next| one.as_os_str().cmp(next.as_os_str()));
    }
}

/// Every file below `dir` that `takes`, in folders that `enters` (which is told how deep they lie). Links are passed over with
/// a word: one may lead out of the site, or round in a circle; so are names that begin with `.`, and what is tidings' own.
pub(super) fn below(
    config: &Config,
    dir: &Path,
    enters: impl Fn(&Path, usize) -> bool,
    takes: impl Fn(&Path) -> bool,
) -> Walk {
    let shown = dir.strip_prefix(&config.root).unwrap_or(dir);
    let mut walk = Walk::default();
    if !dir.is_dir() {
        let message = format!("there is no posts folder `{}`", shown.display());
        let help = "make it, or name yours with `posts: { dir: … }` in `config/tidings.yaml`";
        walk.found.push(Diagnostic::error("no-posts-folder", shown, message).help(help));
        return walk;
    }
    // Where the feeds are to lie among the posts, their folder is no less the posts'.
    let posts_in = |folder: &Path| dir.starts_with(folder) || config.posts.dir.starts_with(folder);
    let mut own = vec![config.templates_dir(), config.root.join("config"), config.root.join("issues")];
    own.extend(Some(config.public.clone()).filter(|public| !posts_in(public)));
    let is_wanted = |entry: &DirEntry| {
        let is_root = entry.depth() == 0;
        let is_hidden = || entry.file_name().as_encoded_bytes().starts_with(b".");
        let is_own = || own.iter().any(|path| path == entry.path());
        let may_enter = || !is_own() && (is_root || enters(entry.path(), entry.depth()));
        (is_root || !is_hidden()) && (!entry.file_type().is_dir() || may_enter())
    };
    for entry in WalkDir::new(dir).into_iter().filter_entry(is_wanted) {
        match entry {
            // A folder by a post's name is walked into.
            Ok(entry) if entry.file_type().is_dir() => {}
            Ok(entry) if entry.file_type().is_file() => {
                if takes(entry.path()) {
                    walk.files.push(entry.into_path());
                }
            }
            Ok(entry) => walk.found.extend(passed_over(&entry, config, &takes)),
            Err(error) => {
                let place = error.path().unwrap_or(dir);
                let why =
                    error.io_error().map_or_else(|| error.to_string(), |error| error.kind().to_string());
                let help = "make the folder readable, or move it out of the posts folder";
                let place = source::shown(place, &config.root);
                walk.found.push(Diagnostic::error("unreadable", &place, why).help(help));
            }
        }
    }
    walk.sort();
    walk
}

/// A word about a link or a pipe in the place of a post, or a link in the place of a folder of posts.
fn passed_over(entry: &DirEntry, config: &Config, takes: impl Fn(&Path) -> bool) -> Option<Diagnostic> {
    let path = entry.path();
    let is_link = entry.path_is_symlink();
    let leads_to_posts = || is_link && path.is_dir() && takes(&path.join("2026-11-23-post.md"));
    let (message, help) = if is_link {
        ("this is a link, and links are not followed", "put what it leads to in its place")
    } else {
        ("this is no file", "put a file of text in its place")
    };
    let source = source::shown(path, &config.root);
    (takes(path) || leads_to_posts()).then(|| Diagnostic::warning("odd-file", &source, message).help(help))
}

/// Whether a file has one of these endings, in any case.
pub(super) fn has_ending<S: AsRef<str>>(path: &Path, endings: &[S]) -> bool {
    let own = path.extension().unwrap_or_default().to_string_lossy();
    endings.iter().any(|ending| own.eq_ignore_ascii_case(ending.as_ref()))
}

/// Whether a path matches a pattern in which `*` is any text without `/`, `**` any text at all, and `?` one character.
pub(super) fn glob(pattern: &str, path: &str) -> bool {
    fn matches(pattern: &[char], path: &[char]) -> bool {
        match pattern {
            [] => path.is_empty(),
            ['*', '*', rest @ ..] => {
                (0..=path.len()).any(|at| matches(rest.strip_prefix(&['/']).unwrap_or(rest), &path[at..]))
            }
            ['*', rest @ ..] => {
                let end = path.iter().position(|c| *c == '/').unwrap_or(path.len());
                (0..=end).any(|at| matches(rest, &path[at..]))
            }
            ['?', rest @ ..] => path.first().is_some_and(|c| *c != '/') && matches(rest, &path[1..]),
            [c, rest @ ..] => path.first() == Some(c) && matches(rest, &path[1..]),
        }
    }
    let pattern: Vec<char> = pattern.chars().collect();
    let path: Vec<char> = path.chars().collect();
    matches(&pattern, &path)
}

#[cfg(test)]
mod tests {
    use super::glob;

    #[test]
    fn stars_stay_within_a_folder_unless_they_are_two() {
        for (pattern, path, expect) in [
            ("_posts/*/notes", "_posts/a/notes", true),
            ("*.sublime-project", "x.sublime-project", true),
            ("*", "a/b", false),
            ("**/b", "x/y/b", true),
            ("a?c", "abc", true),
        ] {
            assert_eq!(glob(pattern, path), expect, "{pattern} {path}");
        }
    }
}
