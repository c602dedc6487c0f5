//! kramdown, the Markdown of Jekyll, as events.
//!
//! kramdown is no CommonMark: blocks of HTML reach to their end tag and stay raw, tables need no outer pipes, emphasis knows
//! nothing of flanking, typography is part of the language. So its own grammar is followed here, shape by shape (kramdown 2.4
//! with the GFM parser, as Jekyll 4 sets it up), and what comes out are the events that everything else works on.
//!
//! Not responsible for Liquid, which is carried out before, nor for HTML that is safe to show.

mod attributes;
mod block;
mod code;
mod define;
mod emit;
mod html;
mod link;
mod list;
mod node;
mod scan;
mod shape;
mod span;
mod table;
mod tag;

use std::collections::HashMap;

use pulldown_cmark::Event;

use crate::config::Kramdown;
use node::{Attributes, Kind, Node};

/// What a document defines for all of itself.
struct Document {
    options: Kramdown,
    links: HashMap<String, (String, Option<String>)>,
    notes: HashMap<String, Vec<Node>>,
    named: HashMap<String, Attributes>,
    /// Steps that may still be taken over spans: emphasis that is never closed makes them many.
    fuel: usize,
}

/// Reads a whole document.
pub(super) fn events(source: &str, options: Kramdown) -> Vec<Event<'static>> {
    let mut text = source.trim_end().to_owned();
    text.push('\n');
    let mut document = Document {
        options,
        links: HashMap::new(),
        notes: HashMap::new(),
        named: HashMap::new(),
        fuel: 20_000 + 10 * text.len(),
    };
    let mut root = Node::new(Kind::Root);
    block::into(&mut document, &mut root, &text, 0);
    span::read_tree(&mut document, &mut root);
    let names: Vec<String> = document.notes.keys().cloned().collect();
    for name in names {
        let mut content = Node::new(Kind::Root);
        // The name stays known: a note may refer to itself.
        content.children = document.notes.get_mut(&name).map(std::mem::take).unwrap_or_default();
        span::read_tree(&mut document, &mut content);
        document.notes.insert(name, content.children);
    }
    emit::events(&document, &root)
}

/// An id as links are found by: white space folded, in lower case.
fn link_id(text: &str) -> String {
    text.split(|c: char| c.is_ascii_whitespace())
        .filter(|word| !word.is_empty())
        .collect::<Vec<_>>()
        .join(" ")
        .to_lowercase()
}
