//! How mail leaves: the transport, the relay, its protection.

use std::path::Path;

use secrecy::SecretString;

use super::text;
use crate::config::findings::Findings;
use crate::config::raw::{self, TransportName};
use crate::config::{Mail, Secret, Smtp, Tls, Transport};

/// The mail settings; where one makes no sense, a harmless one in its place and a finding.
pub(super) fn mail(raw: raw::Mail, config_dir: &Path, findings: &mut Findings<'_>) -> Mail {
    let transport = match raw.transport.unwrap_or(TransportName::Maildir) {
        TransportName::Maildir => Transport::Maildir,
        TransportName::Stdout => Transport::Stdout,
        TransportName::Smtp => smtp(raw.smtp.unwrap_or_default(), config_dir, findings),
        TransportName::Sendmail => {
            let message = "`mail.transport: sendmail`: this version of tidings does not know it yet";
            findings.error(
                "transport",
                "sendmail",
                message,
                "use `smtp` with `host: localhost`, which reaches the same server",
            );
            Transport::Maildir
        }
    };
    Mail { transport, postal_address: text(raw.postal_address) }
}

fn smtp(raw: raw::Smtp, config_dir: &Path, findings: &mut Findings<'_>) -> Transport {
    let host = text(raw.host).unwrap_or_else(|| {
        findings.error(
            "mail.smtp",
            "",
            "`mail.smtp.host` is missing",
            "name the relay, as in `host: smtp.example.com`",
        );
        String::new()
    });
    // A relay on this very machine is reached without leaving it, and rarely has a certificate.
    let loopback = matches!(host.as_str(), "localhost" | "127.0.0.1" | "::1");
    let tls = raw.tls.unwrap_or(if loopback { Tls::None } else { Tls::Starttls });
    let port = raw.port.unwrap_or(match tls {
        Tls::Starttls => 587,
        Tls::Implicit => 465,
        Tls::None => 25,
    });
    let secret = raw
        .password
        .map(|value| Secret::Value(SecretString::from(value)))
        .or_else(|| raw.password_file.map(|file| Secret::File(config_dir.join(file.0))))
        .or_else(|| raw.password_command.map(Secret::Command));
    let credentials = match (text(raw.username), secret) {
        (Some(username), Some(secret)) => Some((username, secret)),
        (None, None) => None,
        (username, _) => {
            let (has, lacks) =
                if username.is_some() { ("username", "password") } else { ("password", "username") };
            let message = format!("`mail.smtp` has a {has} but no {lacks}");
            findings.error(
                "smtp",
                "",
                message,
                "give both or neither; a password may be `${NAME}`, `password_file` or `password_command`",
            );
            None
        }
    };
    if credentials.is_some() && tls == Tls::None && !loopback {
        let message = "`mail.smtp` would send its password unprotected over the network";
        findings.error("tls", "none", message, "use `tls: starttls` or `tls: implicit`");
    }
    Transport::Smtp(Smtp {
        host,
        port,
        tls,
        credentials,
        connections: raw.connections.unwrap_or(4).clamp(1, 100),
    })
}
