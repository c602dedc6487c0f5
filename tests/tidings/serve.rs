//! What readers and subscribers do over HTTP.

use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::process::Stdio;
use std::time::{Duration, Instant};

use crate::http::{Answer, Server};
use crate::site::{Site, simple};

/// A site whose list the ledger keeps.
fn config(more: &str) -> String {
    format!(
        "site: {{ title: 시험 공책, url: https://example.com/blog, language: ko, timezone: Asia/Seoul }}\n\
         newsletters:\n  weekly: {{ from: 시험 <news@example.com>, schedule: manual, subscribers: ledger, topics: [AI, 여행], languages: [en], select: {{ max_age: 30d }} }}\n\
         server: {{ url: https://news.example.com, secret_file: secret{more} }}\n"
    )
}

fn about(title: &str, tag: &str) -> String {
    format!("---\ntitle: {title}\ntags: [{tag}]\n---\n\n{title}의 첫 문단입니다.\n")
}

const FORM: &str = "email=lee%40example.net&name=%EC%9D%B4&topics=AI&consent=yes";

/// The letters that have been written, once there are so many.
fn letters(site: &Site, count: usize) -> Vec<String> {
    let end = Instant::now() + Duration::from_secs(20);
    loop {
        let all = site.outbox();
        if all.len() >= count {
            return all;
        }
        assert!(Instant::now() < end, "{} letters, not {count}", all.len());
        std::thread::sleep(Duration::from_millis(50));
    }
}

/// The path of the link in a letter.
fn link(letter: &str) -> String {
    let text = letter.replace("=\r\n", "").replace("=3D", "=");
    let at = text.find("https://news.example.com/pass/").expect("a link") + "https://news.example.com".len();
    text[at..].split_whitespace().next().unwrap().to_owned()
}

/// What the list says of everybody on it.
fn statuses(site: &Site) -> Vec<(String, String)> {
    let json = site.run(&["subscribers", "list", "--json"]).code(0).json();
    let of = |one: &serde_json::Value, key| one[key].as_str().unwrap().to_owned();
    json.as_array().unwrap().iter().map(|one| (of(one, "email"), of(one, "status"))).collect()
}

fn site() -> Site {
    Site::new()
        .config(&config(""))
        .file("config/secret", "0123456789abcdef0123456789abcdef\n")
        .post("2026-11-20-one.md", simple("하나"))
}

/// A site with one member, and the paths of their links.
fn with_member() -> (Site, String, String) {
    let site = site();
    site.run(&["subscribers", "add", "lee@example.net", "--name", "이"]).code(0);
    site.run(&["send"]).code(0).says("1 sent");
    let mail = site.outbox().pop().unwrap();
    let path = |name: &str| {
        let text = mail.replace("=\r\n", "");
        let at = text.find(&format!("https://news.example.com/{name}/")).unwrap()
            + "https://news.example.com".len();
        text[at..].split(|c: char| c == '>' || c == '"' || c.is_whitespace()).next().unwrap().to_owned()
    };
    let (unsubscribe, preferences) = (path("unsubscribe"), path("preferences"));
    (site, unsubscribe, preferences)
}

#[test]
fn feeds_are_served_with_validators_and_compressed() {
    let site = site();
    let server = Server::start(&site);
    let whole = server.get("/rss.xml");
    assert_eq!((whole.status, whole.body.as_slice()), (200, site.read("public/rss.xml").as_bytes()));
    assert_eq!(whole.header("content-type"), Some("application/rss+xml; charset=utf-8"));
    assert_eq!(whole.header("vary"), Some("Accept-Encoding"));
    assert!(whole.header("link").unwrap().contains("rel=\"self\""));
    let (etag, modified) =
        (whole.header("etag").unwrap().to_owned(), whole.header("last-modified").unwrap().to_owned());
    // RFC 9110 §13.2.2: the tag is asked first.
    let later = "Sat, 28 Nov 2099 00:00:00 GMT";
    for (headers, status) in [
        (format!("If-None-Match: {etag}\r\n"), 304),
        (format!("If-None-Match: \"other\", W/{etag}\r\n"), 304),
        ("If-None-Match: *\r\n".to_owned(), 304),
        (format!("If-None-Match: \"other\"\r\nIf-Modified-Since: {later}\r\n"), 200),
        (format!("If-Modified-Since: {modified}\r\n"), 304),
        (format!("If-Modified-Since: {later}\r\n"), 304),
        ("If-Modified-Since: Sat, 28 Nov 1998 00:00:00 GMT\r\n".to_owned(), 200),
        ("If-Modified-Since: yesterday\r\n".to_owned(), 200),
    ] {
        let answer = server.ask("GET", "/rss.xml", &headers, "");
        assert_eq!(answer.status, status, "{headers}");
        assert_eq!(answer.body.is_empty(), status == 304, "{headers}");
        assert_eq!(answer.header("etag"), Some(etag.as_str()), "{headers}");
    }
    let head = server.ask("HEAD", "/rss.xml", "", "");
    assert_eq!((head.status, head.body.len()), (200, 0));
    assert_eq!(head.header("content-length"), whole.header("content-length"));
    let mut tags = vec![etag];
    for (encoding, named) in [
        ("gzip", "gzip"),
        ("gzip, br", "br"),
        ("gzip, br;q=0.5", "gzip"),
        ("br;Q=0, gzip", "gzip"),
        ("*", "br"),
    ] {
        let answer = server.ask("GET", "/rss.xml", &format!("Accept-Encoding: {encoding}\r\n"), "");
        assert_eq!(answer.header("content-encoding"), Some(named), "{encoding}");
        assert!(answer.body.len() < whole.body.len(), "{encoding}");
        tags.push(answer.header("etag").unwrap().to_owned());
    }
    tags.sort();
    tags.dedup();
    assert_eq!(tags.len(), 3, "each form has a tag of its own: {tags:?}");
    for (path, kind) in [
        ("/atom.xml", "application/atom+xml; charset=utf-8"),
        ("/feed.json", "application/feed+json; charset=utf-8"),
    ] {
        assert_eq!(server.get(path).header("content-type"), Some(kind));
    }
    // A proxy may keep the path of the site.
    assert_eq!(server.get("/blog/rss.xml").status, 200);
    assert_eq!(server.get("/../config/secret").status, 404);
    assert_eq!(server.get("/.tidings/ledger.db").status, 404);
    assert_eq!(server.ask("DELETE", "/rss.xml", "", "").status, 405);
}

#[test]
fn a_new_post_is_served_at_once() {
    let site = site();
    let server = Server::start(&site);
    assert!(!server.get("/rss.xml").text().contains("둘째"));
    let site = site.post("2026-11-21-two.md", simple("둘째"));
    let end = Instant::now() + Duration::from_secs(10);
    while !server.get("/rss.xml").text().contains("둘째") {
        assert!(Instant::now() < end, "it is not there");
        std::thread::sleep(Duration::from_millis(50));
    }
    drop(site);
}

#[test]
fn issues_have_an_index_and_a_feed_of_their_own() {
    let (site, _, _) = with_member();
    let server = Server::start(&site);
    let index = server.get("/newsletter/weekly/");
    assert_eq!(index.status, 200, "{}", index.head);
    let page = index.text();
    assert!(
        page.contains("시험 공책: 하나")
            && page.contains("href=\"https://news.example.com/subscribe/weekly\""),
        "{page}"
    );
    let name = page.split("href=\"weekly-").nth(1).unwrap().split('"').next().unwrap();
    assert_eq!(server.get(&format!("/newsletter/weekly/weekly-{name}")).status, 200);
    assert_eq!(server.get("/newsletter/pages.css").header("content-type"), Some("text/css; charset=utf-8"));
    let feed = server.get("/newsletter/weekly/feed.xml");
    assert_eq!(feed.header("content-type"), Some("application/atom+xml; charset=utf-8"));
    let read = feed_rs::parser::parse(feed.body.as_slice()).unwrap();
    assert_eq!(read.entries[0].title.as_ref().unwrap().content, "시험 공책: 하나");
    assert!(read.entries[0].links[0].href.ends_with(name));
    assert!(!String::from_utf8(feed.body).unwrap().contains("lee@example.net"));
    // The next issue is there once it has been sent, by whatever run.
    let site = site.post("2026-11-21-two.md", simple("둘"));
    site.run(&["--now", "2026-11-24T09:00:00+09:00", "send"]).code(0).says("1 sent");
    let end = Instant::now() + Duration::from_secs(10);
    while !server.get("/newsletter/weekly/").text().contains("시험 공책: 둘") {
        assert!(Instant::now() < end, "it is not there");
        std::thread::sleep(Duration::from_millis(50));
    }
}

#[test]
fn an_enclosure_is_served_in_parts() {
    let episode = "---\ntitle: 방송\ndate: 2026-11-20\nenclosure: /blog/audio/one.mp3\n---\n\n들어 보세요.\n";
    let bytes: Vec<u8> = (0..=255).collect();
    let site = site().file("audio/one.mp3", &bytes).post("2026-11-20-two.md", episode);
    let server = Server::start(&site);
    let part = server.ask("GET", "/audio/one.mp3", "Range: bytes=10-19\r\n", "");
    assert_eq!((part.status, part.body.as_slice()), (206, &bytes[10..20]), "{}", part.head);
    assert_eq!(part.header("content-range"), Some("bytes 10-19/256"));
    assert_eq!(part.header("content-type"), Some("audio/mpeg"));
    assert_eq!(server.ask("GET", "/audio/one.mp3", "Range: bytes=900-\r\n", "").status, 416);
}

#[test]
fn whoever_signs_up_is_on_the_list_once_they_have_confirmed() {
    let site = site();
    let server = Server::start(&site);
    let page = server.get("/subscribe/weekly");
    assert_eq!(page.status, 200);
    assert!(page.header("content-security-policy").unwrap().contains("frame-ancestors 'none'"));
    assert_eq!(server.post("/subscribe/weekly", "email=lee%40example.net").status, 422, "without consent");
    assert_eq!(server.post("/subscribe/weekly", "email=lee&consent=yes").status, 422);
    let first = server.post("/subscribe/weekly", FORM);
    assert_eq!(first.status, 200);
    let letter = letters(&site, 1).pop().unwrap();
    assert!(
        letter.contains("To: =?utf-8?B?7J20?= <lee@example.net>") && !letter.contains("List-Unsubscribe")
    );
    assert_eq!(statuses(&site), [], "nothing is kept before they confirm");
    let link = link(&letter);
    assert_eq!(server.get(&link).status, 200);
    assert_eq!(server.ask("HEAD", &link, "", "").status, 200);
    assert_eq!(statuses(&site), [], "a GET changes nothing");
    assert_eq!(server.post(&link, "").status, 200);
    assert_eq!(statuses(&site), [("lee@example.net".into(), "active".into())]);
    // The same answer, and another letter.
    let second = server.post("/subscribe/weekly", FORM);
    assert_eq!((second.status, second.text()), (200, first.text()));
    let all = letters(&site, 2);
    assert!(all.iter().any(|letter| letter.contains("already-")), "they are told that they are on the list");
    site.run(&["send"]).code(0).says("1 sent");
}

#[test]
fn a_machine_that_fills_in_every_field_gets_the_same_answer_and_no_letter() {
    let site = site();
    let server = Server::start(&site);
    let caught = server.post("/subscribe/weekly", &format!("{FORM}&website=https://spam.example"));
    let honest = server.post("/subscribe/weekly", FORM);
    assert_eq!((caught.status, caught.text()), (honest.status, honest.text()));
    assert_eq!(letters(&site, 1).len(), 1);
}

#[test]
fn one_network_cannot_sign_up_a_crowd_of_strangers() {
    let site = site();
    let server = Server::start(&site);
    let forms = (0..40)
        .map(|n| server.post("/subscribe/weekly", &format!("email=s{n}%40example.net&consent=yes")).status);
    let statuses: Vec<u16> = forms.collect();
    assert_eq!(statuses.iter().filter(|status| **status == 200).count(), 10, "{statuses:?}");
    assert!(statuses[10..].iter().all(|status| *status == 429));
    // A trusted proxy says for whom it asks.
    let headers = "Content-Type: application/x-www-form-urlencoded\r\nX-Forwarded-For: 198.51.100.7\r\n";
    assert_eq!(server.ask("POST", "/subscribe/weekly", headers, FORM).status, 200);
    let address = (0..5).map(|n| {
        let headers =
            format!("Content-Type: application/x-www-form-urlencoded\r\nX-Forwarded-For: 203.0.{n}.7\r\n");
        server.ask("POST", "/subscribe/weekly", &headers, "email=one%40example.net&consent=yes").status
    });
    assert!(address.into_iter().all(|status| status == 200), "the limit of an address shows nowhere");
    std::thread::sleep(Duration::from_secs(1));
    let to_one = letters(&site, 14)
        .iter()
        .filter(|letter| letter.contains("<one@example.net>") || letter.contains("To: one@"))
        .count();
    assert!(to_one <= 3, "{to_one} letters to one address");
}

#[test]
fn one_click_takes_them_off_whatever_the_body_and_only_a_post_does() {
    let (site, unsubscribe, _) = with_member();
    let server = Server::start(&site);
    for method in ["GET", "HEAD", "OPTIONS", "PUT", "DELETE"] {
        let answer = server.ask(method, &unsubscribe, "", "");
        assert!([200, 405].contains(&answer.status), "{method}: {}", answer.status);
        assert_eq!(statuses(&site)[0].1, "active", "{method}");
    }
    let multipart =
        "--x\r\nContent-Disposition: form-data; name=\"List-Unsubscribe\"\r\n\r\nOne-Click\r\n--x--\r\n";
    for (kind, body) in [
        ("application/x-www-form-urlencoded", "List-Unsubscribe=One-Click"),
        ("multipart/form-data; boundary=x", multipart),
        ("text/plain", ""),
    ] {
        let answer =
            server.ask("POST", &unsubscribe, &format!("Content-Type: {kind}\r\nCookie: a=b\r\n"), body);
        assert_eq!(answer.status, 200, "{kind}: no redirect, no question");
        assert_eq!(answer.header("set-cookie"), None);
        assert_eq!(statuses(&site)[0].1, "unsubscribed", "{kind}");
        let text = answer.text();
        let undo = text.split("action=\"").find(|part| part.starts_with("/pass/")).unwrap();
        assert_eq!(server.post(undo.split('"').next().unwrap(), "").status, 200);
        assert_eq!(statuses(&site)[0].1, "active", "{kind}: undone");
    }
    assert_eq!(server.post(&unsubscribe, "").status, 200);
    assert_eq!(
        server
            .post(&format!("{unsubscribe}/reason"), "reason=too_many&words=%EB%A7%8E%EC%95%84%EC%9A%94")
            .status,
        200
    );
    let json = site.run(&["subscribers", "list", "--json"]).code(0).json();
    assert_eq!(json[0]["reason"], "too_many: 많아요");
    let site = site.post("2026-11-21-two.md", simple("둘"));
    site.run(&["--now", "2026-11-24T09:00:00+09:00", "send"]).code(0).never_says("1 sent");
}

#[test]
fn a_page_or_letter_of_the_owners_that_is_broken_is_told() {
    let site = site()
        .file("templates/letters/confirm.txt", "{% if %}\n")
        .file("templates/pages/sent.html", "{{ nothing }}");
    site.run(&["templates", "check"]).code(1).says("templates/letters/confirm.txt");
    let server = Server::start(&site);
    assert_eq!(server.post("/subscribe/weekly", FORM).status, 500);
    assert_eq!(server.get("/subscribe/weekly").status, 200);
}

#[test]
fn a_forged_link_changes_nothing() {
    let (site, unsubscribe, preferences) = with_member();
    let server = Server::start(&site);
    let mut seed = 7_u32;
    let mut next = move |below: usize| {
        seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        (seed >> 8) as usize % below
    };
    let before = statuses(&site);
    for round in 0..1000 {
        let from = if round % 2 == 0 { &unsubscribe } else { &preferences };
        let start = from.rfind('/').unwrap() + 1;
        let mut forged = from.clone().into_bytes();
        match round % 4 {
            0 | 1 => {
                let at = start + next(forged.len() - start);
                let letter = b"0123456789abcdef-"[next(17)];
                if forged[at] == letter {
                    continue;
                }
                forged[at] = letter;
            }
            2 => forged.truncate(start + next(forged.len() - start)),
            _ => forged.extend(b"00"),
        }
        let path = String::from_utf8(forged).unwrap();
        let answer = server.post(&path, "cadence=daily");
        assert!([404, 405].contains(&answer.status), "{path}: {}", answer.status);
    }
    // The one's token is not the other's.
    let swapped = unsubscribe.replace("/unsubscribe/", "/preferences/");
    assert_eq!(server.get(&swapped).status, 404);
    assert_eq!(server.get(&preferences.replace("/preferences/", "/unsubscribe/")).status, 404);
    assert_eq!(statuses(&site), before);
}

#[test]
fn preferences_are_heeded_by_the_next_issue() {
    let (site, _, preferences) = with_member();
    let server = Server::start(&site);
    let page = server.get(&preferences).text();
    assert!(page.contains("l***@example.net") && !page.contains("lee@example.net"), "{page}");
    assert_eq!(server.post(&preferences, "topics=AI&language=en&cadence=scheduled").status, 200);
    assert!(server.get(&preferences).text().contains("lang=\"en\""));
    let site = site.post("2026-11-21-two.md", about("여행만", "여행"));
    site.run(&["--now", "2026-11-24T09:00:00+09:00", "send"]).code(0).never_says("1 sent");
    assert_eq!(server.post(&preferences, "topics=%EC%97%AC%ED%96%89&pause=2026-12-24").status, 200);
    assert_eq!(statuses(&site)[0].1, "paused");
    site.run(&["--now", "2026-11-25T09:00:00+09:00", "send"]).code(0).never_says("1 sent");
    assert_eq!(server.post(&preferences, "topics=%EC%97%AC%ED%96%89&pause=2026-11-01").status, 422);
    assert_eq!(server.post(&preferences, "topics=nothing&language=xx").status, 422);
    site.run(&["--now", "2026-12-25T09:00:00+09:00", "send"]).code(0).never_says("1 sent");
    assert_eq!(server.post(&preferences, "").status, 200, "nothing chosen is everything, and no pause");
    assert_eq!(statuses(&site)[0].1, "active");
}

#[test]
fn somebody_moves_sees_what_is_kept_and_is_forgotten() {
    let (site, _, preferences) = with_member();
    let server = Server::start(&site);
    assert_eq!(server.post(&format!("{preferences}/move"), "email=new%40example.net").status, 200);
    let to_new = letters(&site, 2).into_iter().find(|letter| letter.contains("new@example.net")).unwrap();
    assert_eq!(server.post(&link(&to_new), "").status, 200);
    let mut all = statuses(&site);
    all.sort();
    assert_eq!(
        all,
        [("lee@example.net".into(), "unsubscribed".into()), ("new@example.net".into(), "active".into())]
    );
    let text = server.post(&link(&to_new), "");
    assert_eq!(text.status, 404, "once is enough: {}", text.text());

    let (site, _, preferences) = with_member();
    let server = Server::start(&site);
    assert_eq!(server.post(&format!("{preferences}/export"), "").status, 200);
    let letter = letters(&site, 2).into_iter().find(|letter| letter.contains("export-")).unwrap();
    let export = server.post(&link(&letter), "");
    assert!(export.header("content-disposition").unwrap().starts_with("attachment"));
    let export: serde_json::Value = serde_json::from_slice(&export.body).unwrap();
    assert_eq!(export["memberships"][0]["email"], "lee@example.net");
    assert_eq!(export["memberships"][0]["consent"][0]["how"], "owner");
    assert_eq!(export["copies"][0]["state"], "sent");
    assert_eq!(server.post(&format!("{preferences}/erase"), "").status, 200);
    let letter = letters(&site, 3).into_iter().find(|letter| letter.contains("erase-")).unwrap();
    assert_eq!(server.post(&link(&letter), "").status, 200);
    assert_eq!(statuses(&site), []);
    let ledger = std::fs::read(site.path(".tidings/ledger.db")).unwrap();
    drop(ledger);
    let site = site.file("again.csv", "email\nlee@example.net\n");
    let file = site.path("again.csv");
    site.run(&["subscribers", "import", file.to_str().unwrap()]).code(0).says("1 kept away");
    assert_eq!(statuses(&site), []);
}

#[test]
fn who_unsubscribes_is_off_whatever_the_lists_file_says() {
    let config = config("").replace(", subscribers: ledger", "");
    let site = site()
        .config(&config)
        .subscribers("- { email: lee@example.net, topics: [AI] }\n- { email: kim@example.net }\n");
    site.run(&["send"]).code(0).says("2 sent");
    let mail = site.outbox().into_iter().find(|mail| mail.contains("lee@example.net")).unwrap();
    let url = mail
        .split("List-Unsubscribe: <https://news.example.com")
        .nth(1)
        .unwrap()
        .split('>')
        .next()
        .unwrap()
        .to_owned();
    {
        let server = Server::start(&site);
        assert_eq!(server.post(&url, "List-Unsubscribe=One-Click").status, 200);
    }
    let site = site.post("2026-11-21-two.md", about("둘", "AI"));
    site.run(&["--now", "2026-11-24T09:00:00+09:00", "send"]).code(0).says("1 sent");
    let to_lee = site.outbox().iter().filter(|mail| mail.contains("lee@example.net")).count();
    assert_eq!(to_lee, 1, "the one before they left");
}

#[test]
fn slow_long_and_broken_requests_are_cut_off_and_the_server_goes_on() {
    let site = site();
    let server = Server::start(&site);
    let long = format!("GET /rss.xml HTTP/1.1\r\nHost: a\r\nX-Long: {}\r\n\r\n", "x".repeat(10 << 20));
    let mut stream = TcpStream::connect(("127.0.0.1", server.port)).unwrap();
    let _ = stream.write_all(long.as_bytes());
    let mut bytes = Vec::new();
    let _ = stream.read_to_end(&mut bytes);
    assert!([0, 431].contains(&Answer::of(&bytes).status));
    let body = "x".repeat(1 << 20);
    assert_eq!(server.post("/subscribe/weekly", &body).status, 413);
    assert_eq!(server.raw("nonsense\r\n\r\n").status, 400);
    // Heads that never end, many at a time.
    let slow: Vec<TcpStream> = (0..200)
        .map(|_| {
            let mut stream = TcpStream::connect(("127.0.0.1", server.port)).unwrap();
            stream.write_all(b"GET /rss.xml HTTP/1.1\r\nHost: a\r\nX-Slow: ").unwrap();
            stream
        })
        .collect();
    assert_eq!(server.get("/rss.xml").status, 200);
    assert_eq!(server.get("/healthz").status, 200);
    assert_eq!(server.get("/readyz").status, 200);
    std::thread::sleep(Duration::from_secs(16));
    for mut stream in slow.into_iter().take(20) {
        stream.set_read_timeout(Some(Duration::from_secs(2))).unwrap();
        let ended = stream.read_to_end(&mut Vec::new());
        assert!(ended.is_ok(), "a head that never ends is waited for a quarter of a minute: {ended:?}");
    }
    let metrics = server.get("/metrics").text();
    assert!(metrics.contains("tidings_http_responses_total{class=\"2xx\"}"), "{metrics}");
}

#[test]
fn another_sites_script_may_send_the_form_where_the_owner_says_so() {
    let site = site().config(&config(", origins: [https://example.com]"));
    let server = Server::start(&site);
    let ask = |origin: &str| {
        let headers = format!(
            "Content-Type: application/x-www-form-urlencoded\r\nAccept: application/json\r\nOrigin: {origin}\r\n"
        );
        server.ask("POST", "/subscribe/weekly", &headers, FORM)
    };
    let answer = ask("https://example.com");
    assert_eq!(answer.header("access-control-allow-origin"), Some("https://example.com"));
    assert_eq!(answer.text(), "{\"status\":\"sent\"}");
    assert_eq!(ask("https://evil.example").header("access-control-allow-origin"), None);
    // What a script has is sent as `FormData`.
    let part = |name: &str, value: &str| {
        format!("--x\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n")
    };
    let body = format!("{}{}--x--\r\n", part("email", "park@example.net"), part("consent", "yes"));
    let headers = "Content-Type: multipart/form-data; boundary=x\r\nAccept: application/json\r\nOrigin: https://example.com\r\n";
    assert_eq!(server.ask("POST", "/subscribe/weekly", headers, &body).text(), "{\"status\":\"sent\"}");
    let asked = server.ask("OPTIONS", "/subscribe/weekly", "Origin: https://example.com\r\n", "");
    assert_eq!((asked.status, asked.header("access-control-allow-methods")), (204, Some("POST")));
}

#[test]
fn a_signal_ends_it_and_what_is_under_way_is_finished() {
    let site = site();
    let mut server = Server::start(&site);
    let mut stream = TcpStream::connect(("127.0.0.1", server.port)).unwrap();
    stream.write_all(b"POST /subscribe/weekly HTTP/1.1\r\nHost: a\r\nContent-Type: application/x-www-form-urlencoded\r\n").unwrap();
    stream.write_all(format!("Content-Length: {}\r\n\r\nemail=", FORM.len()).as_bytes()).unwrap();
    std::thread::sleep(Duration::from_millis(300));
    let id = server.child.id().to_string();
    assert!(std::process::Command::new("kill").args(["-TERM", &id]).status().unwrap().success());
    std::thread::sleep(Duration::from_millis(500));
    stream.write_all(&FORM.as_bytes()["email=".len()..]).unwrap();
    let mut bytes = Vec::new();
    stream.read_to_end(&mut bytes).unwrap();
    assert_eq!(Answer::of(&bytes).status, 200);
    assert_eq!(server.child.wait().unwrap().code(), Some(0));
}

#[test]
fn who_leaves_while_an_issue_is_on_its_way_is_not_sent_it() {
    let relay = crate::relay::Relay::start(Duration::from_millis(60));
    let mail = format!(
        "{}mail: {{ transport: smtp, smtp: {{ host: 127.0.0.1, port: {}, tls: none, connections: 1 }} }}\n",
        config(""),
        relay.port
    );
    let list: String = (0..120).map(|n| format!("r{n}@example.net\n")).collect();
    let site = site().config(&mail).file("list.csv", format!("email\n{list}"));
    let file = site.path("list.csv");
    site.run(&["subscribers", "import", file.to_str().unwrap()]).code(0).says("120 new");
    let mut run = site.command(&["send"]).stderr(Stdio::null()).stdout(Stdio::null()).spawn().unwrap();
    let end = Instant::now() + Duration::from_secs(30);
    while relay.count() < 3 {
        assert!(Instant::now() < end, "nothing is sent");
        std::thread::sleep(Duration::from_millis(20));
    }
    let mail = relay.taken()[0].text.clone();
    let own = mail.split("https://news.example.com/unsubscribe/weekly/").nth(1).unwrap();
    assert!(own.len() > 64);
    // The last of all is forgotten, and the one before has left.
    let issue =
        site.run(&["status", "--json"]).code(0).json()["issues"][0]["id"].as_str().unwrap().to_owned();
    let copies = site.run(&["status", &issue, "--json"]).code(0).json()["copies"].clone();
    let planned: Vec<String> = copies
        .as_array()
        .unwrap()
        .iter()
        .filter(|copy| copy["state"] == "planned")
        .map(|copy| copy["email"].as_str().unwrap().to_owned())
        .collect();
    let gone = planned.last().unwrap().clone();
    let left = planned[planned.len() - 2].clone();
    site.run(&["subscribers", "erase", &gone]).code(0);
    let site = site.file("left.csv", format!("email,status\n{left},unsubscribed\n"));
    let file = site.path("left.csv");
    site.run(&["subscribers", "import", file.to_str().unwrap()]).code(0).says("1 who have left");
    assert!(run.wait().unwrap().success());
    for one in [&gone, &left] {
        assert!(!relay.taken().iter().any(|mail| mail.recipient == *one), "{one} was written to");
    }
    let ledger = site.run(&["subscribers", "list"]).code(0).stdout;
    assert!(!ledger.contains(&gone));
}

#[test]
fn whom_the_lists_file_keeps_mail_from_does_not_get_it_by_a_click() {
    let config = config("").replace(", subscribers: ledger", "");
    let list = "- { email: kim@example.net }\n- { email: lee@example.net }\n";
    let site = site().config(&config).subscribers(list);
    site.run(&["send"]).code(0).says("2 sent");
    let mail =
        site.outbox().into_iter().find(|mail| mail.contains("lee@example.net")).unwrap().replace("=\r\n", "");
    let path = |name: &str| {
        let at = mail.find(&format!("https://news.example.com/{name}/")).unwrap()
            + "https://news.example.com".len();
        mail[at..].split(|c: char| c == '>' || c == '"' || c.is_whitespace()).next().unwrap().to_owned()
    };
    let (unsubscribe, preferences) = (path("unsubscribe"), path("preferences"));
    let site =
        site.subscribers("- { email: kim@example.net }\n- { email: lee@example.net, status: pending }\n");
    {
        let server = Server::start(&site);
        server.post(&preferences, "topics=AI&language=ko");
        let left = server.post(&unsubscribe, "").text();
        if let Some(undo) = left.split("action=\"").find(|part| part.starts_with("/pass/")) {
            server.post(undo.split('"').next().unwrap(), "");
        }
    }
    let active = site.run(&["subscribers", "list", "--status", "active", "--json"]).code(0).json();
    assert_eq!(active.as_array().unwrap().len(), 1, "{active}");
}

#[test]
fn a_post_cannot_have_the_ledger_or_the_list_served() {
    let post = "---\ntitle: 방송\ndate: 2026-11-20\nenclosure:\n  - { url: /blog/.tidings/ledger.db, type: audio/mpeg }\n  - { url: /blog/config/subscribers.yaml, type: audio/mpeg }\n  - { url: /blog/config/secret, type: audio/mpeg }\n---\n\n들어 보세요.\n";
    let site = site().post("2026-11-20-two.md", post);
    let server = Server::start(&site);
    for path in ["/.tidings/ledger.db", "/config/subscribers.yaml", "/config/secret", "/config/tidings.yaml"]
    {
        assert_eq!(server.get(path).status, 404, "{path}");
    }
}

#[test]
fn a_newsletter_by_another_name_is_left_by_the_old_links() {
    let (site, unsubscribe, _) = with_member();
    let config = config("").replace("weekly:", "monthly:").replace("schedule:", "was: weekly, schedule:");
    let site = site.config(&config);
    let server = Server::start(&site);
    assert_eq!(server.post(&unsubscribe, "List-Unsubscribe=One-Click").status, 200);
    let site = site.post("2026-11-21-two.md", simple("둘"));
    site.run(&["--now", "2026-11-24T09:00:00+09:00", "send"]).code(0).never_says("1 sent");
}

#[test]
fn a_link_in_a_letter_is_over_once_something_else_has_been_said() {
    let site = site();
    let server = Server::start(&site);
    assert_eq!(server.post("/subscribe/weekly", FORM).status, 200);
    let link = link(&letters(&site, 1)[0]);
    assert_eq!(server.post(&link, "").status, 200);
    site.run(&["--now", "2026-11-23T09:30:00+09:00", "subscribers", "erase", "lee@example.net"]).code(0);
    assert_eq!(server.post(&link, "").status, 404);
    assert_eq!(statuses(&site), []);
}

#[test]
fn what_is_forgotten_stays_so_when_the_server_comes_or_its_secret_changes() {
    let by_hand = crate::site::CONFIG.replace("schedule: \"0 8 * * MON\"", "schedule: manual");
    let site = Site::new().config(&by_hand).post("2026-11-20-one.md", simple("하나"));
    site.run(&["subscribers", "erase", "kim@example.net"]).code(0);
    let with_server = format!("{by_hand}server: {{ url: https://news.example.com, secret_file: secret }}\n");
    for secret in ["0123456789abcdef0123456789abcdef\n", "fedcba9876543210fedcba9876543210\n"] {
        let site = Site::copy_of(&site.path("")).config(&with_server).file("config/secret", secret);
        assert_eq!(site.run(&["subscribers", "list"]).code(0).stdout, "");
        site.run(&["send"]).code(0).never_says("1 sent");
    }
}

/// What `openssl` or the checker's script says.
fn said(program: &str, args: &[&str], input: &[u8]) -> String {
    let mut child = std::process::Command::new(program)
        .args(args)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    child.stdin.take().unwrap().write_all(input).unwrap();
    let output = child.wait_with_output().unwrap();
    assert!(output.status.success(), "{program} {args:?}");
    String::from_utf8(output.stdout).unwrap()
}

#[test]
fn mail_services_report_by_their_own_signatures_and_nobody_else_can() {
    const SIGN: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/checkers/webhook_sign.py");
    let fixture = |name: &str| {
        let path = format!("{}/tests/fixtures/webhooks/{name}", env!("CARGO_MANIFEST_DIR"));
        std::fs::read_to_string(path).unwrap().replace("gone@example.net", "kim@example.net")
    };
    let site = Site::new().post("2026-11-20-one.md", simple("하나"));
    let key = |name: &str, args: &[&str]| {
        let path = site.path(name).to_str().unwrap().to_owned();
        let all = [&args[..1], &["-out", &path], &args[1..]].concat();
        said("openssl", &all, b"");
        path
    };
    let ec = key("ec.pem", &["ecparam", "-name", "prime256v1", "-genkey", "-noout"]);
    let rsa = key("rsa.pem", &["genrsa", "2048"]);
    let cert = key(
        "config-cert.pem",
        &["req", "-x509", "-key", &rsa, "-subj", "/CN=sns.amazonaws.com", "-days", "3650"],
    );
    let public = said("python3", &[SIGN, "public", &ec], b"").trim().to_owned();
    let config = format!(
        "{}server:\n  url: https://news.example.com\n  secret_file: secret\n  hooks:\n    postmark: {{ password_file: password }}\n    mailgun: {{ key_file: mailgun }}\n    sendgrid: {{ public_key: \"{public}\" }}\n    ses: {{ topic: \"arn:aws:sns:eu-central-1:210987654321:tidings-returns\", cert_file: \"{cert}\" }}\n",
        crate::site::CONFIG.replace("schedule: \"0 8 * * MON\"", "schedule: manual")
    );
    let site = site
        .config(&config)
        .file("config/secret", "0123456789abcdef0123456789abcdef\n")
        .file("config/password", "let me in\n")
        .file("config/mailgun", "key-of-mailgun\n");
    site.run(&["send"]).code(0).says("1 sent");
    let server = Server::start(&site);
    let status = || site.run(&["subscribers", "list", "--json"]).code(0).json()[0]["status"].clone();
    let now = "1795392000"; // 2026-11-23T09:00:00+09:00
    let postmark = fixture("postmark-hard.json");
    let json = "Content-Type: application/json\r\n";
    let with = |more: &str| format!("{json}{more}\r\n");
    let mailgun =
        |key: &str| said("python3", &[SIGN, "mailgun", key, now], fixture("mailgun-hard.json").as_bytes());
    let events = fixture("sendgrid-events.json");
    let signature = said("python3", &[SIGN, "sendgrid", &ec, now], events.as_bytes()).trim().to_owned();
    let twilio = with(&format!(
        "X-Twilio-Email-Event-Webhook-Signature: {signature}\r\nX-Twilio-Email-Event-Webhook-Timestamp: {now}"
    ));
    let ses = said("python3", &[SIGN, "sns", &rsa], fixture("ses-hard.json").as_bytes());
    let basic = |pair: &[u8]| with(&format!("Authorization: Basic {}", data_encoding::BASE64.encode(pair)));
    // Nothing that is forged counts.
    for (service, headers, body, code) in [
        ("postmark", with("X-Nothing: 1"), postmark.clone(), 401),
        ("postmark", basic(b"postmark:wrong"), postmark.clone(), 401),
        ("mailgun", with("X-Nothing: 1"), fixture("mailgun-hard.json"), 406),
        ("mailgun", with("X-Nothing: 1"), mailgun("another key"), 406),
        ("sendgrid", with("X-Nothing: 1"), events.clone(), 403),
        ("sendgrid", twilio.clone(), format!("{events} "), 403),
        ("ses", with("X-Nothing: 1"), fixture("ses-hard.json"), 403),
        ("ses", with("X-Nothing: 1"), ses.replace("tidings-returns", "anybodys"), 403),
        ("ses", with("X-Nothing: 1"), ses.replace("5.1.1", "5.1.2"), 403),
        ("brevo", with("X-Nothing: 1"), "{}".to_owned(), 404),
    ] {
        let answer = server.ask("POST", &format!("/hooks/{service}"), &headers, &body);
        assert_eq!(answer.status, code, "{service} {headers}");
        assert_eq!(status(), "active", "{service}");
    }
    for (service, headers, body) in [
        ("postmark", basic(b"postmark:let me in"), postmark.clone()),
        ("mailgun", with("X-Nothing: 1"), mailgun("key-of-mailgun")),
        ("sendgrid", twilio, events),
        ("ses", with("X-Nothing: 1"), ses),
    ] {
        let answer = server.ask("POST", &format!("/hooks/{service}"), &headers, &body);
        assert_eq!(answer.status, 200, "{service}");
        assert_eq!(status(), "bounced", "{service}");
        site.run(&["subscribers", "suppress", "kim@example.net", "--lift"]).code(0);
        // The same once more counts for nothing.
        assert_eq!(server.ask("POST", &format!("/hooks/{service}"), &headers, &body).status, 200);
        assert_eq!(status(), "active", "{service} again");
    }
}
