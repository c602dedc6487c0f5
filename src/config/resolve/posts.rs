//! Where posts are, and by whose rules they are read.

use std::path::Path;

use url::Url;

use super::origin::Origins;
use crate::config::findings::Findings;
use crate::config::generators::Told;
use crate::config::{Blog, Include, Posts, raw};
use crate::diagnostic::did_you_mean;

/// Puts together what the owner and the generator say about posts. `site` is where the site is.
pub(super) fn posts(
    raw: raw::Posts,
    told: Option<Told>,
    root: &Path,
    site: &Url,
    origins: &mut Origins,
    findings: &mut Findings<'_>,
) -> (Posts, Blog) {
    let own_dir = raw.dir.map(|dir| dir.0);
    let their_dir = told.as_ref().and_then(|told| told.posts_dir.clone());
    let (future, drafts) = told.as_ref().map_or((false, false), |told| (told.future, told.drafts));
    let url_is_theirs =
        origins.list.iter().any(|origin| origin.key == "site.url" && origin.from == origins.theirs());
    let mut blog = told.map_or(Blog::Plain, |told| told.blog);
    let theirs = if origins.theirs().is_empty() { "default" } else { origins.theirs() }.to_owned();
    origins.note("posts.dialect", blog.name(), &theirs);
    let dir = match &own_dir {
        Some(dir) => root.join(dir),
        None if matches!(blog, Blog::Jekyll(_)) => root.to_path_buf(),
        None => their_dir.map_or_else(|| guessed(root), |dir| root.join(dir)),
    };
    match &mut blog {
        Blog::Jekyll(jekyll) => {
            // A folder named by the owner, or the one that lies there in place of `_posts`, is the posts folder itself.
            let has_posts = root.join(&jekyll.collections_dir).join("_posts").is_dir();
            let beside = Some(root.join("posts"))
                .filter(|dir| dir.is_dir() && !has_posts && origins.theirs() == "tidings.yaml");
            jekyll.posts_dir = own_dir.as_ref().map(|dir| root.join(dir)).or(beside);
            if !url_is_theirs {
                site.as_str().trim_end_matches('/').clone_into(&mut jekyll.prefix);
                site.path().trim_end_matches('/').clone_into(&mut jekyll.base);
            }
            let pattern = raw.permalink.as_ref().unwrap_or(&jekyll.permalink);
            let from =
                if raw.permalink.is_some() { "config/tidings.yaml" } else { origins.theirs() }.to_owned();
            origins.note("posts.permalink", pattern.clone(), &from);
        }
        Blog::Hugo(hugo) if own_dir.is_some() => {
            let language = hugo.languages.first().map(|language| language.code.clone()).unwrap_or_default();
            hugo.content = vec![(dir.clone(), language)];
        }
        _ => {}
    }
    origins.note("posts.dir", dir.strip_prefix(root).unwrap_or(&dir).display().to_string(), "found");
    origins.note(
        "posts.future",
        (raw.future || future).to_string(),
        if raw.future { "config/tidings.yaml" } else { &theirs },
    );
    for (key, value) in blog.described().into_iter().filter(|(_, value)| !value.is_empty()) {
        origins.note(key, value, &theirs);
    }
    let include = |yes| if yes { Include::Yes } else { Include::No };
    let posts = Posts {
        dir,
        permalink: permalink(raw.permalink, &blog, findings),
        drafts: include(raw.drafts || drafts),
        future: include(raw.future || future),
    };
    (posts, blog)
}

/// Where nobody says: the folder that is there; a bare folder of posts is its own posts folder.
fn guessed(root: &Path) -> std::path::PathBuf {
    ["posts", "_posts"]
        .iter()
        .map(|name| root.join(name))
        .find(|dir| dir.is_dir())
        .unwrap_or_else(|| root.to_path_buf())
}

/// What may stand in a pattern.
const JEKYLL: &str = "year short_year month i_month short_month long_month day i_day y_day w_year week w_day short_day long_day hour minute second title slug name collection output_ext path categories slugified_categories";
const HUGO: &str = "year month monthname day weekday weekdayname yearday section sections title slug filename slugorfilename contentbasename slugorcontentbasename";

/// Jekyll's built-in styles, by name.
const STYLES: [&str; 5] = ["date", "pretty", "ordinal", "weekdate", "none"];

/// A pattern that does not name the post would give every post the same address.
fn permalink(written: Option<String>, blog: &Blog, findings: &mut Findings<'_>) -> Option<String> {
    let pattern = written?;
    let tokens = if matches!(blog, Blog::Hugo(_)) { HUGO } else { JEKYLL };
    let words = pattern
        .split(':')
        .skip(1)
        .map(|rest| rest.split(|c: char| !c.is_ascii_alphanumeric() && c != '_').next().unwrap_or(""));
    // `:titlex` is `:title` and an x, to Jekyll.
    let is_one = |word: &str| {
        tokens.split(' ').any(|token| if tokens == HUGO { token == word } else { word.starts_with(token) })
    };
    for word in words.filter(|word| !is_one(word)) {
        let help = match did_you_mean(word, tokens.split(' ')) {
            Some(near) => format!("did you mean `:{near}`?"),
            None => format!("{} knows :{}", blog.name(), tokens.replace(' ', ", :")),
        };
        findings.error("permalink", &pattern, format!("`:{word}` is no part of a permalink here"), &help);
    }
    let names = [
        ":title",
        ":slug",
        ":name",
        ":filename",
        ":contentbasename",
        ":path",
        ":slugorfilename",
        ":slugorcontentbasename",
    ];
    if !STYLES.contains(&pattern.as_str()) && !names.iter().any(|name| pattern.contains(name)) {
        let help = match did_you_mean(&pattern, STYLES) {
            Some(near) => format!("did you mean `{near}`?"),
            None => "let it hold `:title` or `:slug`, or use a style: date, pretty, ordinal, weekdate, none"
                .to_owned(),
        };
        let message = format!("the permalink `{pattern}` gives every post the same address");
        findings.error("permalink", &pattern, message, &help);
    }
    Some(pattern)
}
