//! Posts by Jekyll's rules (4.3): which files they are, and what their front matter, defaults, names and folders say.

mod date;
mod defaults;
mod files;
mod terms;
mod url;

use serde_json::Value;

use super::post::{Markup, Post};
use super::reading::{Decided, Reading};
use super::source::{FileName, stem};
use super::typography::smartify;
use super::values::{self, Truth, truth};
use super::{clean, entities, matter, slug, source};
use crate::config::{Include, Jekyll, Kramdown, Markdown};

pub(super) use files::files;
pub(super) use url::{Parts, style};

/// The post of one file. `None` for a draft, or where the findings say why.
pub(super) fn post(reading: &mut Reading<'_>, jekyll: &Jekyll) -> Option<Post> {
    let relative = files::relative(reading.path, reading.config, jekyll);
    let name = FileName::of(&stem(reading.path));
    let posts_dir = jekyll.posts_dir.as_deref();
    let folders = if posts_dir.is_some() { Vec::new() } else { terms::folders(&relative) };
    let own = defaults::merge(&jekyll.defaults, &relative, reading.config);
    let matter = std::mem::take(&mut reading.matter);
    let categories = terms::united(folders, &own, &matter);
    for (key, value) in own {
        if matter.get(&key).is_none_or(Value::is_null) {
            reading.matter.insert(key, value);
        }
    }
    for (key, value) in matter {
        if !value.is_null() || !reading.matter.contains_key(&key) {
            reading.matter.insert(key, value);
        }
    }
    if !is_published(reading, jekyll) {
        return None;
    }
    let date = date::of(reading, &name)?;
    let updated = date::changed(reading);
    let basename = stem(reading.path);
    let slug_of_name = name.rest.trim_end_matches('.').to_owned();
    let written_slug = values::first_text(&reading.matter, &["slug"]);
    let title = title(reading, &slug_of_name, jekyll);
    let terms = terms::Terms::of(&reading.matter, categories);
    let url = url::Parts {
        date,
        basename: &basename,
        slug: written_slug.as_deref().unwrap_or(&slug_of_name),
        categories: &terms.in_url,
        relative: &relative,
    };
    let pattern = values::first_text(&reading.matter, &["permalink"]);
    let template = reading.config.posts.permalink.as_deref().unwrap_or(&jekyll.permalink);
    let (path, id) = url.path_and_id(pattern.as_deref(), template);
    // What stands behind `#` in a name is a fragment to the id; one of nothing is none.
    let (id, fragment) = id.split_once("%23").unwrap_or((&id, ""));
    let (Some(url), Some(mut id)) = (url::absolute(&jekyll.prefix, &path), url::absolute(&jekyll.prefix, id))
    else {
        reading.warn(
            "odd-address",
            format!("`{path}` cannot be an address; the post is left out"),
            "mend its permalink",
        );
        return None;
    };
    if !fragment.is_empty() {
        id.set_fragment(Some(fragment));
    }
    let ending = reading.path.extension().unwrap_or_default().to_string_lossy().to_lowercase();
    let decided = Decided {
        url,
        generated_id: id.to_string(),
        title,
        date,
        public_from: None,
        public_until: None,
        updated,
        categories: terms.categories,
        tags: terms.tags,
        authors: reading.authors(&["author", "authors"]),
        language: values::language(&reading.matter, &["lang", "language", "locale"]),
        translation_key: None,
        summary: reading.summary(&["description", "excerpt", "summary"]),
        markup: if jekyll.markdown_ext.contains(&ending) { Markup::Markdown } else { Markup::Html },
    };
    Some(reading.post(decided))
}

/// What a key says, in Jekyll's eyes: a word in quotes is a word, whatever it is.
fn said(reading: &Reading<'_>, key: &str) -> Truth {
    let quoted = matter::written(&reading.split, key).is_some_and(|value| value.starts_with(['"', '\'']));
    match (truth(reading.matter.get(key)), quoted) {
        (Truth::Yes | Truth::No, true) => {
            Truth::Word(values::first_text(&reading.matter, &[key]).unwrap_or_default())
        }
        (found, _) => found,
    }
}

fn is_published(reading: &mut Reading<'_>, jekyll: &Jekyll) -> bool {
    let word = |reading: &mut Reading<'_>, key: &str, word: &str, meant: &str| {
        let written = matter::written(&reading.split, key).unwrap_or(word);
        let message =
            format!("`{key}: {written}` is neither true nor false to Jekyll, which publishes the post");
        reading.warn_of(key, "odd-truth", message, &format!("write `{key}: {meant}`, without quotes"));
    };
    match said(reading, "published") {
        Truth::No | Truth::Empty if !jekyll.unpublished => return false,
        Truth::Word(other) => word(reading, "published", &other, "false"),
        _ => {}
    }
    match said(reading, "draft") {
        Truth::Yes => reading.config.posts.drafts == Include::Yes,
        Truth::Word(other) => {
            word(reading, "draft", &other, "true");
            true
        }
        _ => true,
    }
}

/// The title as jekyll-feed shows it: marks set, tags of HTML gone, references turned into characters.
fn title(reading: &Reading<'_>, slug: &str, jekyll: &Jekyll) -> String {
    let options = match jekyll.markdown {
        Markdown::Kramdown(options) => options,
        Markdown::CommonMark(_) => Kramdown::default(),
    };
    let written =
        reading.matter.get("title").filter(|title| **title != Value::Bool(false)).and_then(values::text);
    let title =
        written.map(|title| entities::plain(&smartify(&title, options))).map(|title| clean::one_line(&title));
    title
        .filter(|title| !title.is_empty())
        .or_else(|| {
            let from_slug = smartify(&slug::titleize(slug), options);
            Some(from_slug).filter(|title| !title.is_empty())
        })
        .or_else(|| source::heading(reading.split.body))
        .unwrap_or_else(|| slug.to_owned())
}
