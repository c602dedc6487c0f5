//! The house stays as `ARCHITECTURE.md` draws it.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// The rooms, each with those it may use. The small ones may be used by all and use none but each other.
const HOUSE: [(&str, &[&str]); 16] = [
    ("config", &[]),
    ("content", &["config"]),
    ("render", &["config", "content"]),
    ("template", &["render"]),
    ("subscribers", &["config", "content"]),
    ("feed", &["config", "content", "render", "template"]),
    ("publish", &[]),
    ("digest", &["config", "content", "render", "template", "subscribers"]),
    ("mail", &["config", "digest", "subscribers"]),
    ("ledger", &["config", "content", "digest", "subscribers"]),
    ("delivery", &["config", "digest", "ledger", "mail"]),
    ("bounces", &["config", "subscribers"]),
    ("dns", &[]),
    ("report", &[]),
    (
        "server",
        &[
            "bounces",
            "config",
            "content",
            "delivery",
            "digest",
            "ledger",
            "mail",
            "publish",
            "subscribers",
            "template",
        ],
    ),
    (
        "cli",
        &[
            "config",
            "content",
            "render",
            "template",
            "subscribers",
            "feed",
            "publish",
            "digest",
            "mail",
            "ledger",
            "delivery",
            "bounces",
            "dns",
            "report",
            "server",
        ],
    ),
];
const SMALL: [&str; 9] = ["address", "clock", "diagnostic", "fsx", "ids", "picture", "toml", "wire", "yaml"];

fn sources() -> BTreeMap<PathBuf, String> {
    fn walk(dir: &Path, out: &mut BTreeMap<PathBuf, String>) {
        for path in dir.read_dir().unwrap().map(|entry| entry.unwrap().path()) {
            if path.is_dir() {
                walk(&path, out);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                out.insert(path.clone(), std::fs::read_to_string(&path).unwrap());
            }
        }
    }
    let mut out = BTreeMap::new();
    walk(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src"), &mut out);
    out
}

/// The room a file belongs to: its folder below `src`, or its own name.
fn room(path: &Path) -> String {
    let below = path.strip_prefix(Path::new(env!("CARGO_MANIFEST_DIR")).join("src")).unwrap();
    let first = below.components().next().unwrap().as_os_str().to_string_lossy();
    first.trim_end_matches(".rs").to_owned()
}

#[test]
fn a_room_uses_only_the_rooms_above_it() {
    let house: BTreeMap<_, _> = HOUSE.into_iter().collect();
    for (path, text) in sources() {
        let own = room(&path);
        if own == "lib" || own == "main" {
            continue;
        }
        let code = text.split("#[cfg(test)]").next().unwrap();
        for used in code.split("crate::").skip(1) {
            let used: String = used.chars().take_while(|c| c.is_ascii_lowercase() || *c == '_').collect();
            if used.is_empty() || used == own || SMALL.contains(&used.as_str()) {
                continue;
            }
            let allowed = house.get(own.as_str()).is_some_and(|rooms| rooms.contains(&used.as_str()));
            assert!(allowed, "{}: `{own}` may not use `{used}`", path.display());
        }
    }
}

#[test]
fn every_room_is_in_the_picture() {
    let picture =
        std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("ARCHITECTURE.md")).unwrap();
    for name in HOUSE.iter().map(|(name, _)| *name).chain(SMALL) {
        assert!(picture.contains(&format!("`{name}`")), "`{name}` is not in ARCHITECTURE.md");
    }
}

#[test]
fn a_file_says_what_it_answers_for_and_stays_short() {
    let mut lengths = Vec::new();
    for (path, text) in sources() {
        assert!(
            text.starts_with("//!") || text.starts_with("#![doc"),
            "{}: no //! at the top",
            path.display()
        );
        let length = text.split("#[cfg(test)]").next().unwrap().lines().count();
        assert!(length <= 400, "{}: {length} lines", path.display());
        lengths.push(length);
    }
    lengths.sort_unstable();
    assert!(lengths[lengths.len() / 2] <= 130, "the median file has {} lines", lengths[lengths.len() / 2]);
}

#[test]
fn the_public_top_level_is_as_the_owner_asked() {
    for name in ["Cargo.toml", "src", "posts", "templates", "config", "tests"] {
        assert!(Path::new(env!("CARGO_MANIFEST_DIR")).join(name).exists(), "{name}");
    }
}
