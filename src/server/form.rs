//! What a form has sent.

use axum::body::Bytes;
use axum::extract::{FromRequest, Multipart, Request};
use axum::http::StatusCode;
use axum::http::header::CONTENT_TYPE;

/// The fields of a form, in either encoding. Any other body has none: a one-click POST says nothing that its address does not
/// (RFC 8058 §3.2).
#[derive(Clone, Debug, Default)]
pub(super) struct Fields(Vec<(String, String)>);

impl Fields {
    /// The value of a field, trimmed; empty where it was not sent.
    pub(super) fn get(&self, name: &str) -> &str {
        self.0.iter().find(|(known, _)| known == name).map_or("", |(_, value)| value.trim())
    }

    /// Whether a field was sent.
    pub(super) fn has(&self, name: &str) -> bool {
        self.0.iter().any(|(known, _)| known == name)
    }

    /// All values of a field that may be sent more than once.
    pub(super) fn all(&self, name: &str) -> Vec<String> {
        self.0.iter().filter(|(known, _)| known == name).map(|(_, value)| value.clone()).collect()
    }

    /// The same in other hands: of a query.
    pub(super) fn of(encoded: &[u8]) -> Self {
        Self(url::form_urlencoded::parse(encoded).into_owned().collect())
    }
}

impl<S: Send + Sync> FromRequest<S> for Fields {
    type Rejection = StatusCode;

    async fn from_request(request: Request, state: &S) -> Result<Self, StatusCode> {
        let kind =
            request.headers().get(CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or_default();
        let is_form = kind.starts_with("application/x-www-form-urlencoded");
        if kind.starts_with("multipart/form-data") {
            return parts(request, state).await;
        }
        // The body is read in any case, so that the connection can go on.
        let body = Bytes::from_request(request, state).await.map_err(|_| StatusCode::PAYLOAD_TOO_LARGE)?;
        Ok(if is_form { Self::of(&body) } else { Self::default() })
    }
}

/// What a script's `FormData` is sent as (RFC 7578).
async fn parts<S: Send + Sync>(request: Request, state: &S) -> Result<Fields, StatusCode> {
    let mut fields = Vec::new();
    let mut parts = Multipart::from_request(request, state).await.map_err(|_| StatusCode::BAD_REQUEST)?;
    while let Some(part) = parts.next_field().await.map_err(|error| error.status())? {
        let name = part.name().unwrap_or_default().to_owned();
        fields.push((name, part.text().await.map_err(|error| error.status())?));
    }
    Ok(Fields(fields))
}
