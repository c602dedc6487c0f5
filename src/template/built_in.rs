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
];

/// The text of one.
pub(super) fn text(name: &str) -> Option<&'static str> {
    ALL.iter().find(|(known, _)| *known == name).map(|(_, text)| *text)
}
