//! The digest's own words, in the languages built in.

use serde::Serialize;

/// What the built-in templates say besides the posts.
#[derive(Debug, Serialize)]
pub(super) struct Words {
    read_more: &'static str,
    unsubscribe: &'static str,
    why: &'static str,
}

/// Korean and Japanese where the language is one of them, English otherwise.
pub(super) fn of(language: &str) -> Words {
    match language.split('-').next().unwrap_or_default() {
        "ko" => Words {
            read_more: "이어서 읽기",
            unsubscribe: "수신 거부",
            why: "이 소식지를 구독하셔서 보내 드립니다.",
        },
        "ja" => Words {
            read_more: "続きを読む",
            unsubscribe: "配信停止",
            why: "このメールは購読を申し込まれた方にお送りしています。",
        },
        _ => Words {
            read_more: "Read on",
            unsubscribe: "Unsubscribe",
            why: "You get this because you subscribed.",
        },
    }
}
