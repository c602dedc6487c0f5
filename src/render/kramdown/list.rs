//! Lists and definition lists. What belongs to an item is told by the column at which its text begins.

use super::block::{self, Blocks};
use super::node::{Boundary, Kind, Node};
use super::{attributes, scan, tag};

/// An item's source while it is gathered: pieces are read one after the other, so that a nested list begins a block.
struct Item {
    node: Node,
    pieces: Vec<String>,
    column: usize,
}

/// The first line of an item, after its marker: its text, and the column at which it begins.
fn first_line(marker: usize, tail: &str) -> (String, usize) {
    let mut text = tail.to_owned();
    let without = item_attributes(tail).map_or(tail, |(_, length)| &tail[length..]);
    if scan::is_blank(without) {
        return (text.trim_start().to_owned(), 4);
    }
    loop {
        let spaces = text.bytes().take_while(|b| *b == b' ').count();
        let tabs = text[spaces..].bytes().take_while(|b| *b == b'\t').count();
        if tabs == 0 {
            return (text.trim_start().to_owned(), marker + spaces);
        }
        let width = 4 - (spaces + marker) % 4 + (tabs - 1) * 4;
        text = format!("{}{}", " ".repeat(spaces + width), &text[spaces + tabs..]);
    }
}

/// `{: … }` at the beginning of an item's text: its inside, and how far it reaches.
fn item_attributes(text: &str) -> Option<(&str, usize)> {
    let start = text.trim_start();
    let rest = start.strip_prefix("{:")?;
    if rest.starts_with([':', '/']) || scan::id(rest).is_some_and(|length| rest[length..].starts_with(':')) {
        return None;
    }
    let inner = scan::before_brace(rest)?;
    let after = rest[inner.len() + 1..].trim_start();
    Some((inner, text.len() - after.len()))
}

fn take_attributes(item: &mut Node, text: &mut String) {
    if let Some((inner, length)) = item_attributes(text) {
        item.attributes.get_or_insert_default().extend(attributes::parse(inner));
        text.drain(..length);
    }
}

/// A line that is indented as far as the item's text: by steps of four, then single spaces; or by one step more.
fn is_content(line: &str, column: usize) -> bool {
    let (mut at, mut steps) = (0, 0);
    while steps <= column / 4 {
        match scan::indent(&line[at..]) {
            Some(width) => at += width,
            None => break,
        }
        steps += 1;
    }
    if steps < column / 4 {
        return false;
    }
    if steps == column / 4 {
        let spaces = line[at..].bytes().take(column % 4).take_while(|b| *b == b' ').count();
        if spaces < column % 4 {
            return false;
        }
        at += spaces;
    }
    line.ends_with('\n') && !scan::is_blank(&line[at..])
}

/// A line that goes on with the paragraph before it, however it is indented.
fn is_lazy(line: &str, column: usize) -> bool {
    let spaces = line.bytes().take(column.min(3)).take_while(|b| *b == b' ').count();
    let text = &line[spaces..];
    line.ends_with('\n')
        && !scan::is_blank(line)
        && scan::attributes_line(text).is_none()
        && !tag::ends_text(text)
}

/// The line with its tabs as spaces and without the item's indent, and whether it had that indent.
fn outdented(line: &str, column: usize) -> (String, bool) {
    let tabs = line.bytes().take_while(|b| *b == b'\t').count();
    let line = format!("{}{}", " ".repeat(4 * tabs), &line[tabs..]);
    let indented = line.len() >= column && line.as_bytes()[..column].iter().all(|b| *b == b' ');
    if indented { (line[column..].to_owned(), true) } else { (line, false) }
}

/// Reads a list that begins here.
pub(super) fn read(blocks: &mut Blocks<'_, '_>, tree: &mut Node) -> bool {
    let (kind, opens): (_, scan::Marker) = if scan::bullet(blocks.rest(), 3).is_some() {
        (Kind::Bullets, scan::bullet)
    } else if scan::number(blocks.rest(), 3).is_some() {
        (Kind::Numbers, scan::number)
    } else {
        return false;
    };
    let mut list = blocks.node(kind);
    let mut items: Vec<Item> = Vec::new();
    let mut most = 3;
    let (mut marked_end, mut nested, mut after_blank) = (false, false, false);
    while blocks.at < blocks.source.len() {
        let rest = blocks.rest();
        let line = scan::line(rest);
        if after_blank && scan::rule(rest).is_some() {
            break;
        }
        if let Some(length) = scan::end_marker(rest) {
            blocks.at += length;
            marked_end = true;
            break;
        }
        if let Some((marker, tail)) = opens(rest, most) {
            let (mut text, column) = first_line(marker, tail);
            let mut node = Node::new(Kind::Item);
            take_attributes(&mut node, &mut text);
            most = column.saturating_sub(1).min(3);
            nested = scan::item(&text);
            after_blank = false;
            items.push(Item { node, pieces: vec![text], column });
            blocks.at += line.len();
            continue;
        }
        let Some(item) = items.last_mut() else { break };
        if is_content(line, item.column) || (!after_blank && is_lazy(line, item.column)) {
            let (mut text, indented) = outdented(line, item.column);
            if scan::item(&text) {
                if !nested && indented {
                    item.pieces.push(String::new());
                    nested = true;
                } else if nested && !indented {
                    text.insert_str(0, &" ".repeat(item.column + 4));
                }
            }
            append(item, &text);
            after_blank = false;
            blocks.at += line.len();
        } else {
            let length = scan::blank_lines(rest);
            if length == 0 {
                break;
            }
            append(item, &rest[..length]);
            nested = true;
            after_blank = true;
            blocks.at += length;
        }
    }
    let trailing = read_items(blocks, &mut list, items, marked_end);
    tree.children.push(list);
    tree.children.extend(trailing.filter(|_| !marked_end));
    true
}

fn append(item: &mut Item, text: &str) {
    if let Some(piece) = item.pieces.last_mut() {
        piece.push_str(text);
    }
}

/// Reads the blocks of each item; a tight item's paragraph becomes transparent. Returns the blank lines after the last.
fn read_items(
    blocks: &mut Blocks<'_, '_>,
    list: &mut Node,
    items: Vec<Item>,
    marked_end: bool,
) -> Option<Node> {
    for mut item in items {
        for piece in &item.pieces {
            block::into(blocks.document, &mut item.node, piece, blocks.depth + 1);
        }
        if blocks.document.options.gfm {
            task(&mut item.node);
        }
        list.children.push(item.node);
    }
    let count = list.children.len();
    let mut trailing = None;
    // Whether some item before the last holds more than a paragraph of its own: then the last may be tight, too.
    let mut tight_before = false;
    for index in 0..count {
        let is_last = index + 1 == count;
        let children = &mut list.children[index].children;
        let first_is_paragraph = children.first().is_some_and(Node::is_paragraph);
        if first_is_paragraph
            && children[0].attributes.is_some()
            && children.get(1).is_some_and(|next| next.kind == Kind::End(Boundary::Attributes))
        {
            children.remove(1);
        }
        let loose =
            children.len() >= 2 && children[1].is_blank() && !(is_last && children.len() == 2 && !marked_end);
        if first_is_paragraph && !loose && (!is_last || count == 1 || tight_before) {
            children[0].kind = Kind::Paragraph { transparent: true };
        }
        tight_before |= children.first().is_none_or(|first| match first.kind {
            Kind::Paragraph { transparent } => transparent,
            _ => true,
        });
        trailing = if children.last().is_some_and(Node::is_blank) { children.pop() } else { None };
    }
    trailing
}

/// `[ ]` or `[x]` at the beginning of an item, as characters: a checkbox is refused in a feed.
fn task(item: &mut Node) {
    let Some(Node { kind: Kind::Paragraph { .. }, children, .. }) = item.children.first_mut() else { return };
    let Some(Node { kind: Kind::Unread(text), .. }) = children.first_mut() else { return };
    for (mark, shown) in [("[ ]", "☐ "), ("[x]", "☑ "), ("[X]", "☑ ")] {
        let rest = text
            .trim_start()
            .strip_prefix(mark)
            .filter(|rest| rest.starts_with(|c: char| c.is_ascii_whitespace()));
        if let Some(rest) = rest.map(|rest| rest.trim_start().to_owned()) {
            *text = rest;
            children.insert(0, Node::new(Kind::Text(shown.to_owned())));
            return;
        }
    }
}

/// Reads a definition list, whose terms are the paragraph that stands before.
pub(super) fn read_definitions(blocks: &mut Blocks<'_, '_>, tree: &mut Node) -> bool {
    if scan::definition(blocks.rest(), 3).is_none() {
        return false;
    }
    let Some(mut apart) = takes_terms(tree) else { return false };
    if apart {
        tree.children.pop();
    }
    let Some(terms) = tree.children.pop() else { return false };
    let mut list = blocks.node(Kind::Definitions);
    list.attributes = terms.attributes;
    if let Some(Node { kind: Kind::Unread(text), .. }) = terms.children.first() {
        for line in text.lines() {
            let mut term = Node::new(Kind::Term);
            let mut line = line.to_owned();
            take_attributes(&mut term, &mut line);
            term.children.push(Node::new(Kind::Unread(line)));
            list.children.push(term);
        }
    }
    let mut items: Vec<(Item, bool)> = Vec::new();
    let mut most = 3;
    let mut after_blank = false;
    while blocks.at < blocks.source.len() {
        let rest = blocks.rest();
        let line = scan::line(rest);
        if let Some((marker, tail)) = scan::definition(rest, most) {
            let (mut text, column) = first_line(marker, tail);
            let mut node = Node::new(Kind::Definition);
            take_attributes(&mut node, &mut text);
            most = column.saturating_sub(1).min(3);
            items.push((Item { node, pieces: vec![text], column }, apart));
            (apart, after_blank) = (false, false);
            blocks.at += line.len();
            continue;
        }
        let Some((item, _)) = items.last_mut() else { break };
        if scan::end_marker(rest).is_some() {
            break;
        }
        if is_content(line, item.column) || (!after_blank && is_lazy(line, item.column)) {
            append(item, &outdented(line, item.column).0);
            (apart, after_blank) = (false, false);
            blocks.at += line.len();
        } else {
            let length = scan::blank_lines(rest);
            if length == 0 {
                break;
            }
            append(item, &rest[..length]);
            (apart, after_blank) = (true, true);
            blocks.at += length;
        }
    }
    let mut trailing = None;
    for (mut item, as_paragraph) in items {
        for piece in &item.pieces {
            block::into(blocks.document, &mut item.node, piece, blocks.depth + 1);
        }
        let children = &mut item.node.children;
        trailing = if children.last().is_some_and(Node::is_blank) { children.pop() } else { None };
        if !as_paragraph && let Some(first) = children.first_mut().filter(|first| first.is_paragraph()) {
            first.kind = Kind::Paragraph { transparent: true };
        }
        list.children.push(item.node);
    }
    join(tree, list);
    tree.children.extend(trailing);
    true
}

/// Whether a paragraph stands before that can be a term, and then whether a blank line parts it from the definition.
fn takes_terms(tree: &Node) -> Option<bool> {
    let mut before = tree.children.iter().rev();
    let last = before.next()?;
    if last.is_paragraph() {
        return Some(false);
    }
    let one_blank = matches!(&last.kind, Kind::Blank(lines) if lines == "\n");
    (one_blank && before.next().is_some_and(Node::is_paragraph)).then_some(true)
}

/// A definition list that follows another is the same list.
fn join(tree: &mut Node, list: Node) {
    let is_list = |node: &Node| node.kind == Kind::Definitions;
    let count = tree.children.len();
    if count >= 2 && tree.children[count - 1].is_blank() && is_list(&tree.children[count - 2]) {
        tree.children.pop();
    }
    match tree.children.last_mut().filter(|last| is_list(last)) {
        Some(known) => known.children.extend(list.children),
        None => tree.children.push(list),
    }
}
