//! An issue as it reaches its readers: the editor's words, pictures, templates, and what `check` says of it.

use crate::checkers;
use crate::relay::Relay;
use crate::site::{CONFIG, Site, simple};

fn parts(site: &Site) -> (String, String) {
    let read = checkers::read_mail(&site.run(&["send", "--dry-run", "--format", "eml"]).code(0).stdout);
    let part = |kind: &str| read["parts"][kind].as_str().unwrap().to_owned();
    (part("text/plain"), part("text/html"))
}

#[test]
fn an_editor_chooses_the_order_and_has_words_of_their_own() {
    let page = "---\nsubject: 편집자의 호\npreheader: 먼저 읽어 주세요\nposts:\n  - { post: 2026-11-19-two.md, note: \"이 글은 **꼭**\" }\n  - nowhere.md\n---\n안녕하세요. [첫눈](https://example.com/snow)이 왔습니다.\n\n<!-- posts -->\n\n다음 주에 뵙겠습니다.\n";
    let site = Site::new()
        .post("2026-11-20-one.md", simple("하나"))
        .post("2026-11-19-two.md", simple("둘"))
        .file("issues/weekly/2026-11-23.md", page);
    site.run(&["send", "--dry-run"])
        .code(0)
        .says("`nowhere.md` is no post that this issue may have")
        .says("issues/weekly/2026-11-23.md");
    let (text, html) = parts(&site);
    let order: Vec<usize> =
        ["안녕하세요", "https://example.com/snow", "둘", "이 글은 꼭", "둘의 첫", "하나의 첫", "다음 주에"]
            .iter()
            .map(|words| text.find(words).unwrap_or_else(|| panic!("{words}: {text}")))
            .collect();
    assert!(order.is_sorted(), "{order:?} {text}");
    assert!(html.contains("이 글은 <strong>꼭</strong>") && html.contains("먼저 읽어 주세요"), "{html}");
    site.run(&["run"]).code(0).says("“편집자의 호”: 1 sent");
    // The words are for that day's issue alone.
    let site = site.post("2026-11-28-three.md", simple("셋"));
    site.run(&["--now", "2026-11-30T09:00:00+09:00", "run"]).code(0).says("“시험 공책: 셋”: 1 sent");
}

#[test]
fn an_issue_file_that_cannot_be_read_holds_the_mail_back_and_says_why() {
    let site = Site::new()
        .post("2026-11-20-one.md", simple("하나"))
        .file("issues/weekly/2026-11-23.md", "---\nsubject: \"a\nposts: [\n---\nx\n");
    site.run(&["run"]).code(1).says("issues/weekly/2026-11-23.md");
    assert!(site.outbox().is_empty());
    site.run(&["send", "--dry-run"]).code(2).says("issues/weekly/2026-11-23.md");
    site.run(&["status"]).code(0).prints("due now; 1 post waiting").says("issues/weekly/2026-11-23.md");
    let site = site
        .file("issues/weekly/2026-11-23.md", "---\nsubjekt: a\n---\nx\n")
        .file("issues/weekly/next.md", "x");
    site.run(&["check"]).code(0).says("`subjekt` means nothing here").says("this file is read for no issue");
    site.run(&["run"]).code(0).says("1 sent");
}

#[test]
fn posts_stand_under_their_categories_and_a_long_issue_begins_with_their_titles() {
    let config = CONFIG.replace("select:", "sections: category, select:");
    let site = (1..=9).fold(Site::new().config(&config), |site, n| {
        let category = if n % 2 == 0 { "짝" } else { "홀" };
        site.post(
            &format!("2026-11-{n:02}-p{n}.md"),
            format!("---\ntitle: 글 {n}\ncategories: {category}\n---\n내용\n"),
        )
    });
    let (text, html) = parts(&site);
    assert!(text.contains("차례") && text.contains("[ 홀 ]") && text.contains("[ 짝 ]"), "{text}");
    assert_eq!(html.matches("href=\"#post-").count(), 9);
    assert_eq!(html.matches("id=\"post-").count(), 9);
}

#[test]
fn advertising_is_called_so_in_korean() {
    let config = CONFIG.replace("select:", "commercial: ko, reply_to: desk@example.com, select:");
    let site = Site::new().config(&config).post("2026-11-20-one.md", simple("하나"));
    site.run(&["send", "--dry-run"])
        .code(0)
        .prints("Subject: (광고) 시험 공책: 하나")
        .prints("문의: desk@example.com")
        .prints("보낸 이: 시험");
}

fn webp(width: u32, height: u32) -> Vec<u8> {
    let mut bytes = std::io::Cursor::new(Vec::new());
    image::RgbImage::new(width, height).write_to(&mut bytes, image::ImageFormat::WebP).unwrap();
    bytes.into_inner()
}

#[test]
fn pictures_have_a_size_and_a_kind_that_mail_programs_show() {
    let svg = "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"100\" height=\"50\"><rect width=\"100\" height=\"50\"/></svg>";
    let post = "---\ntitle: 그림\n---\n![넓은](/blog/img/wide.webp)\n![선](/blog/img/line.svg)\n![둘](/blog/img/two.avif)\n![없는](/blog/img/none.avif)\n![먼](https://elsewhere.example/a.png)\n![](/blog/img/small.png)\n";
    let mut png = std::io::Cursor::new(Vec::new());
    image::RgbImage::new(20, 10).write_to(&mut png, image::ImageFormat::Png).unwrap();
    let config = CONFIG.replace("select:", "content: full, select:");
    let site = Site::new()
        .config(&config)
        .post("2026-11-20-a.md", post)
        .file("img/wide.webp", webp(1072, 100))
        .file("img/line.svg", svg)
        .file("img/two.avif", include_bytes!("../fixtures/pictures/two.avif"))
        .file("img/small.png", png.into_inner());
    let (text, html) = parts(&site);
    let pictures: Vec<&str> = html.split("<img ").skip(1).map(|tag| tag.split('>').next().unwrap()).collect();
    let of = |alt: &str| {
        *pictures
            .iter()
            .find(|tag| tag.contains(&format!("alt=\"{alt}\"")))
            .unwrap_or_else(|| panic!("{alt}: {pictures:?}"))
    };
    assert!(
        of("넓은").contains("width=\"536\"")
            && of("넓은").contains("height=\"50\"")
            && of("넓은").contains("/mail/"),
        "{pictures:?}"
    );
    assert!(of("선").contains("width=\"100\"") && of("선").contains(".png"), "{pictures:?}");
    assert!(of("").contains("width=\"20\" ") || of("").contains("width=\"20\""), "{pictures:?}");
    assert!(
        html.contains("/img/none.avif\"") && html.contains(">없는</a>") && !html.contains("alt=\"없는\""),
        "{html}"
    );
    assert!(text.contains("넓은"), "{text}");
    // A dry run makes none; a real one makes each before the mail goes out.
    assert!(!site.path("public/mail").exists());
    site.run(&["run"]).code(0).says("1 sent");
    let made: Vec<_> =
        std::fs::read_dir(site.path("public/mail")).unwrap().map(|entry| entry.unwrap().path()).collect();
    let sizes: Vec<_> = made.iter().map(|path| image::image_dimensions(path).unwrap()).collect();
    assert!(
        sizes.contains(&(1072, 100)) && sizes.contains(&(200, 100)) && sizes.contains(&(64, 32)),
        "{sizes:?}"
    );
    site.run(&["check"]).code(0).says("mail-alt").says("mail-picture").says("elsewhere.example/a.png");
}

#[test]
fn an_issue_stands_on_the_web_without_anything_of_one_subscribers() {
    let site = Site::new().post("2026-11-20-one.md", simple("하나"));
    site.run(&["run"]).code(0);
    let folder = site.path("public/newsletter/weekly");
    let page = std::fs::read_dir(&folder).unwrap().next().unwrap().unwrap();
    let html = std::fs::read_to_string(page.path()).unwrap();
    let address =
        format!("https://example.com/blog/newsletter/weekly/{}", page.file_name().to_string_lossy());
    assert!(
        checkers::read_mail(&site.outbox()[0])["parts"]["text/html"].as_str().unwrap().contains(&address)
    );
    assert!(html.contains("하나의 첫 문단") && !html.contains("kim@example.net") && !html.contains("김민지"));
    assert!(html.find("charset").unwrap() < 200);
    std::fs::remove_dir_all(folder).unwrap();
    site.run(&["build"]).code(0);
    assert_eq!(std::fs::read_to_string(page.path()).unwrap(), html);
    let config = CONFIG.replace("select:", "archive: false, select:");
    let site = Site::new().config(&config).post("2026-11-20-one.md", simple("하나"));
    site.run(&["run"]).code(0);
    assert!(!site.path("public/newsletter").exists());
    assert!(!site.outbox()[0].contains("newsletter/weekly"));
}

#[test]
fn a_template_is_ejected_and_from_then_on_the_sites_own() {
    let site = Site::new().post("2026-11-20-one.md", simple("하나"));
    site.run(&["templates", "list"]).code(0).prints("\nparts/post.txt                 built-in\n");
    site.run(&["templates", "eject", "parts/post.tx"]).code(2).says("did you mean `parts/post.txt`?");
    site.run(&["templates", "eject", "parts/post.txt", "--newsletter", "weekly"])
        .code(0)
        .says("templates/weekly/parts/post.txt: yours");
    site.run(&["templates", "list"])
        .code(0)
        .prints("\nparts/post.txt                 templates/weekly/parts/post.txt");
    site.run(&["templates", "eject", "parts/post.txt", "--newsletter", "weekly"])
        .code(2)
        .says("is there already");
    let site = site.file("templates/weekly/parts/post.txt", "{{ post.titel }}\n");
    site.run(&["templates", "check"]).code(1).says("templates/weekly/parts/post.txt:1:").says("did you mean");
    let site = site.file("templates/weekly/parts/post.txt", "\n* {{ post.title | josa(\"을/를\") }} {{ post.title | shorten(2) }} {{ 2 | plural(\"post\", \"posts\") }}\n");
    site.run(&["send", "--dry-run"]).code(0).prints("* 하나를 하나 posts");
    let extended = "{% extends \"built-in/digest.html\" %}{% block closing %}<tr><td class=\"pad text\">안녕히</td></tr>{% endblock %}";
    let site = site.file("templates/digest.html", extended);
    assert!(parts(&site).1.contains("안녕히"));
}

#[test]
fn words_may_be_a_languages_of_ones_own() {
    let config = CONFIG.replace("select:", "language: fr, select:");
    let site = Site::new()
        .config(&config)
        .post("2026-11-20-one.md", simple("하나"))
        .file("templates/words/fr.yaml", "unsubscribe: Se désabonner\n");
    site.run(&["send", "--dry-run"]).code(0).prints("Se désabonner: ").prints("You get this because");
    // A file that cannot be read stops nobody's mail.
    let site = site.file("templates/words/fr.yaml", "unsubscribe: [a]\n");
    site.run(&["check"]).code(1).says("`unsubscribe` is no text").says("templates/words/fr.yaml");
    site.run(&["run"]).code(1).says("`unsubscribe` is no text").says("1 sent");
}

#[test]
fn check_says_what_is_odd_about_the_mail() {
    let template = "<html><body><p style=\"color: #999\">흐린 글</p><a href=\"/x\">a</a><a href=\"#gone\">b</a><video src=\"https://example.com/a.mp4\"></video><div style=\"display: flex\">c</div><a href=\"{{ unsubscribe_url }}\">d</a></body></html>";
    let config = CONFIG.replace("select:", &format!("subject: \"{}\", select:", "긴 제목 ".repeat(12)));
    let site = Site::new()
        .config(&config)
        .post("2026-11-20-one.md", simple("하나"))
        .file("templates/digest.html", template);
    site.run(&["check"])
        .code(0)
        .says("mail-contrast")
        .says("`#999999` on `#ffffff`")
        .says("`/x` is no address")
        .says("`#gone` is no place in this mail")
        .says("`<video>` is dropped")
        .says("`display:flex`")
        .says("columns wide");
}

#[test]
fn what_a_dry_run_shows_for_somebody_is_what_they_get_to_the_byte() {
    let relay = Relay::start(std::time::Duration::ZERO);
    let list = "- { email: a@example.net, name: 가나 }\n- { email: b@example.net, language: en }\n- { email: c@example.net, topics: [none] }\n";
    let site = Site::new().relay(relay.port, 1).subscribers(list).post("2026-11-20-one.md", simple("하나"));
    let shown = |who: &str| site.run(&["send", "--dry-run", "--format", "eml", "--as", who]).code(0).stdout;
    let (a, b) = (shown("A@example.net"), shown("b@example.net"));
    site.run(&["send", "--dry-run", "--as", "c@example.net"]).code(0).says("there is no post to show");
    site.run(&["send", "--dry-run", "--as", "z@example.net"]).code(2).says("is no active subscriber");
    site.run(&["run"]).code(0);
    let taken = relay.taken();
    assert_eq!(taken.len(), 2);
    for (who, expect) in [("a@example.net", a), ("b@example.net", b)] {
        let mail = taken.iter().find(|mail| mail.recipient == who).unwrap();
        assert_eq!(mail.text, expect, "{who}");
    }
}

#[test]
fn three_hundred_issues_have_no_defect() {
    let titles = [
        "아주 긴 제목 ".repeat(60),
        "👨‍👩‍👧‍👦 🏳️‍🌈 이모지".into(),
        "=?utf-8?q?x?=".into(),
        "مرحبا بالعالم".into(),
        "plain".into(),
        "가  나".into(),
    ];
    let mut config = "site: { title: 시험 공책, url: https://example.com/blog, language: ko, timezone: Asia/Seoul }\nnewsletters:\n".to_owned();
    let mut site = Site::new();
    let looks = ["plain", "journal", "magazine", "korean-press"];
    for n in 0..300 {
        let title = serde_json::to_string(&titles[n % titles.len()]).unwrap();
        let body = [
            "한 줄\n",
            "> 인용\n\n1. 하나\n2. 둘\n",
            "```\n긴 코드 줄\n```\n",
            "| a | b |\n|---|---|\n| 1 | 2 |\n",
            "",
        ][n % 5];
        let post = format!(
            "---\ntitle: {title}\nslug: p{n}\ntags: [t{n}, all]\n---\n{body}{}\n",
            "가나다".repeat(n * 3)
        );
        site = site.post(&format!("2026-11-{:02}-p{n}.md", 1 + n % 22), post);
        let (look, content) = (looks[n % 4], ["full", "summary", "titles"][n % 3]);
        let tag = if n == 7 {
            "all".to_owned()
        } else if n == 8 {
            "nothing".to_owned()
        } else {
            format!("t{n}")
        };
        config.push_str(&format!("  n{n}: {{ from: 시험 <news@example.com>, schedule: each-post, look: {look}, content: {content}, subject: \"{{{{ posts[0].title }}}}\", select: {{ max_age: 60d, max: 200, tags: [{tag}] }} }}\n"));
    }
    let site = site.config(&config);
    site.run(&["run"]).code(0);
    assert_eq!(site.outbox().len(), 299, "one has nothing to say");
    checkers::strict(&site.path(".tidings/outbox/new"));
}

#[test]
fn what_belongs_to_one_subscriber_can_only_be_put_somewhere() {
    let page = |inside: &str| {
        format!(
            "{{% extends \"built-in/digest.html\" %}}{{% block closing %}}<tr><td>{inside}</td></tr>{{% endblock %}}"
        )
    };
    let site = Site::new().post("2026-11-20-one.md", simple("하나"));
    let mut site = site;
    for wrong in [
        "{{ subscriber.name | upper }}",
        "{{ subscriber.name | default('독자', true) }}",
        "{{ subscriber.name | shorten(3) }}",
        "{{ subscriber.name | length }}",
        "{{ subscriber.name or '독자' }}",
        "{{ unsubscribe_url | upper }}",
        "{% if subscriber.name %}a{% endif %}",
    ] {
        site = site.file("templates/digest.html", page(wrong));
        let ran = site.run(&["templates", "check"]);
        assert_eq!(ran.code, 1, "{wrong}: {}", ran.stderr);
        assert!(ran.stderr.contains("templates/digest.html"), "{wrong}: {}", ran.stderr);
    }
    let site = site.file("templates/digest.html", page("{{ subscriber.name }} <{{ subscriber.email }}>"));
    assert!(
        parts(&site).1.contains("김민지 <kim@example.net>") || parts(&site).1.contains("kim@example.net")
    );
}

#[test]
fn what_looks_like_markup_in_an_attribute_stays_there() {
    let config = CONFIG.replace("select:", "content: full, select:");
    let post = "---\ntitle: '\"><script>x</script>'\nimage: { path: https://example.com/a.png, alt: '\"><b>' }\n---\n![a > b <img src=x>](https://example.com/a.png \"c > d\") 뒤\n";
    let site = Site::new()
        .config(&config.replace("content: full,", "content: full, look: magazine,"))
        .post("2026-11-20-a.md", post);
    let (_, html) = parts(&site);
    assert!(!html.contains("<script>x"), "{html}");
    assert!(html.contains("뒤"));
    let ran = site.run(&["check"]).code(0);
    assert!(!ran.stderr.contains("<script>"), "{}", ran.stderr);
}

#[test]
fn a_picture_that_cannot_be_read_is_a_link_and_told() {
    let config = CONFIG.replace("select:", "content: full, select:");
    let site = Site::new()
        .config(&config)
        .post("2026-11-20-a.md", "---\ntitle: 그림\n---\n![깨진](/blog/broken.webp)\n")
        .file("broken.webp", "no picture");
    site.run(&["check"]).code(0).says("broken.webp").says("cannot be read");
    assert!(parts(&site).1.contains(">깨진</a>"));
}

#[test]
fn check_tells_of_wishes_and_of_files_that_nobody_asks_for() {
    let list = "- { email: a@example.net, topics: [Dev_Lgo] }\n- { email: b@example.net, language: de }\n- { email: c@example.net, cadence: monthly }\n";
    let site = Site::new()
        .config(&CONFIG.replace("max_age: 30d", "max_age: 14d"))
        .subscribers(list)
        .post("2026-11-20-one.md", simple("하나"))
        .file("templates/digets.html", "x")
        .file("issues/wekly/2026-11-23.md", "x");
    site.run(&["check"])
        .code(0)
        .says("no post is about `Dev_Lgo`")
        .says("there are no words in `de`")
        .says("some hear monthly")
        .says("did you mean `digest.html`?")
        .says("did you mean `weekly`?");
}

#[test]
fn a_newsletter_under_another_name_sends_nothing_again() {
    let site = Site::new().post("2026-11-20-one.md", simple("하나"));
    site.run(&["run"]).code(0).says("1 sent");
    let renamed = CONFIG.replace("weekly:", "news:");
    let site = site.config(&renamed);
    site.run(&["check"]).code(1).says("write `was: weekly` into `news`");
    site.run(&["run"]).code(1).says("`weekly` has sent issues and is gone");
    let site = site.config(&renamed.replace("{ from", "{ was: weekly, from"));
    site.run(&["run"]).code(0);
    assert_eq!(site.outbox().len(), 1);
    let site = site.post("2026-11-28-two.md", simple("둘"));
    site.run(&["--now", "2026-11-30T09:00:00+09:00", "run"]).code(0).says("“시험 공책: 둘”: 1 sent");
    // Another newsletter in its place begins anew.
    let site = site.config(&CONFIG.replace("weekly: {", "other: { was: [],"));
    site.run(&["--now", "2026-11-30T09:00:00+09:00", "run"]).code(0).says("“시험 공책: 둘”: 1 sent");
}

#[test]
fn copies_that_have_waited_for_too_long_are_called_back() {
    let site = Site::new().relay(1, 1).post("2026-11-20-one.md", simple("하나"));
    site.run(&["run"]).code(75);
    let site = site.relay(Relay::start(std::time::Duration::ZERO).port, 1);
    // It may be the clock that is wrong: a first look calls nothing back.
    site.run(&["--now", "2027-03-01T07:00:00+09:00", "run"]).code(0);
    site.run(&["--now", "2027-03-01T07:00:00+09:00", "status"]).code(0).prints("1 planned");
    site.run(&["--now", "2027-03-01T08:00:00+09:00", "run"])
        .code(0)
        .says("1 copies of")
        .says("will not be sent");
    site.run(&["--now", "2027-03-01T07:00:00+09:00", "status"]).code(0).prints("1 cancelled");
}

#[test]
fn an_editors_choice_is_made_for_each_group_and_drops_nothing_for_good() {
    let list = "- { email: a@example.net }\n- { email: b@example.net, topics: [x] }\n- { email: c@example.net, topics: [y] }\n";
    let post = |tag: &str| format!("---\ntitle: {tag} 글\ntags: [{tag}]\n---\n글\n");
    let site = Site::new()
        .subscribers(list)
        .post("2026-11-20-x.md", post("x"))
        .post("2026-11-19-y.md", post("y"))
        .file(
            "issues/weekly/2026-11-23.md",
            "---\nonly: true\nposts: [2026-11-20-x, 2026-11-20-x.md]\n---\n서문\n",
        );
    site.run(&["send", "--dry-run", "--explain"])
        .code(0)
        .says("out: posts/2026-11-19-y.md: not chosen by the editor");
    site.run(&["run"]).code(0).says("“시험 공책: x 글”: 2 sent");
    assert_eq!(site.outbox().len(), 2);
    assert_eq!(
        checkers::read_mail(&site.outbox()[0])["parts"]["text/plain"]
            .as_str()
            .unwrap()
            .matches("x 글")
            .count(),
        1
    );
    site.run(&["--now", "2026-11-30T09:00:00+09:00", "run"]).code(0).says("“시험 공책: y 글”: 2 sent");
}

#[test]
fn what_an_editor_writes_is_no_post() {
    let site = Site::bare()
        .file("config/tidings.yaml", CONFIG.replace("newsletters:", "posts: { dir: . }\nnewsletters:"))
        .file("config/subscribers.yaml", "- { email: a@example.net }\n")
        .file("2026-11-20-one.md", simple("하나"))
        .file("issues/weekly/2026-11-22.md", "비밀 서문\n");
    site.run(&["build"]).code(0).says("1 new");
}

#[test]
fn a_page_that_cannot_be_written_does_not_hold_the_mail_back() {
    let site = Site::new().post("2026-11-20-one.md", simple("하나")).file("public/newsletter", "in the way");
    site.run(&["run"]).code(0).says("1 sent").says("web-page");
}

#[test]
fn words_lie_over_one_another() {
    let site = Site::new()
        .post("2026-11-20-one.md", simple("하나"))
        .file("templates/words/en.yaml", "unsubscribe: Leave\n")
        .file("templates/words/ko.yaml", "on_the_web: 누리집에서\n")
        .file("templates/weekly/words/ko.yaml", "why: 벗에게\n");
    site.run(&["send", "--dry-run"]).code(0).prints("수신 거부: ").prints("누리집에서: ").prints("벗에게");
}

#[test]
fn a_language_names_no_file_elsewhere() {
    let site = Site::new()
        .subscribers("- { email: a@example.net, language: ../../secret }\n")
        .file("secret.yaml", "unsubscribe: 비밀\n")
        .file("templates/words/ko.yaml", "why: 벗에게\n")
        .post("2026-11-20-one.md", simple("하나"));
    let ran = site.run(&["send", "--dry-run"]).code(0);
    assert!(!ran.stdout.contains("비밀"), "{}", ran.stdout);
}

#[test]
fn a_manual_newsletter_is_not_due_by_itself_and_a_test_copy_has_its_pictures() {
    let config = CONFIG.replace("\"0 8 * * MON\"", "manual").replace("select:", "content: full, select:");
    let site = Site::new()
        .config(&config)
        .post("2026-11-20-a.md", "---\ntitle: 그림\n---\n![둘](/blog/two.avif)\n")
        .file("two.avif", include_bytes!("../fixtures/pictures/two.avif"));
    site.run(&["status"]).code(0).prints("sent by hand; 1 post waiting");
    site.run(&["send", "--to", "me@example.net"]).code(0);
    assert_eq!(std::fs::read_dir(site.path("public/mail")).unwrap().count(), 1);
    assert!(!site.path("public/newsletter").exists());
}

#[test]
fn who_has_given_no_name_is_called_a_reader() {
    let site = Site::new()
        .post("2026-11-20-one.md", simple("하나"))
        .subscribers("- { email: kim@example.net, name: 김민지 }\n- { email: lee@example.net }\n")
        .file("templates/digest.txt", "{{ subscriber.name }}님께 {{ unsubscribe_url }}\n");
    let text = |who: &str| site.run(&["send", "--dry-run", "--as", who]).code(0).stdout;
    assert!(text("kim@example.net").contains("김민지님께"));
    assert!(text("lee@example.net").contains("독자님께"));
}
