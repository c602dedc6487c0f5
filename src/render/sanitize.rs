//! HTML made safe to show anywhere, every link in it absolute.

use std::borrow::Cow;
use std::collections::HashSet;

use ammonia::{Builder, UrlRelative};
use url::Url;

use super::elements::known;
use super::embed::linked;
use crate::content::clean::strip;
use crate::ids::Html;

/// The schemes of addresses that are kept.
const SCHEMES: [&str; 25] = [
    "bitcoin",
    "ftp",
    "ftps",
    "geo",
    "http",
    "https",
    "im",
    "irc",
    "ircs",
    "magnet",
    "mailto",
    "mms",
    "mx",
    "news",
    "nntp",
    "openpgp4fpr",
    "sip",
    "sms",
    "smsto",
    "ssh",
    "tel",
    "url",
    "webcal",
    "wtai",
    "xmpp",
];

/// Whether an address of this scheme is kept.
pub(super) fn is_kept_scheme(scheme: &str) -> bool {
    SCHEMES.contains(&scheme)
}

/// Keeps what a reader may show; takes out scripts, styles, forms, frames and event attributes with what is in them.
/// Relative addresses are resolved against the post's own URL, as readers ignore `xml:base`.
pub(super) fn clean(html: &str, base: &Url) -> Html {
    let cleaned = Builder::default()
        .link_rel(None)
        .url_schemes(HashSet::from(SCHEMES))
        .url_relative(UrlRelative::RewriteWithBase(base.clone()))
        .add_tag_attributes("code", ["class"])
        .attribute_filter(|tag, attribute, value| match (tag, attribute) {
            // A code block says its language; no other class means anything outside the site.
            ("code", "class") => value.starts_with("language-").then_some(Cow::Borrowed(value)),
            _ => Some(Cow::Borrowed(value)),
        })
        .rm_tags(["map", "area"])
        .clean_content_tags(HashSet::from([
            "script", "style", "template", "noscript", "object", "form", "svg",
        ]))
        .clean(&known(&linked(html)))
        .to_string();
    // A character reference such as `&#8;` is a character by now.
    Html::new(strip(&cleaned))
}

/// The HTML with no more than what a text can tell: words, paragraphs, rows and line breaks, without attributes.
pub(super) fn bare(html: &str) -> String {
    let tags =
        HashSet::from(["p", "br", "div", "tr", "td", "th", "li", "h1", "h2", "h3", "h4", "blockquote"]);
    let hidden =
        HashSet::from(["script", "style", "template", "noscript", "object", "form", "svg", "iframe"]);
    Builder::default()
        .tags(tags)
        .clean_content_tags(hidden)
        .generic_attributes(HashSet::new())
        .clean(&known(&linked(html)))
        .to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(html: &str, expect: &str) {
        let base = Url::parse("https://example.com/blog/post/").unwrap();
        assert_eq!(clean(html, &base).as_str(), expect);
    }

    #[test]
    fn links_are_absolute_against_the_post() {
        check(
            r##"<a href="/a">a</a> <a href="../b">b</a> <a href="#c">c</a> <img src="d.png" alt="d">"##,
            r#"<a href="https://example.com/a">a</a> <a href="https://example.com/blog/b">b</a> <a href="https://example.com/blog/post/#c">c</a> <img src="https://example.com/blog/post/d.png" alt="d">"#,
        );
    }

    #[test]
    fn a_frame_leaves_a_link_that_is_absolute_and_safe() {
        check("<iframe src=\"//v.kr/1\">no frames</iframe>", "<a href=\"https://v.kr/1\">v.kr</a>no frames");
        check("<iframe src=\"javascript:x()\"></iframe>", "<a>javascript:x()</a>");
    }

    #[test]
    fn references_bring_in_no_character_that_is_refused() {
        check(
            "a&#8;b&#xFDD1;email&#xFDD1;<a href=\"https://e.kr/&#xFDD1;email&#xFDD1;\">c</a>",
            "abemail<a href=\"https://e.kr/email\">c</a>",
        );
    }

    #[test]
    fn nothing_that_runs_comes_through() {
        check("a<script>alert(1)</script>b<p onclick=\"x()\" style=\"y\">c</p>", "ab<p>c</p>");
        check("<a href=\"javascript:x()\">a</a><svg onload=x()>", "<a>a</a>");
        check(
            "<pre><code class=\"language-rust\">x</code></pre><p class=\"language-x\">y</p>",
            "<pre><code class=\"language-rust\">x</code></pre><p>y</p>",
        );
    }
}
