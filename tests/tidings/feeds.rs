//! Feeds that every reader reads alike, for years.

use feed_rs::parser;

use crate::checkers;
use crate::site::{Site, simple};

/// Titles that writers and readers have been seen to spoil.
const TITLES: [&str; 9] = [
    "A & <b>B</b>",
    "&amp; stays &amp;amp;",
    "5 < 6 and ]]> too",
    "AI News - “평가지”: 순위표 다음",
    "가  나",
    "👨‍👩‍👧‍👦 가족의 하루",
    "العربية ו‏עברית",
    "plain",
    "제목 'quoted'",
];

fn nasty() -> Site {
    let mut site = Site::new();
    for (index, title) in TITLES.iter().enumerate() {
        let title = serde_json::to_string(title).unwrap();
        let post = format!(
            "---\ntitle: {title}\ncategories: AI_News\ntag: [\"R&D\", 클라우드]\n---\n본문 <br> {index}\n"
        );
        site = site.post(&format!("2026-11-{:02}-post-{index}.md", 20 - index), post);
    }
    site
}

#[test]
fn every_reader_reads_the_same_titles_ids_dates_and_terms() {
    let site = nasty();
    site.run(&["build"]).code(0).says("9 new");
    checkers::feeds_are_valid(&site.path("public"));
    let json: serde_json::Value = serde_json::from_str(&site.read("public/feed.json")).unwrap();
    let items = json["items"].as_array().unwrap();
    for (item, title) in items.iter().zip(TITLES) {
        assert_eq!(item["title"], title);
        assert_eq!(item["tags"], serde_json::json!(["AI_News", "R&D", "클라우드"]));
    }
    for name in ["rss.xml", "atom.xml"] {
        let path = site.path("public").join(name);
        let seen = checkers::read_feed(&path);
        let rust = parser::parse(std::fs::File::open(&path).unwrap()).unwrap();
        assert_eq!(rust.entries.len(), TITLES.len());
        for (index, item) in items.iter().enumerate() {
            let date =
                chrono::DateTime::parse_from_rfc3339(item["date_published"].as_str().unwrap()).unwrap();
            let (python, newsboat) = (&seen["feedparser"][index], &seen["newsboat"][index]);
            let entry = &rust.entries[index];
            assert_eq!(
                (python["id"].as_str(), newsboat["id"].as_str()),
                (item["id"].as_str(), item["id"].as_str())
            );
            assert_eq!(entry.id, item["id"].as_str().unwrap());
            assert_eq!(python["published"], date.timestamp(), "{name}");
            assert_eq!(newsboat["published"], date.timestamp(), "{name}");
            assert_eq!(entry.published.unwrap().timestamp(), date.timestamp());
            assert_eq!(python["terms"], item["tags"], "{name}");
            assert_eq!(
                entry.categories.iter().map(|term| term.term.as_str()).collect::<Vec<_>>(),
                ["AI_News", "R&D", "클라우드"]
            );
            assert_eq!(entry.title.as_ref().unwrap().content, item["title"].as_str().unwrap(), "{name}");
            assert_eq!(python["title"], item["title"], "{name} in feedparser");
            assert_eq!(newsboat["title"], item["title"], "{name} in newsboat");
            assert_eq!(python["authors"], serde_json::json!(["시험 공책"]));
        }
    }
}

#[test]
fn a_post_of_a_jekyll_blog_needs_four_lines_of_config() {
    let post = "---\nlayout: single\ntitle: \"AI News - 데이터센터의 물: 식히는 값은 얼마인가\"\ncategories: AI_News\n\
        tag: [AI, 데이터센터, 클라우드, AI투자, 물값]\ntoc: true\nsidebar:\n  nav: \"docs\"\n---\n\n## 물로 식히다\n첫 줄입니다. <br>\n둘째 줄입니다.\n";
    let config = "site:\n  title: AI News\n  url: https://example.com\n  timezone: Asia/Seoul\n";
    let site = Site::bare().file("2026-11-20-water.md", post).config(config);
    site.run(&["build"]).code(0).says("1 new");
    checkers::feeds_are_valid(&site.path("public"));
    for name in ["rss.xml", "atom.xml"] {
        let entry = &checkers::read_feed(&site.path("public").join(name))["feedparser"][0];
        assert_eq!(entry["title"], "AI News - 데이터센터의 물: 식히는 값은 얼마인가");
        assert_eq!(
            entry["terms"],
            serde_json::json!(["AI_News", "AI", "데이터센터", "클라우드", "AI투자", "물값"])
        );
        assert_eq!(entry["id"], "https://example.com/ai_news/water");
        assert_eq!(entry["published"], 1_795_100_400, "midnight of 20 November in Seoul");
    }
    site.run(&["check"]).code(0).says("nothing is wrong");
    site.run(&["send", "--dry-run"]).code(0).prints("데이터센터의 물: 식히는 값은 얼마인가");
}

#[test]
fn a_second_build_touches_nothing_and_says_so() {
    let site = nasty();
    site.run(&["build"]).code(0).says("3 of 3 feeds written");
    let before = site.snapshot();
    site.run(&["build"]).code(0).says("nothing changed: 3 feeds untouched");
    assert!(site.snapshot() == before);
}

#[test]
fn a_year_without_posts_changes_no_byte() {
    let site = nasty();
    site.run(&["build"]).code(0);
    let before = site.snapshot();
    site.run(&["--now", "2027-11-23T09:00:00+09:00", "build"]).code(0);
    assert!(site.snapshot() == before);
}

#[test]
fn what_changed_is_counted() {
    let site = Site::new().post("2026-11-01-a.md", simple("가")).post("2026-11-02-b.md", simple("나"));
    site.run(&["build"]).code(0);
    let site = site.post("2026-11-02-b.md", simple("다")).post("2026-11-03-c.md", simple("라"));
    std::fs::remove_file(site.path("posts/2026-11-01-a.md")).unwrap();
    let report = site.run(&["build", "--json"]).code(0).json();
    assert_eq!(report["entries"], serde_json::json!({ "new": 1, "updated": 1, "removed": 1 }));
    assert_eq!(report["feeds"][0], serde_json::json!({ "path": "rss.xml", "entries": 2, "changed": true }));
    assert_eq!(report["diagnostics"], serde_json::json!([]));
}

#[test]
fn an_id_once_published_stays_whatever_the_post_is_called_later() {
    let site = Site::new().post("2026-11-01-a.md", simple("가"));
    site.run(&["build"]).code(0);
    let site =
        site.post("2026-11-01-a.md", "---\ntitle: 새 제목\nslug: other\ncategories: Elsewhere\n---\n본문\n");
    site.run(&["build"]).code(0).says("the published one is kept").says("id-kept");
    let feed: serde_json::Value = serde_json::from_str(&site.read("public/feed.json")).unwrap();
    assert_eq!(feed["items"][0]["id"], "https://example.com/blog/ai_news/a");
    assert_eq!(feed["items"][0]["url"], "https://example.com/blog/elsewhere/other/");
}

#[test]
fn updated_is_the_posts_own_and_the_feeds_that_of_its_newest() {
    let site = Site::new()
        .post("2026-11-01-a.md", "---\ntitle: a\nlast_modified_at: 2026-11-10 10:00 +0900\n---\nx\n")
        .post("2026-11-05-b.md", "---\ntitle: b\n---\nx\n");
    site.run(&["build"]).code(0);
    let atom = site.read("public/atom.xml");
    let updated: Vec<_> = atom.split("<updated>").skip(1).map(|rest| &rest[..25]).collect();
    assert_eq!(
        updated,
        ["2026-11-10T10:00:00+09:00", "2026-11-05T00:00:00+09:00", "2026-11-10T10:00:00+09:00"]
    );
}

#[test]
fn summaries_and_limits_are_as_configured() {
    let config = "site: { title: t, url: https://example.com }\nfeeds: { formats: [atom, json, rss], limit: 1, content: summary }\n";
    let site = Site::new()
        .config(config)
        .post("2026-11-01-a.md", simple("가"))
        .post("2026-11-02-b.md", simple("나"));
    site.run(&["build"]).code(0);
    checkers::feeds_are_valid(&site.path("public"));
    let feed: serde_json::Value = serde_json::from_str(&site.read("public/feed.json")).unwrap();
    assert_eq!(feed["items"].as_array().unwrap().len(), 1);
    assert_eq!(feed["items"][0]["content_html"], serde_json::Value::Null);
    assert!(!site.read("public/rss.xml").contains("content:encoded>"));
}

#[test]
fn a_post_in_another_language_says_so() {
    let site = Site::new()
        .post("2026-11-01-a.md", "---\ntitle: a\nlang: en\n---\nEnglish\n")
        .post("2026-11-02-b.md", simple("나"));
    site.run(&["build"]).code(0);
    checkers::feeds_are_valid(&site.path("public"));
    let atom = site.read("public/atom.xml");
    assert!(atom.contains("xml:lang=\"ko\"") && atom.matches("<entry xml:lang=\"en\">").count() == 1);
}

#[test]
fn feeds_without_a_post_are_valid_too() {
    let site = Site::new();
    site.run(&["build"]).code(0);
    checkers::feeds_are_valid(&site.path("public"));
}

#[test]
fn a_feed_that_another_program_has_written_is_kept_aside() {
    let theirs = "<feed xmlns=\"http://www.w3.org/2005/Atom\"><title>Zola</title></feed>";
    let site = Site::new().post("2026-11-20-a.md", simple("가")).file("public/atom.xml", theirs);
    let ran = site.run(&["build"]).code(0);
    ran.says("warning[own-file]").says("kept as `.tidings/replaced/atom.xml`");
    assert_eq!(site.read(".tidings/replaced/atom.xml"), theirs);
    assert!(site.read("public/atom.xml").contains("가"));
    site.run(&["build"]).code(0).never_says("own-file");
}

#[test]
fn feeds_may_lie_beside_the_posts() {
    let config = format!("{}publish: .\n", crate::site::CONFIG);
    let jekyll = Site::new().config(&config).file("_config.yml", "url: https://a.example\n");
    let jekyll = jekyll.file("_posts/2026-11-20-a.md", simple("가"));
    jekyll.run(&["build"]).code(0);
    assert!(jekyll.read("atom.xml").contains("가"));
    let plain = Site::bare()
        .config("site: { url: https://a.example }\npublish: .\n")
        .file("2026-11-20-a.md", simple("가"));
    plain.run(&["build"]).code(0);
    assert!(plain.read("atom.xml").contains("가"));
}
