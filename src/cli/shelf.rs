//! What is served as it stands: what builds have written into the public folder, and the files that feeds enclose.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use minijinja::context;

use super::site::{Failure, Site};
use crate::content;
use crate::digest::web;
use crate::feed::{self, OWN_FILES, Plan};
use crate::fsx;
use crate::ledger::Ledger;
use crate::server::shelf::Document;

const HTML: &str = "text/html; charset=utf-8";

/// How long a reader may keep what changes with every post, in seconds.
pub(super) const CHANGES: u32 = 300;
/// The same of what does not.
pub(super) const STAYS: u32 = 86_400;
/// A longer document is not held in memory.
const LONGEST: u64 = 256 << 20;

/// The documents, and files by their paths.
pub(super) fn stocked(site: &Site) -> Result<(Vec<Document>, HashMap<String, PathBuf>), Failure> {
    let public = &site.config.public;
    let (plan, _) = Plan::new(&site.config, &site.library, &site.config_path);
    let mut documents = Vec::new();
    for planned in &plan.documents {
        let hub = site.config.feeds.hub.as_ref().map(|hub| format!("<{hub}>; rel=\"hub\""));
        let own = format!("<{}>; rel=\"self\"", planned.url);
        let max_age = if planned.is_subscription() { CHANGES } else { STAYS };
        let links = hub.into_iter().chain([own]).collect();
        let media_type = charset(feed::media_type(planned.format));
        documents.extend(read(public, &planned.path, media_type, (links, max_age)));
    }
    for name in OWN_FILES {
        let media_type = match name.rsplit('.').next() {
            Some("html") => HTML,
            Some("css") => "text/css; charset=utf-8",
            _ => "text/x-opml; charset=utf-8",
        };
        documents.extend(read(public, name, media_type, (Vec::new(), CHANGES)));
    }
    for (newsletter, id) in Ledger::peek(&site.config)?.issues_on_the_web()? {
        let path = web::path(&newsletter, &id);
        documents.extend(read(public, &path, HTML, (Vec::new(), STAYS)));
    }
    for newsletter in &site.config.newsletters {
        let [page, feed] = web::index(&newsletter.name);
        documents.extend(read(public, &page, HTML, (Vec::new(), CHANGES)));
        documents.extend(read(public, &feed, "application/atom+xml; charset=utf-8", (Vec::new(), CHANGES)));
    }
    documents.extend(read(public, "newsletter/pages.css", "text/css; charset=utf-8", (Vec::new(), CHANGES)));
    let css = site.templates().render("pages/pages.css", &context! {});
    documents.push(Document {
        path: "pages.css".to_owned(),
        media_type: "text/css; charset=utf-8",
        bytes: css.map(String::into_bytes).unwrap_or_default(),
        modified: time(site.now.timestamp_nanos_opt().unwrap_or_default()),
        links: Vec::new(),
        max_age: CHANGES,
    });
    Ok((documents, enclosures(site)))
}

fn read(
    public: &Path,
    path: &str,
    media_type: &'static str,
    (links, max_age): (Vec<String>, u32),
) -> Option<Document> {
    let file = public.join(path);
    let (_, modified) = fsx::stamp(&file)?;
    let bytes = fsx::read(&file, LONGEST).ok()?;
    let path = path.to_owned();
    Some(Document { path, media_type, bytes, modified: time(modified), links, max_age })
}

fn time(nanoseconds: i64) -> SystemTime {
    SystemTime::UNIX_EPOCH + Duration::from_nanos(u64::try_from(nanoseconds).unwrap_or(0))
}

fn charset(media_type: &str) -> &'static str {
    match media_type {
        "application/rss+xml" => "application/rss+xml; charset=utf-8",
        "application/atom+xml" => "application/atom+xml; charset=utf-8",
        _ => "application/feed+json; charset=utf-8",
    }
}

/// The files of the site that its feeds enclose.
fn enclosures(site: &Site) -> HashMap<String, PathBuf> {
    let mut files = HashMap::new();
    let base = &site.config.site.url;
    let Ok(root) = fsx::real_path(&site.config.root) else { return files };
    for post in &site.library.posts {
        for enclosure in &post.enclosures {
            let below = enclosure.url.as_str().strip_prefix(base.as_str());
            let file = content::file_of(&site.config, Some(post), &enclosure.url);
            let file = file.and_then(|file| may_be_served(&root, &file).then_some(file));
            if let (Some(below), Some(file)) = (below, file) {
                files.insert(below.to_owned(), file);
            }
        }
    }
    files
}

/// Whether a file that a post names is one for readers: a picture, a recording, a book, and nothing that lies hidden or elsewhere.
pub(super) fn may_be_served(root: &Path, file: &Path) -> bool {
    const FOR_READERS: [&str; 5] = ["audio/", "video/", "image/", "application/pdf", "application/epub+zip"];
    let Ok(real) = fsx::real_path(file) else { return false };
    // A link's own name says nothing.
    let kind = content::media_type(&real.to_string_lossy()).unwrap_or_default();
    let Ok(below) = real.strip_prefix(root) else { return false };
    let is_hidden = below.components().any(|part| part.as_os_str().to_string_lossy().starts_with('.'));
    real.is_file() && !is_hidden && FOR_READERS.iter().any(|own| kind.starts_with(own))
}
