//! What lies on the web for an issue: its page, and the pictures that were made for it.

use std::path::Path;

use super::site::{Failure, Site};
use crate::diagnostic::Diagnostic;
use crate::digest::{Issue, web};
use crate::fsx;
use crate::ledger::Ledger;
use crate::picture;

/// A picture of more bytes keeps readers on a phone waiting.
const HEAVY: usize = 1 << 20;

/// Puts into `out` what an issue leads to, where it is not there yet. What cannot be put there is told: mail does not wait for it.
pub(super) fn place(site: &Site, issue: &Issue, out: &Path) -> Vec<Diagnostic> {
    let mut found = pictures(site, issue, out);
    let page = out.join(web::path(&issue.newsletter, &issue.id));
    if issue.on_the_web
        && !page.exists()
        && let Err(error) = fsx::write_atomic(&page, web::page(issue).as_bytes())
    {
        let help = "its link in the mail leads nowhere until the next `tidings build` that can write there";
        found.push(Diagnostic::warning("web-page", &error.path, error.to_string()).help(help));
    }
    found
}

/// The same for its pictures alone.
pub(super) fn pictures(site: &Site, issue: &Issue, out: &Path) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    for converted in &issue.pictures {
        let path = out.join(&converted.path);
        let source = site.config.root.join(&converted.source);
        if path.exists() {
            continue;
        }
        let made = picture::png(&source).and_then(|bytes| {
            fsx::write_atomic(&path, &bytes).map(|_| bytes.len()).map_err(|error| error.to_string())
        });
        let (message, help) = match made {
            Ok(length) if length <= HEAVY => continue,
            Ok(length) => (
                format!("as PNG, for mail, this picture has {} KB", length >> 10),
                "make it smaller, or save it as JPEG",
            ),
            Err(why) => {
                (format!("this picture cannot be made fit for mail: {why}"), "save it as PNG or JPEG")
            }
        };
        found.push(Diagnostic::warning("mail-picture", site.shown(&source), message).help(help));
    }
    found
}

/// The same for every issue that has been sent and said so.
pub(super) fn place_all(site: &Site, ledger: &Ledger, out: &Path) -> Result<Vec<Diagnostic>, Failure> {
    let mut found = Vec::new();
    for (newsletter, id) in ledger.issues_on_the_web()? {
        if !out.join(web::path(&newsletter, &id)).exists()
            && let Some(issue) = ledger.issue(&id)?
        {
            found.extend(place(site, &issue, out));
        }
    }
    Ok(found)
}
