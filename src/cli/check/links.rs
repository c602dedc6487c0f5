//! Links inside the site that lead nowhere: to a post that is not there, to a file that is missing, to the Markdown of a post.
//!
//! Pages that a theme makes are not known here, so that only what stands among posts, or has the ending of a file, is told of; where the
//! generator has built the site, what it has made counts.

use std::collections::{HashMap, HashSet};
use std::path::{Path, PathBuf};

use html_escape::decode_html_entities;
use percent_encoding::percent_decode_str;
use url::Url;

use crate::cli::site::Site;
use crate::content::{Post, file_of};
use crate::diagnostic::{Diagnostic, Place, did_you_mean};
use crate::digest::markup::{Markup, attribute, parts};
use crate::fsx;

/// Where generators put what they have made.
const BUILT: [&str; 5] = ["_site", "public", "dist", "docs", "build"];
/// Endings that only files have.
const FILES: [&str; 16] = [
    "png", "jpg", "jpeg", "gif", "webp", "svg", "avif", "pdf", "zip", "mp3", "m4a", "ogg", "mp4", "webm",
    "csv", "txt",
];

/// What there is to link to.
pub(super) struct Targets<'a> {
    site: &'a Site,
    /// The posts' places, as [`place`] has them, with whether the page is a file.
    posts: HashMap<String, bool>,
    /// Their names, by what stands before these.
    names: HashMap<String, Vec<String>>,
    built: Vec<PathBuf>,
}

impl<'a> Targets<'a> {
    pub(super) fn new(site: &'a Site) -> Self {
        let of = |post: &Post| Some((place(&site.config.site.url, &post.url)?, has_ending(post.url.path())));
        let posts: HashMap<String, bool> = site.library.posts.iter().filter_map(of).collect();
        let mut names: HashMap<String, Vec<String>> = HashMap::new();
        for (before, name) in posts.keys().filter_map(|place| place.rsplit_once('/')) {
            names.entry(before.to_owned()).or_default().push(name.to_owned());
        }
        let root = &site.config.root;
        let has_pages = |folder: &PathBuf| folder.join("index.html").is_file();
        let built = BUILT.iter().map(|name| root.join(name)).filter(has_pages).collect();
        Self { site, posts, names, built }
    }

    /// The links of a post that lead nowhere; `html` is its whole text.
    pub(super) fn dead(&self, post: &Post, html: &str) -> Vec<Diagnostic> {
        let mut seen = HashSet::new();
        let mut found = Vec::new();
        for part in parts(html) {
            let Markup::Open(name, tag) = part else { continue };
            let Some(written) = attribute(tag, if name == "img" { "src" } else { "href" }) else { continue };
            let Ok(url) = Url::parse(&decode_html_entities(written)) else { continue };
            let Some(place) = place(&self.site.config.site.url, &url) else { continue };
            if !seen.insert(place.clone()) || self.is_there(post, &url, &place) {
                continue;
            }
            if let Some((message, help)) = self.why(&url, &place) {
                found.push(
                    Diagnostic::warning("link", &post.source, message)
                        .at(self.spot(post, &place))
                        .help(&help),
                );
            }
        }
        found
    }

    fn is_there(&self, post: &Post, url: &Url, place: &str) -> bool {
        let config = &self.site.config;
        let has = |folder: &Path| {
            let path = folder.join(place);
            path.is_file() || path.join("index.html").is_file() || path.with_extension("html").is_file()
        };
        // A post's own file lies there, and is no page.
        let is_page = || !is_markdown(place);
        place.is_empty()
            // `a/` is another page than `a.html` to most servers.
            || self.posts.get(place).is_some_and(|is_file| !is_file || !url.path().ends_with('/'))
            || (is_page() && file_of(config, Some(post), url).is_some())
            || has(&config.public)
            || self.built.iter().any(|folder| has(folder))
    }

    /// Why it leads nowhere, and the mend; `None` where it may be a page that is not known here.
    fn why(&self, url: &Url, place: &str) -> Option<(String, String)> {
        let shown = percent_decode_str(url.as_str()).decode_utf8_lossy();
        let (before, name) = place.rsplit_once('/').unwrap_or(("", place));
        let ending = name.rsplit_once('.').map(|(_, ending)| ending.to_ascii_lowercase()).unwrap_or_default();
        if is_markdown(name) {
            let stem = name.rsplit_once('.').map_or(name, |(stem, _)| stem);
            let of = |post: &&Post| post.source.file_stem().is_some_and(|own| own.to_string_lossy() == *stem);
            let help = match self.site.library.posts.iter().find(of) {
                Some(post) => format!("write the post's address: `{}`", post.url.path()),
                None => "write the address that the page has on the web".to_owned(),
            };
            return Some((
                format!("`{name}` is a file, and no page: this link leads nowhere on the web"),
                help,
            ));
        }
        if FILES.contains(&ending.as_str()) {
            let help = "put the file there, or correct the link".to_owned();
            return Some((format!("`{shown}` is not there: this leads nowhere"), help));
        }
        // Where the site is built, all of it is known.
        let is_built = !self.built.is_empty();
        let none = Vec::new();
        let siblings = self.names.get(before).filter(|_| !before.is_empty()).or(is_built.then_some(&none))?;
        let help = if self.posts.contains_key(place) {
            format!("did you mean `{}.html`?", url.as_str().trim_end_matches('/'))
        } else if let Some(near) = did_you_mean(name, siblings.iter().map(String::as_str)) {
            format!("did you mean `{}`?", url.as_str().replacen(name, near, 1))
        } else {
            "correct the link; `tidings ids list` shows the posts' addresses".to_owned()
        };
        Some((format!("no page is at `{shown}`: this link leads nowhere"), help))
    }

    /// Where its last part stands in the post's file.
    fn spot(&self, post: &Post, place: &str) -> Option<Place> {
        let text = fsx::read_text(&self.site.config.root.join(&post.source)).ok()?;
        let name = place.rsplit('/').next().filter(|name| !name.is_empty())?;
        Place::of(&text, place).or_else(|| Place::of(&text, name))
    }
}

fn has_ending(path: &str) -> bool {
    path.rsplit_once('.').is_some_and(|(_, ending)| ending == "html")
}

fn is_markdown(name: &str) -> bool {
    [".md", ".markdown", ".mdx"].iter().any(|ending| name.ends_with(ending))
}

/// A page's place below the site, without what servers do not look at; `None` for a page elsewhere.
fn place(site: &Url, url: &Url) -> Option<String> {
    if url.origin() != site.origin() {
        return None;
    }
    let below = url.path().strip_prefix(site.path().trim_end_matches('/'))?;
    let plain = percent_decode_str(below).decode_utf8().ok()?;
    let plain = plain.strip_suffix("index.html").unwrap_or(&plain).trim_matches('/');
    Some(plain.strip_suffix(".html").unwrap_or(plain).to_owned())
}
