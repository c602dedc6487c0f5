//! Mailgun: one event a request, below `event-data`.

use serde_json::Value;

use super::{Event, bare, failure, text};
use crate::bounces::Kind;
use crate::ids::enhanced_code;

pub(super) fn event(body: &Value) -> Option<Event> {
    let data = body.get("event-data")?;
    let status = |path: &str| enhanced_code(text(data, path));
    let code = status("/delivery-status/enhanced-code").or_else(|| {
        // The reply's own code may stand in front of it.
        let words = text(data, "/delivery-status/message");
        let rest =
            words.split_once([' ', '-']).filter(|(code, _)| code.len() == 3).map_or(words, |(_, rest)| rest);
        enhanced_code(words).or_else(|| enhanced_code(rest))
    });
    let reason = text(data, "/reason");
    let kind = match (text(data, "/event"), text(data, "/severity")) {
        ("complained", _) => Some(Kind::Complaint),
        ("unsubscribed", _) => Some(Kind::Unsubscribed),
        ("failed", "permanent") => match reason {
            "suppress-complaint" => Some(Kind::Complaint),
            "suppress-unsubscribe" => Some(Kind::Unsubscribed),
            _ => failure(code.as_deref(), reason == "suppress-bounce"),
        },
        _ => None,
    };
    let moment = data.get("timestamp").map_or_else(String::new, Value::to_string);
    Some(Event {
        id: format!("{} {moment}", text(data, "/id")),
        address: text(data, "/recipient").to_owned(),
        kind,
        code,
        message_id: bare(text(data, "/message/headers/message-id")),
    })
}
