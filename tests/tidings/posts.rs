//! Posts as people write them: every habit is taken in, every mistake reported, and the other posts go on.

use crate::checkers;
use crate::site::{CONFIG, Site, simple};

fn items(site: &Site) -> Vec<serde_json::Value> {
    let feed: serde_json::Value = serde_json::from_str(&site.read("public/feed.json")).unwrap();
    feed["items"].as_array().unwrap().clone()
}

#[test]
fn a_broken_post_is_left_out_and_the_others_go_on() {
    let site = Site::new()
        .post("2026-11-01-a.md", simple("가"))
        .post("2026-11-02-b.md", "---\ntitle: 나: 다\n---\n본문\n");
    site.run(&["build"]).code(1).says("posts/2026-11-02-b.md:2:9").says("1 new");
    assert_eq!(items(&site).len(), 1);
    site.run(&["send", "--dry-run"]).code(0).prints("가");
}

#[test]
fn a_broken_post_is_told_once_by_run_and_is_no_failure_of_it() {
    let site = Site::new()
        .post("2026-11-01-a.md", simple("가"))
        .post("2026-11-02-b.md", "---\ntitle: 나: 다\n---\n");
    site.run(&["run"]).code(0).says("posts/2026-11-02-b.md");
    site.run(&["run"]).code(0).silent();
    let site = site.post("2026-11-03-c.md", "---\ntitle: [\n---\n");
    let ran = site.run(&["run"]).code(0).says("2026-11-03-c.md");
    assert!(!ran.stderr.contains("2026-11-02-b.md"), "{}", ran.stderr);
}

#[test]
fn a_control_character_is_dropped_with_a_word() {
    let post = "---\ntitle: \"가\u{8}나\"\n---\n본\u{8}문 \u{fffe}끝\n";
    let site = Site::new()
        .post("2026-11-01-a.md", post)
        .post("2026-11-02-b.md", "---\ntitle: \"x\\by\"\n---\nescaped\n");
    site.run(&["build"]).code(0).says("1 file holds something odd (control-character 1)");
    site.run(&["check"]).code(0).says("U+0008").says("2 more like it");
    checkers::feeds_are_valid(&site.path("public"));
    assert_eq!(
        (items(&site)[1]["title"].as_str(), items(&site)[0]["title"].as_str()),
        (Some("가나"), Some("xy"))
    );
    assert_eq!(items(&site)[1]["content_html"], "<p>본문 끝</p>\n");
}

#[test]
fn a_script_reaches_no_reader() {
    let post = "---\ntitle: \"<script>alert(1)</script>\"\n---\n<script>alert(2)</script>\n\n본문 <img src=x onerror=alert(3)>\n";
    let site = Site::new().post("2026-11-01-a.md", post);
    site.run(&["build"]).code(0);
    checkers::feeds_are_valid(&site.path("public"));
    let html = items(&site)[0]["content_html"].as_str().unwrap().to_owned();
    assert!(!html.contains("script") && !html.contains("onerror"), "{html}");
    let mail = site.run(&["send", "--dry-run", "--format", "html"]).code(0).stdout;
    assert!(!mail.contains("<script") && !mail.contains("onerror"), "{mail}");
}

#[test]
fn drafts_and_future_posts_wait() {
    let site = Site::new()
        .post("2026-11-01-a.md", simple("가"))
        .post("2026-11-02-b.md", "---\ntitle: b\ndraft: true\n---\n")
        .post("2026-11-02-c.md", "---\ntitle: c\npublished: no\n---\n")
        .post("2026-11-02-e.md", "---\ntitle: e\ndraft: Yes\n---\n")
        .post("2026-11-02-f.md", "---\ntitle: f\npublishDate: 2099-01-01\n---\n")
        .post("2026-12-01-d.md", simple("나"));
    site.run(&["build"]).code(0).says("1 new");
    site.run(&["--now", "2026-12-01T00:00:00+09:00", "build"]).code(0).says("1 new");
    assert_eq!(items(&site)[0]["title"], "나");
}

#[test]
fn a_date_without_an_offset_is_in_the_sites_zone() {
    let site = Site::new()
        .post("a.md", "---\ntitle: a\ndate: 2026-11-01 10:00:00\n---\n")
        .post("2026-11-02-b.md", simple("나"))
        .post("2026-11-03-c.md", "---\ntitle: c\ndate: 2026-11-05\n---\n")
        .post("d.md", "---\ntitle: d\ndate: 2026-11-06T10:00:00Z\n---\n");
    site.run(&["build"]).code(0);
    let dates: Vec<_> =
        items(&site).iter().map(|item| item["date_published"].as_str().unwrap().to_owned()).collect();
    assert_eq!(
        dates,
        [
            "2026-11-06T19:00:00+09:00",
            "2026-11-05T00:00:00+09:00",
            "2026-11-02T00:00:00+09:00",
            "2026-11-01T10:00:00+09:00"
        ]
    );
}

#[test]
fn jekylls_dialect_takes_an_unquoted_time_for_utc() {
    let config = CONFIG.replace("newsletters:", "posts: { dialect: jekyll }\nnewsletters:");
    let site = Site::new()
        .config(&config)
        .post("2026-11-01-a.md", "---\ntitle: a\ndate: 2026-11-01 10:00:00\n---\n")
        .post("2026-11-02-b.md", "---\ntitle: b\ndate: \"2026-11-02 10:00:00\"\n---\n");
    site.run(&["build"]).code(0);
    assert_eq!(items(&site)[1]["date_published"], "2026-11-01T19:00:00+09:00");
    assert_eq!(items(&site)[0]["date_published"], "2026-11-02T10:00:00+09:00");
}

#[test]
fn a_file_name_from_a_mac_gives_the_same_url() {
    // The syllables taken apart, as macOS stores them.
    let nfd = "2026-11-01-\u{1112}\u{1161}\u{11ab}\u{1100}\u{1173}\u{11af}.md";
    let site = Site::new().post(nfd, simple("맥"));
    site.run(&["build"]).code(0);
    assert_eq!(items(&site)[0]["url"], "https://example.com/blog/ai_news/%ED%95%9C%EA%B8%80/");
    assert_eq!(items(&site)[0]["id"], "https://example.com/blog/ai_news/%ED%95%9C%EA%B8%80");
}

#[test]
fn windows_line_ends_and_a_byte_order_mark_do_not_matter() {
    let site = Site::new()
        .post("2026-11-01-a.md", "\u{feff}---\r\ntitle: 가\r\ntags: [a, b]\r\n---\r\n첫 줄\r\n둘째 줄\r\n");
    site.run(&["build"]).code(0);
    assert_eq!(items(&site)[0]["tags"], serde_json::json!(["a", "b"]));
    assert_eq!(items(&site)[0]["content_html"], "<p>첫 줄\n둘째 줄</p>\n");
}

#[test]
fn the_excerpt_is_the_authors_or_what_stands_before_more_or_the_first_paragraph() {
    let site = Site::new()
        .post("2026-11-01-a.md", "---\ntitle: a\nexcerpt: \"**직접** 쓴 글\"\n---\n본문\n")
        .post("2026-11-02-b.md", "---\ntitle: b\n---\n하나\n\n둘 **(x)**은\n<!--more-->\n셋\n")
        .post("2026-11-03-c.md", "---\ntitle: c\n---\n## 제목\n![그림](/a.png)\n\n첫 문단\n\n둘째\n");
    site.run(&["build"]).code(0);
    let summaries: Vec<_> =
        items(&site).iter().map(|item| item["summary"].as_str().unwrap().to_owned()).collect();
    assert_eq!(summaries, ["첫 문단", "하나 둘 (x)은", "직접 쓴 글"]);
}

#[test]
fn links_are_absolute_wherever_they_stand() {
    let post = "---\ntitle: a\n---\n[글](/x) [옆](../y/) ![그림](z.png) <a href=\"w\">w</a>\n";
    let site = Site::new().post("2026-11-01-a.md", post);
    site.run(&["build"]).code(0);
    let html = items(&site)[0]["content_html"].as_str().unwrap().to_owned();
    for url in [
        "https://example.com/x",
        "https://example.com/blog/y/",
        "https://example.com/blog/a/z.png",
        "https://example.com/blog/a/w",
    ] {
        assert!(html.contains(&format!("\"{url}\"")), "{url} is not in {html}");
    }
}

#[test]
fn what_is_no_post_is_passed_over_and_nothing_hangs() {
    let site =
        Site::new().post("2026-11-01-a.md", simple("가")).post(".hidden.md", "x").post("note.txt", "x");
    std::os::unix::fs::symlink(site.path("posts"), site.path("posts/loop")).unwrap();
    let fifo = site.path("posts/2026-11-02-pipe.md");
    assert!(std::process::Command::new("mkfifo").arg(fifo).status().unwrap().success());
    site.run(&["build"]).code(0).says("1 new").says("odd-file 2");
    site.run(&["check"])
        .code(0)
        .says("this is a link, and links are not followed\n--> posts/loop")
        .says("this is no file\n--> posts/2026-11-02-pipe.md");
}

#[test]
fn ten_thousand_brackets_and_a_large_post_are_no_trouble() {
    let site = Site::new()
        .post("2026-11-01-a.md", format!("---\ntitle: a\n---\n{}", "[".repeat(10_000)))
        .post("2026-11-02-b.md", format!("---\ntitle: b\n---\n{}", "긴 글 **굵게(x)**는 ".repeat(20_000)))
        .post("2026-11-03-c.md", vec![b'x'; 17 << 20])
        .post("2026-11-04-d.md", format!("---\ntitle: d\nx: {}\n---\n", "[".repeat(70_000)));
    site.run(&["build"]).code(1).says("2026-11-03-c.md").says("the most is 64").says("2 new");
}

#[test]
fn what_may_be_a_draft_in_words_unknown_here_does_not_go_out() {
    let site = Site::new()
        .post("2026-11-01-a.md", "+++\ntitle = \"a\"\ndraft = true\n+++\nsecret\n")
        .post("2026-11-03-c.md", "{ \"title\": \"c\", \"draft\": true }\n\nsecret\n")
        .post("2026-11-02-b.md", "---\ntitle: b\ndraft: maybe\n---\nsecret\n");
    site.run(&["build"]).code(1).says("`maybe` is not `true` or `false`");
    assert!(items(&site).is_empty());
}

#[test]
fn a_date_out_of_all_reason_leaves_the_post_out() {
    let site = Site::new()
        .post("2026-11-01-a.md", "---\ntitle: a\nlastmod: 9999-12-31T23:00:00-12:00\n---\nx\n")
        .post("2026-11-02-b.md", "---\ntitle: b\ndate: 0001-01-01T00:00:00Z\n---\nx\n")
        .post("2026-11-03-c.md", "---\ntitle: c\ndate: 0000-01-01T00:00:00+09:00\n---\nx\n");
    site.run(&["build"]).code(0).says("1 new");
    site.run(&["check"]).code(0).says("in the year 1;");
    assert_eq!(items(&site)[0]["date_modified"], "2026-11-01T00:00:00+09:00");
}

#[test]
fn a_reference_to_a_character_is_the_character() {
    let post = "---\ntitle: a\nsummary: \"x&#8;y\"\n---\n가&#8;나&#xFFFE; <b>다&#1;</b> ![x](https://e.kr/?u=&#xFDD1;email&#xFDD1;)\n";
    let site = Site::new().post("2026-11-01-a.md", post);
    site.run(&["build"]).code(0);
    checkers::feeds_are_valid(&site.path("public"));
    assert_eq!(items(&site)[0]["summary"], "xy");
    let mail = site.run(&["send", "--dry-run", "--format", "html"]).code(0).stdout;
    assert!(!mail.contains("u=kim@"), "a post asked for the subscriber's address and got it");
}

#[test]
fn what_html_hides_stays_hidden_in_texts() {
    let post = "---\ntitle: a\n---\n<!-- private\nabout my boss -->\n\n<script>\nvar x = 1;\n</script>\n\n\
        <style>\n.a { }\n</style>\n\n<div>보이는 &amp; 글<br>둘째</div>\n\n<iframe src=\"https://v.kr/1\"></iframe>\n\n<ul><li>하나</li><li>둘</li></ul>\n\n<table><tr><th>값</th><td>₩12,000</td><td>1TB</td></tr><tr><td>a</td></tr></table>\n\n끝 <script>alert(1)</script>문단\n";
    let config = CONFIG.replace("select:", "content: full, select:");
    let site = Site::new().config(&config).post("2026-11-01-a.md", post);
    let text = site
        .run(&["send", "--dry-run"])
        .code(0)
        .prints("보이는 & 글\n둘째\n\nv.kr\n\n하나\n둘\n\n값 | ₩12,000 | 1TB\na\n\n끝 문단")
        .stdout;
    for hidden in ["boss", "var x", ".a {", "alert"] {
        assert!(!text.contains(hidden), "{hidden}:\n{text}");
    }
}

#[test]
fn a_post_nested_beyond_reason_is_left_out_and_the_others_go_on() {
    let site = Site::new()
        .post("2026-11-01-a.md", simple("가"))
        .post("2026-11-02-b.md", format!("---\ntitle: b\n---\n{}", "<b>".repeat(30_000)))
        .post("2026-11-03-c.md", format!("---\ntitle: c\n---\n{}", ">".repeat(100_000)));
    site.run(&["build"])
        .code(1)
        .says("opens more than 2000 tags")
        .says("more than 200 quotations")
        .says("1 new");
    site.run(&["send", "--dry-run"]).code(0);
}

#[test]
fn a_published_post_is_not_thrown_out_by_a_newcomer_with_its_id() {
    let site = Site::new().post("2026-11-02-b.md", "---\ntitle: 나\nslug: one\n---\nx\n");
    site.run(&["build"]).code(0);
    let site = site
        .post("2026-11-02-b.md", "---\ntitle: 나\nslug: two\n---\nx\n")
        .post("2026-11-01-a.md", "---\ntitle: 가\nslug: one\n---\nx\n");
    site.run(&["build"]).code(1).says("this post has the same id as `posts/2026-11-02-b.md`");
    assert_eq!((items(&site).len(), items(&site)[0]["title"].as_str()), (1, Some("나")));
    site.run(&["run"]).code(0).says("1 sent");
}

#[test]
fn an_id_that_the_author_writes_counts_and_the_post_is_not_mailed_again() {
    let site = Site::new().post("2026-11-20-a.md", simple("가"));
    site.run(&["run"]).code(0).says("1 sent");
    let site = site.post("2026-11-20-a.md", "---\ntitle: 가\nid: https://example.com/chosen\nlang: \"\"\nauthor: { name: K, email: nope }\n---\nx\n");
    site.run(&["build"]).code(0);
    checkers::feeds_are_valid(&site.path("public"));
    assert_eq!(items(&site)[0]["id"], "https://example.com/chosen");
    site.run(&["--now", "2026-11-30T09:00:00+09:00", "send"]).code(0).says("nothing new to send");
}

#[test]
fn the_only_post_can_be_taken_back() {
    let site = Site::new().post("2026-11-20-a.md", simple("가"));
    site.run(&["build"]).code(0);
    let site = site.post("2026-11-20-a.md", "---\ntitle: 가\ndraft: true\n---\nx\n");
    site.run(&["build"]).code(0).says("1 removed");
    assert!(items(&site).is_empty());
}
