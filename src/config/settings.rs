//! All settings as they count, for people to look at. No secret is among them.

use std::path::Path;

use chrono::TimeDelta;
use serde_json::Value;
use url::Url;

use super::{
    Archive, Config, Feed, Host, Include, Mail, Memory, Newsletter, Origin, Rate, Secret, Smtp, Transport,
};
use crate::address::Mailbox;

/// What stands for a secret.
const HIDDEN: &str = "(hidden)";

/// Rows of keys and values under a common beginning.
struct Rows<'a> {
    written: &'a Value,
    file: &'a str,
    root: &'a Path,
    list: Vec<Origin>,
}

/// Those that were picked from several places come first.
pub(super) fn all(config: &Config, written: &Value, file: &str) -> Vec<Origin> {
    let mut rows = Rows { written, file, root: &config.root, list: config.origins.clone() };
    let is_yes = |include: Include| (include == Include::Yes).to_string();
    rows.put("posts.drafts", is_yes(config.posts.drafts));
    let feeds = &config.feeds;
    rows.put("feeds.formats", list(feeds.main.formats.iter().map(word)));
    rows.put("feeds.by", list(feeds.by.iter().map(word)));
    rows.put("feeds.archive", feeds.archive.map_or_else(|| "none".to_owned(), |size| size.to_string()));
    rows.put("feeds.hub", feeds.hub.as_ref().map_or("none", Url::as_str));
    rows.put("feeds.style", feeds.style.to_string());
    for (index, own) in feeds.own.iter().enumerate() {
        rows.feed(&format!("feeds.own[{index}]"), own);
    }
    let place = config.remote.as_ref().map(|remote| remote.url.to_string());
    rows.put("publish", place.unwrap_or_else(|| rows.path(&config.public)));
    for newsletter in &config.newsletters {
        rows.newsletter(newsletter);
    }
    rows.mail(&config.mail);
    rows.memory(&config.memory);
    rows.server(config);
    for (index, hook) in config.webhooks.iter().enumerate() {
        let key = format!("webhooks[{index}]");
        // The rest of the address may be a secret.
        let port = hook.url.port().map_or_else(String::new, |port| format!(":{port}"));
        let place = format!("{}://{}{port}/…", hook.url.scheme(), hook.url.host_str().unwrap_or_default());
        rows.put(&format!("{key}.url"), place);
        rows.secret(&key, "secret", &hook.secret);
        rows.put(&format!("{key}.events"), list(hook.kinds.iter()));
    }
    for (code, weight) in &config.check {
        rows.put(&format!("check.{code}"), word(weight));
    }
    let mut known = std::collections::HashSet::new();
    rows.list.retain(|row| known.insert(row.key.clone()));
    rows.list
}

impl Rows<'_> {
    fn put(&mut self, key: &str, value: impl Into<String>) {
        let written = self.written(key);
        let from = if written.is_some() { self.file } else { "default" };
        // What comes from the environment may be a secret, such as a token for a name.
        let variable = written.and_then(Value::as_str).filter(|text| text.contains("${"));
        let value = value.into();
        let value = variable.filter(|_| value != HIDDEN).map_or(value, str::to_owned);
        self.list.push(Origin { key: key.to_owned().into(), value, from: from.to_owned() });
    }

    /// A file as seen from the site's folder.
    fn path(&self, path: &Path) -> String {
        path.strip_prefix(self.root).unwrap_or(path).display().to_string()
    }

    /// What the owner's file has for a key; one relay alone is no list there, and a name may have points of its own.
    fn written(&self, key: &str) -> Option<&Value> {
        fn below<'v>(at: &'v Value, key: &str) -> Option<&'v Value> {
            if let Some(whole) = at.get(key) {
                return Some(whole);
            }
            let (part, rest) = key.split_once('.').unwrap_or((key, ""));
            let (name, index) = part.split_once('[').unwrap_or((part, ""));
            let value = at.get(name)?;
            let index = index.trim_end_matches(']').parse::<usize>();
            let value = index.ok().and_then(|index| value.get(index)).unwrap_or(value);
            if rest.is_empty() { Some(value) } else { below(value, rest) }
        }
        below(self.written, key)
    }

    fn feed(&mut self, key: &str, feed: &Feed) {
        self.put(&format!("{key}.path"), &feed.path);
        self.put(&format!("{key}.formats"), list(feed.formats.iter().map(word)));
        let limit = feed.limit.map_or_else(|| "0".to_owned(), |limit| limit.to_string());
        self.put(&format!("{key}.limit"), limit);
        self.put(&format!("{key}.content"), word(&feed.content));
    }

    fn newsletter(&mut self, own: &Newsletter) {
        let file = own.subscribers.as_ref().map(|path| self.path(path));
        let mut put =
            |leaf: &str, value: String| self.put(&format!("newsletters.{}.{leaf}", own.name), value);
        put("title", own.title.clone());
        put("from", mailbox(&own.from));
        put("reply_to", own.reply_to.as_ref().map_or_else(|| "none".to_owned(), mailbox));
        put("language", own.language.clone());
        put("schedule", own.schedule.written());
        put("settle", span(own.select.settle));
        put("subject", own.subject.clone().unwrap_or_else(|| "subject.txt".to_owned()));
        let filter = &own.select.filter;
        for (leaf, terms) in [("select", &filter.any), ("select.exclude", &filter.none)] {
            let names = ["categories", "tags", "authors", "languages", "sections"];
            for (name, wanted) in names.iter().zip(terms.lists()).filter(|(_, wanted)| !wanted.is_empty()) {
                put(&format!("{leaf}.{name}"), list(wanted.iter()));
            }
        }
        put("select.max_age", span(own.select.max_age));
        put("select.min", own.select.min.to_string());
        put("select.max", own.select.max.to_string());
        put("select.updated", own.select.updated.to_string());
        put("content", word(&own.content));
        put("sections", if own.by_category { "category" } else { "none" }.to_owned());
        put("look", word(&own.look));
        let archive = match own.archive {
            Archive::Public => "true",
            Archive::Private => "private",
            Archive::None => "false",
        };
        put("archive", archive.to_owned());
        put("commercial", if own.is_advertising { "ko" } else { "none" }.to_owned());
        put("topics", list(own.topics.iter()));
        put("languages", list(own.languages.iter()));
        put("subscribers", file.unwrap_or_else(|| "ledger".to_owned()));
    }

    fn mail(&mut self, mail: &Mail) {
        let name = match &mail.transport {
            Transport::Smtp(_) => "smtp",
            Transport::Sendmail(..) => "sendmail",
            Transport::Maildir => "maildir",
            Transport::Stdout => "stdout",
        };
        self.put("mail.transport", name);
        match &mail.transport {
            Transport::Smtp(relays) => {
                for (index, relay) in relays.iter().enumerate() {
                    let one = relays.len() == 1;
                    self.relay(
                        &if one { "mail.smtp".to_owned() } else { format!("mail.smtp[{index}]") },
                        relay,
                    );
                }
            }
            Transport::Sendmail(program, limits) => {
                self.put("mail.sendmail", self.path(program));
                self.put("mail.rate", rates(limits));
            }
            Transport::Maildir | Transport::Stdout => {}
        }
        for (domain, limits) in &mail.domain_rates {
            self.put(&format!("mail.domain_rates.{domain}"), rates(limits));
        }
        self.put("mail.in_doubt", word(&mail.in_doubt));
        for (index, dkim) in mail.dkim.iter().enumerate() {
            let key = format!("mail.dkim[{index}]");
            self.put(&format!("{key}.domain"), &dkim.domain);
            self.put(&format!("{key}.selector"), &dkim.selector);
            self.put(&format!("{key}.key_file"), self.path(&dkim.key_file));
        }
        let bounces = &mail.bounces;
        for (leaf, value) in [
            ("address", bounces.address.as_ref().map(ToString::to_string)),
            ("maildir", bounces.maildir.as_ref().map(|path| self.path(path))),
            ("mbox", bounces.mbox.as_ref().map(|path| self.path(path))),
        ] {
            if let Some(value) = value {
                self.put(&format!("mail.bounces.{leaf}"), value);
            }
        }
        if let Some(imap) = &bounces.imap {
            self.host("mail.bounces.imap", &imap.host);
            self.put("mail.bounces.imap.folder", &imap.folder);
        }
        self.put("mail.postal_address", mail.postal_address.clone().unwrap_or_else(|| "none".to_owned()));
    }

    fn relay(&mut self, key: &str, relay: &Smtp) {
        self.host(key, &relay.host);
        let auth = relay.auth.map_or_else(|| "as offered".to_owned(), |auth| word(&auth));
        self.put(&format!("{key}.auth"), auth);
        self.put(&format!("{key}.connections"), relay.connections.to_string());
        self.put(&format!("{key}.messages"), relay.messages.to_string());
        self.put(&format!("{key}.rate"), rates(&relay.rates));
        self.put(&format!("{key}.from"), list(relay.from.iter()));
    }

    fn host(&mut self, key: &str, host: &Host) {
        self.put(&format!("{key}.host"), &host.name);
        self.put(&format!("{key}.port"), host.port.to_string());
        self.put(&format!("{key}.tls"), word(&host.tls));
        if let Some(file) = &host.ca_file {
            self.put(&format!("{key}.ca_file"), self.path(file));
        }
        if let Some((username, secret)) = &host.credentials {
            self.put(&format!("{key}.username"), username);
            self.secret(key, "password", secret);
        }
    }

    /// Where a secret is, never what it is. A command may hold one, too.
    fn secret(&mut self, key: &str, leaf: &str, secret: &Secret) {
        match secret {
            Secret::Value(_) => self.put(&format!("{key}.{leaf}"), HIDDEN),
            Secret::File(path) => self.put(&format!("{key}.{leaf}_file"), self.path(path)),
            Secret::Command(_) => self.put(&format!("{key}.{leaf}_command"), HIDDEN),
        }
    }

    fn memory(&mut self, memory: &Memory) {
        if let Some(place) = &memory.postgres {
            self.put("ledger.url", &place.url);
            self.put("ledger.sslmode", if place.is_protected { "verify-full" } else { "disable" });
            self.put("ledger.lease", format!("{}s", place.lease.as_secs()));
            if let Some(file) = &place.ca_file {
                self.put("ledger.ca_file", self.path(file));
            }
            if let Some(password) = &place.password {
                self.secret("ledger", "password", password);
            }
        } else {
            self.put("ledger.url", "sqlite");
        }
        self.put("ledger.keep", memory.keep.map_or_else(|| "all".to_owned(), |keep| keep.to_string()));
    }

    fn server(&mut self, config: &Config) {
        let http = &config.http;
        self.put("server.listen", http.listen.to_string());
        if let Some(server) = &config.server {
            self.put("server.url", server.url.as_str());
            self.secret("server", "secret", &server.secret);
        }
        self.put("server.trusted_proxies", list(http.trusted_proxies.iter()));
        self.put("server.origins", list(http.origins.iter()));
        if let Some(tls) = &http.tls {
            self.put("server.tls.cert_file", self.path(&tls.cert_file));
            self.put("server.tls.key_file", self.path(&tls.key_file));
        }
        let hooks = &http.hooks;
        if let Some(ses) = &hooks.ses {
            self.put("server.hooks.ses.topic", &ses.topic);
        }
        if let Some(secret) = &hooks.postmark {
            self.secret("server.hooks.postmark", "password", secret);
        }
        if let Some(secret) = &hooks.mailgun {
            self.secret("server.hooks.mailgun", "key", secret);
        }
        if let Some(key) = &hooks.sendgrid {
            self.put("server.hooks.sendgrid.public_key", key);
        }
        if let Some(operator) = &http.operator {
            self.put("server.operator.listen", operator.listen.to_string());
            if let Some(token) = &operator.token {
                self.secret("server.operator", "token", token);
            }
        }
    }
}

/// As the config has it.
fn word(value: &impl serde::Serialize) -> String {
    serde_json::to_value(value).ok().and_then(|value| Some(value.as_str()?.to_owned())).unwrap_or_default()
}

fn mailbox(of: &Mailbox) -> String {
    format!("{} <{}>", of.name, of.address)
}

fn list(parts: impl Iterator<Item = impl ToString>) -> String {
    let parts: Vec<String> = parts.map(|part| part.to_string()).collect();
    if parts.is_empty() { "none".to_owned() } else { parts.join(", ") }
}

fn span(span: TimeDelta) -> String {
    match span.num_minutes() {
        minutes if minutes > 0 && minutes % (24 * 60) == 0 => format!("{}d", minutes / (24 * 60)),
        minutes if minutes > 0 && minutes % 60 == 0 => format!("{}h", minutes / 60),
        minutes => format!("{minutes}m"),
    }
}

fn rates(rates: &[Rate]) -> String {
    let unit = |rate: &Rate| match rate.window.num_seconds() {
        1 => "s",
        60 => "min",
        3600 => "h",
        _ => "day",
    };
    list(rates.iter().map(|rate| format!("{}/{}", rate.count, unit(rate))))
}
