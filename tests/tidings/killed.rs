//! A run that is killed half-way, and the run after it.

use std::collections::HashMap;
use std::time::{Duration, Instant};

use crate::relay::Relay;
use crate::site::{Site, simple};

const SUBSCRIBERS: usize = 500;

/// Kills a run once the relay has taken `after` messages; whoever did not get a copy then gets it from the next run, or is
/// listed in doubt, and nobody gets two.
fn killed_after(after: usize) -> u64 {
    let relay = Relay::start(Duration::from_millis(2));
    let site = Site::new().post("2026-11-20-one.md", simple("하나")).crowd(SUBSCRIBERS).relay(relay.port, 4);
    let mut run = site.command(&["run"]).stderr(std::process::Stdio::null()).spawn().unwrap();
    let started = Instant::now();
    while relay.count() < after {
        assert!(started.elapsed() < Duration::from_mins(1), "the run did not come so far");
        std::thread::sleep(Duration::from_millis(1));
    }
    run.kill().unwrap();
    run.wait().unwrap();
    std::thread::sleep(Duration::from_millis(50));
    let second = site.run(&["run"]);
    site.run(&["run"]).code(0).silent();

    let mut copies: HashMap<String, usize> = HashMap::new();
    for mail in relay.taken() {
        *copies.entry(mail.recipient).or_default() += 1;
    }
    assert!(copies.values().all(|count| *count == 1), "somebody got two copies");
    let states = site.run(&["status", "--json"]).code(0).json()["issues"][0]["deliveries"].clone();
    let count = |state: &str| states[state].as_u64().unwrap();
    assert_eq!(count("sent") + count("in_doubt"), SUBSCRIBERS as u64, "{states}");
    assert!(copies.len() as u64 >= count("sent"), "a copy counted as sent was not taken");
    let doubted = site.run(&["-v", "status"]).stdout.matches("in_doubt reader").count();
    assert_eq!(doubted as u64, count("in_doubt").min(100), "whoever is in doubt is listed");
    // Whoever is in doubt is told of, and the code says that some part failed.
    let told = second.stderr.contains("in doubt");
    assert_eq!(
        (told, second.code),
        (count("in_doubt") > 0, i32::from(count("in_doubt") > 0)),
        "{}",
        second.stderr
    );
    count("in_doubt")
}

#[test]
fn each_subscriber_has_one_copy_or_is_in_doubt() {
    for after in [1, 120, 333] {
        let in_doubt = killed_after(after);
        assert!(in_doubt <= 80, "{in_doubt} in doubt: more than four windows of twenty");
    }
}

#[test]
fn a_maildir_shows_what_arrived_so_at_most_one_is_in_doubt() {
    let site = Site::new().post("2026-11-20-one.md", simple("하나")).crowd(2000);
    let mut run = site.command(&["run"]).stderr(std::process::Stdio::null()).spawn().unwrap();
    let started = Instant::now();
    while site.outbox().len() < 200 {
        assert!(started.elapsed() < Duration::from_mins(1), "the run did not come so far");
    }
    run.kill().unwrap();
    run.wait().unwrap();
    let before = site.outbox().len();
    assert!(before < 2000, "the run was over before it was killed");
    // Somebody takes away what has arrived, as one does with an outbox.
    std::fs::rename(site.path(".tidings/outbox/new"), site.path("taken")).unwrap();
    std::fs::create_dir(site.path(".tidings/outbox/new")).unwrap();
    site.run(&["run"]);
    let states = site.run(&["status", "--json"]).code(0).json()["issues"][0]["deliveries"].clone();
    let count = |state: &str| usize::try_from(states[state].as_u64().unwrap()).unwrap();
    assert_eq!(count("sent") + count("in_doubt"), 2000, "{states}");
    assert!(count("in_doubt") <= 1, "{states}");
    assert!(
        (2000 - count("in_doubt")..=2000).contains(&(before + site.outbox().len())),
        "a copy was made twice or not at all"
    );
}

#[test]
fn a_build_that_is_killed_leaves_nothing_behind_once_the_next_is_done() {
    let config = "site: { title: t, url: https://example.com }\nfeeds: { by: [tag], archive: 5, limit: 5 }\n";
    let text = "문장입니다. ".repeat(400);
    let round = |site: Site, round: usize| {
        (0..60).fold(site, |site, n| {
            let post = format!("---\ntitle: {n}\ntags: [r{round}-{}]\n---\n{text}{round}\n", n % 20);
            site.post(&format!("2026-0{}-{:02}-p{n}.md", 1 + n / 28, 1 + n % 28), post)
        })
    };
    let mut site = round(Site::bare().config(config), 0);
    site.run(&["build"]).code(0);
    for number in 1..8 {
        site = round(site, number);
        let mut child = site.command(&["build", "-q"]).spawn().unwrap();
        std::thread::sleep(std::time::Duration::from_millis(30 * number as u64));
        child.kill().unwrap();
        child.wait().unwrap();
    }
    site.run(&["build"]).code(0);
    let walks = crate::checkers::everything_is_valid(&site.path("public"), "https://example.com/");
    assert_eq!(walks["rss.xml"].as_array().unwrap().len(), 60);
    let fresh = Site::bare().config(config);
    let fresh = round(fresh, 7);
    fresh.run(&["build"]).code(0);
    let names = |site: &Site| {
        let of = |(path, bytes, _): (std::path::PathBuf, Vec<u8>, _)| {
            let below = path.strip_prefix(site.path("")).unwrap().to_owned();
            below.starts_with("public").then_some((below, bytes))
        };
        site.snapshot().into_iter().filter_map(of).collect::<Vec<_>>()
    };
    assert!(names(&site) == names(&fresh), "what is left differs from what a fresh build writes");
    assert!(!site.path(".tidings/unfinished").exists());
}
