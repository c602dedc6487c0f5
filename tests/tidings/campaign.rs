//! The promise, put to the test: whatever dies, nobody gets two copies with the policy `hold`, nobody is lost, and what is in doubt is no
//! more than what was in flight. Writes its table to standard error.

use std::collections::HashMap;
use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use crate::relay::{Habits, Relay};
use crate::site::{CONFIG, Ran, Site, simple};

/// Reproducible chance.
struct Chance(u64);

impl Chance {
    fn below(&mut self, most: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0 % most
    }
}

fn site(port: u16, connections: usize) -> Site {
    Site::new().post("2026-11-20-one.md", simple("하나")).relay(port, connections)
}

fn at(minute: i64) -> String {
    let start = chrono::DateTime::parse_from_rfc3339("2026-11-23T09:00:00+09:00").unwrap();
    (start + chrono::Duration::minutes(minute)).to_rfc3339()
}

fn deliveries(site: &Site) -> HashMap<String, u64> {
    let json = site.run(&["status", "--json"]).code(0).json()["issues"][0]["deliveries"].clone();
    json.as_object().unwrap().iter().map(|(state, count)| (state.clone(), count.as_u64().unwrap())).collect()
}

/// What every fault must leave: `whole` copies, each in one state; nobody with two; everybody who is sent to with one; whoever has none in
/// a state that says so. Writes a line of the table.
#[track_caller]
fn holds(name: &str, site: &Site, relay: &Relay, whole: u64, began: Instant) {
    let states = deliveries(site);
    assert_eq!(states.values().sum::<u64>(), whole, "{name}: {states:?}");
    let mut copies: HashMap<String, u64> = HashMap::new();
    relay.taken().into_iter().for_each(|mail| *copies.entry(mail.recipient).or_default() += 1);
    let twice = copies.values().filter(|count| **count > 1).count();
    assert_eq!(twice, 0, "{name}: {twice} got two");
    let arrived = copies.len() as u64;
    let accounted = states["sent"]..=states["sent"] + states["in_doubt"];
    assert!(accounted.contains(&arrived), "{name}: {arrived} arrived, {states:?}");
    let shown: Vec<String> = ["sent", "in_doubt", "deferred", "failed", "planned", "cancelled"]
        .iter()
        .filter(|state| states[**state] > 0)
        .map(|state| format!("{} {state}", states[*state]))
        .collect();
    line(&format!(
        "{name:<58} {:>5} copies  {:<44} {:>5.1} s",
        arrived,
        shown.join(", "),
        began.elapsed().as_secs_f64()
    ));
}

/// Past the test harness, which would keep it to itself.
fn line(text: &str) {
    let _ = writeln!(std::io::stderr(), "campaign: {text}");
}

#[test]
fn two_hundred_kills_at_random_moments() {
    const SUBSCRIBERS: u64 = 2000;
    let began = Instant::now();
    let relay = Relay::with(Habits {
        pause: Duration::from_micros(1500),
        offers: &["PIPELINING"],
        ..Habits::default()
    });
    let site = site(relay.port, 4).crowd(usize::try_from(SUBSCRIBERS).unwrap());
    let mut chance = Chance(0x9e37_79b9_7f4a_7c15);
    let (mut kills, mut most, mut before) = (0, 0, 0);
    while kills < 200 {
        let mut run = site.command(&["run"]).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
        // Some die before the first message, most among the messages, and at any step of one.
        let (after, more) =
            (relay.count() as u64 + chance.below(12), Duration::from_micros(chance.below(4000)));
        let waiting = Instant::now();
        while (relay.count() as u64) < after
            && run.try_wait().unwrap().is_none()
            && waiting.elapsed() < Duration::from_secs(20)
        {
            std::thread::sleep(Duration::from_micros(200));
        }
        std::thread::sleep(more);
        run.kill().unwrap();
        run.wait().unwrap();
        kills += 1;
        // What a kill leaves in doubt is what the four sessions had claimed.
        if kills % 20 == 0 {
            site.run(&["send", "--newsletter", "weekly", "--dry-run"]);
            let states = deliveries(&site);
            let doubt = states["in_doubt"] + states["sending"];
            most = most.max((doubt - before) / 20);
            before = doubt;
        }
    }
    let mut ran = site.run(&["run"]);
    for _ in 0..3 {
        ran = site.run(&["run"]);
    }
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    let states = deliveries(&site);
    assert_eq!(states["sent"] + states["in_doubt"], SUBSCRIBERS, "{states:?}");
    assert!(most <= 4 * 20, "{most} in doubt at a kill: more than four windows of twenty");
    holds(
        &format!("SIGKILL, 200 times ({most} at most in doubt at each, on average)"),
        &site,
        &relay,
        SUBSCRIBERS,
        began,
    );
}

#[test]
fn a_disconnect_in_every_phase() {
    for offers in [&["PIPELINING"][..], &[]] {
        let began = Instant::now();
        let relay = Relay::with(Habits { offers, ..Habits::default() });
        let list: String = (0..400)
            .map(|n| {
                let step = [
                    "cutmailonce",
                    "here",
                    "cutrcptonce",
                    "here",
                    "cutdataonce",
                    "here",
                    "cuttextonce",
                    "here",
                ][n % 8];
                format!("- {{ email: {step}{n}@example.net }}\n")
            })
            .collect();
        let site = site(relay.port, 4).subscribers(&list);
        let mut runs = 0;
        while deliveries_open(&site) && runs < 60 {
            site.run(&["--now", &at(40 * runs), "run"]);
            runs += 1;
        }
        let name =
            if offers.is_empty() { "cut at MAIL, RCPT, DATA and in the text" } else { "the same, pipelined" };
        holds(name, &site, &relay, 400, began);
        let states = deliveries(&site);
        // Where the end of a text had been handed to the system, nobody knows.
        assert!(states["in_doubt"] <= 50 && states["sent"] >= 350, "{states:?}");
    }
}

fn deliveries_open(site: &Site) -> bool {
    if !site.path(".tidings/ledger.db").exists() {
        return true;
    }
    let states = deliveries(site);
    states["planned"] + states["deferred"] + states["sending"] > 0
}

#[test]
fn greylisting_full_and_dead_mailboxes() {
    let began = Instant::now();
    let relay = Relay::with(Habits { offers: &["PIPELINING"], ..Habits::default() });
    let list: String = (0..2000)
        .map(|n| {
            format!("- {{ email: {}{n}@example.net }}\n", ["grey", "here", "full", "here", "gone"][n % 5])
        })
        .collect();
    let site = site(relay.port, 4).subscribers(&list);
    // A fifth of them dead is what the breaker is for.
    site.run(&["run"]).code(1).says("is held");
    let id = site.run(&["status", "--json"]).json()["issues"][0]["id"].as_str().unwrap().to_owned();
    site.run(&["resume", &id]).code(0);
    for minute in [1, 15, 60, 300, 24 * 60, 3 * 24 * 60] {
        site.run(&["--now", &at(minute), "run"]);
    }
    let states = deliveries(&site);
    assert_eq!((states["sent"], states["failed"], states["in_doubt"]), (1200, 800, 0), "{states:?}");
    holds("greylisted, full (4.2.2) and dead (5.1.1), a fifth each", &site, &relay, 2000, began);
}

#[test]
fn a_relay_away_for_hours_and_clocks_that_jump() {
    let began = Instant::now();
    let relay = Relay::start(Duration::ZERO);
    let away = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let site = site(away, 4).crowd(200);
    for minute in (0..360).step_by(10) {
        site.run(&["--now", &at(minute), "run"]).code(75);
    }
    let site = site.relay(relay.port, 4);
    // A run while the clock is in the year 2040, one in 1999, then back.
    site.run(&["--now", "2040-01-01T00:00:00Z", "run"]);
    site.run(&["--now", "1999-01-01T00:00:00Z", "run"]);
    for minute in [361, 380, 420, 1000] {
        site.run(&["--now", &at(minute), "run"]);
    }
    let states = deliveries(&site);
    assert_eq!(states["sent"], 200, "{states:?}");
    holds(
        "relay away for six hours, the clock in 2040 and back",
        &site,
        &relay,
        states.values().sum(),
        began,
    );
}

/// A proxy that cuts each connection after some octets in one direction or the other; a few live long enough.
fn cutting(target: u16, seed: u64) -> u16 {
    fn pump(mut from: TcpStream, mut to: TcpStream, mut left: u64) {
        let mut buffer = [0; 4096];
        while let Ok(count) = from.read(&mut buffer) {
            let now = (count as u64).min(left);
            if count == 0 || to.write_all(&buffer[..usize::try_from(now).unwrap()]).is_err() {
                break;
            }
            left -= now;
            if left == 0 {
                break;
            }
        }
        let _ = (from.shutdown(std::net::Shutdown::Both), to.shutdown(std::net::Shutdown::Both));
    }
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    std::thread::spawn(move || {
        let mut chance = Chance(seed);
        for client in listener.incoming().flatten() {
            let Ok(server) = TcpStream::connect(("127.0.0.1", target)) else { continue };
            let _ = (client.set_nodelay(true), server.set_nodelay(true));
            let (up, down) = (1 + chance.below(90_000), 1 + chance.below(1500));
            let (client2, server2) = (client.try_clone().unwrap(), server.try_clone().unwrap());
            std::thread::spawn(move || pump(client, server, up));
            std::thread::spawn(move || pump(server2, client2, down));
        }
    });
    port
}

#[test]
fn a_proxy_that_cuts_after_any_octet() {
    let began = Instant::now();
    let relay = Relay::with(Habits { offers: &["PIPELINING"], ..Habits::default() });
    let site = site(cutting(relay.port, 42), 4).crowd(400);
    let mut runs = 0;
    while deliveries_open(&site) && runs < 400 {
        site.run(&["--now", &at(31 * runs), "run"]);
        runs += 1;
        if runs == 60 {
            break;
        }
    }
    // What the cutter left goes straight to the relay.
    let site = site.relay(relay.port, 4);
    site.run(&["--now", &at(31 * 61), "run"]);
    site.run(&["--now", &at(31 * 62), "run"]);
    let states = deliveries(&site);
    assert_eq!(states["sent"] + states["in_doubt"], 400, "{states:?}");
    holds(&format!("a proxy that cuts after any octet, {runs} runs"), &site, &relay, 400, began);
}

#[test]
fn a_disk_that_is_full_while_the_ledger_commits() {
    let began = Instant::now();
    let relay = Relay::with(Habits { pause: Duration::from_millis(1), ..Habits::default() });
    let site = site(relay.port, 4).crowd(600);
    // The issue is frozen while there is room; then files may not grow beyond what they are.
    let id = {
        let mut run = site.command(&["run"]).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
        while relay.count() < 20 {
            std::thread::sleep(Duration::from_millis(1));
        }
        run.kill().unwrap();
        run.wait().unwrap();
        site.run(&["status", "--json"]).json()["issues"][0]["id"].clone()
    };
    assert!(id.is_string());
    let before = relay.count();
    let tidings = site.command(&["run"]);
    let words: Vec<String> = std::iter::once(tidings.get_program())
        .chain(tidings.get_args())
        .map(|word| format!("'{}'", word.to_string_lossy()))
        .collect();
    // In blocks of 512 octets; a write beyond is an error, as of a disk that is full.
    let length = |end: &str| {
        std::fs::metadata(site.path(&format!(".tidings/ledger.db{end}"))).map_or(0, |meta| meta.len())
    };
    let most = length("").max(length("-wal")) / 512 + 200;
    let script = format!("trap '' XFSZ; ulimit -f {most}; exec {}", words.join(" "));
    let ran = Ran::of(Command::new("sh").args(["-c", &script]).output().unwrap());
    assert!(ran.code == 1 && ran.stderr.contains("ledger"), "{} {}", ran.code, ran.stderr);
    let during = relay.count() - before;
    let mut last = site.run(&["run"]);
    for _ in 0..2 {
        last = site.run(&["run"]);
    }
    assert_eq!(last.code, 0, "{}", last.stderr);
    let states = deliveries(&site);
    assert_eq!(states["sent"] + states["in_doubt"], 600, "{states:?}");
    holds(&format!("disk full while committing, after {during} more copies"), &site, &relay, 600, began);
}

/// Postfix's own sink with one of its faults.
struct Sink(Child, u16);

impl Sink {
    fn start(faults: &[&str]) -> Self {
        let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let is_root =
            std::fs::metadata("/proc/self").is_ok_and(|meta| std::os::unix::fs::MetadataExt::uid(&meta) == 0);
        let user: &[&str] = if is_root { &["-u", "nobody"] } else { &[] };
        let child = Command::new("smtp-sink")
            .args(user)
            .args(faults)
            .args([&format!("127.0.0.1:{port}"), "100"])
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .expect("smtp-sink, of Postfix");
        let began = Instant::now();
        while TcpStream::connect(("127.0.0.1", port)).is_err() {
            assert!(began.elapsed() < Duration::from_secs(10), "smtp-sink did not start");
            std::thread::sleep(Duration::from_millis(10));
        }
        Self(child, port)
    }
}

impl Drop for Sink {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

#[test]
fn each_fault_of_postfixs_own_sink() {
    // Its options, what a run comes to, and what becomes of forty copies.
    let cases: [(&str, &[&str], i32, &str, u64); 13] = [
        ("no fault", &[], 0, "sent", 40),
        ("no PIPELINING", &["-p"], 0, "sent", 40),
        ("late replies", &["-w", "1", "-W", ".:1"], 0, "sent", 40),
        ("421 at CONNECT", &["-Q", "CONNECT"], 75, "planned", 40),
        ("cut at EHLO", &["-q", "EHLO"], 75, "planned", 40),
        ("cut at MAIL", &["-q", "MAIL"], 75, "planned", 40),
        ("cut at RCPT", &["-q", "RCPT"], 75, "planned", 40),
        ("cut at DATA", &["-q", "DATA"], 75, "planned", 40),
        ("cut after the dot", &["-q", "."], 75, "planned", 32),
        ("452 4.2.2 at RCPT", &["-r", "RCPT", "-b", "452 4.2.2 Mailbox full"], 0, "deferred", 40),
        ("550 5.1.1 at RCPT", &["-f", "RCPT", "-B", "550 5.1.1 User unknown"], 1, "planned", 10),
        ("451 4.3.0 after the dot", &["-r", ".", "-b", "451 4.3.0 Later"], 0, "deferred", 40),
        ("554 5.7.1 after the dot", &["-f", ".", "-B", "554 5.7.1 Spam"], 1, "planned", 36),
    ];
    for (name, faults, code, state, least) in cases {
        let began = Instant::now();
        let sink = Sink::start(faults);
        let site = Site::new().post("2026-11-20-one.md", simple("하나")).crowd(40);
        let mail = format!(
            "{CONFIG}mail: {{ transport: smtp, smtp: {{ host: 127.0.0.1, port: {}, connections: 4 }} }}\n",
            sink.1
        );
        let site = site.config(&mail);
        let faults_allowed = if name == "late replies" { 8 } else { 40 };
        let site = if faults_allowed == 8 { site.crowd(8) } else { site };
        let ran = site.run(&["run"]);
        assert_eq!(ran.code, code, "{name}: {}", ran.stderr);
        let states = deliveries(&site);
        assert_eq!(states.values().sum::<u64>(), faults_allowed, "{name}: {states:?}");
        assert!(states[state] >= least.min(faults_allowed), "{name}: {states:?}");
        assert!(states["in_doubt"] <= 8, "{name}: {states:?}");
        line(&format!(
            "smtp-sink, {name:<47} {ran:>13}  {:<44} {:>5.1} s",
            format!("{} {state}", states[state]),
            began.elapsed().as_secs_f64(),
            ran = format!("exit {code}")
        ));
    }
}
