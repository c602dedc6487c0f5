//! Pictures, enclosures and podcasts.

use crate::checkers;
use crate::site::Site;

const SITE: &str =
    "site: { title: 소리 공책, url: https://example.com/blog, language: ko, timezone: Asia/Seoul }\n";

fn item(site: &Site) -> serde_json::Value {
    let feed: serde_json::Value = serde_json::from_str(&site.read("public/feed.json")).unwrap();
    feed["items"][0].clone()
}

#[test]
fn the_picture_is_the_front_matters_else_the_first_in_the_text() {
    for (matter, expect) in [
        ("image: /img/a.png", "https://example.com/img/a.png"),
        ("image: { path: /img/a.png, alt: 강 }", "https://example.com/img/a.png"),
        ("header: { teaser: /img/t.jpg }", "https://example.com/img/t.jpg"),
        ("cover: { image: c.webp }", "https://example.com/blog/a/c.webp"),
        ("images: [https://cdn.example/x.jpg, y.jpg]", "https://cdn.example/x.jpg"),
        ("extra: { featured_image: //cdn.example/z.png }", "https://cdn.example/z.png"),
        ("mood: red", "https://example.com/blog/a/in%20text.png"),
    ] {
        let site = Site::bare()
            .config(SITE)
            .post("2026-11-01-a.md", format!("---\ntitle: 가\n{matter}\n---\n글 ![본문](<in text.png>)\n"));
        site.run(&["build"]).code(0);
        checkers::everything_is_valid(&site.path("public"), "https://example.com/blog/");
        assert_eq!(item(&site)["image"], expect, "{matter}");
        for name in ["rss.xml", "atom.xml"] {
            let text = site.read(&format!("public/{name}"));
            assert!(
                text.contains(&format!("url=\"{expect}\"")) && text.contains("<media:thumbnail "),
                "{text}"
            );
            assert!(text.contains("xmlns:media=\"http://search.yahoo.com/mrss/\""));
        }
    }
}

#[test]
fn pictures_are_where_the_blogs_generator_puts_them() {
    let site = Site::bare()
        .file("_config.yml", "url: https://example.com\nbaseurl: /blog\ntitle: t\n")
        .file("_posts/2026-11-01-a.md", "---\nimage: assets/a.png\n---\n글\n");
    site.run(&["build"]).code(0);
    assert_eq!(item(&site)["image"], "https://example.com/blog/assets/a.png");
    let site = Site::bare()
        .file("hugo.toml", "baseURL = \"https://example.com/blog/\"\ntitle = \"t\"\n")
        .file(
            "content/posts/a/index.md",
            "---\ntitle: a\ndate: 2026-11-01\ncover: { image: cover.png }\n---\n글\n",
        )
        .file("content/posts/a/cover.png", "x")
        .file("content/posts/b.md", "---\ntitle: b\ndate: 2026-10-01\nimages: [img/b.png]\n---\n글\n")
        .file("static/img/b.png", "x");
    site.run(&["build"]).code(0);
    let feed: serde_json::Value = serde_json::from_str(&site.read("public/feed.json")).unwrap();
    assert_eq!(feed["items"][0]["image"], "https://example.com/blog/posts/a/cover.png");
    assert_eq!(feed["items"][1]["image"], "https://example.com/blog/img/b.png");
}

#[test]
fn enclosures_are_as_long_as_their_files() {
    let site = Site::bare()
        .config(SITE)
        .file("posts/sound.mp3", vec![7; 4321])
        .post("2026-11-01-a.md", "---\ntitle: 가\nenclosure: [sound.mp3, { url: https://cdn.example/b.ogg, length: \"5,000\", duration: 61 }]\n---\n글\n");
    site.run(&["build"]).code(0);
    checkers::everything_is_valid(&site.path("public"), "https://example.com/blog/");
    let rss = site.read("public/rss.xml");
    assert_eq!(rss.matches("<enclosure ").count(), 1);
    assert!(
        rss.contains(
            "<enclosure url=\"https://example.com/blog/a/sound.mp3\" length=\"4321\" type=\"audio/mpeg\"/>"
        ),
        "{rss}"
    );
    assert_eq!(site.read("public/atom.xml").matches("rel=\"enclosure\"").count(), 2);
    let expect = serde_json::json!([
        { "url": "https://example.com/blog/a/sound.mp3", "mime_type": "audio/mpeg", "size_in_bytes": 4321 },
        { "url": "https://cdn.example/b.ogg", "mime_type": "audio/ogg", "size_in_bytes": 5000, "duration_in_seconds": 61 },
    ]);
    assert_eq!(item(&site)["attachments"], expect);
}

#[test]
fn an_enclosure_of_unknown_length_is_told() {
    let site =
        Site::bare().config(SITE).post("2026-11-01-a.md", "---\ntitle: 가\naudio: /gone.mp3\n---\n글\n");
    site.run(&["check"]).code(0).says("how long `/gone.mp3` is cannot be known").says("length:");
    site.run(&["build"]).code(0);
    assert!(site.read("public/rss.xml").contains("length=\"0\""));
}

#[test]
fn a_podcast_has_what_directories_ask_for() {
    let podcast = "feeds:
  podcast:
    category: [Arts > Books, Technology]
    image: /cover.jpg
    owner: { name: 김민지, email: kim@example.com }
    locked: true
    funding: { url: https://give.example/, text: 후원 & 더 }
    copyright: ⓒ 김민지
";
    let post = "---
title: 첫 회
audio: /audio/e1.mp3
podcast:
  season: 1
  episode: 2
  episodeType: full
  duration: 1:02:03
  explicit: no
  transcript: [{ url: /audio/e1.vtt, language: ko }, /audio/e1.srt]
  chapters: /audio/e1.json
  guests: [홍길동, { name: A & B, role: guest }]
---
들어 보세요.
";
    let site = Site::bare()
        .config(&format!("{SITE}{podcast}"))
        .file("audio/e1.mp3", vec![1; 99])
        .post("2026-11-01-ep.md", post);
    site.run(&["build"]).code(0);
    checkers::everything_is_valid(&site.path("public"), "https://example.com/blog/");
    let rss = site.read("public/rss.xml");
    for expect in [
        "<itunes:category text=\"Arts\">",
        "<itunes:category text=\"Books\"></itunes:category>",
        "<itunes:image href=\"https://example.com/blog/cover.jpg\"></itunes:image>",
        "<itunes:email>kim@example.com</itunes:email>",
        "<itunes:explicit>false</itunes:explicit>",
        "<itunes:type>episodic</itunes:type>",
        "<podcast:locked owner=\"kim@example.com\">yes</podcast:locked>",
        "<podcast:funding url=\"https://give.example/\">후원 &amp; 더</podcast:funding>",
        "<copyright>ⓒ 김민지</copyright>",
        "<podcast:guid>dc42ee15-1e08-58e8-b1e4-ca603dcbe7c6</podcast:guid>",
        "<itunes:season>1</itunes:season>",
        "<podcast:episode>2</podcast:episode>",
        "<itunes:episodeType>full</itunes:episodeType>",
        "<itunes:duration>3723</itunes:duration>",
        "<podcast:transcript language=\"ko\" type=\"text/vtt\" url=\"https://example.com/audio/e1.vtt\">",
        "<podcast:transcript type=\"application/x-subrip\"",
        "<podcast:chapters type=\"application/json+chapters\" url=\"https://example.com/audio/e1.json\">",
        "<podcast:person role=\"guest\">A &amp; B</podcast:person>",
        "<enclosure url=\"https://example.com/blog/audio/e1.mp3\" length=\"99\" type=\"audio/mpeg\"/>",
    ] {
        assert!(rss.contains(expect), "{expect} is not in {rss}");
    }
    let feed = feed_rs::parser::parse(rss.as_bytes()).unwrap();
    assert_eq!(feed.entries[0].media[0].content[0].size, Some(99));
}
