//! Eleventy and Astro, whose configurations are programs: what can be read off them without running them.

use std::path::Path;

use serde_json::Value;

use super::{Told, text};
use crate::config::blog::Blog;
use crate::fsx;

const ELEVENTY: [&str; 6] = [
    "eleventy.config.js",
    "eleventy.config.mjs",
    "eleventy.config.cjs",
    ".eleventy.js",
    "eleventy.config.ts",
    ".eleventy.cjs",
];
const ASTRO: [&str; 4] = ["astro.config.mjs", "astro.config.ts", "astro.config.js", "astro.config.mts"];

pub(super) fn eleventy(root: &Path) -> Option<Told> {
    let file = ELEVENTY.into_iter().find(|name| root.join(name).is_file());
    if file.is_none() && !depends_on(root, "@11ty/eleventy") {
        return None;
    }
    let program = file.and_then(|file| fsx::read_text(&root.join(file)).ok()).unwrap_or_default();
    let mut told = Told::new(file.unwrap_or("package.json"), Blog::Eleventy);
    let input = literal(&program, "input").filter(|dir| root.join(dir).is_dir());
    // The starters' habit is a data file about the site.
    for name in ["_data/metadata.json", "_data/site.json", "_data/meta.json"] {
        for dir in [input.as_deref().unwrap_or("."), "."] {
            let data = fsx::read_text(&root.join(dir).join(name)).ok();
            if let Some(data) = data.and_then(|text| serde_json::from_str::<Value>(&text).ok()) {
                told.title = told.title.or_else(|| text(data.get("title")));
                told.url = told.url.or_else(|| text(data.get("url")));
                told.description = told.description.or_else(|| text(data.get("description")));
                told.language = told.language.or_else(|| text(data.get("language")));
                told.author = told.author.or_else(|| super::author(data.get("author")));
            }
        }
    }
    for name in ["metadata", "site", "meta"]
        .into_iter()
        .flat_map(|stem| ["js", "mjs", "cjs"].map(|end| format!("_data/{stem}.{end}")))
    {
        for dir in [input.as_deref().unwrap_or("."), "."] {
            let Ok(program) = fsx::read_text(&root.join(dir).join(&name)) else { continue };
            told.title = told.title.or_else(|| literal(&program, "title"));
            told.url = told.url.or_else(|| literal(&program, "url"));
            told.description = told.description.or_else(|| literal(&program, "description"));
            told.language = told.language.or_else(|| literal(&program, "language"));
        }
    }
    from_package(root, &mut told);
    if let Some(prefix) = literal(&program, "pathPrefix") {
        told.url = told.url.map(|url| format!("{}/{}", url.trim_end_matches('/'), prefix.trim_matches('/')));
    }
    told.posts_dir = Some(input.unwrap_or_else(|| ".".to_owned()));
    told.future = true;
    Some(told)
}

pub(super) fn astro(root: &Path) -> Option<Told> {
    let file = ASTRO.into_iter().find(|name| root.join(name).is_file());
    if file.is_none() && !depends_on(root, "astro") {
        return None;
    }
    let program = file.and_then(|file| fsx::read_text(&root.join(file)).ok()).unwrap_or_default();
    let mut told =
        Told::new(file.unwrap_or("package.json"), Blog::Astro(routes(&root.join("src/pages"), "", 0)));
    let base = literal(&program, "base").unwrap_or_default();
    told.url = literal(&program, "site")
        .map(|site| format!("{}/{}", site.trim_end_matches('/'), base.trim_matches('/')));
    let constants = ["src/consts.ts", "src/consts.js", "src/config.ts"];
    for name in constants {
        let Ok(program) = fsx::read_text(&root.join(name)) else { continue };
        told.title = told.title.or_else(|| literal(&program, "SITE_TITLE"));
        told.description = told.description.or_else(|| literal(&program, "SITE_DESCRIPTION"));
        // AstroPaper's habit: one object of settings.
        if program.contains("SITE") {
            told.url = told.url.or_else(|| literal(&program, "website"));
            told.title = told.title.or_else(|| literal(&program, "title"));
            told.description = told.description.or_else(|| literal(&program, "desc"));
            told.language = told.language.or_else(|| literal(&program, "lang"));
            told.timezone = told.timezone.or_else(|| literal(&program, "timezone"));
        }
    }
    from_package(root, &mut told);
    let posts = ["src/content", "src/data/blog", "src/pages"].into_iter().find(|dir| root.join(dir).is_dir());
    told.posts_dir = Some(posts.unwrap_or("src/content").to_owned());
    told.future = true;
    Some(told)
}

/// Which collection is shown below which folder: `posts/[...slug].astro` that renders `getCollection("blog")`.
fn routes(dir: &Path, route: &str, depth: usize) -> Vec<(String, String)> {
    let mut found = Vec::new();
    for name in fsx::list(dir).unwrap_or_default() {
        let path = dir.join(&name);
        if path.is_dir() && depth < 5 && !name.starts_with(['[', '_']) {
            found.extend(routes(&path, format!("{route}/{name}").trim_matches('/'), depth + 1));
        } else if name.starts_with('[') && path.extension().is_some_and(|ending| ending == "astro") {
            let Ok(program) = fsx::read_text(&path) else { continue };
            let renders =
                program.contains("render(") || program.contains(".render") || program.contains("<Content");
            let collection =
                program.split("getCollection(").nth(1).and_then(|rest| rest.split(['"', '\'']).nth(1));
            if let Some(collection) = collection.filter(|_| renders) {
                found.push((collection.to_owned(), route.to_owned()));
            }
        }
    }
    found
}

fn depends_on(root: &Path, name: &str) -> bool {
    let Some(package) = package(root) else { return false };
    ["dependencies", "devDependencies"]
        .iter()
        .any(|key| package.get(key).is_some_and(|all| all.get(name).is_some()))
}

fn package(root: &Path) -> Option<Value> {
    serde_json::from_str(&fsx::read_text(&root.join("package.json")).ok()?).ok()
}

fn from_package(root: &Path, told: &mut Told) {
    let Some(package) = package(root) else { return };
    told.url = told.url.take().or_else(|| text(package.get("homepage")));
    told.description = told.description.take().or_else(|| text(package.get("description")));
    told.author = told.author.take().or_else(|| super::author(package.get("author")));
}

/// The text that a program gives `name`, as in `site: "https://…"` or `SITE_TITLE = '…'`.
fn literal(program: &str, name: &str) -> Option<String> {
    program.match_indices(name).find_map(|(at, _)| {
        let before = program[..at].chars().next_back();
        let line = program[..at].rsplit('\n').next().unwrap_or("");
        if before.is_some_and(|c| c.is_alphanumeric() || matches!(c, '_' | '.'))
            || line.trim_start().starts_with("//")
        {
            return None;
        }
        let rest = program[at + name.len()..].trim_start_matches(['"', '\'']).trim_start();
        let rest = rest.strip_prefix([':', '='])?.trim_start();
        let quote = rest.chars().next().filter(|c| matches!(c, '"' | '\'' | '`'))?;
        let value = rest[1..].split(quote).next()?;
        (!value.is_empty() && !value.contains('\n')).then(|| value.to_owned())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_read_off_a_program() {
        let program = "// site: \"https://no.example\"\nexport default defineConfig({\n  website: 'x',\n  site: \"https://a.example\",\n  'base': '/b' })";
        assert_eq!(literal(program, "site").as_deref(), Some("https://a.example"));
        assert_eq!(literal(program, "base").as_deref(), Some("/b"));
        assert_eq!(literal("site: process.env.URL", "site"), None);
    }
}
