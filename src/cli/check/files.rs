//! Files that are not there, and files that nobody reads.

use std::os::unix::fs::MetadataExt as _;
use std::path::Path;

use super::places::in_config;
use crate::cli::site::Site;
use crate::config::{Blog, Host, Newsletter, Secret, Transport};
use crate::content::{self, Post};
use crate::diagnostic::{Diagnostic, Place, did_you_mean};
use crate::digest::Editor;
use crate::fsx;
use crate::template::BUILT_IN;

/// Files that the config names and that are not there: what needs them would find out when mail is to go out.
pub(super) fn missing(site: &Site) -> Vec<Diagnostic> {
    let config = &site.config;
    let mut hosts: Vec<&Host> = config.mail.bounces.imap.iter().map(|imap| &imap.host).collect();
    let mut named: Vec<(&str, &Path)> = Vec::new();
    match &config.mail.transport {
        Transport::Smtp(relays) => hosts.extend(relays.iter().map(|relay| &relay.host)),
        Transport::Sendmail(program, _) => named.push(("sendmail", program.as_path())),
        Transport::Maildir | Transport::Stdout => {}
    }
    let bounces = &config.mail.bounces;
    named.extend(bounces.maildir.iter().map(|path| ("maildir", path.as_path())));
    named.extend(bounces.mbox.iter().map(|path| ("mbox", path.as_path())));
    named.extend(hosts.iter().filter_map(|host| host.ca_file.as_deref()).map(|file| ("ca_file", file)));
    let passwords = hosts.iter().filter_map(|host| host.credentials.as_ref()).map(|(_, secret)| secret);
    let passwords = passwords.map(|secret| ("password_file", secret));
    let server = config.server.iter().map(|server| ("secret_file", &server.secret));
    let webhooks = config.webhooks.iter().map(|webhook| ("secret_file", &webhook.secret));
    let operator = config.http.operator.as_ref().and_then(|operator| operator.token.as_ref());
    let operator = operator.map(|token| ("token_file", token));
    for (key, secret) in passwords.chain(server).chain(webhooks).chain(operator) {
        if let Secret::File(file) = secret {
            named.push((key, file.as_path()));
        }
    }
    let is_missing = |(_, file): &(&str, &Path)| !file.exists();
    let told = |(key, file): (&str, &Path)| {
        let message = format!("`{key}` names `{}`, which is not there", site.shown(file).display());
        let name = file.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        let place =
            in_config(site, &format!("{key}: {name}")).or_else(|| in_config(site, &format!("{key}:")));
        let place = place.map(|place| Place { width: key.chars().count() + 1, ..place });
        let help = "put the file there, or correct its name: without it nothing that needs it goes out";
        Diagnostic::warning("config", &site.config_path, message).at(place).help(help)
    };
    let lax = named.iter().filter(|(key, _)| key.ends_with("_file") && *key != "ca_file");
    let lax: Vec<Diagnostic> = lax.filter_map(|(key, file)| lax_secret(site, key, file)).collect();
    named.into_iter().filter(is_missing).map(told).chain(lax).collect()
}

/// A file with a secret that holds none, or that everybody on the machine may read.
fn lax_secret(site: &Site, key: &str, file: &Path) -> Option<Diagnostic> {
    let about = file.metadata().ok()?;
    let shown = site.shown(file).display();
    let (message, help) = if about.len() == 0 {
        (format!("`{shown}` is empty"), "write the secret into it".to_owned())
    } else if about.mode() & 0o004 != 0 {
        (format!("`{shown}` can be read by everybody on this machine"), format!("`chmod 600 {shown}`"))
    } else {
        return None;
    };
    let place = in_config(site, &format!("{key}:"));
    Some(Diagnostic::warning("config", &site.config_path, message).at(place).help(&help))
}

/// Files and folders by a name that nobody asks for, but nearly.
pub(super) fn strays(site: &Site) -> Vec<Diagnostic> {
    let names: Vec<&str> =
        site.config.newsletters.iter().map(|newsletter| newsletter.name.as_str()).collect();
    let templates = BUILT_IN.iter().filter_map(|(name, _)| name.split('/').next()).chain(["shortcodes"]);
    let mut known: Vec<&str> = templates.chain(names.iter().copied()).collect();
    known.dedup();
    let mut found = Vec::new();
    let mut folders = vec![(site.config.root.join("issues"), names)];
    // Zola's own templates lie in a folder of the same name.
    if !matches!(site.config.blog, Blog::Zola(_)) {
        folders.push((site.config.templates_dir(), known));
    }
    for (folder, known) in folders {
        for name in fsx::list(&folder).unwrap_or_default() {
            if let Some(near) = did_you_mean(&name, known.iter().copied()).filter(|near| is_slip(&name, near))
            {
                let path = folder.join(&name);
                let help = format!("did you mean `{near}`?");
                found
                    .push(Diagnostic::warning("stray", site.shown(&path), "nobody asks for this").help(help));
            }
        }
    }
    found
}

/// Whether a name is another with a slip or two.
fn is_slip(name: &str, near: &str) -> bool {
    name != near && strsim::damerau_levenshtein(name, near) <= 2
}

/// What is odd about what editors have written for issues.
pub(super) fn editors(site: &Site, newsletter: &Newsletter) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    let folder = site.config.root.join("issues").join(&newsletter.name);
    let all: Vec<&Post> = site.library.posts.iter().collect();
    for name in fsx::list(&folder).unwrap_or_default() {
        let path = folder.join(&name);
        let shown = site.shown(&path);
        let day = name.strip_suffix(".md").map(|day| chrono::NaiveDate::parse_from_str(day, "%Y-%m-%d"));
        if !matches!(day, Some(Ok(_))) {
            let help = "name it by the day of its issue, such as `2026-11-23.md`";
            let message = "this file is read for no issue";
            found.push(Diagnostic::warning("editor", shown, message).help(help));
            continue;
        }
        match content::page(&path, shown, &mut found) {
            Ok(Some(page)) => {
                let (editor, odd) = Editor::of(&page, shown);
                found.extend(odd);
                found.extend(editor.missing(&all, shown));
            }
            Ok(None) => {}
            Err(diagnostic) => found.push(*diagnostic),
        }
    }
    found
}
