//! The tree between kramdown's source and our events.

/// What a node is. Names follow kramdown's own.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Root,
    /// Blank lines, with what they hold: a single one binds a definition to its term.
    Blank(String),
    /// The end of a block, by `^` or by a definition that leaves nothing behind.
    End(Boundary),
    /// A paragraph; inside a tight list it is `transparent`: only its text shows.
    Paragraph {
        transparent: bool,
    },
    Header(u8),
    Quote,
    CodeBlock {
        language: Option<String>,
        text: String,
    },
    Rule,
    Bullets,
    Numbers,
    Item,
    Definitions,
    Term,
    Definition,
    Table(Vec<Align>),
    Head,
    Body,
    Row,
    Cell,
    /// An element written as HTML: its name, its attributes as written, and how its content was read.
    Html {
        name: String,
        attributes: String,
        model: Model,
        level: Level,
        closed: bool,
    },
    /// Markup that passes through as it is: a comment, or the inside of `{::nomarkdown}`.
    Raw(String, Level),
    /// Text whose spans have not been read yet.
    Unread(String),
    /// Text as it will be seen.
    Text(String),
    /// A character that stands for what was written: an attribute list may belong to it.
    Symbol(String),
    Emphasis,
    Strong,
    Strikethrough,
    Code(String),
    Link {
        target: String,
        title: Option<String>,
    },
    Image {
        source: String,
        title: Option<String>,
        alt: String,
    },
    Break,
    Math(String, Level),
    Note(String),
}

/// Whether something stands among blocks or inside a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Level {
    Block,
    Span,
}

/// How the content of an HTML element is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Model {
    Raw,
    Block,
    Span,
}

/// What ended a block.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Boundary {
    /// `^`.
    Marker,
    /// An attribute list.
    Attributes,
    /// A definition of a link, an abbreviation or a note, to which an attribute list may belong.
    Definition,
    /// Named attributes or options.
    Silent,
}

/// A column's alignment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Align {
    Default,
    Left,
    Right,
    Center,
}

/// An inline attribute list: `{: .class #id key="value" name}`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Attributes {
    /// Bare names: `toc`, or a list named elsewhere.
    pub names: Vec<String>,
    /// `key="value"` pairs.
    pub pairs: Vec<(String, String)>,
}

impl Attributes {
    pub(super) fn extend(&mut self, other: Self) {
        self.names.extend(other.names);
        self.pairs.extend(other.pairs);
    }
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Node {
    pub kind: Kind,
    pub children: Vec<Node>,
    pub attributes: Option<Attributes>,
}

impl Node {
    pub(super) fn new(kind: Kind) -> Self {
        Self { kind, children: Vec::new(), attributes: None }
    }

    pub(super) fn is_paragraph(&self) -> bool {
        matches!(self.kind, Kind::Paragraph { .. })
    }

    pub(super) fn is_blank(&self) -> bool {
        matches!(self.kind, Kind::Blank(_))
    }

    /// Adds text, joined to text that stands last.
    pub(super) fn push_text(&mut self, text: &str) {
        if text.is_empty() {
            return;
        }
        if let Some(Self { kind: Kind::Text(last), .. }) = self.children.last_mut() {
            last.push_str(text);
        } else {
            self.children.push(Self::new(Kind::Text(text.to_owned())));
        }
    }
}
