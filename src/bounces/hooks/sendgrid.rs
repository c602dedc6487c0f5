//! SendGrid: many events a request, of many messages and kinds.

use serde_json::Value;

use super::{Event, bare, failure, text};
use crate::bounces::Kind;
use crate::ids::enhanced_code;

pub(super) fn event(body: &Value) -> Event {
    let name = text(body, "/event");
    // `status` may be a reply's code, with the enhanced one in the words.
    let after_reply = |words: &str| words.split_once([' ', '-']).and_then(|(_, rest)| enhanced_code(rest));
    let (reason, response) = (text(body, "/reason"), text(body, "/response"));
    let code = enhanced_code(text(body, "/status"))
        .or_else(|| enhanced_code(reason))
        .or_else(|| after_reply(reason))
        .or_else(|| after_reply(response).filter(|_| name == "deferred"));
    let kind = match name {
        "spamreport" => Some(Kind::Complaint),
        "unsubscribe" | "group_unsubscribe" => Some(Kind::Unsubscribed),
        "bounce" => failure(code.as_deref(), text(body, "/type") == "bounce"),
        "dropped" => match reason {
            "Bounced Address" | "Invalid" => Some(Kind::Hard),
            "Unsubscribed Address" => Some(Kind::Unsubscribed),
            "Spam Reporting Address" => Some(Kind::Complaint),
            _ => None,
        },
        _ => None,
    };
    Event {
        id: text(body, "/sg_event_id").to_owned(),
        address: text(body, "/email").to_owned(),
        kind,
        code,
        message_id: bare(text(body, "/smtp-id")),
    }
}
