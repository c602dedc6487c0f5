//! What is kept between builds saves work and is never wrong.

use std::time::{Duration, SystemTime};

use crate::site::{Site, simple};

const COUNT: usize = 60;

/// A blog that is large enough for its posts to be kept, and old enough for them to be trusted.
fn blog(config: &str) -> Site {
    let site = (0..COUNT).fold(Site::bare().config(config), |site, n| {
        site.post(
            &format!("2026-0{}-{:02}-post-{n}.md", 1 + n / 28, 1 + n % 28),
            simple(&format!("글 {n:02}")),
        )
    });
    for n in 0..COUNT {
        age(&site, &format!("posts/2026-0{}-{:02}-post-{n}.md", 1 + n / 28, 1 + n % 28));
    }
    site.run(&["build"]).code(0);
    assert!(site.path(".tidings/cache/posts").exists());
    site
}

fn age(site: &Site, path: &str) {
    let file = std::fs::File::options().write(true).open(site.path(path)).unwrap();
    file.set_modified(SystemTime::now() - Duration::from_hours(1)).unwrap();
}

const CONFIG: &str = "site: { title: 공책, url: https://example.com, language: ko }\nfeeds: { limit: 0 }\n";

#[test]
fn a_changed_post_is_read_again_and_the_others_are_not() {
    let site = blog(CONFIG);
    let name = "posts/2026-01-05-post-4.md";
    let before = site.read(name);
    let site = site.file(name, before.replace("글 04", "말 04"));
    site.run(&["build"]).code(0).says("0 new, 1 updated, 0 removed");
    assert!(
        site.read("public/feed.json").contains("말 04") && !site.read("public/feed.json").contains("글 04")
    );
    // What is not read cannot be missed: these posts come from the cache.
    let unreadable = "posts/2026-01-06-post-5.md";
    let (bytes, modified) =
        (site.read(unreadable), std::fs::metadata(site.path(unreadable)).unwrap().modified().unwrap());
    std::fs::write(site.path(unreadable), bytes.replace("글 05", "말 05")).unwrap();
    std::fs::File::options().write(true).open(site.path(unreadable)).unwrap().set_modified(modified).unwrap();
    site.run(&["build"]).code(0).says("nothing changed");
    // Without the cache everything is.
    std::fs::remove_dir_all(site.path(".tidings/cache")).unwrap();
    site.run(&["build"]).code(0).says("0 new, 1 updated, 0 removed");
    assert!(site.read("public/feed.json").contains("말 05"));
}

#[test]
fn the_same_feeds_come_with_what_is_kept_and_without() {
    let site = blog(CONFIG);
    let first = site.read("public/atom.xml");
    std::fs::remove_dir_all(site.path("public")).unwrap();
    site.run(&["build"]).code(0).says("3 of 3 feeds written; entries: 0 new, 0 updated, 0 removed");
    assert_eq!(site.read("public/atom.xml"), first);
}

#[test]
fn what_a_post_follows_from_besides_its_file_makes_all_be_read_again() {
    let site = blog(CONFIG);
    let site = site.config(&format!("{CONFIG}authors: {{ }}\nposts: {{ permalink: \"/:title.html\" }}\n"));
    site.run(&["build"]).code(0).says("60 updated");
    assert!(site.read("public/feed.json").contains("https://example.com/post-4.html"));
    let site = site.file("_data/authors.yml", "kim: { name: 김민지 }\n");
    let name = "posts/2026-01-05-post-4.md";
    let text = site.read(name).replace("title:", "author: kim\ntitle:");
    let site = site.file(name, text);
    site.run(&["build"]).code(0);
    assert!(site.read("public/feed.json").contains("김민지"));
    let site = site.file("_data/authors.yml", "kim: { name: 김서준 }\n");
    site.run(&["build"]).code(0);
    assert!(site.read("public/feed.json").contains("김서준"));
}

#[test]
fn posts_that_go_and_come_are_seen() {
    let site = blog(CONFIG);
    std::fs::remove_file(site.path("posts/2026-01-05-post-4.md")).unwrap();
    let site = site.post("2026-01-05-new.md", simple("새 글"));
    site.run(&["build"]).code(0).says("1 new, 0 updated, 1 removed");
    let site = site.post("2026-01-05-new.md", simple("새 글").replace("title:", "draft: true\ntitle:"));
    site.run(&["build"]).code(0).says("0 new, 0 updated, 1 removed");
}

#[test]
fn a_cache_that_is_broken_is_none() {
    let site = blog(CONFIG);
    let bytes = std::fs::read(site.path(".tidings/cache/posts")).unwrap();
    let broken = [0, 31, 32, 70, bytes.len() / 2, bytes.len() - 1].map(|length| bytes[..length].to_vec());
    let flipped = [5, 40, 66, 200, bytes.len() / 2, bytes.len() - 9].map(|at| {
        let mut flipped = bytes.clone();
        flipped[at] ^= 1;
        flipped
    });
    for cache in broken.into_iter().chain(flipped) {
        std::fs::write(site.path(".tidings/cache/posts"), cache).unwrap();
        site.run(&["build"]).code(0).says("nothing changed");
        assert_eq!(std::fs::read(site.path(".tidings/cache/posts")).unwrap(), bytes);
    }
}

#[test]
fn a_post_whose_time_is_over_goes_by_itself() {
    let post = |n: usize| {
        format!("---\ntitle: {n}\ndate: 2026-01-0{}\nexpiryDate: 2026-12-01\n---\n글\n", 1 + n % 9)
    };
    let site = Site::bare().file("hugo.toml", "baseURL = \"https://example.com/\"\ntitle = \"t\"\n");
    let site = (0..40).fold(site, |site, n| site.file(&format!("content/p{n}.md"), post(n)));
    for n in 0..40 {
        age(&site, &format!("content/p{n}.md"));
    }
    site.run(&["build"]).code(0).says("20 new");
    let site = site.file("content/stays.md", "---\ntitle: s\ndate: 2026-01-01\n---\n글\n");
    site.run(&["--now", "2026-12-02T00:00:00Z", "build"]).code(0).says("1 new, 0 updated, 20 removed");
    site.run(&["--now", "2026-11-30T00:00:00Z", "build"]).code(0).says("20 new");
}

#[test]
fn whatever_a_document_shows_makes_it_anew() {
    let config = |email: &str| format!("{CONFIG}authors: {{ ann: {{ name: Ann, email: {email} }} }}\n");
    let post = |alt: &str, url: &str| {
        format!(
            "---\ntitle: 가\nimage: {{ path: /a.png, alt: {alt} }}\nauthors: [ann, {{ name: B, url: {url} }}]\n---\n글\n"
        )
    };
    let site = Site::bare()
        .config(&config("a@example.com"))
        .post("2026-01-01-a.md", post("하나", "https://b.example/"));
    site.run(&["build"]).code(0);
    let site = site.post("2026-01-01-a.md", post("둘", "https://b.example/"));
    site.run(&["build"]).code(0).says("1 updated");
    assert!(site.read("public/rss.xml").contains("둘"));
    let site = site.post("2026-01-01-a.md", post("둘", "https://c.example/"));
    site.run(&["build"]).code(0).says("1 updated");
    assert!(site.read("public/atom.xml").contains("https://c.example/"));
    let site = site.config(&config("ann@example.com"));
    site.run(&["build"]).code(0);
    assert!(site.read("public/rss.xml").contains("ann@example.com"));
}
