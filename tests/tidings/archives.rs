//! Archives that a reader walks back through, and that stay as they are (RFC 5005 §4).

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use crate::checkers;
use crate::site::{Site, simple};

const CONFIG: &str = "site: { title: 긴 공책, url: https://example.com/blog, language: ko, timezone: Asia/Seoul }\n\
    feeds: { limit: 4, archive: 5, by: [category] }\n";

fn day(number: usize) -> String {
    let day = chrono::NaiveDate::from_ymd_opt(2026, 1, 1).unwrap() + chrono::Days::new(number as u64);
    format!("{}-post-{number}.md", day.format("%Y-%m-%d"))
}

fn blog(posts: usize) -> Site {
    let site = Site::bare().config(CONFIG);
    (0..posts).fold(site, |site, number| site.post(&day(number), simple(&format!("글 {number}"))))
}

fn documents(site: &Site) -> BTreeMap<PathBuf, Vec<u8>> {
    fn walk(dir: &Path, out: &mut BTreeMap<PathBuf, Vec<u8>>) {
        for path in dir.read_dir().unwrap().map(|entry| entry.unwrap().path()) {
            if path.is_dir() {
                walk(&path, out);
            } else {
                let bytes = std::fs::read(&path).unwrap();
                out.insert(path, bytes);
            }
        }
    }
    let mut all = BTreeMap::new();
    walk(&site.path("public"), &mut all);
    all.into_iter()
        .map(|(path, bytes)| (path.strip_prefix(site.path("public")).unwrap().to_owned(), bytes))
        .collect()
}

#[test]
fn a_walk_back_meets_every_post_once_in_every_format() {
    for posts in [0, 3, 4, 5, 9, 10, 23] {
        let site = blog(posts);
        site.run(&["build"]).code(0);
        let walks = checkers::everything_is_valid(&site.path("public"), "https://example.com/blog/");
        for name in ["rss.xml", "atom.xml", "feed.json"] {
            let expect: Vec<_> =
                (0..posts).rev().map(|n| format!("https://example.com/blog/ai_news/post-{n}")).collect();
            assert_eq!(walks[name], serde_json::json!(expect), "{name} of {posts} posts");
        }
    }
}

#[test]
fn a_new_post_changes_the_feed_and_its_newest_archive_alone() {
    for posts in [9, 10, 14, 17] {
        let site = blog(posts);
        site.run(&["build"]).code(0);
        let before = documents(&site);
        let site = site.post(&day(posts), simple("새 글"));
        site.run(&["build"]).code(0);
        // The archive that had been the newest is told of the one that comes after it, and rests from then on.
        let (last, newest) = ((posts - 4).div_ceil(5), (posts - 3).div_ceil(5));
        let may_change = |path: &Path| {
            let text = path.to_string_lossy();
            !text.contains("archive/") && !text.starts_with("feeds.o") && text != "feed.css"
                || [last, newest].iter().any(|number| text.contains(&format!("archive/{number}/")))
        };
        for (path, bytes) in documents(&site) {
            let same = before.get(&path) == Some(&bytes);
            assert!(same || may_change(&path), "{} of {posts} posts", path.display());
            assert!(last != newest || before.contains_key(&path), "{} is new", path.display());
        }
    }
}

#[test]
fn an_archive_says_that_it_is_one_and_where_its_neighbours_are() {
    let site = blog(16);
    site.run(&["build"]).code(0);
    let atom = site.read("public/archive/2/atom.xml");
    for expect in [
        "<fh:archive></fh:archive>",
        "<link href=\"https://example.com/blog/atom.xml\" rel=\"current\"",
        "<link href=\"https://example.com/blog/archive/1/atom.xml\" rel=\"prev-archive\"",
        "<link href=\"https://example.com/blog/archive/3/atom.xml\" rel=\"next-archive\"",
        "<id>https://example.com/blog/atom.xml</id>",
    ] {
        assert!(atom.contains(expect), "{expect} is not in {atom}");
    }
    assert!(site.read("public/rss.xml").contains("archive/3/rss.xml\" rel=\"prev-archive\""));
    let json: serde_json::Value = serde_json::from_str(&site.read("public/archive/1/feed.json")).unwrap();
    assert_eq!(json["next_url"], serde_json::Value::Null);
}

#[test]
fn archives_that_are_no_longer_needed_go_and_what_is_not_ours_stays() {
    let site = blog(16).file("public/archive/mine.txt", "mine");
    site.run(&["build"]).code(0);
    assert!(site.path("public/archive/3/rss.xml").exists());
    std::fs::write(site.path("public/archive/2/rss.xml"), "changed by hand").unwrap();
    for number in 0..12 {
        std::fs::remove_file(site.path(&format!("posts/{}", day(number)))).unwrap();
    }
    site.run(&["build"]).code(0).says("no longer needed");
    assert!(!site.path("public/archive/3").exists());
    assert_eq!(site.read("public/archive/2/rss.xml"), "changed by hand");
    assert_eq!(site.read("public/archive/mine.txt"), "mine");
    site.run(&["build"]).code(0).says("nothing changed");
}
