//! What an operator sees of every copy, and what they can do about it.

use std::process::{Child, Stdio};
use std::time::{Duration, Instant};

use crate::relay::{Habits, Relay};
use crate::site::{CONFIG, NOW, Ran, Site, simple};

fn site() -> Site {
    Site::new().post("2026-11-20-one.md", simple("하나"))
}

fn list(names: &[&str]) -> String {
    names.iter().map(|name| format!("- {{ email: {name}@example.net }}\n")).collect()
}

fn issue(site: &Site) -> serde_json::Value {
    site.run(&["status", "--json"]).code(0).json()["issues"][0].clone()
}

fn count(site: &Site, state: &str) -> u64 {
    issue(site)["deliveries"][state].as_u64().unwrap()
}

#[track_caller]
fn adds_up(site: &Site, whole: u64) {
    let sum: u64 = issue(site)["deliveries"].as_object().unwrap().values().map(|n| n.as_u64().unwrap()).sum();
    assert_eq!(sum, whole);
}

/// A run in the background that has come so far.
fn running(site: &Site, relay: &Relay, taken: usize) -> Child {
    let run = site.command(&["run"]).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let started = Instant::now();
    while relay.count() < taken {
        assert!(started.elapsed() < Duration::from_secs(30), "the run did not come so far");
        std::thread::sleep(Duration::from_millis(2));
    }
    run
}

fn signal(child: &Child, name: &str) {
    let sent =
        std::process::Command::new("kill").args([&format!("-{name}"), &child.id().to_string()]).status();
    assert!(sent.unwrap().success());
}

#[test]
fn each_copy_that_is_not_sent_is_listed_with_its_reason() {
    let relay = Relay::start(Duration::ZERO);
    let site = site().subscribers(&list(&["gone", "full", "cutdot", "here"])).relay(relay.port, 1);
    site.run(&["run"]).code(1);
    adds_up(&site, 4);
    let id = issue(&site)["id"].as_str().unwrap().to_owned();
    let lists = |flag: &str| site.run(&["status", &id, flag]).code(0).stdout;
    let failed = lists("--failed");
    assert!(failed.contains("failed gone@example.net: rcpt 550 5.1.1 User unknown (127.0.0.1:"), "{failed}");
    assert!(!failed.contains("full@"), "{failed}");
    assert!(lists("--deferred").contains("deferred full@example.net: rcpt 452 4.2.2 Mailbox full"));
    assert!(lists("--deferred").contains("again at 2026-11-23 09:0"));
    assert!(lists("--in-doubt").contains("in_doubt cutdot@example.net: dot"));
    // The end of an id will do.
    let end = id.rsplit('-').next().unwrap();
    site.run(&["status", end]).code(0).prints("gone@").prints("full@").prints("1 sent");
    let json = site.run(&["status", end, "--json"]).code(0).json();
    assert_eq!(json["copies"].as_array().unwrap().len(), 3);
    site.run(&["status", "nothing"]).code(2).says("there is no issue `nothing`");
    site.run(&["status", "--failed"]).code(2);
}

#[test]
fn what_is_in_doubt_is_sent_again_or_let_be_by_the_owners_word_alone() {
    let relay = Relay::start(Duration::ZERO);
    let site =
        site().subscribers(&list(&["cutdotonce-a", "here1", "cutdotonce-b", "here2"])).relay(relay.port, 2);
    site.run(&["run"]).code(1).says("2 in doubt");
    let id = issue(&site)["id"].as_str().unwrap().to_owned();
    site.run(&["resolve", &id]).code(2);
    site.run(&["resolve", &id, "--assume-sent", "cutdotonce-a@example.net"])
        .code(0)
        .says("1 copy counted as sent");
    site.run(&["resolve", &id, "--resend"]).code(0).says("1 copy will be sent again");
    site.run(&["run"]).code(0).says("1 sent");
    assert_eq!((count(&site, "sent"), count(&site, "in_doubt")), (4, 0));
    let copies = |name: &str| {
        relay.taken().into_iter().filter(|mail| mail.recipient.starts_with(name)).collect::<Vec<_>>()
    };
    let (a, b) = (copies("cutdotonce-a"), copies("cutdotonce-b"));
    assert_eq!((a.len(), b.len()), (1, 2));
    assert_eq!(b[0].text, b[1].text, "a repeat is byte for byte the same");
}

#[test]
fn the_config_may_decide_what_becomes_of_a_doubt() {
    for (policy, sent, copies) in [("resend", 2, 3), ("assume-sent", 2, 2)] {
        let relay = Relay::start(Duration::ZERO);
        let config = format!(
            "{CONFIG}mail: {{ transport: smtp, in_doubt: {policy}, smtp: {{ host: 127.0.0.1, port: {}, connections: 1 }} }}\n",
            relay.port
        );
        let site = site().subscribers(&list(&["cutdotonce", "here"])).config(&config);
        site.run(&["run"]).code(0);
        site.run(&["--now", "2026-11-23T10:00:00+09:00", "run"]).code(0);
        assert_eq!((count(&site, "sent"), relay.count()), (sent, copies), "{policy}");
    }
}

#[test]
fn an_issue_can_be_paused_while_it_is_delivered_and_goes_on_or_is_called_back() {
    let relay = Relay::start(Duration::from_millis(10));
    let site = site().crowd(200).relay(relay.port, 2);
    let run = running(&site, &relay, 20);
    let id = issue(&site)["id"].as_str().unwrap().to_owned();
    site.run(&["pause", &id]).code(0).says("resume");
    let ran = Ran::of(run.wait_with_output().unwrap());
    assert!(ran.stderr.contains("waiting") && ran.stderr.contains("paused by the owner"), "{}", ran.stderr);
    let sent = relay.count();
    assert!(sent < 100, "{sent} of 200 went out");
    site.run(&["run"]).code(0).silent();
    site.run(&["status"]).code(0).prints("held: paused by the owner");
    assert_eq!(relay.count(), sent);
    site.run(&["resume", &id]).code(0);
    let run = running(&site, &relay, sent + 20);
    site.run(&["cancel", &id]).code(0).says("called back");
    run.wait_with_output().unwrap();
    adds_up(&site, 200);
    assert_eq!(count(&site, "sent"), relay.count() as u64);
    assert!(count(&site, "cancelled") > 50 && count(&site, "planned") == 0);
    site.run(&["run"]).code(0).silent();
}

#[test]
fn a_signal_finishes_what_is_in_flight_and_the_next_run_does_the_rest() {
    for name in ["TERM", "INT"] {
        let relay = Relay::start(Duration::from_millis(10));
        let site = site().crowd(200).relay(relay.port, 4);
        let run = running(&site, &relay, 20);
        signal(&run, name);
        let ran = Ran::of(run.wait_with_output().unwrap());
        assert_eq!(ran.code, 75, "{}", ran.stderr);
        assert!(ran.stderr.contains("interrupted") && ran.stderr.contains("waiting"), "{}", ran.stderr);
        assert_eq!(
            (count(&site, "sent"), count(&site, "sending"), count(&site, "in_doubt")),
            (relay.count() as u64, 0, 0)
        );
        assert!(relay.count() < 150);
        site.run(&["run"]).code(0);
        assert_eq!((relay.count(), count(&site, "sent")), (200, 200));
    }
}

#[test]
fn a_second_signal_ends_the_run_at_once_and_nobody_gets_two() {
    let relay = Relay::start(Duration::from_secs(2));
    let site = site().crowd(6).relay(relay.port, 2);
    let run = site.command(&["run"]).stderr(Stdio::piped()).spawn().unwrap();
    let began = Instant::now();
    while relay.connections() == 0 && began.elapsed() < Duration::from_secs(10) {
        std::thread::sleep(Duration::from_millis(5));
    }
    std::thread::sleep(Duration::from_millis(300));
    signal(&run, "TERM");
    std::thread::sleep(Duration::from_millis(200));
    let asked = Instant::now();
    signal(&run, "TERM");
    let ran = Ran::of(run.wait_with_output().unwrap());
    assert!(asked.elapsed() < Duration::from_secs(1));
    assert_eq!(ran.code, 130);
    site.run(&["run"]).code(1).says("in doubt");
    adds_up(&site, 6);
    std::thread::sleep(Duration::from_secs(2));
    let mut recipients: Vec<String> = relay.taken().into_iter().map(|mail| mail.recipient).collect();
    let all = recipients.len();
    recipients.sort();
    recipients.dedup();
    assert_eq!(recipients.len(), all);
}

#[test]
fn six_refusals_among_the_first_hundred_stop_the_issue_and_ask() {
    let relay = Relay::start(Duration::ZERO);
    let names: Vec<String> =
        (0..60).map(|n| format!("{}{n}", if n % 4 == 0 { "gone" } else { "here" })).collect();
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    let site = site().subscribers(&list(&names)).relay(relay.port, 1);
    site.run(&["run"]).code(1).says("is held: 6 of the first").says("tidings resume");
    let sent = relay.count();
    assert!(sent < 45);
    site.run(&["run"]).code(0).silent();
    let id = issue(&site)["id"].as_str().unwrap().to_owned();
    assert!(issue(&site)["held"].as_str().unwrap().starts_with("6 of the first"));
    site.run(&["resume", &id]).code(0);
    site.run(&["run"]).code(1).says("15 refused");
    assert_eq!((relay.count(), count(&site, "sent"), count(&site, "failed")), (45, 45, 15));
    adds_up(&site, 60);
}

#[test]
fn a_message_that_is_called_spam_stops_the_issue_and_blames_nobody() {
    let relay = Relay::start(Duration::ZERO);
    let site = site().subscribers(&list(&["spam", "here1", "here2"])).relay(relay.port, 1);
    site.run(&["run"]).code(1).says("refused the message itself: 554 5.7.1");
    assert_eq!((count(&site, "failed"), count(&site, "planned") + count(&site, "sent")), (0, 3));
    adds_up(&site, 3);
}

#[test]
fn a_program_can_follow_by_events() {
    let relay = Relay::start(Duration::ZERO);
    let site = site().crowd(30).relay(relay.port, 2);
    let ran = site.run(&["--now", NOW, "run", "--json"]).code(0);
    let events: Vec<serde_json::Value> =
        ran.stdout.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(events.first().unwrap()["event"], "begin");
    let end = events.last().unwrap();
    assert_eq!((&end["event"], &end["deliveries"]["sent"]), (&"end".into(), &30.into()));
}

#[test]
fn a_terminal_sees_a_bar() {
    let relay = Relay::with(Habits { pause: Duration::from_millis(30), ..Habits::default() });
    let site = site().crowd(40).relay(relay.port, 1);
    let command = site.command(&["run"]);
    let line: Vec<String> = std::iter::once(command.get_program())
        .chain(command.get_args())
        .map(|word| format!("'{}'", word.to_string_lossy()))
        .collect();
    let shown =
        std::process::Command::new("script").args(["-qec", &line.join(" "), "/dev/null"]).output().unwrap();
    let shown = String::from_utf8_lossy(&shown.stdout).into_owned();
    assert!(shown.contains("/40") && shown.contains("left;") && shown.contains("40 sent"), "{shown}");
}
