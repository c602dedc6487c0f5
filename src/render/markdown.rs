//! Markdown to events and HTML: CommonMark with tables, footnotes, strikethrough and task lists.

use std::borrow::Cow;
use std::collections::HashMap;

use pulldown_cmark::{CowStr, Event, Options, Parser, Tag, TagEnd, html};

use super::cjk;
use crate::content::clean::{is_refused, strip};

fn options() -> Options {
    Options::ENABLE_TABLES
        | Options::ENABLE_FOOTNOTES
        | Options::ENABLE_STRIKETHROUGH
        | Options::ENABLE_TASKLISTS
}

/// A Markdown text, ready to be read.
pub(super) struct Markdown<'a> {
    source: Cow<'a, str>,
}

impl<'a> Markdown<'a> {
    pub(super) fn new(source: &'a str) -> Self {
        Self { source: cjk::mark_runs(source, options()) }
    }

    /// The events: footnotes named by their number, task markers as characters, as a checkbox is refused in a feed.
    pub(super) fn events(&self) -> Vec<Event<'_>> {
        let mut notes = Notes::default();
        let mut events = Vec::new();
        for event in Parser::new_ext(&self.source, options()) {
            match cleaned(event) {
                Event::FootnoteReference(name) => events.push(Event::FootnoteReference(notes.number(&name))),
                Event::Start(Tag::FootnoteDefinition(name)) => {
                    events.push(Event::Start(Tag::FootnoteDefinition(notes.number(&name))));
                }
                Event::TaskListMarker(done) => {
                    events.push(Event::Text(if done { "☑ " } else { "☐ " }.into()));
                }
                event => events.push(event),
            }
        }
        events
    }
}

/// Footnotes are numbered in the order in which the text first names them.
#[derive(Default)]
struct Notes(HashMap<String, usize>);

impl Notes {
    fn number(&mut self, name: &str) -> CowStr<'static> {
        let next = self.0.len() + 1;
        self.0.entry(name.to_owned()).or_insert(next).to_string().into()
    }
}

/// Takes out our own marks, and refused characters that came in as references (`&#8;`), which the parser resolves.
fn cleaned(event: Event<'_>) -> Event<'_> {
    fn clean(text: CowStr<'_>) -> CowStr<'_> {
        if text.contains(is_refused) { strip(&text).into_owned().into() } else { text }
    }
    match event {
        Event::Text(text) => Event::Text(clean(text)),
        Event::Code(text) => Event::Code(clean(text)),
        Event::Html(text) => Event::Html(clean(text)),
        Event::InlineHtml(text) => Event::InlineHtml(clean(text)),
        Event::Start(Tag::Link { link_type, dest_url, title, id }) => {
            Event::Start(Tag::Link { link_type, dest_url: clean(dest_url), title: clean(title), id })
        }
        Event::Start(Tag::Image { link_type, dest_url, title, id }) => {
            Event::Start(Tag::Image { link_type, dest_url: clean(dest_url), title: clean(title), id })
        }
        event => event,
    }
}

/// The events as HTML: not yet safe, links as written. Footnotes have no anchors: a feed shows many posts on one page, where
/// they would collide.
pub(super) fn html<'a>(events: impl Iterator<Item = Event<'a>>) -> String {
    let mut number = None;
    let plain = |event| match event {
        Event::FootnoteReference(number) => [Some(sup(&number)), None],
        Event::Start(Tag::FootnoteDefinition(own)) => {
            number = Some(own);
            [Some(Event::Html("<div>".into())), None]
        }
        // The number goes into the note's first paragraph, or it would stand on a line of its own.
        Event::Start(Tag::Paragraph) => {
            [Some(Event::Start(Tag::Paragraph)), number.take().map(|number| sup(&number))]
        }
        Event::End(TagEnd::FootnoteDefinition) => [Some(Event::Html("</div>\n".into())), None],
        event => [Some(event), None],
    };
    let mut out = String::new();
    html::push_html(&mut out, events.flat_map(plain).flatten());
    out
}

fn sup(number: &str) -> Event<'static> {
    Event::InlineHtml(format!("<sup>{number}</sup>").into())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn ours(source: &str) -> String {
        html(Markdown::new(source).events().into_iter()).replace(" />", ">").replace('\n', "")
    }

    /// The oracle: another parser, with its rule for CJK emphasis switched on.
    fn oracle(source: &str) -> String {
        let mut options = comrak::Options::default();
        options.extension.cjk_friendly_emphasis = true;
        options.extension.strikethrough = true;
        options.extension.table = true;
        options.render.r#unsafe = true;
        comrak::markdown_to_html(source, &options)
            .replace(" />", ">")
            .replace("&quot;", "\"")
            .replace('\n', "")
    }

    #[test]
    fn emphasis_beside_a_particle_is_emphasis() {
        for (source, expect) in [
            ("**강조(English)**은 됩니다.", "<p><strong>강조(English)</strong>은 됩니다.</p>"),
            ("**“인용”**이라고 했다.", "<p><strong>“인용”</strong>이라고 했다.</p>"),
            ("**100%**가 맞다.", "<p><strong>100%</strong>가 맞다.</p>"),
            ("**`cargo build`**를 실행", "<p><strong><code>cargo build</code></strong>를 실행</p>"),
            ("이것은**(괄호)**입니다.", "<p>이것은<strong>(괄호)</strong>입니다.</p>"),
            ("*기울임(it)*은 ~~취소(no)~~는", "<p><em>기울임(it)</em>은 <del>취소(no)</del>는</p>"),
            (
                "これは**「重要」**です。それは**「不要」**です。",
                "<p>これは<strong>「重要」</strong>です。それは<strong>「不要」</strong>です。</p>",
            ),
            (
                "`**코드(a)**는` [가](https://a.kr/**b)",
                "<p><code>**코드(a)**는</code> <a href=\"https://a.kr/**b\">가</a></p>",
            ),
        ] {
            assert_eq!(ours(source), expect, "{source}");
        }
    }

    #[test]
    fn addresses_and_references_stay_as_they_are() {
        assert!(ours("<https://a.kr/가**(b)>").contains("href=\"https://a.kr/%EA%B0%80**(b)\""));
        let reference = ours("[**“인용”**이란]\n\n[**“인용”**이란]: https://a.kr/\n");
        assert!(reference.contains("<a href=\"https://a.kr/\">"), "{reference}");
    }

    #[test]
    fn footnotes_are_numbered_without_anchors() {
        assert_eq!(ours("a[^x]\n\n[^x]: 주석\n"), "<p>a<sup>1</sup></p><div><p><sup>1</sup>주석</p></div>");
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 3000, ..ProptestConfig::default() })]
        #[test]
        fn emphasis_is_what_the_oracle_makes_of_it(source in "[가나は重a1(){}“”「」。!%,* ]{1,24}") {
            // A line that opens a list, a table or a code block is another matter than emphasis.
            let source = format!("가{}", source.trim_end());
            prop_assert_eq!(ours(&source), oracle(&source), "{}", source);
        }
    }
}
