//! Blocks: paragraphs, quotations, code, headers, rules, and what defines links, notes and abbreviations.

use super::node::{Attributes, Boundary, Kind, Level, Node};
use super::{Document, html, list, scan, table, tag};

/// Deeper than any honest text; what lies below is taken as text.
const DEEPEST: usize = 60;

/// Reads blocks from a source, line by line, into a tree.
pub(super) struct Blocks<'d, 's> {
    pub document: &'d mut Document,
    pub source: &'s str,
    pub at: usize,
    /// An attribute list that stands before its block.
    pub waiting: Option<Attributes>,
    pub depth: usize,
}

/// How reading came to an end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Stop {
    SourceEnd,
    /// At the end tag of the element that `tree` is.
    EndTag,
}

/// Reads all of `source` into `tree`.
pub(super) fn into(document: &mut Document, tree: &mut Node, source: &str, depth: usize) {
    if depth > DEEPEST {
        let mut paragraph = Node::new(Kind::Paragraph { transparent: false });
        paragraph.children.push(Node::new(Kind::Text(source.trim().to_owned())));
        tree.children.push(paragraph);
        return;
    }
    Blocks { document, source, at: 0, waiting: None, depth }.read(tree);
}

impl<'s> Blocks<'_, 's> {
    pub(super) fn rest(&self) -> &'s str {
        &self.source[self.at..]
    }

    pub(super) fn read(&mut self, tree: &mut Node) -> Stop {
        while self.at < self.source.len() {
            if self.block(tree) == Stop::EndTag {
                return Stop::EndTag;
            }
        }
        Stop::SourceEnd
    }

    /// One block; which shape is looked for first decides what a doubtful line is.
    fn block(&mut self, tree: &mut Node) -> Stop {
        if self.blank(tree)
            || self.indented_code(tree)
            || self.fenced_code(tree)
            || self.quote(tree)
            || self.header(tree)
            || self.rule(tree)
            || list::read(self, tree)
            || list::read_definitions(self, tree)
        {
            return Stop::SourceEnd;
        }
        match html::read_block(self, tree) {
            html::Found::EndTag => return Stop::EndTag,
            html::Found::Element => return Stop::SourceEnd,
            html::Found::Nothing => {}
        }
        let _ = self.underlined_header(tree)
            || self.math(tree)
            || table::read(self, tree)
            || self.note_definition(tree)
            || self.link_definition(tree)
            || self.abbreviation(tree)
            || self.extension(tree)
            || self.end_marker(tree)
            || self.paragraph(tree);
        Stop::SourceEnd
    }

    /// A block's node, which takes the attribute list that stands before it.
    pub(super) fn node(&mut self, kind: Kind) -> Node {
        Node { attributes: self.waiting.take(), ..Node::new(kind) }
    }

    /// Nothing, or blank lines, or an end marker stand before.
    pub(super) fn after_boundary(&self, tree: &Node) -> bool {
        self.waiting.is_some()
            || tree
                .children
                .last()
                .is_none_or(|last| last.is_blank() || last.kind == Kind::End(Boundary::Marker))
    }

    /// The end, a blank line, an end marker or an attribute list follows.
    pub(super) fn before_boundary(&self) -> bool {
        let rest = self.rest();
        rest.is_empty()
            || scan::blank_lines(rest) > 0
            || scan::end_marker(rest).is_some()
            || scan::block_attributes(rest).is_some()
    }

    fn blank(&mut self, tree: &mut Node) -> bool {
        let length = scan::blank_lines(self.rest());
        let text = &self.rest()[..length];
        self.at += length;
        if length > 0 {
            if let Some(Node { kind: Kind::Blank(last), .. }) = tree.children.last_mut() {
                last.push_str(text);
            } else {
                let node = self.node(Kind::Blank(text.to_owned()));
                tree.children.push(node);
            }
        }
        length > 0
    }

    fn quote(&mut self, tree: &mut Node) -> bool {
        if scan::quote(self.rest()).is_none() {
            return false;
        }
        let start = self.at;
        self.at += scan::line(self.rest()).len();
        while !ends_lazily(self.rest()) {
            self.at += scan::line(self.rest()).len();
        }
        let inner: String = self.source[start..self.at]
            .split_inclusive('\n')
            .map(|line| &line[scan::quote(line).unwrap_or(0)..])
            .collect();
        let mut node = self.node(Kind::Quote);
        into(self.document, &mut node, &inner, self.depth + 1);
        tree.children.push(node);
        true
    }

    fn header(&mut self, tree: &mut Node) -> bool {
        let gfm = self.document.options.gfm;
        let found = if gfm { scan::header(self.rest()) } else { scan::header_of_kramdown(self.rest()) };
        let interrupts = self.document.options.interrupts();
        let Some((level, text)) = found.filter(|_| interrupts || self.after_boundary(tree)) else {
            return false;
        };
        let text = without_id(text);
        let hashes = text.trim_end_matches('#');
        let closed = if gfm { hashes.ends_with([' ', '\t']) } else { !hashes.ends_with('\\') };
        let text = if hashes.len() < text.len() && closed { hashes.trim_end() } else { text };
        if text.is_empty() {
            return false;
        }
        self.push_header(tree, level, text);
        self.at += scan::line(self.rest()).len();
        true
    }

    fn underlined_header(&mut self, tree: &mut Node) -> bool {
        let first = scan::line(self.rest());
        let second = scan::line(&self.rest()[first.len()..]);
        let under = second.trim_end_matches(['\n', ' ', '\t', '\r', '\u{c}', '\u{b}']);
        let level = match under.chars().next() {
            Some('=') if under.chars().all(|c| matches!(c, '=' | '-')) => 1,
            Some('-') if under.chars().all(|c| matches!(c, '=' | '-')) => 2,
            _ => return false,
        };
        let text = scan::unindented(first);
        let text = without_id(text.trim_end());
        if !second.ends_with('\n')
            || first.starts_with("    ")
            || text.is_empty()
            || !self.after_boundary(tree)
        {
            return false;
        }
        self.push_header(tree, level, text);
        self.at += first.len() + second.len();
        true
    }

    fn push_header(&mut self, tree: &mut Node, level: u8, text: &str) {
        let mut node = self.node(Kind::Header(level));
        node.children.push(Node::new(Kind::Unread(text.to_owned())));
        tree.children.push(node);
    }

    fn rule(&mut self, tree: &mut Node) -> bool {
        let Some(length) = scan::rule(self.rest()) else { return false };
        self.at += length;
        let node = self.node(Kind::Rule);
        tree.children.push(node);
        true
    }

    fn math(&mut self, tree: &mut Node) -> bool {
        let text = scan::unindented(self.rest());
        let escaped = text.starts_with("\\$$");
        let Some(inner) = text[usize::from(escaped)..].strip_prefix("$$") else { return false };
        let Some(end) = inner.find("$$") else { return false };
        let after = &inner[end + 2..];
        if escaped || !self.after_boundary(tree) {
            return false;
        }
        let start = self.at;
        self.at = self.source.len() - after.len();
        self.at += scan::rest_is_blank(after).unwrap_or(0);
        if !self.before_boundary() {
            self.at = start;
            return false;
        }
        let node = self.node(Kind::Math(inner[..end].trim().to_owned(), Level::Block));
        tree.children.push(node);
        true
    }

    fn end_marker(&mut self, tree: &mut Node) -> bool {
        let Some(length) = scan::end_marker(self.rest()) else { return false };
        self.at += length;
        self.push_end(tree, Boundary::Marker);
        true
    }

    /// Lines up to what ends a paragraph; after another paragraph they belong to it.
    fn paragraph(&mut self, tree: &mut Node) -> bool {
        let start = self.at;
        self.at += scan::line(self.rest()).len();
        let interrupted = self.document.options.interrupts();
        while !ends_paragraph(self.rest(), interrupted) {
            self.at += scan::line(self.rest()).len();
        }
        let text = self.source[start..self.at].trim_end();
        if let Some(last) = tree.children.last_mut().filter(|last| last.is_paragraph())
            && let Some(Node { kind: Kind::Unread(before), .. }) = last.children.last_mut()
        {
            before.push_str(if self.source[..start].ends_with("  \n") { "  \n" } else { "\n" });
            before.push_str(text);
            return true;
        }
        let mut node = self.node(Kind::Paragraph { transparent: false });
        node.children.push(Node::new(Kind::Unread(text.trim_start().to_owned())));
        tree.children.push(node);
        true
    }
}

/// What ends any text that may be continued lazily.
pub(super) fn ends_lazily(rest: &str) -> bool {
    rest.is_empty()
        || scan::blank_lines(rest) > 0
        || scan::block_attributes(rest).is_some()
        || scan::end_marker(rest).is_some()
        || tag::ends_text(scan::unindented(rest))
}

fn ends_paragraph(rest: &str, interrupted: bool) -> bool {
    let begins_block = || {
        scan::item(rest) || scan::header(rest).is_some() || scan::quote(rest).is_some() || scan::fence(rest)
    };
    ends_lazily(rest) || scan::definition(rest, 3).is_some() || (interrupted && begins_block())
}

/// A header's text without `{#id}` at its end.
fn without_id(text: &str) -> &str {
    let text = text.trim_end();
    let id = |text: &str| {
        let inner = text.strip_suffix('}')?;
        let at = inner.rfind("{#")?;
        let id = &inner[at + 2..];
        let named =
            !id.is_empty() && !id.contains(|c: char| c.is_whitespace() || matches!(c, '{' | '}' | '#'));
        (named && inner[..at].ends_with([' ', '\t'])).then_some(at)
    };
    id(text).map_or(text, |at| text[..at].trim_end())
}
