//! The section `server`.

use std::net::{IpAddr, SocketAddr};
use std::path::Path;

use super::{folder_url, text};
use crate::config::findings::Findings;
use crate::config::raw::Text;
use crate::config::{Certificate, Hooks, Http, Network, Operator, Secret, Server, Topic, raw};

/// Where nothing is said: for a proxy on this machine.
const LISTEN: ([u8; 4], u16) = ([127, 0, 0, 1], 8080);

/// The same for the operator's desk.
const DESK: ([u8; 4], u16) = ([127, 0, 0, 1], 8081);

/// Where subscribers' pages are; `None` where the owner says nothing of it, or nothing that can be used.
pub(super) fn server(raw: &raw::Server, config_dir: &Path, findings: &mut Findings<'_>) -> Option<Server> {
    let written = text(raw.url.clone())?;
    let Some(url) = folder_url(&written) else {
        let message = format!("`{written}` is not an absolute web address");
        findings.error("url", &written, message, "write it in full, as in `url: https://news.example.com`");
        return None;
    };
    let loopback = matches!(url.host_str(), Some("localhost" | "127.0.0.1" | "[::1]"));
    if url.scheme() != "https" && !loopback {
        let message = format!("`{written}` is not https, which one-click links must be (RFC 8058)");
        findings.error("url", &written, message, "use the https address under which subscribers reach it");
        return None;
    }
    let Some(file) = &raw.secret_file else {
        let message = "`server.url` needs `server.secret_file`: the links in mail are signed with it";
        findings.error(
            "server",
            "",
            message,
            "make one with `head -c 32 /dev/urandom | base64 > config/secret` and keep it out of git",
        );
        return None;
    };
    Some(Server { url, secret: Secret::File(config_dir.join(&file.0)) })
}

/// How it listens.
pub(super) fn http(raw: raw::Server, config_dir: &Path, findings: &mut Findings<'_>) -> Http {
    let listen = listen(raw.listen, LISTEN, findings);
    let operator = raw.operator.map(|operator| desk(operator, config_dir, findings));
    let mut trusted = Vec::new();
    for written in raw.trusted_proxies.iter().flatten().map(|text| text.0.as_str()) {
        match Network::parse(written) {
            Some(network) => trusted.push(network),
            None => findings.error(
                "trusted_proxies",
                written,
                format!("`{written}` is no network"),
                "write an address or a network, as in `192.0.2.0/24`",
            ),
        }
    }
    if raw.trusted_proxies.is_none() {
        trusted.extend(Network::LOOPBACK);
    }
    let mut origins = Vec::new();
    for written in raw.origins.into_iter().map(|text| text.0) {
        match url::Url::parse(&written).ok().filter(|url| matches!(url.scheme(), "http" | "https")) {
            Some(url) if matches!(url.path(), "" | "/") => origins.push(url.origin().ascii_serialization()),
            _ => findings.error(
                "origins",
                &written,
                format!("`{written}` is no origin"),
                "write scheme and host alone, as in `https://example.com`",
            ),
        }
    }
    Http {
        listen,
        operator,
        trusted_proxies: trusted,
        origins,
        tls: raw.tls.map(|tls| Certificate {
            cert_file: config_dir.join(tls.cert_file.0),
            key_file: config_dir.join(tls.key_file.0),
        }),
        hooks: hooks(raw.hooks, config_dir),
    }
}

/// Where to listen; where what is said makes no sense, at `default`.
fn listen(written: Option<Text>, default: ([u8; 4], u16), findings: &mut Findings<'_>) -> SocketAddr {
    let Some(written) = text(written) else { return default.into() };
    let port_alone = written.strip_prefix(':').and_then(|port| port.parse().ok());
    let address = written.replace("localhost:", "127.0.0.1:").parse().ok();
    let address = address.or_else(|| port_alone.map(|port| (IpAddr::from([127, 0, 0, 1]), port).into()));
    address.unwrap_or_else(|| {
        let message = format!("`{written}` is no address to listen at");
        findings.error("listen", &written, message, "write address and port, as in `listen: 127.0.0.1:8080`");
        default.into()
    })
}

/// The operator's desk. Others than this machine's own need a token.
fn desk(raw: raw::Operator, config_dir: &Path, findings: &mut Findings<'_>) -> Operator {
    let listen = listen(raw.listen, DESK, findings);
    if raw.token_file.is_none() && !listen.ip().is_loopback() {
        let message = format!("`server.operator` listens at {listen}, where others than you can reach it");
        let help = "let it listen at `127.0.0.1:8081`, or give it a `token_file`";
        findings.error("operator", "listen", message, help);
    }
    Operator { listen, token: raw.token_file.map(|file| Secret::File(config_dir.join(file.0))) }
}

fn hooks(raw: raw::Hooks, config_dir: &Path) -> Hooks {
    let secret = |file: Text| Secret::File(config_dir.join(file.0));
    Hooks {
        ses: raw.ses.map(|ses| Topic {
            topic: ses.topic.0,
            cert_file: ses.cert_file.map(|file| config_dir.join(file.0)),
        }),
        postmark: raw.postmark.map(|postmark| secret(postmark.password_file)),
        mailgun: raw.mailgun.map(|mailgun| secret(mailgun.key_file)),
        sendgrid: raw.sendgrid.map(|sendgrid| sendgrid.public_key.0),
    }
}
