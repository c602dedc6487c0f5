//! Tokens put together into blocks. A tag that is not known goes; what stands inside it stays.

use super::expression::{Condition, Expression, Filtered, fragment};
use super::lex::{Token, tokens};

/// A part of a template.
#[derive(Clone, Debug)]
pub(super) enum Node {
    Text(String),
    Output(Filtered),
    Assign(String, Filtered),
    Capture(String, Vec<Node>),
    /// Branches in order; the first whose condition holds is taken.
    If(Vec<(Condition, Vec<Node>)>, Vec<Node>),
    Unless(Condition, Vec<Node>, Vec<Node>),
    Case(Expression, Vec<(Vec<Expression>, Vec<Node>)>, Vec<Node>),
    For(Box<Loop>),
    Cycle(Vec<Expression>, String),
    Count(String, i64),
    Break,
    Continue,
    /// A tag of the site's, with what it encloses.
    Tag {
        name: String,
        markup: String,
        body: Vec<Node>,
    },
}

#[derive(Clone, Debug)]
pub(super) struct Loop {
    pub name: String,
    pub over: Expression,
    pub reversed: bool,
    pub limit: Option<Expression>,
    pub offset: Option<Expression>,
    pub body: Vec<Node>,
    pub otherwise: Vec<Node>,
}

/// A template, and the names of tags in it that nobody knows.
#[derive(Clone, Debug, Default)]
pub(super) struct Template {
    pub nodes: Vec<Node>,
    pub unknown: Vec<String>,
    /// Tags that enclose something and are never closed.
    pub unclosed: Vec<String>,
}

/// Tags that enclose something and are the site's.
const ENCLOSING: [&str; 1] = ["highlight"];
/// Tags of the site's that enclose nothing.
const SINGLE: [&str; 8] =
    ["include", "include_relative", "include_cached", "link", "post_url", "gist", "seo", "feed_meta"];

impl Template {
    pub(super) fn parse(source: &str) -> Self {
        let tokens = tokens(source);
        let mut parser =
            Parser { tokens: &tokens, at: 0, unknown: Vec::new(), unclosed: Vec::new(), depth: 0 };
        let mut nodes = Vec::new();
        // An end tag of nothing stops a block; the rest follows all the same.
        while parser.at < tokens.len() {
            nodes.extend(parser.block(&[]));
            if let Some(Token::Tag(name, ..)) = tokens.get(parser.at) {
                parser.note(name);
            }
            parser.at += 1;
        }
        Self { nodes, unknown: parser.unknown, unclosed: parser.unclosed }
    }
}

struct Parser<'t, 's> {
    tokens: &'t [Token<'s>],
    at: usize,
    unknown: Vec<String>,
    unclosed: Vec<String>,
    depth: usize,
}

impl<'s> Parser<'_, 's> {
    fn note(&mut self, name: &str) {
        let name = name.strip_prefix("end").filter(|name| !name.is_empty()).unwrap_or(name).to_owned();
        if !self.unknown.contains(&name) {
            self.unknown.push(name);
        }
    }

    /// Everything up to one of these tags, which is not passed over.
    fn block(&mut self, ends: &[&str]) -> Vec<Node> {
        let mut nodes = Vec::new();
        while let Some(token) = self.tokens.get(self.at) {
            match token {
                Token::Text(text) => nodes.push(Node::Text((*text).to_owned())),
                Token::Output(inner) => nodes.push(Node::Output(Filtered::parse(inner))),
                Token::Tag(name, ..) if ends.contains(name) => return nodes,
                Token::Tag(name, markup, _) => {
                    self.at += 1;
                    if self.depth < 100 {
                        self.depth += 1;
                        self.tag(name, markup, &mut nodes);
                        self.depth -= 1;
                    }
                    continue;
                }
            }
            self.at += 1;
        }
        let tag = ends.iter().find_map(|end| end.strip_prefix("end")).map(str::to_owned);
        self.unclosed.extend(tag.filter(|tag| !self.unclosed.contains(tag)));
        nodes
    }

    /// The name and markup of the tag here, which is passed over.
    fn take(&mut self) -> Option<(&'s str, &'s str)> {
        let Some(Token::Tag(name, markup, _)) = self.tokens.get(self.at) else { return None };
        self.at += 1;
        Some((name, markup))
    }

    fn tag(&mut self, name: &str, markup: &str, nodes: &mut Vec<Node>) {
        match name {
            // `raw` is cut by the lexer; its end has been put behind it.
            "raw" => nodes.extend(self.enclosed("endraw")),
            "comment" => drop(self.enclosed("endcomment")),
            "assign" => {
                if let Some((target, value)) = markup.split_once('=') {
                    nodes.push(Node::Assign(target.trim().to_owned(), Filtered::parse(value.trim())));
                }
            }
            "capture" => {
                let body = self.enclosed("endcapture");
                nodes.push(Node::Capture(markup.trim_matches(['"', '\'']).to_owned(), body));
            }
            "if" => self.branches(markup, nodes),
            "unless" => {
                let body = self.block(&["else", "elsif", "endunless"]);
                let otherwise = self.otherwise("endunless");
                nodes.push(Node::Unless(Condition::parse(markup), body, otherwise));
            }
            "case" => self.case(markup, nodes),
            "for" | "tablerow" => self.repeat(name, markup, nodes),
            "cycle" => {
                let values = markup
                    .split_once(':')
                    .filter(|(name, _)| !name.contains(['"', '\'']))
                    .map_or(markup, |(_, values)| values);
                let values =
                    super::expression::split(values, ',').into_iter().map(Expression::parse).collect();
                nodes.push(Node::Cycle(values, markup.to_owned()));
            }
            "increment" => nodes.push(Node::Count(markup.to_owned(), 1)),
            "decrement" => nodes.push(Node::Count(markup.to_owned(), -1)),
            "break" => nodes.push(Node::Break),
            "continue" => nodes.push(Node::Continue),
            // `{% # a comment %}`.
            "" => {}
            _ if ENCLOSING.contains(&name) => {
                let body = self.enclosed(&format!("end{name}"));
                nodes.push(Node::Tag { name: name.to_owned(), markup: markup.to_owned(), body });
            }
            _ if SINGLE.contains(&name) => {
                nodes.push(Node::Tag { name: name.to_owned(), markup: markup.to_owned(), body: Vec::new() });
            }
            _ => self.note(name),
        }
    }

    fn enclosed(&mut self, end: &str) -> Vec<Node> {
        let body = self.block(&[end]);
        self.at += 1;
        body
    }

    fn branches(&mut self, markup: &str, nodes: &mut Vec<Node>) {
        let mut branches = Vec::new();
        let mut condition = Condition::parse(markup);
        loop {
            let body = self.block(&["elsif", "else", "endif"]);
            branches.push((condition, body));
            match self.tokens.get(self.at) {
                Some(Token::Tag("elsif", markup, _)) => {
                    condition = Condition::parse(markup);
                    self.at += 1;
                }
                _ => break,
            }
        }
        let otherwise = self.otherwise("endif");
        nodes.push(Node::If(branches, otherwise));
    }

    /// What follows `else`, where there is one, and the end tag.
    fn otherwise(&mut self, end: &str) -> Vec<Node> {
        match self.take() {
            Some(("else" | "elsif", _)) => self.enclosed(end),
            _ => Vec::new(),
        }
    }

    fn case(&mut self, markup: &str, nodes: &mut Vec<Node>) {
        let mut whens = Vec::new();
        let mut otherwise = Vec::new();
        drop(self.block(&["when", "else", "endcase"]));
        while let Some((name, markup)) = self.take() {
            match name {
                "when" => {
                    let values = markup.replace(" or ", ", ");
                    let values =
                        super::expression::split(&values, ',').into_iter().map(Expression::parse).collect();
                    whens.push((values, self.block(&["when", "else", "endcase"])));
                }
                "else" => otherwise = self.block(&["when", "else", "endcase"]),
                _ => break,
            }
        }
        nodes.push(Node::Case(Expression::parse(markup), whens, otherwise));
    }

    fn repeat(&mut self, tag: &str, markup: &str, nodes: &mut Vec<Node>) {
        let end = format!("end{tag}");
        let body = self.block(&["else", &end]);
        let otherwise = self.otherwise(&end);
        let Some((name, rest)) = markup.split_once(" in ") else { return };
        let rest = rest.trim_start();
        let (over, rest) = match rest.find(')').filter(|_| rest.starts_with('(')) {
            Some(end) => rest.split_at(end + 1),
            None => fragment(rest).unwrap_or((rest, "")),
        };
        let option = |name: &str| {
            let after = rest.split_once(&format!("{name}:"))?.1;
            Some(Expression::parse(fragment(after)?.0))
        };
        nodes.push(Node::For(Box::new(Loop {
            name: name.trim().to_owned(),
            over: Expression::parse(over),
            reversed: rest.split_whitespace().any(|word| word == "reversed"),
            limit: option("limit"),
            offset: option("offset"),
            body,
            otherwise,
        })));
    }
}
