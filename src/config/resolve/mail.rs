//! How mail leaves: the transport, the relays, their protection, their pace; the signatures; where bounces come home.

use std::path::{Path, PathBuf};

use secrecy::SecretString;

use super::text;
use crate::address::{self, Address};
use crate::config::findings::Findings;
use crate::config::raw::{self, Text, TransportName};
use crate::config::{
    Auth, Bounces, Dkim, Host, Imap, Mail, Newsletter, Rate, Secret, Smtp, Tls, Transport, rate,
};

/// The longest name of a mailbox that leaves room for a token behind it (RFC 5321 §4.5.3.1.1: 64 octets).
const LONGEST_BOUNCE: usize = 11;

/// The mail settings; where one makes no sense, a harmless one in its place and a finding.
pub(super) fn mail(raw: raw::Mail, config_dir: &Path, findings: &mut Findings<'_>) -> Mail {
    let common = rates("rate", raw.rate.list(), findings);
    let transport = match raw.transport.unwrap_or(TransportName::Maildir) {
        TransportName::Maildir => Transport::Maildir,
        TransportName::Stdout => Transport::Stdout,
        TransportName::Sendmail => {
            let program = text(raw.sendmail).unwrap_or_else(|| "/usr/sbin/sendmail".to_owned());
            Transport::Sendmail(program.into(), common)
        }
        TransportName::Smtp => {
            let mut relays = raw.smtp.list();
            if relays.is_empty() {
                relays.push(raw::Smtp::default());
            }
            Transport::Smtp(relays.into_iter().map(|raw| smtp(raw, &common, config_dir, findings)).collect())
        }
    };
    let mut domain_rates = std::collections::BTreeMap::new();
    for (written, limits) in raw.domain_rates {
        let domain = if written == "*" { Some(written.clone()) } else { address::domain(&written) };
        let limits = rates("domain_rates", limits.list(), findings);
        match domain {
            Some(domain) => drop(domain_rates.insert(domain, limits)),
            None => not_a_domain("domain_rates", &written, findings),
        }
    }
    Mail {
        transport,
        domain_rates,
        in_doubt: raw.in_doubt,
        dkim: raw.dkim.list().into_iter().filter_map(|raw| dkim(raw, config_dir, findings)).collect(),
        bounces: bounces(raw.bounces, config_dir, findings),
        postal_address: text(raw.postal_address),
    }
}

/// A newsletter whose sender no relay takes would never go out.
pub(super) fn every_sender_has_a_relay(mail: &Mail, newsletters: &[Newsletter], findings: &mut Findings<'_>) {
    let Transport::Smtp(relays) = &mail.transport else { return };
    for newsletter in newsletters {
        let domain = newsletter.from.address.domain();
        let takes = |smtp: &Smtp| smtp.from.is_empty() || smtp.from.iter().any(|one| one == domain);
        if !relays.iter().any(takes) {
            let message = format!("no relay takes mail from `{domain}`, the sender of `{}`", newsletter.name);
            findings.error(
                "smtp",
                "",
                message,
                "add the domain to a relay's `from:`, or leave `from:` out there",
            );
        }
    }
}

fn smtp(raw: raw::Smtp, common: &[Rate], config_dir: &Path, findings: &mut Findings<'_>) -> Smtp {
    let own = rates("rate", raw.rate.list(), findings);
    let mut from = Vec::new();
    for written in raw.from.list() {
        match address::domain(&written) {
            Some(domain) => from.push(domain),
            None => not_a_domain("from", &written, findings),
        }
    }
    let protection = Protection { tls: raw.tls, ca_file: raw.ca_file };
    let secret = secret(raw.password, raw.password_file, raw.password_command, config_dir);
    let place = Place { key: "mail.smtp", ports: [587, 465, 25], config_dir };
    let host = host(&place, (raw.host, raw.port), protection, (text(raw.username), secret), findings);
    if raw.auth == Some(Auth::Xoauth2) && host.credentials.is_none() {
        let help = "give `username` and a `password_command` that prints an access token";
        findings.error("auth", "xoauth2", "`auth: xoauth2` has nobody to log in as", help);
    }
    Smtp {
        host,
        auth: raw.auth,
        connections: raw.connections.unwrap_or(4).clamp(1, 100),
        messages: raw.messages.unwrap_or(100).max(1),
        rates: if own.is_empty() { common.to_vec() } else { own },
        from,
    }
}

/// Where in the config a server is named, and what it is called by where nothing is said.
struct Place<'a> {
    key: &'static str,
    /// The ports of STARTTLS, TLS, and no protection.
    ports: [u16; 3],
    config_dir: &'a Path,
}

struct Protection {
    tls: Option<Tls>,
    ca_file: Option<Text>,
}

fn host(
    place: &Place<'_>,
    (name, port): (Option<Text>, Option<u16>),
    Protection { tls, ca_file }: Protection,
    credentials: (Option<String>, Option<Secret>),
    findings: &mut Findings<'_>,
) -> Host {
    let key = place.key;
    let name = text(name).unwrap_or_else(|| {
        let help = "name the server, as in `host: smtp.example.com`";
        findings.error(key, "", format!("`{key}.host` is missing"), help);
        String::new()
    });
    // `::1` has several colons, `smtp.example.com:587` has one.
    if name.contains(['/', '@']) || name.contains(char::is_whitespace) || name.matches(':').count() == 1 {
        let help =
            "write the server's name alone, as in `host: smtp.example.com`, and its port under `port:`";
        findings.error("host", "", format!("`{key}.host` is more than the name of a server"), help);
    }
    // A server on this very machine is reached without leaving it, and rarely has a certificate.
    let loopback = matches!(name.as_str(), "localhost" | "127.0.0.1" | "::1");
    let tls = tls.unwrap_or(if loopback { Tls::None } else { Tls::Starttls });
    let [starttls, implicit, none] = place.ports;
    let port = port.unwrap_or(match tls {
        Tls::Starttls => starttls,
        Tls::Implicit => implicit,
        Tls::None => none,
    });
    let credentials = match credentials {
        (Some(username), Some(secret)) => Some((username, secret)),
        (None, None) => None,
        (username, _) => {
            let (has, lacks) =
                if username.is_some() { ("username", "password") } else { ("password", "username") };
            let leaf = key.rsplit('.').next().unwrap_or(key);
            let help =
                "give both or neither; a password may be `${NAME}`, `password_file` or `password_command`";
            findings.error(leaf, "", format!("`{key}` has a {has} but no {lacks}"), help);
            None
        }
    };
    if credentials.is_some() && tls == Tls::None && !loopback {
        let message = format!("`{key}` would send its password unprotected over the network");
        findings.error("tls", "none", message, "use `tls: starttls` or `tls: implicit`");
    }
    Host { name, port, tls, ca_file: file(ca_file, place.config_dir), credentials }
}

pub(super) fn secret(
    value: Option<String>,
    in_file: Option<Text>,
    command: Option<String>,
    config_dir: &Path,
) -> Option<Secret> {
    value
        .map(|value| Secret::Value(SecretString::from(value)))
        .or_else(|| file(in_file, config_dir).map(Secret::File))
        .or_else(|| command.map(Secret::Command))
}

pub(super) fn file(raw: Option<Text>, config_dir: &Path) -> Option<PathBuf> {
    text(raw).map(|file| config_dir.join(file))
}

fn rates(key: &str, written: Vec<String>, findings: &mut Findings<'_>) -> Vec<Rate> {
    let mut rates = Vec::new();
    for text in written {
        match rate::parse(&text) {
            // Of two with one span the smaller counts.
            Some(rate) => match rates.iter_mut().find(|old: &&mut Rate| old.window == rate.window) {
                Some(old) => old.count = old.count.min(rate.count),
                None => rates.push(rate),
            },
            None => findings.error(
                key,
                &text,
                format!("`{text}` is not a rate"),
                "write a number and its span, such as `50/s`, `600/min`, `5000/h` or `20000/day`",
            ),
        }
    }
    rates
}

fn not_a_domain(key: &str, written: &str, findings: &mut Findings<'_>) {
    let message = format!("`{written}` is not a domain");
    findings.error(key, written, message, "write it as it stands behind the `@`, such as `example.com`");
}

fn dkim(raw: raw::Dkim, config_dir: &Path, findings: &mut Findings<'_>) -> Option<Dkim> {
    let (Some(written), Some(selector), Some(key_file)) =
        (text(raw.domain), text(raw.selector), file(raw.key_file, config_dir))
    else {
        let help = "`tidings dkim keygen` makes the keys and prints these lines";
        findings.error("dkim", "", "`mail.dkim` needs `domain`, `selector` and `key_file`", help);
        return None;
    };
    let Some(domain) = address::domain(&written) else {
        not_a_domain("domain", &written, findings);
        return None;
    };
    if address::domain(&selector).is_none() {
        let help = "a selector is a name as domains have them, such as `s1` or `2026-11`";
        findings.error("selector", &selector, format!("`{selector}` is not a selector"), help);
        return None;
    }
    Some(Dkim { domain, selector, key_file })
}

fn bounces(raw: raw::Bounces, config_dir: &Path, findings: &mut Findings<'_>) -> Bounces {
    let written = text(raw.address);
    let address = written.as_deref().and_then(|written| match Address::parse(written) {
        Ok(address) if address.local().len() <= LONGEST_BOUNCE && !address.local().contains('+') => {
            Some(address)
        }
        Ok(_) => {
            let help = "take a short one without `+`, such as `bounce@example.com`: a token comes behind it";
            let message = format!("`{written}` leaves no room for a token before the `@`");
            findings.error("address", written, message, help);
            None
        }
        Err(why) => {
            let help = "write where bounces go, such as `bounce@example.com`";
            findings.error("address", written, format!("`{written}` is not an address: {why}"), help);
            None
        }
    });
    if address.is_none() && (raw.maildir.is_some() || raw.mbox.is_some() || raw.imap.is_some()) {
        let help =
            "set `address`: then each copy has an envelope sender of its own, and only those are believed";
        let message = "`mail.bounces` has no `address`: whoever has had an issue could forge a report about somebody else";
        findings.warning("bounces", message, help);
    }
    Bounces {
        address,
        maildir: file(raw.maildir, config_dir),
        mbox: file(raw.mbox, config_dir),
        imap: raw.imap.map(|raw| imap(raw, config_dir, findings)),
    }
}

fn imap(raw: raw::Imap, config_dir: &Path, findings: &mut Findings<'_>) -> Imap {
    let protection = Protection { tls: raw.tls, ca_file: raw.ca_file };
    let secret = secret(raw.password, raw.password_file, raw.password_command, config_dir);
    let place = Place { key: "mail.bounces.imap", ports: [143, 993, 143], config_dir };
    let host = host(&place, (raw.host, raw.port), protection, (text(raw.username), secret), findings);
    if host.credentials.is_none() {
        let help = "give `username` and a password";
        findings.error("imap", "", "`mail.bounces.imap` has nobody to log in as", help);
    }
    Imap { host, folder: text(raw.folder).unwrap_or_else(|| "INBOX".to_owned()) }
}
