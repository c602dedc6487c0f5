//! Hugo: `hugo.toml`, `config.yaml` and their like, or a folder of them. Keys count in any case.

use std::path::{Path, PathBuf};

use serde_json::Value;

use super::{Told, author, limit, settings, text, texts, truth};
use crate::config::blog::{Blog, CommonMark, Hugo, Language, Settings, Typography};
use crate::config::findings::Findings;
use crate::fsx;

pub(super) fn read(root: &Path, findings: &mut Findings<'_>) -> Option<Told> {
    let (file, keys) = found(root, findings)?;
    // Zola's file has the same name.
    if get(&keys, "base_url").is_some() && get(&keys, "baseurl").is_none() {
        return None;
    }
    let mut told = Told::new(&file, Blog::Plain);
    let hugo = hugo(root, keys);
    let keys = &hugo.settings;
    let first = hugo.languages.first().map(|language| language.code.clone()).unwrap_or_default();
    let own = get(keys, "languages").and_then(|all| child(all, &first));
    let of_language = |name: &str| own.and_then(|own| text(child(own, name)));
    let params = get(keys, "params");
    let param = |name: &str| params.and_then(|params| child(params, name));
    told.title = of_language("title").or_else(|| text(get(keys, "title")));
    told.url = of_language("baseurl").or_else(|| text(get(keys, "baseurl")));
    told.description = text(param("description"));
    told.language = of_language("languagecode").or_else(|| text(get(keys, "languagecode"))).or(Some(first));
    told.timezone = text(get(keys, "timezone"));
    told.author = author(get(keys, "author")).or_else(|| author(param("author")));
    told.posts_dir = Some(text(get(keys, "contentdir")).unwrap_or_else(|| "content".to_owned()));
    told.publish = text(get(keys, "publishdir"));
    let rss = get(keys, "services").and_then(|own| child(own, "rss")).and_then(|own| child(own, "limit"));
    told.feed_limit = limit(rss.or_else(|| get(keys, "rsslimit")));
    told.future = truth(get(keys, "buildfuture")).unwrap_or(false);
    told.drafts = truth(get(keys, "builddrafts")).unwrap_or(false);
    told.blog = Blog::Hugo(Box::new(hugo));
    Some(told)
}

/// The rules of a Hugo without a configuration.
pub(super) fn without_config(root: &Path) -> Blog {
    Blog::Hugo(Box::new(hugo(root, Settings::new())))
}

/// A value by its key in any case; `name` is in lower case.
fn get<'a>(keys: &'a Settings, name: &str) -> Option<&'a Value> {
    keys.iter().find(|(key, _)| key.eq_ignore_ascii_case(name)).map(|(_, value)| value)
}

fn child<'a>(value: &'a Value, name: &str) -> Option<&'a Value> {
    get(value.as_object()?, name)
}

/// The configuration, whole, and the file or folder that it is in.
fn found(root: &Path, findings: &mut Findings<'_>) -> Option<(String, Settings)> {
    const ENDINGS: [&str; 4] = ["toml", "yaml", "yml", "json"];
    let mut keys = Settings::new();
    let mut file = None;
    for name in
        ["hugo", "config"].into_iter().flat_map(|stem| ENDINGS.map(|ending| format!("{stem}.{ending}")))
    {
        if let Some(own) = settings(root, &name, findings) {
            let hugo = name.starts_with("hugo.")
                || ["baseurl", "languagecode", "theme", "params", "permalinks", "taxonomies"]
                    .iter()
                    .any(|key| get(&own, key).is_some());
            if hugo {
                keys = own;
                file = Some(name);
                break;
            }
        }
    }
    for folder in ["config/_default", "config/production"] {
        let Ok(listed) = fsx::list(&root.join(folder)) else { continue };
        for name in listed {
            let Some((stem, ending)) = name.rsplit_once('.') else { continue };
            if !ENDINGS.contains(&ending) {
                continue;
            }
            let Some(own) = settings(root, &format!("{folder}/{name}"), findings) else { continue };
            file.get_or_insert_with(|| folder.to_owned());
            merge(&mut keys, stem, own);
        }
    }
    file.map(|file| (file, keys))
}

/// A file called `params.toml` holds what stands under `params` elsewhere; `menus.ko.toml` is of one language.
fn merge(keys: &mut Settings, stem: &str, own: Settings) {
    if matches!(stem, "hugo" | "config") {
        keys.extend(own);
        return;
    }
    let (section, language) =
        stem.split_once('.').map_or((stem, None), |(section, language)| (section, Some(language)));
    if language.is_none() {
        let slot = keys.entry(section.to_owned()).or_insert_with(|| Value::Object(Settings::new()));
        match slot.as_object_mut() {
            Some(slot) => slot.extend(own),
            None => *slot = Value::Object(own),
        }
    }
}

/// The languages, the default one first, and the folders of each.
struct Languages {
    all: Vec<Language>,
    content: Vec<(PathBuf, String)>,
    excluded: Vec<PathBuf>,
}

fn languages(root: &Path, keys: &Settings) -> Languages {
    let content = text(get(keys, "contentdir")).unwrap_or_else(|| "content".to_owned());
    let default = text(get(keys, "defaultcontentlanguage")).unwrap_or_else(|| "en".to_owned());
    let off = texts(get(keys, "disablelanguages"));
    let mut excluded = Vec::new();
    let mut languages: Vec<(i64, Language, Option<String>)> = Vec::new();
    for (code, own) in get(keys, "languages").and_then(Value::as_object).into_iter().flatten() {
        let code_is = |name: &String| name.eq_ignore_ascii_case(code);
        if truth(child(own, "disabled")) == Some(true) || off.iter().any(code_is) {
            excluded.extend(text(child(own, "contentdir")).map(|dir| root.join(dir)));
            continue;
        }
        let weight = child(own, "weight").and_then(Value::as_i64).unwrap_or(0);
        let language = Language { code: code.to_lowercase(), base: text(child(own, "baseurl")) };
        languages.push((weight, language, text(child(own, "contentdir"))));
    }
    let mut folders: Vec<(PathBuf, String)> = languages
        .iter()
        .filter_map(|(_, language, dir)| Some((root.join(dir.as_deref()?), language.code.clone())))
        .collect();
    let default_has_own = languages
        .iter()
        .any(|(_, language, dir)| dir.is_some() && language.code.eq_ignore_ascii_case(&default));
    if !default_has_own {
        folders.push((root.join(&content), default.clone()));
    }
    let is_default = |language: &Language| language.code == default.to_lowercase();
    if !languages.iter().any(|(_, language, _)| is_default(language)) {
        languages.push((0, Language { code: default.to_lowercase(), base: None }, None));
    }
    languages.sort_by_key(|(weight, language, _)| (!is_default(language), *weight, language.code.clone()));
    let all = languages.into_iter().map(|(_, language, _)| language).collect();
    Languages { all, content: folders, excluded }
}

fn hugo(root: &Path, keys: Settings) -> Hugo {
    let languages = languages(root, &keys);
    let params = get(&keys, "params");
    let sections = texts(params.and_then(|params| child(params, "mainsections")));
    let markup = get(&keys, "markup").and_then(|markup| child(markup, "goldmark"));
    let goldmark = |group: &str, name: &str| {
        truth(markup.and_then(|own| child(own, group)).and_then(|own| child(own, name)))
    };
    let typographer =
        markup.and_then(|own| child(own, "extensions")).and_then(|own| child(own, "typographer")).is_none_or(
            |own| truth(Some(own)).or_else(|| truth(child(own, "disable")).map(|off| !off)).unwrap_or(true),
        );
    let dates = get(&keys, "frontmatter");
    let date_list = |name: &str, default: &[&str]| -> Vec<String> {
        let written = texts(dates.and_then(|own| child(own, name)));
        let expand = |key: String| -> Vec<String> {
            if key == ":default" {
                default.iter().map(|key| (*key).to_owned()).collect()
            } else {
                vec![key.to_lowercase()]
            }
        };
        let keys: Vec<String> = written.into_iter().flat_map(expand).collect();
        if keys.is_empty() { default.iter().map(|key| (*key).to_owned()).collect() } else { keys }
    };
    let flag = |name: &str| truth(get(&keys, name)).unwrap_or(false);
    Hugo {
        content: languages.content,
        excluded: languages.excluded,
        languages: languages.all,
        default_in_subdir: flag("defaultcontentlanguageinsubdir"),
        permalinks: permalinks(get(&keys, "permalinks")),
        taxonomies: get(&keys, "taxonomies").and_then(Value::as_object).map_or_else(
            || vec!["categories".to_owned(), "tags".to_owned()],
            |all| {
                all.values()
                    .filter_map(|plural| text(Some(plural)))
                    .map(|plural| plural.to_lowercase())
                    .collect()
            },
        ),
        main_sections: if sections.is_empty() { texts(get(&keys, "mainsections")) } else { sections },
        ignore_files: texts(get(&keys, "ignorefiles")),
        ugly_urls: flag("uglyurls"),
        keep_case: flag("disablepathtolower"),
        remove_accents: flag("removepathaccents"),
        date_keys: date_list("date", &["date", "publishdate", "pubdate", "published", "lastmod", "modified"]),
        lastmod_keys: date_list(
            "lastmod",
            &["lastmod", "modified", "date", "publishdate", "pubdate", "published"],
        ),
        build_expired: flag("buildexpired"),
        markdown: CommonMark {
            typography: if typographer { Typography::Goldmark } else { Typography::Plain },
            definitions: goldmark("extensions", "definitionlist").unwrap_or(true),
            heading_attributes: true,
            hard_wrap: goldmark("renderer", "hardwraps").unwrap_or(false),
            emoji: flag("enableemoji"),
            no_html: !goldmark("renderer", "unsafe").unwrap_or(false),
            attribute_blocks: truth(
                markup
                    .and_then(|own| child(own, "parser"))
                    .and_then(|own| child(own, "attribute"))
                    .and_then(|own| child(own, "block")),
            )
            .unwrap_or(false),
        },
        settings: keys,
    }
}

/// `section: pattern`, or from Hugo 0.112 on `page: { section: pattern }`.
fn permalinks(value: Option<&Value>) -> Vec<(String, String)> {
    let Some(all) = value.and_then(Value::as_object) else { return Vec::new() };
    let pages = all
        .iter()
        .find(|(key, value)| *key == "page" && value.is_object())
        .and_then(|(_, own)| own.as_object());
    pages
        .into_iter()
        .chain([all])
        .flatten()
        .filter_map(|(section, pattern)| Some((section.clone(), text(Some(pattern))?)))
        .collect()
}
