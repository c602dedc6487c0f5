//! Builds every subscriber's copy of one issue.

use super::body::{self, Body, Markup};
use super::dkim::{DkimKey, Head};
use super::{Message, header};
use crate::address::Mailbox;
use crate::digest::Issue;
use crate::digest::slot::{Piece, Slot, pieces};
use crate::ids::{Html, PlainText, SubscriberId};
use crate::subscribers::returns::Returns;
use crate::subscribers::token::{Link, Signer};

/// What a copy is sealed with.
#[derive(Clone, Copy, Default)]
pub struct Seal<'a> {
    /// Makes the one-click links; without it, mail is left by writing to the sender.
    pub links: Option<&'a Signer>,
    /// The keys that sign it, in the order of their signatures.
    pub keys: &'a [DkimKey],
    /// Makes the envelope senders; without it, bounces go to the sender.
    pub returns: Option<&'a Returns>,
}

/// Everything about an issue that is the same for all, encoded; ready to write any number of copies.
pub struct Composer<'a> {
    issue: &'a Issue,
    seal: Seal<'a>,
    body: Body,
    /// Header fields that do not depend on the subscriber.
    shared_fields: String,
}

impl<'a> Composer<'a> {
    /// Encodes what is shared.
    pub fn new(issue: &'a Issue, seal: Seal<'a>) -> Self {
        let boundary = format!("tidings-{}", &blake3::hash(issue.id.as_str().as_bytes()).to_hex()[..24]);
        let mut body = Body::new();
        for (kind, text, markup) in [
            ("text/plain; charset=utf-8; format=flowed", &issue.text, Markup::Text),
            ("text/html; charset=utf-8", &issue.html, Markup::Html),
        ] {
            body.push_multipart(&boundary, kind, text, markup);
        }
        body.close_multipart(&boundary);
        Self { shared_fields: shared_fields(issue, &boundary), issue, seal, body }
    }

    /// The copy for one subscriber, always the same bytes.
    pub fn message(&self, subscriber: &SubscriberId, to: &Mailbox) -> Message {
        let issue = self.issue;
        let id = issue.message_id(subscriber);
        let own = |slot| self.own(slot, subscriber, to);
        let mut fields = String::with_capacity(2048);
        header::mailbox(&mut fields, "To", to);
        header::raw(&mut fields, "Message-ID", &format!("<{id}>"));
        let mailto = unsubscribe_mailto(issue);
        match self.seal.links.map(|signer| signer.url(Link::Unsubscribe, &issue.newsletter, subscriber)) {
            // RFC 8058 §3.1: the link must be https and the POST field must stand beside it.
            Some(url) => {
                header::raw(&mut fields, "List-Unsubscribe", &format!("<{url}>, <{mailto}>"));
                header::raw(&mut fields, "List-Unsubscribe-Post", "List-Unsubscribe=One-Click");
            }
            None => header::raw(&mut fields, "List-Unsubscribe", &format!("<{mailto}>")),
        }
        fields.push_str(&self.shared_fields);
        let mut text = String::with_capacity(fields.len() + self.body.shared_len() + 3072);
        if !self.seal.keys.is_empty() {
            let (head, hash) = (Head::new(&fields), self.body.hash(own));
            for key in self.seal.keys {
                text.push_str(&key.sign(&head, &hash, issue.created.timestamp()));
            }
        }
        text.push_str(&fields);
        text.push_str("\r\n");
        self.body.write(&mut text, own);
        let sender = match self.seal.returns {
            Some(returns) => returns.sender(&issue.id, subscriber),
            None => issue.from.address.clone(),
        };
        Message { id, sender, recipient: to.address.clone(), text }
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
        match (slot, self.seal.links) {
            (Slot::UnsubscribeUrl, Some(signer)) => {
                signer.url(Link::Unsubscribe, &self.issue.newsletter, subscriber)
            }
            (Slot::PreferencesUrl, Some(signer)) => {
                signer.url(Link::Preferences, &self.issue.newsletter, subscriber)
            }
            (Slot::IssueUrl, Some(signer)) => {
                format!("{}/{}", signer.url(Link::Issues, &self.issue.newsletter, subscriber), self.issue.id)
            }
            (Slot::UnsubscribeUrl | Slot::PreferencesUrl, None) => unsubscribe_mailto(self.issue),
            (Slot::IssueUrl, None) => self.issue.home.clone(),
            (Slot::Name, _) if to.name.is_empty() => self.issue.nameless.clone(),
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
    out
}

/// A mail to the sender that asks to be taken off (RFC 2369 §3.2, RFC 6068).
fn unsubscribe_mailto(issue: &Issue) -> String {
    let to = issue.reply_to.as_ref().unwrap_or(&issue.from);
    let encoded: String = url::form_urlencoded::byte_serialize(to.address.to_string().as_bytes()).collect();
    format!("mailto:{}?subject=unsubscribe%20{}", encoded.replace("%40", "@"), issue.newsletter)
}
