//! The data files of a Jekyll site, `_data/**`: YAML, JSON and tables, by their names.

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
            "csv" => table(&text, b','),
            "tsv" => table(&text, b'\t'),
            _ => None,
        };
        if let Some(value) = value {
            found.insert(stem.to_owned(), value);
        }
    }
    found
}

/// The rows of a table, each with the names of its first line.
fn table(text: &str, delimiter: u8) -> Option<Value> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let mut rows = csv::ReaderBuilder::new().delimiter(delimiter).flexible(true).from_reader(text.as_bytes());
    let names = rows.headers().ok()?.clone();
    rows.records()
        .map(|row| {
            let row = row.ok()?;
            let cells = names.iter().zip(row.iter());
            Some(cells.map(|(name, cell)| (name.to_owned(), Value::from(cell))).collect::<Value>())
        })
        .collect()
}
