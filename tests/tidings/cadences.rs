//! Who gets which post when: cadences, topics, languages, and posts that settle or are updated.

use std::collections::BTreeMap;

use chrono::Datelike as _;

use crate::checkers;
use crate::site::{CONFIG, Site};

const LIST: &str = "\
- { email: all@example.net }
- { email: city@example.net, topics: [city] }
- { email: each@example.net, cadence: each }
- { email: day-ai@example.net, cadence: daily, topics: [ai] }
- { email: month@example.net, cadence: monthly, language: en }
- { email: both@example.net, cadence: daily, topics: [City, AI] }
";

/// A site whose newsletter goes out on Mondays at 8 in Berlin, where the clocks change in the night to 25 October 2026.
fn berlin() -> Site {
    let config =
        CONFIG.replace("Asia/Seoul", "Europe/Berlin").replace("max_age: 30d", "max_age: 40d, max: 50");
    Site::new().config(&config).subscribers(LIST)
}

fn post(day: u32, month: u32, tag: &str) -> (String, String) {
    let name = format!("2026-{month:02}-{day:02}-{tag}-{month:02}{day:02}.md");
    let text =
        format!("---\ntitle: {tag} {month:02}-{day:02}\ntags: [{tag}]\n---\n{tag} {day} {month} 글.\n");
    (name, text)
}

/// What each subscriber has got: the posts' titles, with the day on which they came.
fn got(site: &Site) -> BTreeMap<String, Vec<(String, String)>> {
    let mut got: BTreeMap<String, Vec<(String, String)>> = BTreeMap::new();
    for mail in site.outbox() {
        let read = checkers::read_mail(&mail);
        let date = read["headers"]["Date"].as_str().unwrap();
        let day = date.split_whitespace().skip(1).take(2).collect::<Vec<_>>().join(" ");
        let text = read["parts"]["text/plain"].as_str().unwrap();
        let is_title = |line: &&str| line.starts_with("ai ") || line.starts_with("city ");
        let titles = text.lines().map(str::trim_end).filter(is_title).filter(|line| !line.ends_with('.'));
        let to = read["headers"]["To"].as_str().unwrap().to_owned();
        got.entry(to).or_default().extend(titles.map(|title| (title.to_owned(), day.clone())));
    }
    got
}

#[test]
fn over_sixty_days_each_gets_each_post_once_and_in_time() {
    let mut site = berlin();
    let mut all = Vec::new();
    let start = chrono::NaiveDate::from_ymd_opt(2026, 9, 28).unwrap();
    for day in 0..60_u64 {
        let date = start + chrono::Days::new(day);
        // Every second day a post about one thing, every fifth about the other as well.
        for (every, tag) in [(2, "ai"), (5, "city")] {
            if day % every == 0 {
                let (name, text) = post(date.day(), date.month(), tag);
                all.push(format!("{tag} {}", date.format("%m-%d")));
                site = site.post(&name, text);
            }
        }
        // Somebody changes their mind about how often.
        if day == 30 {
            site = site.subscribers(
                &LIST.replace("both@example.net, cadence: daily", "both@example.net, cadence: weekly"),
            );
        }
        for hour in ["07:59:00", "08:00:00", "13:30:00"] {
            let offset = if date < chrono::NaiveDate::from_ymd_opt(2026, 10, 25).unwrap() {
                "+02:00"
            } else {
                "+01:00"
            };
            site.run(&["--now", &format!("{date}T{hour}{offset}"), "run"]).code(0);
        }
    }
    let got = got(&site);
    let titles = |who: &str| {
        let mut titles: Vec<&str> = got[who].iter().map(|(title, _)| title.as_str()).collect();
        titles.sort_unstable();
        titles
    };
    // Who got what: those of a cadence that has come round since.
    let expected = |tags: &[&str], until: &str| {
        let mut expected: Vec<&str> = all
            .iter()
            .map(String::as_str)
            .filter(|title| {
                tags.iter().any(|tag| title.starts_with(tag)) && title.split(' ').nth(1).unwrap() <= until
            })
            .collect();
        expected.sort_unstable();
        expected
    };
    // The last day is Thursday, 26 November; posts are dated midnight.
    for (who, tags, until) in [
        ("all@example.net", &["ai", "city"][..], "11-23"),
        ("city@example.net", &["city"], "11-23"),
        ("each@example.net", &["ai", "city"], "11-26"),
        ("day-ai@example.net", &["ai"], "11-26"),
        ("month@example.net", &["ai", "city"], "11-01"),
        ("both@example.net", &["ai", "city"], "11-23"),
    ] {
        assert_eq!(titles(who), expected(tags, until), "{who}");
    }
    let days = |who: &str| {
        let mut days: Vec<&str> = got[who].iter().map(|(_, day)| day.as_str()).collect();
        days.dedup();
        days
    };
    assert_eq!(
        days("all@example.net"),
        ["28 Sep", "5 Oct", "12 Oct", "19 Oct", "26 Oct", "2 Nov", "9 Nov", "16 Nov", "23 Nov"]
            .map(|day| if day.len() == 5 { format!("0{day}") } else { day.to_owned() })
    );
    assert_eq!(days("month@example.net"), ["01 Oct", "01 Nov"]);
    site.run(&["--now", "2026-11-26T14:00:00+01:00", "run"]).code(0).silent();
}

#[test]
fn who_has_just_come_gets_what_comes_from_then_on() {
    let list = "- { email: a@example.net }\n";
    let site = Site::new().subscribers(list).post("2026-11-20-one.md", crate::site::simple("하나"));
    site.run(&["run"]).code(0).says("1 sent");
    let site = site.subscribers(&format!(
        "{list}- {{ email: b@example.net }}\n- {{ email: c@example.net, cadence: daily }}\n"
    ));
    site.run(&["--now", "2026-11-24T09:00:00+09:00", "run"]).code(0).silent();
    let site = site.post("2026-11-25-two.md", crate::site::simple("둘"));
    site.run(&["--now", "2026-11-30T09:00:00+09:00", "run"])
        .code(0)
        .says("2 sent")
        .says("“시험 공책: 둘”: 1 sent");
    assert_eq!(site.outbox().len(), 4);
    // Nor does anything from before come later, however often cron calls.
    let each = "- { email: a@example.net }\n- { email: b@example.net }\n- { email: c@example.net, cadence: daily }\n- { email: e@example.net, cadence: each }\n";
    let site = site.subscribers(each);
    site.run(&["--now", "2026-11-30T10:00:00+09:00", "run"]).code(0).silent();
    let site = site.post("2026-12-01-three.md", crate::site::simple("셋"));
    site.run(&["--now", "2026-12-01T07:00:00+09:00", "run"]).code(0).says("“시험 공책: 셋”: 1 sent");
    site.run(&["--now", "2026-12-01T07:10:00+09:00", "run"]).code(0).silent();
    site.run(&["--now", "2026-12-01T08:10:00+09:00", "run"]).code(0).says("“시험 공책: 셋”: 1 sent");
    site.run(&["--now", "2026-12-02T08:10:00+09:00", "run"]).code(0).silent();
    assert_eq!(site.outbox().len(), 6);
}

#[test]
fn a_post_that_has_just_changed_waits_until_it_has_settled() {
    let config = CONFIG.replace("select:", "settle: 30m, select:").replace("0 8 * * MON", "*/5 * * * *");
    let at = |time: &str| format!("2026-11-23T{time}:00+09:00");
    let site = Site::new().config(&config).post("2026-11-22-a.md", crate::site::simple("가"));
    site.run(&["--now", &at("09:00"), "send"]).code(0).says("waits for a post that has just changed");
    let site = site.post("2026-11-22-a.md", crate::site::simple("고친 가"));
    site.run(&["--now", &at("09:20"), "run"]).code(0);
    site.run(&["--now", &at("09:40"), "run"]).code(0).silent();
    site.run(&["--now", &at("09:40"), "send", "--dry-run", "--explain"])
        .code(0)
        .says("out: posts/2026-11-22-a.md: changed within the last 30 minutes");
    assert_eq!(site.outbox().len(), 0);
    site.run(&["--now", &at("09:50"), "run"]).code(0).says("“시험 공책: 고친 가”: 1 sent");
    // One that is withdrawn meanwhile is never mailed.
    let site = site.post("2026-11-23-b.md", crate::site::simple("나"));
    site.run(&["--now", &at("10:00"), "run"]).code(0);
    std::fs::remove_file(site.path("posts/2026-11-23-b.md")).unwrap();
    site.run(&["--now", &at("11:00"), "run"]).code(0);
    assert_eq!(site.outbox().len(), 1);
}

#[test]
fn an_updated_post_goes_out_again_only_where_that_is_wanted() {
    for (updated, expect) in [("", 1), (", updated: true", 2)] {
        let config = CONFIG
            .replace("max_age: 30d", &format!("max_age: 30d{updated}"))
            .replace("0 8 * * MON", "*/5 * * * *");
        let site = Site::new().config(&config).post("2026-11-20-a.md", "---\ntitle: 가\n---\n글\n");
        site.run(&["run"]).code(0);
        let site = site.post(
            "2026-11-20-a.md",
            "---\ntitle: 가\nlast_modified_at: 2026-11-23T10:00:00+09:00\n---\n고친 글\n",
        );
        for hour in ["10:30", "10:40"] {
            site.run(&["--now", &format!("2026-11-23T{hour}:00+09:00"), "run"]).code(0);
        }
        let outbox = site.outbox();
        assert_eq!(outbox.len(), expect, "{updated}");
        if expect == 2 {
            let texts: Vec<_> = outbox
                .iter()
                .map(|mail| checkers::read_mail(mail)["parts"]["text/plain"].to_string())
                .collect();
            assert!(
                texts.iter().any(|text| text.contains("고친 글") && text.contains("· 고친 글")),
                "{texts:?}"
            );
        }
    }
}

#[test]
fn each_hears_in_their_own_language() {
    let list = "- { email: a@example.net }\n- { email: b@example.net, language: en }\n- { email: c@example.net, language: ja }\n";
    let site = Site::new().subscribers(list).post("2026-11-20-a.md", crate::site::simple("가"));
    site.run(&["send", "--dry-run"])
        .code(0)
        .says("would go to 3 subscribers in 3 issues: 1 in en, 1 in ja, 1 in ko");
    site.run(&["run"]).code(0);
    let texts: Vec<String> = site
        .outbox()
        .iter()
        .map(|mail| checkers::read_mail(mail)["parts"]["text/plain"].to_string())
        .collect();
    for (date, words) in [
        ("2026년 11월 23일 (월)", "수신 거부"),
        ("Monday, 23 November 2026", "Unsubscribe"),
        ("2026年11月23日(月)", "配信停止"),
    ] {
        assert!(texts.iter().any(|text| text.contains(date) && text.contains(words)), "{date}: {texts:?}");
    }
}

#[test]
fn a_choice_may_go_by_author_section_language_and_what_is_excluded() {
    let wanted = "authors: [Kim], section: notes, language: en, exclude: { tags: [draft] }";
    let config = CONFIG.replace("max_age: 30d", &format!("max_age: 30d, {wanted}"));
    let post = |title: &str, rest: &str| format!("---\ntitle: {title}\ndate: 2026-11-20\n{rest}\n---\n글\n");
    let site = Site::new()
        .config(&config)
        .post("notes/a.md", post("맞음", "author: Kim\nlang: en"))
        .post("notes/b.md", post("다른 이", "author: Lee\nlang: en"))
        .post("notes/c.md", post("뺀 것", "author: Kim\nlang: en\ntags: [draft]"))
        .post("other/d.md", post("다른 곳", "author: Kim\nlang: en"))
        .post("notes/e.md", post("다른 말", "author: Kim\nlang: ko"));
    let preview = site.run(&["send", "--dry-run", "--format", "json"]).code(0).json();
    let titles: Vec<_> = preview["posts"].as_array().unwrap().iter().map(|post| &post["title"]).collect();
    assert_eq!(titles, ["맞음"]);
}

#[test]
fn a_pinned_post_comes_first() {
    let site = Site::new()
        .post("2026-11-20-old.md", "---\ntitle: 앞\npin: true\n---\n글\n")
        .post("2026-11-22-new.md", crate::site::simple("새 글"));
    site.run(&["send", "--dry-run"]).code(0).prints("Subject: 시험 공책: 앞").prints("추천");
}

#[test]
fn a_ledger_of_an_earlier_version_knows_what_was_sent() {
    let site = Site::new().post("2026-11-20-one.md", crate::site::simple("하나"));
    let fixture = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/ledgers/0002.db");
    std::fs::create_dir_all(site.path(".tidings")).unwrap();
    std::fs::copy(fixture, site.path(".tidings/ledger.db")).unwrap();
    site.run(&["--now", "2026-11-30T09:00:00+09:00", "send", "--dry-run"])
        .code(0)
        .says("nothing new to send");
    site.run(&["--now", "2026-11-30T09:00:00+09:00", "run"]).code(0);
    assert_eq!(site.outbox().len(), 0);
}

#[test]
fn what_has_no_room_in_one_issue_is_in_the_next_though_others_have_had_it() {
    let config =
        CONFIG.replace("\"0 8 * * MON\"", "each-post").replace("max_age: 30d", "max_age: 30d, max: 2");
    let list = "- { email: all@example.net }\n- { email: x@example.net, topics: [x] }\n";
    let mut site = Site::new().config(&config).subscribers(list);
    for (day, tag) in [(18, "x"), (19, "x"), (20, "y"), (21, "y")] {
        let text = format!("---\ntitle: {tag} {day}\ntags: [{tag}]\n---\n글\n");
        site = site.post(&format!("2026-11-{day}-{tag}{day}.md"), text);
    }
    site.run(&["run"]).code(0);
    site.run(&["run"]).code(0).says("“시험 공책: x 19”: 1 sent");
    site.run(&["run"]).code(0).silent();
    assert_eq!(site.outbox().len(), 3);
}

#[test]
fn who_leaves_and_comes_back_is_not_sent_what_went_out_meanwhile() {
    let (one, two) =
        ("- { email: a@example.net }\n", "- { email: a@example.net }\n- { email: b@example.net }\n");
    let at = |day: &str| format!("2026-11-{day}T09:00:00+09:00");
    let site = Site::new().subscribers(two).post("2026-11-06-a.md", crate::site::simple("가"));
    site.run(&["--now", &at("09"), "run"]).code(0).says("2 sent");
    let site = site.subscribers(one).post("2026-11-13-b.md", crate::site::simple("나"));
    site.run(&["--now", &at("16"), "run"]).code(0).says("1 sent");
    let site = site.subscribers(two).post("2026-11-20-c.md", crate::site::simple("다"));
    site.run(&["--now", &at("18"), "run"]).code(0);
    site.run(&["--now", &at("23"), "run"]).code(0).says("“시험 공책: 다”: 2 sent");
    assert_eq!(site.outbox().len(), 5);
    // A list that is cut short by a mishap makes nobody miss anything.
    let site = site.subscribers(one).post("2026-11-27-d.md", crate::site::simple("라"));
    site.run(&["--now", &at("30"), "run"]).code(0).says("“시험 공책: 라”: 1 sent");
    let site = site.subscribers(two);
    site.run(&["--now", "2026-11-30T12:00:00+09:00", "run"]).code(0);
    let site = site.post("2026-12-04-e.md", crate::site::simple("마"));
    site.run(&["--now", "2026-12-07T09:00:00+09:00", "run"]).code(0);
    let mails = site.outbox();
    let to_b = mails.iter().filter(|mail| mail.contains("b@example.net")).count();
    assert_eq!((mails.len(), to_b), (8, 3));
    assert!(mails.iter().any(|mail| {
        let text = checkers::read_mail(mail)["parts"]["text/plain"].to_string();
        mail.contains("b@example.net") && text.contains("라의 첫") && text.contains("마의 첫")
    }));
}

#[test]
fn a_mailed_post_is_itself_through_a_correction_and_another_name() {
    let text =
        |body: &str| format!("---\nfeed: false\ntitle: 가\ndate: 2026-11-20\n---\n{}\n", body.repeat(20));
    for command in ["run", "send"] {
        let site = Site::new().post("a.md", text("처음 쓴 문장. "));
        site.run(&[command]).code(0).says("1 sent");
        let site = site.post("a.md", text("고친 문장. "));
        site.run(&["--now", "2026-11-30T09:00:00+09:00", command]).code(0);
        std::fs::rename(site.path("posts/a.md"), site.path("posts/b.md")).unwrap();
        site.run(&["--now", "2026-12-07T09:00:00+09:00", command]).code(0);
        let site = site.post("b.md", text("또 고친 문장. "));
        site.run(&["--now", "2026-12-14T09:00:00+09:00", command]).code(0);
        assert_eq!(site.outbox().len(), 1, "{command}");
    }
}

#[test]
fn an_upgrade_does_not_take_what_was_sent_for_older_than_it_is() {
    let config = CONFIG.replace("max_age: 30d", "max_age: 30d, updated: true");
    let text = "---\ntitle: \"하나\"\ncategories: AI_News\ntag: [AI, 클라우드]\nlast_modified_at: 2026-11-22\n---\n하나의 첫 문단입니다.\n";
    let site = Site::new().config(&config).post("2026-11-20-one.md", text);
    let fixture = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/ledgers/0002.db");
    std::fs::create_dir_all(site.path(".tidings")).unwrap();
    std::fs::copy(fixture, site.path(".tidings/ledger.db")).unwrap();
    site.run(&["--now", "2026-11-30T09:00:00+09:00", "run"]).code(0);
    assert_eq!(site.outbox().len(), 0);
    // What had no page then has none now.
    assert!(!site.path("public/newsletter").exists());
}

#[cfg(unix)]
#[test]
fn a_list_that_could_not_be_read_is_read_again() {
    let site = Site::new()
        .subscribers("- { email: d@example.net, cadence: each }\n")
        .post("2026-11-20-a.md", crate::site::simple("가"));
    let (list, away) = (site.path("config/subscribers.yaml"), site.path("config/away"));
    // The same file, at the same time of change, was not to be read for a while.
    let broken = site.path("config/broken");
    std::fs::write(&broken, [0xff, 0xfe, 0x00]).unwrap();
    std::fs::rename(&list, &away).unwrap();
    std::fs::rename(&broken, &list).unwrap();
    site.run(&["run"]).code(1);
    std::fs::rename(&away, &list).unwrap();
    site.run(&["run"]).code(0).says("1 sent");
}
