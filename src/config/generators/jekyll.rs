//! Jekyll: `_config.yml`, with every default that Jekyll 4 has.

use std::path::Path;

use serde_json::Value;

use super::{Told, author, limit, settings, text, texts, truth};
use crate::config::blog::{Blog, CommonMark, Defaults, Jekyll, Kramdown, Markdown, Settings, Typography};
use crate::config::findings::Findings;
use crate::fsx;

/// What Jekyll itself passes over, after what the site excludes.
pub(in crate::config) const EXCLUDED: [&str; 10] = [
    ".sass-cache",
    ".jekyll-cache",
    "gemfiles",
    "Gemfile",
    "Gemfile.lock",
    "node_modules",
    "vendor/bundle/",
    "vendor/cache/",
    "vendor/gems/",
    "vendor/ruby/",
];

pub(super) fn read(root: &Path, findings: &mut Findings<'_>) -> Option<Told> {
    let file =
        ["_config.yml", "_config.yaml", "_config.toml"].into_iter().find(|name| root.join(name).is_file())?;
    let keys = settings(root, file, findings)?;
    let excludes = texts(keys.get("exclude"));
    if !excludes.iter().any(|excluded| excluded.trim_matches('/') == "config") && root.join("config").is_dir()
    {
        let message = "Jekyll copies `config/` into the published site, subscribers and all";
        findings.warning(
            "site",
            message,
            "add `config`, `templates`, `issues` and `public` to `exclude:` in `_config.yml`",
        );
    }
    let mut told = Told::new(file, Blog::Plain);
    told.title = text(keys.get("title")).or_else(|| text(keys.get("name")));
    told.description = text(keys.get("description"));
    told.timezone = text(keys.get("timezone"));
    told.language =
        text(keys.get("lang")).or_else(|| text(keys.get("locale"))).map(|tag| tag.replace('_', "-"));
    told.author = author(keys.get("author"));
    let feed = |key: &str| keys.get("feed").and_then(|feed| feed.get(key));
    told.feed_limit = limit(feed("posts_limit"));
    told.feed_summaries = truth(feed("excerpt_only"));
    told.future = truth(keys.get("future")).unwrap_or(false);
    let (url, from) = address(root, &keys);
    told.url_from = from;
    let blog = jekyll(keys, url.as_deref().unwrap_or_default());
    told.url = url.map(|url| format!("{}/{}", url.trim_end_matches('/'), blog.base.trim_matches('/')));
    told.blog = Blog::Jekyll(Box::new(blog));
    Some(told)
}

/// The rules of a Jekyll without a configuration.
pub(super) fn without_config() -> Blog {
    Blog::Jekyll(Box::new(jekyll(Settings::new(), "")))
}

/// The site's address. GitHub Pages knows it without being told, from the domain's file or the repository's name.
fn address(root: &Path, keys: &Settings) -> (Option<String>, Option<String>) {
    if let Some(url) = text(keys.get("url")) {
        return (Some(url), None);
    }
    if let Ok(domain) = fsx::read_text(&root.join("CNAME")) {
        let domain = domain.trim();
        if !domain.is_empty() {
            return (Some(format!("https://{domain}")), Some("CNAME".to_owned()));
        }
    }
    let named = text(keys.get("repository")).map(|name| (name, "repository in _config.yml"));
    let cloned = || {
        let config = fsx::read_text(&root.join(".git/config")).ok()?;
        let url = config.lines().find_map(|line| line.trim().strip_prefix("url ="))?;
        let name =
            url.trim().split_once("github.com")?.1.trim_start_matches([':', '/']).trim_end_matches(".git");
        Some((name.to_owned(), ".git/config"))
    };
    let host = named.or_else(cloned).and_then(|(name, from)| {
        let (owner, _) = name.split_once('/')?;
        Some((format!("https://{}.github.io", owner.to_lowercase()), from.to_owned()))
    });
    host.map_or((None, None), |(url, from)| (Some(url), Some(from)))
}

fn jekyll(keys: Settings, url: &str) -> Jekyll {
    let words = |key: &str, default: &str| -> Vec<String> {
        let written = text(keys.get(key)).unwrap_or_else(|| default.to_owned());
        written.split(',').map(|word| word.trim().to_lowercase()).collect()
    };
    let base = text(keys.get("baseurl")).unwrap_or_default();
    let base = base.strip_suffix('/').unwrap_or(&base);
    let base = if base.is_empty() || base.starts_with('/') { base.to_owned() } else { format!("/{base}") };
    let posts = keys.get("collections").and_then(|all| all.get("posts"));
    let permalink = posts
        .and_then(|posts| text(posts.get("permalink")))
        .or_else(|| text(keys.get("permalink")))
        .unwrap_or_else(|| "date".to_owned());
    let mut exclude = texts(keys.get("exclude"));
    exclude.extend(EXCLUDED.map(str::to_owned));
    Jekyll {
        posts_dir: None,
        collections_dir: text(keys.get("collections_dir")).unwrap_or_default().trim_matches('/').to_owned(),
        prefix: format!("{url}{base}"),
        permalink,
        defaults: keys
            .get("defaults")
            .and_then(Value::as_array)
            .into_iter()
            .flatten()
            .filter_map(defaults)
            .collect(),
        excerpt_separator: match keys.get("excerpt_separator") {
            None | Some(Value::Null) => "\n\n".to_owned(),
            Some(written) => text(Some(written)).unwrap_or_default(),
        },
        markdown: markdown(&keys),
        include: texts(keys.get("include")),
        exclude,
        markdown_ext: words("markdown_ext", "markdown,mkdown,mkdn,mkd,md"),
        show_drafts: truth(keys.get("show_drafts")).unwrap_or(false),
        unpublished: truth(keys.get("unpublished")).unwrap_or(false),
        base,
        settings: keys,
    }
}

fn defaults(set: &Value) -> Option<Defaults> {
    let scope = set.get("scope");
    let kind = scope.and_then(|scope| text(scope.get("type"))).map(|kind| match kind.as_str() {
        "page" | "post" | "draft" => format!("{kind}s"),
        _ => kind,
    });
    Some(Defaults {
        path: scope.and_then(|scope| text(scope.get("path"))).unwrap_or_default(),
        kind,
        values: set.get("values")?.as_object()?.clone(),
    })
}

fn markdown(keys: &Settings) -> Markdown {
    let engine = text(keys.get("markdown")).unwrap_or_default().to_lowercase();
    if matches!(engine.as_str(), "commonmark" | "commonmarkghpages" | "redcarpet") {
        let named = |key: &str| {
            texts(keys.get(key).and_then(|own| own.get("extensions").or_else(|| own.get("options"))))
        };
        let options = [named("commonmark"), named("redcarpet")].concat();
        let has = |name: &str| options.iter().any(|option| option.eq_ignore_ascii_case(name));
        return Markdown::CommonMark(CommonMark {
            typography: if has("SMART") { Typography::Smart } else { Typography::Plain },
            hard_wrap: has("HARDBREAKS"),
            ..CommonMark::default()
        });
    }
    let own = keys.get("kramdown");
    let option = |name: &str| own.and_then(|own| own.get(name));
    let flag = |name: &str, default| truth(option(name)).unwrap_or(default);
    let quotes = match option("smart_quotes") {
        Some(Value::String(list)) => list.split(',').map(|word| word.trim().to_owned()).collect(),
        other => texts(other),
    };
    let quirks = match option("gfm_quirks") {
        Some(Value::String(list)) => list.split(',').map(|word| word.trim().to_owned()).collect(),
        other => texts(other),
    };
    Markdown::Kramdown(Kramdown {
        gfm: text(option("input")).is_none_or(|input| input.eq_ignore_ascii_case("gfm")),
        paragraph_end: option("gfm_quirks").is_none() || quirks.iter().any(|quirk| quirk == "paragraph_end"),
        hard_wrap: flag("hard_wrap", false),
        parse_block_html: flag("parse_block_html", false),
        parse_span_html: flag("parse_span_html", true),
        quotes: marks(&quotes),
        symbols: option("typographic_symbols").and_then(Value::as_object).is_none_or(Settings::is_empty),
        auto_symbols: !quirks.iter().any(|quirk| quirk == "no_auto_typographic"),
        first_note: option("footnote_nr")
            .and_then(Value::as_u64)
            .and_then(|number| u8::try_from(number).ok())
            .unwrap_or(1),
        mathjax: option("math_engine").is_none_or(|engine| !engine.is_null()),
    })
}

/// The four marks by their names; `None` where they are the typewriter's.
fn marks(names: &[String]) -> Option<[char; 4]> {
    let [one, two, three, four] = names else { return Kramdown::default().quotes };
    let mark = |name: &str| {
        Some(match name {
            "lsquo" => '‘',
            "rsquo" => '’',
            "ldquo" => '“',
            "rdquo" => '”',
            "laquo" => '«',
            "raquo" => '»',
            "lsaquo" => '‹',
            "rsaquo" => '›',
            "sbquo" => '‚',
            "bdquo" => '„',
            _ => return None,
        })
    };
    Some([mark(one)?, mark(two)?, mark(three)?, mark(four)?])
}
