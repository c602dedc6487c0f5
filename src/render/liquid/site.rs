//! What `site` and `page` are to Liquid.

use serde_json::{Map, Value, json};

use crate::config::{Blog, Config};
use crate::content::{Library, Post};

/// `site`: the configuration, the posts with what feeds tell of them, the data files.
pub(super) fn value(config: &Config, library: &Library) -> Value {
    let mut site = match &config.blog {
        Blog::Jekyll(jekyll) => jekyll.settings.clone(),
        _ => Map::new(),
    };
    // Of two posts of one moment the one whose path is later comes first.
    let mut newest_first: Vec<&Post> = library.posts.iter().collect();
    newest_first.sort_by(|one, two| (two.date, &two.source).cmp(&(one.date, &one.source)));
    let posts: Vec<Value> = newest_first.iter().map(|post| Value::Object(listed(post, config))).collect();
    for (key, terms) in [("categories", by_term(&posts, "categories")), ("tags", by_term(&posts, "tags"))] {
        site.insert(key.to_owned(), Value::Object(terms));
    }
    // The same on every day: a feed must not change because time went by.
    let newest = library.posts.first().map(|post| time(post.date)).unwrap_or_default();
    site.insert("time".to_owned(), newest.into());
    site.insert("posts".to_owned(), Value::Array(posts));
    if !matches!(config.blog, Blog::Jekyll(_)) {
        site.insert("url".to_owned(), config.site.url.as_str().trim_end_matches('/').into());
        site.insert("title".to_owned(), config.site.title.clone().into());
    }
    site.insert("data".to_owned(), crate::content::data(config));
    Value::Object(site)
}

fn by_term(posts: &[Value], key: &str) -> Map<String, Value> {
    let mut all: Map<String, Value> = Map::new();
    // The terms stand in the order in which they came up.
    for post in posts.iter().rev() {
        for term in post[key].as_array().into_iter().flatten().filter_map(Value::as_str) {
            let list = all.entry(term).or_insert_with(|| Value::Array(Vec::new()));
            if let Some(list) = list.as_array_mut() {
                list.push(post.clone());
            }
        }
    }
    for list in all.values_mut().filter_map(Value::as_array_mut) {
        list.reverse();
    }
    all
}

/// What a list of posts tells of one.
fn listed(post: &Post, config: &Config) -> Map<String, Value> {
    let path = post.source.to_string_lossy();
    let stem = post.source.file_stem().unwrap_or_default().to_string_lossy();
    // `2026-11-24-name` is called `name`.
    let dated = stem.splitn(4, '-').nth(3).filter(|_| stem.starts_with(|c: char| c.is_ascii_digit()));
    let slug = dated.unwrap_or(&stem);
    let own_slug = post.matter.as_deref().and_then(|matter| matter.get("slug")?.as_str());
    let url = match &config.blog {
        Blog::Jekyll(jekyll) => {
            let base = crate::content::encoded_path(&jekyll.base);
            post.url.path().strip_prefix(&base).unwrap_or(post.url.path())
        }
        _ => post.url.path(),
    };
    let folder = url.trim_end_matches('/').rsplit_once('/').map_or("", |(folder, _)| folder);
    let described = json!({
        "title": post.title,
        "url": url,
        "id": format!("{folder}/{}", own_slug.unwrap_or(slug)),
        "date": time(post.date),
        "categories": post.categories,
        "tags": post.tags,
        "path": path,
        "name": path.rsplit('/').next(),
        "slug": slug,
        "collection": "posts",
        "draft": false,
        "excerpt": post.summary,
    });
    match described {
        Value::Object(map) => map,
        _ => Map::new(),
    }
}

/// `page`: the front matter, and what the generator adds; the posts before and after it, where the text asks for them.
pub(super) fn page(post: &Post, text: &str, config: &Config, site: &Value) -> Value {
    let mut page = post.matter.as_deref().cloned().unwrap_or_default();
    let own = listed(post, config);
    if text.contains(".previous") || text.contains(".next") {
        let posts = site["posts"].as_array().map(Vec::as_slice).unwrap_or_default();
        if let Some(at) = posts.iter().position(|other| other["path"] == own["path"]) {
            for (key, near) in [("previous", posts.get(at + 1)), ("next", posts[..at].last())] {
                page.insert(key.to_owned(), near.cloned().unwrap_or_default());
            }
        }
    }
    for (key, value) in own {
        let is_written = page.get(&key).is_some_and(|value| !value.is_null());
        if !(is_written && (key == "title" || key == "slug")) {
            page.insert(key, value);
        }
    }
    if matches!(config.blog, Blog::Jekyll(_)) {
        let ending = post.source.extension().unwrap_or_default().to_string_lossy();
        page.insert("ext".to_owned(), format!(".{ending}").into());
    }
    Value::Object(page)
}

/// A moment as Ruby shows one.
fn time(at: chrono::DateTime<chrono::FixedOffset>) -> String {
    at.format("%Y-%m-%d %H:%M:%S %z").to_string()
}
