//! Files that a post names: where they are on the web, and on the disk.

use std::path::{Path, PathBuf};

use url::Url;

use super::address::{encoded_once, joined};
use super::post::Post;
use super::reading::Reading;
use crate::config::{Blog, Config};

/// A file that a post names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Asset {
    pub url: Url,
    /// The file itself, where it is the site's own and there.
    pub file: Option<PathBuf>,
}

/// What `written` in the front matter of the post at `post` means. A path is looked for beside the post
/// first, as its bundle's, then in the folder that the generator copies as it stands. `None` for what has no address before the
/// site is built, such as a picture that Astro renames.
pub(super) fn find(written: &str, reading: &Reading<'_>, post: &Url) -> Option<Asset> {
    let (config, source) = (reading.config, reading.path);
    let written = written.trim();
    if written.is_empty() || written.contains(char::is_control) {
        return None;
    }
    if let Ok(url) = Url::parse(written) {
        return matches!(url.scheme(), "http" | "https").then_some(Asset { url, file: None });
    }
    let site = &config.site.url;
    if written.starts_with("//") {
        return site.join(written).ok().map(|url| Asset { url, file: None });
    }
    reading.asked.set(true);
    let (path, rest) = written.split_at(written.find(['?', '#']).unwrap_or(written.len()));
    let with_rest = |url: Url| Url::parse(&format!("{url}{rest}")).ok();
    let is_jekyll = matches!(config.blog, Blog::Jekyll(_));
    if let Some(path) = path.strip_prefix('/') {
        let base = site.path().trim_matches('/');
        let below =
            path.strip_prefix(base).and_then(|below| below.strip_prefix('/')).filter(|_| !base.is_empty());
        let file = copied(config, below.unwrap_or(path));
        let url = if below.is_none() && (is_jekyll || file.is_some()) {
            joined(site, &encoded_once(&format!("/{path}")))
        } else {
            site.join(&format!("/{}", encoded_once(path))).ok()?
        };
        return Some(Asset { url: with_rest(url)?, file });
    }
    if matches!(config.blog, Blog::Astro(_)) || path.starts_with(['@', '~']) {
        return None;
    }
    let beside = source.parent().map(|folder| folder.join(path)).filter(|file| file.is_file());
    if let Some(file) = beside.filter(|_| !is_jekyll) {
        return Some(Asset { url: with_rest(post.join(&encoded_once(path)).ok()?)?, file: Some(file) });
    }
    let plain = path.trim_start_matches("./");
    let file = copied(config, plain);
    let url = if is_jekyll || file.is_some() {
        joined(site, &encoded_once(&format!("/{plain}")))
    } else {
        post.join(&encoded_once(path)).ok()?
    };
    Some(Asset { url: with_rest(url)?, file })
}

/// The file of the site's own that lies at an address: beside a post that names it, or where the generator copies it from.
pub fn file_of(config: &Config, post: Option<&Post>, url: &Url) -> Option<PathBuf> {
    let beside = post.and_then(|post| {
        let rest = url.as_str().strip_prefix(post.url.as_str()).filter(|rest| !rest.is_empty())?;
        let plain =
            percent_encoding::percent_decode_str(rest.split(['?', '#']).next()?).decode_utf8().ok()?;
        let is_plain =
            Path::new(&*plain).components().all(|part| matches!(part, std::path::Component::Normal(_)));
        is_plain.then(|| post.file.parent().map(|folder| folder.join(&*plain))).flatten()
    });
    beside.filter(|file| file.is_file()).or_else(|| {
        let below = url.as_str().strip_prefix(config.site.url.as_str())?;
        copied(config, below.split(['?', '#']).next()?)
    })
}

/// The file that the generator copies to this path.
fn copied(config: &Config, path: &str) -> Option<PathBuf> {
    let folders: &[&str] = match config.blog {
        Blog::Hugo(_) | Blog::Zola(_) => &["static"],
        Blog::Astro(_) => &["public"],
        Blog::Eleventy => &["", "public", "src", "static"],
        Blog::Jekyll(_) | Blog::Plain => &[""],
    };
    let plain = percent_encoding::percent_decode_str(path).decode_utf8().ok()?;
    // Nothing outside the site is measured.
    if Path::new(&*plain).components().any(|part| !matches!(part, std::path::Component::Normal(_))) {
        return None;
    }
    folders.iter().map(|folder| config.root.join(folder).join(&*plain)).find(|file| file.is_file())
}
