//! What a generator's configuration says of posts, for people to look at.

use super::Markdown;
use super::blog::{Blog, Hugo, Jekyll, Zola};
use super::generators::EXCLUDED;

impl Blog {
    /// Settings by name, as far as they bear on posts.
    pub(super) fn described(&self) -> Vec<(&'static str, String)> {
        match self {
            Self::Jekyll(jekyll) => jekyll.described(),
            Self::Hugo(hugo) => hugo.described(),
            Self::Zola(zola) => zola.described(),
            Self::Astro(routes) => {
                let shown = routes.iter().map(|(collection, route)| format!("{collection} at /{route}"));
                vec![("astro.routes", shown.collect::<Vec<_>>().join(", "))]
            }
            Self::Eleventy | Self::Plain => Vec::new(),
        }
    }
}

fn markdown(kind: Markdown) -> String {
    match kind {
        Markdown::Kramdown(options) => {
            let flags = [
                (!options.gfm, "input: kramdown"),
                (options.hard_wrap, "hard_wrap"),
                (options.parse_block_html, "parse_block_html"),
                (options.quotes.is_none(), "straight quotes"),
                (!options.symbols || !options.auto_symbols, "no typographic symbols"),
                (!options.mathjax, "no math engine"),
            ];
            let set: Vec<&str> = flags.iter().filter(|(is, _)| *is).map(|(_, name)| *name).collect();
            if set.is_empty() { "kramdown".to_owned() } else { format!("kramdown ({})", set.join(", ")) }
        }
        Markdown::CommonMark(_) => "CommonMark".to_owned(),
    }
}

impl Jekyll {
    fn described(&self) -> Vec<(&'static str, String)> {
        let defaults: Vec<String> = self
            .defaults
            .iter()
            .map(|set| {
                format!(
                    "{}: {}",
                    if set.path.is_empty() { "everything" } else { &set.path },
                    keys(&set.values)
                )
            })
            .collect();
        let own_excludes = &self.exclude[..self.exclude.len().saturating_sub(EXCLUDED.len())];
        vec![
            ("jekyll.markdown", markdown(self.markdown)),
            ("jekyll.excerpt_separator", self.excerpt_separator.clone()),
            ("jekyll.defaults", defaults.join("; ")),
            ("jekyll.collections_dir", self.collections_dir.clone()),
            ("jekyll.show_drafts", self.show_drafts.to_string()),
            ("jekyll.exclude", own_excludes.join(", ")),
        ]
    }
}

impl Hugo {
    fn described(&self) -> Vec<(&'static str, String)> {
        let codes: Vec<&str> = self.languages.iter().map(|language| language.code.as_str()).collect();
        let folders: Vec<String> =
            self.content.iter().map(|(dir, code)| format!("{} ({code})", dir.display())).collect();
        let permalinks: Vec<String> =
            self.permalinks.iter().map(|(section, pattern)| format!("{section} {pattern}")).collect();
        vec![
            ("hugo.content", folders.join(", ")),
            ("hugo.languages", codes.join(", ")),
            ("hugo.permalinks", permalinks.join(", ")),
            ("hugo.taxonomies", self.taxonomies.join(", ")),
            ("hugo.mainSections", self.main_sections.join(", ")),
            ("hugo.ignoreFiles", self.ignore_files.join(", ")),
            ("hugo.date", self.date_keys.join(", ")),
            ("hugo.uglyURLs", self.ugly_urls.to_string()),
        ]
    }
}

impl Zola {
    fn described(&self) -> Vec<(&'static str, String)> {
        vec![
            ("zola.languages", self.languages.join(", ")),
            ("zola.slugify", format!("{:?}", self.slugify).to_lowercase()),
            ("zola.ignored_content", self.ignored_content.join(", ")),
        ]
    }
}

fn keys(values: &super::Settings) -> String {
    values.keys().cloned().collect::<Vec<_>>().join(", ")
}
