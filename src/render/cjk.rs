//! Emphasis beside Chinese, Japanese and Korean letters.
//!
//! CommonMark decides by the neighbours of a `*` run whether it can open or close. Where words are not parted by spaces,
//! `**강조(English)**은` has punctuation on one side and a letter on the other, and the run closes nothing. The mend: put a
//! noncharacter, which counts as a letter, between the run and the punctuation; the parser then judges the run as an
//! author means it. The mark is taken out of what the parser gives.

use std::borrow::Cow;
use std::ops::Range;

use pulldown_cmark::{Event, LinkType, Options, Parser, Tag, TagEnd};

/// The noncharacter put in; `content` lets none through, and `markdown` takes it out again.
const MARK: char = '\u{fdd0}';

/// The Markdown with a mark at every run that CommonMark would misjudge; borrowed where there is none.
pub(super) fn mark_runs(source: &str, options: Options) -> Cow<'_, str> {
    let spots = candidates(source);
    if spots.is_empty() {
        return source.into();
    }
    let text = text_bytes(source, options);
    let mut out = String::with_capacity(source.len() + 3 * spots.len());
    let mut copied = 0;
    for spot in spots.iter().filter(|spot| spot.run.clone().all(|at| text[at])) {
        out.push_str(&source[copied..spot.mark]);
        out.push(MARK);
        copied = spot.mark;
    }
    out.push_str(&source[copied..]);
    out.into()
}

/// A run of `*` or `~`, and the end of it where a mark would help.
struct Candidate {
    run: Range<usize>,
    mark: usize,
}

/// Runs that touch a CJK character and have punctuation on exactly one side.
fn candidates(source: &str) -> Vec<Candidate> {
    let bytes = source.as_bytes();
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(next) = memchr::memchr2(b'*', b'~', &bytes[at..]) {
        let mut start = at + next;
        let end = start + bytes[start..].iter().take_while(|b| **b == bytes[start]).count();
        at = end;
        let backslashes = bytes[..start].iter().rev().take_while(|b| **b == b'\\').count();
        // An escaped `*` is a letter of the text; the run begins after it.
        start += backslashes % 2;
        let (Some(before), Some(after)) = (source[..start].chars().next_back(), source[end..].chars().next())
        else {
            continue;
        };
        let apart = before.is_whitespace() || after.is_whitespace();
        if start == end || apart || !(is_cjk(before) || is_cjk(after)) {
            continue;
        }
        match (is_punctuation(before), is_punctuation(after)) {
            (true, false) => found.push(Candidate { run: start..end, mark: start }),
            (false, true) => found.push(Candidate { run: start..end, mark: end }),
            _ => {}
        }
    }
    found
}

/// For each byte, whether it is text or a delimiter of emphasis: not code, not HTML, not part of a link's target.
fn text_bytes(source: &str, options: Options) -> Vec<bool> {
    let mut text = vec![false; source.len()];
    let mut verbatim = 0;
    let mut named = false;
    for (event, range) in Parser::new_ext(source, options).into_offset_iter() {
        match event {
            Event::Start(Tag::CodeBlock(_) | Tag::HtmlBlock) => verbatim += 1,
            Event::End(TagEnd::CodeBlock | TagEnd::HtmlBlock) => verbatim -= 1,
            // A mark would end up in an address, or part a reference from its definition.
            Event::Start(Tag::Link { link_type, .. }) => named = link_type != LinkType::Inline,
            Event::End(TagEnd::Link) => named = false,
            _ if named || verbatim > 0 => {}
            Event::Text(_) => text[range].fill(true),
            Event::Start(Tag::Emphasis) => both_ends(&mut text, &range, 1),
            Event::Start(Tag::Strong | Tag::Strikethrough) => both_ends(&mut text, &range, 2),
            _ => {}
        }
    }
    text
}

fn both_ends(text: &mut [bool], range: &Range<usize>, width: usize) {
    text[range.start..range.start + width].fill(true);
    text[range.end - width..range.end].fill(true);
}

/// The blocks whose text is written without spaces between words, or whose particles cling to the word before.
fn is_cjk(c: char) -> bool {
    matches!(u32::from(c),
        0x1100..=0x11ff | 0x20a9 | 0x2329..=0x232a | 0x2e80..=0x303e | 0x3041..=0xa4c6 | 0xa960..=0xa97c
        | 0xac00..=0xd7fb | 0xf900..=0xfaff | 0xfe10..=0xfe19 | 0xfe30..=0xfe6b | 0xff01..=0xffee
        | 0x1b000..=0x1b2fb | 0x1f200..=0x1f202 | 0x20000..=0x3fffd)
}

/// CommonMark 0.31's punctuation: Unicode's P and S. Told by what is left when letters, spaces and marks are taken away.
fn is_punctuation(c: char) -> bool {
    if c.is_ascii() {
        return c.is_ascii_punctuation();
    }
    let unseen = matches!(u32::from(c), 0x200b..=0x200f | 0x2028..=0x202e | 0x2060..=0x206f | 0xfe00..=0xfe0f | 0xfdd0..=0xfdef | 0xfeff | 0xe0000..=0xe0fff);
    let mark = unicode_normalization::char::is_combining_mark(c);
    !(c.is_alphanumeric() || c.is_whitespace() || c.is_control() || unseen || mark)
}
