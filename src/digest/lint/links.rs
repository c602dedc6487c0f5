//! Links that lead nowhere from a mailbox.

use std::collections::HashSet;

use html_escape::decode_html_entities;
use url::Url;

use super::Tell;
use crate::digest::markup::{Markup, attribute};
use crate::digest::slot;

pub(super) fn lint(parts: &[Markup<'_>], tell: Tell<'_>) {
    let open = || {
        parts
            .iter()
            .filter_map(|part| if let Markup::Open(name, tag) = part { Some((*name, *tag)) } else { None })
    };
    let anchors: HashSet<&str> =
        open().flat_map(|(_, tag)| [attribute(tag, "id"), attribute(tag, "name")]).flatten().collect();
    for (name, tag) in open() {
        let Some(written) = attribute(tag, if name == "img" { "src" } else { "href" }) else { continue };
        let written = decode_html_entities(written);
        if slot::holds(&written) {
            continue;
        }
        if let Some(anchor) = written.strip_prefix('#') {
            if !anchors.contains(anchor) {
                let help = "link to the post on the web instead";
                tell("mail-link", format!("`#{anchor}` is no place in this mail"), help);
            }
            continue;
        }
        if written.is_empty() {
            let message = "a link or picture has no address left: mail opens no `data:`, no `file:` and nothing on your disk";
            let help =
                "save the picture as a file of the site, and write where it lies, as in `/images/map.png`";
            tell("mail-link", message.to_owned(), help);
            continue;
        }
        let help = "write the whole address, with https://";
        match Url::parse(&written) {
            Err(_) => {
                tell("mail-link", format!("`{written}` is no address that a mail program can open"), help);
            }
            Ok(url) if matches!(url.host_str(), Some("localhost" | "127.0.0.1" | "0.0.0.0")) => {
                tell("mail-link", format!("`{written}` leads to the reader's own machine"), help);
            }
            Ok(url) if !matches!(url.scheme(), "http" | "https" | "mailto" | "tel") => {
                tell("mail-link", format!("`{written}` is of a kind that mail programs do not open"), help);
            }
            Ok(_) => {}
        }
    }
}
