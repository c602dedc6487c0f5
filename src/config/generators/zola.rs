//! Zola: `config.toml`, which names its address `base_url`.

use std::path::Path;

use serde_json::Value;

use super::{Told, limit, settings, text, texts, truth};
use crate::config::blog::{Blog, CommonMark, Settings, Slugify, Typography, Zola};
use crate::config::findings::Findings;

pub(super) fn read(root: &Path, findings: &mut Findings<'_>) -> Option<Told> {
    let file = ["config.toml", "zola.toml"].into_iter().find(|name| root.join(name).is_file())?;
    let keys = settings(root, file, findings).filter(|keys| keys.contains_key("base_url"))?;
    let mut told = Told::new(file, Blog::Plain);
    told.title = text(keys.get("title"));
    told.url = text(keys.get("base_url"));
    told.description = text(keys.get("description"));
    told.author = super::author(keys.get("author"));
    told.posts_dir = Some("content".to_owned());
    told.feed_limit = limit(keys.get("feed_limit"));
    told.future = true;
    let zola = zola(keys);
    told.language = Some(zola.default_language.clone());
    told.blog = Blog::Zola(Box::new(zola));
    Some(told)
}

/// The rules of a Zola without a configuration.
pub(super) fn without_config() -> Blog {
    Blog::Zola(Box::new(zola(Settings::new())))
}

fn zola(keys: Settings) -> Zola {
    let slugify = keys.get("slugify");
    let mode = slugify.and_then(|slugify| text(slugify.get("paths")));
    let markdown = keys.get("markdown");
    let flag = |name: &str| truth(markdown.and_then(|own| own.get(name))).unwrap_or(false);
    Zola {
        default_language: text(keys.get("default_language")).unwrap_or_else(|| "en".to_owned()),
        languages: keys
            .get("languages")
            .and_then(Value::as_object)
            .into_iter()
            .flat_map(Settings::keys)
            .cloned()
            .collect(),
        slugify: match mode.as_deref() {
            Some("safe") => Slugify::Safe,
            Some("off") => Slugify::Off,
            _ => Slugify::On,
        },
        keep_dates: truth(slugify.and_then(|slugify| slugify.get("paths_keep_dates"))).unwrap_or(false),
        ignored_content: texts(keys.get("ignored_content")),
        markdown: CommonMark {
            typography: if flag("smart_punctuation") { Typography::Smart } else { Typography::Plain },
            definitions: flag("definition_list"),
            heading_attributes: true,
            emoji: flag("render_emoji"),
            ..CommonMark::default()
        },
        settings: keys,
    }
}
