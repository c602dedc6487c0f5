//! What lies on the web for an issue: its page, and the pictures that were made for it.

use std::path::Path;

use minijinja::context;

use super::site::{Failure, Site};
use crate::config::{Archive, Newsletter};
use crate::diagnostic::Diagnostic;
use crate::digest::{Issue, web};
use crate::feed::{self, IssueEntry};
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
    let is_private = |name: &str| {
        let mut private = site.config.newsletters.iter().filter(|one| one.archive == Archive::Private);
        private.any(|newsletter| newsletter.name == name)
    };
    for (newsletter, id) in ledger.issues_on_the_web()? {
        // What has become private is taken off the web.
        if is_private(&newsletter) {
            let [index, feed] = web::index(&newsletter);
            for path in [web::path(&newsletter, &id), index, feed] {
                fsx::remove_below(out, &out.join(path))?;
            }
            continue;
        }
        if !out.join(web::path(&newsletter, &id)).exists()
            && let Some(issue) = ledger.issue(&id)?
        {
            found.extend(place(site, &issue, out));
        }
    }
    for newsletter in
        site.config.newsletters.iter().filter(|newsletter| newsletter.archive == Archive::Public)
    {
        found.extend(index(site, newsletter, ledger, out)?);
    }
    Ok(found)
}

/// The newest issues in their feed.
const IN_FEED: usize = 20;

/// Writes the index of each newsletter's issues, and their feed, where there is news.
pub(super) fn index(
    site: &Site,
    newsletter: &Newsletter,
    ledger: &Ledger,
    out: &Path,
) -> Result<Vec<Diagnostic>, Failure> {
    let issues = ledger.archive(&newsletter.name)?;
    let [page, feed] = web::index(&newsletter.name);
    let templates = site.templates();
    let key = format!("archive of {}", newsletter.name);
    let own = ["pages/layout.html", "pages/archive.html", "pages/pages.css"];
    let own = own.map(|name| fsx::stamp(&site.config.templates_dir().join(name)));
    let seen = issues.first().map(|issue| issue.id.as_str());
    let mark = format!("{} {seen:?} {own:?} {}", issues.len(), env!("CARGO_PKG_VERSION"));
    let lies_there = [&page, &feed].iter().all(|path| out.join(path).exists());
    if issues.is_empty() || (lies_there && ledger.note(&key)?.is_some_and(|before| before == mark)) {
        return Ok(Vec::new());
    }
    let url = |path: &str| site.config.site.url.join(path).map_or_else(|_| path.to_owned(), String::from);
    let zone = site.config.site.timezone;
    let rows = issues.iter().map(|issue| {
        let local = issue.created.with_timezone(&zone);
        context! {
            url => format!("{}.html", issue.id),
            subject => issue.subject.as_str(),
            date => local.format("%Y-%m-%d").to_string(),
            datetime => local.to_rfc3339(),
        }
    });
    let mut found = Vec::new();
    let subscribe =
        site.config.server.as_ref().map(|server| format!("{}subscribe/{}", server.url, newsletter.name));
    let values = context! {
        language => newsletter.language.as_str(),
        words => templates.page_words(&newsletter.language, &mut found),
        css => "../pages.css",
        site => context! { title => site.config.site.title.as_str(), url => site.config.site.url.as_str() },
        newsletter => context! { title => newsletter.title.as_str(), name => newsletter.name.as_str() },
        issues => rows.collect::<Vec<_>>(),
        feed => "feed.xml",
        subscribe => subscribe,
        is_private => false,
    };
    let rendered = templates.render("pages/archive.html", &values);
    let styled = templates.render("pages/pages.css", &context! {});
    match (rendered, styled) {
        (Ok(html), Ok(css)) => {
            put(&out.join(&page), html.as_bytes(), &mut found);
            put(&out.join("newsletter/pages.css"), css.as_bytes(), &mut found);
        }
        (Err(error), _) | (_, Err(error)) => found.push(*error),
    }
    let mut entries = Vec::new();
    for archived in issues.iter().take(IN_FEED) {
        let Some(issue) = ledger.issue(&archived.id)? else { continue };
        entries.push(IssueEntry {
            url: url(&web::path(&newsletter.name, &issue.id)),
            title: issue.subject.clone(),
            date: issue.created,
            language: archived.language.clone(),
            text: web::text(&issue),
        });
    }
    let bytes = feed::issues(&site.config, newsletter, (&url(&feed), &url(&page)), &entries)?;
    put(&out.join(&feed), &bytes, &mut found);
    if found.is_empty() {
        ledger.remember(&key, &mark)?;
    }
    Ok(found)
}

/// Writes a file; what keeps it from being written is told.
fn put(path: &Path, bytes: &[u8], found: &mut Vec<Diagnostic>) {
    if let Err(error) = fsx::write_atomic(path, bytes) {
        let help = "make room for it; the next `tidings build` that can write there does";
        found.push(Diagnostic::warning("web-page", &error.path, error.to_string()).help(help));
    }
}
