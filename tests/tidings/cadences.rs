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
