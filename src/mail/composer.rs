//! Builds every subscriber's copy of one issue.

use super::body::{self, Body, Markup};
use super::{Message, header};
use crate::address::Mailbox;
use crate::digest::Issue;
use crate::digest::slot::{Piece, Slot, pieces};
use crate::ids::{Html, PlainText, SubscriberId};
use crate::subscribers::token::Signer;

/// Everything about an issue that is the same for all, encoded; ready to write any number of copies.
pub struct Composer<'a> {
    issue: &'a Issue,
    signer: Option<&'a Signer>,
    text: Body,
    html: Body,
    /// Header fields that do not depend on the subscriber.
    shared_fields: String,
    boundary: String,
}

impl<'a> Composer<'a> {
    /// Encodes what is shared. Without a signer there is no one-click link; mail is left by writing to the sender.
    pub fn new(issue: &'a Issue, signer: Option<&'a Signer>) -> Self {
        let boundary = format!("tidings-{}", &blake3::hash(issue.id.as_str().as_bytes()).to_hex()[..24]);
        Self {
            text: Body::new(&issue.text, Markup::Text),
            html: Body::new(&issue.html, Markup::Html),
            shared_fields: shared_fields(issue, &boundary),
            issue,
            signer,
            boundary,
        }
    }

    /// The copy for one subscriber, always the same bytes.
    pub fn message(&self, subscriber: &SubscriberId, to: &Mailbox) -> Message {
        let issue = self.issue;
        let id = issue.message_id(subscriber);
        let mailto = unsubscribe_mailto(issue);
        let one_click = self.signer.map(|signer| signer.unsubscribe_url(&issue.newsletter, subscriber));
        let own = |slot| self.own(slot, subscriber, to);
        let mut text = String::with_capacity(self.text.shared_len() + self.html.shared_len() + 2048);
        header::mailbox(&mut text, "To", to);
        header::raw(&mut text, "Message-ID", &format!("<{id}>"));
        match &one_click {
            // RFC 8058 §3.1: the link must be https and the POST field must stand beside it.
            Some(url) => {
                header::raw(&mut text, "List-Unsubscribe", &format!("<{url}>, <{mailto}>"));
                header::raw(&mut text, "List-Unsubscribe-Post", "List-Unsubscribe=One-Click");
            }
            None => header::raw(&mut text, "List-Unsubscribe", &format!("<{mailto}>")),
        }
        text.push_str(&self.shared_fields);
        for (kind, body) in [
            ("text/plain; charset=utf-8; format=flowed", &self.text),
            ("text/html; charset=utf-8", &self.html),
        ] {
            text.push_str(&format!("--{}\r\n", self.boundary));
            header::raw(&mut text, "Content-Type", kind);
            header::raw(&mut text, "Content-Transfer-Encoding", "quoted-printable");
            text.push_str("\r\n");
            body.write(&mut text, own);
            // The CRLF before a boundary belongs to the boundary (RFC 2046 §5.1.1).
            text.push_str("\r\n");
        }
        text.push_str(&format!("--{}--\r\n", self.boundary));
        Message { id, sender: issue.from.address.clone(), recipient: to.address.clone(), text }
    }

    /// The text part and the HTML part as a subscriber sees them, not encoded for the wire.
    pub fn parts(&self, subscriber: &SubscriberId, to: &Mailbox) -> (PlainText, Html) {
        let fill = |text: &str, markup| {
            let piece = |piece| match piece {
                Piece::Shared(text) => text.to_owned(),
                Piece::Own(slot) => body::written(markup, self.own(slot, subscriber, to)),
            };
            pieces(text).into_iter().map(piece).collect::<String>()
        };
        (
            PlainText::new(fill(&self.issue.text, Markup::Text)),
            Html::new(fill(&self.issue.html, Markup::Html)),
        )
    }

    /// A subscriber's own words for a slot.
    fn own(&self, slot: Slot, subscriber: &SubscriberId, to: &Mailbox) -> String {
        match (slot, self.signer) {
            (Slot::UnsubscribeUrl, Some(signer)) => {
                signer.unsubscribe_url(&self.issue.newsletter, subscriber)
            }
            (Slot::UnsubscribeUrl, None) => unsubscribe_mailto(self.issue),
            (Slot::Name, _) => to.name.clone(),
            (Slot::Email, _) => to.address.to_string(),
        }
    }
}

fn shared_fields(issue: &Issue, boundary: &str) -> String {
    let mut out = String::new();
    header::mailbox(&mut out, "From", &issue.from);
    if let Some(reply_to) = &issue.reply_to {
        header::mailbox(&mut out, "Reply-To", reply_to);
    }
    header::text(&mut out, "Subject", &issue.subject);
    header::raw(&mut out, "Date", &issue.created.to_rfc2822());
    let mut list_id = String::from("List-Id: ");
    let before = list_id.len();
    header::phrase(&mut list_id, before, &issue.title);
    out.push_str(&format!("{list_id}\r\n <{}>\r\n", issue.list_id));
    header::raw(&mut out, "List-Archive", &format!("<{}>", issue.home));
    header::raw(&mut out, "Auto-Submitted", "auto-generated");
    header::raw(
        &mut out,
        "Feedback-ID",
        &format!("{}:{}:tidings:{}", issue.id, issue.newsletter, issue.host),
    );
    header::raw(&mut out, "MIME-Version", "1.0");
    header::raw(&mut out, "Content-Type", &format!("multipart/alternative; boundary=\"{boundary}\""));
    out.push_str("\r\n");
    out
}

/// A mail to the sender that asks to be taken off (RFC 2369 §3.2, RFC 6068).
fn unsubscribe_mailto(issue: &Issue) -> String {
    let to = issue.reply_to.as_ref().unwrap_or(&issue.from);
    let encoded: String = url::form_urlencoded::byte_serialize(to.address.to_string().as_bytes()).collect();
    format!("mailto:{}?subject=unsubscribe%20{}", encoded.replace("%40", "@"), issue.newsletter)
}
