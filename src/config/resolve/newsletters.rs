//! The newsletters: who they are from, when they are due, what they take.

use std::collections::BTreeMap;
use std::path::Path;

use chrono::TimeDelta;

use super::text;
use crate::address::Mailbox;
use crate::config::findings::Findings;
use crate::config::{
    Archive, Content, Filter, Mail, Newsletter, Schedule, Select, Site, Terms, Transport, duration, raw,
};
use crate::diagnostic::did_you_mean;

/// The newsletters that can be made sense of, by name.
pub(super) fn newsletters(
    raw: BTreeMap<String, raw::Newsletter>,
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
        None => default_from(&name, site, mail, findings),
    }?;
    let reply_to = raw.reply_to.and_then(|reply_to| mailbox(&key("reply_to"), &reply_to.0, findings));
    let schedule = schedule(raw.schedule.as_deref().unwrap_or("manual"), findings);
    let span = |key: &str, written: Option<&str>, default: TimeDelta, findings: &mut Findings<'_>| {
        let Some(written) = written else { return default };
        duration::parse(written).unwrap_or_else(|| {
            let help = "write a whole number and `m`, `h`, `d` or `w`, at most 100 years, as in `14d`";
            findings.error(key, written, format!("`{written}` is not a span of time"), help);
            default
        })
    };
    let select = raw.select;
    let any = Terms {
        categories: select.categories.list(),
        tags: select.tags.list(),
        authors: select.authors.list(),
        languages: select.languages.list(),
        sections: select.sections.list(),
    };
    Some(Newsletter {
        subject: raw.subject,
        select: Select {
            filter: Filter { any, none: select.exclude.terms() },
            max_age: span("max_age", select.max_age.as_deref(), TimeDelta::days(14), findings),
            min: select.min.unwrap_or(1).max(1),
            max: select.max.unwrap_or(20).max(1),
            updated: select.updated,
            settle: span("settle", raw.settle.as_deref(), TimeDelta::zero(), findings),
        },
        content: raw.content.unwrap_or(Content::Summary),
        by_category: matches!(raw.sections, Some(raw::Sections::Category)),
        look: raw.look.unwrap_or_default(),
        was: raw.was.map(raw::Many::list),
        archive: raw.archive,
        is_advertising: matches!(raw.commercial, Some(raw::Law::Ko)),
        language: text(raw.language).unwrap_or_else(|| site.language.clone()),
        topics: raw.topics.into_iter().map(|topic| topic.0).collect(),
        languages: raw.languages.into_iter().map(|language| language.0).collect(),
        subscribers: Some(text(raw.subscribers).unwrap_or_else(|| "subscribers.yaml".to_owned()))
            .filter(|list| list != "ledger")
            .map(|list| config_dir.join(list)),
        from: if from.name.is_empty() { Mailbox { name: title.clone(), ..from } } else { from },
        name,
        title,
        reply_to,
        schedule,
    })
}

/// Korean law (정보통신망법 제50조) has advertising name its sender's address.
pub(super) fn advertising_names_its_sender(
    newsletters: &[Newsletter],
    mail: &Mail,
    findings: &mut Findings<'_>,
) {
    if mail.postal_address.is_none() && newsletters.iter().any(|newsletter| newsletter.is_advertising) {
        let message = "`commercial: ko` asks for `mail.postal_address`: the law has the sender name it";
        findings.warning("commercial", message, "write `mail: { postal_address: … }`");
    }
}

/// Issues for their readers alone are shown by `serve`.
pub(super) fn private_issues_have_a_server(
    newsletters: &[Newsletter],
    has_server: bool,
    findings: &mut Findings<'_>,
) {
    let mut private = newsletters.iter().filter(|newsletter| newsletter.archive == Archive::Private);
    if let Some(newsletter) = private.next().filter(|_| !has_server) {
        let message = format!("`newsletters.{}.archive: private` needs `server.url`", newsletter.name);
        let help = "say under which address `tidings serve` is reached, or write `archive: false`";
        findings.error("archive", "private", message, help);
    }
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
fn default_from(name: &str, site: &Site, mail: &Mail, findings: &mut Findings<'_>) -> Option<Mailbox> {
    if let Some(email) = &site.author.email {
        return mailbox("email", email, findings);
    }
    if matches!(mail.transport, Transport::Smtp(_)) {
        let help = "write who the mail is from, as in `from: Example News <news@example.com>`";
        findings.error(name, "", format!("`newsletters.{name}.from` is missing"), help);
        return None;
    }
    let host = site.url.host_str().unwrap_or("localhost");
    Mailbox::parse(&format!("news@{host}")).or_else(|_| Mailbox::parse("news@localhost")).ok()
}

fn schedule(written: &str, findings: &mut Findings<'_>) -> Schedule {
    match written {
        "manual" => Schedule::Manual,
        "each-post" => Schedule::EachPost,
        pattern => match cron(pattern) {
            Ok(cron) => Schedule::Cron(Box::new(cron), written.trim().to_owned()),
            Err(why) => {
                let help = match did_you_mean(written, ["each-post", "manual"]) {
                    Some(near) => format!("did you mean `{near}`?"),
                    None => {
                        "write five cron fields as in `0 8 * * MON`, or `each-post`, or `manual`".to_owned()
                    }
                };
                findings.error("schedule", written, format!("`{written}` is not a schedule: {why}"), &help);
                Schedule::Manual
            }
        },
    }
}

fn cron(pattern: &str) -> Result<croner::Cron, String> {
    let fields = pattern.split_whitespace().count();
    if !pattern.starts_with('@') && !(5..=7).contains(&fields) {
        let has = if fields == 1 {
            "it is one word".to_owned()
        } else {
            format!("it has {fields} parts, parted by spaces")
        };
        return Err(format!("{has}, where cron has five"));
    }
    let odd = |why: croner::errors::CronError| match why.to_string() {
        why if why.contains("out of bounds") => "a number is too large or too small for its place".to_owned(),
        why => why,
    };
    let cron = pattern.parse::<croner::Cron>().map_err(odd)?;
    // Any moment will do: a day such as 31 February never comes, whenever one begins to wait.
    let comes = cron.find_next_occurrence(&chrono::DateTime::<chrono::Utc>::UNIX_EPOCH, false).is_ok();
    comes.then_some(cron).ok_or_else(|| "that time never comes".to_owned())
}
