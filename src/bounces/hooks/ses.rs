//! Amazon SES, whose notifications come in an envelope of SNS: a signed JSON object in which the event is a text.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde::Deserialize;
use serde_json::Value;
use url::Url;
use webpki::EndEntityCert;
use webpki::aws_lc_rs::RSA_PKCS1_2048_8192_SHA256;

use super::{Event, bare, failure, text};
use crate::bounces::Kind;
use crate::ids::enhanced_code;

/// The envelope.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct Envelope {
    /// `Notification`, `SubscriptionConfirmation` or `UnsubscribeConfirmation`.
    #[serde(rename = "Type")]
    pub kind: String,
    /// The same when it is sent again.
    pub message_id: String,
    /// Whose it is: anybody's topic is signed by Amazon.
    pub topic_arn: String,
    message: String,
    timestamp: String,
    subject: Option<String>,
    token: Option<String>,
    /// What confirms the subscription.
    #[serde(rename = "SubscribeURL")]
    pub subscribe_url: Option<Url>,
    /// `2` is SHA-256; `1`, SHA-1, is not taken.
    pub signature_version: String,
    signature: String,
    /// Where the certificate lies.
    #[serde(rename = "SigningCertURL")]
    pub signing_cert_url: Url,
}

/// Whether an address is one at which SNS itself answers: nobody else can put anything there.
pub fn is_amazons(url: &Url) -> bool {
    let region = url.host_str().and_then(|host| {
        host.strip_prefix("sns.")?
            .strip_suffix(".amazonaws.com")
            .or_else(|| host.strip_prefix("sns.")?.strip_suffix(".amazonaws.com.cn"))
    });
    url.scheme() == "https"
        && url.port().is_none()
        && url.username().is_empty()
        && region.is_some_and(|region| {
            region.len() >= 3 && region.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-')
        })
}

impl Envelope {
    /// What is signed.
    fn signed(&self) -> String {
        let mut fields: Vec<(&str, Option<&str>)> =
            vec![("Message", Some(&self.message)), ("MessageId", Some(&self.message_id))];
        if self.kind == "Notification" {
            fields.push(("Subject", self.subject.as_deref()));
        } else {
            fields.push(("SubscribeURL", self.subscribe_url.as_ref().map(Url::as_str)));
        }
        fields.push(("Timestamp", Some(&self.timestamp)));
        if self.kind != "Notification" {
            fields.push(("Token", self.token.as_deref()));
        }
        fields.extend([("TopicArn", Some(self.topic_arn.as_str())), ("Type", Some(self.kind.as_str()))]);
        fields.iter().filter_map(|(name, value)| Some(format!("{name}\n{}\n", (*value)?))).collect()
    }

    /// Whether the key of this certificate (DER) has signed it.
    pub fn is_signed_by(&self, certificate: &[u8]) -> bool {
        let Ok(signature) = STANDARD.decode(&self.signature) else { return false };
        let certificate = certificate.into();
        let Ok(certificate) = EndEntityCert::try_from(&certificate) else { return false };
        let signed = self.signed();
        self.signature_version == "2"
            && certificate.verify_signature(RSA_PKCS1_2048_8192_SHA256, signed.as_bytes(), &signature).is_ok()
    }
}

/// What is said of one recipient: its meaning, and the code.
type Reading<'a> = &'a dyn Fn(&Value) -> (Option<Kind>, Option<String>);

pub(super) fn events(body: &Value) -> Vec<Event> {
    if text(body, "/Type") != "Notification" {
        return Vec::new();
    }
    // The first message after it has been set up is none of a copy.
    let Ok(event) = serde_json::from_str::<Value>(text(body, "/Message")) else { return Vec::new() };
    let id = text(body, "/MessageId").to_owned();
    let name = [text(&event, "/eventType"), text(&event, "/notificationType")].concat();
    let of = |list: &str, read: Reading<'_>| -> Vec<Event> {
        let people = event.pointer(list).and_then(Value::as_array);
        let one = |person: &Value| {
            let address = person.as_str().unwrap_or_else(|| text(person, "/emailAddress")).to_owned();
            let (kind, code) = read(person);
            Event { id: id.clone(), address, kind, code, message_id: original(&event) }
        };
        people.into_iter().flatten().map(one).collect()
    };
    let code_of = |person: &Value| enhanced_code(text(person, "/status"));
    match name.as_str() {
        "Bounce" => {
            let is_permanent = text(&event, "/bounce/bounceType") == "Permanent";
            of("/bounce/bouncedRecipients", &|person| {
                let code = code_of(person);
                (failure(code.as_deref(), is_permanent), code)
            })
        }
        "Complaint" => {
            let is_none = text(&event, "/complaint/complaintFeedbackType") == "not-spam";
            let kind = (!is_none).then_some(Kind::Complaint);
            of("/complaint/complainedRecipients", &|_| (kind, None))
        }
        "DeliveryDelay" => of("/deliveryDelay/delayedRecipients", &|person| (None, code_of(person))),
        "Subscription" => {
            let is_out =
                event.pointer("/subscription/newTopicPreferences/unsubscribeAll") == Some(&Value::Bool(true));
            let topics = event.pointer("/subscription/newTopicPreferences/topicSubscriptionStatus");
            let left_one = topics.and_then(Value::as_array).is_some_and(|topics| {
                topics.iter().any(|topic| text(topic, "/subscriptionStatus") == "OptOut")
            });
            of("/mail/destination", &|_| ((is_out || left_one).then_some(Kind::Unsubscribed), None))
        }
        _ => of("/mail/destination", &|_| (None, None)),
    }
}

/// Amazon gives the message an id of its own; ours is among the headers, where these are asked for.
fn original(event: &Value) -> Option<String> {
    let headers = event.pointer("/mail/headers").and_then(Value::as_array);
    let mut headers = headers.into_iter().flatten();
    let own = headers.find(|header| text(header, "/name").eq_ignore_ascii_case("message-id"));
    own.and_then(|header| bare(text(header, "/value")))
        .or_else(|| bare(text(event, "/mail/commonHeaders/messageId")))
}
