//! `tidings dkim keygen`: makes the keys that sign mail, and says what to put into the DNS.

use clap::{Subcommand, ValueEnum};

use super::Exit;
use super::args::Args;
use super::site::{Failure, Site};
use crate::address;
use crate::fsx;
use crate::mail::dkim::NewKey;
use crate::report::Reporter;

#[derive(Debug, Subcommand)]
pub(super) enum DkimCommand {
    /// Make keys, and print the DNS records and the lines for the config
    Keygen(KeygenOptions),
}

#[derive(Debug, clap::Args)]
pub(super) struct KeygenOptions {
    /// Whose mail they sign [default: the domain of the first newsletter's sender]
    #[arg(long, value_name = "DOMAIN")]
    pub domain: Option<String>,

    /// What their names in the DNS begin with
    #[arg(long, value_name = "NAME", default_value = "tidings")]
    pub selector: String,

    /// Which keys: receivers that know Ed25519 are few, those that do not know it pass over it
    #[arg(long = "type", value_enum, default_value_t = KeyKind::Both)]
    pub kind: KeyKind,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum KeyKind {
    /// RSA of 2048 bits and Ed25519
    Both,
    /// RSA of 2048 bits
    Rsa,
    /// Ed25519
    Ed25519,
}

/// A TXT record is made of strings of at most so many octets (RFC 1035 §3.3).
const LONGEST_STRING: usize = 255;

pub(super) fn keygen(args: &Args, options: &KeygenOptions, report: &Reporter) -> Result<Exit, Failure> {
    let config = Site::config(&args.place)?.config;
    let from = config.newsletters.first().map(|newsletter| &newsletter.from);
    let written = match (&options.domain, from) {
        (Some(domain), _) => domain.clone(),
        (None, Some(from)) => from.address.domain().to_owned(),
        (None, None) => config.site.url.host_str().unwrap_or_default().to_owned(),
    };
    let domain = address::domain(&written)
        .ok_or_else(|| Failure::Usage(format!("`{written}` is not a domain; name one with `--domain`")))?;
    if address::domain(&options.selector).is_none() || options.selector.contains('.') {
        let words = format!("`{}` is not a selector: letters, digits and hyphens make one", options.selector);
        return Err(Failure::Usage(words));
    }
    let folder = match &args.place.config {
        Some(file) => file.parent().unwrap_or(std::path::Path::new(".")).to_path_buf(),
        None => config.root.join("config"),
    };
    let kinds: &[(&str, Make)] = match options.kind {
        KeyKind::Both => &[("rsa", NewKey::rsa), ("ed25519", NewKey::ed25519)],
        KeyKind::Rsa => &[("rsa", NewKey::rsa)],
        KeyKind::Ed25519 => &[("ed25519", NewKey::ed25519)],
    };
    let (mut records, mut lines) = (String::new(), String::new());
    let file_of = |kind: &str| format!("dkim-{}-{kind}.pem", options.selector);
    if let Some(path) = kinds.iter().map(|(kind, _)| folder.join(file_of(kind))).find(|path| path.exists()) {
        let words = format!(
            "`{}` is there already; name another `--selector`, such as `{}`",
            site_path(&path, &config.root),
            format_args!("{}2", options.selector)
        );
        return Err(Failure::Usage(words));
    }
    for (kind, make) in kinds {
        let selector = format!("{}-{kind}", options.selector);
        let file = file_of(kind);
        let key = make().map_err(|_| anyhow::anyhow!("no key could be made"))?;
        let path = folder.join(&file);
        fsx::write_private(&path, key.private.as_bytes())?;
        report.note(&format!("wrote {}; keep it out of git", site_path(&path, &config.root)));
        records.push_str(&format!("{selector}._domainkey.{domain}. IN TXT {}\n", strings(&key.record)));
        lines.push_str(&format!("    - {{ domain: {domain}, selector: {selector}, key_file: {file} }}\n"));
    }
    report.data(&format!(
        "; put into the DNS of {domain}, then look with `tidings check --dns`\n{records}\n# put into config/tidings.yaml; a `mail:` that is there already takes the lines below\nmail:\n  dkim:\n{lines}"
    ))?;
    Ok(Exit::Done)
}

type Make = fn() -> Result<NewKey, aws_lc_rs::error::Unspecified>;

fn site_path(path: &std::path::Path, root: &std::path::Path) -> String {
    path.strip_prefix(root).unwrap_or(path).display().to_string()
}

/// A record's text as the strings of a zone file.
fn strings(text: &str) -> String {
    let pieces =
        text.as_bytes().chunks(LONGEST_STRING).map(|piece| format!("\"{}\"", String::from_utf8_lossy(piece)));
    pieces.collect::<Vec<_>>().join(" ")
}
