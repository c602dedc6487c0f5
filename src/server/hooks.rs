//! What mail services report (webhooks): believed where it is signed as the service signs, or comes with the password that the owner has
//! given it; then it counts like any report that comes back by mail.

use std::io::Read as _;
use std::sync::Arc;

use aws_lc_rs::{constant_time, hmac, signature};
use axum::body::{Body, Bytes};
use axum::extract::{Path, State as Shared};
use axum::http::header::{AUTHORIZATION, WWW_AUTHENTICATE};
use axum::http::{HeaderMap, HeaderValue, Response, StatusCode};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use chrono::{DateTime, TimeDelta, Utc};
use data_encoding::HEXLOWER;
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject as _;
use secrecy::ExposeSecret as _;
use serde_json::Value;

use super::State;
use super::page::html_response;
use crate::address::Address;
use crate::bounces::Kind;
use crate::bounces::hooks::{Envelope, Event, Service, events, is_amazons};
use crate::config::{Hooks, Secret};
use crate::ids::{IssueId, SubscriberId};
use crate::ledger::{Ledger, LedgerError, Word};
use crate::publish;
use crate::subscribers::Subscriber;

/// How old what is signed may be: services try again for so long.
const OLDEST: TimeDelta = TimeDelta::hours(25);
/// A certificate is no longer, in bytes.
const LONGEST_CERTIFICATE: u64 = 64 << 10;

/// Why a request is not taken.
enum Refusal {
    /// It is not the service's.
    Forged,
    /// It is no JSON of the service's.
    Unreadable,
    /// This server is at fault: it may be sent again.
    Ours,
}

/// Takes what a service reports.
pub(super) async fn take(
    Shared(state): Shared<Arc<State>>,
    Path(name): Path<String>,
    headers: HeaderMap,
    body: Bytes,
) -> Response<Body> {
    let edition = state.edition();
    let service = Service::ALL.into_iter().find(|service| service.as_str() == name);
    let Some(service) = service.filter(|service| edition.config.http.hooks.knows(service.as_str())) else {
        return html_response(StatusCode::NOT_FOUND, String::new());
    };
    let worker = Arc::clone(&state);
    let taken = tokio::task::spawn_blocking(move || {
        let hooks = &edition.config.http.hooks;
        let value: Value = serde_json::from_slice(&body).map_err(|_| Refusal::Unreadable)?;
        let now = worker.now();
        let once = match service {
            Service::Postmark => knows_the_password(hooks, &headers).map(|()| None),
            Service::Mailgun => is_mailguns(hooks, &value, now).map(Some),
            Service::Sendgrid => is_sendgrids(hooks, &headers, &body, now).map(|()| None),
            Service::Ses => is_amazons_own(&worker, hooks, &value).map(|()| None),
        }?;
        count(&mut worker.ledger(), &events(service, &value), once.as_deref(), now).map_err(|error| {
            worker.tell(&format!("a report of {} could not be kept: {error}", service.as_str()));
            Refusal::Ours
        })
    });
    let status = match taken.await {
        Ok(Ok(())) => StatusCode::OK,
        Ok(Err(Refusal::Forged)) if service == Service::Postmark => StatusCode::UNAUTHORIZED,
        // Mailgun tries anything else again.
        Ok(Err(Refusal::Forged | Refusal::Unreadable)) if service == Service::Mailgun => {
            StatusCode::NOT_ACCEPTABLE
        }
        Ok(Err(Refusal::Forged)) => StatusCode::FORBIDDEN,
        Ok(Err(Refusal::Unreadable)) => StatusCode::BAD_REQUEST,
        Ok(Err(Refusal::Ours)) | Err(_) => StatusCode::SERVICE_UNAVAILABLE,
    };
    let mut response = html_response(status, String::new());
    if status == StatusCode::UNAUTHORIZED {
        response.headers_mut().insert(WWW_AUTHENTICATE, HeaderValue::from_static("Basic realm=\"tidings\""));
    }
    response
}

/// Events count as reports; none counts twice. `once` is what is used up by this request.
fn count(
    ledger: &mut Ledger,
    events: &[Event],
    once: Option<&str>,
    now: DateTime<Utc>,
) -> Result<(), LedgerError> {
    let hash = |text: &str| blake3::hash(text.as_bytes()).to_hex().to_string();
    if let Some(once) = once
        && ledger.has_report(&hash(once))?
    {
        return Ok(());
    }
    for event in events {
        let word = match event.kind {
            Some(Kind::Hard) => Word::Gone,
            Some(Kind::Soft) => Word::Lost,
            Some(Kind::Complaint) => Word::Complained,
            Some(Kind::Unsubscribed) => Word::Unsubscribed,
            None => continue,
        };
        let Ok(address) = Address::parse(&event.address) else { continue };
        let subscriber = Subscriber::id_of(&address);
        let issue = issue_of(ledger, event, &subscriber)?;
        // Somebody who was never written to from here is another sender's affair.
        if issue.is_none() && ledger.last_address(&subscriber)?.is_none() {
            continue;
        }
        ledger.take_report(
            &hash(&event.id),
            (&subscriber, issue.as_ref()),
            (word, event.code.as_deref()),
            now,
        )?;
    }
    if let Some(once) = once {
        ledger.note_report(&hash(once), now)?;
    }
    Ok(())
}

/// The issue that an event is about: its `Message-ID` names it, `ISSUE.SUBSCRIBER@…`.
fn issue_of(
    ledger: &Ledger,
    event: &Event,
    subscriber: &SubscriberId,
) -> Result<Option<IssueId>, LedgerError> {
    let local = event.message_id.as_deref().and_then(|id| id.split('@').next()).unwrap_or_default();
    let Some((issue, of)) = local.rsplit_once('.') else { return Ok(None) };
    let issue = IssueId::new(issue);
    let is_theirs = of == subscriber.as_str() && ledger.has_delivery(&issue, subscriber)?;
    Ok(is_theirs.then_some(issue))
}

fn revealed(secret: Option<&Secret>) -> Result<Vec<u8>, Refusal> {
    let secret = secret.ok_or(Refusal::Forged)?.reveal().map_err(|_| Refusal::Ours)?;
    let bytes = secret.expose_secret().trim().as_bytes().to_vec();
    if bytes.is_empty() { Err(Refusal::Ours) } else { Ok(bytes) }
}

fn is_same(one: &[u8], other: &[u8]) -> Result<(), Refusal> {
    constant_time::verify_slices_are_equal(one, other).map_err(|_| Refusal::Forged)
}

/// Postmark sends the password that stands in the address which it was given (`https://postmark:PASSWORD@…`).
fn knows_the_password(hooks: &Hooks, headers: &HeaderMap) -> Result<(), Refusal> {
    let password = revealed(hooks.postmark.as_ref())?;
    let written = headers.get(AUTHORIZATION).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let encoded = written.strip_prefix("Basic ").ok_or(Refusal::Forged)?;
    let pair = STANDARD.decode(encoded.trim()).map_err(|_| Refusal::Forged)?;
    let colon = pair.iter().position(|b| *b == b':').ok_or(Refusal::Forged)?;
    is_same(&pair[colon + 1..], &password)
}

/// Mailgun signs a moment and a token, not the event: each token counts once.
fn is_mailguns(hooks: &Hooks, body: &Value, now: DateTime<Utc>) -> Result<String, Refusal> {
    let key = revealed(hooks.mailgun.as_ref())?;
    let part =
        |name: &str| body.pointer(&format!("/signature/{name}")).and_then(Value::as_str).unwrap_or_default();
    let (moment, token) = (part("timestamp"), part("token"));
    let given = HEXLOWER.decode(part("signature").as_bytes()).map_err(|_| Refusal::Forged)?;
    let tag = hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, &key), format!("{moment}{token}").as_bytes());
    is_same(tag.as_ref(), &given)?;
    is_recent(moment, now)?;
    Ok(format!("mailgun token {token}"))
}

/// SendGrid signs a moment and the body, byte for byte (ECDSA, P-256).
fn is_sendgrids(hooks: &Hooks, headers: &HeaderMap, body: &[u8], now: DateTime<Utc>) -> Result<(), Refusal> {
    // A public key as it is shown there: base64 of its SPKI, of which the point is the end.
    let spki = hooks.sendgrid.as_deref().and_then(|key| STANDARD.decode(key).ok()).ok_or(Refusal::Ours)?;
    let point = spki.len().checked_sub(65).map(|start| &spki[start..]).ok_or(Refusal::Ours)?;
    let header = |name: &str| headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let given =
        STANDARD.decode(header("x-twilio-email-event-webhook-signature")).map_err(|_| Refusal::Forged)?;
    let moment = header("x-twilio-email-event-webhook-timestamp");
    let key = signature::UnparsedPublicKey::new(&signature::ECDSA_P256_SHA256_ASN1, point);
    key.verify(&[moment.as_bytes(), body].concat(), &given).map_err(|_| Refusal::Forged)?;
    is_recent(moment, now)
}

fn is_recent(moment: &str, now: DateTime<Utc>) -> Result<(), Refusal> {
    let moment = moment.parse().ok().and_then(|seconds| DateTime::from_timestamp(seconds, 0));
    let is_recent = moment.is_some_and(|moment| (now - moment).abs() <= OLDEST);
    is_recent.then_some(()).ok_or(Refusal::Forged)
}

/// An envelope of the owner's own topic, signed by Amazon. One that asks whether the topic shall report here is answered.
fn is_amazons_own(state: &State, hooks: &Hooks, body: &Value) -> Result<(), Refusal> {
    let ses = hooks.ses.as_ref().ok_or(Refusal::Forged)?;
    let envelope: Envelope = serde_json::from_value(body.clone()).map_err(|_| Refusal::Unreadable)?;
    // Anybody's topic is signed by Amazon.
    if envelope.topic_arn != ses.topic {
        return Err(Refusal::Forged);
    }
    let pem = match &ses.cert_file {
        Some(file) => crate::fsx::read(file, LONGEST_CERTIFICATE).map_err(|_| Refusal::Ours)?,
        None if is_amazons(&envelope.signing_cert_url) => fetched(envelope.signing_cert_url.as_str())?,
        None => return Err(Refusal::Forged),
    };
    let certificate = CertificateDer::from_pem_slice(&pem).map_err(|_| Refusal::Forged)?;
    if !envelope.is_signed_by(&certificate) {
        if envelope.signature_version == "1" {
            state.tell("SES: set the topic's attribute `SignatureVersion` to 2; reports signed with SHA-1 are not taken");
        }
        return Err(Refusal::Forged);
    }
    if envelope.kind == "SubscriptionConfirmation"
        && let Some(url) = envelope.subscribe_url.filter(is_amazons)
    {
        fetched(url.as_str())?;
    }
    Ok(())
}

fn fetched(url: &str) -> Result<Vec<u8>, Refusal> {
    let mut answer = publish::agent().get(url).call().map_err(|_| Refusal::Ours)?;
    if !answer.status().is_success() {
        return Err(Refusal::Ours);
    }
    let mut bytes = Vec::new();
    let reader = answer.body_mut().as_reader();
    reader.take(LONGEST_CERTIFICATE).read_to_end(&mut bytes).map_err(|_| Refusal::Ours)?;
    Ok(bytes)
}
