//! How a site stands: `status` and `config show`.

use std::time::Duration;

use crate::relay::Relay;
use crate::site::{CONFIG, Site, simple};

#[test]
fn status_tells_of_feeds_and_of_those_who_are_never_written_to() {
    let relay = Relay::start(Duration::ZERO);
    let site = Site::new()
        .relay(relay.port, 1)
        .post("2026-11-20-a.md", simple("가"))
        .subscribers("- { email: kim@example.net }\n- { email: gone@example.net }\n");
    site.run(&["status"])
        .code(0)
        .prints("not there yet: rss.xml, atom.xml, feed.json; `tidings build` writes them");
    site.run(&["run"]).code(1);
    let status = site.run(&["status"]).code(0);
    status
        .prints("feeds: rss.xml, atom.xml, feed.json; changed ")
        .prints("newest post 2026-11-20")
        .prints("never written to: 1 bounced");
    let status = site.run(&["status", "--json"]).code(0).json();
    assert_eq!(status["suppressed"]["bounced"], 1);
    assert_eq!(status["feeds"]["documents"][0]["path"], "rss.xml");
    assert!(status["feeds"]["documents"][0]["written"].is_string());
    // One issue, copy by copy.
    let issue = status["issues"][0]["id"].as_str().unwrap();
    let copies = site.run(&["status", issue, "--sent", "--failed", "--json"]).json()["copies"].clone();
    assert_eq!(copies.as_array().unwrap().len(), 2);
    let sent = site.run(&["status", issue, "--sent"]).code(0);
    sent.prints("sent kim@example.net");
}

#[test]
fn config_show_tells_every_setting_and_no_secret() {
    let mail = "
mail:
  transport: smtp
  smtp:
    - { host: a.example, username: me, password: \"${SMTP_PASSWORD}\" }
    - { host: b.example, username: me, password_command: \"echo hunter2\", rate: 600/min }
webhooks:
  - { url: \"https://hooks.example/T0K3N/x\", secret_file: hook }
";
    let site = Site::new()
        .config(&format!("{CONFIG}{mail}"))
        .file("config/hook", "0123456789abcdef0123456789abcdef");
    let output = site.command(&["config", "show"]).env("SMTP_PASSWORD", "hunter3").output().unwrap();
    let shown = String::from_utf8(output.stdout).unwrap();
    for line in [
        "newsletters.weekly.schedule: \"0 8 * * MON\"  # config/tidings.yaml",
        "newsletters.weekly.select.max_age: 30d  # config/tidings.yaml",
        "newsletters.weekly.look: journal  # default",
        "mail.smtp[0].password: \"(hidden)\"  # config/tidings.yaml",
        "mail.smtp[1].rate: 600/min  # config/tidings.yaml",
        "mail.smtp[1].connections: 4  # default",
        "webhooks[0].url: \"https://hooks.example/…\"  # config/tidings.yaml",
        "webhooks[0].secret_file: config/hook  # config/tidings.yaml",
        "server.listen: 127.0.0.1:8080  # default",
    ] {
        assert!(shown.lines().any(|one| one == line), "{line} is not in\n{shown}");
    }
    for secret in ["hunter", "T0K3N", "0123456789abcdef"] {
        assert!(!shown.contains(secret), "{secret} in\n{shown}");
    }
}

#[test]
fn what_another_tool_has_mailed_is_counted_as_sent() {
    let site = Site::new().post("2026-11-20-a.md", simple("가"));
    site.run(&["send", "--assume-sent"]).code(0).says("가”: 1 copy counted as sent; nothing has gone out");
    assert!(site.outbox().is_empty());
    site.run(&["send"]).code(0).says("weekly: not due before");
    let site = site.post("2026-11-24-b.md", simple("나"));
    let next = site.run(&["--now", "2026-11-30T09:00:00+09:00", "run"]).code(0);
    next.says("나”: 1 sent");
    assert!(!site.outbox()[0].contains("2026-11-20"));
}

#[test]
fn cron_hears_once_a_day_that_the_relay_is_away() {
    // Nobody listens there.
    let port = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let site = Site::new().relay(port, 1).post("2026-11-20-a.md", simple("가"));
    let at = |time: &str| site.run(&["--now", time, "run"]).code(75).stderr;
    assert!(at("2026-11-23T09:00:00+09:00").contains("the relay is away"));
    for time in ["2026-11-23T09:10:00+09:00", "2026-11-23T10:00:00+09:00", "2026-11-24T08:50:00+09:00"] {
        assert_eq!(at(time), "", "{time}");
    }
    assert!(at("2026-11-24T09:10:00+09:00").contains("the relay is away"));
    // The owner who asks is answered.
    site.run(&["--now", "2026-11-24T09:20:00+09:00", "send"]).code(75).says("the relay is away");
}

#[test]
fn cron_hears_once_that_nobody_is_on_the_list() {
    let site = Site::new().post("2026-11-20-a.md", simple("가")).subscribers("[]\n");
    site.run(&["run"]).code(0).says("nobody on the list is active").says("subscribers add");
    site.run(&["run"]).code(0).silent();
}

#[test]
fn of_several_newsletters_one_that_is_sent_by_hand_must_be_named() {
    let config = format!("{CONFIG}  extra: {{ from: 시험 <news@example.com> }}\n");
    let site = Site::new().config(&config).post("2026-11-20-a.md", simple("가"));
    let ran = site.run(&["send"]).code(0);
    ran.says("extra: sent by hand only, with `tidings send --newsletter extra`");
    assert_eq!(site.outbox().len(), 1);
    site.run(&["send", "--newsletter", "extra"]).code(0).says("1 sent");
    assert_eq!(site.outbox().len(), 2);
}

#[test]
fn whoever_is_to_be_forgotten_by_a_mistyped_address_is_not_said_to_be() {
    let site = Site::new().subscribers("- { email: kim@example.net }\n");
    site.run(&["subscribers", "erase", "kmi@example.net"])
        .code(1)
        .says("nobody was known by `kmi@example.net`");
    site.run(&["subscribers", "erase", "kim@example.net"]).code(0).says("forgotten");
}

#[test]
fn cron_hears_once_of_an_address_that_is_none() {
    let site = Site::new().post("2026-11-20-a.md", simple("가"));
    let site = site.subscribers("- { email: kim@example.net }\n- { email: lee }\n");
    site.run(&["run"]).code(0).says("an address that is none is left out").says("1 sent");
    let site = site.post("2026-11-24-b.md", simple("나"));
    let next = site.run(&["--now", "2026-11-30T09:00:00+09:00", "run"]).code(0).says("1 sent");
    next.never_says("address");
}

#[test]
fn whoever_has_left_and_is_put_on_the_list_again_is_told_of() {
    let site = Site::new().subscribers("[]\n");
    site.run(&["subscribers", "add", "kim@example.net"]).code(0);
    site.run(&["subscribers", "suppress", "kim@example.net"]).code(0);
    site.run(&["subscribers", "add", "kim@example.net"]).code(1).says("unsubscribed");
}

#[test]
fn hugo_says_where_its_pages_go() {
    let site = Site::bare()
        .file("hugo.toml", "baseURL = \"https://hugo.example/\"\npublishDir = \"docs\"\n")
        .file("content/posts/a.md", "---\ntitle: 가\ndate: 2026-11-20\n---\n글\n");
    site.run(&["build"]).code(0);
    assert!(site.read("docs/rss.xml").contains("가"));
    site.run(&["config", "show"]).prints("publish: docs  # hugo.toml");
}

#[test]
fn a_generators_configuration_that_cannot_be_read_is_told_where_it_is() {
    let site = Site::new().file("_config.yml", "title: a: b\n");
    let ran = site.run(&["check"]).code(2);
    ran.says("--> _config.yml:1:9").says("1 error, 0 warnings");
}

#[test]
fn git_does_not_keep_what_tidings_remembers() {
    let site = Site::new().post("2026-11-20-a.md", simple("가"));
    site.run(&["build"]).code(0);
    assert_eq!(site.read(".tidings/.gitignore"), "*\n");
}

#[test]
fn check_shows_no_password_beside_what_it_points_at() {
    let mail = "mail: { transport: smtp, smtp: { host: smtp.example.com, username: me, password: hunter2, ca_file: /nope/ca.pem } }\n";
    let ran = Site::new().config(&format!("{CONFIG}{mail}")).run(&["check"]);
    assert!(ran.stderr.contains("ca.pem") && !ran.stderr.contains("hunter2"), "{}", ran.stderr);
}

#[test]
fn what_a_run_has_left_is_not_counted_as_sent() {
    let port = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let site = Site::new().relay(port, 1).post("2026-11-20-a.md", simple("가"));
    site.run(&["run"]).code(75);
    site.run(&["send", "--assume-sent"]).code(0).never_says("counted as sent");
    let relay = Relay::start(Duration::ZERO);
    site.relay(relay.port, 1).run(&["--now", "2026-11-23T12:00:00+09:00", "run"]).code(0).says("1 sent");
}
