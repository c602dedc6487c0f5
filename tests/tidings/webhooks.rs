//! Other programs hear of what happens, signed, and again until they have.

use std::io::{Read, Write};
use std::net::TcpListener;
use std::sync::atomic::{AtomicU16, Ordering};
use std::sync::{Arc, Mutex};

use aws_lc_rs::hmac;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use crate::site::{Site, simple};

const SECRET: &str = "a secret that both sides know";

/// A program that listens, keeps what it is told, and answers with `status`.
struct Ear {
    port: u16,
    told: Arc<Mutex<Vec<String>>>,
    status: Arc<AtomicU16>,
}

impl Ear {
    fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        let ear = Self { port, told: Arc::default(), status: Arc::new(AtomicU16::new(204)) };
        let (told, status) = (Arc::clone(&ear.told), Arc::clone(&ear.status));
        std::thread::spawn(move || {
            for mut stream in listener.incoming().flatten() {
                let mut request = Vec::new();
                let mut piece = [0; 4096];
                // JSON ends with its brace.
                while !request.ends_with(b"}") {
                    match stream.read(&mut piece) {
                        Ok(0) | Err(_) => break,
                        Ok(length) => request.extend_from_slice(&piece[..length]),
                    }
                }
                told.lock().unwrap().push(String::from_utf8(request).unwrap());
                let status = status.load(Ordering::SeqCst);
                let _ =
                    write!(stream, "HTTP/1.1 {status} So\r\ncontent-length: 0\r\nconnection: close\r\n\r\n");
            }
        });
        ear
    }

    /// What was told since the last look, each with its id; the signature is checked.
    fn heard(&self) -> Vec<(String, serde_json::Value)> {
        let told = std::mem::take(&mut *self.told.lock().unwrap());
        let read = |request: String| {
            let (head, body) = request.split_once("\r\n\r\n").unwrap();
            let field = |name: &str| {
                head.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(": ")).unwrap().to_owned()
            };
            let id = field("webhook-id");
            let signed = format!("{id}.{}.{body}", field("webhook-timestamp"));
            let key = hmac::Key::new(hmac::HMAC_SHA256, SECRET.as_bytes());
            let tag = STANDARD.encode(hmac::sign(&key, signed.as_bytes()));
            assert_eq!(field("webhook-signature"), format!("v1,{tag}"));
            (id, serde_json::from_str(body).unwrap())
        };
        told.into_iter().map(read).collect()
    }
}

fn site(ear: &Ear, events: &str) -> Site {
    let config = format!(
        "{}webhooks:\n  - {{ url: \"http://127.0.0.1:{}/hook?token=x\", secret_file: hook{events} }}\n",
        crate::site::CONFIG,
        ear.port
    );
    Site::new().config(&config).file("config/hook", SECRET).post("2026-11-20-one.md", simple("하나"))
}

fn kinds(heard: &[(String, serde_json::Value)]) -> Vec<&str> {
    heard.iter().map(|(_, said)| said["type"].as_str().unwrap()).collect()
}

#[test]
fn a_webhook_hears_of_every_kind_once() {
    let ear = Ear::start();
    let site = site(&ear, "");
    site.run(&["run"]).code(0);
    let heard = ear.heard();
    assert_eq!(kinds(&heard), ["issue_sent"]);
    assert_eq!(heard[0].1["data"]["deliveries"]["sent"], 1);
    site.run(&["subscribers", "add", "lee@example.net"]).code(0);
    site.run(&["subscribers", "suppress", "kim@example.net"]).code(0);
    site.run(&["run"]).code(0);
    let heard = ear.heard();
    assert_eq!(kinds(&heard), ["subscribed", "unsubscribed"]);
    assert_eq!(heard[0].1["data"]["email"], "lee@example.net");
    assert_eq!(heard[1].1["data"]["email"], "kim@example.net");
    site.run(&["run"]).code(0).silent();
    assert_eq!(ear.heard().len(), 0);
    // Who is there already does not come anew; what an import brings is no news.
    site.run(&["subscribers", "add", "lee@example.net"]).code(0);
    let site = site.file("list.csv", "email,status\nchoi@example.net,bounced\npark@example.net,active\n");
    site.run(&["subscribers", "import", site.path("list.csv").to_str().unwrap()]).code(0);
    site.run(&["run"]).code(0);
    assert_eq!(kinds(&ear.heard()), [""; 0]);
}

#[test]
fn what_happens_before_the_first_run_is_told_by_it() {
    let ear = Ear::start();
    let site = site(&ear, "");
    site.run(&["subscribers", "add", "lee@example.net"]).code(0);
    site.run(&["run"]).code(0);
    let heard = ear.heard();
    assert_eq!(kinds(&heard), ["subscribed", "issue_sent"]);
}

#[test]
fn a_clock_that_was_wrong_keeps_nothing_from_being_told() {
    let ear = Ear::start();
    let site = site(&ear, "");
    ear.status.store(503, Ordering::SeqCst);
    site.run(&["--now", "2040-01-01T00:00:00Z", "run"]);
    let first = ear.heard();
    ear.status.store(204, Ordering::SeqCst);
    site.run(&["run"]).code(0);
    let heard = ear.heard();
    assert!(heard.iter().zip(&first).all(|((id, _), (before, _))| id == before));
    assert_eq!(heard.len(), first.len().max(1));
}

#[test]
fn one_that_does_not_listen_hears_of_it_later_under_the_same_id() {
    let ear = Ear::start();
    let site = site(&ear, "");
    ear.status.store(503, Ordering::SeqCst);
    // The address may hold a token: its host is named alone.
    let ran =
        site.run(&["run"]).says("the webhook at `127.0.0.1` has not heard of what happened: it answered 503");
    ran.never_says("token=x");
    let first = ear.heard();
    ear.status.store(204, Ordering::SeqCst);
    // Not at once.
    site.run(&["run"]).code(0);
    assert_eq!(ear.heard().len(), 0);
    site.run(&["--now", "2026-11-23T09:05:00+09:00", "run"]).code(0);
    assert_eq!(ear.heard(), first);
    site.run(&["--now", "2026-11-23T15:05:00+09:00", "run"]).code(0);
    assert_eq!(ear.heard().len(), 0);
}

#[test]
fn what_a_dead_webhook_should_have_heard_is_let_go_after_three_days_and_ten_attempts() {
    let ear = Ear::start();
    let site = site(&ear, "");
    ear.status.store(503, Ordering::SeqCst);
    site.run(&["run"]);
    site.run(&["subscribers", "add", "lee@example.net"]).code(0);
    // A machine that was off for a month has tried once: nothing is lost by that.
    site.run(&["--now", "2026-12-23T09:00:00+09:00", "run"]).never_says("is let go");
    let mut told = String::new();
    for day in 24..=31 {
        for hour in ["00", "07", "14"] {
            told += &site.run(&["--now", &format!("2026-12-{day}T{hour}:00:00+09:00"), "run"]).stderr;
        }
    }
    assert!(told.contains("2 of what it should hear is let go"), "{told}");
    ear.heard();
    ear.status.store(204, Ordering::SeqCst);
    site.run(&["--now", "2027-01-02T09:00:00+09:00", "run"]).code(0);
    assert_eq!(ear.heard().len(), 0);
}

#[test]
fn a_webhook_hears_only_of_what_it_asks_for() {
    let ear = Ear::start();
    let site = site(&ear, ", events: [unsubscribed]");
    site.run(&["run"]).code(0);
    site.run(&["subscribers", "add", "lee@example.net"]).code(0);
    site.run(&["subscribers", "remove", "lee@example.net"]).code(0);
    site.run(&["run"]).code(0);
    assert!(ear.heard().iter().all(|(_, said)| said["type"] == "unsubscribed"));
}

#[test]
fn of_whoever_is_erased_no_address_is_told() {
    let ear = Ear::start();
    let site = site(&ear, "");
    site.run(&["run"]).code(0);
    ear.heard();
    ear.status.store(503, Ordering::SeqCst);
    site.run(&["subscribers", "add", "lee@example.net"]).code(0);
    site.run(&["run"]);
    ear.heard();
    site.run(&["subscribers", "erase", "lee@example.net"]).code(0);
    ear.status.store(204, Ordering::SeqCst);
    site.run(&["--now", "2026-11-23T19:05:00+09:00", "run"]).code(0);
    let heard = ear.heard();
    assert_eq!(kinds(&heard), ["erased"]);
    assert!(!format!("{heard:?}").contains("lee@example.net"));
}

#[test]
fn a_webhook_that_cannot_be_used_is_told_with_the_mend() {
    let ear = Ear::start();
    for (events, url, words) in [
        (", events: [subscribe]", None, "did you mean `subscribed`?"),
        ("", Some("http://example.com/token-in-it"), "is no address that webhooks may be sent to"),
    ] {
        let site = site(&ear, events);
        let mut config = site.read("config/tidings.yaml");
        if let Some(url) = url {
            config = config.replace(&format!("http://127.0.0.1:{}/hook?token=x", ear.port), url);
        }
        site.config(&config).run(&["build"]).code(2).says(words).never_says("token-in-it\"");
    }
}
