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
    let posts: Vec<Value> = library.posts.iter().map(|post| Value::Object(listed(post))).collect();
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
    for post in posts {
        for term in post[key].as_array().into_iter().flatten().filter_map(Value::as_str) {
            let list = all.entry(term).or_insert_with(|| Value::Array(Vec::new()));
            if let Some(list) = list.as_array_mut() {
                list.push(post.clone());
            }
        }
    }
    all
}

fn listed(post: &Post) -> Map<String, Value> {
    let path = post.source.to_string_lossy();
    let described = json!({
        "title": post.title,
        "url": post.url.path(),
        "id": post.url.path().trim_end_matches('/').trim_end_matches(".html"),
        "date": time(post.date),
        "categories": post.categories,
        "tags": post.tags,
        "path": path,
        "name": path.rsplit('/').next(),
        "slug": post.source.file_stem().map(|stem| stem.to_string_lossy()),
        "collection": "posts",
        "draft": false,
        "excerpt": post.summary,
    });
    match described {
        Value::Object(map) => map,
        _ => Map::new(),
    }
}

/// `page`: the front matter, and what the generator adds.
pub(super) fn page(post: &Post, config: &Config) -> Value {
    let mut page = post.matter.as_deref().cloned().unwrap_or_default();
    for (key, value) in listed(post) {
        if key == "title" || key == "slug" {
            page.entry(key).or_insert(value);
        } else {
            page.insert(key, value);
        }
    }
    if let Blog::Jekyll(jekyll) = &config.blog {
        let url = post.url.path();
        let base = crate::content::encoded_path(&jekyll.base);
        page.insert("url".to_owned(), url.strip_prefix(&base).unwrap_or(url).into());
        let folder = page
            .get("url")
            .and_then(Value::as_str)
            .map_or("", |url| url.trim_end_matches('/').rsplit_once('/').map_or("", |(folder, _)| folder));
        let slug = page.get("slug").and_then(Value::as_str).unwrap_or_default();
        let slug = slug
            .splitn(4, '-')
            .nth(3)
            .filter(|_| slug.starts_with(|c: char| c.is_ascii_digit()))
            .unwrap_or(slug);
        let id = format!("{folder}/{slug}");
        page.insert("id".to_owned(), id.into());
        let ending = post.source.extension().unwrap_or_default().to_string_lossy();
        page.insert("ext".to_owned(), format!(".{ending}").into());
    }
    Value::Object(page)
}

/// A moment as Ruby shows one.
fn time(at: chrono::DateTime<chrono::FixedOffset>) -> String {
    at.format("%Y-%m-%d %H:%M:%S %z").to_string()
}
