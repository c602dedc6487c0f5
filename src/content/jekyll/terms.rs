//! Categories and tags, which Jekyll gathers from folders, defaults and several keys.

use serde_json::Value;

use crate::config::Settings;
use crate::content::values::{flat, text, unique};

/// The folders above `_posts`: `dev/web/_posts/…` is in two categories.
pub(super) fn folders(relative: &str) -> Vec<String> {
    let magic =
        if relative.contains("_drafts") && !relative.contains("_posts") { "_drafts" } else { "_posts" };
    if relative.starts_with(magic) {
        return Vec::new();
    }
    let above = relative.find(magic).map_or("", |at| &relative[..at]);
    above.split('/').filter(|part| !part.is_empty()).map(str::to_owned).collect()
}

/// What folders, defaults and the front matter say under `categories`, in that order.
pub(super) fn united(folders: Vec<String>, defaults: &Settings, matter: &Settings) -> Vec<String> {
    let mut all = folders;
    for settings in [defaults, matter] {
        for category in listed(settings.get("categories")) {
            if !all.contains(&category) {
                all.push(category);
            }
        }
    }
    all
}

/// A text is parted at white space; a list inside a list is shown as Ruby writes one, and so it gets into addresses.
fn listed(value: Option<&Value>) -> Vec<String> {
    match value {
        Some(Value::String(text)) => text.split_whitespace().map(str::to_owned).collect(),
        Some(Value::Array(list)) => list.iter().map(ruby).collect(),
        _ => Vec::new(),
    }
}

fn ruby(value: &Value) -> String {
    match value {
        Value::Array(list) => {
            let inner = list.iter().map(|value| match value {
                Value::String(text) => format!("{text:?}"),
                other => ruby(other),
            });
            format!("[{}]", inner.collect::<Vec<_>>().join(", "))
        }
        value => text(value).unwrap_or_default(),
    }
}

/// A post's terms.
pub(super) struct Terms {
    /// As the feed shows them: `category` alone where there is one.
    pub categories: Vec<String>,
    /// As the address holds them.
    pub in_url: Vec<String>,
    pub tags: Vec<String>,
}

impl Terms {
    /// `united` are those gathered under `categories`; the singular keys count besides.
    pub(super) fn of(matter: &Settings, united: Vec<String>) -> Self {
        let singular =
            matter.get("category").filter(|value| !value.is_null() && **value != Value::Bool(false));
        let mut in_url = united;
        let more = match singular {
            Some(value) => flat(value),
            None => match matter.get("categories") {
                Some(Value::Array(list)) => list.iter().flat_map(flat).collect(),
                _ => Vec::new(),
            },
        };
        for category in more {
            if !in_url.contains(&category) {
                in_url.push(category);
            }
        }
        let tags = match matter.get("tag").filter(|value| !value.is_null() && **value != Value::Bool(false)) {
            Some(value) => flat(value),
            None => match matter.get("tags") {
                Some(Value::String(text)) => text.split_whitespace().map(str::to_owned).collect(),
                Some(list @ Value::Array(_)) => flat(list),
                _ => Vec::new(),
            },
        };
        let shown = match singular {
            Some(value) => flat(value),
            None => in_url.clone(),
        };
        Self { categories: unique(shown), in_url, tags: unique(tags) }
    }
}
