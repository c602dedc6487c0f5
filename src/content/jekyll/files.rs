//! Which files Jekyll takes for posts.

use std::path::{Path, PathBuf};

use crate::config::{Config, Jekyll};
use crate::content::clean::composed;
use crate::content::files::{self, Walk};
use crate::content::source::{FileName, shown, stem};
use crate::diagnostic::Diagnostic;

/// Folders that hold no part of the site.
const APART: [&str; 6] = ["_site", "node_modules", "vendor", "public", ".git", ".tidings"];

/// Every post file, and every draft where drafts are shown.
pub(crate) fn files(config: &Config, jekyll: &Jekyll) -> Walk {
    if let Some(dir) = &jekyll.posts_dir {
        return files::below(config, dir, |_, _| true, |path| files::has_ending(path, &jekyll.markdown_ext));
    }
    let root = config.root.join(&jekyll.collections_dir);
    let (site, rules, above) = (config.root.clone(), jekyll.clone(), root.clone());
    let enters = move |dir: &Path, _: usize| {
        let inside_posts =
            dir.ancestors().skip(1).take_while(|parent| parent.starts_with(&above)).any(is_posts_folder);
        let name = dir.file_name().unwrap_or_default().to_string_lossy();
        if inside_posts {
            return !is_special(&name) || !is_posts_folder(dir.parent().unwrap_or(dir));
        }
        let is_magic = name == "_posts" || (name == "_drafts" && rules.show_drafts);
        (is_magic || !is_special(&name)) && !APART.contains(&&*name) && !is_excluded(dir, &site, &rules)
    };
    let inside = |path: &Path| {
        path.ancestors().skip(1).take_while(|parent| parent.starts_with(&root)).any(is_posts_folder)
    };
    let mut walk = files::below(config, &root, enters, inside);
    let mut ignored = Vec::new();
    walk.files.retain(|path| {
        let kept = is_post(path, config, jekyll);
        if !kept && files::has_ending(path, &jekyll.markdown_ext) {
            ignored.push(shown(path, &config.root));
        }
        kept
    });
    for source in ignored {
        let message = "Jekyll takes no file of this name for a post; it is passed over";
        let help = "call it `2026-11-23-slug.md`";
        walk.found.push(Diagnostic::warning("odd-name", &source, message).help(help));
    }
    walk
}

fn is_posts_folder(dir: &Path) -> bool {
    dir.file_name().is_some_and(|name| name == "_posts" || name == "_drafts")
}

fn is_special(name: &str) -> bool {
    name.starts_with(['.', '_', '#', '~'])
}

fn is_post(path: &Path, config: &Config, jekyll: &Jekyll) -> bool {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    if path.extension().is_none()
        || is_special(&name)
        || name.ends_with('~')
        || is_excluded(path, &config.root, jekyll)
    {
        return false;
    }
    let is_draft = path
        .ancestors()
        .skip(1)
        .find_map(|dir| dir.file_name().filter(|_| is_posts_folder(dir)))
        .is_some_and(|name| name == "_drafts");
    is_draft || FileName::of(&stem(path)).date.is_some()
}

/// Whether `exclude` names the file or a folder above it, and `include` does not.
fn is_excluded(path: &Path, root: &Path, jekyll: &Jekyll) -> bool {
    let Ok(below) = path.strip_prefix(root) else { return false };
    let below = below.to_string_lossy();
    let matches = |pattern: &String| {
        let pattern = pattern.trim_start_matches('/');
        !pattern.is_empty()
            && (below.starts_with(pattern) || pattern == format!("{below}/") || files::glob(pattern, &below))
    };
    jekyll.exclude.iter().any(matches) && !jekyll.include.iter().any(matches)
}

/// The file below the collections' folder, as Jekyll names it: with `/`, in NFC.
pub(super) fn relative(path: &Path, config: &Config, jekyll: &Jekyll) -> String {
    let root = jekyll.posts_dir.clone().unwrap_or_else(|| config.root.join(&jekyll.collections_dir));
    let below: PathBuf = path.strip_prefix(&root).unwrap_or(path).to_path_buf();
    let below = composed(below.to_string_lossy());
    if jekyll.posts_dir.is_some() { format!("_posts/{below}") } else { below }
}
