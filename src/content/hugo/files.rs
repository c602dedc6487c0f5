//! Which files are pages of their own, and what their place says about them.

use std::collections::HashSet;
use std::path::{Path, PathBuf};

use super::section::Sections;
use crate::config::{Config, Hugo};
use crate::content::clean::composed;
use crate::content::files::{self, Walk};

const ENDINGS: [&str; 4] = ["md", "markdown", "html", "htm"];

/// Every page of every content folder, and the sections. What lies beside or below an `index.md` belongs to that page.
pub(crate) fn files(config: &Config, hugo: &Hugo) -> (Walk, Sections) {
    let ignored: Vec<regex::Regex> =
        hugo.ignore_files.iter().filter_map(|pattern| regex::Regex::new(pattern).ok()).collect();
    let mut walk = Walk::default();
    for (dir, _) in &hugo.content {
        let others: HashSet<PathBuf> = hugo
            .content
            .iter()
            .map(|(dir, _)| dir.clone())
            .chain(hugo.excluded.clone())
            .filter(|other| other != dir)
            .collect();
        let found = files::below(
            config,
            dir,
            move |dir, _| !others.contains(dir),
            |path| {
                files::has_ending(path, &ENDINGS)
                    && !ignored.iter().any(|pattern| pattern.is_match(&path.to_string_lossy()))
            },
        );
        walk.files.extend(found.files);
        walk.found.extend(found.found);
    }
    walk.sort();
    // Few files are more than a page of their own.
    let special = |path: &Path| {
        let name = path.file_name().unwrap_or_default().as_encoded_bytes();
        let may_be = name.starts_with(b"index.") || name.starts_with(b"_index.");
        may_be.then(|| Place::of(path, hugo)).filter(|place| place.is_bundle || place.is_section)
    };
    let named = walk.files.iter().filter_map(|path| Some((path.as_path(), special(path)?)));
    let (sections, bundles): (Vec<_>, Vec<_>) = named.partition(|(_, place)| place.is_section);
    let sections = Sections::read(sections.into_iter());
    let bundles: HashSet<PathBuf> =
        bundles.iter().filter_map(|(path, _)| Some(path.parent()?.to_path_buf())).collect();
    walk.files.retain(|path| {
        let place = special(path);
        let is_bundle = place.as_ref().is_some_and(|place| place.is_bundle);
        let mut above = path.ancestors().skip(1);
        // A bundle inside another is part of it; so is every file beside or below an `index.md`.
        let inside = if is_bundle { above.by_ref().nth(1) } else { above.by_ref().next() };
        let is_inside = || inside.into_iter().chain(above).any(|dir| bundles.contains(dir));
        place.is_none_or(|place| !place.is_section) && (bundles.is_empty() || !is_inside())
    });
    (walk, sections)
}

/// Where a file lies in its content folder.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Place {
    /// The folders above it, a bundle's own folder aside.
    pub folders: Vec<String>,
    /// Its name without ending and language; of a bundle, its folder's.
    pub name: String,
    /// The first folder, perhaps empty.
    pub section: String,
    pub language: String,
    pub is_bundle: bool,
    /// `_index.md` describes its folder.
    pub is_section: bool,
}

impl Place {
    pub(crate) fn of(path: &Path, hugo: &Hugo) -> Self {
        let (dir, language) = hugo
            .content
            .iter()
            .filter(|(dir, _)| path.starts_with(dir))
            .max_by_key(|(dir, _)| dir.as_os_str().len())
            .map_or((Path::new(""), ""), |(dir, language)| (dir.as_path(), language.as_str()));
        let below = composed(path.strip_prefix(dir).unwrap_or(path).to_string_lossy());
        let mut folders: Vec<String> = below.split('/').map(str::to_owned).collect();
        let file = folders.pop().unwrap_or_default();
        let stem = file.rsplit_once('.').map_or(file.as_str(), |(stem, _)| stem);
        let known =
            |code: &str| hugo.languages.iter().any(|language| language.code.eq_ignore_ascii_case(code));
        let (stem, language) = match stem.rsplit_once('.').filter(|(_, code)| known(code)) {
            Some((stem, code)) => (stem, code.to_lowercase()),
            None => (stem, language.to_lowercase()),
        };
        let is_bundle = stem == "index" && !folders.is_empty();
        let name = if is_bundle { folders.pop().unwrap_or_default() } else { stem.to_owned() };
        let section = folders.first().cloned().unwrap_or_default();
        Self { folders, name, section, language, is_bundle, is_section: stem == "_index" }
    }
}
