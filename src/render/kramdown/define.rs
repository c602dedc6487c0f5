//! What leaves nothing behind: definitions of links, notes and abbreviations, attribute lists, extensions.

use super::block::{self, Blocks};
use super::node::{Boundary, Kind, Level, Node};
use super::{attributes, code, scan};

impl Blocks<'_, '_> {
    pub(super) fn note_definition(&mut self, tree: &mut Node) -> bool {
        let text = scan::unindented(self.rest());
        let Some(inner) = text.strip_prefix("[^") else { return false };
        let Some(length) = scan::id(inner) else { return false };
        let Some(rest) = inner[length..].strip_prefix("]:") else { return false };
        let first = scan::line(rest);
        if !first.ends_with('\n') {
            return false;
        }
        let more = code::indented(&rest[first.len()..]);
        let body = scan::without_indent(&rest[..first.len() + more]);
        let mut content = Node::new(Kind::Root);
        block::into(self.document, &mut content, body.trim_start_matches([' ', '\t']), self.depth + 1);
        self.document.notes.insert(inner[..length].to_owned(), content.children);
        self.at = self.source.len() - rest[first.len() + more..].len();
        self.push_end(tree, Boundary::Definition);
        true
    }

    pub(super) fn link_definition(&mut self, tree: &mut Node) -> bool {
        let Some(found) = LinkDefinition::find(scan::unindented(self.rest())) else { return false };
        self.at += self.rest().len() - scan::unindented(self.rest()).len() + found.length;
        let target = (found.target.to_owned(), found.title.map(str::to_owned));
        self.document.links.insert(super::link_id(found.id), target);
        self.push_end(tree, Boundary::Definition);
        true
    }

    pub(super) fn abbreviation(&mut self, tree: &mut Node) -> bool {
        let line = scan::line(self.rest());
        let is_one = scan::unindented(line)
            .strip_prefix("*[")
            .and_then(|rest| rest.find("]:"))
            .is_some_and(|end| end > 0);
        if !is_one || !line.ends_with('\n') {
            return false;
        }
        self.at += line.len();
        self.push_end(tree, Boundary::Definition);
        true
    }

    pub(super) fn push_end(&mut self, tree: &mut Node, boundary: Boundary) {
        let node = self.node(Kind::End(boundary));
        tree.children.push(node);
    }

    pub(super) fn extension(&mut self, tree: &mut Node) -> bool {
        let text = scan::unindented(self.rest());
        if !text.starts_with("{:") {
            return false;
        }
        let indent = self.rest().len() - text.len();
        if let Some((name, inner, length)) = named_attributes(text) {
            self.document.named.entry(name.to_owned()).or_default().extend(attributes::parse(inner));
            self.at += indent + length;
            self.push_end(tree, Boundary::Silent);
            return true;
        }
        if let Some((node, length)) = attributes::extension(text, Level::Block) {
            self.at += indent + length;
            match node.apply(&mut self.document.options) {
                Some(node) => tree.children.push(node),
                None => self.push_end(tree, Boundary::Silent),
            }
            return true;
        }
        let Some((inner, length)) = scan::attributes_line(text) else { return false };
        self.at += indent + length;
        let found = attributes::parse(inner);
        let belongs = |last: &&mut Node| {
            !last.is_blank()
                && !matches!(last.kind, Kind::End(Boundary::Marker | Boundary::Attributes | Boundary::Silent))
        };
        match tree.children.last_mut().filter(belongs) {
            Some(last) => {
                last.attributes.get_or_insert_default().extend(found);
                if scan::block_attributes(self.rest()).is_none() {
                    self.push_end(tree, Boundary::Attributes);
                }
            }
            None => self.waiting.get_or_insert_default().extend(found),
        }
        true
    }
}

/// `{:name: …}`: attributes under a name.
fn named_attributes(text: &str) -> Option<(&str, &str, usize)> {
    let rest = text.strip_prefix("{:")?;
    let length = scan::id(rest)?;
    let inner = scan::before_brace(rest[length..].strip_prefix(':')?)?;
    let end = 2 + length + 1 + inner.len() + 1;
    Some((&rest[..length], inner, end + scan::rest_is_blank(&text[end..])?))
}

/// `[id]: target "title"`.
struct LinkDefinition<'a> {
    id: &'a str,
    target: &'a str,
    title: Option<&'a str>,
    length: usize,
}

impl<'a> LinkDefinition<'a> {
    fn find(text: &'a str) -> Option<Self> {
        let inner = text.strip_prefix('[')?;
        let end = inner.find([']', '\n']).filter(|end| *end > 0 && inner[*end..].starts_with("]:"))?;
        let id = &inner[..end];
        let rest = inner[end + 2..].trim_start_matches([' ', '\t']);
        let (target, rest) = if let Some(angle) = rest.strip_prefix('<') {
            let close = angle.find(['>', '\n']).filter(|close| angle[*close..].starts_with('>'))?;
            (&angle[..close], &angle[close + 1..])
        } else {
            let line = scan::line(rest);
            let whole = line.trim_end();
            let quoted =
                whole.find(" \"").into_iter().chain(whole.find(" '")).chain(whole.find("\t\"")).min();
            let target = quoted.map_or(whole, |at| whole[..at].trim_end());
            if target.is_empty() {
                return None;
            }
            (target, &rest[target.len()..])
        };
        let finish = |rest: &'a str, title: Option<&'a str>| {
            let blank = scan::rest_is_blank(rest)?;
            Some(Self { id, target, title, length: text.len() - rest[blank..].len() })
        };
        let spaced = rest.trim_start_matches([' ', '\t']);
        let next = spaced.strip_prefix('\n').map_or(spaced, |line| line.trim_start_matches([' ', '\t']));
        if let Some(quote) = next.chars().next().filter(|c| matches!(c, '"' | '\''))
            && next.len() < rest.len()
        {
            let line = scan::line(next).trim_end();
            if line.len() > 2 && line.ends_with(quote) {
                let after = &next[line.len()..];
                return finish(after, Some(&line[1..line.len() - 1]));
            }
        }
        finish(rest, None)
    }
}
