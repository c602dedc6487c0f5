//! The folders of feeds that are made for each category, tag, author or language.

use std::collections::{HashMap, HashSet};

use crate::content::slug::hyphenated_with;

/// The most bytes of a name; a folder's may have 255.
const LONGEST: usize = 120;

/// A folder for each name, in the names' order: readable, in lower case, none twice. Names must come in the order in which they
/// were first used, so that a new one never takes the folder of an old one.
pub(super) fn folders(names: &[&str]) -> Vec<String> {
    let plain: Vec<String> = names.iter().map(|name| folder(name)).collect();
    let wanted: HashSet<&str> = plain.iter().map(String::as_str).collect();
    let mut next: HashMap<String, usize> = HashMap::new();
    let own = |plain: &String| {
        let number = next.entry(plain.clone()).or_insert(1);
        let mut own = plain.clone();
        // A number may be another name's own.
        while *number > 1 && (own == *plain || wanted.contains(own.as_str())) {
            own = format!("{plain}-{number}");
            *number += 1;
        }
        *number = (*number).max(2);
        own
    };
    plain.iter().map(own).collect()
}

/// `R&D 이야기` as `r-d-이야기`. A name of nothing but signs is its hash.
pub(super) fn folder(name: &str) -> String {
    let name = hyphenated_with(name, "_+#.").to_lowercase();
    let name = name.trim_matches(['.', '-']);
    let hash = || blake3::hash(name.as_bytes()).to_hex()[..8].to_owned();
    if name.is_empty() {
        return format!("-{}", hash());
    }
    if name.len() <= LONGEST {
        return name.to_owned();
    }
    let end = (0..=LONGEST).rev().find(|at| name.is_char_boundary(*at)).unwrap_or(0);
    format!("{}-{}", &name[..end], hash())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_stay_readable_and_apart() {
        let names = [
            "AI_News",
            "여행 이야기",
            "C++",
            "C",
            "c#",
            "ai_news",
            "ひらがな",
            "R&D",
            "ai_news-2",
            "AI_NEWS",
            "C.",
        ];
        let folders = folders(&names);
        let expect = [
            "ai_news",
            "여행-이야기",
            "c++",
            "c",
            "c#",
            "ai_news-3",
            "ひらがな",
            "r-d",
            "ai_news-2",
            "ai_news-4",
            "c-2",
        ];
        assert_eq!(folders, expect);
    }

    #[test]
    fn no_name_leads_elsewhere_or_is_too_long() {
        let long = "가".repeat(200);
        for name in ["..", "../../etc", "!!!", "", "a/b", &long, ".git"] {
            let folder = folder(name);
            assert!(!folder.is_empty() && !folder.starts_with('.') && !folder.contains('/'), "{folder}");
            assert!(folder.len() < 150, "{folder}");
        }
    }
}
