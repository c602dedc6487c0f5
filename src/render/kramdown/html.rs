//! Elements written as HTML, among blocks and inside lines. Their content stays as it is, unless `markdown="1"` asks for more.

use super::block::{Blocks, Stop as BlockStop};
use super::node::{Kind, Level, Model, Node};
use super::span::{Set, Spans, Stop};
use super::{scan, tag};

/// Deeper nesting is taken as text.
const DEEPEST: usize = 100;

/// What a line that may begin with HTML holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Found {
    Nothing,
    Element,
    /// The end tag of the element being read.
    EndTag,
}

/// Reads an element of blocks that begins here.
pub(super) fn read_block(blocks: &mut Blocks<'_, '_>, tree: &mut Node) -> Found {
    if let Some(length) = tag::comment(blocks.rest()) {
        tree.children.push(Node::new(Kind::Raw(blocks.rest()[..length].to_owned(), Level::Block)));
        blocks.at += length;
        skip_blank_rest(blocks);
        return Found::Element;
    }
    let text = scan::unindented(blocks.rest());
    let indent = blocks.rest().len() - text.len();
    if let Some(start) = tag::start(text) {
        if tag::is_span(&start.name.to_lowercase()) || blocks.depth > DEEPEST {
            return Found::Nothing;
        }
        blocks.at += indent;
        element(blocks, tree);
        return Found::Element;
    }
    if let Some((name, length)) = tag::end(text)
        && let Kind::Html { name: own, .. } = &tree.kind
        && name.eq_ignore_ascii_case(own)
    {
        blocks.at += indent + length;
        return Found::EndTag;
    }
    Found::Nothing
}

fn skip_blank_rest(blocks: &mut Blocks<'_, '_>) {
    let rest = blocks.rest();
    let spaces = rest.bytes().take_while(|b| matches!(b, b' ' | b'\t')).count();
    if rest[spaces..].starts_with('\n') {
        blocks.at += spaces + 1;
    }
}

/// The element whose start tag stands here, with its content.
fn element(blocks: &mut Blocks<'_, '_>, tree: &mut Node) {
    let Some(start) = tag::start(blocks.rest()) else { return };
    blocks.at += start.length;
    let name = tag::folded(start.name);
    let (markdown, attributes) = tag::without_markdown(start.attributes);
    let model = match markdown {
        Some("1") => tag::model(&name),
        Some("block") => Model::Block,
        Some("span") => Model::Span,
        Some("0") => Model::Raw,
        _ if blocks.document.options.parse_block_html && !is_raw(tree) => tag::model(&name),
        _ => Model::Raw,
    };
    let closed = start.closed || tag::is_void(&name);
    let own = matches!(name.as_str(), "script" | "style");
    let mut node =
        blocks.node(Kind::Html { name: name.clone(), attributes, model, level: Level::Block, closed });
    if own {
        verbatim(blocks, &mut node, &name);
    } else {
        if model == Model::Block {
            skip_blank_rest(blocks);
        }
        if !closed {
            match model {
                Model::Block => {
                    let outer = blocks.waiting.take();
                    blocks.depth += 1;
                    let _: BlockStop = blocks.read(&mut node);
                    blocks.depth -= 1;
                    blocks.waiting = outer;
                }
                Model::Span => content_to_end_tag(blocks, &mut node, &name),
                Model::Raw => raw(blocks, &mut node, &name),
            }
        }
        if !is_raw(tree) {
            skip_blank_rest(blocks);
        }
    }
    tree.children.push(node);
}

fn is_raw(tree: &Node) -> bool {
    matches!(tree.kind, Kind::Html { model: Model::Raw, .. })
}

/// Everything up to the end tag, as it stands.
fn verbatim(blocks: &mut Blocks<'_, '_>, node: &mut Node, name: &str) {
    let rest = blocks.rest();
    let (end, length) = tag::find_end(rest, name).unwrap_or((rest.len(), 0));
    node.children.push(Node::new(Kind::Raw(rest[..end].to_owned(), Level::Span)));
    blocks.at += end + length;
}

fn content_to_end_tag(blocks: &mut Blocks<'_, '_>, node: &mut Node, name: &str) {
    let rest = blocks.rest();
    let (end, length) = tag::find_end(rest, name).unwrap_or((rest.len(), 0));
    node.children.push(Node::new(Kind::Unread(rest[..end].to_owned())));
    blocks.at += end + length;
}

/// Elements and text up to the end tag, without any Markdown.
fn raw(blocks: &mut Blocks<'_, '_>, node: &mut Node, name: &str) {
    blocks.depth += 1;
    while blocks.at < blocks.source.len() {
        let rest = blocks.rest();
        let Some(next) = rest.find('<') else { break };
        node.push_text(&rest[..next]);
        blocks.at += next;
        let rest = blocks.rest();
        if let Some(length) = tag::comment(rest) {
            node.children.push(Node::new(Kind::Raw(rest[..length].to_owned(), Level::Span)));
            blocks.at += length;
        } else if let Some(length) = tag::instruction(rest) {
            node.children.push(Node::new(Kind::Raw(rest[..length].to_owned(), Level::Span)));
            blocks.at += length;
        } else if tag::start(rest).is_some() && blocks.depth <= DEEPEST {
            element(blocks, node);
        } else if let Some((other, length)) = tag::end(rest) {
            blocks.at += length;
            if other.eq_ignore_ascii_case(name) {
                blocks.depth -= 1;
                return;
            }
            node.push_text(&rest[..length]);
        } else {
            node.push_text("<");
            blocks.at += 1;
        }
    }
    node.push_text(blocks.rest());
    blocks.at = blocks.source.len();
    blocks.depth -= 1;
}

/// Reads a comment or an element of a line that begins here.
pub(super) fn read_span(spans: &mut Spans<'_, '_>, node: &mut Node) -> bool {
    let rest = spans.rest();
    if let Some(length) = tag::comment(rest) {
        node.children.push(Node::new(Kind::Raw(rest[..length].to_owned(), Level::Span)));
        spans.at += length;
        return true;
    }
    // An end tag that closes nothing is text, as is the tag of a block.
    if let Some((_, length)) = tag::end(rest) {
        node.push_text(&rest[..length]);
        spans.at += length;
        return true;
    }
    let Some(start) = tag::start(rest) else { return false };
    let name = tag::folded(start.name);
    spans.at += start.length;
    if tag::is_block(&name) || spans.open.len() > DEEPEST {
        node.push_text(&rest[..start.length]);
        return true;
    }
    let (markdown, attributes) = tag::without_markdown(start.attributes);
    let natural = tag::model(&name) != Model::Raw;
    let reads = match markdown {
        Some("1") => natural,
        Some("span") => true,
        Some("0") => false,
        _ => natural && !spans.in_raw() && spans.document.options.parse_span_html,
    };
    let model = if reads { Model::Span } else { Model::Raw };
    let closed = start.closed || tag::is_void(&name);
    let kind = Kind::Html { name: name.clone(), attributes, model, level: Level::Span, closed };
    if closed {
        node.children.push(Node::new(kind));
        return true;
    }
    let set = if reads { Set::All } else { Set::Tags };
    let (mut child, found) = spans.run(kind, Stop::EndTag(&name), set);
    if found {
        spans.at += tag::end(spans.rest()).map_or(0, |(_, length)| length);
    } else {
        child.push_text(spans.rest());
        spans.at = spans.source.len();
    }
    node.children.push(child);
    true
}
