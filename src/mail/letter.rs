//! A letter to one person: a confirmation and the like, which no issue is behind.

use chrono::{DateTime, FixedOffset};

use super::body::{Body, Markup};
use super::dkim::{DkimKey, Head};
use super::{Message, header};
use crate::address::Mailbox;
use crate::ids::MessageId;

/// What a letter says, and to whom.
#[derive(Clone, Debug)]
pub struct Letter<'a> {
    /// The sender, who is the envelope's, too.
    pub from: &'a Mailbox,
    /// Where answers go, if elsewhere.
    pub reply_to: Option<&'a Mailbox>,
    /// The one it is for.
    pub to: &'a Mailbox,
    /// One line.
    pub subject: &'a str,
    /// The text part.
    pub text: &'a str,
    /// The HTML part.
    pub html: &'a str,
    /// What tells it from every other letter.
    pub id: MessageId,
    /// Its `Date`.
    pub date: DateTime<FixedOffset>,
}

impl Letter<'_> {
    /// The finished mail. It is no part of a list (RFC 2369), and no answer is due to it (RFC 3834 §5).
    pub fn message(&self, keys: &[DkimKey]) -> Message {
        let boundary = format!("tidings-{}", &blake3::hash(self.id.as_str().as_bytes()).to_hex()[..24]);
        let mut body = Body::new();
        for (kind, text, markup) in [
            ("text/plain; charset=utf-8; format=flowed", self.text, Markup::Text),
            ("text/html; charset=utf-8", self.html, Markup::Html),
        ] {
            body.push_multipart(&boundary, kind, text, markup);
        }
        body.close_multipart(&boundary);
        let own = |_| String::new();
        let mut fields = String::with_capacity(1024);
        header::mailbox(&mut fields, "To", self.to);
        header::raw(&mut fields, "Message-ID", &format!("<{}>", self.id));
        header::mailbox(&mut fields, "From", self.from);
        if let Some(reply_to) = self.reply_to {
            header::mailbox(&mut fields, "Reply-To", reply_to);
        }
        header::text(&mut fields, "Subject", self.subject);
        header::raw(&mut fields, "Date", &self.date.to_rfc2822());
        header::raw(&mut fields, "Auto-Submitted", "auto-generated");
        header::raw(&mut fields, "MIME-Version", "1.0");
        header::raw(&mut fields, "Content-Type", &format!("multipart/alternative; boundary=\"{boundary}\""));
        let (head, hash) = (Head::new(&fields), body.hash(own));
        let mut text: String = keys.iter().map(|key| key.sign(&head, &hash, self.date.timestamp())).collect();
        text.push_str(&fields);
        text.push_str("\r\n");
        body.write(&mut text, own);
        let (sender, recipient) = (self.from.address.clone(), self.to.address.clone());
        Message { id: self.id.clone(), sender, recipient, text }
    }
}
