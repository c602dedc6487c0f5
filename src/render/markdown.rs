//! Markdown to events and HTML: CommonMark with tables, footnotes, strikethrough and task lists.

use std::borrow::Cow;
use std::collections::HashMap;
use std::ops::Range;

use pulldown_cmark::{CodeBlockKind, CowStr, Event, Options, Parser, Tag, TagEnd, html};

use super::cjk;
use super::goldmark;
use crate::config::{CommonMark, Typography};
use crate::content::clean::{first_refused, is_refused};

fn parser_options(wanted: CommonMark) -> Options {
    let mut options = Options::ENABLE_TABLES
        | Options::ENABLE_FOOTNOTES
        | Options::ENABLE_STRIKETHROUGH
        | Options::ENABLE_TASKLISTS
        | Options::ENABLE_MATH;
    for (is_wanted, option) in [
        (wanted.typography == Typography::Smart, Options::ENABLE_SMART_PUNCTUATION),
        (wanted.definitions, Options::ENABLE_DEFINITION_LIST),
        (wanted.heading_attributes, Options::ENABLE_HEADING_ATTRIBUTES),
    ] {
        options.set(option, is_wanted);
    }
    options
}

/// A text of its own, as plain Markdown.
pub(super) fn whole(text: &str) -> String {
    let source = Source::new(text.to_owned(), CommonMark::default());
    html(source.events(CommonMark::default()).into_iter())
}

/// A line of Markdown as HTML, without the paragraph around it.
pub(super) fn inline(text: &str) -> String {
    let html = whole(text);
    let html = html.trim();
    html.strip_prefix("<p>").and_then(|html| html.strip_suffix("</p>")).unwrap_or(html).to_owned()
}

/// Begins and ends the number of a piece of HTML that a shortcode made; `content` lets none through.
pub(super) const PIECE: char = '\u{fdd2}';

/// Stands for `<<` in a source: to Hugo's parser that is a guillemet before it is the beginning of a tag.
const GUILLEMET: &str = "\u{fdd3}";

/// Puts `shown` where a guillemet was marked.
fn guillemets<'a>(text: CowStr<'a>, shown: &str) -> CowStr<'a> {
    if text.contains(GUILLEMET) { text.replace(GUILLEMET, shown).into() } else { text }
}

/// A text, with marks where CommonMark would misjudge emphasis.
pub(super) struct Source(String);

impl Source {
    pub(super) fn new(text: String, wanted: CommonMark) -> Self {
        let text = if wanted.typography == Typography::Goldmark && text.contains("<<") {
            text.replace("<<", GUILLEMET)
        } else {
            text
        };
        match cjk::mark_runs(&text, parser_options(wanted)) {
            Cow::Owned(marked) => Self(marked),
            Cow::Borrowed(_) => Self(text),
        }
    }

    /// A text that is not CommonMark.
    pub(super) fn verbatim(text: String) -> Self {
        Self(text)
    }

    pub(super) fn as_str(&self) -> &str {
        &self.0
    }

    /// The events: footnotes named by their number and put at the end, task markers as characters (a checkbox is refused
    /// in a feed), formulas as they are written.
    pub(super) fn events(&self, wanted: CommonMark) -> Vec<Event<'_>> {
        let mut notes = Notes::default();
        let mut events = Vec::with_capacity(self.0.len() / 32);
        let mut open = goldmark::Open::default();
        let mut verbatim = false;
        let sets = wanted.typography == Typography::Goldmark;
        let marked = self.0.contains(GUILLEMET);
        let is_clean = first_refused(&self.0).is_none();
        let parser = Parser::new_ext(&self.0, parser_options(wanted)).into_offset_iter();
        for (event, range) in (Joined { events: parser, next: None, source: &self.0 }) {
            match &event {
                Event::Start(Tag::CodeBlock(_)) => verbatim = true,
                Event::End(TagEnd::CodeBlock) => verbatim = false,
                Event::Start(Tag::Paragraph | Tag::Heading { .. } | Tag::TableCell | Tag::Item) => {
                    open = goldmark::Open::default();
                }
                _ => {}
            }
            let event = match event {
                // A text that is not as it was written came of a reference.
                Event::Text(text)
                    if sets
                        && !verbatim
                        && !goldmark::is_plain(&text)
                        && is_written(&text, &self.0, &range) =>
                {
                    Event::Text(goldmark::set(&self.0, range.start, range.end, &mut open).into())
                }
                // `rust,linenos,hl_lines=2` is in Rust.
                Event::Start(Tag::CodeBlock(CodeBlockKind::Fenced(info))) if info.contains([',', '{']) => {
                    let language = info.split([',', '{']).next().unwrap_or("").trim().to_owned();
                    Event::Start(Tag::CodeBlock(CodeBlockKind::Fenced(language.into())))
                }
                event => event,
            };
            let event = match event {
                event if !marked => event,
                Event::Text(text) if !verbatim => Event::Text(guillemets(text, "«")),
                Event::Text(text) => Event::Text(guillemets(text, "<<")),
                Event::Code(text) => Event::Code(guillemets(text, "<<")),
                Event::Html(text) => Event::Html(guillemets(text, "<<")),
                Event::InlineHtml(text) => Event::InlineHtml(guillemets(text, "<<")),
                event => event,
            };
            // What stands in a source without marks of ours has none itself.
            let event = match event {
                Event::Text(text) if is_clean && is_written(&text, &self.0, &range) => Event::Text(text),
                event => cleaned(event),
            };
            let event = match event {
                Event::FootnoteReference(name) => Event::FootnoteReference(notes.number(&name)),
                Event::Start(Tag::FootnoteDefinition(name)) => {
                    notes.open(&name);
                    continue;
                }
                Event::End(TagEnd::FootnoteDefinition) => {
                    notes.reading = None;
                    continue;
                }
                Event::TaskListMarker(done) => Event::Text(if done { "☑ " } else { "☐ " }.into()),
                Event::InlineMath(math) => Event::Text(format!("${math}$").into()),
                Event::DisplayMath(math) => Event::Text(format!("$${math}$$").into()),
                Event::SoftBreak if wanted.hard_wrap => Event::HardBreak,
                Event::Html(_) | Event::InlineHtml(_) if wanted.no_html => continue,
                event => event,
            };
            notes.push(event, &mut events);
        }
        notes.finish(&mut events);
        events
    }
}

/// Texts that follow each other in the source as one: the parser cuts at every character that might have meant something.
struct Joined<'a, I> {
    events: I,
    /// The event behind a text, which has been looked at already.
    next: Option<(Event<'a>, Range<usize>)>,
    source: &'a str,
}

impl<'a, I: Iterator<Item = (Event<'a>, Range<usize>)>> Iterator for Joined<'a, I> {
    type Item = (Event<'a>, Range<usize>);

    fn next(&mut self) -> Option<Self::Item> {
        let (event, mut place) = self.next.take().or_else(|| self.events.next())?;
        let Event::Text(text) = &event else { return Some((event, place)) };
        if !is_written(text, self.source, &place) {
            return Some((event, place));
        }
        let first = place.end;
        loop {
            match self.events.next() {
                Some((Event::Text(more), range))
                    if range.start == place.end && is_written(&more, self.source, &range) =>
                {
                    place.end = range.end;
                }
                other => {
                    self.next = other;
                    break;
                }
            }
        }
        let event = if place.end == first { event } else { Event::Text(self.source[place.clone()].into()) };
        Some((event, place))
    }
}

/// Whether a text stands in the source as it is: what came of a reference does not.
fn is_written(text: &str, source: &str, range: &Range<usize>) -> bool {
    source.get(range.clone()).is_some_and(|written| std::ptr::eq(written, text))
}

/// Footnotes are numbered in the order in which the text first names them, and stand below it in that order.
#[derive(Default)]
struct Notes<'a> {
    numbers: HashMap<String, usize>,
    contents: HashMap<String, Vec<Event<'a>>>,
    reading: Option<String>,
}

impl<'a> Notes<'a> {
    fn number(&mut self, name: &str) -> CowStr<'static> {
        let next = self.numbers.len() + 1;
        self.numbers.entry(name.to_owned()).or_insert(next).to_string().into()
    }

    fn open(&mut self, name: &str) {
        self.reading = Some(name.to_owned());
        self.contents.insert(name.to_owned(), Vec::new());
    }

    fn push(&mut self, event: Event<'a>, events: &mut Vec<Event<'a>>) {
        match self.reading.as_ref().and_then(|name| self.contents.get_mut(name)) {
            Some(content) => content.push(event),
            None => events.push(event),
        }
    }

    /// Puts the notes that the text names into a list below it.
    fn finish(mut self, events: &mut Vec<Event<'a>>) {
        let mut named: Vec<_> = std::mem::take(&mut self.numbers).into_iter().collect();
        named.sort_by_key(|(_, number)| *number);
        let contents: Vec<_> =
            named.into_iter().filter_map(|(name, _)| self.contents.remove(&name)).collect();
        if contents.is_empty() {
            return;
        }
        events.push(Event::Start(Tag::List(Some(1))));
        for content in contents {
            events.push(Event::Start(Tag::Item));
            events.extend(content);
            events.push(Event::End(TagEnd::Item));
        }
        events.push(Event::End(TagEnd::List(true)));
    }
}

/// Takes out our own marks, and refused characters that came in as references (`&#8;`), which the parser resolves.
fn cleaned(event: Event<'_>) -> Event<'_> {
    fn clean(text: CowStr<'_>) -> CowStr<'_> {
        if first_refused(&text).is_none() {
            return text;
        }
        // The marks of shortcodes are still wanted.
        let is_unwanted = |c: char| is_refused(c) && c != PIECE;
        if text.contains(is_unwanted) { text.replace(is_unwanted, "").into() } else { text }
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
    let plain = |event| match event {
        Event::FootnoteReference(number) => Event::InlineHtml(format!("<sup>{number}</sup>").into()),
        event => event,
    };
    let mut out = String::new();
    html::push_html(&mut out, events.map(plain));
    // A table without a header has an empty one to the writer.
    if out.contains(EMPTY_HEAD) { out.replace(EMPTY_HEAD, "<tbody>") } else { out }
}

const EMPTY_HEAD: &str = "<thead><tr></tr></thead><tbody>";

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn ours(source: &str) -> String {
        let source = Source::new(source.to_owned(), CommonMark::default());
        html(source.events(CommonMark::default()).into_iter()).replace(" />", ">").replace('\n', "")
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
        assert_eq!(ours("a[^x]\n\n[^x]: 주석\n"), "<p>a<sup>1</sup></p><ol><li><p>주석</p></li></ol>");
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
