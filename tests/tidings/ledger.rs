//! The memory as a whole: copied while others are at work, and looked at.

use std::time::Duration;

use crate::relay::Relay;
use crate::site::{Site, simple};

#[test]
fn a_copy_that_is_made_beside_a_run_is_whole_and_knows_what_was_sent() {
    let relay = Relay::start(Duration::from_millis(10));
    let site = Site::new().relay(relay.port, 1).crowd(200).post("2026-11-20-a.md", simple("가"));
    let mut run = site.command(&["run"]).spawn().unwrap();
    while relay.count() < 10 {
        std::thread::sleep(Duration::from_millis(5));
    }
    let copy = site.path("copy.db");
    site.run(&["ledger", "copy", copy.to_str().unwrap()])
        .code(0)
        .says("1 issue, 200 copies")
        .says("the ledger is whole");
    assert_eq!(run.wait().unwrap().code(), Some(0));
    // It is one file, and what had been sent by then is in it.
    assert!(!site.path("copy.db-wal").exists() && !site.path("copy.part").exists());
    let mode = std::os::unix::fs::PermissionsExt::mode(&copy.metadata().unwrap().permissions());
    assert_eq!(mode & 0o777, 0o600);
    let db = rusqlite::Connection::open(&copy).unwrap();
    let sent: u32 =
        db.query_row("SELECT count(*) FROM delivery WHERE state = 'sent'", [], |row| row.get(0)).unwrap();
    assert!((5..200).contains(&sent), "{sent}");
    site.run(&["ledger", "copy", copy.to_str().unwrap()]).code(2).says("is there already");
}

#[test]
fn what_is_wrong_with_a_ledger_is_told() {
    let site = Site::new().post("2026-11-20-a.md", simple("가"));
    site.run(&["ledger", "verify"]).code(2).says("there is no ledger yet");
    site.run(&["run"]).code(0);
    site.run(&["ledger", "verify"]).code(0).says("1 issue, 1 copy").says("the ledger is whole");
    let db = rusqlite::Connection::open(site.path(".tidings/ledger.db")).unwrap();
    // The same post to the same person in another issue.
    db.execute_batch(
        "INSERT INTO issue (id, newsletter, subject, created, frozen) SELECT 'other', newsletter, subject, created, frozen FROM issue;
         INSERT INTO issue_post (issue, post, source, updated) SELECT 'other', post, source, updated FROM issue_post;
         INSERT INTO delivery (issue, subscriber, email, name, state, changed) SELECT 'other', subscriber, email, name, state, changed FROM delivery;",
    )
    .unwrap();
    site.run(&["ledger", "verify"]).code(1).says("somebody was sent a post twice: 1 case");
    db.execute_batch("UPDATE issue SET frozen = '{' WHERE id = 'other'").unwrap();
    site.run(&["ledger", "verify"]).code(1).says("the issue `other` cannot be read");
}
