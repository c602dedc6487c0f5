//! The operator's desk and the preview: what they show, and to whom.

use crate::http::Server;
use crate::site::{Site, simple};

fn config(operator: &str) -> String {
    format!(
        "site: {{ title: 시험 공책, url: https://example.com/blog, language: ko, timezone: Asia/Seoul }}\n\
         newsletters:\n  weekly: {{ from: 시험 <news@example.com>, schedule: \"0 8 * * MON\", select: {{ max_age: 30d }} }}\n\
         server: {{ url: https://news.example.com, secret_file: secret, operator: {{ listen: 127.0.0.1:0{operator} }} }}\n"
    )
}

fn site(operator: &str) -> Site {
    Site::new()
        .config(&config(operator))
        .file("config/secret", "0123456789abcdef0123456789abcdef\n")
        .subscribers("- { email: kim@example.net, name: 김민지 }\n- { email: lee@example.net, status: unsubscribed }\n")
        .post("2026-11-20-one.md", simple("하나"))
}

#[test]
fn the_desk_shows_lists_issues_and_copies() {
    let site = site("");
    site.run(&["run"]).code(0);
    site.run(&["subscribers", "add", "--newsletter", "weekly", "park@example.net"]).code(0);
    let server = Server::start(&site);
    let json = |path: &str| -> serde_json::Value {
        let answer = server.ask_desk("GET", path, "");
        assert_eq!((answer.status, answer.header("content-type")), (200, Some("application/json")), "{path}");
        serde_json::from_slice(&answer.body).unwrap()
    };
    let list = &json("/api/v1/newsletters")[0];
    assert_eq!((&list["name"], &list["schedule"]), (&"weekly".into(), &"0 8 * * MON".into()));
    assert_eq!(
        list["subscribers"],
        serde_json::json!({ "active": 2, "paused": 0, "unsubscribed": 1, "bounced": 0, "complained": 0 })
    );
    let issues = json("/api/v1/issues");
    let id = issues[0]["id"].as_str().unwrap();
    assert_eq!(
        (&issues[0]["deliveries"]["sent"], &issues[0]["done"], &issues[0]["total"]),
        (&1.into(), &1.into(), &1.into())
    );
    assert_eq!(json(&format!("/api/v1/issues/{id}"))["subject"], issues[0]["subject"]);
    assert_eq!(json(&format!("/api/v1/issues/{id}/copies?state=sent"))[0]["email"], "kim@example.net");
    for (path, status) in [
        ("/api/v1/issues?limit=0", 400),
        ("/api/v1/issues/none", 404),
        ("/api/v1/nothing", 404),
        (&format!("/api/v1/issues/{id}/copies?state=lost"), 400),
        ("/issues/none", 404),
        (&format!("/issues/{id}"), 200),
        ("/", 200),
    ] {
        assert_eq!(server.ask_desk("GET", path, "").status, status, "{path}");
    }
    // It is not where readers are.
    assert_eq!(server.get("/api/v1/issues").status, 404);
}

#[test]
fn an_operator_pauses_resumes_and_cancels_at_the_desk() {
    let site = site("").crowd(3).relay(1, 1);
    site.run(&["send"]).code(75);
    let id = site.run(&["status", "--json"]).json()["issues"][0]["id"].as_str().unwrap().to_owned();
    // The relay's settings have replaced the config: the desk is asked for on the command line's own.
    let site = site.config(&config("")).crowd(3);
    let server = Server::start(&site);
    let act =
        |verb: &str| server.ask_desk("POST", &format!("/api/v1/issues/{id}/{verb}"), "Content-Length: 0\r\n");
    let held = |answer: &crate::http::Answer| {
        serde_json::from_slice::<serde_json::Value>(&answer.body).unwrap()["held"].clone()
    };
    let paused = act("pause");
    assert_eq!((paused.status, held(&paused)), (200, "paused by the owner".into()));
    assert_eq!((act("pause").status, act("resume").status, act("resume").status), (409, 200, 409));
    assert_eq!((act("cancel").status, act("cancel").status, act("explode").status), (200, 409, 404));
    site.run(&["status"]).code(0).prints("cancelled");
    // By a form of a page, the page comes back.
    let answer = server.ask_desk("POST", &format!("/issues/{id}/pause"), "Content-Length: 0\r\n");
    assert_eq!((answer.status, answer.header("location")), (303, Some(&*format!("/issues/{id}"))));
}

#[test]
fn without_a_token_the_desk_is_for_this_machine_alone() {
    let site = site("");
    let server = Server::start(&site);
    let path = "/api/v1/issues";
    for (headers, status) in
        [("", 200), ("X-Forwarded-For: 192.0.2.1\r\n", 403), ("Forwarded: for=192.0.2.1\r\n", 403)]
    {
        assert_eq!(server.ask_desk("GET", path, headers).status, status, "{headers}");
    }
    let port = server.desk;
    for (host, status) in [
        ("evil.example", 403),
        ("localhost.evil.example", 403),
        ("", 403),
        ("[::1]:80", 200),
        ("127.0.0.1", 200),
    ] {
        let answer =
            Server::sent(port, &format!("GET {path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n"));
        assert_eq!(answer.status, status, "{host}");
    }
    // A page elsewhere that sends its visitors' browsers here.
    for headers in ["Origin: https://evil.example\r\n", "Origin: null\r\n", "Sec-Fetch-Site: cross-site\r\n"]
    {
        let answer = server.ask_desk("POST", "/issues/x/pause", &format!("{headers}Content-Length: 0\r\n"));
        assert_eq!(answer.status, 403, "{headers}");
    }
}

#[test]
fn a_token_opens_the_desk_and_nothing_else_does() {
    let site = site(", token_file: token")
        .file("config/token", "a-token-of-some-length\nan-older-token-still-good\n");
    let server = Server::start(&site);
    let ask = |authorization: &str| server.ask_desk("GET", "/api/v1/issues", authorization);
    let refused = ask("");
    assert_eq!(refused.status, 401);
    assert!(refused.header("www-authenticate").unwrap().starts_with("Basic"));
    for (authorization, status) in [
        ("Authorization: Bearer a-token-of-some-length\r\n", 200),
        ("Authorization: bearer an-older-token-still-good\r\n", 200),
        // name:a-token-of-some-length
        ("Authorization: Basic bmFtZTphLXRva2VuLW9mLXNvbWUtbGVuZ3Ro\r\n", 200),
        ("Authorization: Bearer a-token-of-some-lengt\r\n", 401),
        ("Authorization: Bearer \r\n", 401),
        ("Authorization: a-token-of-some-length\r\n", 401),
        ("Authorization: Basic !!\r\n", 401),
    ] {
        assert_eq!(ask(authorization).status, status, "{authorization}");
    }
}

#[test]
fn a_desk_that_others_could_reach_needs_a_token() {
    let open = site("").config(&config("").replace("127.0.0.1:0", "0.0.0.0:0"));
    open.run(&["serve"]).code(2).says("`token_file`");
    let short = site(", token_file: token").file("config/token", "short\n");
    short.run(&["serve"]).code(2).says("so short that it could be guessed");
}

#[test]
fn the_desk_describes_itself() {
    let server_site = site("");
    let server = Server::start(&server_site);
    let answer = server.ask_desk("GET", "/api/v1/openapi.json", "");
    let description: serde_json::Value = serde_json::from_slice(&answer.body).unwrap();
    let paths: Vec<&String> = description["paths"].as_object().unwrap().keys().collect();
    assert_eq!(
        paths,
        ["/events", "/issues", "/issues/{id}", "/issues/{id}/copies", "/issues/{id}/{verb}", "/newsletters"]
    );
}

#[test]
fn the_preview_publishes_nothing_and_is_for_this_machine_alone() {
    let site = site("");
    let server = Server::start_with(&site, &["serve", "--preview=127.0.0.1:0", "--listen", "127.0.0.1:0"]);
    let ask = |path: &str, headers: &str| server.ask_preview(path, headers);
    let local = "Host: localhost\r\n";
    let page = ask("/preview/", local);
    assert_eq!(page.status, 200);
    assert!(page.text().contains("하나") && page.text().contains("kim@example.net"), "{}", page.text());
    let feed = ask("/preview/feed?path=atom.xml", local);
    assert!(feed.text().contains("하나"), "{}", feed.text());
    // It is not where readers are.
    assert_eq!(server.get("/preview/").status, 404);
    for headers in [
        "Host: news.example.com\r\n",
        "Host: localhost\r\nX-Forwarded-For: 192.0.2.1\r\n",
        "Host: localhost\r\nVia: 1.1 proxy\r\n",
        "Host: localhost\r\nX-Real-IP: 192.0.2.1\r\n",
    ] {
        assert_eq!(ask("/preview/", headers).status, 403, "{headers}");
    }
    for secret in
        ["config/secret", "../secret", ".tidings/ledger.db", "config/tidings.yaml", "posts/2026-11-20-one.md"]
    {
        assert_eq!(ask(&format!("/preview/file?path={secret}"), local).status, 404, "{secret}");
    }
    // As nginx asks that nobody has told otherwise.
    let old = format!("GET /preview/ HTTP/1.0\r\nHost: 127.0.0.1:{}\r\n\r\n", server.preview);
    assert_eq!(Server::sent(server.preview, &old).status, 403);
    assert!(!site.path("public").exists());
    assert_eq!(site.run(&["ids", "list", "--json"]).json().as_array().map(Vec::len), Some(0));
    site.run(&["serve", "--preview=0.0.0.0:0"]).code(2).says("shows drafts and addresses");
}

#[test]
fn the_preview_says_what_is_wrong_and_where() {
    let site = site("").post("2026-11-21-bad.md", "---\ntitle: 하나: 둘\n---\n\n글\n");
    let server = Server::start_with(&site, &["serve", "--preview=127.0.0.1:0", "--listen", "127.0.0.1:0"]);
    let ask = |path: &str| server.ask_preview(path, "Host: localhost\r\n");
    let text = ask("/preview/posts").text();
    assert!(text.contains("[front-matter]") && text.contains("posts/2026-11-21-bad.md:2:"), "{text}");
    // Only the present moment is shown where another makes no sense.
    let text = ask("/preview/?now=yesterday").text();
    assert!(text.contains("`yesterday` is no moment"), "{text}");
}

#[test]
fn a_config_that_cannot_be_used_is_shown_in_the_preview_until_it_is_mended() {
    let site = site("").config("site: { title: 시험, url: https://example.com, bogus: 1 }\n");
    let server = Server::start_with(&site, &["serve", "--preview=127.0.0.1:0", "--listen", "127.0.0.1:0"]);
    let ask = || server.ask_preview("/preview/", "Host: localhost\r\n").text();
    let text = ask();
    assert!(text.contains("bogus") && text.contains("config/tidings.yaml:1:"), "{text}");
    let site = site.config(&config(""));
    comes(|| ask().contains("하나"));
    drop(site);
}

#[test]
fn folders_that_are_made_later_or_anew_are_watched() {
    let site = site("");
    let server = Server::start_with(&site, &["serve", "--preview=127.0.0.1:0", "--listen", "127.0.0.1:0"]);
    let shows = |words: &str| {
        comes(|| server.ask_preview("/preview/posts", "Host: localhost\r\n").text().contains(words));
    };
    shows("하나");
    std::fs::remove_dir_all(site.path("posts")).unwrap();
    let site = site.post("2026-11-20-two.md", simple("둘"));
    shows("둘");
    let site = site.post("2026-11-20-three.md", simple("셋"));
    shows("셋");
    let site = site.file("templates/digest.html", "{{ broken }}");
    comes(|| server.ask_preview("/preview/", "Host: localhost\r\n").text().contains("digest.html:1:"));
    drop(site);
}

/// It is so within some seconds.
fn comes(mut is_so: impl FnMut() -> bool) {
    let end = std::time::Instant::now() + std::time::Duration::from_secs(10);
    while !is_so() {
        assert!(std::time::Instant::now() < end, "it does not come");
        std::thread::sleep(std::time::Duration::from_millis(50));
    }
}

#[test]
fn what_has_become_private_is_taken_off_the_web() {
    let site = site("");
    site.run(&["run"]).code(0);
    let pages = || std::fs::read_dir(site.path("public/newsletter/weekly")).map_or(0, Iterator::count);
    assert_eq!(pages(), 3, "an issue, their list, its feed");
    let private = site.read("config/tidings.yaml").replace("weekly: {", "weekly: { archive: private,");
    std::fs::write(site.path("config/tidings.yaml"), private).unwrap();
    site.run(&["build"]).code(0);
    assert_eq!(pages(), 0);
}
