//! What people see who look for the feeds.

use crate::checkers;
use crate::site::{Site, simple};

fn blog() -> Site {
    let config = "site: { title: \"가 & <b>나\", url: https://example.com/blog, language: ko, timezone: Asia/Seoul }\n\
        feeds: { by: [tag], own: [ { path: trips.xml, title: 여행 } ] }\n";
    Site::bare().config(config).post("2026-11-01-a.md", simple("가")).post("2026-11-02-b.md", simple("나"))
}

#[test]
fn a_page_and_a_list_name_every_feed() {
    let site = blog();
    site.run(&["build"]).code(0);
    checkers::everything_is_valid(&site.path("public"), "https://example.com/blog/");
    let page = site.read("public/feeds.html");
    let links = site.run(&["feeds", "--links"]).code(0).stdout;
    assert_eq!(links.lines().count(), 3 + 1 + 2 * 3);
    let first = "<link rel=\"alternate\" type=\"application/rss+xml\" title=\"가 &amp; &lt;b&gt;나 (RSS)\" href=\"https://example.com/blog/rss.xml\">";
    assert_eq!(links.lines().next(), Some(first));
    for line in links.lines() {
        let address = line.rsplit("href=\"").next().unwrap().split('"').next().unwrap();
        assert!(page.contains(&format!("<a href=\"{address}\"")), "{address} is not in the page");
    }
    assert!(page.contains("<html lang=\"ko\">") && page.contains("<h1>피드</h1>") && !page.contains("<b>나"));
    let opml = site.read("public/feeds.opml");
    assert_eq!(opml.matches("type=\"rss\"").count(), 1 + 1 + 2);
    assert!(
        opml.contains(
            "xmlUrl=\"https://example.com/blog/tags/%ED%81%B4%EB%9D%BC%EC%9A%B0%EB%93%9C/atom.xml\""
        ),
        "{opml}"
    );
    let json = site.run(&["feeds", "--json"]).code(0).json();
    assert_eq!(json[0]["documents"][1]["type"], "application/atom+xml");
    assert_eq!(json[0]["posts"], 2);
}

#[test]
fn documents_name_the_style_sheet_where_they_lie() {
    let site = blog();
    site.run(&["build"]).code(0);
    for (name, href) in
        [("rss.xml", "feed.css"), ("tags/ai/atom.xml", "../../feed.css"), ("trips.xml", "feed.css")]
    {
        let expect = format!("?>\n<?xml-stylesheet href=\"{href}\" type=\"text/css\"?>\n<");
        assert!(site.read(&format!("public/{name}")).contains(&expect), "{name}");
    }
    let css = site.read("public/feed.css");
    assert!(css.contains("https://example.com/blog/feeds.html"));
    let site = site.config("site: { title: t, url: https://example.com/blog }\nfeeds: { style: false }\n");
    site.run(&["build"]).code(0);
    assert!(!site.read("public/rss.xml").contains("stylesheet") && !site.path("public/feed.css").exists());
}

#[test]
fn a_sites_own_templates_win_and_its_own_files_stay() {
    let site = blog()
        .file("templates/feeds.html", "{{ groups[0].feeds[0].documents[0].url }}")
        .file("public/feed.css", "mine");
    site.run(&["build"]).code(0).says("is not tidings' own, so it stays as it is");
    assert_eq!(site.read("public/feeds.html"), "https://example.com/blog/rss.xml");
    assert_eq!(site.read("public/feed.css"), "mine");
    let site = site.file("templates/feeds.html", "{{ nothing }}");
    site.run(&["check"]).code(1).says("`nothing` is not defined");
}

#[test]
fn a_browser_shows_the_page_and_the_feeds() {
    let config = "site: { title: Dawn notes, url: https://example.com/blog }\n";
    let site = Site::bare()
        .config(config)
        .post("2026-11-01-a.md", "---\ntitle: A bridge\n---\nUnder it.\n\nHidden.\n");
    site.run(&["build"]).code(0);
    let page = checkers::browser(&site.path("public/feeds.html"));
    assert!(page.contains("Feeds") && page.contains("Dawn notes 1") && page.contains("JSON Feed"), "{page}");
    // A style sheet that fits shows the titles, and neither texts nor ids nor markup.
    for name in ["rss.xml", "atom.xml"] {
        let shown = checkers::browser(&site.path("public").join(name));
        for words in
            ["paste its address into a feed reader", "Dawn notes", "A bridge", "https://example.com/blog/a/"]
        {
            assert!(shown.contains(words), "{words} is not in {shown}");
        }
        for words in ["Hidden", "tidings", "<p>", "This XML file"] {
            assert!(!shown.contains(words), "{words} is in {shown}");
        }
    }
}

#[test]
fn a_long_feed_is_told_with_what_helps() {
    let site = blog()
        .post("2026-11-03-c.md", format!("---\ntitle: 긴 글\n---\n{}\n", "긴 문장입니다. ".repeat(14_000)));
    site.run(&["build"])
        .code(0)
        .says("KB long, and every reader fetches it again and again")
        .says("`feeds.content: summary`");
    let site =
        site.post("2026-11-04-d.md", format!("---\ntitle: 더\n---\n{}\n", "긴 문장입니다. ".repeat(40_000)));
    site.run(&["build"])
        .code(0)
        .says("some readers refuse a feed of more than 1 MB")
        .says("`feeds.archive: 100`");
}

#[test]
fn a_page_whose_template_breaks_stays_as_it_was() {
    let site = blog();
    site.run(&["build"]).code(0);
    let before = site.read("public/feeds.html");
    let site = site.file("templates/feeds.html", "{% for x in %}");
    site.run(&["build"]).code(1);
    assert_eq!(site.read("public/feeds.html"), before);
}

#[test]
fn without_its_ledger_the_page_is_known_again() {
    let site = blog();
    site.run(&["build"]).code(0);
    std::fs::remove_dir_all(site.path(".tidings")).unwrap();
    let ran = site.post("2026-11-03-c.md", "---\ntitle: c\ntags: [새]\n---\nc\n").run(&["build"]).code(0);
    assert!(!ran.stderr.contains("own-file"), "{}", ran.stderr);
}
