//! Liquid, as Jekyll and Eleventy carry it out over a post before its Markdown is read.
//!
//! A `liquid` crate exists; an undefined name, a filter that is not known and a tag that makes no sense are errors to it, of
//! which the first ends everything. To Ruby's Liquid they are nil, and real posts lean on that. Not responsible for what the
//! result is written in.

mod carry;
mod expression;
mod filters;
mod lex;
mod scope;
mod site;
mod syntax;
mod tags;

use std::borrow::Cow;
use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, OnceLock};

use serde_json::{Map, Value};

use crate::config::{Config, Kramdown};
use crate::content::{Library, Post};
use carry::Carrier;
use scope::Scope;
use syntax::Template;

/// What carries out the Liquid of one blog.
pub(super) struct Engine<'a> {
    config: &'a Config,
    library: &'a Library,
    site: OnceLock<Value>,
    includes: Mutex<HashMap<PathBuf, Option<Arc<Template>>>>,
}

/// A text with its Liquid carried out.
#[derive(Debug, Default)]
pub(super) struct Carried {
    pub text: String,
    /// What could not be carried out, as the author wrote it: `{% name %}`, an include that is not there.
    pub unknown: Vec<String>,
    /// The tags that are never closed.
    pub unclosed: Vec<String>,
}

/// Whether a text holds any Liquid.
pub(super) fn is_in(text: &str) -> bool {
    text.contains("{{") || text.contains("{%")
}

impl<'a> Engine<'a> {
    pub(super) fn new(config: &'a Config, library: &'a Library) -> Self {
        Self { config, library, site: OnceLock::new(), includes: Mutex::default() }
    }

    /// Carries out `text`, which belongs to `post`.
    pub(super) fn carry(&self, text: &str, post: &Post) -> Carried {
        let template = Template::parse(text);
        let site = self.site.get_or_init(|| site::value(self.config, self.library));
        let mut globals = vec![
            ("site", Cow::Borrowed(site)),
            ("page", Cow::Owned(site::page(post, text, self.config, site))),
            ("jekyll", Cow::Owned(serde_json::json!({ "version": "4.3.1", "environment": "production" }))),
        ];
        // Eleventy's data stand without `page` in front.
        if !matches!(self.config.blog, crate::config::Blog::Jekyll(_)) {
            globals.extend(
                post.matter
                    .iter()
                    .flat_map(|matter| matter.iter())
                    .map(|(key, value)| (key.as_str(), Cow::Borrowed(value))),
            );
        }
        let mut carrier = Carrier {
            engine: self,
            post,
            scope: Scope::new(globals),
            unknown: template.unknown.iter().map(|name| format!("{{% {name} %}}")).collect(),
            depth: 0,
        };
        let mut out = String::with_capacity(text.len());
        carrier.nodes(&template.nodes, &mut out);
        Carried { text: out, unknown: carrier.unknown, unclosed: template.unclosed }
    }

    /// The template of an include, read once.
    fn include(&self, path: PathBuf) -> Option<Arc<Template>> {
        let mut includes = self.includes.lock().ok()?;
        includes
            .entry(path)
            .or_insert_with_key(|path| {
                crate::content::included(path).map(|text| Arc::new(Template::parse(&text)))
            })
            .clone()
    }

    /// How the blog's Markdown is read, for `markdownify`.
    fn kramdown(&self) -> Kramdown {
        match &self.config.blog {
            crate::config::Blog::Jekyll(jekyll) => match jekyll.markdown {
                crate::config::Markdown::Kramdown(options) => options,
                crate::config::Markdown::CommonMark(_) => Kramdown::default(),
            },
            _ => Kramdown::default(),
        }
    }

    /// `baseurl`, beginning with `/`, or empty.
    fn base(&self) -> &str {
        match &self.config.blog {
            crate::config::Blog::Jekyll(jekyll) => &jekyll.base,
            _ => "",
        }
    }
}

/// The parameters of an include.
type Parameters = Map<String, Value>;
