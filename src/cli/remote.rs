//! What builds and issues have written reaches object storage, where the config names one.

use std::collections::{BTreeMap, HashSet};
use std::path::Path;

use serde::{Deserialize, Serialize};
use walkdir::WalkDir;

use super::Exit;
use super::shelf::{CHANGES, STAYS};
use super::site::{Failure, Site};
use crate::config::Remote;
use crate::content;
use crate::feed::{self, Plan};
use crate::fsx;
use crate::publish::{Object, Published, Store, StoreError, is_text};
use crate::report::{Reporter, count};

/// What was published last from this machine: where nothing has changed since, nobody is asked.
#[derive(Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
struct Last {
    url: String,
    /// The length of each file, when it was written, and a hash of its bytes.
    files: BTreeMap<String, (u64, i64, String)>,
}

/// Publishes what has changed. `None` where the config names no storage, or nothing has changed.
pub(super) fn publish(site: &Site) -> Result<Option<Published>, Failure> {
    let Some(remote) = &site.config.remote else { return Ok(None) };
    let mut objects = objects(site);
    let kept = site.config.state_dir().join("published.json");
    let last = fsx::read_text(&kept).ok().and_then(|text| serde_json::from_str::<Last>(&text).ok());
    let last = last.unwrap_or_default();
    let mut now = Last { url: remote.url.to_string(), files: BTreeMap::new() };
    for object in &mut objects {
        let (length, written) = fsx::stamp(&object.file).unwrap_or_default();
        let known = last.files.get(&object.path).filter(|known| (known.0, known.1) == (length, written));
        object.hash = match known {
            Some((_, _, hash)) => hash.clone(),
            None => blake3::hash(&fsx::read(&object.file, u64::MAX)?).to_hex().to_string(),
        };
        now.files.insert(object.path.clone(), (length, written, object.hash.clone()));
    }
    if last == now {
        return Ok(None);
    }
    let published = open(remote)?.publish(&objects)?;
    fsx::write_atomic(&kept, &serde_json::to_vec(&now)?)?;
    Ok(Some(published))
}

/// The same, and says what was done.
pub(super) fn publish_and_tell(site: &Site, report: &Reporter) -> Result<(), Failure> {
    if let Some(Published { put, removed }) = publish(site)? {
        let gone =
            if removed == 0 { String::new() } else { format!(", {} taken away", count(removed, "object")) };
        report.note(&format!("storage: {} put{gone}", count(put, "object")));
    }
    Ok(())
}

/// A storage that is away may be there later.
pub(super) fn exit_of(error: &anyhow::Error) -> Exit {
    let is_away = error.downcast_ref::<StoreError>().is_some_and(StoreError::is_temporary);
    if is_away { Exit::Later } else { Exit::Partly }
}

fn open(remote: &Remote) -> Result<Store, Failure> {
    Ok(Store::open(&remote.url, &remote.environment())?)
}

/// The files that are to lie there: feeds and the pages that lead to others come last.
fn objects(site: &Site) -> Vec<Object> {
    let public = &site.config.public;
    let (plan, _) = Plan::new(&site.config, &site.library, &site.config_path);
    let subscribed: HashSet<&str> =
        plan.documents.iter().filter(|one| one.is_subscription()).map(|one| one.path.as_str()).collect();
    let media_types: BTreeMap<&str, &str> =
        plan.documents.iter().map(|one| (one.path.as_str(), feed::media_type(one.format))).collect();
    let is_hidden = |name: &std::ffi::OsStr| name.as_encoded_bytes().starts_with(b".");
    let walk = WalkDir::new(public).sort_by_file_name().into_iter();
    let files = walk.filter_entry(|entry| entry.depth() == 0 || !is_hidden(entry.file_name()));
    let files = files.filter_map(Result::ok).filter(|entry| entry.file_type().is_file());
    files
        .filter_map(|entry| {
            let path = entry.path().strip_prefix(public).ok()?.to_str()?.to_owned();
            let is_entrance = subscribed.contains(path.as_str()) || is_index(&path);
            let media_type = media_types.get(path.as_str()).copied().unwrap_or_else(|| of_ending(&path));
            let with_charset = is_text(media_type).then(|| format!("{media_type}; charset=utf-8"));
            Some(Object {
                media_type: with_charset.unwrap_or_else(|| media_type.to_owned()),
                max_age: if is_entrance { CHANGES } else { STAYS },
                file: entry.into_path(),
                hash: String::new(),
                is_entrance,
                path,
            })
        })
        .collect()
}

/// The pages that list others, and the feeds of issues.
fn is_index(path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or(path);
    matches!(name, "feeds.html" | "feeds.opml" | "index.html")
        || (path.starts_with("newsletter/") && name == "feed.xml")
}

fn of_ending(path: &str) -> &str {
    match Path::new(path).extension().and_then(|ending| ending.to_str()) {
        Some("html") => "text/html",
        Some("css") => "text/css",
        Some("opml") => "text/x-opml",
        Some("xml") => "application/atom+xml",
        Some("json") => "application/json",
        _ => content::media_type(path).unwrap_or("application/octet-stream"),
    }
}
