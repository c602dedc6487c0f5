//! What comes back, and what follows from it: reports as many mail systems write them, by their structure and codes alone.

use std::time::Duration;

use crate::relay::{Mail, Relay};
use crate::site::{CONFIG, Site, simple};

const FIXTURES: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fixtures/bounces");

/// A site that has sent one issue, with envelope senders of their own or without; and the copy that reader@example.net got.
fn sent(relay: &Relay, bounces: &str) -> (Site, Mail) {
    let site = site(relay, bounces);
    site.run(&["run"]).code(0).says("2 sent");
    let copy = relay.taken().into_iter().find(|mail| mail.recipient == "reader@example.net").unwrap();
    (site, copy)
}

fn site(relay: &Relay, bounces: &str) -> Site {
    let mail = format!(
        "{CONFIG}mail:\n  transport: smtp\n  smtp: {{ host: 127.0.0.1, port: {} }}\n  bounces: {{ {bounces} }}\n",
        relay.port
    );
    Site::new()
        .config(&mail)
        .subscribers("- { email: reader@example.net }\n- { email: other@example.net }\n")
        .post("2026-11-20-one.md", simple("하나"))
}

/// A fixture with what it says of our copy put in.
fn filled(name: &str, copy: &Mail) -> Vec<u8> {
    let token = copy.sender.split(['+', '@']).nth(1).unwrap();
    let id = copy.text.split("Message-ID: <").nth(1).unwrap().split('>').next().unwrap();
    let raw = std::fs::read(format!("{FIXTURES}/{name}")).unwrap();
    // Some are not UTF-8, and stay so.
    let text: String = raw.iter().copied().map(char::from).collect();
    text.replace("@TOKEN@", token)
        .replace("@MESSAGE_ID@", id)
        .chars()
        .map(|c| u8::try_from(u32::from(c)).unwrap())
        .collect()
}

/// What became of the copy.
fn state(site: &Site) -> String {
    let json = site.run(&["status", "--json"]).code(0).json();
    let issue = json["issues"][0]["id"].as_str().unwrap();
    let copies = site.run(&["status", issue, "--json"]).code(0).json()["copies"].clone();
    copies.as_array().unwrap().iter().find(|copy| copy["email"] == "reader@example.net").map_or_else(
        || "sent".to_owned(),
        |copy| format!("{} {}", copy["state"], copy["phase"]).replace('"', ""),
    )
}

#[test]
fn reports_of_many_systems_are_read_by_structure_and_code() {
    let relay = Relay::start(Duration::ZERO);
    let (site, copy) = sent(&relay, "address: bounce@example.com");
    let ledger = std::fs::read(site.path(".tidings/ledger.db")).unwrap();
    let expected = std::fs::read_to_string(format!("{FIXTURES}/EXPECTED.tsv")).unwrap();
    let mut wrong = Vec::new();
    for line in expected.lines().skip(1).filter(|line| !line.starts_with("three.mbox")) {
        let [name, verdict, ..] = line.split('\t').collect::<Vec<_>>()[..] else { panic!("{line}") };
        for rest in ["-wal", "-shm"] {
            let _ = std::fs::remove_file(site.path(&format!(".tidings/ledger.db{rest}")));
        }
        std::fs::write(site.path(".tidings/ledger.db"), &ledger).unwrap();
        let report = site.path("report.eml");
        std::fs::write(&report, filled(name, &copy)).unwrap();
        let ran = site.run(&["bounces", report.to_str().unwrap()]).code(0);
        let found = match (ran.stderr.contains("1 bounced"), ran.stderr.contains("1 complained")) {
            (true, _) => "hard",
            (_, true) => "complaint",
            _ if ran.stderr.contains("1 unsubscribed") => "unsubscribed",
            _ if state(&site) == "failed bounce" => "soft",
            _ => "ignored",
        };
        if found != verdict {
            wrong.push(format!("{name}: {found}, not {verdict}: {}", ran.stderr));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join(""));
}

#[test]
fn a_mailbox_file_holds_many_and_each_counts_once() {
    let relay = Relay::start(Duration::ZERO);
    let (site, copy) = sent(&relay, "address: bounce@example.com");
    std::fs::write(site.path("three.mbox"), filled("three.mbox", &copy)).unwrap();
    let path = site.path("three.mbox");
    site.run(&["bounces", path.to_str().unwrap()])
        .code(0)
        .says("2 reports in 3 messages: no more mail to 1 subscriber (1 bounced); 1 noted");
    site.run(&["bounces", path.to_str().unwrap()]).code(0).says("2 reports in 3 messages: 0 noted");
    assert_eq!(state(&site), "failed bounce");
}

#[test]
fn run_reads_the_maildir_first_and_the_next_issue_leaves_the_dead_out() {
    let relay = Relay::start(Duration::ZERO);
    let (site, copy) = sent(&relay, "address: bounce@example.com, maildir: ../bounced");
    let site =
        ["tmp", "cur"].iter().fold(site, |site, folder| site.file(&format!("bounced/{folder}/.keep"), ""));
    let site = site
        .file("bounced/new/1", filled("postfix-5.1.1.eml", &copy))
        .file("bounced/new/2", filled("vacation.eml", &copy));
    let site = site.post("2026-11-27-two.md", simple("둘"));
    let next = ["--now", "2026-11-30T08:00:00+09:00", "run"];
    site.run(&next).code(0).says("no more mail to 1 subscriber (1 bounced)").says("1 sent");
    assert!(site.path("bounced/cur/1:2,S").exists() && site.path("bounced/new/2").exists());
    site.run(&next).code(0).silent();
    let json = site.run(&["status", "--json"]).code(0).json();
    assert_eq!(json["issues"][0]["deliveries"]["suppressed"], 1);
}

#[test]
fn an_mta_may_pipe_a_report_in() {
    let relay = Relay::start(Duration::ZERO);
    let (site, copy) = sent(&relay, "address: bounce@example.com");
    let mut child = site.command(&["bounces", "-"]).stdin(std::process::Stdio::piped()).spawn().unwrap();
    std::io::Write::write_all(&mut child.stdin.take().unwrap(), &filled("gmail-5.1.1.eml", &copy)).unwrap();
    assert!(child.wait().unwrap().success());
    assert_eq!(state(&site), "failed bounce");
}

#[test]
fn without_an_address_of_their_own_the_message_id_says_whose_it_was() {
    let relay = Relay::start(Duration::ZERO);
    let (site, mut copy) = sent(&relay, "");
    copy.sender = "bounce+none@example.com".to_owned();
    let site = site.file("report", filled("postfix-5.1.1.eml", &copy));
    site.run(&["bounces", site.path("report").to_str().unwrap()]).code(0).says("1 bounced");
}

#[test]
fn a_forged_report_takes_nobody_off() {
    let relay = Relay::start(Duration::ZERO);
    let (site, mut copy) = sent(&relay, "address: bounce@example.com");
    copy.sender = copy.sender.replace("bounce+a", "bounce+b").replace("bounce+c", "bounce+d");
    copy.sender.replace_range(30..31, if &copy.sender[30..31] == "a" { "b" } else { "a" });
    let site = site.file("report", filled("postfix-5.1.1.eml", &copy));
    site.run(&["bounces", site.path("report").to_str().unwrap()]).code(0).says("1 about nobody of ours");
    assert_eq!(state(&site), "sent");
}

#[test]
fn five_issues_in_a_row_that_come_back_are_enough_and_one_that_arrives_begins_anew() {
    let relay = Relay::start(Duration::ZERO);
    let mut site = site(&relay, "address: bounce@example.com");
    let mut suppressed = Vec::new();
    for week in 0..9u32 {
        let day =
            chrono::NaiveDate::from_ymd_opt(2026, 11, 23).unwrap() + chrono::Days::new(7 * u64::from(week));
        let now = format!("{day}T09:00:00+09:00");
        let before = day - chrono::Days::new(2);
        site = site.post(&format!("{before}-p{week}.md"), simple(&format!("글 {week}")));
        site.run(&["--now", &now, "run"]).code(0);
        let Some(copy) = relay.taken().into_iter().rev().find(|mail| mail.recipient == "reader@example.net")
        else {
            continue;
        };
        // The third arrives.
        if week != 2 {
            site = site.file("report", filled("postfix-5.2.2.eml", &copy));
            let ran = site.run(&["--now", &now, "bounces", site.path("report").to_str().unwrap()]).code(0);
            if ran.stderr.contains("1 bounced") {
                suppressed.push(week);
            }
        }
    }
    assert_eq!(suppressed, [7]);
}
