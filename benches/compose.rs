//! How many personal copies of one issue a core composes in a second, at 30 KB each: what is shared is encoded once, and a subscriber's
//! own words are put in between. Ends with 1 where there are fewer than 20,000, which even `--profile dev` reaches.

use std::time::Instant;

use tidings::address::Mailbox;
use tidings::config::Cadence;
use tidings::digest::Issue;
use tidings::digest::slot::{self, Slot};
use tidings::ids::IssueId;
use tidings::mail::{Composer, Seal};
use tidings::subscribers::Subscriber;

const COPIES: u32 = 50_000;
const LEAST: f64 = 20_000.0;

#[expect(clippy::print_stdout, reason = "a bench says what it measured")]
fn main() -> std::process::ExitCode {
    let (leave, name) = (slot::mark(Slot::UnsubscribeUrl), slot::mark(Slot::Name));
    let paragraph = "<p style=\"margin: 0 0 14px\">새벽에 적은 글 한 단락이 여기 이어집니다. And some English, too.</p>\n";
    let html = format!(
        "<a href=\"{leave}\">수신 거부</a>{}<p>{name}</p><a href=\"{leave}\">수신 거부</a>",
        paragraph.repeat(82)
    );
    let text =
        format!("{}-- \n수신 거부: {leave}\n", "새벽에 적은 글 한 단락이 여기 이어집니다.\n\n".repeat(48));
    let from = Mailbox::parse("새벽 노트 <news@example.com>").expect("an address");
    let issue = Issue {
        id: IssueId::new("weekly-20261123T0800-000000"),
        newsletter: "weekly".into(),
        cadence: Cadence::Scheduled,
        language: "ko".into(),
        title: "새벽 노트".into(),
        list_id: "weekly.example.com".into(),
        home: "https://example.com/".into(),
        host: "example.com".into(),
        subject: "작은 모델의 계절 외 3건".into(),
        created: chrono::DateTime::parse_from_rfc3339("2026-11-23T08:00:00+09:00").expect("a moment"),
        from,
        reply_to: None,
        html,
        text,
        posts: Vec::new(),
        pictures: Vec::new(),
        on_the_web: false,
        nameless: String::new(),
        is_private: false,
    };
    let readers: Vec<Subscriber> = (0..1000)
        .map(|n| {
            Subscriber::stranger(
                Mailbox::parse(&format!("독자 {n} <reader{n}@example.net>")).expect("an address"),
            )
        })
        .collect();
    let composer = Composer::new(&issue, Seal::default());
    let start = Instant::now();
    let mut bytes = 0;
    for (reader, _) in readers.iter().cycle().zip(0..COPIES) {
        bytes += std::hint::black_box(composer.message(&reader.id, &reader.mailbox)).text.len();
    }
    let rate = f64::from(COPIES) / start.elapsed().as_secs_f64();
    println!("compose: {rate:.0} copies of {} KiB a second on one core", (bytes / COPIES as usize) >> 10);
    std::process::ExitCode::from(u8::from(rate < LEAST))
}
