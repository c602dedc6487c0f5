//! Zola's internal links: `@/blog/post.md#part` names a file below the content folder and means its address.

use std::collections::HashMap;

use pulldown_cmark::{Event, Tag};

use crate::config::Config;
use crate::content::{Library, encoded_path, written};

/// The address of each file that `text` names, by the name as written.
pub(super) fn addresses(text: &str, config: &Config, library: &Library) -> HashMap<String, String> {
    text.match_indices("@/")
        .map(|(at, _)| {
            text[at..].split(|c: char| c.is_whitespace() || ")>\"'".contains(c)).next().unwrap_or("")
        })
        .map(|written| (written.to_owned(), address(&written[2..], config, library)))
        .collect()
}

fn address(named: &str, config: &Config, library: &Library) -> String {
    let (path, part) = named.split_once('#').map_or((named, ""), |(path, _)| (path, &named[path.len()..]));
    let file = config.posts.dir.join(path);
    let bundle = file.with_extension("").join("index.md");
    if let Some(post) = library.posts.iter().find(|post| post.file == file || post.file == bundle) {
        return format!("{}{part}", post.url);
    }
    // A section, or a page without a date, which is no post: it is where its file is.
    let place = path.strip_suffix(".md").unwrap_or(path);
    let own = [&file, &bundle].into_iter().find_map(|file| written(file, "path"));
    let place = own.as_deref().map_or(place, |own| own.trim_matches('/'));
    let place = place.strip_suffix("_index").or(place.strip_suffix("index")).unwrap_or(place);
    let place = encoded_path(place.trim_end_matches('/'));
    let slash = if place.is_empty() { "" } else { "/" };
    format!("{}{place}{slash}{part}", config.site.url)
}

/// The events with each such link leading to its address.
pub(super) fn resolved<'a>(events: Vec<Event<'a>>, addresses: &HashMap<String, String>) -> Vec<Event<'a>> {
    if addresses.is_empty() {
        return events;
    }
    events
        .into_iter()
        .map(|event| match event {
            Event::Start(Tag::Link { link_type, dest_url, title, id }) => {
                let dest_url = match addresses.get(&*dest_url) {
                    Some(address) => address.clone().into(),
                    None => dest_url,
                };
                Event::Start(Tag::Link { link_type, dest_url, title, id })
            }
            event => event,
        })
        .collect()
}
