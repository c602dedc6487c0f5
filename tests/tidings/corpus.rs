//! A few hundred posts of everything that has been seen to break a feed.

use feed_rs::parser;
use serde_json::{Value, json};

use crate::checkers;
use crate::site::Site;

const CONFIG: &str = "site: { title: \"험한 글 & <모음> ]]>\", url: https://example.com/blog, language: ko, timezone: Asia/Seoul, author: { name: \"김 & <박>\" } }\n\
    feeds: { limit: 0, by: [category, author, language] }\n";

/// Titles, each by itself a trap.
fn titles() -> Vec<String> {
    let mut titles: Vec<String> = [
        "A & <b>B</b>",
        "&amp; stays &amp;amp;",
        "5 < 6 and ]]> too",
        "<!-- no comment -->",
        "<![CDATA[ x ]]>",
        "가  나",
        "'quoted' \"twice\"",
        "&#x26; &#38; &lt;",
        "🏳️‍🌈 👨‍👩‍👧‍👦 가족",
        "العربية ו\u{200f}עברית \u{202e}abc\u{202c}",
        "İstanbul ß ﬁ",
        "e\u{301}\u{301}\u{301}",
        "\u{feff}BOM",
        "a\u{200b}b\u{2060}c",
        "\u{1112}\u{1161}\u{11ab}\u{1100}\u{1173}\u{11af}",
        "= ?utf-8?q?x?=",
        "{{ title }}",
        "$&\\1",
        "C:\\temp\\new",
        "https://example.com/?a=1&b=2",
        "#hash *star* _under_",
        "０１２ＡＢＣ",
        "ﷺ ﷽",
        "\u{1F468}\u{1F3FD}\u{200D}\u{1F4BB}",
        "%ED%95%9C",
        "line\u{2028}sep",
        "tab\there",
        "a\u{ad}b",
    ]
    .map(str::to_owned)
    .to_vec();
    titles.push("긴 제목 ".repeat(400));
    titles.push("a".repeat(2000));
    titles
}

/// What a reader must see of a title: on one line, without what no feed may carry.
fn shown(title: &str) -> String {
    let kept = |c: &char| !matches!(c, '\0'..='\u{8}' | '\u{b}' | '\u{c}' | '\u{e}'..='\u{1f}' | '\u{7f}'..='\u{9f}' | '\u{fdd0}'..='\u{fdef}' | '\u{fffd}'..='\u{ffff}');
    let title: String = title.trim().chars().filter(kept).collect();
    title.replace(['\t', '\u{2028}'], " ")
}

/// A title as YAML reads it whole.
fn quoted(title: &str) -> String {
    serde_json::to_string(title).unwrap()
}

fn corpus() -> (Site, usize) {
    let mut site = Site::bare().config(CONFIG);
    let mut count = 0;
    let mut post = |site: Site, matter: String, body: String| {
        // Several share one second.
        let (day, second) = (count % 28 + 1, count / 40);
        let name = format!("2026-0{}-{day:02}-post-{count}.md", 1 + count / 28 % 9);
        count += 1;
        let date = format!("2026-0{}-{day:02} 10:00:{:02} +0900", 1 + (count - 1) / 28 % 9, second % 60);
        site.post(&name, format!("---\ndate: {date}\n{matter}---\n{body}\n"))
    };
    for title in titles() {
        site = post(site, format!("title: {}\n", quoted(&title)), format!("글 {title}\n\n`{title}`"));
    }
    // Every code point up to U+009F and some beyond, written down, escaped, and as a reference.
    for code in
        (0..=0x9f).chain([0x2028, 0xfdd0, 0xfdd4, 0xfdef, 0xfffd, 0xfffe, 0xffff, 0x1fffe, 0x0010_ffff])
    {
        let Some(c) = char::from_u32(code) else { continue };
        let raw = if matches!(c, '\n' | '\r') { ' ' } else { c };
        let matter = format!(
            "title: \"a\\u{code:04X}b {code:02X}\"\ncategories: [\"c\\x{:02X}d\"]\nimage: \"/i{code}.png\"\n",
            code & 0xff
        );
        site = post(
            site,
            matter,
            format!(
                "x{raw}y &#{code}; &#x{code:X}; [l](https://e.kr/{raw}z \"t{raw}\") ![i{raw}](a{raw}.png)\n\n```a{raw}\nb{raw}\n```"
            ),
        );
    }
    for body in bodies() {
        site = post(site, "title: 몸\n".to_owned(), body);
    }
    let tags: Vec<String> = (0..200).map(|number| format!("\"태그 {number} & <{number}>\"")).collect();
    site = post(site, format!("title: 태그 이백 개\ntags: [{}]\n", tags.join(", ")), "글".to_owned());
    for author in [
        "\"A & <B>\"",
        "{ name: \"이\\u0008서준\", email: \"a@b.kr>\", url: \"javascript:x()\" }",
        "[가, 나, 가]",
        "{ email: only@example.com }",
    ] {
        site = post(site, format!("title: 글쓴이\nauthor: {author}\n"), "글".to_owned());
    }
    for language in ["en", "ar", "zh-Hant-TW", "\"en\\u0022 x\"", "no language at all"] {
        site = post(site, format!("title: 말\nlang: {language}\n"), "글".to_owned());
    }
    // Names from a Mac come with their letters taken apart.
    let apart = "\u{1112}\u{1161}\u{11ab}\u{1100}\u{1173}\u{11af}";
    site = site.post(&format!("2026-10-01-{apart}.md"), "---\ntitle: 풀어 쓴 이름\n---\n글\n");
    (site, count + 1)
}

fn bodies() -> Vec<String> {
    let mut bodies: Vec<String> = [
        "",
        " ",
        "\n\n\n",
        "]]> ]]&gt; <![CDATA[ x ]]>",
        "<script>alert(1)</script>",
        "<style>b{}</style><b onclick=x>c",
        "<div><p>never closed",
        "</div></p>",
        "<iframe src=\"//v.kr/1\"></iframe>",
        "<img src=x onerror=y>",
        "<a href=\"javascript:x()\">j</a> <a href=\"  java\tscript:x\">k</a>",
        "[r](../up?x=1&y=2#z) ![s](./a b.png)",
        "<svg><script>x</script></svg>",
        "<math><mi>x</mi></math>",
        "<table><tr><td>a<td>b</table>",
        "<br><br/><br />",
        "&nbsp;&copy;&#0;&bogus;",
        "a  \nb\\\nc",
        "| a | b |\n|---|:-:|\n| `x|y` | **z** |",
        "[^1]\n\n[^1]: 주석",
        "> 인용\n> > 안\n\n- [x] 한 일",
        "***가(나)**다*라",
        "<!-- more -->",
        "<!--",
        "<?php x ?>",
        "<p style=\"x\" id=y class=z>s</p>",
        "<video poster=\"p.png\" src=\"v.mp4\"></video>",
        "<img srcset=\"a.png 1x, b.png 2x\" src=\"a.png\">",
        "<form><input name=x></form>",
        "<a href=\"\">empty</a> [](x) []()",
        "<http://a.b/<c>>",
        "<object data=x></object><embed src=y>",
        "\u{feff}\u{200b}",
        "<b><i>crossed</b></i>",
        "<ul><li>a<li>b</ul>",
        "<title>in</title><body><html>",
    ]
    .map(str::to_owned)
    .to_vec();
    bodies.push("한글 문단입니다. **굵게(bold)**는 됩니다. ".repeat(900));
    bodies.push(format!("{}x{}", "> ".repeat(60), "[a](b ".repeat(40)));
    bodies.push(format!("{}x", "<div>".repeat(300)));
    bodies
}

#[test]
fn nothing_that_a_post_can_hold_breaks_a_feed_and_every_reader_reads_the_same() {
    let (site, count) = corpus();
    let ran = site.run(&["build", "--json"]);
    assert_eq!(ran.json()["entries"]["new"], json!(count), "{}", ran.stderr);
    let walks = checkers::everything_is_valid(&site.path("public"), "https://example.com/blog/");
    let feed: Value = serde_json::from_str(&site.read("public/feed.json")).unwrap();
    let items = feed["items"].as_array().unwrap();
    assert_eq!(items.len(), count);
    let known: Vec<String> = titles().iter().map(|title| shown(title)).collect();
    let told: Vec<&str> = items.iter().map(|item| item["title"].as_str().unwrap()).collect();
    assert!(
        known.iter().all(|title| told.contains(&title.as_str())),
        "{:?}",
        known.iter().find(|title| !told.contains(&title.as_str()))
    );
    assert_eq!(feed["title"], "험한 글 & <모음> ]]>");
    for name in ["rss.xml", "atom.xml"] {
        let path = site.path("public").join(name);
        let seen = checkers::read_feed(&path);
        let rust = parser::parse(std::fs::File::open(&path).unwrap()).unwrap();
        assert_eq!(walks[name], walks["feed.json"]);
        assert_eq!(rust.entries.len(), count);
        assert_eq!(seen["title"], feed["title"]);
        for (index, item) in items.iter().enumerate() {
            let (python, newsboat, entry) =
                (&seen["feedparser"][index], &seen["newsboat"][index], &rust.entries[index]);
            let date =
                chrono::DateTime::parse_from_rfc3339(item["date_published"].as_str().unwrap()).unwrap();
            let same = |of: &str, what: &str, seen: &Value, expect: &Value| {
                // Readers trim, and show runs of spaces as they like; nothing else may differ.
                let words = |value: &Value| {
                    value.as_str().map(|text| text.split_whitespace().collect::<Vec<_>>().join(" "))
                };
                assert!(
                    seen == expect || words(seen).is_some() && words(seen) == words(expect),
                    "{name} in {of}: {what} is {seen}, not {expect}"
                );
            };
            for (of, seen) in [("feedparser", python), ("newsboat", newsboat)] {
                same(of, "the id", &seen["id"], &item["id"]);
                same(of, "the title", &seen["title"], &item["title"]);
                assert_eq!(seen["published"], date.timestamp(), "{name} in {of}");
            }
            assert_eq!(python["terms"], item.get("tags").cloned().unwrap_or_else(|| json!([])), "{name}");
            same("feed-rs", "the id", &json!(entry.id), &item["id"]);
            same("feed-rs", "the title", &json!(entry.title.as_ref().unwrap().content), &item["title"]);
            assert_eq!(entry.published.unwrap().timestamp(), date.timestamp());
        }
    }
}
