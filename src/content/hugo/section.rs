//! Sections: folders with an `_index.md`, and the values that it hands down to the pages below.

use std::collections::HashMap;
use std::path::Path;

use serde_json::Value;

use super::files::Place;
use crate::config::Settings;
use crate::content::{files, matter, source};

/// What the sections of a blog say, by language and folder.
#[derive(Clone, Debug, Default)]
pub(crate) struct Sections {
    known: HashMap<(String, String), Vec<Cascade>>,
}

/// Values for the pages that a pattern means.
#[derive(Clone, Debug)]
struct Cascade {
    path: Option<String>,
    kind: Option<String>,
    language: Option<String>,
    values: Settings,
}

impl Sections {
    /// All of it, in an order of its own.
    pub(in crate::content) fn described(&self) -> String {
        let mut known: Vec<_> = self.known.iter().collect();
        known.sort_by_key(|(key, _)| *key);
        format!("{known:?}")
    }

    /// What these pages of sections hand down.
    pub(super) fn read<'a>(pages: impl Iterator<Item = (&'a Path, Place)>) -> Self {
        let known = pages.map(|(path, place)| ((place.language, place.folders.join("/")), cascades(path)));
        Self { known: known.collect() }
    }

    /// Gives a page what the sections above it hand down; the nearer one wins, and what the page says itself.
    pub(crate) fn hand_down(&self, page: &mut Settings, place: &Place) {
        let path = format!("/{}/{}", place.folders.join("/"), place.name).replace("//", "/");
        for depth in (0..=place.folders.len()).rev() {
            let key = (place.language.clone(), place.folders[..depth].join("/"));
            for cascade in self.known.get(&key).into_iter().flatten() {
                let meant = cascade.path.as_deref().is_none_or(|pattern| files::glob(pattern, &path))
                    && cascade.kind.as_deref().is_none_or(|kind| kind == "page")
                    && cascade.language.as_deref().is_none_or(|language| language == place.language);
                if meant {
                    for (key, value) in &cascade.values {
                        page.entry(key.to_lowercase()).or_insert_with(|| value.clone());
                    }
                }
            }
        }
    }

    /// The folders above a page that are sections: the first one, and those with an `_index.md`.
    pub(crate) fn of(&self, place: &Place) -> Vec<String> {
        let is_known = |depth: usize| {
            let folder = place.folders[..=depth].join("/");
            depth == 0 || self.known.keys().any(|(_, known)| *known == folder)
        };
        place
            .folders
            .iter()
            .enumerate()
            .filter(|(depth, _)| is_known(*depth))
            .map(|(_, name)| name.clone())
            .collect()
    }
}

fn cascades(path: &Path) -> Vec<Cascade> {
    let Ok(text) = source::text_again(path) else { return Vec::new() };
    let Ok(split) = matter::split(&text) else { return Vec::new() };
    let Ok(matter) = matter::read(&split, &text, path, &mut Vec::new()) else { return Vec::new() };
    let found = matter.iter().find(|(key, _)| key.eq_ignore_ascii_case("cascade")).map(|(_, value)| value);
    match found {
        Some(Value::Array(list)) => list.iter().filter_map(cascade).collect(),
        Some(one) => cascade(one).into_iter().collect(),
        None => Vec::new(),
    }
}

fn cascade(value: &Value) -> Option<Cascade> {
    let mut values = value.as_object()?.clone();
    let target = values.remove("_target").or_else(|| values.remove("target"));
    let of = |key: &str| {
        target.as_ref().and_then(|target| target.get(key)).and_then(Value::as_str).map(str::to_owned)
    };
    // Later versions put them under `params`.
    if let Some(Value::Object(params)) = values.remove("params") {
        values.extend(params);
    }
    Some(Cascade {
        path: of("path").map(|path| path.replace(['{', '}'], "")),
        kind: of("kind"),
        language: of("lang"),
        values,
    })
}
