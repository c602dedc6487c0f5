//! What stands inside a line: emphasis, code, tags, notes, typography, escapes. Links have a file of their own.

use super::node::{Kind, Level, Model, Node};
use super::shape::{code, reference};
use super::{Document, attributes, html, link, scan};
use crate::content::typography;

/// Spans inside spans.
const DEEPEST: usize = 60;

/// Which shapes are looked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Set {
    All,
    Tags,
    Code,
    CodeAndTags,
}

/// What ends the spans being read.
#[derive(Clone, Copy, Debug)]
pub(super) enum Stop<'a> {
    Never,
    /// A run of emphasis.
    Emphasis(&'a str),
    /// The bracket that closes a link's text.
    Bracket,
    /// The end tag of an element.
    EndTag(&'a str),
}

/// Reads spans from the text of one block.
pub(super) struct Spans<'d, 's> {
    pub document: &'d mut Document,
    pub source: &'s str,
    pub at: usize,
    /// The nodes being read, innermost last.
    pub open: Vec<Kind>,
}

/// Turns every unread text below `node` into spans.
pub(super) fn read_tree(document: &mut Document, node: &mut Node) {
    let children = std::mem::take(&mut node.children);
    for mut child in children {
        if let Kind::Unread(text) = &child.kind {
            let text = text.clone();
            node.children.extend(read(document, &text));
        } else {
            read_tree(document, &mut child);
            node.children.push(child);
        }
    }
}

/// The spans of a text.
pub(super) fn read(document: &mut Document, text: &str) -> Vec<Node> {
    let mut spans = Spans { document, source: text, at: 0, open: Vec::new() };
    spans.run(Kind::Root, Stop::Never, Set::All).0.children
}

/// A text without its elements, in pieces of text and of code.
pub(super) fn outside_code_and_tags(document: &mut Document, text: &str) -> Vec<(String, bool)> {
    let mut spans = Spans { document, source: text, at: 0, open: Vec::new() };
    let nodes = spans.run(Kind::Root, Stop::Never, Set::CodeAndTags).0.children;
    let piece = |node: Node| match node.kind {
        Kind::Text(text) => Some((text, false)),
        Kind::Code(text) => Some((text, true)),
        _ => None,
    };
    nodes.into_iter().filter_map(piece).collect()
}

impl<'s> Spans<'_, 's> {
    pub(super) fn rest(&self) -> &'s str {
        &self.source[self.at..]
    }

    /// Reads into a node of `kind` until `stop`; tells whether that was found. It is not passed over.
    pub(super) fn run(&mut self, kind: Kind, stop: Stop<'_>, set: Set) -> (Node, bool) {
        self.open.push(kind.clone());
        let mut node = Node::new(kind);
        let mut brackets = 1_isize;
        let mut found = false;
        while self.at < self.source.len() {
            let Some(next) = self.next(stop, set) else {
                if matches!(stop, Stop::Never) {
                    node.push_text(self.rest());
                    self.at = self.source.len();
                }
                break;
            };
            node.push_text(&self.source[self.at..next]);
            self.at = next;
            self.document.fuel = self.document.fuel.saturating_sub(1);
            if self.stops(stop, &node, &mut brackets) {
                found = true;
                break;
            }
            if !self.one(set, &mut node) {
                self.pass(&mut node, 1);
            }
        }
        self.open.pop();
        (node, found)
    }

    /// The next characters are text.
    pub(super) fn pass(&mut self, node: &mut Node, count: usize) {
        let length: usize = self.rest().chars().take(count).map(char::len_utf8).sum();
        node.push_text(&self.rest()[..length]);
        self.at += length;
    }

    /// Where the next shape may begin.
    fn next(&self, stop: Stop<'_>, set: Set) -> Option<usize> {
        let bytes = self.source.as_bytes();
        let follows = |at: usize, text: &str| self.source[at..].starts_with(text);
        (self.at..bytes.len()).find_map(|at| {
            let begins = match bytes[at] {
                b'<' => set != Set::Code,
                b'`' => !matches!(set, Set::Tags),
                _ if set != Set::All => false,
                b'*' | b'_' | b'[' | b'&' | b'\\' => true,
                b']' => matches!(stop, Stop::Bracket),
                b'!' => follows(at, "!["),
                b'$' => follows(at, "$$"),
                b'{' => follows(at, "{:"),
                b'-' => follows(at, "--"),
                b'.' => follows(at, "..."),
                b'>' => follows(at, ">>"),
                b'~' => follows(at, "~~"),
                b' ' => follows(at, "  \n") || follows(at, " <<") || follows(at, " >>"),
                b'"' | b'\'' if self.document.options.quotes.is_some() => {
                    // The character before a mark tells which way it turns.
                    let before = self.source[self.at..at].chars().next_back().filter(|c| *c != '\\');
                    return Some(at - before.map_or(0, char::len_utf8));
                }
                _ => false,
            };
            begins.then_some(at)
        })
    }

    fn stops(&self, stop: Stop<'_>, node: &Node, brackets: &mut isize) -> bool {
        let rest = self.rest();
        match stop {
            Stop::Never => false,
            Stop::EndTag(name) => {
                super::tag::end(rest).is_some_and(|(other, _)| other.eq_ignore_ascii_case(name))
            }
            Stop::Bracket => {
                let closes = rest.starts_with(']');
                if !(closes || rest.starts_with('[') || rest.starts_with("![")) {
                    return false;
                }
                *brackets += if closes { -1 } else { 1 };
                let images =
                    node.children.iter().filter(|child| matches!(child.kind, Kind::Image { .. })).count();
                *brackets - isize::try_from(images).unwrap_or(0) == 0
            }
            Stop::Emphasis(run) => {
                let Some(after) = rest.strip_prefix(run) else { return false };
                let spaced = self.source[..self.at].ends_with(|c: char| c.is_ascii_whitespace());
                let doubled =
                    run.len() == 1 && after.strip_prefix(run).is_some_and(|rest| !rest.starts_with(run));
                let inside_word = run.starts_with('_') && after.starts_with(char::is_alphanumeric);
                !spaced && !doubled && !inside_word && !node.children.is_empty()
            }
        }
    }

    /// One shape, where one begins here.
    fn one(&mut self, set: Set, node: &mut Node) -> bool {
        let rest = self.rest();
        let first = rest.as_bytes()[0];
        // Deeper than any honest text: the rest is read as it stands.
        if self.document.fuel == 0 || self.open.len() > DEEPEST {
            return false;
        }
        match first {
            b'*' | b'_' => {
                self.emphasis(node);
                return true;
            }
            b'`' => {
                self.code(node);
                return true;
            }
            b'<' if self.autolink(set, node) || html::read_span(self, node) => return true,
            b'[' if self.note(node) => return true,
            b'[' | b'!' if link::read(self, node) => return true,
            _ => {}
        }
        if set != Set::All {
            return false;
        }
        if let Some(marks) = self.document.options.quotes
            && let Some((text, length)) = typography::quotes(rest, marks)
        {
            for c in text.chars() {
                if marks.contains(&c) {
                    node.children.push(Node::new(Kind::Symbol(c.to_string())));
                } else {
                    node.push_text(c.encode_utf8(&mut [0; 4]));
                }
            }
            self.at += length;
            return true;
        }
        match first {
            b'$' => self.math(node),
            b'{' => self.extension(node),
            b'&' => self.reference(node),
            b'~' => self.strikethrough(node),
            _ => self.symbol(node),
        }
    }

    fn emphasis(&mut self, node: &mut Node) {
        let rest = self.rest();
        let mark = &rest[..1];
        let run = if rest[1..].starts_with(mark) { &rest[..2] } else { mark };
        let kind = if run.len() == 2 { Kind::Strong } else { Kind::Emphasis };
        let before = &self.source[..self.at];
        let hyphened = before.strip_suffix('-').unwrap_or(before);
        let inside_word = mark == "_" && hyphened.ends_with(char::is_alphabetic);
        let spaced = rest[run.len()..].starts_with(|c: char| c.is_ascii_whitespace());
        if inside_word || spaced || self.open.contains(&kind) {
            return self.pass(node, run.len());
        }
        let start = self.at;
        let in_emphasis = self.open.last() == Some(&Kind::Emphasis);
        let attempts: &[(&str, Kind)] = match kind {
            Kind::Strong if !in_emphasis => &[(run, Kind::Strong), (mark, Kind::Emphasis)],
            Kind::Strong => &[(run, Kind::Strong)],
            _ => &[(run, Kind::Emphasis)],
        };
        for (run, kind) in attempts {
            self.at = start + run.len();
            if let (child, true) = self.run(kind.clone(), Stop::Emphasis(run), Set::All) {
                self.at += run.len();
                node.children.push(child);
                return;
            }
            self.at = start;
        }
        self.pass(node, run.len());
    }

    fn code(&mut self, node: &mut Node) {
        if let Some((text, end)) = code(self.source, self.at) {
            node.children.push(Node::new(Kind::Code(text.to_owned())));
            self.at = end;
        } else {
            let run = self.rest().bytes().take_while(|b| *b == b'`').count();
            self.pass(node, run);
        }
    }

    /// `<https://…>` or `<name@host>`.
    fn autolink(&mut self, set: Set, node: &mut Node) -> bool {
        let rest = self.rest();
        let Some(end) = rest.find(['>', '\n']).filter(|end| rest[*end..].starts_with('>') && set == Set::All)
        else {
            return false;
        };
        let inner = &rest[1..end];
        let schemes = ["mailto:", "http:", "https:", "ftp:", "ftps:"];
        let part = |text: &str| {
            !text.is_empty() && text.chars().all(|c| c.is_alphanumeric() || matches!(c, '-' | '_' | '.'))
        };
        let target = if schemes.iter().any(|scheme| inner.len() > scheme.len() && inner.starts_with(scheme)) {
            inner.to_owned()
        } else if inner.split_once('@').is_some_and(|(name, host)| part(name) && part(host)) {
            format!("mailto:{inner}")
        } else {
            return false;
        };
        let target = html_escape::decode_html_entities(&target).into_owned();
        let mut found = Node::new(Kind::Link { target, title: None });
        found.push_text(&html_escape::decode_html_entities(inner.strip_prefix("mailto:").unwrap_or(inner)));
        node.children.push(found);
        self.at += end + 1;
        true
    }

    /// `[^name]`.
    fn note(&mut self, node: &mut Node) -> bool {
        let Some(inner) = self.rest().strip_prefix("[^") else { return false };
        let Some(length) = scan::id(inner).filter(|length| inner[*length..].starts_with(']')) else {
            return false;
        };
        let name = &inner[..length];
        if self.document.notes.contains_key(name) {
            node.children.push(Node::new(Kind::Note(name.to_owned())));
        } else {
            node.push_text(&self.rest()[..length + 3]);
        }
        self.at += length + 3;
        true
    }

    fn math(&mut self, node: &mut Node) -> bool {
        let Some(inner) = self.rest().strip_prefix("$$") else { return false };
        let Some(end) = inner.find("$$") else { return false };
        node.children.push(Node::new(Kind::Math(inner[..end].trim().to_owned(), Level::Span)));
        self.at += end + 4;
        true
    }

    /// An extension, or an attribute list that belongs to the span before it.
    fn extension(&mut self, node: &mut Node) -> bool {
        let rest = self.rest();
        if let Some((found, length)) = attributes::extension(rest, Level::Span) {
            node.children.extend(found.apply(&mut self.document.options));
            self.at += length;
            return true;
        }
        let Some(inner) = rest.strip_prefix("{:").filter(|rest| !rest.starts_with(':')) else { return false };
        let Some(inner) = scan::before_brace(inner) else { return false };
        let Some(last) = node.children.last_mut().filter(|last| !matches!(last.kind, Kind::Text(_))) else {
            return false;
        };
        last.attributes.get_or_insert_default().extend(attributes::parse(inner));
        self.at += inner.len() + 3;
        true
    }

    /// `&amp;`, `&#8217;`: the character, where there is one by that name.
    fn reference(&mut self, node: &mut Node) -> bool {
        let Some(length) = reference(self.rest()) else { return false };
        let decoded = html_escape::decode_html_entities(&self.rest()[..length]);
        if decoded == self.rest()[..length] {
            return false;
        }
        node.children.push(Node::new(Kind::Symbol(decoded.into_owned())));
        self.at += length;
        true
    }

    fn strikethrough(&mut self, node: &mut Node) -> bool {
        let Some(inner) = self.rest().strip_prefix("~~").filter(|_| self.document.options.gfm) else {
            return false;
        };
        if inner.starts_with(|c: char| c == '~' || c.is_ascii_whitespace()) {
            return false;
        }
        let closes = |at: &usize| inner[..*at].ends_with(|c: char| c != '~' && !c.is_ascii_whitespace());
        let Some(end) = inner.match_indices("~~").map(|(at, _)| at).find(closes) else { return false };
        let mut child = Node::new(Kind::Strikethrough);
        let outer = std::mem::take(&mut self.open);
        child.children = read(self.document, &inner[..end]);
        self.open = outer;
        node.children.push(child);
        self.at += end + 4;
        true
    }

    /// Dashes and dots, line breaks, escapes.
    fn symbol(&mut self, node: &mut Node) -> bool {
        let rest = self.rest();
        if self.document.options.auto_symbols
            && let Some((text, length)) = typography::symbol(rest)
        {
            // A site may want them as they are written; they are symbols all the same.
            let text = if self.document.options.symbols { text } else { &rest[..length] };
            node.children.push(Node::new(Kind::Symbol(text.to_owned())));
            self.at += length;
            return true;
        }
        if !self.document.options.hard_wrap && (rest.starts_with("  \n") || rest.starts_with("\\\\\n")) {
            node.children.push(Node::new(Kind::Break));
            self.at += 2;
            return true;
        }
        let escaped = rest.strip_prefix('\\').and_then(|rest| rest.chars().next());
        let Some(c) = escaped
            .filter(|c| "\\.*_+`<>()[]{}#!:|\"'$=-".contains(*c) || (*c == '~' && self.document.options.gfm))
        else {
            return false;
        };
        node.push_text(&rest[1..=c.len_utf8()]);
        self.at += 1 + c.len_utf8();
        true
    }

    /// Whether the innermost element's content is not to be read.
    pub(super) fn in_raw(&self) -> bool {
        matches!(self.open.last(), Some(Kind::Html { model: Model::Raw, .. }))
    }
}
