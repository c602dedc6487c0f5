//! Ids that survive whatever is done to a post.

use crate::site::{Site, simple};

fn ids(site: &Site) -> Vec<String> {
    let feed: serde_json::Value = serde_json::from_str(&site.read("public/feed.json")).unwrap();
    feed["items"].as_array().unwrap().iter().map(|item| item["id"].as_str().unwrap().to_owned()).collect()
}

/// A post with a text of its own.
fn long(title: &str) -> String {
    format!("{}{}\n", simple(title), format!("{title}에 대한 문장이 여기 이어진다. ").repeat(5))
}

fn published() -> Site {
    let site = Site::new().post("2026-11-01-a.md", long("가")).post("2026-11-02-b.md", long("나"));
    site.run(&["build"]).code(0);
    site
}

const A: &str = "https://example.com/blog/ai_news/a";
const B: &str = "https://example.com/blog/ai_news/b";

#[test]
fn a_file_with_another_name_is_the_same_post() {
    // Its text, or its title and date, or its address is what it is known by.
    let renamed = long("가");
    let edited = "---\ntitle: 가\ndate: 2026-11-01\ncategories: AI_News\n---\n다른 글\n";
    let moved = "---\ntitle: 새 제목\npermalink: /ai_news/a/\n---\n다른 글\n";
    for (name, text) in [("2026-11-03-c.md", renamed.as_str()), ("c.md", edited), ("2026-11-04-x.md", moved)]
    {
        let site = published();
        std::fs::remove_file(site.path("posts/2026-11-01-a.md")).unwrap();
        let site = site.post(name, text);
        let ran = site.run(&["build", "--json"]).code(0);
        assert_eq!(
            ran.json()["entries"],
            serde_json::json!({ "new": 0, "updated": 1, "removed": 0 }),
            "{name}"
        );
        let mut found = ids(&site);
        found.sort();
        assert_eq!(found, [A, B], "{name}");
        site.run(&["build"]).code(0).says("nothing changed");
    }
}

#[test]
fn a_file_that_only_looks_like_one_that_has_gone_is_a_new_post() {
    let site = published();
    std::fs::remove_file(site.path("posts/2026-11-01-a.md")).unwrap();
    let site = site.post("2026-11-03-c.md", simple("다")).post("2026-11-04-d.md", simple("라"));
    let ran = site.run(&["build", "--json"]).code(0);
    assert_eq!(ran.json()["entries"], serde_json::json!({ "new": 2, "updated": 0, "removed": 1 }));
}

#[test]
fn another_domain_or_permalink_changes_no_id() {
    let site = published();
    let config = crate::site::CONFIG.replace("https://example.com/blog", "https://new.example.org");
    let site = site.config(&config);
    site.run(&["build"]).code(0).says("id-kept").says("`tidings ids pin`");
    assert_eq!(ids(&site), [B, A]);
    let site = site.config(&format!("{config}posts: {{ permalink: \"/:year/:title/\" }}\n"));
    site.run(&["build"]).code(0);
    assert_eq!(ids(&site), [B, A]);
    site.run(&["ids", "pin"]).code(0).says("2 ids pinned");
    let ran = site.run(&["build"]).code(0);
    assert!(!ran.stderr.contains("id-kept"), "{}", ran.stderr);
}

#[test]
fn a_released_id_gives_way_to_the_generators() {
    let site = published();
    let site = site.post("2026-11-01-a.md", "---\ntitle: 가\nslug: other\n---\n가\n");
    site.run(&["build"]).code(0).says("id-kept");
    assert_eq!(ids(&site), [B, A]);
    site.run(&["ids", "release", "posts/2026-11-01-x.md"])
        .code(2)
        .says("did you mean `posts/2026-11-01-a.md`?");
    site.run(&["ids", "release", A]).code(0).says("1 id released");
    site.run(&["build"]).code(0);
    assert_eq!(ids(&site), [B, "https://example.com/blog/other"]);
}

#[test]
fn the_register_can_be_looked_at() {
    let site = Site::new().post("2026-11-01-a.md", simple("가"));
    site.run(&["ids", "list"]).code(0).says("no id has been published yet");
    site.run(&["build"]).code(0);
    site.run(&["ids", "list"]).code(0).prints(&format!("{A}\n  posts/2026-11-01-a.md\n"));
    site.run(&["ids", "pin", "posts/2026-11-01-a.md"]).code(0);
    std::fs::remove_file(site.path("posts/2026-11-01-a.md")).unwrap();
    site.post("2026-11-05-z.md", simple("다")).run(&["build"]).code(0);
}

#[test]
fn an_issue_does_not_repeat_a_post_whose_file_was_renamed() {
    let site = Site::new().post("2026-11-20-a.md", simple("가"));
    site.run(&["run"]).code(0);
    assert_eq!(site.outbox().len(), 1);
    std::fs::rename(site.path("posts/2026-11-20-a.md"), site.path("posts/2026-11-21-b.md")).unwrap();
    site.run(&["--now", "2026-11-30T09:00:00+09:00", "run"]).code(0);
    assert_eq!(site.outbox().len(), 1);
}

#[test]
fn a_post_that_only_the_newsletter_had_is_not_mailed_again_under_another_name() {
    let text = long("가").replacen("title:", "feed: false\ntitle:", 1);
    let site = Site::new().post("2026-11-22-a.md", &text);
    site.run(&["send"]).code(0).says("1 sent");
    site.run(&["build"]).code(0);
    std::fs::remove_file(site.path("posts/2026-11-22-a.md")).unwrap();
    let site = site.post("2026-11-23-b.md", &text);
    site.run(&["--now", "2026-12-01T09:00:00+09:00", "send"]).code(0).says("nothing new to send");
}

#[test]
fn a_post_that_has_left_the_feed_keeps_its_id_and_one_that_was_never_in_it_has_none_to_keep() {
    let limit = |limit: usize| format!("{}feeds: {{ limit: {limit} }}\n", crate::site::CONFIG);
    let site = Site::new()
        .config(&limit(1))
        .post("2026-11-01-a.md", long("가"))
        .post("2026-10-01-never.md", long("다"));
    site.run(&["build"]).code(0).says("1 new");
    let site = site.post("2026-11-02-b.md", long("나"));
    site.run(&["build"]).code(0).says("1 new, 0 updated, 0 removed");
    site.run(&["ids", "list"]).code(0).prints(A).prints(B);
    // Renamed, and then edited, while no feed shows it.
    for (from, to) in [("2026-11-01-a.md", "2026-11-01-z.md"), ("2026-10-01-never.md", "2026-10-01-y.md")] {
        std::fs::rename(site.path(&format!("posts/{from}")), site.path(&format!("posts/{to}"))).unwrap();
    }
    site.run(&["build"]).code(0).says("nothing changed");
    let site = site.post("2026-11-01-z.md", long("라")).config(&limit(0));
    site.run(&["build"]).code(0).says("1 new");
    assert_eq!(ids(&site)[..2], [B, A]);
    assert!(ids(&site)[2].ends_with("/y"), "{:?}", ids(&site));
}

#[test]
fn names_may_be_swapped_and_taken_over() {
    let read = |site: &Site| {
        let feed: serde_json::Value = serde_json::from_str(&site.read("public/feed.json")).unwrap();
        let items = feed["items"].as_array().unwrap().clone();
        let mut pairs: Vec<_> = items
            .iter()
            .map(|item| (item["title"].as_str().unwrap().to_owned(), item["id"].as_str().unwrap().to_owned()))
            .collect();
        pairs.sort();
        pairs
    };
    let (a, b) = ("posts/2026-11-01-a.md", "posts/2026-11-02-b.md");
    // Two files change their names with each other.
    let site = published();
    let (text_a, text_b) = (site.read(a), site.read(b));
    let site = site.file(a, &text_b).file(b, &text_a);
    site.run(&["build"]).code(0);
    assert_eq!(read(&site), [("가".into(), A.into()), ("나".into(), B.into())]);
    site.run(&["build"]).code(0).says("nothing changed");
    // A new post takes the name of one that has moved.
    let site = published();
    std::fs::rename(site.path(a), site.path("posts/2026-11-03-c.md")).unwrap();
    let site = site.file(a, long("다"));
    site.run(&["build"]).code(1).says("same-id");
    assert_eq!(read(&site), [("가".into(), A.into()), ("나".into(), B.into())]);
    let site = site.file(a, long("다").replace("title:", "slug: d\ntitle:"));
    site.run(&["build"]).code(0);
    let d = "https://example.com/blog/ai_news/d";
    assert_eq!(read(&site), [("가".into(), A.into()), ("나".into(), B.into()), ("다".into(), d.into())]);
}

#[test]
fn a_post_of_few_words_is_not_taken_for_another_of_few_words() {
    let site = Site::new().post("2026-11-01-a.md", "---\ntitle: A\n---\nx\n");
    site.run(&["build"]).code(0);
    std::fs::remove_file(site.path("posts/2026-11-01-a.md")).unwrap();
    let site = site.post("2026-11-09-z.md", "---\ntitle: Z\n---\nx\n");
    site.run(&["build"]).code(0);
    assert_eq!(ids(&site), ["https://example.com/blog/z"]);
}

#[test]
fn two_files_of_one_name_in_two_spellings_are_one_post() {
    let apart = "\u{1112}\u{1161}\u{11ab}";
    let site = Site::new()
        .post("2026-11-01-한.md", simple("가"))
        .post(&format!("2026-11-01-{apart}.md"), simple("나"));
    site.run(&["build"]).code(1).says("same-id");
    assert_eq!(ids(&site).len(), 1);
}
