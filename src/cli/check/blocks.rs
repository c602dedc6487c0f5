//! Blocks of the site's own templates that fill nothing: what they hold would be shown nowhere.

use std::path::Path;

use walkdir::WalkDir;

use crate::cli::site::Site;
use crate::diagnostic::{Diagnostic, Place, did_you_mean};
use crate::fsx;
use crate::template::BUILT_IN;

/// The blocks that a template has above all others, and that the one which it extends does not know.
pub(super) fn unknown(site: &Site) -> Vec<Diagnostic> {
    let folder = site.config.templates_dir();
    let is_template =
        |path: &Path| path.extension().is_some_and(|ending| ending == "html" || ending == "txt");
    let files = WalkDir::new(&folder).sort_by_file_name().into_iter().filter_map(Result::ok);
    let mut found = Vec::new();
    for entry in files.filter(|entry| is_template(entry.path())) {
        let Ok(text) = fsx::read_text(entry.path()) else { continue };
        let Some(parent) = extended(&text) else { continue };
        // One of the site's own that extends a built-in knows its blocks, too.
        let bare = parent.trim_start_matches("built-in/");
        let Some((_, theirs)) = BUILT_IN.iter().find(|(name, _)| *name == bare) else { continue };
        let known: Vec<&str> = blocks(theirs).into_iter().map(|(name, _)| name).collect();
        for (name, depth) in blocks(&text) {
            if depth > 0 || known.contains(&name) {
                continue;
            }
            let message =
                format!("there is no block `{name}` in `{parent}`: what stands in this one is shown nowhere");
            let help = match did_you_mean(name, known.iter().copied()) {
                Some(near) => format!("did you mean `{near}`?"),
                None => format!("its blocks are {}", known.join(", ")),
            };
            let warning = Diagnostic::warning("template", site.shown(entry.path()), message);
            found.push(warning.at(Place::of(&text, name)).help(&help));
        }
    }
    found
}

/// The words of each tag.
fn tags(text: &str) -> impl Iterator<Item = Vec<&str>> {
    let inner = |rest: &'_ str| -> Option<usize> { rest.find("%}") };
    text.split("{%").skip(1).filter_map(move |rest| {
        let tag = rest[..inner(rest)?].trim_matches('-');
        Some(tag.split_whitespace().collect())
    })
}

fn extended(text: &str) -> Option<&str> {
    tags(text).find_map(|words| match words[..] {
        ["extends", name] => Some(name.trim_matches(['"', '\''])),
        _ => None,
    })
}

/// The names of blocks, each with how many others it stands in.
fn blocks(text: &str) -> Vec<(&str, usize)> {
    let mut open: usize = 0;
    let mut found = Vec::new();
    for words in tags(text) {
        match words[..] {
            ["block", name, ..] => {
                found.push((name, open));
                open += 1;
            }
            ["endblock", ..] => open = open.saturating_sub(1),
            _ => {}
        }
    }
    found
}
