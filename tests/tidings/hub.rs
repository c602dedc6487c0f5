//! Hubs hear of what has changed, once, and of nothing else.

use std::io::{Read, Write};
use std::net::TcpListener;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};

use crate::site::{Site, simple};

/// A hub on the loopback interface: it keeps what it is told, and says no while `refuses`.
struct Hub {
    port: u16,
    told: Arc<Mutex<Vec<String>>>,
    refuses: Arc<AtomicBool>,
}

impl Hub {
    fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let hub = Self {
            port: listener.local_addr().unwrap().port(),
            told: Arc::default(),
            refuses: Arc::default(),
        };
        let (told, refuses) = (Arc::clone(&hub.told), Arc::clone(&hub.refuses));
        std::thread::spawn(move || {
            for mut stream in listener.incoming().flatten() {
                let mut request = Vec::new();
                let mut piece = [0; 4096];
                // The form comes last, and says what it is about at its end.
                while !String::from_utf8_lossy(&request).contains("hub.topic=") {
                    match stream.read(&mut piece) {
                        Ok(0) | Err(_) => break,
                        Ok(length) => request.extend_from_slice(&piece[..length]),
                    }
                }
                told.lock().unwrap().push(String::from_utf8_lossy(&request).into_owned());
                let status =
                    if refuses.load(Ordering::SeqCst) { "503 Service Unavailable" } else { "204 No Content" };
                let _ = write!(stream, "HTTP/1.1 {status}\r\ncontent-length: 0\r\nconnection: close\r\n\r\n");
            }
        });
        hub
    }

    fn config(&self) -> String {
        format!(
            "{}feeds: {{ hub: \"http://127.0.0.1:{}/\", formats: [rss, atom, json] }}\n",
            crate::site::CONFIG,
            self.port
        )
    }

    /// The topics told of since the last look.
    fn topics(&self) -> Vec<String> {
        let told = std::mem::take(&mut *self.told.lock().unwrap());
        let topic = |request: String| {
            assert!(
                request.starts_with("POST / HTTP/1.1\r\n") && request.contains("hub.mode=publish"),
                "{request}"
            );
            let topic = request.rsplit("hub.topic=").next().unwrap().to_owned();
            topic.replace("%3A", ":").replace("%2F", "/")
        };
        told.into_iter().map(topic).collect()
    }
}

const ALL: [&str; 3] = [
    "https://example.com/blog/atom.xml",
    "https://example.com/blog/feed.json",
    "https://example.com/blog/rss.xml",
];

#[test]
fn a_hub_is_in_the_documents_and_hears_once_of_each_that_changed() {
    let hub = Hub::start();
    let site = Site::new().config(&hub.config()).post("2026-09-01-a.md", simple("가"));
    site.run(&["run"]).code(0);
    assert_eq!(hub.topics(), ALL);
    let link = format!("href=\"http://127.0.0.1:{}/\" rel=\"hub\"", hub.port);
    assert!(site.read("public/rss.xml").contains(&link) && site.read("public/atom.xml").contains(&link));
    assert!(site.read("public/feed.json").contains("\"type\": \"WebSub\""));
    site.run(&["run"]).code(0).silent();
    assert_eq!(hub.topics(), [""; 0]);
    // What `build` changes, the next `run` tells of.
    let site = site.post("2026-09-02-b.md", simple("나"));
    site.run(&["build"]).code(0);
    assert_eq!(hub.topics(), [""; 0]);
    site.run(&["run"]).code(0);
    assert_eq!(hub.topics(), ALL);
}

#[test]
fn a_hub_that_did_not_listen_is_told_again_later() {
    let hub = Hub::start();
    hub.refuses.store(true, Ordering::SeqCst);
    let site = Site::new().config(&hub.config()).post("2026-09-01-a.md", simple("가"));
    site.run(&["run"]).code(0).says("has not heard of the changed feeds: it answered 503");
    assert_eq!(hub.topics().len(), 3);
    // Not at once, and cron hears of it once.
    site.run(&["--now", "2026-11-23T09:04:00+09:00", "run"]).code(0).silent();
    assert_eq!(hub.topics().len(), 0);
    hub.refuses.store(false, Ordering::SeqCst);
    site.run(&["--now", "2026-11-23T09:06:00+09:00", "run"]).code(0).silent();
    assert_eq!(hub.topics(), ALL);
    site.run(&["--now", "2026-11-23T19:00:00+09:00", "run"]).code(0).silent();
    assert_eq!(hub.topics().len(), 0);
}

#[test]
fn a_hub_that_is_away_stops_neither_feeds_nor_mail() {
    let config = format!("{}feeds: {{ hub: \"http://127.0.0.1:9/\" }}\n", crate::site::CONFIG);
    let site = Site::new().config(&config).post("2026-11-20-a.md", simple("가"));
    site.run(&["run"]).code(0).says("it could not be reached");
    assert_eq!(site.outbox().len(), 1);
}
