//! Postmark: one event a request. It signs nothing; whoever has set it up has given it a password.

use serde_json::Value;

use super::{Event, failure, text, useful};
use crate::bounces::{Kind, status};

pub(super) fn event(body: &Value) -> Option<Event> {
    let record = text(body, "/RecordType");
    let word = text(body, "/Type");
    let code = status::diagnostic(text(body, "/Details")).filter(|_| record != "Delivery");
    let kind = match (record, word) {
        ("SpamComplaint", _) | ("Bounce", "SpamComplaint") => Some(Kind::Complaint),
        ("Bounce", "Unsubscribe") => Some(Kind::Unsubscribed),
        ("Bounce", "HardBounce" | "BadEmailAddress") => failure(useful(code.clone()).as_deref(), true),
        ("Bounce", "SoftBounce" | "Transient" | "DnsError") => {
            failure(useful(code.clone()).as_deref(), false)
        }
        ("SubscriptionChange", _) if body.pointer("/SuppressSending") == Some(&Value::Bool(true)) => {
            match (text(body, "/SuppressionReason"), text(body, "/Origin")) {
                ("HardBounce", _) => Some(Kind::Hard),
                ("SpamComplaint", _) => Some(Kind::Complaint),
                ("ManualSuppression", "Recipient") => Some(Kind::Unsubscribed),
                _ => None,
            }
        }
        ("Bounce" | "SubscriptionChange" | "Delivery", _) => None,
        _ => return None,
    };
    let address = [text(body, "/Email"), text(body, "/Recipient")].into_iter().find(|one| !one.is_empty())?;
    let number = body.pointer("/ID").map_or_else(String::new, Value::to_string);
    let moment = [text(body, "/ChangedAt"), text(body, "/BouncedAt")].concat();
    // Its `MessageID` is its own.
    Some(Event {
        id: format!("{record} {number} {moment}"),
        address: address.to_owned(),
        kind,
        code,
        message_id: None,
    })
}
