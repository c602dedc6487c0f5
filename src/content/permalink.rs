//! A post's path below the site's URL, from a pattern of Jekyll's or Hugo's tokens, and the id that goes with it.

use chrono::{DateTime, Datelike as _, FixedOffset};
use url::Url;

use super::slug::{Mode, slugify};
use crate::config::Dialect;

/// What the tokens stand for.
pub(super) struct Parts<'a> {
    pub date: DateTime<FixedOffset>,
    /// The file's name without date and extension.
    pub basename: &'a str,
    /// The front matter's `slug`, or the basename.
    pub slug: &'a str,
    pub title: &'a str,
    pub categories: &'a [String],
    /// The first folder below the posts folder, perhaps empty.
    pub section: &'a str,
    pub dialect: Dialect,
}

/// Jekyll's built-in styles, by name.
fn style(pattern: &str) -> &str {
    match pattern {
        "date" => "/:categories/:year/:month/:day/:title:output_ext",
        "pretty" => "/:categories/:year/:month/:day/:title/",
        "ordinal" => "/:categories/:year/:y_day/:title:output_ext",
        "weekdate" => "/:categories/:year/W:week/:short_day/:title:output_ext",
        "none" => "/:categories/:title:output_ext",
        pattern => pattern,
    }
}

/// The path, beginning with `/`, not yet percent-encoded. A word after `:` that is no token stays as it is.
pub(super) fn path(pattern: &str, parts: &Parts<'_>) -> String {
    let mut out = String::from("/");
    let mut rest = style(pattern);
    while let Some(colon) = rest.find(':') {
        out.push_str(&rest[..colon]);
        let after = &rest[colon + 1..];
        let length = after.bytes().take_while(|b| b.is_ascii_lowercase() || *b == b'_').count();
        // `:title_x` is `:title` and `_x`: the longest token that fits.
        let known = (1..=length).rev().find_map(|end| Some((end, token(&after[..end], parts)?)));
        if let Some((end, value)) = known {
            out.push_str(&value);
            rest = &after[end..];
        } else {
            out.push(':');
            rest = after;
        }
    }
    out.push_str(rest);
    while out.contains("//") {
        out = out.replace("//", "/");
    }
    out
}

fn token(name: &str, parts: &Parts<'_>) -> Option<String> {
    let date = |format| parts.date.format(format).to_string();
    Some(match name {
        "year" => date("%Y"),
        "short_year" => date("%y"),
        "month" => date("%m"),
        "i_month" => parts.date.month().to_string(),
        "day" => date("%d"),
        "i_day" => parts.date.day().to_string(),
        "y_day" | "yearday" => date("%j"),
        "week" => date("%V"),
        "short_day" => date("%a"),
        "hour" => date("%H"),
        "minute" => date("%M"),
        "second" => date("%S"),
        "title" if parts.dialect == Dialect::Hugo => slugify(parts.title, Mode::Plain),
        "title" => slugify(parts.slug, Mode::Pretty),
        "slug" => slugify(parts.slug, Mode::Plain),
        "name" | "filename" | "contentbasename" => parts.basename.to_owned(),
        "section" => parts.section.to_owned(),
        "categories" => {
            let mut seen: Vec<String> = Vec::new();
            for category in parts.categories.iter().map(|category| category.to_lowercase()) {
                if !seen.contains(&category) {
                    seen.push(category);
                }
            }
            seen.join("/")
        }
        "output_ext" => ".html".to_owned(),
        _ => return None,
    })
}

/// What the blog's own generator gave as the entry's id.
pub(super) fn generated_id(site: &Url, url_path: &str, slug: &str, dialect: Dialect, url: &Url) -> String {
    if dialect != Dialect::Jekyll {
        return url.to_string();
    }
    // Ruby's `File.dirname`: what stands before the last `/`, a trailing one aside.
    let folder = url_path.trim_end_matches('/').rsplit_once('/').map_or("", |(folder, _)| folder);
    below(site, &format!("{folder}/{slug}")).to_string()
}

/// `site` is a folder's URL; `path` is appended to its path and percent-encoded.
pub(super) fn below(site: &Url, path: &str) -> Url {
    let mut url = site.clone();
    url.set_path(&format!("{}{path}", site.path().trim_end_matches('/')));
    url
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tokens_and_styles_give_the_paths_that_jekyll_gives() {
        let parts = Parts {
            date: DateTime::parse_from_rfc3339("2025-02-05T00:00:00+09:00").unwrap(),
            basename: "alibaba",
            slug: "alibaba",
            title: "제목",
            categories: &["AI_News".to_owned()],
            section: "",
            dialect: Dialect::Jekyll,
        };
        for (pattern, expect) in [
            ("/:categories/:title/", "/ai_news/alibaba/"),
            ("date", "/ai_news/2025/02/05/alibaba.html"),
            ("ordinal", "/ai_news/2025/036/alibaba.html"),
            (":year/:i_month/:title_x", "/2025/2/alibaba_x"),
            ("/p/:unknown/", "/p/:unknown/"),
        ] {
            assert_eq!(path(pattern, &parts), expect, "{pattern}");
        }
    }
}
