//! The command line: its codes, its streams, its words.

use crate::site::{CONFIG, Ran, Site, simple};

#[test]
fn usage_and_configuration_errors_are_2_and_do_nothing() {
    let site = Site::new().post("2026-11-20-a.md", simple("가"));
    let before = site.snapshot();
    site.run(&["bogus"]).code(2);
    site.run(&["send", "--newsletter", "weakly"]).code(2).says("did you mean `weekly`?");
    site.run(&["send", "--to", "nobody"]).code(2).says("`nobody` is not an address");
    site.run(&["--now", "yesterday", "run"]).code(2).says("a moment with its offset");
    assert!(
        site.snapshot().iter().filter(|(path, ..)| !path.starts_with(site.path(".tidings"))).count()
            == before.len()
    );
    site.config("site: {}\n").run(&["run"]).code(2).says("`site.url` is missing");
}

#[test]
fn a_site_without_a_posts_folder_keeps_its_feeds() {
    let site = Site::new().post("2026-11-20-a.md", simple("가"));
    site.run(&["build"]).code(0);
    let before = site.read("public/atom.xml");
    std::fs::remove_dir_all(site.path("posts")).unwrap();
    let site = site.config(&CONFIG.replace("newsletters:", "posts: { dir: posts }\nnewsletters:"));
    site.run(&["build"]).code(2).says("there is no posts folder `posts`");
    assert_eq!(site.read("public/atom.xml"), before);
}

#[test]
fn findings_as_json_name_file_line_and_column() {
    let site = Site::new().post("2026-11-20-a.md", "---\ntitle: 가: 나\n---\n");
    let found = site.run(&["check", "--json"]).code(1).json();
    let first = &found[0];
    assert_eq!((&first["severity"], &first["code"]), (&"error".into(), &"front-matter".into()));
    assert_eq!(
        (&first["path"], &first["line"], &first["column"]),
        (&"posts/2026-11-20-a.md".into(), &2.into(), &9.into())
    );
    assert!(first["help"].as_str().unwrap().contains("quotes"));
}

#[test]
fn a_newsletter_that_no_post_fits_is_pointed_out() {
    let config = CONFIG.replace("max_age: 30d", "max_age: 30d, categories: [Devlog]");
    Site::new()
        .config(&config)
        .post("2026-11-20-a.md", simple("가"))
        .run(&["check"])
        .code(0)
        .says("no post is of the kind that");
}

#[test]
fn a_site_without_faults_passes_check() {
    let site = Site::new().post("2026-11-20-a.md", simple("가"));
    site.run(&["check"]).code(0).says("nothing is wrong");
    assert_eq!(site.run(&["check", "--json"]).code(0).json(), serde_json::json!([]));
}

#[test]
fn status_tells_what_is_due_and_what_was_sent() {
    let site = Site::new().post("2026-11-20-a.md", simple("가"));
    site.run(&["status"]).code(0).prints("weekly (0 8 * * MON): due now; 1 post waiting");
    site.run(&["run"]).code(0);
    site.run(&["status"]).code(0).prints("next 2026-11-30 08:00 KST").prints("1 sent");
    let status = site.run(&["status", "--json"]).code(0).json();
    assert_eq!(status["due"], serde_json::json!([]));
    assert_eq!(status["issues"][0]["newsletter"], "weekly");
    assert_eq!(status["issues"][0]["deliveries"]["sent"], 1);
    assert_eq!(status["newsletters"][0]["name"], "weekly");
}

#[test]
fn quiet_says_nothing_but_errors() {
    let site = Site::new().post("2026-11-20-a.md", simple("가"));
    site.run(&["-q", "run"]).code(0).silent();
    let ran = site.post("2026-11-21-b.md", "---\ntitle: [\n---\n").run(&["-q", "build"]).code(1);
    assert!(ran.stderr.starts_with("error"), "{}", ran.stderr);
}

#[test]
fn colour_comes_only_when_asked_for() {
    let site = Site::new().post("2026-11-20-a.md", "---\ntitle: [\n---\n");
    assert!(!site.run(&["check"]).code(1).stderr.contains('\u{1b}'));
    assert!(site.run(&["--color", "always", "check"]).code(1).stderr.contains('\u{1b}'));
}

#[test]
fn a_secret_from_the_environment_is_needed_only_to_send_and_never_shown() {
    let mail = "mail: { transport: smtp, smtp: { host: localhost, port: 1, username: me, password: \"${TIDINGS_TEST_SECRET}\" } }\n";
    let site = Site::new().config(&format!("{CONFIG}{mail}")).post("2026-11-20-a.md", simple("가"));
    site.run(&["build"]).code(0);
    site.run(&["send", "--dry-run"]).code(0);
    site.run(&["send"]).code(2).says("the environment variable `TIDINGS_TEST_SECRET` is not set");
    let output = site.command(&["-v", "send"]).env("TIDINGS_TEST_SECRET", "hunter2").output().unwrap();
    let ran = Ran::of(output).code(75);
    assert!(!ran.stderr.contains("hunter2") && !ran.stdout.contains("hunter2"));
}

#[test]
fn no_address_is_told_at_default_verbosity() {
    let site = Site::new().post("2026-11-20-a.md", simple("가"));
    let ran = site.run(&["run"]).code(0);
    assert!(!ran.stderr.contains("kim@"), "{}", ran.stderr);
}

#[test]
fn a_list_in_csv_serves_as_well() {
    let config = CONFIG.replace("select:", "subscribers: list.csv, select:");
    let csv = "Email,Name,Status,Topics\na@example.net,\"김, 민지\",active,AI;도시\nb@example.net,,unsubscribed,\nbad,,,\nc@example.net,,nonsense,\n";
    let site = Site::new().config(&config).file("config/list.csv", csv).post("2026-11-20-a.md", simple("가"));
    site.run(&["run"]).code(0).says("1 sent").says("config/list.csv").says("a status is not known");
    assert_eq!(site.outbox().len(), 1);
    site.run(&["check"]).code(1).says("config/list.csv:4:1").says("`nonsense` is not a status");
}

#[test]
fn a_list_that_may_say_who_left_in_words_unknown_here_is_refused() {
    let config = CONFIG.replace("select:", "subscribers: list.csv, select:");
    let csv = "email,name,subscribed_to_emails\na@example.net,A,false\n";
    let site = Site::new().config(&config).file("config/list.csv", csv).post("2026-11-20-a.md", simple("가"));
    site.run(&["run"]).code(1).says("the list cannot be read");
    site.run(&["check"]).code(1).says("the column `subscribed_to_emails` is not known here");
    assert_eq!(site.outbox().len(), 0);
}

#[test]
fn of_two_entries_the_one_that_keeps_mail_away_counts() {
    let list = "- { email: a@example.net }\n- { email: b@example.net }\n- { email: A@example.net, status: unsubscribed }\n";
    let site = Site::new().subscribers(list).post("2026-11-20-a.md", simple("가"));
    site.run(&["run"]).code(0).says("1 sent");
    assert!(site.outbox()[0].starts_with("To: <b@example.net>"));
}

#[test]
fn a_password_in_the_config_is_shown_in_no_message() {
    for smtp in [
        "host: h, tls: startls, username: me, password: hunter2",
        "host: h, pasword: hunter2",
        "host: h, \"password\": hunter2, prot: 3",
        "host: h, password : hunter2, prot: 3",
        "host: h, password: \"a,hunter2\", prot: 3",
        "host: h, code: hunter2",
    ] {
        let site = Site::new().config(&format!("{CONFIG}mail: {{ transport: smtp, smtp: {{ {smtp} }} }}\n"));
        let ran = site.run(&["check"]).code(2).says("config/tidings.yaml");
        assert!(!ran.stderr.contains("hunter2"), "{smtp}:\n{}", ran.stderr);
    }
}

#[test]
fn an_address_in_a_list_that_cannot_be_read_stays_out_of_the_log() {
    for list in ["- bob@secret.example\n", "- bob@secret.example: x\n"] {
        let site = Site::new().subscribers(list).post("2026-11-20-a.md", simple("가"));
        let ran = site.run(&["run"]).code(1).says("the list cannot be read");
        assert!(!ran.stderr.contains("bob@"), "{}", ran.stderr);
    }
}

#[test]
fn a_short_secret_or_a_plain_address_cannot_carry_links() {
    let post = simple("가");
    for (url, secret, words) in [
        ("https://news.example.com", "", "shorter than 16"),
        ("http://news.example.com", "0123456789abcdef", "is not https"),
    ] {
        let config = format!("{CONFIG}server: {{ url: {url}, secret_file: secret }}\n");
        let site = Site::new().config(&config).file("config/secret", secret).post("2026-11-20-a.md", &post);
        site.run(&["send"]).code(2).says(words);
    }
}

#[test]
fn feeds_are_kept_when_every_post_is_suddenly_gone() {
    let site = Site::new().post("2026-11-20-a.md", simple("가"));
    site.run(&["build"]).code(0);
    let before = site.read("public/atom.xml");
    site.run(&["--now", "1970-01-02T00:00:00Z", "build"]).code(1).says("the feeds are kept as they are");
    assert_eq!(site.read("public/atom.xml"), before);
}

#[test]
fn a_jekyll_site_needs_no_config_at_all() {
    let jekyll = "title: 민수의 블로그\nurl: https://minsu.example.com\nbaseurl: /blog\ntimezone: Asia/Seoul\nlang: ko_KR\nauthor: 민수\nexclude: [config, templates]\nplugins: [jekyll-feed]\n";
    let site = Site::bare().file("_config.yml", jekyll).file(
        "_posts/2026-11-20-가격표.md",
        "---\ntitle: 가\ncategories: Dev_Log\n---\n본문 [글]({{ site.baseurl }}/x)\n\n```\n{{ code }}\n```\n",
    );
    site.run(&["build"]).code(0).says("1 new");
    let feed: serde_json::Value = serde_json::from_str(&site.read("public/feed.json")).unwrap();
    assert_eq!((&feed["title"], &feed["language"]), (&"민수의 블로그".into(), &"ko-KR".into()));
    let html = feed["items"][0]["content_html"].as_str().unwrap();
    assert!(html.contains("<a href=\"https://minsu.example.com/blog/x\">글</a>"), "{html}");
    // As jekyll-feed 0.15 under Jekyll 4.3 gives them for this very site.
    let folder = "https://minsu.example.com/blog/dev_log/2026/11/20/%EA%B0%80%EA%B2%A9%ED%91%9C";
    assert_eq!(feed["items"][0]["id"], folder);
    assert_eq!(feed["items"][0]["url"], format!("{folder}.html"));
    let site = site
        .file("_config.yml", jekyll.replace("exclude: [config, templates]", "exclude: [vendor]"))
        .config("posts: { permalink: pretty }\n");
    site.run(&["check"]).code(0).says("Jekyll copies `config/` into the published site");
}

#[test]
fn feeds_may_go_where_the_owner_says() {
    let site =
        Site::new().config(&format!("{CONFIG}publish: _site/feeds\n")).post("2026-11-20-a.md", simple("가"));
    site.run(&["run"]).code(0);
    assert!(site.read("_site/feeds/atom.xml").contains("<entry>"));
    site.run(&["build", "--out", site.path("other").to_str().unwrap()]).code(0);
    assert_eq!(site.read("other/atom.xml"), site.read("_site/feeds/atom.xml"));
}

#[test]
fn help_names_every_command() {
    let ran = Site::new().run(&["--help"]).code(0);
    for command in ["build", "send", "run", "status", "check"] {
        assert!(ran.stdout.contains(&format!("\n  {command}")), "{command}");
    }
}
