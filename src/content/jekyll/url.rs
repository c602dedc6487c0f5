//! A post's path and id, from a pattern of Jekyll's tokens.

use chrono::{DateTime, FixedOffset};
use url::Url;

use crate::content::address::{encoded, encoded_once};
use crate::content::slug::{Mode, hyphenated, slugify};

/// What the tokens stand for.
pub(crate) struct Parts<'a> {
    pub date: DateTime<FixedOffset>,
    /// The file's name without its ending, date and all.
    pub basename: &'a str,
    /// The front matter's `slug`, or the file's name without date and ending.
    pub slug: &'a str,
    pub categories: &'a [String],
    /// The file below the site's folder.
    pub relative: &'a str,
}

/// Jekyll's built-in styles, by name.
pub(crate) fn style(pattern: &str) -> &str {
    match pattern {
        "date" => "/:categories/:year/:month/:day/:title:output_ext",
        "pretty" => "/:categories/:year/:month/:day/:title/",
        "ordinal" => "/:categories/:year/:y_day/:title:output_ext",
        "weekdate" => "/:categories/:year/W:week/:short_day/:title:output_ext",
        "none" => "/:categories/:title:output_ext",
        pattern => pattern,
    }
}

impl Parts<'_> {
    /// The path, percent-encoded, and the id that goes with it, its last part not encoded yet. A pattern of the post's own
    /// names no style.
    pub(crate) fn path_and_id(&self, own: Option<&str>, template: &str) -> (String, String) {
        let path = self.path(own.unwrap_or_else(|| style(template)));
        // Ruby's `File.dirname`: what stands before the last `/`, a trailing one aside.
        let folder = path.trim_end_matches('/').rsplit_once('/').map_or("", |(folder, _)| folder);
        let id = format!("{folder}/{}", encoded(self.slug));
        (path, id)
    }

    /// The path, beginning with `/`. A word after `:` that is no token stays as it is.
    fn path(&self, pattern: &str) -> String {
        let mut out = String::from("/");
        let mut rest = pattern;
        while let Some(colon) = rest.find(':') {
            out.push_str(&rest[..colon]);
            let after = &rest[colon + 1..];
            let length = after.bytes().take_while(|b| b.is_ascii_lowercase() || *b == b'_').count();
            // `:title_x` is `:title` and `_x`: the longest token that fits.
            let known = (1..=length).rev().find_map(|end| Some((end, self.token(&after[..end])?)));
            if let Some((end, value)) = known {
                out.push_str(&encoded(&value));
                rest = &after[end..];
            } else {
                out.push(':');
                rest = after;
            }
        }
        out.push_str(rest);
        let mut path = out.replace("..", "/").replace("./", "");
        while path.contains("//") {
            path = path.replace("//", "/");
        }
        path
    }

    fn token(&self, name: &str) -> Option<String> {
        let date = |format| self.date.format(format).to_string();
        Some(match name {
            "year" => date("%Y"),
            "short_year" => date("%y"),
            "month" => date("%m"),
            "i_month" => date("%-m"),
            "short_month" => date("%b"),
            "long_month" => date("%B"),
            "day" => date("%d"),
            "i_day" => date("%-d"),
            "y_day" => date("%j"),
            "w_year" => date("%G"),
            "week" => date("%V"),
            "w_day" => date("%u"),
            "short_day" => date("%a"),
            "long_day" => date("%A"),
            "hour" => date("%H"),
            "minute" => date("%M"),
            "second" => date("%S"),
            "title" => hyphenated(self.slug, Mode::Pretty),
            "slug" => slugify(self.slug, Mode::Plain),
            "name" => slugify(self.basename, Mode::Plain),
            "collection" => "posts".to_owned(),
            "output_ext" => ".html".to_owned(),
            "path" => {
                let below = self.relative.strip_prefix("_posts").unwrap_or(self.relative);
                below.rsplit_once('.').map_or(below, |(stem, _)| stem).to_owned()
            }
            "categories" => joined(self.categories.iter().map(|category| category.to_lowercase())),
            "slugified_categories" => {
                joined(self.categories.iter().map(|category| slugify(category, Mode::Plain)))
            }
            _ => return None,
        })
    }
}

fn joined(categories: impl Iterator<Item = String>) -> String {
    let mut seen: Vec<String> = Vec::new();
    for category in categories {
        if !seen.contains(&category) {
            seen.push(category);
        }
    }
    seen.join("/")
}

/// `prefix` and a path as Jekyll puts them together: a slash at the end of its `url` stays, and makes two.
pub(super) fn absolute(prefix: &str, path: &str) -> Option<Url> {
    Url::parse(&format!("{prefix}{}", encoded_once(path))).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tokens_and_styles_give_the_paths_that_jekyll_gives() {
        let parts = Parts {
            date: DateTime::parse_from_rfc3339("2025-02-05T00:00:00+09:00").unwrap(),
            basename: "2025-02-05-alibaba",
            slug: "alibaba",
            categories: &["AI_News".to_owned()],
            relative: "_posts/2025-02-05-alibaba.md",
        };
        for (pattern, expect) in [
            ("/:categories/:title/", "/ai_news/alibaba/"),
            ("date", "/ai_news/2025/02/05/alibaba.html"),
            ("ordinal", "/ai_news/2025/036/alibaba.html"),
            (":year/:i_month/:title_x", "/2025/2/alibaba_x"),
            ("/:name/:path", "/2025-02-05-alibaba/2025-02-05-alibaba"),
            ("/p/:unknown/", "/p/:unknown/"),
        ] {
            assert_eq!(parts.path(style(pattern)), expect, "{pattern}");
        }
    }
}
