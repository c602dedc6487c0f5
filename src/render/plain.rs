//! HTML of posts that hold no HTML of their own: safe as it is made, without the sanitiser's reading it again.
//!
//! It gives what the sanitiser would have made of pulldown-cmark's HTML, byte for byte; a property test holds the two together.
//! What it is not sure of, it leaves to the sanitiser.

use std::borrow::Cow;

use pulldown_cmark::{CodeBlockKind, Event, LinkType, Tag, TagEnd};
use url::{ParseError, Url};

use super::sanitize::is_kept_scheme;

/// The HTML of these events, addresses absolute against `base`; `None` where it must be read again to be safe.
pub(super) fn html(events: &[Event<'_>], base: &Url) -> Option<String> {
    let length =
        events.iter().map(|event| if let Event::Text(text) = event { text.len() + 16 } else { 8 }).sum();
    let mut writer = Writer {
        out: String::with_capacity(length),
        base,
        phrasing: 0,
        in_link: false,
        in_head: false,
        cells: 0,
        is_body: false,
        is_odd: false,
    };
    let mut rest = events;
    while let Some((event, after)) = rest.split_first() {
        rest = after;
        match event {
            Event::Start(Tag::Image { dest_url, title, .. }) => rest = writer.image(dest_url, title, rest)?,
            Event::Start(tag) => writer.start(tag)?,
            Event::End(tag) => writer.end(*tag)?,
            Event::Text(text) => writer.text(text),
            Event::Code(text) => {
                writer.out.push_str("<code>");
                writer.text(text);
                writer.out.push_str("</code>");
            }
            Event::InlineHtml(html) if matches!(&**html, "<br>" | "<br/>" | "<br />") => {
                writer.out.push_str("<br>");
            }
            Event::FootnoteReference(number) => {
                writer.out.push_str("<sup>");
                writer.text(number);
                writer.out.push_str("</sup>");
            }
            Event::SoftBreak => writer.out.push('\n'),
            Event::HardBreak => writer.out.push_str("<br>\n"),
            Event::Rule if writer.phrasing == 0 => {
                writer.line();
                writer.out.push_str("<hr>\n");
            }
            _ => return None,
        }
    }
    (!writer.is_odd).then_some(writer.out)
}

#[expect(clippy::struct_excessive_bools, reason = "each is where the writer stands")]
struct Writer<'a> {
    out: String,
    base: &'a Url,
    /// Inside elements that hold no blocks.
    phrasing: usize,
    in_link: bool,
    in_head: bool,
    /// Of the table's head.
    cells: usize,
    /// Whether the table's rows are its body's.
    is_body: bool,
    /// A line end came of a reference: a parser of HTML joins it with the one behind it.
    is_odd: bool,
}

impl Writer<'_> {
    /// Begins a line, unless one begins here.
    fn line(&mut self) {
        if !self.out.is_empty() && !self.out.ends_with('\n') {
            self.out.push('\n');
        }
    }

    /// Begins a block; where none may stand, a parser of HTML would rebuild what is around it.
    fn block(&mut self, start: &str) -> Option<()> {
        if self.phrasing > 0 {
            return None;
        }
        self.line();
        self.out.push_str(start);
        Some(())
    }

    fn start(&mut self, tag: &Tag<'_>) -> Option<()> {
        match tag {
            Tag::Paragraph => {
                self.block("<p>")?;
                self.phrasing += 1;
            }
            Tag::Heading { level, .. } => {
                self.block("<")?;
                self.out.push_str(&format!("{level}>"));
                self.phrasing += 1;
            }
            Tag::BlockQuote(_) => self.block("<blockquote>\n")?,
            Tag::CodeBlock(kind) => {
                self.block("<pre><code")?;
                let language = match kind {
                    CodeBlockKind::Fenced(info) => info.split(' ').next().unwrap_or(""),
                    CodeBlockKind::Indented => "",
                };
                if !language.is_empty() {
                    self.out.push_str(" class=\"language-");
                    self.value(language);
                    self.out.push('"');
                }
                self.out.push('>');
            }
            Tag::List(Some(1)) => self.block("<ol>\n")?,
            Tag::List(Some(first)) => self.block(&format!("<ol start=\"{first}\">\n"))?,
            Tag::List(None) => self.block("<ul>\n")?,
            Tag::Item => self.block("<li>")?,
            Tag::DefinitionList => self.block("<dl>\n")?,
            Tag::DefinitionListTitle => self.block("<dt>")?,
            Tag::DefinitionListDefinition => self.block("<dd>")?,
            Tag::Table(_) if self.phrasing == 0 && !self.in_head && !self.is_body => {
                self.out.push_str("<table>");
            }
            Tag::TableHead => {
                (self.in_head, self.cells) = (true, 0);
                self.out.push_str("<thead><tr>");
            }
            Tag::TableRow => self.out.push_str("<tr>"),
            Tag::TableCell => {
                self.cells += 1;
                self.out.push_str(if self.is_body { "<td>" } else { "<th>" });
                self.phrasing += 1;
            }
            Tag::Subscript => self.out.push_str("<sub>"),
            Tag::Superscript => self.out.push_str("<sup>"),
            Tag::Emphasis => self.out.push_str("<em>"),
            Tag::Strong => self.out.push_str("<strong>"),
            Tag::Strikethrough => self.out.push_str("<del>"),
            Tag::Link { link_type, dest_url, title, .. } if !self.in_link => {
                self.in_link = true;
                self.out.push_str("<a");
                let mailto = if *link_type == LinkType::Email { "mailto:" } else { "" };
                self.address("href", &format!("{mailto}{}", escaped(dest_url)));
                self.titled(title);
                self.out.push('>');
            }
            _ => return None,
        }
        Some(())
    }

    fn end(&mut self, tag: TagEnd) -> Option<()> {
        let end = match tag {
            TagEnd::Paragraph => {
                self.phrasing -= 1;
                "</p>\n"
            }
            TagEnd::Heading(level) => {
                self.phrasing -= 1;
                self.out.push_str(&format!("</{level}>\n"));
                ""
            }
            TagEnd::BlockQuote(_) => "</blockquote>\n",
            TagEnd::CodeBlock => "</code></pre>\n",
            TagEnd::List(true) => "</ol>\n",
            TagEnd::List(false) => "</ul>\n",
            TagEnd::Item => "</li>\n",
            TagEnd::DefinitionList => "</dl>\n",
            TagEnd::DefinitionListTitle => "</dt>\n",
            TagEnd::DefinitionListDefinition => "</dd>\n",
            TagEnd::TableHead => {
                self.in_head = false;
                self.is_body = true;
                // A table without a header has none.
                if self.cells == 0 {
                    let length = self.out.len() - "<thead><tr>".len();
                    self.out.truncate(length);
                    "<tbody>\n"
                } else {
                    "</tr></thead><tbody>\n"
                }
            }
            TagEnd::TableRow => "</tr>\n",
            TagEnd::TableCell => {
                self.phrasing -= 1;
                if self.is_body { "</td>" } else { "</th>" }
            }
            TagEnd::Table => {
                self.is_body = false;
                "</tbody></table>\n"
            }
            TagEnd::Subscript => "</sub>",
            TagEnd::Superscript => "</sup>",
            TagEnd::Emphasis => "</em>",
            TagEnd::Strong => "</strong>",
            TagEnd::Strikethrough => "</del>",
            TagEnd::Link => {
                self.in_link = false;
                "</a>"
            }
            _ => return None,
        };
        self.out.push_str(end);
        Some(())
    }

    /// A picture, described by the texts up to its end; what follows that.
    fn image<'e, 'a>(
        &mut self,
        source: &str,
        title: &str,
        events: &'e [Event<'a>],
    ) -> Option<&'e [Event<'a>]> {
        self.out.push_str("<img");
        self.address("src", &escaped(source));
        self.out.push_str(" alt=\"");
        let mut depth = 0;
        for (index, event) in events.iter().enumerate() {
            match event {
                Event::End(TagEnd::Image) if depth == 0 => {
                    self.out.push('"');
                    self.titled(title);
                    self.out.push('>');
                    return Some(&events[index + 1..]);
                }
                Event::Start(_) => depth += 1,
                Event::End(_) => depth -= 1,
                Event::Text(text) | Event::Code(text) => self.value(text),
                Event::SoftBreak | Event::HardBreak => self.out.push(' '),
                _ => return None,
            }
        }
        None
    }

    /// An attribute with an address, where it is one that may be shown.
    fn address(&mut self, name: &str, written: &str) {
        let absolute = if is_plain(written) {
            Some(Cow::Borrowed(written))
        } else {
            match Url::parse(written) {
                Ok(url) => is_kept_scheme(url.scheme()).then_some(Cow::Borrowed(written)),
                Err(ParseError::RelativeUrlWithoutBase) => {
                    self.base.join(written).ok().map(|url| String::from(url).into())
                }
                Err(_) => None,
            }
        };
        if let Some(absolute) = absolute {
            self.out.push_str(&format!(" {name}=\""));
            self.value(&absolute);
            self.out.push('"');
        }
    }

    fn text(&mut self, text: &str) {
        self.escape(text, false);
    }

    /// Inside the quotes of an attribute.
    fn value(&mut self, text: &str) {
        self.escape(text, true);
    }

    fn escape(&mut self, text: &str, in_value: bool) {
        let bytes = text.as_bytes();
        let (mut kept, mut at) = (0, 0);
        let next = |from: usize| {
            let rest = &bytes[from..];
            let first = memchr::memchr3(b'<', b'>', b'&', rest).unwrap_or(rest.len());
            let first = memchr::memchr3(b'"', 0xc2, b'\r', &rest[..first]).unwrap_or(first);
            (first < rest.len()).then_some(from + first)
        };
        while let Some(found) = next(at) {
            at = found + 1;
            self.is_odd |= bytes[found] == b'\r';
            if let Some((length, shown)) = shown(&bytes[found..], in_value) {
                self.out.push_str(&text[kept..found]);
                self.out.push_str(shown);
                kept = found + length;
                at = kept;
            }
        }
        self.out.push_str(&text[kept..]);
    }

    fn titled(&mut self, title: &str) {
        if !title.is_empty() {
            self.out.push_str(" title=\"");
            self.value(title);
            self.out.push('"');
        }
    }
}

/// Whether an address is one of the web that no parser would refuse: most are, and parsing them would only say so.
fn is_plain(address: &str) -> bool {
    let rest = address.strip_prefix("https://").or_else(|| address.strip_prefix("http://"));
    let host = rest.map(|rest| rest.split(['/', '?', '#']).next().unwrap_or(rest));
    host.is_some_and(|host| {
        let mut labels = host.rsplit('.');
        let top = labels.next().unwrap_or_default();
        let is_label = |label: &str| {
            label.starts_with(|c: char| c.is_ascii_lowercase())
                && label.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit())
        };
        top.len() > 1 && top.bytes().all(|b| b.is_ascii_lowercase()) && labels.all(is_label)
    })
}

/// An address as pulldown-cmark has it: percent-encoded but for what is safe in one.
fn escaped(address: &str) -> Cow<'_, str> {
    let is_safe = |b: u8| b.is_ascii_alphanumeric() || b"!#$%&'()*+,-./:;=?@_~^".contains(&b);
    if address.bytes().all(is_safe) {
        return address.into();
    }
    address
        .bytes()
        .map(|b| if is_safe(b) { char::from(b).to_string() } else { format!("%{b:02X}") })
        .collect::<String>()
        .into()
}

/// What is written for a character that cannot stand for itself (WHATWG HTML, §13.3, "Escaping a string").
fn shown(rest: &[u8], in_value: bool) -> Option<(usize, &'static str)> {
    match rest {
        [b'&', ..] => Some((1, "&amp;")),
        [b'<', ..] => Some((1, "&lt;")),
        [b'>', ..] => Some((1, "&gt;")),
        [b'"', ..] if in_value => Some((1, "&quot;")),
        [0xc2, 0xa0, ..] => Some((2, "&nbsp;")),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::config::CommonMark;
    use crate::render::{markdown, sanitize};

    #[track_caller]
    fn same(source: &str) -> bool {
        let base = Url::parse("https://example.com/blog/post/").unwrap();
        let options = CommonMark { definitions: true, heading_attributes: true, ..CommonMark::default() };
        let source = markdown::Source::new(source.to_owned(), options);
        let events = source.events(options);
        let Some(ours) = html(&events, &base) else { return false };
        let theirs = sanitize::clean(&markdown::html(events.into_iter()), &base);
        assert_eq!(ours, theirs.as_str());
        true
    }

    #[test]
    fn what_it_writes_is_what_the_sanitiser_would_leave() {
        for source in [
            "# 제목 \"a\" & b {#id .class}\n\n문단 <br> 둘\n셋  \n넷\n\n---\n\n> 인용\n> > 안\n",
            "- 하나\n- 둘\n\n  셋\n\n3. a\n4. b\n   1. c\n",
            "| a | b |\n|:--|--:|\n| `x|y` | **z** |\n\n용어\n: 뜻\n\nx[^1]\n\n[^1]: 주\n",
            "```rust ignore\nfn main() { \"<&>\" }\n```\n\n    code\n",
            "[a](../b?x=1&y=2 \"ti\\\"tle\") ![그림 *기울임* `c`](c d.png) <kim@example.net> <https://a.kr/가>",
            "[j](javascript:x()) [d](data:text/html,x) [r](//v.kr) [h](#top) [e]( ) ![](https://)",
            "a&nbsp;b &#x3c;b&gt; [x](a\"b'c<d>)",
            "[![a](b.png)](c) ~~d~~ ***e***",
        ] {
            assert!(same(source), "{source} is left to the sanitiser");
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 4000, ..ProptestConfig::default() })]
        #[test]
        fn what_is_plain_is_no_address_that_a_parser_refuses(rest in "[a-z0-9.@:%가/?#\\[\\]\\\\ -]{0,24}|[a-z0-9.]{1,12}(/[ -~]{0,8})?") {
            for address in [format!("https://{rest}"), format!("http://{rest}")] {
                prop_assert!(!is_plain(&address) || Url::parse(&address).is_ok(), "{}", address);
            }
        }
    }

    #[test]
    fn html_is_left_to_the_sanitiser() {
        for source in ["<div>a</div>", "a <b>b</b>", "<script>x</script>", "a <br onclick=x>", "a&#13;b"] {
            assert!(!same(source));
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 4000, ..ProptestConfig::default() })]
        #[test]
        fn any_text_at_all(source in "([-#>*_`~|:! \n\\[\\]()\"'&;<a가1.]|\\[a\\]\\(b|!\\[|https://|<br>|&#13;|&quot;|&nbsp;|\\^|    |\n\n){0,40}") {
            same(&source);
        }
    }
}
