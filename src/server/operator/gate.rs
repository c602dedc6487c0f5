//! Who may come to the desk.

use std::sync::Arc;
use std::time::Duration;

use aws_lc_rs::constant_time::verify_slices_are_equal;
use axum::extract::{Request, State as Shared};
use axum::http::header::{AUTHORIZATION, HOST, ORIGIN, WWW_AUTHENTICATE};
use axum::http::{HeaderMap, HeaderValue, StatusCode, Version};
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use secrecy::{ExposeSecret as _, SecretString};

use super::api;
use crate::server::State;
use crate::server::connection::Peer;

/// How long whoever has a wrong token waits for the answer.
const PENANCE: Duration = Duration::from_millis(500);

/// Lets through who may come in: by token, or without one from this machine alone, under a name of this machine (another would be that of
/// a page that has been led here by its DNS), and not through a proxy. What changes something must not come from a page elsewhere.
pub(super) async fn guard(Shared(state): Shared<Arc<State>>, request: Request, next: Next) -> Response {
    let head = request.headers();
    let edition = state.edition();
    if edition.tokens.is_empty() {
        if !is_from_here(&request) {
            return api::problem(
                StatusCode::FORBIDDEN,
                "the desk is for this machine alone; `token_file` opens it to others",
            );
        }
    } else if !opens(&edition.tokens, head) {
        tokio::time::sleep(PENANCE).await;
        let mut response =
            api::problem(StatusCode::UNAUTHORIZED, "say the token, as `Authorization: Bearer TOKEN`");
        // For browsers, which ask for name and password: any name will do.
        let challenge = HeaderValue::from_static("Basic realm=\"tidings\", charset=\"UTF-8\"");
        response.headers_mut().insert(WWW_AUTHENTICATE, challenge);
        return response;
    }
    if !request.method().is_safe() && comes_from_elsewhere(head) {
        return api::problem(StatusCode::FORBIDDEN, "this was sent by a page from elsewhere");
    }
    let mut response = next.run(request).await.into_response();
    let head = response.headers_mut();
    head.insert("x-content-type-options", HeaderValue::from_static("nosniff"));
    head.insert("referrer-policy", HeaderValue::from_static("same-origin"));
    head.insert("cross-origin-resource-policy", HeaderValue::from_static("same-origin"));
    head.entry("cache-control").or_insert(HeaderValue::from_static("no-store"));
    response
}

/// Whether one of the tokens is said.
fn opens(tokens: &[SecretString], head: &HeaderMap) -> bool {
    let said = head.get(AUTHORIZATION).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let (scheme, rest) = said.split_once(' ').unwrap_or_default();
    let token = match scheme.to_ascii_lowercase().as_str() {
        "bearer" => rest.trim().as_bytes().to_vec(),
        // RFC 7617: name and password.
        "basic" => {
            let pair = STANDARD.decode(rest.trim()).unwrap_or_default();
            pair.iter().position(|byte| *byte == b':').map_or_else(Vec::new, |at| pair[at + 1..].to_vec())
        }
        _ => return false,
    };
    // All are compared, so that the time does not tell which.
    let hash = |bytes: &[u8]| *blake3::hash(bytes).as_bytes();
    let said = hash(&token);
    tokens.iter().fold(false, |is_one, own| {
        let own = hash(own.expose_secret().trim().as_bytes());
        verify_slices_are_equal(&own, &said).is_ok() || is_one
    })
}

/// What proxies put into requests that they pass on.
const PASSED_ON: [&str; 6] =
    ["forwarded", "via", "x-forwarded-for", "x-forwarded-host", "x-forwarded-proto", "x-real-ip"];

/// Whether a request comes from this machine itself, as far as it shows.
pub(in crate::server) fn is_from_here(request: &Request) -> bool {
    let head = request.headers();
    let is_passed_on = PASSED_ON.iter().any(|name| head.contains_key(*name));
    // Proxies that say nothing of themselves mostly ask by this version.
    let is_old = request.version() == Version::HTTP_10;
    let peer = request.extensions().get::<Peer>();
    peer.is_some_and(|peer| peer.0.to_canonical().is_loopback()) && !is_passed_on && !is_old && is_local(head)
}

/// Whether the request is for a name that is this machine's own.
fn is_local(head: &HeaderMap) -> bool {
    let host = head.get(HOST).and_then(|host| host.to_str().ok()).unwrap_or_default();
    let name = match host.strip_prefix('[').and_then(|host| host.split_once(']')) {
        Some((name, _)) => name,
        None => host.split(':').next().unwrap_or_default(),
    };
    name.eq_ignore_ascii_case("localhost")
        || name.parse::<std::net::IpAddr>().is_ok_and(|address| address.is_loopback())
}

/// Whether a page of another site sends this, as far as the browser says so.
fn comes_from_elsewhere(head: &HeaderMap) -> bool {
    let text = |value: &HeaderValue| value.to_str().map(str::to_owned).unwrap_or_default();
    let by_site = head.get("sec-fetch-site").map(text);
    let host = head.get(HOST).map(text).unwrap_or_default();
    let by_origin = head.get(ORIGIN).map(text).is_some_and(|origin| {
        origin.split_once("://").is_none_or(|(_, place)| !place.eq_ignore_ascii_case(&host))
    });
    by_site.map_or(by_origin, |site| site != "same-origin" && site != "none")
}
