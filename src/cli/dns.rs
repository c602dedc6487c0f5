//! What `check --dns` asks and says.

use std::net::SocketAddr;

use super::site::{Failure, Site};
use crate::diagnostic::Diagnostic;
use crate::dns::{Key, Resolver, Sender, advice};
use crate::mail::dkim::DkimKey;
use crate::report::Reporter;

/// Looks at the records of every sender's domain, by the system's resolver or the server named.
pub(super) fn findings(site: &Site, server: &str, report: &Reporter) -> Result<Vec<Diagnostic>, Failure> {
    let resolver = Resolver::new(address(server)?)?;
    let mut keys = Vec::new();
    for dkim in &site.config.mail.dkim {
        // One that cannot be read is told by `check` itself.
        let Ok(key) = DkimKey::load(dkim) else { continue };
        keys.push(Key { domain: dkim.domain.clone(), name: key.record_name(), record: key.record() });
    }
    let bounces = site.config.mail.bounces.address.as_ref();
    let mut senders: Vec<Sender> = Vec::new();
    for newsletter in &site.config.newsletters {
        let from = newsletter.from.address.domain().to_owned();
        let envelope = bounces.map_or_else(|| from.clone(), |address| address.domain().to_owned());
        if senders.iter().all(|sender| sender.from != from) {
            senders.push(Sender { from, envelope, keys: keys.clone() });
        }
    }
    let mut found = Vec::new();
    for sender in senders {
        match advice(&sender, &|name, kind| resolver.ask(name, kind), &site.config_path) {
            Ok((advice, summary)) => {
                found.extend(advice);
                report.note(&summary);
            }
            Err(error) => {
                let help = "try again; `--dns=ADDRESS` asks another server";
                found.push(Diagnostic::error("dns", &site.config_path, error.to_string()).help(help));
            }
        }
    }
    Ok(found)
}

/// `system`, `9.9.9.9` or `127.0.0.1:5353`.
fn address(server: &str) -> Result<Option<SocketAddr>, Failure> {
    if server == "system" {
        return Ok(None);
    }
    let with_port = server.parse::<SocketAddr>().ok();
    let alone = || server.parse().ok().map(|ip| SocketAddr::new(ip, 53));
    with_port.or_else(alone).map(Some).ok_or_else(|| {
        Failure::Usage(format!(
            "`{server}` is not the address of a server, such as `9.9.9.9` or `127.0.0.1:5353`"
        ))
    })
}
