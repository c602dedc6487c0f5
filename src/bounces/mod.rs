//! Reports come home: what mail systems and feedback loops say of copies, by structure and codes, never by wording.
//!
//! Delivery status notifications (RFC 3464, RFC 6533) and abuse reports (RFC 5965). Not responsible for what follows from them: that is
//! written to the ledger.

mod fields;
pub mod hooks;
mod imap;
mod mailbox;
mod status;

use mail_parser::{Message, MessageParser, MimeHeaders as _, PartType};

use crate::subscribers::returns::{Returned, Returns};
use fields::Fields;

pub use imap::{ImapError, Inbox};
pub use mailbox::{Letter, letters, read_from};

/// What a report says of one copy.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// There is no such mailbox, and there will be none.
    Hard,
    /// This copy did not arrive; the next one may.
    Soft,
    /// The recipient has called it spam.
    Complaint,
    /// The recipient wants no more.
    Unsubscribed,
}

/// One recipient's part of a report.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// What it says; `None`: nothing that counts.
    pub kind: Option<Kind>,
    /// The enhanced code (RFC 3463).
    pub code: Option<String>,
    /// The addresses by which the recipient is known, the original one first.
    pub recipients: Vec<String>,
}

impl Finding {
    /// Whether it is the sender with whom fault is found.
    pub fn is_about_us(&self) -> bool {
        self.kind.is_none() && self.code.as_deref().is_some_and(|code| code.starts_with('5'))
    }
}

/// A report, and what it was about.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Report {
    /// What it says, recipient by recipient.
    pub findings: Vec<Finding>,
    /// Addresses to which the report came, and from which the original was sent.
    pub senders: Vec<String>,
    /// The `Message-ID` of the original, without its angle brackets.
    pub message_id: Option<String>,
}

/// Fields of a report's own header that say to whom it came.
const CAME_TO: [&str; 4] = ["Delivered-To", "X-Original-To", "To", "Envelope-To"];

impl Report {
    /// Reads a message. `None` where it is no report: an auto-reply, a person's answer, spam.
    pub fn read(raw: &[u8]) -> Option<Self> {
        let message = MessageParser::new().parse(raw)?;
        let mut report = Self::default();
        let mut is_report = false;
        for part in message.parts.iter().skip(1) {
            let kind = part.content_type().map(|kind| {
                format!("{}/{}", kind.ctype(), kind.subtype().unwrap_or_default()).to_ascii_lowercase()
            });
            match kind.as_deref() {
                Some("message/delivery-status" | "message/global-delivery-status") => {
                    is_report = true;
                    let (findings, senders) = status::read(&String::from_utf8_lossy(part.contents()));
                    report.findings.extend(findings);
                    report.senders.extend(senders);
                }
                Some("message/feedback-report") => {
                    is_report = true;
                    report.feedback(&Fields::of(&String::from_utf8_lossy(part.contents())));
                }
                Some(
                    "message/rfc822" | "message/global" | "text/rfc822-headers" | "message/global-headers",
                ) => match &part.body {
                    PartType::Message(original) => report.original(original.raw_message()),
                    _ => report.original(part.contents()),
                },
                _ => {}
            }
        }
        if !is_report {
            return None;
        }
        let own = Fields::of(&head(&message));
        report.senders.extend(CAME_TO.iter().flat_map(|name| own.all(name)).flat_map(addresses));
        Some(report)
    }

    /// RFC 5965 §3: `Feedback-Type` says which.
    fn feedback(&mut self, fields: &Fields) {
        let kind = match fields.one("Feedback-Type").unwrap_or_default().to_ascii_lowercase().as_str() {
            "abuse" => Some(Kind::Complaint),
            "opt-out" | "opt-out-list" => Some(Kind::Unsubscribed),
            _ => None,
        };
        self.senders.extend(fields.all("Original-Mail-From").flat_map(addresses));
        let recipients = fields.all("Original-Rcpt-To").flat_map(addresses).collect();
        self.findings.push(Finding { kind, code: None, recipients });
    }

    /// What a report gives back of the message that it is about.
    fn original(&mut self, text: &[u8]) {
        let text = String::from_utf8_lossy(text);
        let fields = Fields::of(&text);
        self.senders.extend(fields.all("Return-Path").flat_map(addresses));
        let id = fields.one("Message-ID").map(|id| id.trim_matches(['<', '>', ' ']).to_owned());
        self.message_id = self.message_id.take().or(id);
    }

    /// Whose copy it was, by an envelope sender of ours.
    pub fn returned(&self, returns: &Returns) -> Option<Returned> {
        self.senders.iter().find_map(|address| returns.read(address))
    }

    /// What is said of the recipient whom `is_theirs` knows: of several the one that is theirs, one alone in any case, as an address may
    /// have been forwarded or taken out.
    pub fn about(&self, is_theirs: impl Fn(&str) -> bool) -> Option<&Finding> {
        let named =
            self.findings.iter().find(|finding| finding.recipients.iter().any(|address| is_theirs(address)));
        match self.findings.as_slice() {
            [only] => Some(only),
            _ => named,
        }
    }
}

/// A message's own header, as it came.
fn head(message: &Message<'_>) -> String {
    let part = message.root_part();
    let raw = message.raw_message();
    let length = (part.raw_body_offset() - part.raw_header_offset()) as usize;
    String::from_utf8_lossy(raw.get(..length).unwrap_or(raw)).into_owned()
}

/// The addresses in a field: whatever stands around an `@`.
fn addresses(value: &str) -> impl Iterator<Item = String> + use<'_> {
    let edge = |c: char| c.is_whitespace() || matches!(c, '<' | '>' | ',' | ';' | '"' | '(' | ')');
    value.split(edge).filter(|word| word.contains('@')).map(str::to_owned)
}
