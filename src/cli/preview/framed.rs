//! A text as a frame shows it: the pictures are those of the site's folder, as nothing of it need be on the web yet.

use std::sync::LazyLock;

use regex::{Captures, Regex};
use url::Url;

use super::address;
use crate::cli::site::Site;
use crate::content::{self, Post};
use crate::digest::Converted;

/// What an element shows that is a file of its own.
static SHOWN: LazyLock<Option<Regex>> =
    LazyLock::new(|| Regex::new(r#"(?i)(\s(?:src|poster|background)=)"([^"]+)""#).ok());

/// Links lead into a window of their own.
const BASE: &str = "<base target=\"_blank\">";

/// The document, whose links open in a window of their own.
pub(super) fn framed(site: &Site, post: Option<&Post>, pictures: &[Converted], html: &str) -> String {
    let own = |found: &Captures<'_>| {
        let url = html_escape::decode_html_entities(&found[2]).parse::<Url>().ok();
        let path = url.and_then(|url| path_of(site, post, pictures, &url));
        match path {
            Some(path) => format!(
                "{}\"{}\"",
                &found[1],
                html_escape::encode_double_quoted_attribute(&address("file", &[("path", &path)]))
            ),
            None => found[0].to_owned(),
        }
    };
    let html = SHOWN.as_ref().map_or_else(|| html.into(), |shown| shown.replace_all(html, own));
    match html.split_once("<head>") {
        Some((before, after)) => format!("{before}<head>{BASE}{after}"),
        None => format!(
            "<!DOCTYPE html><meta charset=\"utf-8\">{BASE}<style>img, video {{ max-width: 100% }}</style>{html}"
        ),
    }
}

/// The file that an address will show, below the site's folder.
fn path_of(site: &Site, post: Option<&Post>, pictures: &[Converted], url: &Url) -> Option<String> {
    let below = url.as_str().strip_prefix(site.config.site.url.as_str());
    let made = pictures.iter().find(|made| Some(made.path.as_str()) == below);
    if let Some(made) = made {
        return Some(made.source.to_string_lossy().into_owned());
    }
    let file = content::file_of(&site.config, post, url).or_else(|| {
        // In an issue there are the pictures of many posts.
        let of = |post: &Post| content::file_of(&site.config, Some(post), url);
        let mut beside = site.library.posts.iter().filter(|post| url.as_str().starts_with(post.url.as_str()));
        beside.find_map(of)
    })?;
    let file = std::path::absolute(file).ok()?;
    let root = std::path::absolute(&site.config.root).ok()?;
    Some(file.strip_prefix(root).ok()?.to_string_lossy().into_owned())
}
