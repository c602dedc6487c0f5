//! What a new site holds at first.

/// The list.
pub(super) const SUBSCRIBERS: &str = "\
# Who gets the newsletter. This file is for you alone: it stays out of git.
# - { email: minji@example.com, name: 김민지 }
# - { email: jiho@example.net, status: unsubscribed }
";

/// A post to begin with.
pub(super) fn first_post(language: &str) -> &'static str {
    match language.split('-').next().unwrap_or_default() {
        "ko" => {
            "---\ntitle: 첫 소식\n---\n\n이 글은 `tidings init`이 놓아 둔 첫 글입니다. 지우거나 고쳐서 첫 소식을 적어 보세요.\n\n\
             글이 바뀌면 `tidings serve --preview`의 화면도 곧바로 바뀝니다.\n"
        }
        "ja" => {
            "---\ntitle: はじめての便り\n---\n\nこれは `tidings init` が置いた最初の記事です。書き換えて、はじめての便りにしてください。\n\n\
             記事を保存すると、`tidings serve --preview` の画面もすぐに変わります。\n"
        }
        _ => {
            "---\ntitle: First tidings\n---\n\n`tidings init` has put this post here. Write your own over it.\n\n\
             When a post is saved, the page of `tidings serve --preview` changes at once.\n"
        }
    }
}
