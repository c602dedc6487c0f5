//! Issues that only those can read on the web who have got them.

use crate::http::Server;
use crate::site::{Site, simple};

fn site() -> Site {
    let config = "site: { title: 시험 공책, url: https://example.com/blog, language: ko, timezone: Asia/Seoul }\n\
         newsletters:\n  weekly: { from: 시험 <news@example.com>, schedule: manual, archive: private, select: { max_age: 30d } }\n\
         server: { url: https://news.example.com, secret_file: secret }\n";
    Site::new()
        .config(config)
        .file("config/secret", "0123456789abcdef0123456789abcdef\n")
        .subscribers("- { email: kim@example.net }\n- { email: lee@example.net }\n")
        .post("2026-11-20-one.md", simple("하나"))
}

/// The path of each copy's link to its page.
fn links(site: &Site) -> Vec<String> {
    let find = |mail: String| {
        let text = mail.replace("=\r\n", "");
        let at =
            text.find("https://news.example.com/issues/").expect("a link") + "https://news.example.com".len();
        text[at..].split(|c: char| c == '"' || c == '>' || c.is_whitespace()).next().unwrap().to_owned()
    };
    let mut links: Vec<String> = site.outbox().into_iter().map(find).collect();
    links.sort();
    links
}

#[test]
fn a_private_issue_is_read_by_the_links_in_its_copies_alone() {
    let site = site();
    site.run(&["send"]).code(0).says("2 sent");
    let links = links(&site);
    assert!(links.len() == 2 && links[0] != links[1], "{links:?}");
    site.run(&["build"]).code(0);
    assert!(!site.path("public/newsletter/weekly").exists(), "nothing of it lies on the web");
    let server = Server::start(&site);
    let page = server.get(&links[0]);
    assert_eq!((page.status, page.header("cache-control")), (200, Some("private, no-store")));
    assert_eq!(page.header("x-robots-tag"), Some("noindex"));
    let text = page.text();
    assert!(
        text.contains("하나") && !text.contains("kim@example.net") && !text.contains("/unsubscribe/"),
        "{text}"
    );
    // Another issue's id, another reader's signature, a signature cut short.
    let (head, id) = links[0].rsplit_once('/').unwrap();
    let other = links[1].rsplit_once('/').unwrap().0;
    let swapped = format!("{}{}", &head[..head.len() - 32], &other[other.len() - 32..]);
    for path in [
        format!("{head}/weekly-20990101T0000-000000000000"),
        format!("{swapped}/{id}"),
        format!("{}/{id}", &head[..head.len() - 1]),
    ] {
        assert_eq!(server.get(&path).status, 404, "{path}");
    }
    let list = server.get(head);
    assert!(list.status == 200 && list.text().contains(id), "{}", list.text());
}

#[test]
fn private_issues_need_a_server() {
    let site = site();
    let config = site.read("config/tidings.yaml");
    let config = &config[..config.find("server:").unwrap()];
    site.config(config)
        .run(&["build"])
        .code(2)
        .says("`newsletters.weekly.archive: private` needs `server.url`");
}

#[test]
fn an_archive_that_is_neither_is_told() {
    let site = site();
    let config = site.read("config/tidings.yaml").replace("archive: private", "archive: secret");
    site.config(&config).run(&["build"]).code(2).says("`true`, `false` or `private`");
}

#[test]
fn a_subject_cannot_hold_a_readers_own_link() {
    let site = site();
    let config = site
        .read("config/tidings.yaml")
        .replace("archive: private", "archive: private, subject: \"{{ web_url }}!\"");
    site.config(&config).run(&["send", "--dry-run"]).never_says("/issues/");
}
