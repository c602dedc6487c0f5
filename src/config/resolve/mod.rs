//! Turns what is written into what is meant: defaults, forms checked, contradictions named.

mod feeds;
mod fields;
mod http;
mod ledger;
mod mail;
mod newsletters;
mod origin;
mod posts;
mod webhooks;

use std::collections::BTreeMap;
use std::path::Path;

use chrono_tz::Tz;
use serde_json::Value;
use url::Url;

use super::findings::Findings;
use super::generators::{self, Told};
use super::raw::{self, Raw, Text};
use super::remote::SCHEMES;
use super::{Author, Config, Dialect, Remote, Settings, Site};
use crate::diagnostic::did_you_mean;
use origin::Origins;

/// `None` where nothing sensible can be made; the findings then say why.
pub(in crate::config) fn config(
    raw: Raw,
    shown: &Path,
    root: &Path,
    config_dir: &Path,
    findings: &mut Findings<'_>,
) -> Option<Config> {
    let told = generators::detect(root, raw.posts.dialect.unwrap_or(Dialect::Auto), findings);
    let mut origins = Origins::new(shown, told.as_ref());
    let site = site(raw.site, told.as_ref(), &mut origins, findings)?;
    let publish = origins.or(
        "publish",
        text(raw.publish),
        told.as_ref().and_then(|told| told.publish.clone()),
        "public",
    );
    let feeds = feeds::feeds(raw.feeds, &site.url, told.as_ref(), &mut origins, findings);
    let (posts, blog) = posts::posts(raw.posts, told, root, &site.url, &mut origins, findings);
    let mail = mail::mail(raw.mail, config_dir, findings);
    let newsletters = newsletters::newsletters(raw.newsletters, &site, &mail, config_dir, findings);
    mail::every_sender_has_a_relay(&mail, &newsletters, findings);
    let server = http::server(&raw.server, config_dir, findings);
    newsletters::private_issues_have_a_server(&newsletters, server.is_some(), findings);
    newsletters::advertising_names_its_sender(&newsletters, &mail, findings);
    let remote = remote(&publish, findings);
    let public = if remote.is_some() { root.join(".tidings/published") } else { root.join(publish) };
    if public == posts.dir && public != root {
        let help = "name the folder that the site is served from, such as `publish: public`";
        findings.error("publish", "", "`publish` is the folder of the posts themselves", help);
    }
    Some(Config {
        public,
        remote,
        root: root.to_path_buf(),
        posts,
        blog,
        feeds,
        authors: authors(raw.authors),
        newsletters,
        mail,
        server,
        check: raw.check,
        webhooks: webhooks::webhooks(raw.webhooks, config_dir, findings),
        memory: ledger::ledger(raw.ledger.0, config_dir, findings),
        http: http::http(raw.server, config_dir, findings),
        origins: origins.list,
        site,
    })
}

/// Object storage, where `publish` is the address of some.
fn remote(publish: &str, findings: &mut Findings<'_>) -> Option<Remote> {
    if !publish.contains("://") {
        return None;
    }
    let url = Url::parse(publish).ok().filter(|url| SCHEMES.contains(&url.scheme()));
    if url.is_none() {
        let help = "write `s3://bucket/…`, `gs://bucket/…`, `az://container/…` or `file:///…`, or the name of a folder";
        findings.error("publish", publish, format!("`{publish}` is no storage that is known here"), help);
    }
    // Credentials would stand in a file, and in what is printed of it.
    if url.as_ref().is_some_and(|url| !url.username().is_empty() || url.password().is_some()) {
        findings.error(
            "publish",
            "",
            "`publish` holds credentials",
            "leave them to the environment, as in `AWS_SECRET_ACCESS_KEY`",
        );
    }
    Some(Remote { url: url? })
}

fn site(
    raw: raw::Site,
    told: Option<&Told>,
    origins: &mut Origins,
    findings: &mut Findings<'_>,
) -> Option<Site> {
    const HELP: &str = "write the site's address in full, as in `url: https://example.com/blog`";
    let theirs = |pick: fn(&Told) -> &Option<String>| told.and_then(|told| pick(told).clone());
    let own = text(raw.url);
    let is_own = own.is_some();
    let Some(written) = origins.pick("site.url", own, theirs(|told| &told.url)) else {
        let help = match told.map(|told| told.file.as_str()).filter(|file| !file.is_empty()) {
            Some(file) => format!(
                "write it into `{file}`, as the generator has it, or `site: {{ url: https://example.com/blog }}` into this file"
            ),
            None => "write `site: { url: https://example.com/blog }` into this file".to_owned(),
        };
        findings.error("site", "", "`site.url` is missing: links in feeds and mail start there", &help);
        return None;
    };
    let Some(url) = folder_url(&written) else {
        let has_more =
            Url::parse(&written).is_ok_and(|url| url.query().is_some() || url.fragment().is_some());
        let message = if has_more {
            format!("`{written}` goes on behind a `?` or `#`, where no post's address could follow")
        } else {
            format!("`{written}` is not an absolute web address")
        };
        let file = told.map_or("", |told| told.file.as_str());
        let (message, value) =
            if is_own { (message, written.as_str()) } else { (format!("{message}; `{file}` says so"), "") };
        findings.error("url", value, message, HELP);
        return None;
    };
    if !url.username().is_empty() || url.password().is_some() {
        let message = "`site.url` holds a user's name or password, which every link would show";
        findings.error("site", "", message, "write it without what stands before the `@`");
    }
    let zone = origins.or("site.timezone", text(raw.timezone), theirs(|told| &told.timezone), "UTC");
    let timezone = zone.parse::<Tz>().unwrap_or_else(|_| {
        // An abbreviation such as `EST` is another hour than it looks, and near to every other.
        let known = chrono_tz::TZ_VARIANTS.iter().map(|tz| tz.name()).filter(|name| name.contains('/'));
        let help = match did_you_mean(&zone, known) {
            Some(near) => format!("did you mean `{near}`?"),
            None => "use a name of the IANA time zone database, such as `Asia/Seoul`".to_owned(),
        };
        findings.error("timezone", &zone, format!("`{zone}` is not a time zone"), &help);
        Tz::UTC
    });
    let host = url.host_str().unwrap_or_default();
    Some(Site {
        title: origins.or("site.title", text(raw.title), theirs(|told| &told.title), host),
        description: origins.or(
            "site.description",
            text(raw.description),
            theirs(|told| &told.description),
            "",
        ),
        language: origins.or("site.language", text(raw.language), theirs(|told| &told.language), "en"),
        timezone,
        author: author(raw.author, told, origins),
        url,
    })
}

fn author(raw: Option<raw::Author>, told: Option<&Told>, origins: &mut Origins) -> Author {
    let own = raw.map(|author| Author {
        name: text(author.name).unwrap_or_default(),
        email: text(author.email),
        url: text(author.url),
    });
    let theirs = told.and_then(|told| told.author.clone());
    origins.pick(
        "site.author",
        own.as_ref().map(|own| own.name.clone()),
        theirs.as_ref().map(|own| own.name.clone()),
    );
    own.or(theirs).unwrap_or_default()
}

/// An http(s) address with a host, brought to end in `/` so that relative paths join below it.
fn folder_url(written: &str) -> Option<Url> {
    let mut url = Url::parse(written).ok().filter(|url| {
        matches!(url.scheme(), "http" | "https")
            && url.has_host()
            && url.query().is_none()
            && url.fragment().is_none()
    })?;
    if !url.path().ends_with('/') {
        url.set_path(&format!("{}/", url.path()));
    }
    Some(url)
}

/// The people that the config names, as a data file of theirs would have them.
fn authors(raw: BTreeMap<String, raw::Author>) -> Settings {
    let person = |author: raw::Author| {
        let parts = [("name", author.name), ("email", author.email), ("url", author.url)];
        Value::Object(
            parts.into_iter().filter_map(|(key, part)| Some((key.to_owned(), text(part)?.into()))).collect(),
        )
    };
    raw.into_iter().map(|(key, author)| (key, person(author))).collect()
}

fn text(raw: Option<Text>) -> Option<String> {
    raw.map(|text| text.0).filter(|text| !text.trim().is_empty())
}
