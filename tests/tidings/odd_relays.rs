//! Relays that say what no relay should, and what operators do at the wrong moment: each was a bug once.

use std::io::{BufRead, BufReader, Write};
use std::net::TcpListener;
use std::process::Stdio;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use crate::relay::{Habits, Relay};
use crate::site::{CONFIG, Site, simple};

/// A server whose answer to each line `say` decides; it notes what it has heard outside texts.
fn server(say: impl Fn(&str) -> Vec<u8> + Send + Sync + 'static) -> (u16, Arc<Mutex<Vec<String>>>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    let heard: Arc<Mutex<Vec<String>>> = Arc::default();
    let (say, notes) = (Arc::new(say), Arc::clone(&heard));
    std::thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            let (say, notes) = (Arc::clone(&say), Arc::clone(&notes));
            std::thread::spawn(move || -> Option<()> {
                let mut lines = BufReader::new(&stream);
                let mut out = &stream;
                out.write_all(&say("CONNECT")).ok()?;
                let mut in_text = false;
                loop {
                    let mut line = String::new();
                    if lines.read_line(&mut line).ok()? == 0 {
                        return None;
                    }
                    let line = line.trim_end();
                    if in_text && line != "." {
                        continue;
                    }
                    notes.lock().unwrap().push(line.to_owned());
                    let answer = say(line);
                    in_text = line == "DATA" && answer.starts_with(b"354");
                    out.write_all(&answer).ok()?;
                }
            });
        }
    });
    (port, heard)
}

/// What a sane relay says.
fn sane(line: &str) -> Vec<u8> {
    match line.get(..4).unwrap_or(line) {
        "CONN" => b"220 x\r\n".to_vec(),
        "EHLO" => b"250-x\r\n250 PIPELINING\r\n".to_vec(),
        "DATA" => b"354 go\r\n".to_vec(),
        _ => b"250 2.0.0 ok\r\n".to_vec(),
    }
}

fn site(port: u16) -> Site {
    let text = "---\ntitle: 하나\ncategories: AI_News\n---\n글\n\n    MAIL FROM:<evil@example.org>\n    RCPT TO:<victim@example.org>\n    DATA\n";
    Site::new()
        .config(&format!(
            "{CONFIG}mail: {{ transport: smtp, smtp: {{ host: 127.0.0.1, port: {port}, connections: 1 }} }}\n"
        ))
        .post("2026-11-20-one.md", text)
        .subscribers(&(0..20).map(|n| format!("- {{ email: reader{n}@example.net }}\n")).collect::<String>())
}

fn count(site: &Site, state: &str) -> u64 {
    let json = site.run(&["status", "--json"]).code(0).json();
    json["issues"][0]["deliveries"][state].as_u64().unwrap()
}

#[test]
fn a_yes_to_another_question_is_no_acceptance() {
    for (name, say) in [
        (
            "354 to the dot",
            (|line: &str| if line == "." { b"354 go\r\n".to_vec() } else { sane(line) })
                as fn(&str) -> Vec<u8>,
        ),
        ("one line too many after MAIL", |line| {
            if line.starts_with("MAIL") { b"250 ok\r\n250 ok\r\n".to_vec() } else { sane(line) }
        }),
        ("one line too many after EHLO", |line| {
            if line.starts_with("EHLO") { b"250 x\r\n250 y\r\n".to_vec() } else { sane(line) }
        }),
    ] {
        let (port, _) = server(say);
        let site = site(port);
        let ran = site.run(&["run"]);
        assert_ne!(ran.code, 0, "{name}: {}", ran.stderr);
        assert_eq!(count(&site, "sent"), 0, "{name}");
        assert!(count(&site, "in_doubt") <= 3, "{name}");
    }
}

#[test]
fn no_text_is_sent_that_was_not_asked_for() {
    let (port, heard) = server(|line| if line == "DATA" { b"250 ok\r\n".to_vec() } else { sane(line) });
    let site = site(port);
    site.run(&["run"]).code(75);
    assert!(!heard.lock().unwrap().iter().any(|line| line.contains("evil@") || line.contains("victim@")));
    assert_eq!(count(&site, "planned"), 20);
}

#[test]
fn answers_may_be_bare_codes_or_in_another_encoding() {
    let (port, _) = server(|line| match line.get(..4) {
        Some("MAIL" | "RCPT") if line.contains("reader3@") => {
            b"550 5.1.1 \xbb\xe7\xbf\xeb\xc0\xda \xbe\xf8\xc0\xbd\r\n".to_vec()
        }
        Some("MAIL" | "RCPT") => b"250\r\n".to_vec(),
        _ if line == "." => b"250 2.0.0 \xc1\xa2\xbc\xf6\r\n".to_vec(),
        _ => sane(line),
    });
    let site = site(port);
    site.run(&["run"]).code(1).says("19 sent, 1 refused");
}

#[test]
fn an_answer_without_end_does_not_fill_the_memory() {
    let (port, _) = server(|line| if line == "." { vec![b'2'; 1 << 26] } else { sane(line) });
    let site = site(port);
    site.run(&["run"]).code(75).says("a line without end");
}

#[test]
fn a_fast_relay_that_cuts_after_the_dot_is_left_alone_as_soon_as_a_slow_one() {
    let relay = Relay::with(Habits { offers: &["PIPELINING"], ..Habits::default() });
    let list: String = (0..400)
        .map(|n| format!("- {{ email: {}{n}@example.net }}\n", if n < 150 { "here" } else { "cutdot" }))
        .collect();
    let site = Site::new().post("2026-11-20-one.md", simple("하나")).relay(relay.port, 4).subscribers(&list);
    for minute in 0..12 {
        site.run(&["--now", &format!("2026-11-23T{:02}:00:00+09:00", 9 + minute), "run"]);
    }
    assert!(count(&site, "in_doubt") <= 12 * 8, "{}", count(&site, "in_doubt"));
}

#[test]
fn a_text_that_is_refused_time_after_time_stops_the_issue_though_no_code_says_spam() {
    for refusal in [&b"554 no\r\n"[..], b"550 Message rejected\r\n", b"552 5.6.0 no\r\n"] {
        let (port, _) = server(move |line| if line == "." { refusal.to_vec() } else { sane(line) });
        let site = site(port);
        site.run(&["run"]).code(1).says("is held");
        assert!(count(&site, "failed") <= 5 && count(&site, "planned") >= 15, "{}", count(&site, "failed"));
    }
}

#[test]
fn what_is_called_back_while_under_way_is_not_sent_later() {
    let relay = Relay::with(Habits { pause: Duration::from_millis(20), ..Habits::default() });
    let site = Site::new().post("2026-11-20-one.md", simple("하나")).relay(relay.port, 1).subscribers(
        &(0..40)
            .map(|n| format!("- {{ email: {}{n}@example.net }}\n", ["here", "grey"][n % 2]))
            .collect::<String>(),
    );
    let run = site.command(&["run"]).stderr(Stdio::null()).stdout(Stdio::null()).spawn().unwrap();
    let began = Instant::now();
    while relay.count() < 5 && began.elapsed() < Duration::from_secs(20) {
        std::thread::sleep(Duration::from_millis(2));
    }
    let id = site.run(&["status", "--json"]).json()["issues"][0]["id"].as_str().unwrap().to_owned();
    site.run(&["cancel", &id]).code(0);
    run.wait_with_output().unwrap();
    let sent = relay.count();
    let site = site.subscribers("- { email: somebody@example.net }\n");
    site.run(&["--now", "2026-11-23T09:20:00+09:00", "run"]);
    let site = site.subscribers(
        &(0..40)
            .map(|n| format!("- {{ email: {}{n}@example.net }}\n", ["here", "grey"][n % 2]))
            .collect::<String>(),
    );
    site.run(&["--now", "2026-11-23T09:40:00+09:00", "run"]);
    assert_eq!((relay.count(), count(&site, "deferred"), count(&site, "planned")), (sent, 0, 0));
    site.run(&["cancel", ""]).code(2);
    site.run(&["pause", &id]).code(0).says("has nothing left to deliver");
}

#[test]
fn a_pause_does_not_switch_the_breaker_off() {
    let relay = Relay::start(Duration::from_millis(5));
    let list: String = (0..60).map(|n| format!("- {{ email: gone{n}@example.net }}\n")).collect();
    let site = Site::new().post("2026-11-20-one.md", simple("하나")).subscribers(&list);
    let site =
        site.relay(std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port(), 1);
    site.run(&["run"]).code(75);
    let id = site.run(&["status", "--json"]).json()["issues"][0]["id"].as_str().unwrap().to_owned();
    site.run(&["pause", &id]).code(0);
    site.run(&["resume", &id]).code(0);
    let site = site.relay(relay.port, 1);
    site.run(&["send"]).code(1).says("is held: ");
    assert!(count(&site, "failed") <= 8, "{}", count(&site, "failed"));
}
