//! The people of a site, by the words that posts name them with.

use std::path::{Path, PathBuf};

use serde_json::Value;

use super::values::{first_text, people};
use crate::config::{Author, Blog, Config, Settings};
use crate::{fsx, toml, yaml};

/// The site's author, by the site's own list where it is named by a word there.
pub fn site_author(config: &Config) -> Author {
    let own = &config.site.author;
    let listed = own.email.is_none() && own.url.is_none();
    let known = listed.then(|| people(&Value::String(own.name.clone()), &known(config)).pop()).flatten();
    known.unwrap_or_else(|| own.clone())
}

/// Those of the config, then those of the site's own data: `_data/authors.yml` (Jekyll, Eleventy), `data/authors.toml` (Hugo),
/// `authors.toml` beside the site's configuration; YAML, TOML or JSON.
pub(super) fn known(config: &Config) -> Settings {
    let mut known = files(config).iter().find_map(|path| read(path)).unwrap_or_default();
    for (key, person) in &config.authors {
        known.insert(key.clone(), person.clone());
    }
    known
}

fn files(config: &Config) -> Vec<PathBuf> {
    let data = match &config.blog {
        Blog::Jekyll(jekyll) => first_text(&jekyll.settings, &["data_dir"]),
        _ => None,
    };
    let folders = [data.as_deref().unwrap_or("_data"), "data", "src/_data", "config", ""];
    let endings = ["yml", "yaml", "toml", "json"];
    let names = folders.iter().flat_map(|folder| endings.map(|ending| (folder, ending)));
    names.map(|(folder, ending)| config.root.join(folder).join(format!("authors.{ending}"))).collect()
}

fn read(path: &Path) -> Option<Settings> {
    let text = fsx::read_text(path).ok()?;
    let value = match path.extension()?.to_str()? {
        "toml" => Value::Object(toml::mapping(&text).ok()?),
        "json" => serde_json::from_str(&text).ok()?,
        _ => yaml::value(&text).ok()?,
    };
    match value {
        Value::Object(mut people) => match people.remove("authors") {
            Some(Value::Array(list)) => Some(by_name(list)),
            Some(Value::Object(inner)) if people.is_empty() => Some(inner),
            Some(other) => {
                people.insert("authors".to_owned(), other);
                Some(people)
            }
            None => Some(people),
        },
        Value::Array(list) => Some(by_name(list)),
        _ => None,
    }
}

fn by_name(list: Vec<Value>) -> Settings {
    let key = |person: &Value| first_text(person.as_object()?, &["id", "key", "slug", "username", "name"]);
    list.into_iter().filter_map(|person| Some((key(&person)?, person))).collect()
}
