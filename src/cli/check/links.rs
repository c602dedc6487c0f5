//! Links inside the site that lead nowhere: to a post that is not there, to a file that is missing, to the Markdown of a post.
//!
//! Pages that a theme makes are not known here, so that only what stands among posts, or has the ending of a file, is told of; where the
//! generator has built the site, what it has made counts.

use std::collections::{HashMap, HashSet};
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use html_escape::decode_html_entities;
use percent_encoding::percent_decode_str;
use url::Url;

use crate::cli::site::Site;
use crate::config::Blog;
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

/// Among more names none is looked for that may be meant: on every dead link it would take too long.
const MANY: usize = 300;
/// Characters at the top of a file that are looked through for other addresses of its page.
const FRONT: usize = 4000;

/// What there is to link to.
pub(super) struct Targets<'a> {
    site: &'a Site,
    /// The posts' places, as [`place`] has them, with whether the page is a file.
    posts: HashMap<String, bool>,
    /// What stands before them: the folders in which they lie, whose pages are lists.
    sections: HashSet<String>,
    /// Files by their names without ending, with the address of the post that is made of one.
    files: HashMap<String, Option<String>>,
    aliases: OnceLock<HashSet<String>>,
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
        let sections = posts.keys().flat_map(|place| above(place)).map(str::to_owned).collect();
        let mut files: HashMap<String, Option<String>> =
            site.library.files.iter().map(|file| (named(file), None)).collect();
        files.extend(
            site.library.posts.iter().map(|post| (named(&post.file), Some(post.url.path().to_owned()))),
        );
        let root = &site.config.root;
        let has_pages = |folder: &PathBuf| folder.join("index.html").is_file();
        let built = BUILT.iter().map(|name| root.join(name)).filter(has_pages).collect();
        Self { site, posts, sections, files, aliases: OnceLock::new(), names, built }
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
            let help = match self.files.get(stem) {
                // A plugin that GitHub Pages has makes addresses of these.
                Some(Some(_)) if matches!(self.site.config.blog, Blog::Jekyll(_)) => return None,
                Some(Some(address)) => format!("write the post's address: `{address}`"),
                _ => "write the address that the page has on the web".to_owned(),
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
        // What the generator makes of more than posts: lists of a folder, feeds, pages without a date, old addresses.
        let is_made = self.sections.contains(place)
            || matches!(ending.as_str(), "xml" | "json")
            || self.files.get(name).is_some_and(Option::is_none)
            || self.aliases().contains(place);
        if is_made {
            return None;
        }
        // Where the site is built, all of it is known.
        let is_built = !self.built.is_empty();
        let none = Vec::new();
        let siblings = self.names.get(before).filter(|_| !before.is_empty()).or(is_built.then_some(&none))?;
        let help = if self.posts.contains_key(place) {
            format!("did you mean `{}.html`?", url.as_str().trim_end_matches('/'))
        } else if let Some(near) = near(name, siblings) {
            format!("did you mean `{}`?", url.as_str().replacen(name, near, 1))
        } else {
            "correct the link; `tidings ids list` shows the posts' addresses".to_owned()
        };
        Some((format!("no page is at `{shown}`: this link leads nowhere"), help))
    }

    /// Other addresses that posts have, or had, by their front matter (`aliases:`, `redirect_from:`).
    fn aliases(&self) -> &HashSet<String> {
        self.aliases.get_or_init(|| {
            let mut all = HashSet::new();
            for file in &self.site.library.files {
                let text = fsx::read_text(file).unwrap_or_default();
                let head: String = text.chars().take(FRONT).collect();
                if head.contains("alias") || head.contains("redirect_from") {
                    let words = head.split(|c: char| c.is_whitespace() || "\"'[],".contains(c));
                    let paths = words.filter(|word| word.contains('/')).map(|word| word.trim_matches('/'));
                    all.extend(paths.map(str::to_owned));
                }
            }
            all
        })
    }

    /// Where its last part stands in the post's file.
    fn spot(&self, post: &Post, place: &str) -> Option<Place> {
        let text = fsx::read_text(&self.site.config.root.join(&post.source)).ok()?;
        let name = place.rsplit('/').next().filter(|name| !name.is_empty())?;
        Place::of(&text, place).or_else(|| Place::of(&text, name))
    }
}

/// What stands before a place, level by level.
fn above(place: &str) -> impl Iterator<Item = &str> {
    place.match_indices('/').map(|(at, _)| &place[..at])
}

/// A file by its name without ending; one that is its folder's page by that of the folder.
fn named(file: &Path) -> String {
    let stem = file.file_stem().unwrap_or_default().to_string_lossy();
    let folder = || file.parent().and_then(Path::file_name).unwrap_or_default().to_string_lossy();
    if matches!(&*stem, "index" | "_index") { folder().into_owned() } else { stem.into_owned() }
}

/// The name that was meant, where so few are there that it can be looked for.
fn near<'n>(name: &str, names: &'n [String]) -> Option<&'n str> {
    if names.len() > MANY { None } else { did_you_mean(name, names.iter().map(String::as_str)) }
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
    if !below.is_empty() && !below.starts_with('/') {
        return None;
    }
    let plain = percent_decode_str(below).decode_utf8().ok()?;
    let plain = plain.strip_suffix("index.html").unwrap_or(&plain).trim_matches('/');
    Some(plain.strip_suffix(".html").unwrap_or(plain).to_owned())
}
