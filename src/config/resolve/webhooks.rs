//! The section `webhooks`.

use std::path::Path;

use url::Url;

use crate::config::findings::Findings;
use crate::config::webhook::KINDS;
use crate::config::{Secret, Webhook, raw};
use crate::diagnostic::did_you_mean;

/// Those that can be told of anything. What is said to them could hold addresses: it is never said in the clear.
pub(super) fn webhooks(
    raw: Vec<raw::Webhook>,
    config_dir: &Path,
    findings: &mut Findings<'_>,
) -> Vec<Webhook> {
    let mut webhooks: Vec<Webhook> = Vec::new();
    for one in raw {
        let written = one.url.0;
        let url = Url::parse(&written).ok().filter(Url::has_host);
        let is_local = |url: &Url| matches!(url.host_str(), Some("localhost" | "127.0.0.1" | "[::1]"));
        let url = url.filter(|url| url.scheme() == "https" || (url.scheme() == "http" && is_local(url)));
        let Some(url) = url else {
            // The address itself may hold a secret.
            let message = "this is no address that webhooks may be sent to";
            findings.error("webhooks", "", message, "write an https address; http is for this machine alone");
            continue;
        };
        if webhooks.iter().any(|other| other.url == url) {
            let message =
                format!("the same address at `{}` stands there twice", url.host_str().unwrap_or_default());
            findings.error("webhooks", "", message, "write it once, with all its `events`");
            continue;
        }
        let mut kinds = Vec::new();
        for event in &one.events {
            if let Some(kind) = KINDS.into_iter().find(|kind| *kind == event.0) {
                kinds.push(kind);
                continue;
            }
            let help = did_you_mean(&event.0, KINDS).map_or_else(
                || format!("there are: {}", KINDS.join(", ")),
                |near| format!("did you mean `{near}`?"),
            );
            findings.error("events", &event.0, format!("there is no event `{}`", event.0), &help);
        }
        let kinds = if one.events.is_empty() { KINDS.to_vec() } else { kinds };
        webhooks.push(Webhook { url, secret: Secret::File(config_dir.join(one.secret_file.0)), kinds });
    }
    webhooks
}
