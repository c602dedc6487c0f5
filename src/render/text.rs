//! Plain text from a post's Markdown: made to be read in a terminal and in a mail program without HTML.

use pulldown_cmark::{Event, HeadingLevel, Tag, TagEnd};
use unicode_width::UnicodeWidthStr;
use url::Url;

use super::sanitize;
use super::wrap::{Breaks, wrap};

/// The whole text; each link is numbered and its address stands in a list below.
pub(super) fn document(events: &[Event<'_>], base: &Url, width: usize) -> String {
    let mut writer = Writer::new(width);
    for event in events {
        writer.event(event, Some(base));
    }
    writer.finish()
}

/// The text in its paragraphs, links by their words alone.
pub(super) fn paragraphs(events: &[Event<'_>], width: usize) -> String {
    let mut writer = Writer::new(width);
    for event in events {
        writer.event(event, None);
    }
    writer.finish()
}

/// The text on one line.
pub(super) fn one_line(events: &[Event<'_>]) -> String {
    paragraphs(events, usize::MAX >> 1).split_whitespace().collect::<Vec<_>>().join(" ")
}

/// A list or quotation that the text is inside of.
enum Nest {
    Bullets,
    Numbers(u64),
    Quote,
}

struct Writer {
    width: usize,
    out: String,
    /// The paragraph being gathered; `\n` in it is a break that the author wants.
    line: String,
    nests: Vec<Nest>,
    /// The mark of a list item whose first line is not written yet.
    bullet: Option<String>,
    code: bool,
    /// Inside an inline `<script>` or `<style>`.
    hidden: bool,
    /// The block of HTML being gathered.
    block_html: String,
    links: Vec<Option<String>>,
    notes: Vec<String>,
    /// The last block was an item of a tight list: the next line follows without a blank one.
    tight: bool,
}

impl Writer {
    fn new(width: usize) -> Self {
        Self {
            width,
            out: String::new(),
            line: String::new(),
            nests: Vec::new(),
            bullet: None,
            code: false,
            hidden: false,
            block_html: String::new(),
            links: Vec::new(),
            notes: Vec::new(),
            tight: false,
        }
    }

    fn event(&mut self, event: &Event<'_>, base: Option<&Url>) {
        match event {
            Event::Start(tag) => self.start(tag, base),
            Event::End(tag) => self.end(*tag),
            Event::Text(_) if self.hidden => {}
            Event::Text(text) if self.code => self.line.push_str(text),
            Event::Text(text) | Event::Code(text) => self.words(text),
            Event::Html(html) => self.block_html.push_str(html),
            Event::InlineHtml(html) => self.inline_html(html),
            Event::FootnoteReference(number) => self.line.push_str(&superscript(number)),
            Event::SoftBreak if !self.line.ends_with('\n') => self.line.push(' '),
            Event::HardBreak => self.line.push('\n'),
            Event::Rule => {
                self.flush();
                self.block(&["* * *".to_owned()]);
            }
            _ => {}
        }
    }

    fn start(&mut self, tag: &Tag<'_>, base: Option<&Url>) {
        match tag {
            Tag::Paragraph | Tag::Heading { .. } | Tag::TableRow | Tag::TableHead => self.flush(),
            Tag::CodeBlock(_) => {
                self.flush();
                self.code = true;
            }
            Tag::BlockQuote(_) => {
                self.flush();
                self.nests.push(Nest::Quote);
            }
            Tag::List(first) => {
                self.flush();
                self.tight |= !self.nests.is_empty();
                self.nests.push(first.map_or(Nest::Bullets, Nest::Numbers));
            }
            Tag::Item => {
                self.flush();
                self.bullet = Some(match self.nests.last_mut() {
                    Some(Nest::Numbers(number)) => {
                        *number += 1;
                        format!("{}. ", *number - 1)
                    }
                    _ => "- ".to_owned(),
                });
            }
            Tag::FootnoteDefinition(number) => {
                self.flush();
                self.bullet = Some(format!("{} ", superscript(number)));
            }
            Tag::Link { dest_url, .. } => self.links.push(base.and_then(|base| absolute(dest_url, base))),
            Tag::Image { .. } => self.line.push('['),
            Tag::TableCell if !self.line.is_empty() => self.line.push_str(" | "),
            _ => {}
        }
    }

    fn end(&mut self, tag: TagEnd) {
        match tag {
            TagEnd::TableHead => {
                let width = self.line.width().min(self.room());
                self.flush();
                self.tight = true;
                self.block(&["-".repeat(width)]);
                self.tight = true;
            }
            TagEnd::TableRow => {
                self.flush();
                self.tight = true;
            }
            TagEnd::HtmlBlock => self.html_block(),
            TagEnd::Paragraph | TagEnd::Table => {
                self.flush();
                self.tight = false;
            }
            TagEnd::Heading(level) => self.heading(level),
            TagEnd::CodeBlock => self.code_block(),
            TagEnd::FootnoteDefinition => {
                self.flush();
                self.bullet = None;
            }
            TagEnd::Item => {
                self.flush();
                self.bullet = None;
                self.tight = true;
            }
            TagEnd::BlockQuote(_) | TagEnd::List(_) => {
                self.flush();
                self.nests.pop();
                self.tight = !self.nests.is_empty();
            }
            TagEnd::Link => {
                if let Some(address) = self.links.pop().flatten() {
                    let known = self.notes.iter().position(|note| *note == address);
                    let number = known.unwrap_or_else(|| {
                        self.notes.push(address);
                        self.notes.len() - 1
                    });
                    self.line.push_str(&format!(" [{}]", number + 1));
                }
            }
            TagEnd::Image => match self.line.strip_suffix('[') {
                // A picture without a description says nothing in a text.
                Some(rest) => self.line.truncate(rest.len()),
                None => self.line.push(']'),
            },
            _ => {}
        }
    }

    fn words(&mut self, text: &str) {
        let text = if self.line.ends_with(['\n', ' ']) { text.trim_start() } else { text };
        self.line.push_str(&text.replace('\n', " "));
    }

    /// What stands between `<script>` and `</script>` is not to be read.
    fn inline_html(&mut self, html: &str) {
        let name = html.trim_start_matches(['<', '/']).to_ascii_lowercase();
        if name.starts_with("script") || name.starts_with("style") {
            self.hidden = !html.starts_with("</");
        } else if name.starts_with("br") {
            self.line.truncate(self.line.trim_end_matches(' ').len());
            self.line.push('\n');
        }
    }

    /// Of a block of HTML, the words and line breaks that a reader would see.
    fn html_block(&mut self) {
        let block = std::mem::take(&mut self.block_html);
        for piece in sanitize::bare(&block).split('<') {
            let (tag, words) = piece.split_once('>').unwrap_or(("", piece));
            let breaks = ["br", "/p", "/div", "/tr", "/li", "/h", "/blockquote"];
            if breaks.iter().any(|name| tag.starts_with(name)) {
                self.line.push('\n');
            } else if tag.starts_with("td") || tag.starts_with("th") {
                self.line.push_str(if self.line.is_empty() || self.line.ends_with('\n') {
                    ""
                } else {
                    " | "
                });
            }
            let words = words
                .replace("&nbsp;", " ")
                .replace("&lt;", "<")
                .replace("&gt;", ">")
                .replace("&quot;", "\"");
            self.words(&words.replace("&amp;", "&"));
        }
        self.flush();
        self.tight = false;
    }

    fn heading(&mut self, level: HeadingLevel) {
        let text = std::mem::take(&mut self.line);
        self.tight = false;
        let mut lines = wrap(&text, self.room(), Breaks::Fixed);
        if level <= HeadingLevel::H2 {
            let width = lines.iter().map(|line| line.width()).max().unwrap_or(0);
            lines.push("-".repeat(width));
        }
        self.block(&lines);
    }

    fn code_block(&mut self) {
        self.code = false;
        let text = std::mem::take(&mut self.line);
        let lines: Vec<_> =
            text.trim_end().lines().map(|line| format!("    {line}").trim_end().to_owned()).collect();
        self.tight = false;
        self.block(&lines);
    }

    /// Writes the gathered paragraph.
    fn flush(&mut self) {
        let text = std::mem::take(&mut self.line);
        if text.trim().is_empty() {
            return;
        }
        // Joining lines again would swallow the indent of a list or the mark of a quotation.
        let breaks =
            if self.nests.is_empty() && self.bullet.is_none() { Breaks::Flowed } else { Breaks::Fixed };
        let lines = wrap(text.trim(), self.room(), breaks);
        self.block(&lines);
    }

    fn room(&self) -> usize {
        self.width
            .saturating_sub(self.indent().width() + self.bullet.as_deref().map_or(0, UnicodeWidthStr::width))
            .max(20)
    }

    fn indent(&self) -> String {
        let inner = if self.bullet.is_some() { self.nests.len().saturating_sub(1) } else { self.nests.len() };
        self.nests[..inner].iter().map(|nest| if matches!(nest, Nest::Quote) { "> " } else { "  " }).collect()
    }

    fn block(&mut self, lines: &[String]) {
        if !self.out.is_empty() && !std::mem::take(&mut self.tight) {
            self.out.push('\n');
        }
        let indent = self.indent();
        let bullet = self.bullet.take();
        let hang = " ".repeat(bullet.as_deref().map_or(0, UnicodeWidthStr::width));
        for (index, line) in lines.iter().enumerate() {
            let lead = if index == 0 { bullet.as_deref().unwrap_or("") } else { &hang };
            let whole = format!("{indent}{lead}{line}");
            self.out.push_str(if self.nests.is_empty() { &whole } else { whole.trim_end() });
            self.out.push('\n');
        }
    }

    fn finish(mut self) -> String {
        self.flush();
        if !self.notes.is_empty() {
            self.out.push('\n');
        }
        for (index, note) in self.notes.iter().enumerate() {
            self.out.push_str(&format!("[{}] {note}\n", index + 1));
        }
        self.out.truncate(self.out.trim_end_matches('\n').len());
        self.out
    }
}

/// A footnote's number, raised: links are numbered in brackets.
fn superscript(number: &str) -> String {
    number
        .bytes()
        .filter_map(|digit| "⁰¹²³⁴⁵⁶⁷⁸⁹".chars().nth(usize::from(digit.wrapping_sub(b'0'))))
        .collect()
}

fn absolute(target: &str, base: &Url) -> Option<String> {
    base.join(target).ok().filter(|url| matches!(url.scheme(), "http" | "https" | "mailto")).map(String::from)
}
