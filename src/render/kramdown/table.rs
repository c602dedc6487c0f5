//! Tables, which need no pipe at either end and no header.

use super::block::Blocks;
use super::node::{Align, Kind, Node};
use super::{scan, shape, span};

/// Whether an unescaped pipe stands in the line.
pub(super) fn has_pipe(line: &str) -> bool {
    let mut before = None;
    line.chars().any(|c| {
        let found = c == '|' && before != Some('\\');
        before = Some(c);
        found
    })
}

/// A line of dashes and pipes; with `=` instead of dashes it parts off a footer.
fn is_separator(line: &str, mark: char) -> bool {
    line.ends_with('\n')
        && line.contains(mark)
        && line.chars().all(|c| c == mark || matches!(c, '+' | '|' | ':' | ' ' | '\t' | '\n'))
}

/// Reads a table that begins here; a boundary must stand on both sides of it.
pub(super) fn read(blocks: &mut Blocks<'_, '_>, tree: &mut Node) -> bool {
    let first = scan::line(blocks.rest());
    let text = scan::unindented(first);
    if text.starts_with(char::is_whitespace)
        || !has_pipe(text)
        || !first.ends_with('\n')
        || !blocks.after_boundary(tree)
    {
        return false;
    }
    let start = blocks.at;
    let waiting = blocks.waiting.clone();
    let mut table = blocks.node(Kind::Table(Vec::new()));
    if !rows(blocks, &mut table, text.starts_with('|'))
        || !blocks.before_boundary()
        || !every_row_has_a_pipe(blocks, start)
    {
        blocks.at = start;
        blocks.waiting = waiting;
        return false;
    }
    tree.children.push(table);
    true
}

/// Gathers the rows. `false` where there is none below the header.
fn rows(blocks: &mut Blocks<'_, '_>, table: &mut Node, leading: bool) -> bool {
    let mut aligns: Vec<Align> = Vec::new();
    let mut rows: Vec<Node> = Vec::new();
    let mut header = None;
    let mut footer = false;
    let mut body: Vec<Node> = Vec::new();
    let mut columns = 0;
    if is_separator(scan::line(blocks.rest()), '-') {
        blocks.at += scan::line(blocks.rest()).len();
    }
    while blocks.at < blocks.source.len() {
        let line = scan::line(blocks.rest());
        if !has_pipe(line) || !line.ends_with('\n') {
            break;
        }
        blocks.at += line.len();
        if is_separator(line, '-') {
            if rows.is_empty() {
                continue;
            }
            if aligns.is_empty() && !footer {
                header = Some(std::mem::take(&mut rows));
                aligns = alignments(line);
            } else {
                body.append(&mut rows);
            }
        } else if is_separator(line, '=') {
            body.append(&mut rows);
            footer = true;
        } else {
            let row = row(line.trim_end_matches(['\n', ' ', '\t']), leading);
            columns = columns.max(row.children.len());
            rows.push(row);
        }
    }
    body.append(&mut rows);
    if body.is_empty() {
        return false;
    }
    aligns.resize(columns, Align::Default);
    table.kind = Kind::Table(aligns);
    for (kind, mut rows) in [(Kind::Head, header.unwrap_or_default()), (Kind::Body, body)] {
        for row in &mut rows {
            row.children.resize_with(columns, || Node::new(Kind::Cell));
        }
        if !rows.is_empty() {
            table.children.push(Node { children: rows, ..Node::new(kind) });
        }
    }
    true
}

fn alignments(line: &str) -> Vec<Align> {
    line.split(['|', '+'])
        .map(str::trim)
        .filter(|cell| cell.contains('-'))
        .map(|cell| match (cell.starts_with(':'), cell.ends_with(':')) {
            (true, true) => Align::Center,
            (true, false) => Align::Left,
            (false, true) => Align::Right,
            (false, false) => Align::Default,
        })
        .collect()
}

fn row(line: &str, leading: bool) -> Node {
    let mut cells = [String::new()];
    let mut push = |text: &str| {
        let last = cells.len() - 1;
        cells[last].push_str(text);
    };
    // Pipes inside code are text.
    let mut parted: Vec<usize> = Vec::new();
    for (text, is_code) in shape::code_apart(line) {
        if is_code {
            push(text);
            continue;
        }
        let mut rest = text;
        while let Some(at) = rest.find('|') {
            if rest[..at].ends_with('\\') {
                push(&rest[..at - 1]);
                push("|");
            } else {
                push(&rest[..at]);
                push("\u{0}");
                parted.push(at);
            }
            rest = &rest[at + 1..];
        }
        push(rest);
    }
    let whole = cells.concat();
    let mut cells: Vec<&str> = whole.split('\u{0}').map(str::trim).collect();
    if leading && cells.first().is_some_and(|cell| cell.is_empty()) {
        cells.remove(0);
    }
    if cells.last().is_some_and(|cell| cell.is_empty()) {
        cells.pop();
    }
    let mut row = Node::new(Kind::Row);
    for cell in cells {
        let mut node = Node::new(Kind::Cell);
        node.children.push(Node::new(Kind::Unread(cell.to_owned())));
        row.children.push(node);
    }
    row
}

/// Whether each line has a pipe that is neither in code nor inside an element.
fn every_row_has_a_pipe(blocks: &mut Blocks<'_, '_>, start: usize) -> bool {
    let text = &blocks.source[start..blocks.at];
    let mut on_line = false;
    for (piece, is_code) in
        span::outside_code_and_tags(blocks.document, text.strip_suffix('\n').unwrap_or(text))
    {
        let lines: Vec<&str> = piece.trim_end_matches('\n').split('\n').collect();
        let count = if piece.is_empty() { 0 } else { lines.len() };
        if count == 0 {
            continue;
        }
        if is_code {
            if count > 2 || (count == 2 && !on_line) {
                return on_line && count <= 2;
            }
            if count == 2 {
                on_line = false;
            }
        } else {
            if count > 1 && !on_line && !has_pipe(lines[0]) {
                return on_line;
            }
            on_line = (count == 1 && on_line) || has_pipe(lines[count - 1]);
        }
    }
    on_line
}
