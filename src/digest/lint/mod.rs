//! What is odd about an issue as readers would get it.

mod contrast;
mod links;
mod support;

use std::collections::BTreeSet;
use std::path::PathBuf;

use unicode_width::UnicodeWidthStr as _;

use super::Issue;
use super::markup::{Markup, attribute, parts};
use super::slot::{self, Slot};
use crate::diagnostic::Diagnostic;

/// Columns of a subject that a mailbox on a desk shows; on a phone there are about half as many.
const SUBJECT: usize = 70;

impl Issue {
    /// Everything that can be told without sending it, each thing once.
    pub fn lint(&self) -> Vec<Diagnostic> {
        let path = PathBuf::from(format!("newsletters.{}", self.newsletter));
        let parts = parts(&self.html);
        let mut told: BTreeSet<(&'static str, String, &'static str)> = BTreeSet::new();
        let mut tell = |code, message: String, help| {
            told.insert((code, message, help));
        };
        let width = self.subject.width();
        if width > SUBJECT {
            let message = format!(
                "the subject is {width} columns wide (a Hangul syllable is two); mailboxes show about {SUBJECT}"
            );
            tell(
                "mail-subject",
                message,
                "shorten it in the config, as in `subject: \"{{ posts[0].title | shorten(30) }}\"`",
            );
        }
        for part in &parts {
            let Markup::Open("img", tag) = part else { continue };
            let src = attribute(tag, "src").unwrap_or_default();
            if attribute(tag, "alt").is_none_or(|alt| alt.trim().is_empty()) {
                let help = "say in Markdown what it shows, as in `![a map of the river](map.png)`";
                tell(
                    "mail-alt",
                    format!("the picture `{src}` has no words for those who do not see it"),
                    help,
                );
            }
            if attribute(tag, "width").is_none() || attribute(tag, "height").is_none() {
                let help =
                    "put the file where the site has it, or write `<img … width=\"600\" height=\"400\">`";
                tell(
                    "mail-picture",
                    format!("how large the picture `{src}` is cannot be known; the text jumps when it comes"),
                    help,
                );
            }
        }
        let ways_off = [Slot::UnsubscribeUrl, Slot::PreferencesUrl];
        if !ways_off.into_iter().any(|slot| self.html.contains(&slot::mark(slot))) {
            let message =
                "no link in this mail leads off the list: whoever has had enough calls it spam instead";
            let help = "write `<a href=\"{{ unsubscribe_url }}\">` into your `templates/digest.html`";
            tell("mail-link", message.to_owned(), help);
        }
        links::lint(&parts, &mut tell);
        contrast::lint(&parts, &mut tell);
        support::lint(&parts, &mut tell);
        let warning = |(code, message, help): (&'static str, String, &str)| {
            Diagnostic::warning(code, &path, message).help(help)
        };
        self.size_warning().into_iter().chain(told.into_iter().map(warning)).collect()
    }
}

/// How a lint tells what it has found: code, message, help.
type Tell<'t> = &'t mut dyn FnMut(&'static str, String, &'static str);
