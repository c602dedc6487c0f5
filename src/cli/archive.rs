//! What lies on the web for an issue: its page, and the pictures that were made for it.

use std::path::Path;

use super::site::{Failure, Site};
use crate::diagnostic::Diagnostic;
use crate::digest::{Issue, web};
use crate::fsx;
use crate::ledger::Ledger;
use crate::picture;

/// Puts into `out` what an issue leads to, where it is not there yet. A picture that cannot be made is told.
pub(super) fn place(site: &Site, issue: &Issue, out: &Path) -> Result<Vec<Diagnostic>, Failure> {
    let mut found = Vec::new();
    for converted in &issue.pictures {
        let path = out.join(&converted.path);
        if path.exists() {
            continue;
        }
        match picture::png(&converted.source) {
            Ok(bytes) => drop(fsx::write_atomic(&path, &bytes)?),
            Err(why) => {
                let message = format!("this picture cannot be made fit for mail: {why}");
                let help = "save it as PNG or JPEG";
                found.push(
                    Diagnostic::warning("mail-picture", site.shown(&converted.source), message).help(help),
                );
            }
        }
    }
    let page = out.join(web::path(&issue.newsletter, &issue.id));
    if keeps(site, &issue.newsletter) && !page.exists() {
        fsx::write_atomic(&page, web::page(issue).as_bytes())?;
    }
    Ok(found)
}

/// The same for every issue that has been sent.
pub(super) fn place_all(site: &Site, ledger: &Ledger, out: &Path) -> Result<Vec<Diagnostic>, Failure> {
    let mut found = Vec::new();
    for (newsletter, id) in ledger.issue_ids()? {
        let is_wanting = keeps(site, &newsletter) && !out.join(web::path(&newsletter, &id)).exists();
        if let Some(issue) = is_wanting.then(|| ledger.issue(&id)).transpose()?.flatten() {
            found.extend(place(site, &issue, out)?);
        }
    }
    Ok(found)
}

/// Whether a newsletter's issues stand on the web.
fn keeps(site: &Site, name: &str) -> bool {
    site.config.newsletters.iter().any(|newsletter| newsletter.name == name && newsletter.archive)
}
