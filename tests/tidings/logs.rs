//! The log: lines for those who collect them, from which a copy can be followed, and nobody's address read.

use std::time::Duration;

use serde_json::Value;

use crate::relay::Relay;
use crate::site::{Site, simple};

fn lines(text: &str) -> Vec<Value> {
    let line = |line: &str| serde_json::from_str(line).unwrap_or_else(|error| panic!("{error}: {line}"));
    text.lines().map(line).collect()
}

#[test]
fn each_copy_is_a_line_that_ties_issue_subscriber_and_session() {
    let relay = Relay::start(Duration::ZERO);
    let site = Site::new().relay(relay.port, 1).post("2026-11-20-a.md", simple("가"));
    let site = site.subscribers(
        "- { email: kim@example.net }\n- { email: gone@example.net }\n- { email: full@example.org }\n",
    );
    let ran = site.run(&["--log", "json", "run"]).code(1);
    for word in ["kim", "gone@", "full@", "example.net", "example.org"] {
        assert!(!ran.stderr.contains(word), "{word} in\n{}", ran.stderr);
    }
    let all = lines(&ran.stderr);
    let of = |message: &str| all.iter().filter(|line| line["message"] == message).collect::<Vec<_>>();
    let deliveries = of("delivery");
    assert_eq!(deliveries.len(), 3);
    let mut states: Vec<&str> = deliveries.iter().map(|line| line["state"].as_str().unwrap()).collect();
    states.sort_unstable();
    assert_eq!(states, ["deferred", "failed", "sent"]);
    let sessions: Vec<&Value> = of("session opened").iter().map(|line| &line["session"]).collect();
    let begin = of("issue begins")[0];
    assert!(deliveries.iter().all(|line| {
        line["level"] == "INFO" && line["issue"] == begin["issue"] && sessions.contains(&&line["session"])
    }));
    assert!(sessions[0].as_str().unwrap().starts_with(begin["run"].as_str().unwrap()));
    assert_eq!(of("issue ends")[0]["sent"], 1);
    // Whose line it is can be seen by those who may see the list.
    let issue = begin["issue"].as_str().unwrap();
    let copies =
        site.run(&["status", issue, "--sent", "--failed", "--deferred", "--json"]).code(0).json()["copies"]
            .clone();
    for copy in copies.as_array().unwrap() {
        let line = deliveries.iter().find(|line| line["subscriber"] == copy["log"]).unwrap();
        assert_eq!(line["state"], copy["state"]);
    }
}

#[test]
fn all_that_is_said_is_a_line_of_the_log() {
    let site =
        Site::new().post("2026-11-20-a.md", simple("가")).post("2026-11-21-b.md", "---\ntitle: [\n---\nx\n");
    let all = lines(&site.run(&["--log", "json", "build"]).code(1).stderr);
    let finding = all.iter().find(|line| line["code"] == "front-matter").unwrap();
    assert_eq!((&finding["level"], &finding["path"]), (&"ERROR".into(), &"posts/2026-11-21-b.md".into()));
    assert!(finding["line"].is_u64() && finding["help"].is_string(), "{finding}");
    assert_eq!(all[0]["timestamp"], "2026-11-23T00:00:00.000000Z");
    let text = site.run(&["--log", "text", "--config", "nowhere.yaml", "build"]).code(2).stderr;
    assert!(text.starts_with("2026-11-23T00:00:00.000000Z ERROR "), "{text}");
    // Quiet has the errors alone.
    assert_eq!(lines(&site.run(&["-q", "--log", "json", "build"]).stderr).len(), 1);
}

#[test]
fn a_bounce_is_a_line_too() {
    let relay = Relay::start(Duration::ZERO);
    let mail = format!(
        "{}mail: {{ transport: smtp, bounces: {{ address: bounce@example.com }}, smtp: {{ host: 127.0.0.1, port: {} }} }}\n",
        crate::site::CONFIG,
        relay.port
    );
    let site = Site::new().config(&mail).post("2026-11-20-a.md", simple("가"));
    site.run(&["run"]).code(0);
    let copy = &relay.taken()[0];
    let report = format!(
        "From: MAILER-DAEMON@relay.test\nTo: {0}\nContent-Type: multipart/report; report-type=delivery-status; boundary=b\n\n--b\nContent-Type: text/plain\n\nno\n--b\nContent-Type: message/delivery-status\n\nReporting-MTA: dns; relay.test\n\nFinal-Recipient: rfc822; {1}\nAction: failed\nStatus: 5.1.1\n\n--b--\n",
        copy.sender, copy.recipient
    );
    let site = site.file("report", report);
    let ran = site.run(&["--log", "json", "bounces", site.path("report").to_str().unwrap()]).code(0);
    let line = lines(&ran.stderr).into_iter().find(|line| line["message"] == "report").unwrap();
    assert_eq!((&line["reason"], &line["code"]), (&"bounced".into(), &"5.1.1".into()));
    assert!(!ran.stderr.contains("kim@"), "{}", ran.stderr);
}

#[test]
fn no_address_is_in_the_log_of_other_commands_either() {
    let site = Site::new()
        .post("2026-11-20-a.md", simple("가"))
        .subscribers("- { email: \"o`brien@gmial.com\" }\n- { email: two@@example.net }\n");
    let told = [
        site.run(&["--log", "json", "check"]).stderr,
        site.run(&["--log", "json", "subscribers", "erase", "nobody@example.net"]).stderr,
        site.run(&["--log", "json", "-v", "subscribers", "add", "not@@one"]).stderr,
    ];
    for text in told {
        assert!(!text.contains('@') && !text.is_empty(), "{text}");
    }
}
