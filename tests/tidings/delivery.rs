//! Each subscriber gets each issue once.

use std::time::Duration;

use crate::relay::Relay;
use crate::site::{Site, simple};

const POST: &str = "2026-11-20-one.md";
/// An hour after the tests' usual moment.
const LATER: [&str; 2] = ["--now", "2026-11-23T10:00:00+09:00"];

fn site() -> Site {
    Site::new().post(POST, simple("하나"))
}

fn states(site: &Site) -> serde_json::Value {
    site.run(&["status", "--json"]).code(0).json()["issues"][0]["deliveries"].clone()
}

#[test]
fn a_second_run_prints_nothing_and_changes_no_byte() {
    let site = site();
    site.run(&["run"]).code(0).says("1 sent");
    let before = site.snapshot();
    site.run(&["run"]).code(0).silent();
    assert!(site.snapshot() == before, "a quiet run changed a file");
    assert_eq!(site.outbox().len(), 1);
}

#[test]
fn only_active_subscribers_get_mail() {
    let site = site().subscribers(
        "- { email: a@example.net }\n- { email: b@example.net, status: pending }\n- { email: c@example.net, status: unsubscribed }\n\
         - { email: d@example.net, status: bounced }\n- { email: e@example.net, status: complained }\n- { email: A@Example.NET }\n",
    );
    site.run(&["run"]).code(0).says("1 sent").says("twice");
    assert!(site.outbox()[0].contains("\r\n") && site.outbox()[0].starts_with("To: <a@example.net>\r\n"));
}

#[test]
fn the_next_issue_takes_only_what_is_new() {
    let site = site();
    site.run(&["run"]).code(0);
    let site = site.post("2026-11-27-two.md", simple("둘"));
    site.run(&["--now", "2026-11-29T09:00:00+09:00", "run"]).code(0).says("1 new");
    assert_eq!(site.outbox().len(), 1, "Sunday is not the newsletter's day");
    site.run(&["--now", "2026-11-30T08:00:00+09:00", "run"]).code(0).says("1 sent");
    let outbox = site.outbox();
    assert_eq!(outbox.len(), 2);
    assert!(outbox[1].contains("/ai_news/two/") && !outbox[1].contains("/ai_news/one/"));
}

#[test]
fn a_schedule_met_without_posts_does_not_send_the_next_post_at_once() {
    let site = Site::new();
    site.run(&["run"]).code(0);
    let site = site.post("2026-11-24-late.md", simple("화요일"));
    site.run(&["--now", "2026-11-24T12:00:00+09:00", "run"]).code(0);
    assert_eq!(site.outbox().len(), 0);
    site.run(&["--now", "2026-11-30T12:00:00+09:00", "run"]).code(0).says("1 sent");
}

#[test]
fn a_clock_that_was_wrong_once_does_not_silence_the_newsletter() {
    let site = site();
    site.run(&["--now", "2099-01-05T09:00:00+09:00", "run"]).code(0);
    assert_eq!(site.outbox().len(), 0);
    site.run(&["run"]).code(0).says("1 sent");
}

#[test]
fn an_empty_ledger_does_not_send_the_archive() {
    let site = site().post("2020-01-01-old.md", simple("옛글"));
    site.run(&["run"]).code(0).says("left out: 1 older than 30 days");
    assert!(!site.outbox()[0].contains("/ai_news/old/"));
}

#[test]
fn a_relay_gets_every_copy_once_and_the_ledger_knows() {
    let relay = Relay::start(Duration::ZERO);
    let site = site().crowd(57).relay(relay.port, 4);
    site.run(&["run"]).code(0).says("57 sent");
    site.run(&["run"]).code(0).silent();
    let mut recipients: Vec<_> = relay.taken().into_iter().map(|mail| mail.recipient).collect();
    recipients.sort();
    recipients.dedup();
    assert_eq!((relay.count(), recipients.len()), (57, 57));
    assert_eq!(states(&site)["sent"], 57);
}

#[test]
fn a_mailbox_that_is_gone_is_never_written_to_again() {
    let relay = Relay::start(Duration::ZERO);
    let list = "- { email: gone@example.net }\n- { email: here@example.net }\n";
    let site = site().subscribers(list).relay(relay.port, 1);
    site.run(&["run"]).code(1).says("1 sent, 1 refused");
    assert_eq!((&states(&site)["sent"], &states(&site)["failed"]), (&1.into(), &1.into()));
    let site = site.post("2026-11-27-two.md", simple("둘"));
    site.run(&["--now", "2026-11-30T08:00:00+09:00", "run"]).code(0).says("1 sent");
    assert_eq!(states(&site)["suppressed"], 1);
}

#[test]
fn a_full_mailbox_is_tried_again_by_a_later_run() {
    let relay = Relay::start(Duration::ZERO);
    let site = site().subscribers("- { email: full@example.net }\n").relay(relay.port, 1);
    site.run(&["run"]).code(0).says("1 to be tried again");
    site.run(&["run"]).code(0).silent();
    site.run(&[LATER[0], LATER[1], "run"]).code(0).says("1 to be tried again");
    assert_eq!(states(&site)["deferred"], 1);
    site.run(&["--now", "2026-11-25T12:00:00+09:00", "run"]).code(1).says("1 refused");
}

#[test]
fn a_relay_that_is_away_costs_nobody_a_copy() {
    let free = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let site = site().crowd(30).relay(free, 4);
    site.run(&["run"]).code(75).says("the relay is away");
    assert_eq!(states(&site)["planned"], 30);
    let relay = Relay::start(Duration::ZERO);
    let site = site.relay(relay.port, 4);
    site.run(&["run"]).code(0).says("30 sent");
    assert_eq!(relay.count(), 30);
}

#[test]
fn a_cut_after_the_final_dot_is_in_doubt_and_never_sent_again() {
    let relay = Relay::start(Duration::ZERO);
    let list = "- { email: cutdot@example.net }\n- { email: here@example.net }\n";
    let site = site().subscribers(list).relay(relay.port, 1);
    site.run(&["run"]).code(1).says("1 sent, 1 in doubt");
    site.run(&[LATER[0], LATER[1], "run"]).code(0).silent();
    assert_eq!(relay.count(), 2);
    assert_eq!(states(&site)["in_doubt"], 1);
    site.run(&["-v", "status"]).code(0).prints("in_doubt cutdot@example.net: dot");
}

#[test]
fn a_cut_inside_the_text_is_never_taken_for_delivered() {
    let relay = Relay::start(Duration::ZERO);
    let list = "- { email: cuttext@example.net }\n- { email: here@example.net }\n";
    let site = site().subscribers(list).relay(relay.port, 1);
    let ran = site.run(&["run"]);
    assert_ne!(ran.code, 0, "{}", ran.stderr);
    let states = states(&site);
    assert_eq!(
        states["sent"].as_u64().unwrap()
            + states["planned"].as_u64().unwrap()
            + states["in_doubt"].as_u64().unwrap(),
        2
    );
    assert!(relay.taken().iter().all(|mail| mail.recipient.starts_with("here")));
}

#[test]
fn a_subscriber_who_leaves_while_mail_waits_gets_none() {
    let free = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let site = site().crowd(3).relay(free, 1);
    site.run(&["run"]).code(75);
    let relay = Relay::start(Duration::ZERO);
    let site = site.relay(relay.port, 1).subscribers(
        "- { email: reader0@example.net }\n- { email: reader1@example.net, status: unsubscribed }\n",
    );
    site.run(&["run"]).code(0).says("1 sent");
    assert_eq!((relay.count(), relay.taken()[0].recipient.as_str()), (1, "reader0@example.net"));
}

#[test]
fn a_run_beside_another_leaves_at_once_and_says_so_by_its_code() {
    let site = site();
    std::fs::create_dir_all(site.path(".tidings")).unwrap();
    let lock = std::fs::File::create(site.path(".tidings/lock")).unwrap();
    lock.lock().unwrap();
    site.run(&["run"]).code(75).silent();
    site.run(&["send"]).code(75).says("another run is at work");
    drop(lock);
    site.run(&["run"]).code(0).says("1 sent");
}

#[test]
fn a_test_copy_is_marked_and_not_recorded() {
    let relay = Relay::start(Duration::ZERO);
    let site = site().relay(relay.port, 1);
    site.run(&["send", "--to", "me@example.org"]).code(0).says("a test copy has been sent");
    assert_eq!(relay.taken()[0].recipient, "me@example.org");
    assert!(relay.taken()[0].text.contains("Message-ID: <test-weekly-"));
    assert!(!site.path(".tidings/ledger.db").exists());
    site.run(&["run"]).code(0).says("1 sent");
}

#[test]
fn what_the_relay_gets_is_what_the_preview_showed() {
    let relay = Relay::start(Duration::ZERO);
    let site = site().relay(relay.port, 1);
    let shown = site.run(&["send", "--dry-run", "--format", "eml"]).code(0).stdout;
    site.run(&["run"]).code(0);
    assert_eq!(relay.taken()[0].text, shown);
}

#[test]
fn mail_by_hand_goes_only_by_hand() {
    let config = "site: { title: 공책, url: https://example.com, timezone: Asia/Seoul }\nnewsletters: { letter: { schedule: manual } }\n";
    let site = site().config(config);
    site.run(&["run"]).code(0);
    assert_eq!(site.outbox().len(), 0);
    site.run(&["send"]).code(0).says("1 sent");
    site.run(&["send"]).code(0).says("nothing new to send");
}

#[test]
fn standard_output_can_take_the_mail() {
    let site = site().config(&format!("{}mail: {{ transport: stdout }}\n", crate::site::CONFIG));
    site.run(&["send"]).code(0).prints("To: =?utf-8?B?").prints("List-Id: ");
}

#[test]
fn one_recipient_at_whom_the_relay_balks_holds_up_nobody() {
    let relay = Relay::start(Duration::ZERO);
    let list: String = (0..25).map(|n| format!("- {{ email: reader{n}@example.net }}\n")).collect();
    let site = site().subscribers(&format!("- {{ email: policy@example.net }}\n{list}")).relay(relay.port, 1);
    let ran = site.run(&["run"]).code(75).says("answered 550 5.7.1 (rcpt)");
    assert!(!ran.stderr.contains("policy@"), "the relay's words name a subscriber");
    // An hour later its turn has come again, but not before those who have not had theirs.
    site.run(&[LATER[0], LATER[1], "run"]).code(75);
    assert_eq!(relay.count(), 25);
    assert_eq!((&states(&site)["sent"], &states(&site)["planned"]), (&25.into(), &1.into()));
}

#[test]
fn a_sender_that_is_refused_costs_no_subscriber() {
    let relay = Relay::start(Duration::ZERO);
    let site = site().subscribers("- { email: sender@example.net }\n").relay(relay.port, 1);
    site.run(&["run"]).code(75).says("550 5.1.8");
    assert_eq!(states(&site)["planned"], 1);
}

#[test]
fn a_relay_that_hangs_up_after_every_message_is_left_alone_soon() {
    let relay = Relay::start(Duration::ZERO);
    let list: String = (0..40).map(|n| format!("- {{ email: cutdot{n}@example.net }}\n")).collect();
    let site = site().subscribers(&list).relay(relay.port, 1);
    site.run(&["run"]).code(75).says("2 in doubt");
    assert_eq!(relay.count(), 2);
}

#[test]
fn a_list_cut_short_for_one_run_loses_nobody_their_copy() {
    let free = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let site = site().crowd(3).relay(free, 1);
    site.run(&["run"]).code(75);
    let relay = Relay::start(Duration::ZERO);
    let site = site.relay(relay.port, 1).subscribers("");
    site.run(&["run"]).code(0).says("nobody on the list is active");
    site.run(&["run"]).code(0).silent();
    let site = site.crowd(1);
    site.run(&["run"]).code(0).says("1 sent");
    let site = site.crowd(3);
    site.run(&["run"]).code(0).says("2 sent");
    site.run(&["run"]).code(0).silent();
    assert_eq!(relay.count(), 3);
}

#[test]
fn a_time_of_the_schedule_is_met_even_while_an_older_issue_is_open() {
    let relay = Relay::start(Duration::ZERO);
    let config = "site: { title: t, url: https://example.com, timezone: Asia/Seoul }\n\
        newsletters: { daily: { from: n@example.com, schedule: \"0 8 * * *\" } }\n";
    let mail = format!(
        "mail: {{ transport: smtp, smtp: {{ host: 127.0.0.1, port: {}, tls: none }} }}\n",
        relay.port
    );
    let site = site()
        .config(&format!("{config}{mail}"))
        .subscribers("- { email: full@example.net }\n- { email: a@example.net }\n");
    site.run(&["run"]).code(0).says("1 sent");
    site.run(&["--now", "2026-11-24T08:10:00+09:00", "run"]).code(0);
    let site = site.post("2026-11-24-afternoon.md", "---\ntitle: b\ndate: 2026-11-24 14:00:00\n---\nx\n");
    let ran = site.run(&["--now", "2026-11-24T15:00:00+09:00", "run"]).code(0);
    assert_eq!(relay.count(), 1, "{}", ran.stderr);
}
