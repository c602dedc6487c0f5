//! How relays are spoken to: several of them, what they offer, how much they take.

use std::collections::HashMap;
use std::io::{BufRead, BufReader, Write};
use std::net::TcpListener;
use std::time::Duration;

use crate::relay::{Habits, Relay};
use crate::site::{CONFIG, Site, simple};

fn site(mail: &str) -> Site {
    Site::new()
        .post("2026-11-20-one.md", simple("하나"))
        .config(&format!("{CONFIG}mail:\n  transport: smtp\n{mail}\n"))
}

fn free_port() -> u16 {
    TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port()
}

fn list(names: &[&str]) -> String {
    names.iter().map(|name| format!("- {{ email: \"{name}\" }}\n")).collect()
}

fn deliveries(site: &Site) -> serde_json::Value {
    site.run(&["status", "--json"]).code(0).json()["issues"][0]["deliveries"].clone()
}

#[test]
fn the_next_relay_takes_over_and_the_first_is_left_alone_for_a_while() {
    let (away, relay) = (free_port(), Relay::start(Duration::ZERO));
    let both = format!(
        "  smtp:\n    - {{ host: 127.0.0.1, port: {away} }}\n    - {{ host: 127.0.0.1, port: {} }}",
        relay.port
    );
    let site = site(&both).crowd(30);
    let ran = site.run(&["run"]).code(0).says("30 sent").says("another took over");
    assert!(ran.stderr.contains("Connection refused"), "{}", ran.stderr);
    assert_eq!(relay.count(), 30);
}

#[test]
fn a_relay_that_is_away_for_hours_costs_nobody_and_is_not_asked_at_every_turn() {
    let port = free_port();
    let site = site(&format!("  smtp: {{ host: 127.0.0.1, port: {port} }}")).crowd(5);
    let mut asked = 0;
    for minute in 0..240 {
        let now = chrono::DateTime::parse_from_rfc3339("2026-11-23T09:00:00+09:00").unwrap()
            + chrono::Duration::minutes(minute);
        let ran = site.run(&["-v", "--now", &now.to_rfc3339(), "run"]).code(75);
        asked += usize::from(!ran.stderr.contains("left alone"));
    }
    assert!((12..=13).contains(&asked), "{asked}: after 1, 2, 4, 8, 16 minutes, and then every half hour");
    assert_eq!(deliveries(&site)["planned"], 5);
}

#[test]
fn a_relay_takes_only_the_senders_it_is_for() {
    let (ours, others) = (Relay::start(Duration::ZERO), Relay::start(Duration::ZERO));
    let mail = format!(
        "  smtp:\n    - {{ host: 127.0.0.1, port: {}, from: other.example }}\n    - {{ host: 127.0.0.1, port: {}, from: [example.com] }}",
        others.port, ours.port
    );
    site(&mail).crowd(3).run(&["run"]).code(0).says("3 sent");
    assert_eq!((ours.count(), others.connections()), (3, 0));
    let none = format!("  smtp: {{ host: 127.0.0.1, port: {}, from: other.example }}", others.port);
    site(&none).crowd(3).run(&["run"]).code(2).says("no relay takes mail from `example.com`");
    assert_eq!(others.connections(), 0);
}

#[test]
fn pipelined_refusals_hit_only_those_who_are_meant() {
    for offers in [&["PIPELINING", "SIZE 10000000"][..], &[]] {
        let relay = Relay::with(Habits { offers, ..Habits::default() });
        let names: Vec<String> = (0..40)
            .map(|n| match n % 8 {
                0 => format!("full{n}@example.net"),
                3 if n < 30 => format!("gone{n}@example.net"),
                _ => format!("here{n}@example.net"),
            })
            .collect();
        let names: Vec<&str> = names.iter().map(String::as_str).collect();
        let site = site(&format!("  smtp: {{ host: 127.0.0.1, port: {}, connections: 1 }}", relay.port))
            .subscribers(&list(&names));
        site.run(&["run"]).code(1).says("31 sent, 5 to be tried again, 4 refused");
        let taken = relay.taken();
        assert!(taken.iter().all(|mail| mail.recipient.starts_with("here")));
        assert!(
            taken.iter().all(|mail| mail.text.contains(&format!("<{}>", mail.recipient))),
            "a text went to another"
        );
        assert_eq!(taken.iter().all(|mail| mail.said.contains(" SIZE=")), offers.len() > 1);
        assert_eq!(relay.connections(), 2, "replaced after eight refusals");
    }
}

#[test]
fn a_connection_is_replaced_after_its_share_and_after_the_relay_has_had_enough() {
    let relay = Relay::start(Duration::ZERO);
    site(&format!("  smtp: {{ host: 127.0.0.1, port: {}, connections: 1, messages: 10 }}", relay.port))
        .crowd(35)
        .run(&["run"])
        .code(0)
        .says("35 sent");
    assert_eq!(relay.connections(), 4);
    for offers in [&["PIPELINING"][..], &[]] {
        let relay = Relay::with(Habits { most: Some(10), offers, ..Habits::default() });
        site(&format!("  smtp: {{ host: 127.0.0.1, port: {}, connections: 1 }}", relay.port))
            .crowd(35)
            .run(&["run"])
            .code(0)
            .says("35 sent");
        assert_eq!(relay.count(), 35);
    }
}

#[test]
fn a_message_that_the_relay_says_is_too_long_is_not_begun() {
    let relay = Relay::with(Habits { offers: &["SIZE 1000"], ..Habits::default() });
    let site = site(&format!("  smtp: {{ host: 127.0.0.1, port: {} }}", relay.port)).crowd(3);
    site.run(&["run"]).code(75).says("552 5.3.4");
    assert_eq!((relay.count(), deliveries(&site)["planned"].as_u64()), (0, Some(3)));
}

#[test]
fn a_name_outside_ascii_needs_a_relay_that_takes_it() {
    let list = list(&["김@한국.kr", "kim@한국.kr"]);
    let plain = Relay::start(Duration::ZERO);
    let first = site(&format!("  smtp: {{ host: 127.0.0.1, port: {} }}", plain.port)).subscribers(&list);
    first.run(&["run"]).code(1).says("1 sent, 1 refused");
    assert_eq!(plain.taken()[0].recipient, "kim@xn--3e0b707e.kr");
    let id = first.run(&["status", "--json"]).json()["issues"][0]["id"].as_str().unwrap().to_owned();
    first.run(&["status", &id, "--failed"]).prints("does not offer SMTPUTF8");
    let modern = Relay::with(Habits { offers: &["SMTPUTF8", "8BITMIME", "PIPELINING"], ..Habits::default() });
    let second = site(&format!("  smtp: {{ host: 127.0.0.1, port: {} }}", modern.port)).subscribers(&list);
    second.run(&["run"]).code(0).says("2 sent");
    for mail in modern.taken() {
        assert_eq!(mail.said.contains("SMTPUTF8"), mail.recipient.starts_with('김'), "{}", mail.said);
    }
}

#[test]
fn a_relay_without_starttls_gets_no_mail_and_no_password() {
    let relay = Relay::start(Duration::ZERO);
    let mail = format!(
        "  smtp: {{ host: 127.0.0.1, port: {}, tls: starttls, username: kim, password: geheim }}",
        relay.port
    );
    let ran = site(&mail)
        .crowd(2)
        .run(&["run"])
        .code(75)
        .says("does not offer STARTTLS; nothing was sent in the clear");
    assert!(!ran.stderr.contains("geheim"));
    assert_eq!(relay.count(), 0);
}

#[test]
fn what_is_said_in_the_clear_before_tls_is_not_believed() {
    // A server that answers STARTTLS and, in the same breath, what it would say under TLS.
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    std::thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            let mut lines = BufReader::new(&stream);
            let mut out = &stream;
            let _ = out.write_all(b"220 x\r\n");
            let mut line = String::new();
            while lines.read_line(&mut line).is_ok_and(|count| count > 0) {
                let answer: &[u8] = match line.get(..4) {
                    Some("EHLO") => b"250-x\r\n250 STARTTLS\r\n",
                    Some("STAR") => b"220 go\r\n250-x\r\n250 AUTH PLAIN\r\n235 ok\r\n250 ok\r\n250 ok\r\n354 ok\r\n250 ok\r\n",
                    _ => b"",
                };
                let _ = out.write_all(answer);
                line.clear();
            }
        }
    });
    let site = site(&format!("  smtp: {{ host: 127.0.0.1, port: {port}, tls: starttls }}")).crowd(1);
    site.run(&["run"]).code(75);
    assert_eq!(deliveries(&site)["planned"], 1);
}

#[test]
fn no_span_has_more_than_its_rate_of_a_relay_or_of_a_domain() {
    let relay = Relay::start(Duration::ZERO);
    let list: String = (0..60)
        .map(|n| format!("- {{ email: r{n}@{} }}\n", if n < 20 { "naver.test" } else { "example.net" }))
        .collect();
    let mail = format!(
        "  rate: 40/s\n  domain_rates: {{ naver.test: 10/s }}\n  smtp: {{ host: 127.0.0.1, port: {} }}",
        relay.port
    );
    site(&mail).subscribers(&list).run(&["run"]).code(0).says("60 sent");
    let taken = relay.taken();
    let most = |of: &dyn Fn(&str) -> bool| {
        let times: Vec<_> = taken.iter().filter(|mail| of(&mail.recipient)).map(|mail| mail.at).collect();
        times
            .iter()
            .map(|from| {
                times
                    .iter()
                    .filter(|at| *at >= from && at.duration_since(*from) < Duration::from_secs(1))
                    .count()
            })
            .max()
            .unwrap()
    };
    // A message's way through the machine may take a few milliseconds more or less.
    assert!(most(&|_| true) <= 42, "{}", most(&|_| true));
    assert!(most(&|to| to.ends_with("naver.test")) <= 11, "{}", most(&|to| to.ends_with("naver.test")));
    let mut first_half: HashMap<bool, usize> = HashMap::new();
    taken[..30]
        .iter()
        .for_each(|mail| *first_half.entry(mail.recipient.ends_with("naver.test")).or_default() += 1);
    assert!(first_half[&true] >= 5 && first_half[&false] >= 15, "{first_half:?}");
}

#[test]
fn an_hours_share_is_remembered_by_the_next_run() {
    let relay = Relay::start(Duration::ZERO);
    let site = site(&format!("  rate: [100/s, 20/h]\n  smtp: {{ host: 127.0.0.1, port: {} }}", relay.port))
        .crowd(50);
    site.run(&["run"]).code(0).says("20 sent, 30 waiting");
    site.run(&["--now", "2026-11-23T09:30:00+09:00", "run"]).code(0);
    assert_eq!(relay.count(), 20);
    site.run(&["--now", "2026-11-23T10:00:10+09:00", "run"]).code(0).says("20 sent, 10 waiting");
    // A clock that is set back neither gives the hour anew nor stops the mail for ever.
    site.run(&["--now", "2026-11-23T08:59:00+09:00", "run"]).code(0);
    assert_eq!(relay.count(), 40);
    site.run(&["--now", "2026-11-23T11:00:30+09:00", "-v", "run"]).code(0).says("10 sent");
    assert_eq!(relay.count(), 50);
}

#[test]
fn sendmail_is_understood_by_its_exit_code() {
    let script = "#!/bin/sh\ncat >\"$0.d/$5\"\necho \"$@\" >>\"$0.d/args\"\ncase $5 in\n  nouser*) exit 67;; later*) exit 75;; data*) exit 65;; killed*) kill -9 $$;; esac\n";
    let site = Site::new()
        .post("2026-11-20-one.md", simple("하나"))
        .file("bin/sendmail", script)
        .file("bin/sendmail.d/.keep", "")
        .subscribers(&list(&[
            "here@example.net",
            "nouser@example.net",
            "later@example.net",
            "data@example.net",
            "killed@example.net",
        ]));
    std::fs::set_permissions(site.path("bin/sendmail"), std::os::unix::fs::PermissionsExt::from_mode(0o755))
        .unwrap();
    let program = site.path("bin/sendmail");
    let site =
        site.config(&format!("{CONFIG}mail: {{ transport: sendmail, sendmail: {} }}\n", program.display()));
    site.run(&["run"]).code(1).says("1 sent, 1 to be tried again, 2 refused, 1 in doubt");
    assert!(site.read("bin/sendmail.d/args").contains("-i -f news@example.com -- here@example.net"));
    assert!(!site.read("bin/sendmail.d/here@example.net").contains('\r'));
    let site =
        site.config(&format!("{CONFIG}mail: {{ transport: sendmail, sendmail: /nowhere/sendmail }}\n"));
    let site = site.post("2026-11-27-two.md", simple("둘"));
    site.run(&["--now", "2026-11-30T08:00:00+09:00", "run"])
        .code(75)
        .says("cannot start `/nowhere/sendmail`");
}
