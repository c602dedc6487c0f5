//! Blocks of code: indented, or between fences.

use super::block::Blocks;
use super::node::{Kind, Node};
use super::{scan, tag};

impl Blocks<'_, '_> {
    pub(super) fn indented_code(&mut self, tree: &mut Node) -> bool {
        if scan::indent(self.rest()).is_none() {
            return false;
        }
        let length = indented(self.rest());
        if length == 0 {
            return false;
        }
        let data = &self.rest()[..length];
        self.at += length;
        // A line that is less indented goes on with the line before it.
        let mut text = String::with_capacity(length);
        for line in data.split_inclusive('\n') {
            let lazy = !scan::is_blank(line) && scan::indent(line).is_none();
            if lazy && text.ends_with('\n') {
                text.pop();
                text.push(' ');
            }
            text.push_str(line);
        }
        let node = self.node(Kind::CodeBlock { language: None, text: scan::without_indent(&text) });
        tree.children.push(node);
        true
    }

    pub(super) fn fenced_code(&mut self, tree: &mut Node) -> bool {
        let Some(fence) = Fence::find(self.rest(), self.document.options.gfm) else { return false };
        self.at += fence.length;
        let node = self.node(Kind::CodeBlock {
            language: fence.language.map(str::to_owned),
            text: fence.text.to_owned(),
        });
        tree.children.push(node);
        true
    }
}

/// The length of indented lines, the blank lines between them, and the lines that go on with them.
pub(super) fn indented(source: &str) -> usize {
    let mut end = 0;
    loop {
        let mut at = end + scan::blank_lines(&source[end..]);
        let before = at;
        while let Some(indent) = scan::indent(&source[at..]) {
            let line = scan::line(&source[at..]);
            if scan::is_blank(&line[indent..]) || !line.ends_with('\n') {
                break;
            }
            at += line.len();
        }
        if at == before {
            return end;
        }
        while at < source.len() {
            let line = scan::line(&source[at..]);
            let rest = &source[at..];
            let stops = scan::block_attributes(rest).is_some()
                || scan::end_marker(rest).is_some()
                || tag::ends_text(scan::unindented(rest));
            if stops || scan::is_blank(line) || !line.ends_with('\n') {
                break;
            }
            at += line.len();
        }
        end = at;
    }
}

/// A fenced block of code.
struct Fence<'a> {
    language: Option<&'a str>,
    text: &'a str,
    length: usize,
}

impl<'a> Fence<'a> {
    /// GitHub's fences may be indented, and of backticks.
    fn find(source: &'a str, gfm: bool) -> Option<Self> {
        let text = if gfm { scan::unindented(source) } else { source };
        let run = text.bytes().take_while(|b| *b == b'~' || (gfm && *b == b'`')).count();
        // Where the whole run is closed nowhere, a shorter one may be; the rest of it is then the language's name.
        (3..=run.min(12)).rev().find_map(|length| {
            let (fence, rest) = text.split_at(length);
            let info = scan::line(rest);
            let word = info.trim();
            if !info.ends_with('\n') || word.contains(char::is_whitespace) {
                return None;
            }
            let body = &rest[info.len()..];
            let (end, after) = closing(body, fence)?;
            let language = word.split('?').next().filter(|word| !word.is_empty());
            Some(Self { language, text: &body[..end], length: source.len() - body[after..].len() })
        })
    }
}

/// Where the line that closes `fence` begins and ends.
fn closing(body: &str, fence: &str) -> Option<(usize, usize)> {
    let last = fence.chars().last()?;
    let mut at = 0;
    for line in body.split_inclusive('\n') {
        let after = scan::unindented(line).strip_prefix(fence).map(|rest| rest.trim_start_matches(last));
        if line.ends_with('\n') && after.is_some_and(scan::is_blank) {
            return Some((at, at + line.len()));
        }
        at += line.len();
    }
    None
}
