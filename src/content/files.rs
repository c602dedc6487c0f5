//! The files below a folder: what every dialect's choice of posts begins with.

use std::path::{Path, PathBuf};

use ignore::{DirEntry, WalkBuilder};

use super::source;
use crate::config::Config;
use crate::diagnostic::Diagnostic;

/// Files that were found, in the order of their names, and what could not be looked into.
#[derive(Debug, Default)]
pub(super) struct Walk {
    pub files: Vec<PathBuf>,
    pub found: Vec<Diagnostic>,
}

/// Every file below `dir` that `takes`, in folders that `enters` (which is told how deep they lie). Links are passed over with
/// a word: one may lead out of the site, or round in a circle; so are names that begin with `.`, and what is tidings' own.
pub(super) fn below(
    config: &Config,
    dir: &Path,
    enters: impl Fn(&Path, usize) -> bool + Send + Sync + 'static,
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
    let own = [config.public.clone(), config.templates_dir(), config.root.join("config")];
    let walker = WalkBuilder::new(dir)
        .standard_filters(false)
        .hidden(true)
        .follow_links(false)
        .filter_entry(move |entry| {
            let is_dir = entry.file_type().is_some_and(|kind| kind.is_dir());
            !own.iter().any(|path| path == entry.path())
                && (!is_dir || entry.depth() == 0 || enters(entry.path(), entry.depth()))
        })
        .build();
    for entry in walker {
        match entry {
            // A folder by a post's name is walked into.
            Ok(entry) => match entry.file_type() {
                Some(kind) if kind.is_file() && takes(entry.path()) => walk.files.push(entry.into_path()),
                Some(kind) if !kind.is_file() && !kind.is_dir() => {
                    walk.found.extend(passed_over(&entry, config, &takes));
                }
                _ => {}
            },
            Err(error) => {
                let place = path_of(&error).unwrap_or(dir);
                let why =
                    error.io_error().map_or_else(|| error.to_string(), |error| error.kind().to_string());
                let help = "make the folder readable, or move it out of the posts folder";
                let place = source::shown(place, &config.root);
                walk.found.push(Diagnostic::error("unreadable", &place, why).help(help));
            }
        }
    }
    walk.files.sort();
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

/// What an error of the walk is about.
fn path_of(error: &ignore::Error) -> Option<&Path> {
    match error {
        ignore::Error::WithPath { path, .. } => Some(path),
        ignore::Error::WithDepth { err, .. } => path_of(err),
        _ => None,
    }
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
