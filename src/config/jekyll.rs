//! What a Jekyll site says about itself in `_config.yml`: taken where `tidings.yaml` says nothing.

use std::collections::HashMap;
use std::fmt;
use std::path::Path;

use serde::Deserialize;
use serde::de::{Deserializer, MapAccess, Visitor};
use serde_yaml::Value;

use super::findings::Findings;
use super::raw::{Author, Raw, Text};
use crate::{fsx, yaml};

/// The keys of the file's top level; of one that stands twice the last counts, as for Jekyll.
struct Keys(HashMap<String, Value>);

impl<'de> Deserialize<'de> for Keys {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Top;
        impl<'de> Visitor<'de> for Top {
            type Value = Keys;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("lines of `key: value`")
            }
            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Keys, A::Error> {
                let mut keys = HashMap::new();
                while let Some((key, value)) = map.next_entry()? {
                    keys.insert(key, value);
                }
                Ok(Keys(keys))
            }
        }
        deserializer.deserialize_map(Top)
    }
}

impl Keys {
    /// The text under the first of these names that holds one.
    fn text(&self, names: &[&str]) -> Option<String> {
        names.iter().find_map(|name| text(self.0.get(*name)?))
    }

    fn excludes(&self, name: &str) -> bool {
        let list = self.0.get("exclude").and_then(Value::as_sequence);
        let names = list
            .into_iter()
            .flatten()
            .filter_map(Value::as_str)
            .chain(self.0.get("exclude").and_then(Value::as_str));
        names.into_iter().any(|excluded| excluded.trim_matches('/') == name)
    }

    fn author(&self) -> Option<Author> {
        let author = self.0.get("author")?;
        let part = |name: &str| text(author.get(name)?).map(Text);
        Some(match text(author) {
            Some(name) => Author { name: Some(Text(name)), ..Author::default() },
            None => Author { name: part("name"), email: part("email"), url: None },
        })
    }
}

fn text(value: &Value) -> Option<String> {
    value.as_str().map(str::to_owned).filter(|text| !text.trim().is_empty())
}

/// Fills what `raw` leaves open from the `_config.yml` at `root`, if there is one. Returns whether there is.
///
/// One that cannot be read is an error: ids made without its permalink would be published and could not be taken back.
pub(super) fn fill(raw: &mut Raw, root: &Path, findings: &mut Findings<'_>) -> bool {
    let path = root.join("_config.yml");
    if !path.is_file() {
        return false;
    }
    let read = fsx::read_text(&path).map_err(|error| error.source.to_string());
    let keys = match read.and_then(|text| yaml::parse::<Keys>(&text).map_err(|error| error.message)) {
        Ok(keys) => keys,
        Err(why) => {
            let message = format!("the `_config.yml` of this Jekyll site cannot be read: {why}");
            findings.error("site", "", message, "mend it; permalinks, and so ids, are made by what it says");
            return true;
        }
    };
    if !keys.excludes("config") {
        let message = "Jekyll copies `config/` into the published site, subscribers and all";
        findings.warning("site", message, "add `config` and `templates` to `exclude:` in `_config.yml`");
    }
    let site = &mut raw.site;
    let or = |own: &mut Option<Text>, theirs: Option<String>| {
        if own.is_none() {
            *own = theirs.map(Text);
        }
    };
    or(&mut site.title, keys.text(&["title"]));
    or(&mut site.description, keys.text(&["description"]));
    let base = keys.text(&["baseurl"]).unwrap_or_default();
    let address =
        keys.text(&["url"]).map(|url| format!("{}/{}", url.trim_end_matches('/'), base.trim_matches('/')));
    or(&mut site.url, address);
    or(&mut site.timezone, keys.text(&["timezone"]));
    or(&mut site.language, keys.text(&["lang", "locale"]).map(|tag| tag.replace('_', "-")));
    if site.author.is_none() {
        site.author = keys.author();
    }
    // Jekyll's own default, for a site that names no pattern.
    raw.posts.permalink.get_or_insert_with(|| keys.text(&["permalink"]).unwrap_or_else(|| "date".to_owned()));
    true
}
