//! Where the ledger is to be.

use std::path::Path;
use std::time::Duration;

use url::Url;

use super::mail::{file, secret};
use super::text;
use crate::config::findings::Findings;
use crate::config::raw::Ledger;
use crate::config::{Memory, Postgres, duration};

/// A machine that is only slow must not be taken for dead; one that is dead must not keep its claims for hours.
const LEASES: (Duration, Duration) = (Duration::from_secs(10), Duration::from_hours(1));

pub(super) fn ledger(raw: Ledger, config_dir: &Path, findings: &mut Findings<'_>) -> Memory {
    let keep = raw.keep.filter(|keep| *keep > 0);
    let place = text(raw.url).filter(|place| place != "sqlite");
    let secret = secret(raw.password, raw.password_file, raw.password_command, config_dir);
    let Some(place) = place else { return Memory { postgres: None, keep } };
    let Some(mut url) =
        Url::parse(&place).ok().filter(|url| matches!(url.scheme(), "postgres" | "postgresql"))
    else {
        let help = "write `sqlite`, or `postgres://USER@HOST/DATABASE`";
        // The address may hold a password.
        findings.error("ledger", "", "`ledger` names none that is known here", help);
        return Memory { postgres: None, keep };
    };
    if url.password().is_some() || url.query_pairs().any(|(key, _)| key == "password") {
        findings.error(
            "ledger",
            "",
            "`ledger` holds a password",
            "leave it out of the address, and write `password_file: …` (or `password_command`, or `password: ${NAME}`) beside `url: …`",
        );
    }
    let lease = match text(raw.lease) {
        None => Duration::from_mins(1),
        Some(written) => span(&written, findings),
    };
    let host = url.host_str().unwrap_or_default().to_owned();
    let asked = url.query_pairs().find(|(key, _)| key == "host").map(|(_, host)| host.into_owned());
    let host = asked.unwrap_or(host);
    // A database on this very machine is reached without leaving it.
    let is_near =
        matches!(host.as_str(), "" | "localhost" | "127.0.0.1" | "[::1]" | "::1") || host.starts_with('/');
    let mode = url.query_pairs().find(|(key, _)| key == "sslmode").map(|(_, mode)| mode.into_owned());
    let is_protected = match mode.as_deref() {
        None | Some("prefer" | "allow") => !is_near,
        Some("disable") => {
            if !is_near {
                let message = "`sslmode=disable` sends addresses over the network for others to read";
                findings.warning("ledger", message, "leave it out: the connection is then under TLS");
            }
            false
        }
        Some(_) => true,
    };
    // Whatever is asked for, a certificate is verified.
    let kept: Vec<&str> = url
        .query()
        .into_iter()
        .flat_map(|query| query.split('&'))
        .filter(|pair| !pair.starts_with("sslmode="))
        .collect();
    let kept = Some(kept.join("&")).filter(|query| !query.is_empty());
    url.set_query(kept.as_deref());
    let ca_file = file(raw.ca_file, config_dir);
    Memory {
        postgres: Some(Postgres { url: url.into(), password: secret, is_protected, ca_file, lease }),
        keep,
    }
}

fn span(written: &str, findings: &mut Findings<'_>) -> Duration {
    let (least, most) = LEASES;
    let seconds = written.trim().strip_suffix('s').and_then(|seconds| seconds.trim().parse().ok());
    let span = seconds
        .map(Duration::from_secs)
        .or_else(|| duration::parse(written).and_then(|span| span.to_std().ok()))
        .filter(|span| (least..=most).contains(span));
    span.unwrap_or_else(|| {
        let help = "write a number and a unit, such as `30s` or `2m`, from 10 seconds to an hour";
        findings.error("lease", written, format!("`{written}` cannot be a lease"), help);
        Duration::from_mins(1)
    })
}
