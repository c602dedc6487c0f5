//! The newsletter as it is composed and previewed.

use crate::checkers;
use crate::site::{CONFIG, Site, simple};

fn site() -> Site {
    Site::new().post("2026-11-20-one.md", simple("하나")).post("2026-11-19-two.md", simple("둘"))
}

#[test]
fn a_dry_run_prints_the_text_and_changes_nothing() {
    let site = site();
    let before = site.snapshot();
    site.run(&["send", "--dry-run"])
        .code(0)
        .prints("Subject: 시험 공책: 하나")
        .prints("하나의 첫 문단입니다.")
        .prints("https://example.com/blog/ai_news/two/")
        .prints("2026년 11월 20일 (금)")
        .says("would go to 1 subscriber");
    assert!(site.snapshot() == before, "a dry run left something behind");
}

#[test]
fn a_dry_run_shows_the_future_when_the_clock_is_moved() {
    let site = site().post("2026-12-05-later.md", simple("나중"));
    let ran = site
        .run(&["--now", "2026-12-07T08:00:00+09:00", "send", "--dry-run"])
        .code(0)
        .prints("나중의 첫 문단");
    assert!(ran.stdout.contains("2026년 12월 7일 (월)"));
}

#[test]
fn when_nothing_is_due_a_dry_run_shows_a_sample_and_says_so() {
    let site = site();
    site.run(&["run"]).code(0);
    site.run(&["send", "--dry-run"])
        .code(0)
        .prints("하나의 첫 문단")
        .says("nothing new to send; next due 2026-11-30 08:00 KST");
    assert_eq!(site.run(&["send", "--dry-run", "--format", "json"]).code(0).json()["due"], false);
}

#[test]
fn the_json_preview_tells_everything() {
    let preview = site().run(&["send", "--dry-run", "--format", "json"]).code(0).json();
    assert_eq!(
        (&preview["newsletter"], &preview["due"], &preview["recipients"]),
        (&"weekly".into(), &true.into(), &1.into())
    );
    assert_eq!(preview["posts"][1]["id"], "https://example.com/blog/ai_news/two");
    assert!(preview["html"].as_str().unwrap().contains("<!DOCTYPE html>"));
}

#[test]
fn the_message_has_every_header_and_no_defect() {
    let mail = site().run(&["send", "--dry-run", "--format", "eml"]).code(0).stdout;
    let read = checkers::read_mail(&mail);
    let headers = &read["headers"];
    for (name, value) in [
        ("From", "시험 <news@example.com>"),
        ("To", "김민지 <kim@example.net>"),
        ("Date", "Mon, 23 Nov 2026 09:00:00 +0900"),
        ("List-Unsubscribe", "<mailto:news@example.com?subject=unsubscribe%20weekly>"),
        ("List-Archive", "<https://example.com/blog/>"),
        ("Auto-Submitted", "auto-generated"),
        ("MIME-Version", "1.0"),
    ] {
        assert_eq!(headers[name], value, "{name}");
    }
    assert!(headers["List-Id"].as_str().unwrap().ends_with("<weekly.example.com>"));
    assert!(headers["Message-ID"].as_str().unwrap().ends_with("@example.com>"));
    assert!(headers["Feedback-ID"].is_string());
    assert!(mail.contains("text/plain; charset=utf-8; format=flowed"));
    let parts = &read["parts"];
    assert!(parts["text/plain"].as_str().unwrap().contains("하나의 첫 문단입니다."));
    assert!(parts["text/html"].as_str().unwrap().contains("하나의 첫 문단입니다."));
}

#[test]
fn subjects_come_back_as_they_were() {
    let long = "긴 제목 ".repeat(300);
    for subject in ["가  나", "=?utf-8?q?x?=", "👨‍👩‍👧‍👦 emoji", "tab\tand\nline", long.trim()]
    {
        let yaml = serde_json::to_string(&format!(
            "---\ntitle: {}\n---\nx\n",
            serde_json::to_string(subject).unwrap()
        ))
        .unwrap();
        let post: String = serde_json::from_str(&yaml).unwrap();
        let config = CONFIG.replace("select:", "subject: \"{{ posts[0].title }}\", select:");
        let site = Site::new().config(&config).post("2026-11-20-a.md", post);
        let mail = site.run(&["send", "--dry-run", "--format", "eml"]).code(0).stdout;
        let expect = subject.replace(['\t', '\n'], " ");
        assert_eq!(checkers::read_mail(&mail)["headers"]["Subject"], expect);
    }
}

#[test]
fn a_subscriber_cannot_name_another_recipient() {
    let site = site().subscribers("- { email: a@example.net, name: \"a\\r\\nBcc: x@example.com\" }\n");
    site.run(&["send", "--dry-run"]).code(0).says("line break").says("config/subscribers.yaml");
    site.run(&["run"]).code(0).says("1 sent");
    let read = checkers::read_mail(&site.outbox()[0]);
    assert!(read["headers"].get("Bcc").is_none());
    assert_eq!(read["headers"]["To"], "\"a Bcc: x@example.com\" <a@example.net>");
}

#[test]
fn a_post_cannot_make_a_header() {
    let config = CONFIG.replace("select:", "subject: \"{{ posts[0].title }}\", select:");
    let site = Site::new()
        .config(&config)
        .post("2026-11-20-a.md", "---\ntitle: \"x\\r\\nBcc: y@example.com\\u202e\"\n---\nx\n");
    let mail = site.run(&["send", "--dry-run", "--format", "eml"]).code(0).stdout;
    let headers = &checkers::read_mail(&mail)["headers"];
    assert_eq!((&headers["Subject"], headers.get("Bcc")), (&"x Bcc: y@example.com".into(), None));
}

#[test]
fn one_click_links_are_signed_and_differ_by_subscriber() {
    let config = format!("{CONFIG}server: {{ url: https://news.example.com, secret_file: secret }}\n");
    let list = "- { email: a@example.net }\n- { email: b@example.net }\n";
    let site =
        site().config(&config).subscribers(list).file("config/secret", "0123456789abcdef0123456789abcdef\n");
    site.run(&["run"]).code(0);
    let links: Vec<String> = site
        .outbox()
        .iter()
        .map(|mail| {
            let read = checkers::read_mail(mail);
            assert_eq!(read["headers"]["List-Unsubscribe-Post"], "List-Unsubscribe=One-Click");
            read["headers"]["List-Unsubscribe"].as_str().unwrap().to_owned()
        })
        .collect();
    assert_ne!(links[0], links[1]);
    assert!(
        links[0].starts_with("<https://news.example.com/unsubscribe/weekly/")
            && links[0].contains(">, <mailto:"),
        "{links:?}"
    );
    assert!(!links[0].contains("example.net"), "the link names the address");
}

#[test]
fn a_site_may_replace_any_template() {
    let site = site().file(
        "templates/digest.txt",
        "{% for post in posts %}* {{ post.title }}\n{% endfor %}{{ unsubscribe_url }}\n",
    );
    site.run(&["send", "--dry-run"]).code(0).prints("* 하나\n* 둘\nmailto:news@example.com");
}

#[test]
fn content_may_be_full_or_titles_alone() {
    let full = CONFIG.replace("select:", "content: full, select:");
    let post = "---\ntitle: 표\n---\n첫 문단 [링크](/x)\n\n- 하나\n- 둘\n\n```rust\nfn main() {}\n```\n\n| a | b |\n|---|---|\n| 1 | 2 |\n";
    Site::new().config(&full).post("2026-11-20-a.md", post).run(&["send", "--dry-run"]).code(0).prints(
        "첫 문단 링크 [1]\n\n- 하나\n- 둘\n\n    fn main() {}\n\na | b\n-----\n1 | 2\n\n[1] https://example.com/x\n",
    );
    let titles = CONFIG.replace("select:", "content: titles, select:");
    let ran = site().config(&titles).run(&["send", "--dry-run"]).code(0).prints("하나");
    assert!(!ran.stdout.contains("첫 문단"));
}

#[test]
fn a_newsletter_takes_only_its_categories() {
    let config = CONFIG.replace("max_age: 30d", "max_age: 30d, categories: [AI_News]");
    let site = site().config(&config).post("2026-11-21-c.md", "---\ntitle: 도시\ncategories: City\n---\nx\n");
    let ran = site.run(&["send", "--dry-run"]).code(0).says("1 not of the kind that `select` asks for");
    assert!(!ran.stdout.contains("도시"));
}

#[test]
fn a_newsletter_that_gmail_would_cut_off_is_warned_of() {
    let config = CONFIG.replace("select:", "content: full, select:");
    let post = format!("---\ntitle: 긴 글\n---\n{}", "긴 문단이 이어집니다.\n\n".repeat(3000));
    let site = Site::new().config(&config).post("2026-11-20-a.md", post);
    site.run(&["check"]).code(0).says("large-mail");
    site.run(&["run"]).code(0).says("Gmail cuts it off");
}

#[test]
fn a_post_once_mailed_is_not_mailed_again_under_a_new_address() {
    let site = site();
    site.run(&["send"]).code(0).says("1 sent");
    let site = site.post("2026-11-20-one.md", "---\ntitle: 새 제목\nslug: elsewhere\n---\n새 본문\n");
    site.run(&["--now", "2026-11-30T09:00:00+09:00", "send"]).code(0).says("nothing new to send");
}

#[test]
fn a_subject_is_the_same_for_all_and_never_empty() {
    let personal = CONFIG.replace("select:", "subject: \"Hi {{ subscriber.name }}\", select:");
    site()
        .config(&personal)
        .run(&["send", "--dry-run"])
        .code(2)
        .says("`subscriber.name` differs from reader to reader");
    let empty = CONFIG.replace("select:", "subject: \"{{ posts[0].summary[:0] }}\", select:");
    site().config(&empty).run(&["send", "--dry-run"]).code(2).says("comes out empty");
}

#[test]
fn a_post_counts_its_age_from_the_day_it_became_public() {
    let post = "---\ntitle: 오래 기다린 글\ndate: 2026-09-01\npublishDate: 2026-11-22\n---\nx\n";
    Site::new()
        .post("a.md", post)
        .run(&["send", "--dry-run"])
        .code(0)
        .prints("오래 기다린 글")
        .says("would go");
}

#[test]
fn in_the_dark_every_look_has_colours_of_its_own() {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("templates");
    let looks = ["plain", "journal", "magazine", "korean-press"].map(|look| format!("looks/{look}.css"));
    for name in looks.iter().map(String::as_str).chain(["digest.css"]) {
        let css = std::fs::read_to_string(folder.join(name)).unwrap();
        let dark = css.split("prefers-color-scheme: dark").nth(1).unwrap_or_else(|| panic!("{name}"));
        for rule in dark.lines().filter(|line| line.contains("{ ") && line.contains('}')) {
            assert!(rule.contains("color") && rule.contains("!important"), "{name}: {rule}");
        }
    }
}
