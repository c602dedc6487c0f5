//! The data files of a Jekyll site, `_data/**`: YAML and JSON, by their names.

use std::path::Path;

use serde_json::{Map, Value};

use crate::config::{Blog, Config};
use crate::{fsx, yaml};

/// Folders inside folders are read no deeper.
const DEEPEST: usize = 5;

/// All of them; files that cannot be read are passed over.
pub fn data(config: &Config) -> Value {
    let Blog::Jekyll(jekyll) = &config.blog else { return Value::Null };
    let named = jekyll.settings.get("data_dir").and_then(Value::as_str).unwrap_or("_data");
    Value::Object(folder(&config.root.join(named), 0))
}

fn folder(dir: &Path, depth: usize) -> Map<String, Value> {
    let mut found = Map::new();
    for name in fsx::list(dir).unwrap_or_default() {
        let path = dir.join(&name);
        if path.is_dir() && depth < DEEPEST {
            found.insert(name, Value::Object(folder(&path, depth + 1)));
            continue;
        }
        let Some((stem, ending)) = name.rsplit_once('.') else { continue };
        let Ok(text) = fsx::read_text(&path) else { continue };
        let value = match ending {
            "yml" | "yaml" => yaml::value(&text).ok(),
            "json" => serde_json::from_str(&text).ok(),
            _ => None,
        };
        if let Some(value) = value {
            found.insert(stem.to_owned(), value);
        }
    }
    found
}
