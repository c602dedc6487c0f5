//! Feeds by category, tag, author and language, and the owner's own.

use crate::checkers;
use crate::site::{Site, simple};

const SITE: &str = "site: { title: 새벽 노트, url: https://example.com/blog, language: ko, timezone: Asia/Seoul, author: { name: 김민지 } }\n";

fn blog(feeds: &str) -> Site {
    Site::bare()
        .config(&format!("{SITE}feeds: {feeds}\n"))
        .post(
            "2026-11-01-a.md",
            "---\ntitle: 가\ncategory: AI & News\ntags: [강, 새벽 배포, C++]\nauthor: 이서준\n---\n가\n",
        )
        .post(
            "2026-11-02-b.md",
            "---\ntitle: 나\ncategory: 여행\ntags: [강, ひらがな]\nauthor: [이서준, 박하늘]\n---\n나\n",
        )
        .post("2026-11-03-c.md", "---\ntitle: c\ncategory: 여행\ntags: [비밀]\nlang: en\n---\nc\n")
}

fn titles(site: &Site, path: &str) -> Vec<String> {
    let feed: serde_json::Value = serde_json::from_str(&site.read(path)).unwrap();
    feed["items"].as_array().unwrap().iter().map(|item| item["title"].as_str().unwrap().to_owned()).collect()
}

#[test]
fn every_name_has_the_trio_under_a_readable_name() {
    let site = blog("{ by: [category, tag, author, language] }");
    site.run(&["build"]).code(0);
    checkers::everything_is_valid(&site.path("public"), "https://example.com/blog/");
    for (folder, expect) in [
        ("categories/ai-news", vec!["가"]),
        ("categories/여행", vec!["c", "나"]),
        ("tags/강", vec!["나", "가"]),
        ("tags/새벽-배포", vec!["가"]),
        ("tags/c++", vec!["가"]),
        ("tags/ひらがな", vec!["나"]),
        ("authors/이서준", vec!["나", "가"]),
        ("authors/박하늘", vec!["나"]),
        ("authors/김민지", vec!["c"]),
        ("languages/ko", vec!["나", "가"]),
        ("languages/en", vec!["c"]),
    ] {
        assert_eq!(titles(&site, &format!("public/{folder}/feed.json")), expect, "{folder}");
        assert!(site.path(&format!("public/{folder}/rss.xml")).exists());
        assert!(site.path(&format!("public/{folder}/atom.xml")).exists());
    }
    let atom = site.read("public/categories/여행/atom.xml");
    let own = "https://example.com/blog/categories/%EC%97%AC%ED%96%89/atom.xml";
    for expect in [
        format!("<id>{own}</id>"),
        format!("href=\"{own}\" rel=\"self\""),
        "<title>새벽 노트 | 여행</title>".into(),
    ] {
        assert!(atom.contains(&expect), "{expect} is not in {atom}");
    }
    assert!(site.read("public/languages/en/atom.xml").contains("xml:lang=\"en\""));
}

#[test]
fn two_names_with_one_folder_are_told_and_the_older_keeps_it() {
    let site = Site::bare()
        .config(&format!("{SITE}feeds: {{ by: [tag], formats: [json] }}\n"))
        .post("2026-11-02-b.md", "---\ntitle: b\ntags: [AI]\n---\nb\n")
        .post("2026-11-01-a.md", "---\ntitle: a\ntags: [ai]\n---\na\n");
    site.run(&["build"])
        .code(0)
        .says("the tag `AI` would have the folder of `ai`; its feed lies in `tags/ai-2`");
    assert_eq!(titles(&site, "public/tags/ai/feed.json"), ["a"]);
    assert_eq!(titles(&site, "public/tags/ai-2/feed.json"), ["b"]);
}

#[test]
fn a_feed_whose_last_post_has_gone_goes_too() {
    let site = blog("{ by: [tag] }");
    site.run(&["build"]).code(0);
    let site = site.post("2026-11-03-c.md", "---\ntitle: c\n---\nc\n");
    site.run(&["build"]).code(0).says("3 no longer needed removed");
    assert!(!site.path("public/tags/비밀").exists() && site.path("public/tags/강").exists());
}

#[test]
fn the_owners_own_feeds_take_what_they_ask_for() {
    let own = "{ limit: 1, own: [
        { path: trips.xml, title: 여행만, select: { categories: [여행], exclude: { tags: [비밀] } }, content: summary },
        { path: /en/notes/, select: { languages: [en] }, formats: [json] },
        { path: notes/all.json, select: { sections: [notes] }, limit: 0 },
        { path: lee, select: { authors: [이서준], tags: [강] }, limit: 10, formats: [json, atom] } ] }";
    let site = blog(own)
        .post("notes/2026-11-04-d.md", "---\ntitle: d\n---\nd\n")
        .post("notes/2026-11-05-e.md", "---\ntitle: e\n---\ne\n");
    site.run(&["build"]).code(0);
    assert_eq!(titles(&site, "public/feed.json"), ["e"]);
    assert_eq!(titles(&site, "public/en/notes/feed.json"), ["c"]);
    assert_eq!(titles(&site, "public/notes/all.json"), ["e", "d"]);
    assert_eq!(titles(&site, "public/lee/feed.json"), ["나", "가"]);
    let rss = site.read("public/trips.xml");
    assert!(
        rss.contains("<title>여행만</title>")
            && rss.contains("<title>나</title>")
            && !rss.contains("<title>c</title>")
    );
    assert!(
        rss.contains("href=\"https://example.com/blog/trips.xml\" rel=\"self\"")
            && !rss.contains("content:encoded>")
    );
    assert!(site.read("public/en/notes/feed.json").contains("\"language\": \"en\""));
}

#[test]
fn two_feeds_in_one_place_are_an_error_and_the_rest_is_written() {
    let site = blog("{ own: [ { path: atom.xml, title: x }, { path: fine.json } ] }");
    site.run(&["build"]).code(1).says("two feeds would lie at `atom.xml`");
    assert!(site.read("public/atom.xml").contains("<title>새벽 노트</title>"));
    assert!(site.path("public/fine.json").exists());
}

#[test]
fn a_post_may_stay_out_of_feeds_or_newsletters_or_both() {
    let site = Site::new()
        .post("2026-11-20-a.md", simple("가"))
        .post("2026-11-20-b.md", "---\ntitle: 나\nfeed: false\n---\n나\n")
        .post("2026-11-20-c.md", "---\ntitle: 다\nnewsletter: false\n---\n다\n")
        .post("2026-11-20-d.md", "---\ntitle: 라\nhidden: true\n---\n라\n");
    site.run(&["build"]).code(0);
    assert_eq!(titles(&site, "public/feed.json"), ["가", "다"]);
    let issue = site.run(&["send", "--dry-run", "--format", "json"]).code(0);
    for (title, is_in) in [("\"가\"", true), ("\"나\"", true), ("\"다\"", false), ("\"라\"", false)] {
        assert_eq!(issue.stdout.contains(title), is_in, "{title} in {}", issue.stdout);
    }
}

#[test]
fn authors_come_from_the_sites_own_list_and_from_the_config() {
    let post = "---\ntitle: 가\nauthors: [lee, park, 최]\n---\n가\n";
    for (name, list) in [
        ("_data/authors.yml", "lee: { name: 이서준, uri: https://lee.example }\n"),
        ("data/authors.toml", "[lee]\nname = \"이서준\"\nurl = \"https://lee.example\"\n"),
        (
            "_data/authors.json",
            "[{ \"id\": \"lee\", \"name\": \"이서준\", \"website\": \"https://lee.example\" }]",
        ),
    ] {
        let config = format!("{SITE}authors: {{ park: {{ name: 박하늘, email: park@example.com }} }}\n");
        let site = Site::bare().config(&config).file(name, list).post("2026-11-01-a.md", post);
        site.run(&["build"]).code(0);
        let json: serde_json::Value = serde_json::from_str(&site.read("public/feed.json")).unwrap();
        let expect = serde_json::json!([{ "name": "이서준", "url": "https://lee.example" }, { "name": "박하늘" }, { "name": "최" }]);
        assert_eq!(json["items"][0]["authors"], expect, "{name}");
        let rss = site.read("public/rss.xml");
        assert!(rss.contains("<author>park@example.com (박하늘)</author>"), "{rss}");
        assert!(
            rss.contains("<dc:creator>이서준</dc:creator>") && rss.contains("<dc:creator>최</dc:creator>")
        );
        assert_eq!(site.read("public/atom.xml").matches("<author>").count(), 4);
    }
}

#[test]
fn elements_of_the_owners_own_are_added_and_cannot_break_the_xml() {
    let fields = "{ namespaces: { geo: \"http://www.w3.org/2003/01/geo/wgs84_pos#\", my: \"https://example.com/?a=1&b=<2>\" },
        fields: { feed: { \"dc:publisher\": \"{{ feed.title }} & <Co>\" },
          entry: { \"geo:lat\": \"{{ post.lat }}\", \"my:note\": { text: \"{{ post.title }} ]]> </item>\", kind: \"\\\"{{ post.mood }}\\\" <&>\" } } } }";
    let site = blog(fields)
        .post("2026-11-04-d.md", "---\ntitle: \"<d> & d\"\nlat: 37.5\nmood: \"a\\\" b='\"\n---\nd\n");
    site.run(&["build"]).code(0);
    checkers::everything_is_valid(&site.path("public"), "https://example.com/blog/");
    for name in ["rss.xml", "atom.xml"] {
        let text = site.read(&format!("public/{name}"));
        assert_eq!(text.matches("<geo:lat>37.5</geo:lat>").count(), 1, "{name}");
        assert!(text.contains("<dc:publisher>새벽 노트 &amp; &lt;Co&gt;</dc:publisher>"), "{text}");
        assert!(text.contains("&lt;d&gt; &amp; d ]]&gt; &lt;/item&gt;</my:note>"), "{text}");
    }
    let json: serde_json::Value = serde_json::from_str(&site.read("public/feed.json")).unwrap();
    assert_eq!(json["_dc"]["publisher"], "새벽 노트 & <Co>");
    assert_eq!(json["items"][0]["_geo"]["lat"], "37.5");
    assert_eq!(json["items"][0]["_my"]["note"]["kind"], "\"a\" b='\" <&>");
    assert_eq!(json["items"][1].get("_geo"), None);
}

#[test]
fn what_is_wrong_with_an_element_or_a_feed_of_ones_own_is_told() {
    for (feeds, expect) in [
        (
            "{ fields: { entry: { \"dc:rights\": \"{{ post.title | nosuch }}\" } } }",
            "the template of `dc:rights` cannot be run",
        ),
        (
            "{ fields: { entry: { \"dc:rights\": \"{{ psot.title }}\" } } }",
            "asks for `psot`, which says nothing here",
        ),
        ("{ fields: { feed: { \"dc:rights\": \"{{ post.title }}\" } } }", "as in `{{ feed.title }}`"),
        (
            "{ own: [ { path: x.json, select: { categories: 없는분류 } } ] }",
            "no post has what the feed `x.json` asks for",
        ),
    ] {
        let ran = blog(feeds).run(&["build"]).code(0);
        assert!(ran.stderr.contains(expect), "{feeds}: {}", ran.stderr);
    }
    for (feeds, expect) in [
        (
            "{ fields: { entry: { \"dc:rights\": \"{{ post.title\" } } }",
            "the template of `dc:rights` cannot be read",
        ),
        ("{ fields: { entry: { \"my:x\": y } } }", "the prefix `my` stands for no namespace"),
        ("{ fields: { entry: { \"dc:a b\": y } } }", "`dc:a b` cannot be the name of an element"),
        ("{ namespaces: { dc: \"http://other.example/\" } }", "`dc` stands for another namespace already"),
        ("{ namespaces: { xmlfoo: \"http://other.example/\" } }", "`xmlfoo` cannot be a prefix in XML"),
        ("{ own: [ { title: x } ] }", "a feed under `own` has no `path`"),
        ("{ own: [ { path: index.html } ] }", "`index.html` has the ending of no feed"),
        ("{ own: [ { path: ../x.xml } ] }", "`../x.xml` is no place below the public folder"),
        ("{ own: [ { path: a.xml, formats: [rss, atom] } ] }", "`a.xml` is one document, and has one format"),
        ("{ archive: many }", "should hold a whole number"),
        ("{ by: [topic] }", "`topic` is not known here"),
        ("{ hub: here }", "`here` is not an absolute web address"),
        ("{ formats: [] }", "`feeds.formats` is empty"),
    ] {
        let ran = blog(feeds).run(&["build"]);
        assert!(ran.code > 0 && ran.stderr.contains(expect), "{feeds}: {} {}", ran.code, ran.stderr);
    }
    blog("{ by: tag }").run(&["build"]).code(0);
}

#[test]
fn files_that_were_copied_are_still_taken_away() {
    let site = blog("{ by: [tag] }");
    site.run(&["build"]).code(0);
    let copy = Site::copy_of(&site.path(""));
    let copy = copy.post("2026-11-03-c.md", "---\ntitle: c\n---\nc\n");
    copy.run(&["build"]).code(0);
    assert!(!copy.path("public/tags/비밀").exists());
}

#[test]
fn fields_know_the_language_of_their_feed_and_no_text_of_the_config_breaks_the_xml() {
    let site = blog(
        "{ by: [language], fields: { feed: { \"dc:language\": \"{{ feed.language }}\" } }, podcast: { category: Arts, image: /c.png, copyright: \"a\\u0008b\" } }",
    );
    site.run(&["build"]).code(0);
    checkers::everything_is_valid(&site.path("public"), "https://example.com/blog/");
    assert!(site.read("public/languages/en/atom.xml").contains("<dc:language>en</dc:language>"));
    assert!(site.read("public/rss.xml").contains("<copyright>ab</copyright>"));
}

#[test]
fn a_folder_and_a_file_of_one_name_are_an_error_and_the_rest_is_written() {
    let site = blog("{ by: [tag], own: [ { path: tags/q.xml }, { path: x.xml }, { path: x.rss } ], limit: 1, archive: 1 }")
        .post("2026-11-05-q.md", "---\ntitle: q\ntags: [q.xml]\n---\nq\n");
    site.run(&["build"])
        .code(1)
        .says("two feeds would lie at `tags/q.xml/rss.xml`")
        .says("two feeds would lie at `x/archive/1/rss.xml`");
    assert!(site.path("public/tags/강/rss.xml").exists() && !site.path("public/x.rss").exists());
    checkers::everything_is_valid(&site.path("public"), "https://example.com/blog/");
}
