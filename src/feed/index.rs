//! What helps people to find the feeds: a page, a list for feed readers (OPML 2.0), and the links that a theme puts into its pages.

use minijinja::value::Serde;
use minijinja::{Value, context};

use super::{Channel, Document, Plan, media_type, words, xml};
use crate::config::{Format, Group};
use crate::diagnostic::Diagnostic;
use crate::template::Templates;

/// The files beside the feeds; `document::OWN_FILES` keeps their places free.
const PAGE: &str = "feeds.html";
const LIST: &str = "feeds.opml";
const STYLE: &str = "feed.css";

impl Plan<'_> {
    /// The files beside the feeds, by name. A template that cannot be rendered is told; its file is left out.
    pub fn beside(&self, templates: &Templates, found: &mut Vec<Diagnostic>) -> Vec<(&'static str, String)> {
        let context = self.context();
        let mut made = vec![(LIST, self.opml())];
        let names = [(PAGE, true), (STYLE, self.config.feeds.style)];
        for (name, _) in names.iter().filter(|(_, wanted)| *wanted) {
            match templates.render(name, &context) {
                Ok(text) => made.push((*name, text)),
                Err(diagnostic) => found.push(*diagnostic),
            }
        }
        made
    }

    /// The feeds with their documents that people subscribe to.
    pub fn feeds(&self) -> impl Iterator<Item = (&Channel, Vec<&Document>)> {
        self.documents.chunk_by(|one, next| one.channel == next.channel).map(|documents| {
            let own = documents.iter().filter(|document| document.is_subscription());
            (self.channel(&documents[0]), own.collect())
        })
    }

    /// `<link rel="alternate" …>` for every document (WHATWG HTML, §4.6.7.1).
    pub fn links(&self) -> String {
        let mut out = String::new();
        for (channel, documents) in self.feeds() {
            for document in &documents {
                let title = titled(channel, document.format, documents.len());
                out.push_str(&format!(
                    "<link rel=\"alternate\" type=\"{}\" title=\"{}\" href=\"{}\">\n",
                    media_type(document.format),
                    xml::attribute(&title),
                    xml::attribute(&document.url)
                ));
            }
        }
        out
    }

    /// The feeds as a list that feed readers take in, each once (OPML 2.0, "Subscription lists").
    fn opml(&self) -> String {
        let title = &self.channels[0].title;
        let mut out = format!(
            "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<!-- tidings -->\n<opml version=\"2.0\">\n  <head>\n    <title>{}</title>\n  </head>\n  <body>\n",
            xml::attribute(title)
        );
        let words = words::of(&self.channels[0].language);
        let mut group = None;
        for (channel, documents) in self.feeds() {
            let Some(document) = documents.iter().min_by_key(|document| rank(document.format)) else {
                continue;
            };
            if channel.group != group {
                if group.is_some() {
                    out.push_str("    </outline>\n");
                }
                group = channel.group;
                if let Some(group) = group {
                    out.push_str(&format!("    <outline text=\"{}\">\n", words.heading(group)));
                }
            }
            let indent = if group.is_some() { "      " } else { "    " };
            let text = xml::attribute(&channel.title);
            out.push_str(&format!(
                "{indent}<outline type=\"rss\" text=\"{text}\" title=\"{text}\" xmlUrl=\"{}\" htmlUrl=\"{}\" language=\"{}\"/>\n",
                xml::attribute(&document.url),
                xml::attribute(channel.home.as_str()),
                xml::attribute(&channel.language)
            ));
        }
        if group.is_some() {
            out.push_str("    </outline>\n");
        }
        out.push_str("  </body>\n</opml>\n");
        out
    }

    /// What the templates see: `site`, `words`, and `groups` of feeds, each with its documents.
    fn context(&self) -> Value {
        let main = &self.channels[0];
        let words = words::of(&main.language);
        let mut groups: Vec<(Option<Group>, Vec<Value>)> = Vec::new();
        for (channel, documents) in self.feeds() {
            let shown = |document: &&Document| {
                context! {
                    url => address(&document.url),
                    path => document.path.as_str(),
                    format => label(document.format),
                    media_type => media_type(document.format),
                    title => titled(channel, document.format, documents.len()),
                }
            };
            let feed = context! {
                title => channel.title.as_str(),
                name => channel.name.as_str(),
                description => channel.description.as_str(),
                entries => channel.posts.len(),
                documents => documents.iter().map(shown).collect::<Vec<_>>(),
            };
            match groups.last_mut().filter(|(group, _)| *group == channel.group) {
                Some((_, feeds)) => feeds.push(feed),
                None => groups.push((channel.group, vec![feed])),
            }
        }
        let grouped = |(group, feeds): (Option<Group>, Vec<Value>)| {
            context! { heading => group.map_or("", |group| words.heading(group)), feeds }
        };
        context! {
            site => context! {
                title => main.title.as_str(),
                url => address(main.home.as_str()),
                description => main.description.as_str(),
                language => main.language.as_str(),
            },
            page => format!("{}{PAGE}", main.home),
            list => LIST,
            words => Serde(words),
            groups => groups.into_iter().map(grouped).collect::<Vec<_>>(),
        }
    }
}

/// An address for HTML, in which only what must be is escaped: a `/` stays one to those who read the page's source.
fn address(url: &str) -> Value {
    Value::from_safe_string(xml::attribute(url))
}

fn titled(channel: &Channel, format: Format, formats: usize) -> String {
    if formats == 1 { channel.title.clone() } else { format!("{} ({})", channel.title, label(format)) }
}

fn label(format: Format) -> &'static str {
    match format {
        Format::Rss => "RSS",
        Format::Atom => "Atom",
        Format::Json => "JSON Feed",
    }
}

/// The format that most readers get most out of comes first.
fn rank(format: Format) -> usize {
    match format {
        Format::Atom => 0,
        Format::Rss => 1,
        Format::Json => 2,
    }
}
