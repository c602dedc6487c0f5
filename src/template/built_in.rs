//! The built-in templates, which lie in the repository's `templates/`.

macro_rules! built_in {
    ($($name:literal),* $(,)?) => {
        /// Their names and texts.
        pub const ALL: &[(&str, &str)] = &[$(($name, include_str!(concat!("../../templates/", $name)))),*];
    };
}

built_in![
    "digest.html",
    "digest.css",
    "digest.txt",
    "subject.txt",
    "parts/contents.html",
    "parts/footer.html",
    "parts/post.html",
    "parts/post.txt",
    "looks/plain.css",
    "looks/journal.css",
    "looks/magazine.css",
    "looks/korean-press.css",
    "words/en.yaml",
    "words/ja.yaml",
    "words/ko.yaml",
    "feeds.html",
    "feed.css",
    "pages/layout.html",
    "pages/pages.css",
    "pages/subscribe.html",
    "pages/sent.html",
    "pages/button.html",
    "pages/done.html",
    "pages/preferences.html",
    "pages/archive.html",
    "pages/problem.html",
    "pages/words/en.yaml",
    "pages/words/ja.yaml",
    "pages/words/ko.yaml",
    "owner/owner.css",
    "owner/operator.html",
    "owner/operator.js",
    "owner/issue.html",
    "owner/preview.html",
    "owner/preview.js",
    "owner/preview_newsletter.html",
    "owner/preview_posts.html",
    "owner/preview_post.html",
    "owner/preview_feeds.html",
    "owner/preview_feed.html",
    "letters/layout.html",
    "letters/button.html",
    "letters/already.html",
    "letters/already.txt",
    "letters/confirm.html",
    "letters/confirm.txt",
    "letters/erase.html",
    "letters/erase.txt",
    "letters/export.html",
    "letters/export.txt",
    "letters/move.html",
    "letters/move.txt",
];

/// The text of one.
pub(super) fn text(name: &str) -> Option<&'static str> {
    ALL.iter().find(|(known, _)| *known == name).map(|(_, text)| *text)
}
