//! What mail services say of copies by an HTTP request of their own (webhooks). By structure and codes, as everywhere here; only where a
//! service gives no code does its own word for the kind count.

mod mailgun;
mod postmark;
mod sendgrid;
mod ses;

use serde_json::Value;

use super::{Kind, status};

pub use ses::{Envelope, is_amazons};

/// Whose request it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Service {
    /// Amazon SES, by way of SNS.
    Ses,
    /// Postmark.
    Postmark,
    /// Mailgun.
    Mailgun,
    /// SendGrid.
    Sendgrid,
}

impl Service {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Ses, Self::Postmark, Self::Mailgun, Self::Sendgrid];

    /// Its name, in the config and in the path.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Ses => "ses",
            Self::Postmark => "postmark",
            Self::Mailgun => "mailgun",
            Self::Sendgrid => "sendgrid",
        }
    }
}

/// What a service says of one recipient.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Event {
    /// What tells it from every other event, so that none counts twice.
    pub id: String,
    /// The recipient, as the service writes them.
    pub address: String,
    /// What it says; `None`: nothing that counts.
    pub kind: Option<Kind>,
    /// The enhanced code (RFC 3463), where there is one.
    pub code: Option<String>,
    /// The original's `Message-ID` without its angle brackets, where it is still ours.
    pub message_id: Option<String>,
}

/// What a request of a service says, whose body is JSON.
pub fn events(service: Service, body: &Value) -> Vec<Event> {
    let mut events = match service {
        Service::Ses => ses::events(body),
        Service::Postmark => postmark::event(body).into_iter().collect(),
        Service::Mailgun => mailgun::event(body).into_iter().collect(),
        Service::Sendgrid => body.as_array().into_iter().flatten().map(sendgrid::event).collect(),
    };
    for event in &mut events {
        event.id = format!("{} {} {}", service.as_str(), event.id, event.address.to_lowercase());
    }
    events
}

/// A text in JSON, by its path (RFC 6901); empty where there is none.
fn text<'a>(value: &'a Value, path: &str) -> &'a str {
    value.pointer(path).and_then(Value::as_str).unwrap_or_default().trim()
}

/// A code that says something: `x.0.0` does not (RFC 3463 §3.1).
fn useful(code: Option<String>) -> Option<String> {
    code.filter(|code| !code.ends_with(".0.0"))
}

/// What a final failure means: by its code where there is one, else by the service's own word.
fn failure(code: Option<&str>, is_gone_by_word: bool) -> Option<Kind> {
    match code {
        Some(code) if !code.ends_with(".0.0") => status::meaning(Some(code)),
        _ if is_gone_by_word => Some(Kind::Hard),
        _ => Some(Kind::Soft),
    }
}

fn bare(message_id: &str) -> Option<String> {
    let bare = message_id.trim().trim_start_matches('<').trim_end_matches('>');
    (!bare.is_empty()).then(|| bare.to_owned())
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;
    use crate::fsx;

    #[test]
    fn every_event_of_every_service_is_read_as_what_it_is() {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/webhooks");
        let expected = fsx::read_text(&folder.join("EXPECTED.tsv")).unwrap();
        let rows: Vec<&str> = expected.lines().skip(1).collect();
        let mut names: Vec<&str> = rows.iter().map(|row| row.split('\t').next().unwrap()).collect();
        names.dedup();
        let mut read = String::new();
        for name in names {
            let body: Value = serde_json::from_str(&fsx::read_text(&folder.join(name)).unwrap()).unwrap();
            let is_of = |service: &Service| name.starts_with(service.as_str());
            let service = Service::ALL.into_iter().find(is_of).unwrap();
            let events = events(service, &body);
            if events.is_empty() {
                read.push_str(&format!("{name}\t\tignored\t\t\n"));
            }
            for Event { address, kind, code, message_id, .. } in events {
                let verdict = match kind {
                    Some(Kind::Hard) => "gone",
                    Some(Kind::Soft) => "soft",
                    Some(Kind::Complaint) => "complained",
                    Some(Kind::Unsubscribed) => "unsubscribed",
                    None => "ignored",
                };
                let (code, id) = (code.unwrap_or_default(), message_id.unwrap_or_default());
                read.push_str(&format!("{name}\t{address}\t{verdict}\t{code}\t{id}\n"));
            }
        }
        let wrong: Vec<_> =
            rows.iter().zip(read.lines()).filter(|(expected, read)| *expected != read).collect();
        assert!(wrong.is_empty(), "{wrong:#?}");
        assert_eq!(rows.len(), read.lines().count());
    }
}
