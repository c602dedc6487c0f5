//! What a post holds that must not pass for text, or must not pass unsaid.

use std::path::Path;

use super::depth;
use crate::diagnostic::{Diagnostic, Place};

/// Why the post cannot be taken as it is: front matter in another language, or nesting beyond reason.
pub(super) fn refused(yaml: &str, body: &str, text: &str, source: &Path) -> Option<Diagnostic> {
    if let Some(kind) = other_front_matter(body, yaml) {
        let message = format!("{kind} front matter, which this version of tidings does not read");
        let help = "write it as YAML between lines of `---`; until then the post is left out";
        return Some(
            Diagnostic::error("front-matter", source, message).at(Place::in_text(text, 1, 1, 3)).help(help),
        );
    }
    let message = depth::too_deep(body)?;
    let help = "look for a tag that is opened again and again and never closed";
    Some(Diagnostic::error("too-deep", source, message).help(help))
}

/// A draft must not go out because its front matter was taken for text.
fn other_front_matter(body: &str, yaml: &str) -> Option<&'static str> {
    let first = body.lines().next()?.trim_end();
    match first {
        "+++" if yaml.is_empty() => Some("this post has TOML"),
        "{" if yaml.is_empty() => Some("this post has JSON"),
        _ => None,
    }
}

/// A warning where a Jekyll post holds Liquid outside its code blocks, which goes out as it is written.
pub(super) fn liquid(body: &str, text: &str, source: &Path) -> Option<Diagnostic> {
    let mut fenced = false;
    let line = body.lines().find(|line| {
        let fence = line.trim_start().starts_with("```");
        fenced ^= fence;
        !fence && !fenced && (line.contains("{%") || line.contains("{{"))
    })?;
    let tag = &line[line.find("{%").into_iter().chain(line.find("{{")).min()?..];
    let tag: String =
        tag.chars().take(tag.find(['}']).map_or(12, |at| tag[..at].chars().count() + 2)).collect();
    let help =
        "write the address or text itself, or leave the post out of feeds for now with `published: false`";
    let message = format!(
        "`{tag}` is Liquid, which this version of tidings does not carry out: it goes out as it stands"
    );
    Some(Diagnostic::warning("liquid", source, message).at(Place::of(text, &tag)).help(help))
}
