//! Where in the owner's files a finding is, that was made where these are not known.

use std::path::Path;

use crate::cli::site::Site;
use crate::config::{without_comments, without_secrets};
use crate::content::Post;
use crate::diagnostic::{Diagnostic, Place};
use crate::digest::Issue;
use crate::fsx;

/// Where these words stand in the config's file; of their line no more is shown, as a secret may follow.
pub(super) fn in_config(site: &Site, words: &str) -> Option<Place> {
    let text = fsx::read_text(&site.config.root.join(&site.config_path)).ok()?;
    let place = Place::of(&without_comments(&text), words)?;
    let line = Place::in_text(&without_secrets(&text), place.line, 1, 1).text;
    let shown = line.chars().take(place.column + place.width - 1).collect();
    Some(Place { text: shown, ..place })
}

/// A finding about what the config calls by a name of its own, put where that name stands.
pub(super) fn named_in_config(site: &Site, finding: Diagnostic) -> Diagnostic {
    // What is odd about a whole mail is told where its newsletter is configured.
    let of_mail = finding.path.to_str().and_then(|path| path.strip_prefix("newsletters."));
    if let Some(place) = of_mail.and_then(|name| in_config(site, &format!("{name}:"))) {
        return Diagnostic { path: site.config_path.clone(), ..finding }.at(Some(place));
    }
    let has_name = matches!(finding.code, "nothing-selected" | "same-path" | "template");
    if !has_name || finding.path != site.config_path || finding.place.is_some() {
        return finding;
    }
    let place = finding.message.split('`').nth(1).and_then(|name| in_config(site, name));
    finding.at(place)
}

/// A finding about template code in a post, put where that code stands in its file.
pub(super) fn in_post(root: &Path, post: &Post, finding: Diagnostic) -> Diagnostic {
    let code = finding.message.split('`').nth(1).unwrap_or_default();
    // What a tag is given is not in the message.
    let short = code.trim_end_matches([' ', '%', '}']);
    if finding.place.is_some() || short.is_empty() {
        return finding;
    }
    let text = fsx::read_text(&root.join(&post.source)).unwrap_or_default();
    let place = Place::of(&text, code).or_else(|| Place::of(&text, short));
    finding.at(place)
}

/// A finding about an address in the mail, put where somebody has written that address: in a post, else in a template.
pub(super) fn traced(site: &Site, issue: &Issue, finding: Diagnostic) -> Diagnostic {
    let is_of_address = matches!(finding.code, "mail-link" | "mail-alt" | "mail-picture");
    let quoted = finding.message.split('`').nth(1);
    let Some(address) = quoted.filter(|quoted| is_of_address && quoted.len() > 1) else { return finding };
    let below = address.strip_prefix(site.config.site.url.as_str()).filter(|below| below.len() > 1);
    let below = below.unwrap_or(address);
    let template = site.config.templates_dir().join("digest.html");
    let posts = issue.posts.iter().map(|post| post.source.as_path());
    for source in posts.chain([site.shown(&template)]) {
        let Ok(text) = fsx::read_text(&site.config.root.join(source)) else { continue };
        if let Some(place) = Place::of(&text, address).or_else(|| Place::of(&text, below)) {
            return Diagnostic { path: source.to_path_buf(), ..finding }.at(place);
        }
    }
    finding
}
