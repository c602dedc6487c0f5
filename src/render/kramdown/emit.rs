//! The tree as events, in the order in which a reader meets them; notes come last, as a numbered list.

use pulldown_cmark::{Alignment, CodeBlockKind, CowStr, Event, HeadingLevel, LinkType, Tag, TagEnd};

use super::node::{Align, Kind, Level, Model, Node};
use super::shape::reference;
use super::{Document, tag};

/// The events of a document whose spans have been read.
pub(super) fn events(document: &Document, root: &Node) -> Vec<Event<'static>> {
    let mut emitter =
        Emitter { document, out: Vec::new(), noted: Vec::new(), in_html: 0, has_contents: false };
    emitter.children(root);
    emitter.notes();
    emitter.out
}

struct Emitter<'d> {
    document: &'d Document,
    out: Vec<Event<'static>>,
    /// The names of notes in the order in which the text refers to them.
    noted: Vec<String>,
    /// How many elements written as HTML are open.
    in_html: usize,
    /// Whether the place for a table of contents has been met.
    has_contents: bool,
}

impl Emitter<'_> {
    fn push(&mut self, event: Event<'static>) {
        self.out.push(event);
    }

    fn children(&mut self, node: &Node) {
        for child in &node.children {
            self.node(child);
        }
    }

    fn within(&mut self, tag: Tag<'static>, node: &Node) {
        let end = tag.to_end();
        self.push(Event::Start(tag));
        self.children(node);
        self.push(Event::End(end));
    }

    fn node(&mut self, node: &Node) {
        match &node.kind {
            Kind::Root | Kind::Body | Kind::Paragraph { transparent: true } => self.children(node),
            Kind::Blank(_) | Kind::End(_) | Kind::Unread(_) => {}
            Kind::Paragraph { transparent: false } => self.within(Tag::Paragraph, node),
            Kind::Header(level) => {
                let level = HeadingLevel::try_from(usize::from(*level)).unwrap_or(HeadingLevel::H6);
                self.within(Tag::Heading { level, id: None, classes: Vec::new(), attrs: Vec::new() }, node);
            }
            Kind::Quote => self.within(Tag::BlockQuote(None), node),
            Kind::CodeBlock { language, text } => {
                let kind = language
                    .clone()
                    .map_or(CodeBlockKind::Indented, |name| CodeBlockKind::Fenced(name.into()));
                self.push(Event::Start(Tag::CodeBlock(kind)));
                self.push(Event::Text(text.clone().into()));
                self.push(Event::End(TagEnd::CodeBlock));
            }
            Kind::Rule => self.push(Event::Rule),
            // A table of contents belongs to the site's page, where its links lead somewhere. There is one.
            Kind::Bullets | Kind::Numbers if !self.has_contents && is_contents(node) => {
                self.has_contents = true;
            }
            Kind::Bullets => self.within(Tag::List(None), node),
            Kind::Numbers => self.within(Tag::List(Some(1)), node),
            Kind::Item => self.within(Tag::Item, node),
            Kind::Definitions => self.within(Tag::DefinitionList, node),
            Kind::Term => self.within(Tag::DefinitionListTitle, node),
            Kind::Definition => self.within(Tag::DefinitionListDefinition, node),
            Kind::Table(aligns) => self.table(aligns, node),
            Kind::Head => self.head(node),
            Kind::Row => self.within(Tag::TableRow, node),
            Kind::Cell => self.within(Tag::TableCell, node),
            Kind::Html { .. } => self.html(node),
            Kind::Raw(markup, Level::Block) => self.html_block(format!("{markup}\n")),
            Kind::Raw(markup, Level::Span) => self.push(Event::InlineHtml(markup.clone().into())),
            Kind::Text(text) => self.text(text),
            Kind::Symbol(text) => self.push(Event::Text(text.clone().into())),
            Kind::Emphasis => self.within(Tag::Emphasis, node),
            Kind::Strong => self.within(Tag::Strong, node),
            Kind::Strikethrough => self.within(Tag::Strikethrough, node),
            Kind::Code(text) => self.push(Event::Code(text.clone().into())),
            Kind::Link { target, title } => {
                let tag = Tag::Link {
                    link_type: LinkType::Inline,
                    dest_url: target.clone().into(),
                    title: title.clone().unwrap_or_default().into(),
                    id: CowStr::Borrowed(""),
                };
                self.within(tag, node);
            }
            Kind::Image { source, title, alt } => {
                self.image(node, source, title.as_deref().unwrap_or(""), alt);
            }
            Kind::Break => self.push(Event::HardBreak),
            Kind::Math(text, level) => self.math(text, *level),
            Kind::Note(name) => {
                let number = self.noted.iter().position(|noted| noted == name).unwrap_or_else(|| {
                    self.noted.push(name.clone());
                    self.noted.len() - 1
                });
                let number = number + usize::from(self.document.options.first_note);
                self.push(Event::FootnoteReference(number.to_string().into()));
            }
        }
    }

    /// A formula as TeX, between the marks that MathJax looks for.
    fn math(&mut self, text: &str, level: Level) {
        let shown = match (level, self.document.options.mathjax) {
            (Level::Span, true) => format!("\\({text}\\)"),
            (Level::Span, false) => format!("${text}$"),
            (Level::Block, true) => format!("\\[{text}\\]"),
            (Level::Block, false) => format!("$$\n{text}\n$$"),
        };
        if level == Level::Block {
            self.push(Event::Start(Tag::Paragraph));
        }
        self.push(Event::Text(shown.into()));
        if level == Level::Block {
            self.push(Event::End(TagEnd::Paragraph));
        }
    }

    fn table(&mut self, aligns: &[Align], node: &Node) {
        let align = |align: &Align| match align {
            Align::Default => Alignment::None,
            Align::Left => Alignment::Left,
            Align::Right => Alignment::Right,
            Align::Center => Alignment::Center,
        };
        self.push(Event::Start(Tag::Table(aligns.iter().map(align).collect())));
        if node.children.first().is_none_or(|first| first.kind != Kind::Head) {
            self.push(Event::Start(Tag::TableHead));
            self.push(Event::End(TagEnd::TableHead));
        }
        self.children(node);
        self.push(Event::End(TagEnd::Table));
    }

    /// One row can be the header; any more are rows like the others.
    fn head(&mut self, node: &Node) {
        for (index, row) in node.children.iter().enumerate() {
            self.within(if index == 0 { Tag::TableHead } else { Tag::TableRow }, row);
        }
    }

    fn image(&mut self, node: &Node, source: &str, title: &str, alt: &str) {
        let sizes: String = node
            .attributes
            .iter()
            .flat_map(|own| &own.pairs)
            .filter(|(key, _)| matches!(key.as_str(), "width" | "height"))
            .map(|(key, value)| format!(" {key}=\"{}\"", quoted(value)))
            .collect();
        if !sizes.is_empty() {
            let (source, alt) = (quoted(source), quoted(alt));
            self.push(Event::InlineHtml(format!("<img src=\"{source}\" alt=\"{alt}\"{sizes}>").into()));
            return;
        }
        self.push(Event::Start(Tag::Image {
            link_type: LinkType::Inline,
            dest_url: source.to_owned().into(),
            title: title.to_owned().into(),
            id: CowStr::Borrowed(""),
        }));
        self.push(Event::Text(alt.to_owned().into()));
        self.push(Event::End(TagEnd::Image));
    }

    fn html_block(&mut self, markup: String) {
        self.push(Event::Start(Tag::HtmlBlock));
        self.push(Event::Html(markup.into()));
        self.push(Event::End(TagEnd::HtmlBlock));
    }

    fn html(&mut self, node: &Node) {
        let Kind::Html { name, attributes, model, level, .. } = &node.kind else { return };
        let start = format!("<{name}{attributes}>");
        let end = if tag::is_void(name) { String::new() } else { format!("</{name}>") };
        match level {
            Level::Block if *model == Model::Raw && is_all_raw(node) => {
                let mut markup = String::new();
                write_raw(node, &mut markup);
                markup.push('\n');
                self.html_block(markup);
            }
            Level::Block => {
                self.html_block(format!("{start}\n"));
                self.inside(node, *model);
                self.html_block(format!("{end}\n"));
            }
            Level::Span => {
                self.push(Event::InlineHtml(start.into()));
                self.inside(node, *model);
                if !end.is_empty() {
                    self.push(Event::InlineHtml(end.into()));
                }
            }
        }
    }

    /// What stands in an element of HTML.
    fn inside(&mut self, node: &Node, model: Model) {
        self.in_html += 1;
        if model == Model::Raw {
            self.raw_children(node);
        } else {
            self.children(node);
        }
        self.in_html -= 1;
    }

    /// What stands in an element whose content is not read: references are characters there, too.
    fn raw_children(&mut self, node: &Node) {
        for child in &node.children {
            match &child.kind {
                Kind::Text(text) => {
                    let shown = html_escape::decode_html_entities(text).into_owned();
                    self.push(Event::Text(shown.into()));
                }
                // A new line between two tags may part a word.
                Kind::Html { name, attributes, model: Model::Raw, .. } => {
                    self.push(Event::InlineHtml(format!("<{name}{attributes}>").into()));
                    self.raw_children(child);
                    if !tag::is_void(name) {
                        self.push(Event::InlineHtml(format!("</{name}>").into()));
                    }
                }
                _ => self.node(child),
            }
        }
    }

    /// Text, with the line ends that are breaks: after a backslash, or all of them where the site wants it so.
    fn text(&mut self, text: &str) {
        let mut lines = text.split('\n').peekable();
        while let Some(line) = lines.next() {
            let is_last = lines.peek().is_none();
            let options = self.document.options;
            let broken =
                !is_last && options.gfm && self.in_html == 0 && (options.hard_wrap || line.ends_with('\\'));
            let shown =
                if broken && !options.hard_wrap { line.strip_suffix('\\').unwrap_or(line) } else { line };
            if !shown.is_empty() {
                self.push(Event::Text(shown.to_owned().into()));
            }
            if broken {
                self.push(Event::HardBreak);
            } else if !is_last {
                self.push(Event::SoftBreak);
            }
        }
    }

    fn notes(&mut self) {
        if self.noted.is_empty() {
            return;
        }
        self.push(Event::Start(Tag::List(Some(self.document.options.first_note.into()))));
        let mut index = 0;
        // A note may refer to another, which then follows.
        while let Some(name) = self.noted.get(index).cloned() {
            self.push(Event::Start(Tag::Item));
            if let Some(content) = self.document.notes.get(&name) {
                for node in content {
                    self.node(node);
                }
            }
            self.push(Event::End(TagEnd::Item));
            index += 1;
        }
        self.push(Event::End(TagEnd::List(true)));
    }
}

/// Whether a list is there to be replaced by a table of contents.
fn is_contents(node: &Node) -> bool {
    node.attributes.as_ref().is_some_and(|own| own.names.iter().any(|name| name == "toc"))
}

/// Whether nothing below was read as Markdown.
fn is_all_raw(node: &Node) -> bool {
    node.children.iter().all(|child| match &child.kind {
        Kind::Text(_) | Kind::Raw(..) => true,
        Kind::Html { model: Model::Raw, .. } => is_all_raw(child),
        _ => false,
    })
}

fn write_raw(node: &Node, out: &mut String) {
    match &node.kind {
        Kind::Html { name, attributes, .. } => {
            out.push_str(&format!("<{name}{attributes}>"));
            for child in &node.children {
                write_raw(child, out);
            }
            if !tag::is_void(name) {
                out.push_str(&format!("</{name}>"));
            }
        }
        Kind::Text(text) => write_text(text, out),
        Kind::Raw(markup, _) => out.push_str(markup),
        _ => {}
    }
}

/// References stay; what only looks like one, or like a tag, is text.
fn write_text(text: &str, out: &mut String) {
    for (at, c) in text.char_indices() {
        match c {
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '&' if reference(&text[at..]).is_none() => out.push_str("&amp;"),
            c => out.push(c),
        }
    }
}

fn quoted(text: &str) -> String {
    text.replace('&', "&amp;").replace('"', "&quot;").replace('<', "&lt;")
}
