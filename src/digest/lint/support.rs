//! What some of the mail programs that most people have do not know. A small table of our own, made by looking through
//! <https://www.caniemail.com> in November 2026: what is not here is known widely, or harms nothing where it is not.

use super::Tell;
use crate::digest::markup::{Markup, attribute};

/// Elements, and who drops them or what is in them.
const ELEMENTS: [(&str, &str); 12] = [
    ("audio", "Gmail and Outlook"),
    ("video", "Gmail and Outlook"),
    ("form", "Gmail and Outlook"),
    ("iframe", "every mail program"),
    ("link", "Gmail and Outlook"),
    ("object", "every mail program"),
    ("picture", "Outlook"),
    ("script", "every mail program"),
    ("svg", "Gmail and Outlook"),
    ("dialog", "Gmail and Outlook"),
    ("details", "Gmail and Outlook"),
    ("math", "Gmail and Outlook"),
];

/// The beginnings of declarations, and who does not follow them.
const DECLARATIONS: [(&str, &str); 10] = [
    ("display:flex", "Outlook on Windows"),
    ("display:grid", "Gmail and Outlook"),
    ("position:absolute", "Gmail and Outlook"),
    ("position:fixed", "Gmail and Outlook"),
    ("background-image", "Outlook on Windows"),
    ("object-fit", "Gmail and Outlook"),
    ("clip-path", "Gmail and Outlook"),
    ("filter", "Gmail and Outlook"),
    ("float", "Outlook on Windows"),
    ("mask", "Gmail and Outlook"),
];

/// Kinds of pictures that some show as nothing.
const PICTURES: [&str; 3] = [".webp", ".avif", ".svg"];

pub(super) fn lint(parts: &[Markup<'_>], tell: Tell<'_>) {
    for part in parts {
        match part {
            Markup::Open(name, tag) => {
                if let Some((known, who)) = ELEMENTS.iter().find(|(known, _)| known == name) {
                    let help = "put a link there that leads to it on the web";
                    tell("mail-support", format!("`<{known}>` is dropped by {who}"), help);
                }
                if let Some(style) = attribute(tag, "style") {
                    declarations(style, tell);
                }
                let src = attribute(tag, "src").filter(|_| *name == "img").unwrap_or_default();
                if PICTURES.iter().any(|ending| src.to_ascii_lowercase().ends_with(ending)) {
                    let help = "save it as PNG or JPEG";
                    tell("mail-support", format!("`{src}` is of a kind that Outlook does not show"), help);
                }
            }
            Markup::Style(css) => {
                for rule in ["@import", "@font-face"] {
                    if css.contains(rule) {
                        let help = "name fonts that readers have";
                        tell("mail-support", format!("`{rule}` is dropped by Gmail and Outlook"), help);
                    }
                }
            }
            Markup::Close(_) | Markup::Text(_) => {}
        }
    }
}

fn declarations(style: &str, tell: Tell<'_>) {
    for declaration in style.split(';') {
        let plain: String = declaration.chars().filter(|c| !c.is_whitespace()).collect();
        let is_meant = |known: &str| {
            plain.strip_prefix(known).is_some_and(|rest| rest.is_empty() || rest.starts_with([':', '!']))
        };
        if let Some((known, who)) = DECLARATIONS.iter().find(|(known, _)| is_meant(known)) {
            let help = "lay it out with tables, so that it stands without this";
            tell("mail-support", format!("`{known}` is not followed by {who}"), help);
        }
        if plain.contains("var(--") {
            let help = "write the value itself";
            tell("mail-support", "`var(--…)` is not known to Gmail and Outlook".to_owned(), help);
        }
    }
}
