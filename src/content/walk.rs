//! Which files are posts.

use std::path::PathBuf;

use ignore::{DirEntry, WalkBuilder};

use crate::config::Config;
use crate::diagnostic::Diagnostic;

/// Every `.md` and `.markdown` file below the posts folder, in the order of their names. Names that begin with `.` and
/// links are passed over: a link may lead out of the site, or round in a circle.
pub(super) fn files(config: &Config) -> (Vec<PathBuf>, Vec<Diagnostic>) {
    let dir = &config.posts.dir;
    let shown = dir.strip_prefix(&config.root).unwrap_or(dir);
    if !dir.is_dir() {
        let message = format!("there is no posts folder `{}`", shown.display());
        let help = "make it, or name yours with `posts: { dir: … }` in `config/tidings.yaml`";
        return (Vec::new(), vec![Diagnostic::error("no-posts-folder", shown, message).help(help)]);
    }
    let bare_root = *dir == config.root;
    let own = [config.public.clone(), config.templates_dir(), config.root.join("config")];
    let walker = WalkBuilder::new(dir)
        .standard_filters(false)
        .hidden(true)
        .follow_links(false)
        // A site without a posts folder keeps its posts at the top: its other folders hold other things.
        .max_depth(bare_root.then_some(1))
        .filter_entry(move |entry| !own.iter().any(|path| path == entry.path()))
        .build();
    let mut files = Vec::new();
    let mut diagnostics = Vec::new();
    for entry in walker {
        match entry {
            Ok(entry) if is_post(&entry, bare_root) => files.push(entry.into_path()),
            Ok(_) => {}
            Err(error) => {
                let help = "make the folder readable, or move it out of the posts folder";
                diagnostics.push(Diagnostic::error("unreadable", shown, error.to_string()).help(help));
            }
        }
    }
    files.sort();
    (files, diagnostics)
}

fn is_post(entry: &DirEntry, bare_root: bool) -> bool {
    let name = entry.file_name().to_string_lossy();
    let markdown = name
        .rsplit_once('.')
        .is_some_and(|(_, ext)| ext.eq_ignore_ascii_case("md") || ext.eq_ignore_ascii_case("markdown"));
    // A folder by that name is walked into; a link or a device is not a post.
    let file = entry.file_type().is_some_and(|kind| kind.is_file());
    let readme =
        bare_root && !name.starts_with(|c: char| c.is_ascii_digit()) && name.chars().any(char::is_uppercase);
    file && markdown && !readme
}
