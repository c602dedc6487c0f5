//! Words of our own that people read about feeds, by the site's language.

use crate::config::Group;

/// Those words.
#[derive(Clone, Copy, Debug, serde::Serialize)]
pub(super) struct Words {
    feeds: &'static str,
    how: &'static str,
    which: &'static str,
    all: &'static str,
    this_is_a_feed: &'static str,
    /// Of feeds by category, tag, author and language.
    #[serde(skip)]
    headings: [&'static str; 4],
}

impl Words {
    /// Over the feeds of one kind.
    pub(super) fn heading(&self, group: Group) -> &'static str {
        self.headings[match group {
            Group::Category => 0,
            Group::Tag => 1,
            Group::Author => 2,
            Group::Language => 3,
        }]
    }
}

/// Korean and Japanese where the language is one of them, English otherwise.
pub(super) fn of(language: &str) -> Words {
    match language.split('-').next().unwrap_or_default() {
        "ko" => Words {
            feeds: "피드",
            how: "주소를 피드 리더에 붙여 넣으면 새 글이 올라올 때마다 거기서 읽을 수 있습니다. 계정도 메일 주소도 필요 없습니다.",
            which: "어느 형식이든 내용은 같습니다. 잘 모르겠으면 첫 번째를 고르세요.",
            all: "모든 피드를 한꺼번에 (OPML)",
            this_is_a_feed: "이 문서는 피드입니다. 이 주소를 피드 리더에 붙여 넣으면 구독됩니다. 모든 피드:",
            headings: ["분류", "태그", "글쓴이", "언어"],
        },
        "ja" => Words {
            feeds: "フィード",
            how: "アドレスをフィードリーダーに貼り付けると、新しい記事をそこで読めます。アカウントもメールアドレスも要りません。",
            which: "どの形式でも内容は同じです。迷ったら最初のものを選んでください。",
            all: "すべてのフィードをまとめて (OPML)",
            this_is_a_feed: "これはフィードです。このアドレスをフィードリーダーに貼り付けると購読できます。すべてのフィード:",
            headings: ["カテゴリー", "タグ", "著者", "言語"],
        },
        _ => Words {
            feeds: "Feeds",
            how: "Paste an address into a feed reader, and new posts appear there as they are published. It takes no account and no mail address.",
            which: "All formats say the same; where in doubt, take the first.",
            all: "All feeds at once (OPML)",
            this_is_a_feed: "This is a feed: paste its address into a feed reader to subscribe. All feeds:",
            headings: ["Categories", "Tags", "Authors", "Languages"],
        },
    }
}
