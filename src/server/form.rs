//! What a form has sent.

use axum::body::Bytes;
use axum::extract::{FromRequest, Request};
use axum::http::StatusCode;
use axum::http::header::CONTENT_TYPE;

/// The fields of a form, `application/x-www-form-urlencoded`. Any other body has none: a one-click POST may be encoded otherwise
/// (RFC 8058 §3.2), and says nothing that its address does not.
#[derive(Clone, Debug, Default)]
pub(super) struct Fields(Vec<(String, String)>);

impl Fields {
    /// The value of a field, trimmed; empty where it was not sent.
    pub(super) fn get(&self, name: &str) -> &str {
        self.0.iter().find(|(known, _)| known == name).map_or("", |(_, value)| value.trim())
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
        let kind = request.headers().get(CONTENT_TYPE).and_then(|kind| kind.to_str().ok());
        let is_form = kind.is_some_and(|kind| kind.starts_with("application/x-www-form-urlencoded"));
        // The body is read in any case, so that the connection can go on.
        let body = Bytes::from_request(request, state).await.map_err(|_| StatusCode::PAYLOAD_TOO_LARGE)?;
        Ok(if is_form { Self::of(&body) } else { Self::default() })
    }
}
