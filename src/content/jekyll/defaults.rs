//! `defaults:` of `_config.yml`: front matter by folder and type.

use crate::config::{Config, Defaults, Settings};
use crate::content::files;

/// The values for the post at `relative`, the more precise scope first.
pub(super) fn merge(sets: &[Defaults], relative: &str, config: &Config) -> Settings {
    let mut values = Settings::new();
    let mut before: Option<&Defaults> = None;
    for set in sets.iter().filter(|set| applies(set, relative, config)) {
        let wins = before.is_none_or(|before| precedes(before, set));
        for (key, value) in &set.values {
            if wins || !values.contains_key(key) {
                values.insert(key.clone(), value.clone());
            }
        }
        if wins {
            before = Some(set);
        }
    }
    values
}

fn precedes(before: &Defaults, set: &Defaults) -> bool {
    let (new, old) = (trimmed(&set.path), trimmed(&before.path));
    if new.len() == old.len() { set.kind.is_some() || before.kind.is_none() } else { new.len() > old.len() }
}

fn trimmed(path: &str) -> &str {
    if path.starts_with('/') { path.trim_matches('/') } else { path }
}

/// A scope's path is a plain prefix; `_posts/blog` also holds `_posts/blogs`.
fn applies(set: &Defaults, relative: &str, config: &Config) -> bool {
    if set.kind.as_deref().is_some_and(|kind| kind != "posts") {
        return false;
    }
    let folder = match &config.blog {
        crate::config::Blog::Jekyll(jekyll) if !jekyll.collections_dir.is_empty() => {
            format!("{}/", jekyll.collections_dir)
        }
        _ => String::new(),
    };
    let path = set.path.strip_prefix(&folder).unwrap_or(&set.path);
    if path.contains('*') {
        // What the pattern matches may be a folder above the post.
        let mut above = relative;
        loop {
            if files::glob(path, above) {
                return true;
            }
            match above.rsplit_once('/') {
                Some((parent, _)) => above = parent,
                None => return false,
            }
        }
    }
    relative.starts_with(path)
}
