//! Turns what is written into what is meant: defaults, forms checked, contradictions named.

use std::path::Path;

use chrono::TimeDelta;
use chrono_tz::Tz;
use secrecy::SecretString;
use url::Url;

use super::load::Findings;
use super::raw::{self, Raw, Text, TransportName};
use super::{
    Author, Config, Content, Dialect, Feeds, Format, Include, Mail, Newsletter, Posts, Schedule, Secret,
    Select, Server, Site, Smtp, Tls, Transport, duration,
};
use crate::address::Mailbox;

/// `None` where nothing sensible can be made; the findings then say why.
pub(super) fn config(
    raw: Raw,
    root: &Path,
    config_dir: &Path,
    findings: &mut Findings<'_>,
) -> Option<Config> {
    not_yet(&raw, findings);
    let site = site(raw.site, findings)?;
    let mail = mail(raw.mail, config_dir, findings);
    let newsletters = newsletters(raw.newsletters, &site, &mail, config_dir, findings);
    Some(Config {
        root: root.to_path_buf(),
        posts: posts(raw.posts, root),
        feeds: Feeds {
            formats: raw.feeds.formats.unwrap_or_else(|| vec![Format::Rss, Format::Atom, Format::Json]),
            limit: Some(raw.feeds.limit.unwrap_or(20)).filter(|limit| *limit > 0),
            content: feed_content(raw.feeds.content, findings),
        },
        newsletters,
        mail,
        server: server(raw.server, config_dir, findings),
        site,
    })
}

/// Keys of the contract that this version does not act on. Where ignoring one would do harm, it is refused.
fn not_yet(raw: &Raw, findings: &mut Findings<'_>) {
    const LATER: &str = "this version of tidings does not act on it yet";
    for (key, set) in [
        ("feeds.by", raw.feeds.by.is_some()),
        ("feeds.archive", raw.feeds.archive.is_some()),
        ("feeds.hub", raw.feeds.hub.is_some()),
        ("server.listen", raw.server.listen.is_some()),
    ] {
        if set {
            findings.warning(key, format!("`{key}`: {LATER}"), "the rest works without it");
        }
    }
    let postgres = raw.ledger.as_ref().is_some_and(|ledger| ledger.0 != "sqlite");
    for (key, set) in [
        ("publish", raw.publish.is_some()),
        ("mail.rate", raw.mail.rate.is_some()),
        ("mail.dkim", raw.mail.dkim.is_some()),
        ("ledger", postgres),
    ] {
        if set {
            findings.error(
                key,
                "",
                format!("`{key}`: {LATER}"),
                "remove it: what it promises would not be kept",
            );
        }
    }
}

fn site(raw: raw::Site, findings: &mut Findings<'_>) -> Option<Site> {
    const HELP: &str = "write the site's address in full, as in `url: https://example.com/blog`";
    let Some(written) = raw.url.map(|url| url.0) else {
        findings.error("site", "", "`site.url` is missing: links in feeds and mail start there", HELP);
        return None;
    };
    let Some(url) = folder_url(&written) else {
        findings.error("url", &written, format!("`{written}` is not an absolute web address"), HELP);
        return None;
    };
    let zone = text(raw.timezone).unwrap_or_else(|| "UTC".to_owned());
    let timezone = zone.parse::<Tz>().unwrap_or_else(|_| {
        let known = chrono_tz::TZ_VARIANTS.iter().map(|tz| tz.name());
        let help = match crate::diagnostic::did_you_mean(&zone, known) {
            Some(near) => format!("did you mean `{near}`?"),
            None => "use a name of the IANA time zone database, such as `Asia/Seoul`".to_owned(),
        };
        findings.error("timezone", &zone, format!("`{zone}` is not a time zone"), &help);
        Tz::UTC
    });
    let author = raw.author.unwrap_or_default();
    Some(Site {
        title: text(raw.title).unwrap_or_else(|| url.host_str().unwrap_or_default().to_owned()),
        description: text(raw.description).unwrap_or_default(),
        language: text(raw.language).unwrap_or_else(|| "en".to_owned()),
        timezone,
        author: Author {
            name: text(author.name).unwrap_or_default(),
            email: text(author.email),
            url: text(author.url),
        },
        url,
    })
}

/// An http(s) address with a host, brought to end in `/` so that relative paths join below it.
fn folder_url(written: &str) -> Option<Url> {
    let mut url =
        Url::parse(written).ok().filter(|url| matches!(url.scheme(), "http" | "https") && url.has_host())?;
    if !url.path().ends_with('/') {
        url.set_path(&format!("{}/", url.path()));
    }
    Some(url)
}

fn posts(raw: raw::Posts, root: &Path) -> Posts {
    let include = |yes| if yes { Include::Yes } else { Include::No };
    let dir = match raw.dir {
        Some(dir) => root.join(dir.0),
        // Where the owner does not say: the folder that is there; a bare folder of posts is its own posts folder.
        None => ["posts", "_posts"]
            .iter()
            .map(|name| root.join(name))
            .find(|dir| dir.is_dir())
            .unwrap_or_else(|| root.to_path_buf()),
    };
    Posts {
        dir,
        dialect: raw.dialect.unwrap_or(Dialect::Auto),
        permalink: raw.permalink.unwrap_or_else(|| "/:categories/:title/".to_owned()),
        drafts: include(raw.drafts),
        future: include(raw.future),
    }
}

fn feed_content(raw: Option<Content>, findings: &mut Findings<'_>) -> Content {
    if raw == Some(Content::Titles) {
        let message = "`feeds.content` is `titles`, which only a newsletter can be";
        findings.error("content", "titles", message, "use `full` or `summary`");
    }
    raw.unwrap_or(Content::Full)
}

fn newsletters(
    raw: std::collections::BTreeMap<String, raw::Newsletter>,
    site: &Site,
    mail: &Mail,
    config_dir: &Path,
    findings: &mut Findings<'_>,
) -> Vec<Newsletter> {
    // A site that names none can still preview one, and send it by hand where there is a list.
    let implied = raw.is_empty();
    let raw = if implied { [("newsletter".to_owned(), raw::Newsletter::default())].into() } else { raw };
    let list_is_optional = |newsletter: Newsletter| Newsletter {
        subscribers: newsletter.subscribers.filter(|list| !implied || list.exists()),
        ..newsletter
    };
    raw.into_iter()
        .filter_map(|(name, raw)| newsletter(name, raw, site, mail, config_dir, findings))
        .map(list_is_optional)
        .collect()
}

fn newsletter(
    name: String,
    raw: raw::Newsletter,
    site: &Site,
    mail: &Mail,
    config_dir: &Path,
    findings: &mut Findings<'_>,
) -> Option<Newsletter> {
    if name.is_empty()
        || !name.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-' || b == b'_')
    {
        let help = "name it in lower-case letters, digits, `-` and `_`; its `title` may be anything";
        findings.error(&name, "", format!("`{name}` cannot be a newsletter's name"), help);
        return None;
    }
    let key = |leaf: &str| format!("newsletters.{name}.{leaf}");
    let title = text(raw.title).unwrap_or_else(|| site.title.clone());
    let from = match raw.from {
        Some(from) => mailbox(&key("from"), &from.0, findings),
        None => default_from(&key("from"), site, mail, findings),
    }?;
    let reply_to = raw.reply_to.and_then(|reply_to| mailbox(&key("reply_to"), &reply_to.0, findings));
    let schedule = schedule(raw.schedule.as_deref().unwrap_or("manual"), findings);
    let max_age = raw.select.max_age.as_deref().map_or(Some(TimeDelta::days(14)), duration::parse);
    if max_age.is_none() {
        let written = raw.select.max_age.as_deref().unwrap_or_default();
        let help = "write a whole number and `m`, `h`, `d` or `w`, at most 100 years, as in `14d`";
        findings.error("max_age", written, format!("`{written}` is not a span of time"), help);
    }
    Some(Newsletter {
        subject: raw.subject.unwrap_or_else(|| "{{ newsletter.title }}: {{ posts[0].title }}".to_owned()),
        select: Select {
            categories: raw.select.categories,
            tags: raw.select.tags,
            max_age: max_age.unwrap_or_default(),
            min: raw.select.min.unwrap_or(1).max(1),
            max: raw.select.max.unwrap_or(20).max(1),
        },
        content: raw.content.unwrap_or(Content::Summary),
        subscribers: Some(
            config_dir.join(text(raw.subscribers).unwrap_or_else(|| "subscribers.yaml".to_owned())),
        ),
        from: if from.name.is_empty() { Mailbox { name: title.clone(), ..from } } else { from },
        name,
        title,
        reply_to,
        schedule,
    })
}

fn mailbox(key: &str, written: &str, findings: &mut Findings<'_>) -> Option<Mailbox> {
    Mailbox::parse(written)
        .map_err(|why| {
            let help = "write it as `Name <name@example.com>`";
            findings.error(key, written, format!("`{written}` is not an address: {why}"), help);
        })
        .ok()
}

/// A local Maildir may invent a sender; a relay may not.
fn default_from(key: &str, site: &Site, mail: &Mail, findings: &mut Findings<'_>) -> Option<Mailbox> {
    if let Some(email) = &site.author.email {
        return mailbox("email", email, findings);
    }
    if matches!(mail.transport, Transport::Smtp(_)) {
        let help = "write who the mail is from, as in `from: Example News <news@example.com>`";
        findings.error(key, "", format!("`{key}` is missing"), help);
        return None;
    }
    let host = site.url.host_str().unwrap_or("localhost");
    Mailbox::parse(&format!("news@{host}")).or_else(|_| Mailbox::parse("news@localhost")).ok()
}

fn schedule(written: &str, findings: &mut Findings<'_>) -> Schedule {
    match written {
        "manual" => Schedule::Manual,
        "each-post" => Schedule::EachPost,
        pattern => pattern.parse::<croner::Cron>().map_or_else(
            |why| {
                let help = "write five cron fields as in `0 8 * * MON`, or `each-post`, or `manual`";
                findings.error("schedule", written, format!("`{written}` is not a schedule: {why}"), help);
                Schedule::Manual
            },
            |cron| Schedule::Cron(Box::new(cron)),
        ),
    }
}

fn mail(raw: raw::Mail, config_dir: &Path, findings: &mut Findings<'_>) -> Mail {
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

fn server(raw: raw::Server, config_dir: &Path, findings: &mut Findings<'_>) -> Option<Server> {
    let written = text(raw.url)?;
    let Some(url) = folder_url(&written) else {
        let message = format!("`{written}` is not an absolute web address");
        findings.error("url", &written, message, "write it in full, as in `url: https://news.example.com`");
        return None;
    };
    let Some(file) = raw.secret_file else {
        let message = "`server.url` needs `server.secret_file`: the links in mail are signed with it";
        findings.error(
            "server",
            "",
            message,
            "make one with `head -c 32 /dev/urandom | base64 > config/secret` and keep it out of git",
        );
        return None;
    };
    let help = "leave `server.url` out unless something of yours answers there; without it, mail is left by writing to the sender";
    findings.warning(
        "server",
        "`server.url`: this version signs one-click links but has no server of its own to answer them",
        help,
    );
    Some(Server { url, secret: Secret::File(config_dir.join(file.0)) })
}

fn text(raw: Option<Text>) -> Option<String> {
    raw.map(|text| text.0).filter(|text| !text.trim().is_empty())
}
