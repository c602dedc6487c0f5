//! Reads a sender's records as receivers do: SPF (RFC 7208), DKIM (RFC 6376), DMARC (RFC 7489), MX.
//!
//! Pure: whom to ask is an argument. What Gmail and Yahoo have asked of everybody who sends to many since February 2024 is said as such.

use std::path::Path;

use super::{DnsError, Kind};
use crate::diagnostic::Diagnostic;

/// RFC 7208 §4.6.4: a receiver asks no more questions than that.
const MOST_QUESTIONS: usize = 10;

/// A key that signs, and the record that it needs.
#[derive(Clone, Debug)]
pub struct Key {
    /// The domain that answers for it (`d=`).
    pub domain: String,
    /// The record's name.
    pub name: String,
    /// What it should say.
    pub record: String,
}

/// Who sends.
#[derive(Clone, Debug)]
pub struct Sender {
    /// The domain of `From`.
    pub from: String,
    /// The domain of the envelope sender, by which SPF goes and to which bounces go.
    pub envelope: String,
    /// The keys that sign.
    pub keys: Vec<Key>,
}

/// Answers questions about names.
pub(super) type Ask<'a> = &'a dyn Fn(&str, Kind) -> Result<Vec<String>, DnsError>;

/// What is wrong or missing, and in one line what is there. `path` is the config's file.
pub fn advice(sender: &Sender, ask: Ask<'_>, path: &Path) -> Result<(Vec<Diagnostic>, String), DnsError> {
    let mut found = Vec::new();
    let mut note = |is_error: bool, code: &'static str, message: String, help: &str| {
        let diagnostic = if is_error {
            Diagnostic::error(code, path, message)
        } else {
            Diagnostic::warning(code, path, message)
        };
        found.push(diagnostic.help(help));
    };
    let spf = spf(&sender.envelope, ask, &mut note)?;
    let signed = dkim(sender, ask, &mut note)?;
    let policy = dmarc(sender, ask, &mut note)?;
    let servers = mx(sender, ask, &mut note)?;
    let summary = format!(
        "{}: SPF {spf}; DKIM {signed} of {} keys in place; DMARC {policy}; {}",
        sender.from,
        sender.keys.len(),
        if servers == 1 { "1 mail server".to_owned() } else { format!("{servers} mail servers") }
    );
    Ok((found, summary))
}

type Note<'a> = &'a mut dyn FnMut(bool, &'static str, String, &str);

fn spf(domain: &str, ask: Ask<'_>, note: Note<'_>) -> Result<String, DnsError> {
    let policies = spf_records(domain, ask)?;
    let policy = match policies.as_slice() {
        [] => {
            let message =
                format!("`{domain}` has no SPF record: nobody can tell whether your relay may send for it");
            let help = "publish a TXT record such as `v=spf1 include:YOUR-RELAY -all`; Gmail and Yahoo refuse many mails without SPF or DKIM";
            note(false, "dns-spf", message, help);
            return Ok("missing".to_owned());
        }
        [one] => one.clone(),
        _ => {
            let message = format!(
                "`{domain}` has {} SPF records, which counts as an error (RFC 7208 §4.5)",
                policies.len()
            );
            note(true, "dns-spf", message, "join them into one");
            return Ok("ambiguous".to_owned());
        }
    };
    let mut asked = 0;
    questions(&policy, ask, &mut asked)?;
    if asked > MOST_QUESTIONS {
        let message = format!(
            "the SPF record of `{domain}` takes {asked} lookups; receivers stop after {MOST_QUESTIONS} and take it for broken"
        );
        note(true, "dns-spf", message, "name addresses with `ip4:` and `ip6:`, or drop an `include:`");
    }
    let all = policy
        .split_whitespace()
        .find(|term| term.trim_start_matches(['+', '-', '~', '?']).eq_ignore_ascii_case("all"));
    match all {
        Some("+all" | "all" | "ALL") => {
            let message = format!("the SPF record of `{domain}` ends in `+all`: anybody may send for it");
            note(true, "dns-spf", message, "end it in `-all` or `~all`");
        }
        Some("?all") => {
            let message = format!("the SPF record of `{domain}` ends in `?all`, which says nothing");
            note(false, "dns-spf", message, "end it in `-all` or `~all`");
        }
        None if !policy.contains("redirect=") => {
            let message = format!("the SPF record of `{domain}` does not say what of all other senders");
            note(false, "dns-spf", message, "end it in `-all` or `~all`");
        }
        _ => {}
    }
    Ok(all.unwrap_or("without `all`").to_owned())
}

fn spf_records(domain: &str, ask: Ask<'_>) -> Result<Vec<String>, DnsError> {
    let mut texts = ask(domain, Kind::Txt)?;
    texts.retain(|text| {
        text.split_whitespace().next().is_some_and(|first| first.eq_ignore_ascii_case("v=spf1"))
    });
    Ok(texts)
}

/// How many questions a record asks of a receiver, with those of the records that it takes in.
fn questions(policy: &str, ask: Ask<'_>, asked: &mut usize) -> Result<(), DnsError> {
    for term in policy.split_whitespace().skip(1) {
        let term = term.trim_start_matches(['+', '-', '~', '?']);
        let name = term.split([':', '=', '/']).next().unwrap_or_default().to_ascii_lowercase();
        if !matches!(name.as_str(), "include" | "a" | "mx" | "ptr" | "exists" | "redirect") {
            continue;
        }
        *asked += 1;
        // One that goes round in a circle is over the limit soon enough.
        if matches!(name.as_str(), "include" | "redirect") && *asked <= 2 * MOST_QUESTIONS {
            let domain = term[name.len()..].trim_start_matches([':', '=']);
            // What has macros in it is another name for every message.
            if !domain.contains('%') {
                // What cannot be asked counts as one question.
                for inner in spf_records(domain, ask).unwrap_or_default() {
                    questions(&inner, ask, asked)?;
                }
            }
        }
    }
    Ok(())
}

fn dkim(sender: &Sender, ask: Ask<'_>, note: Note<'_>) -> Result<usize, DnsError> {
    if sender.keys.is_empty() {
        let message = format!("nothing signs the mail of `{}` here", sender.from);
        let help = "`tidings dkim keygen` makes keys; if your relay signs, leave it as it is. Gmail and Yahoo ask for DKIM of everybody who sends to many";
        note(false, "dns-dkim", message, help);
    }
    let mut in_place = 0;
    for key in &sender.keys {
        let texts = ask(&key.name, Kind::Txt)?;
        let wanted = tag(&key.record, "p").unwrap_or_default();
        let published = texts.iter().find(|text| tag(text, "p").is_some());
        let help = format!("publish `{}` as a TXT record of that name", key.record);
        match published.map(|text| (tag(text, "p").unwrap_or_default(), text)) {
            None => note(
                true,
                "dns-dkim",
                format!("there is no key at `{}`: what it signs does not verify", key.name),
                &help,
            ),
            Some((public, _)) if public.is_empty() => {
                note(true, "dns-dkim", format!("the key at `{}` has been taken back", key.name), &help);
            }
            Some((public, _)) if public != wanted => {
                note(true, "dns-dkim", format!("the key at `{}` is not the one that signs", key.name), &help);
            }
            Some((_, text)) => {
                in_place += 1;
                if tag(text, "t").is_some_and(|flags| flags.split(':').any(|flag| flag == "y")) {
                    let message =
                        format!("the key at `{}` is marked as a test: receivers may pass over it", key.name);
                    note(false, "dns-dkim", message, "take `t=y` out of the record");
                }
            }
        }
        if !is_aligned(&key.domain, &sender.from) {
            let message = format!(
                "a key of `{}` signs mail from `{}`, which DMARC does not count",
                key.domain, sender.from
            );
            note(false, "dns-dkim", message, "sign with a key of the sender's own domain");
        }
    }
    Ok(in_place)
}

fn dmarc(sender: &Sender, ask: Ask<'_>, note: Note<'_>) -> Result<String, DnsError> {
    let mut domain = sender.from.as_str();
    let mut policies = Vec::new();
    // RFC 7489 §6.6.3 asks the organization's domain next; without a list of those, each parent is asked.
    while policies.is_empty() && domain.contains('.') {
        policies = ask(&format!("_dmarc.{domain}"), Kind::Txt)?;
        policies.retain(|text| text.trim_start().starts_with("v=DMARC1"));
        if policies.is_empty() {
            domain = domain.split_once('.').map_or("", |(_, parent)| parent);
        }
    }
    let help = "publish a TXT record `v=DMARC1; p=none; rua=mailto:…` at `_dmarc.` first, and `p=quarantine` once the reports are clean";
    match policies.as_slice() {
        [] => {
            let message = format!(
                "`{}` has no DMARC record, which Gmail and Yahoo ask of everybody who sends to many",
                sender.from
            );
            note(false, "dns-dmarc", message, help);
            Ok("missing".to_owned())
        }
        [policy] => {
            let Some(p) = tag(policy, "p") else {
                note(true, "dns-dmarc", format!("the DMARC record of `{domain}` has no `p=`"), help);
                return Ok("broken".to_owned());
            };
            let aligned = sender.keys.iter().any(|key| is_aligned(&key.domain, &sender.from))
                || is_aligned(&sender.envelope, &sender.from);
            if !aligned {
                let message = format!(
                    "neither a signature nor the envelope sender (`{}`) is of `{}`: DMARC fails for every mail",
                    sender.envelope, sender.from
                );
                note(
                    p != "none",
                    "dns-dmarc",
                    message,
                    "sign with a key of the sender's own domain (`tidings dkim keygen`)",
                );
            }
            Ok(format!("p={p}"))
        }
        _ => {
            note(
                true,
                "dns-dmarc",
                format!("`{domain}` has several DMARC records, so that none counts"),
                "keep one",
            );
            Ok("ambiguous".to_owned())
        }
    }
}

fn mx(sender: &Sender, ask: Ask<'_>, note: Note<'_>) -> Result<usize, DnsError> {
    let mut count = 0;
    let mut domains = vec![&sender.from];
    if sender.envelope != sender.from {
        domains.push(&sender.envelope);
    }
    for domain in domains {
        let servers = ask(domain, Kind::Mx)?;
        if servers.iter().any(|server| server == ".") {
            let message = format!(
                "`{domain}` says that it takes no mail (RFC 7505): receivers refuse a sender that cannot be answered"
            );
            note(
                true,
                "dns-mx",
                message,
                "let a mail server of yours take its mail, or send from another domain",
            );
        } else if servers.is_empty() && ask(domain, Kind::Address)?.is_empty() {
            let message =
                format!("no mail server takes mail for `{domain}`: neither answers nor bounces arrive");
            note(true, "dns-mx", message, "publish an MX record for it");
        }
        count += servers.iter().filter(|server| *server != ".").count();
    }
    Ok(count)
}

/// The same domain, or one below the other: what DMARC calls relaxed alignment.
fn is_aligned(one: &str, other: &str) -> bool {
    let below = |low: &str, high: &str| low.strip_suffix(high).is_some_and(|rest| rest.ends_with('.'));
    one == other || below(one, other) || below(other, one)
}

/// The value of a tag in a list of them (RFC 6376 §3.2), without white space.
fn tag(text: &str, name: &str) -> Option<String> {
    text.split(';').find_map(|pair| {
        let (tag, value) = pair.split_once('=')?;
        (tag.trim() == name).then(|| value.split_whitespace().collect())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The codes that a zone's records lead to.
    fn codes(zone: &[(&str, Kind, &str)]) -> Vec<(&'static str, bool)> {
        let ask = |name: &str, kind| {
            Ok(zone
                .iter()
                .filter(|(own, of, _)| *own == name && *of == kind)
                .map(|(_, _, text)| (*text).to_owned())
                .collect())
        };
        let key = Key {
            domain: "a.kr".into(),
            name: "s._domainkey.a.kr".into(),
            record: "v=DKIM1; k=rsa; p=QUJD".into(),
        };
        let sender = Sender { from: "a.kr".into(), envelope: "a.kr".into(), keys: vec![key] };
        let (found, _) = advice(&sender, &ask, Path::new("c")).unwrap();
        found.iter().map(|one| (one.code, one.is_error())).collect()
    }

    const GOOD: [(&str, Kind, &str); 4] = [
        ("a.kr", Kind::Txt, "v=spf1 include:r.test -all"),
        ("s._domainkey.a.kr", Kind::Txt, "v=DKIM1; k=rsa; p=QU JD"),
        ("_dmarc.a.kr", Kind::Txt, "v=DMARC1; p=reject"),
        ("a.kr", Kind::Mx, "mx.a.kr."),
    ];

    /// The good zone with one record in place of another.
    fn with(index: usize, text: &str) -> Vec<(&'static str, bool)> {
        let mut zone = GOOD;
        zone[index].2 = text;
        codes(&zone)
    }

    #[test]
    fn each_record_is_read_as_receivers_read_it() {
        assert_eq!(codes(&GOOD), []);
        let missing: Vec<_> = codes(&[]);
        assert_eq!(missing, [("dns-spf", false), ("dns-dkim", true), ("dns-dmarc", false), ("dns-mx", true)]);
        assert_eq!(with(0, "v=spf1 +all"), [("dns-spf", true)]);
        assert_eq!(with(0, "v=spf1 mx"), [("dns-spf", false)]);
        assert_eq!(with(0, "v=spf1 a a a a a a a a a a a -all"), [("dns-spf", true)]);
        assert_eq!(with(0, "v=spf1 include:a.kr -all"), [("dns-spf", true)]);
        assert_eq!(with(1, "v=DKIM1; k=rsa; p="), [("dns-dkim", true)]);
        assert_eq!(with(1, "v=DKIM1; k=rsa; p=QUJE"), [("dns-dkim", true)]);
        assert_eq!(with(1, "v=DKIM1; t=y; p=QUJD"), [("dns-dkim", false)]);
        assert_eq!(with(2, "v=DMARC1; rua=mailto:x@a.kr"), [("dns-dmarc", true)]);
        assert_eq!(with(3, "."), [("dns-mx", true)]);
    }
}
