//! The generator that a blog is made with, and what its own configuration says about posts.

use std::path::PathBuf;

use serde_json::{Map, Value};

/// A mapping as it stands in front matter or a generator's configuration.
pub type Settings = Map<String, Value>;

/// Whose rules a blog's posts follow.
#[derive(Clone, Debug)]
pub enum Blog {
    /// Jekyll 4.
    Jekyll(Box<Jekyll>),
    /// Hugo.
    Hugo(Box<Hugo>),
    /// Zola.
    Zola(Box<Zola>),
    /// Eleventy.
    Eleventy,
    /// Astro, with the folder of addresses that each collection is shown below, as far as pages say so.
    Astro(Vec<(String, String)>),
    /// A folder of Markdown files.
    Plain,
}

/// What Jekyll's `_config.yml` says.
#[derive(Clone, Debug)]
pub struct Jekyll {
    /// The one folder that holds the posts; `None` where they are in every `_posts`.
    pub posts_dir: Option<PathBuf>,
    /// Where collections are kept, below the site's folder; mostly empty.
    pub collections_dir: String,
    /// What stands before a path to make it absolute: `url` and `baseurl` as Jekyll joins them.
    pub prefix: String,
    /// The `baseurl`, beginning with `/`, or empty.
    pub base: String,
    /// The pattern of posts' paths.
    pub permalink: String,
    /// Front matter that posts have without writing it.
    pub defaults: Vec<Defaults>,
    /// Where an excerpt ends; empty where there is none.
    pub excerpt_separator: String,
    /// The Markdown that posts are written in.
    pub markdown: Markdown,
    /// Files that are taken in although they would be passed over.
    pub include: Vec<String>,
    /// Files and folders that are passed over.
    pub exclude: Vec<String>,
    /// The endings of Markdown files.
    pub markdown_ext: Vec<String>,
    /// Whether `_drafts` are posts.
    pub show_drafts: bool,
    /// Whether `published: false` is passed over.
    pub unpublished: bool,
    /// Everything, as Liquid's `site` shows it.
    pub settings: Settings,
}

/// Front matter for all posts of a scope.
#[derive(Clone, Debug)]
pub struct Defaults {
    /// The path they must lie under, below the site's folder; it may hold `*`.
    pub path: String,
    /// `posts`, `drafts`, `pages`, a collection; `None` is any.
    pub kind: Option<String>,
    /// The values.
    pub values: Settings,
}

/// A kind of Markdown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Markdown {
    /// Jekyll's.
    Kramdown(Kramdown),
    /// Everyone else's.
    CommonMark(CommonMark),
}

/// What is asked of kramdown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(clippy::struct_excessive_bools, reason = "they are kramdown's own options")]
pub struct Kramdown {
    /// GitHub's additions, which Jekyll switches on.
    pub gfm: bool,
    /// A line may begin a list, a header, a quotation or a fence right below a paragraph.
    pub paragraph_end: bool,
    /// Every line end is a break.
    pub hard_wrap: bool,
    /// Blocks of HTML hold Markdown.
    pub parse_block_html: bool,
    /// Elements inside lines hold Markdown.
    pub parse_span_html: bool,
    /// What quotation marks become: `‘`, `’`, `“` and `”`, or what the owner wants; `None` leaves them.
    pub quotes: Option<[char; 4]>,
    /// Dashes, dots and guillemets are set.
    pub symbols: bool,
    /// They are set in texts, and not only in titles.
    pub auto_symbols: bool,
    /// Formulas are marked as MathJax wants them.
    pub mathjax: bool,
    /// The number of the first footnote.
    pub first_note: u8,
}

impl Default for Kramdown {
    fn default() -> Self {
        Self {
            gfm: true,
            paragraph_end: true,
            hard_wrap: false,
            parse_block_html: false,
            parse_span_html: true,
            quotes: Some(['‘', '’', '“', '”']),
            symbols: true,
            auto_symbols: true,
            mathjax: true,
            first_note: 1,
        }
    }
}

impl Kramdown {
    /// Whether a block may begin right below a paragraph.
    pub fn interrupts(self) -> bool {
        self.gfm && self.paragraph_end
    }
}

/// What is asked of a CommonMark parser.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[expect(clippy::struct_excessive_bools, reason = "each is a setting of some generator")]
pub struct CommonMark {
    /// Quotation marks and dashes are set, and how.
    pub typography: Typography,
    /// `term`, then `: definition`.
    pub definitions: bool,
    /// `{#id .class}` behind a heading.
    pub heading_attributes: bool,
    /// Every line end is a break.
    pub hard_wrap: bool,
    /// `:smile:`.
    pub emoji: bool,
    /// HTML in the text is left out.
    pub no_html: bool,
    /// A line `{.class}` below a block is about the block.
    pub attribute_blocks: bool,
}

/// How quotation marks and dashes are set.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Typography {
    /// They stay as they are written.
    #[default]
    Plain,
    /// As pulldown-cmark sets them, which Zola is built on.
    Smart,
    /// As Hugo's parser sets them.
    Goldmark,
}

/// What Hugo's configuration says.
#[derive(Clone, Debug)]
#[expect(clippy::struct_excessive_bools, reason = "Hugo has these switches")]
pub struct Hugo {
    /// Content folders with the language they are in.
    pub content: Vec<(PathBuf, String)>,
    /// Folders of languages that are switched off.
    pub excluded: Vec<PathBuf>,
    /// The languages, the default one first.
    pub languages: Vec<Language>,
    /// Whether the default language has its code in its addresses, too.
    pub default_in_subdir: bool,
    /// Patterns of paths by section.
    pub permalinks: Vec<(String, String)>,
    /// The front matter keys of the taxonomies.
    pub taxonomies: Vec<String>,
    /// The sections that the blog consists of; empty is all.
    pub main_sections: Vec<String>,
    /// Patterns of files that are passed over.
    pub ignore_files: Vec<String>,
    /// `/post.html` in place of `/post/`.
    pub ugly_urls: bool,
    /// Whether addresses keep upper case.
    pub keep_case: bool,
    /// Whether accents are taken off letters in addresses.
    pub remove_accents: bool,
    /// Which keys give a post's date, in order; `:filename` is its name.
    pub date_keys: Vec<String>,
    /// Which keys give the date of its last change, in order.
    pub lastmod_keys: Vec<String>,
    /// Whether posts whose time is over are shown.
    pub build_expired: bool,
    /// The Markdown that posts are written in.
    pub markdown: CommonMark,
    /// Everything, for shortcodes.
    pub settings: Settings,
}

/// A language of a site.
#[derive(Clone, Debug)]
pub struct Language {
    /// Its code, such as `ko`.
    pub code: String,
    /// The address of its pages where it has one of its own.
    pub base: Option<String>,
}

/// What Zola's `config.toml` says.
#[derive(Clone, Debug)]
pub struct Zola {
    /// The language of files that do not say.
    pub default_language: String,
    /// The other languages.
    pub languages: Vec<String>,
    /// How names become addresses.
    pub slugify: Slugify,
    /// Whether dates stay in addresses.
    pub keep_dates: bool,
    /// Patterns of files that are passed over.
    pub ignored_content: Vec<String>,
    /// The Markdown that posts are written in.
    pub markdown: CommonMark,
    /// Everything, for shortcodes.
    pub settings: Settings,
}

/// How Zola makes addresses out of names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Slugify {
    /// Everything is written in ASCII letters.
    On,
    /// Only what is forbidden in paths goes.
    Safe,
    /// Nothing changes.
    Off,
}

impl Blog {
    /// The generator's name.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Jekyll(_) => "Jekyll",
            Self::Hugo(_) => "Hugo",
            Self::Zola(_) => "Zola",
            Self::Eleventy => "Eleventy",
            Self::Astro(_) => "Astro",
            Self::Plain => "a plain folder",
        }
    }
}
