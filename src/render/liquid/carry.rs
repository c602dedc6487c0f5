//! Nodes carried out, one after the other.

use serde_json::{Value, json};

use super::expression::Filtered;
use super::scope::{Scope, integer, is_true, pair, text};
use super::syntax::{Loop, Node};
use super::{Engine, filters, tags};
use crate::content::Post;

/// No output may be longer: a loop that doubles its text ends here.
const LONGEST: usize = 8 << 20;

/// What carries out one template.
pub(super) struct Carrier<'e, 'a> {
    pub engine: &'e Engine<'a>,
    pub post: &'e Post,
    pub scope: Scope<'e>,
    pub unknown: Vec<String>,
    /// Includes inside includes.
    pub depth: usize,
}

/// What comes after a node.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Flow {
    On,
    Break,
    Continue,
}

impl Carrier<'_, '_> {
    pub(super) fn nodes(&mut self, nodes: &[Node], out: &mut String) -> Flow {
        for node in nodes {
            if self.scope.fuel == 0 || out.len() > LONGEST {
                return Flow::Break;
            }
            self.scope.fuel -= 1;
            let flow = self.node(node, out);
            if flow != Flow::On {
                return flow;
            }
        }
        Flow::On
    }

    fn node(&mut self, node: &Node, out: &mut String) -> Flow {
        match node {
            Node::Text(text) => out.push_str(text),
            Node::Output(filtered) if filtered.filters.is_empty() => {
                out.push_str(&text(&self.scope.value(&filtered.input)));
            }
            Node::Output(filtered) => out.push_str(&text(&self.filtered(filtered))),
            Node::Assign(name, filtered) => {
                let value = self.filtered(filtered);
                self.scope.assigned.insert(name.clone(), value);
            }
            Node::Capture(name, body) => {
                let mut captured = String::new();
                let flow = self.nodes(body, &mut captured);
                self.scope.assigned.insert(name.clone(), captured.into());
                return flow;
            }
            Node::If(branches, otherwise) => {
                let taken = branches.iter().find(|(condition, _)| self.scope.holds(condition));
                let body = taken.map_or(otherwise, |(_, body)| body);
                return self.nodes(body, out);
            }
            Node::Unless(condition, body, otherwise) => {
                let body = if self.scope.holds(condition) { otherwise } else { body };
                return self.nodes(body, out);
            }
            Node::Case(over, whens, otherwise) => {
                let value = self.scope.value(over).into_owned();
                let taken = whens
                    .iter()
                    .find(|(values, _)| values.iter().any(|when| *self.scope.value(when) == value));
                let body = taken.map_or(otherwise, |(_, body)| body);
                return self.nodes(body, out);
            }
            Node::For(repeat) => self.repeat(repeat, out),
            Node::Cycle(values, name) => {
                let count = self.scope.counters.entry(format!("cycle {name}")).or_insert(0);
                let at = usize::try_from(*count).unwrap_or(0) % values.len().max(1);
                *count += 1;
                if let Some(value) = values.get(at) {
                    out.push_str(&text(&self.scope.value(value)));
                }
            }
            Node::Count(name, step) => {
                let count = self.scope.counters.entry(name.clone()).or_insert(0);
                let shown = if *step > 0 { *count } else { *count - 1 };
                *count += step;
                out.push_str(&shown.to_string());
            }
            Node::Break => return Flow::Break,
            Node::Continue => return Flow::Continue,
            Node::Tag { name, markup, body } => tags::carry(self, name, markup, body, out),
        }
        Flow::On
    }

    /// The value after all its filters.
    pub(super) fn filtered(&mut self, filtered: &Filtered) -> Value {
        let zone = self.engine.config.site.timezone;
        // A list of all posts is not copied to be counted.
        let mut value: Option<Value> = None;
        for filter in &filtered.filters {
            let args: Vec<Value> = filter.args.iter().map(|arg| self.scope.value(arg).into_owned()).collect();
            let pure = match &value {
                Some(value) => filters::pure(&filter.name, value, &args, zone),
                None => filters::pure(&filter.name, &self.scope.value(&filtered.input), &args, zone),
            };
            if pure.is_some() {
                value = pure;
                continue;
            }
            let input = value.take().unwrap_or_else(|| self.scope.value(&filtered.input).into_owned());
            value = Some(if let Some(changed) = filters::of_site(self, &filter.name, &input, &args) {
                changed
            } else {
                let written = format!("| {}", filter.name);
                if !self.unknown.contains(&written) {
                    self.unknown.push(written);
                }
                input
            });
        }
        value.unwrap_or_else(|| self.scope.value(&filtered.input).into_owned())
    }

    fn repeat(&mut self, repeat: &Loop, out: &mut String) {
        let number = |carrier: &Self, expression: &Option<_>| {
            let value = expression.as_ref().map(|expression| carrier.scope.value(expression).into_owned())?;
            usize::try_from(integer(&value)?).ok()
        };
        let (limit, offset) = (number(self, &repeat.limit), number(self, &repeat.offset));
        let (from, most) = (offset.unwrap_or(0), limit.unwrap_or(usize::MAX));
        let mut items: Vec<Value> = match &*self.scope.value(&repeat.over) {
            Value::Array(list) => list.iter().skip(from).take(most).cloned().collect(),
            Value::Object(map) => map.iter().skip(from).take(most).map(pair).collect(),
            value if is_true(value) && value != "" => vec![value.clone()],
            _ => Vec::new(),
        };
        if repeat.reversed {
            items.reverse();
        }
        if items.is_empty() {
            self.nodes(&repeat.otherwise, out);
            return;
        }
        let length = items.len();
        let parent = self.scope.frames.last().and_then(|frame| frame.get("forloop")).cloned();
        for (index, item) in items.into_iter().enumerate() {
            let forloop = json!({
                "length": length, "index": index + 1, "index0": index, "rindex": length - index, "rindex0": length - index - 1,
                "first": index == 0, "last": index + 1 == length, "parentloop": parent,
            });
            let frame = [(repeat.name.clone(), item), ("forloop".to_owned(), forloop)];
            self.scope.frames.push(frame.into_iter().collect());
            let flow = self.nodes(&repeat.body, out);
            self.scope.frames.pop();
            if flow == Flow::Break {
                break;
            }
        }
    }
}
