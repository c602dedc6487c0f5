//! What lies on the shelf, and what does not.

use std::fs::File;
use std::io::{self, BufReader};
use std::sync::Arc;

use axum::body::Body;
use axum::extract::{Request, State as Shared};
use axum::http::header::{ALLOW, CACHE_CONTROL};
use axum::http::{HeaderValue, Method, Response, StatusCode};
use rustls::ServerConfig;
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use tokio_rustls::TlsAcceptor;
use tower::ServiceExt as _;
use tower_http::services::ServeFile;

use super::State;
use super::page::{Reader, html_response};
use crate::config::Certificate;

/// Documents, enclosures, the style sheet of the pages; else a page that says that there is nothing.
pub(super) async fn fallback(Shared(state): Shared<Arc<State>>, request: Request) -> Response<Body> {
    let edition = state.edition();
    if !matches!(*request.method(), Method::GET | Method::HEAD) {
        let mut response = not_allowed().await;
        response.headers_mut().insert(ALLOW, HeaderValue::from_static("GET, HEAD"));
        return response;
    }
    let whole = request.uri().path().to_owned();
    // A proxy may keep the path of the server, or of the site.
    let below = [edition.base(), edition.config.site.url.path()]
        .into_iter()
        .filter_map(|base| whole.strip_prefix(base));
    let found = below.chain([whole.trim_start_matches('/')]).map(|path| match path {
        "" => "index.html".to_owned(),
        folder if folder.ends_with('/') => format!("{folder}index.html"),
        path => path.to_owned(),
    });
    for path in found {
        if let Some(response) = edition.shelf.answer(&path, request.headers()) {
            return response;
        }
        if let Some(file) = edition.shelf.file(&path).cloned() {
            let Ok(served) = ServeFile::new(file).oneshot(request).await;
            let mut response = served.map(Body::new);
            if response.status().is_success() || response.status() == StatusCode::NOT_MODIFIED {
                response
                    .headers_mut()
                    .insert(CACHE_CONTROL, HeaderValue::from_static("public, max-age=86400"));
            }
            response.headers_mut().insert("x-content-type-options", HeaderValue::from_static("nosniff"));
            response.headers_mut().insert(
                "content-security-policy",
                HeaderValue::from_static("default-src 'none'; style-src 'unsafe-inline'"),
            );
            return response;
        }
    }
    Reader::of_site(&edition).problem(StatusCode::NOT_FOUND, "not_found")
}

/// The answer to a method that is not for here.
pub(super) async fn not_allowed() -> Response<Body> {
    html_response(StatusCode::METHOD_NOT_ALLOWED, String::new())
}

/// What a certificate's files hold.
pub(super) fn certificate(files: &Certificate) -> io::Result<TlsAcceptor> {
    let open = |path| File::open(path).map(BufReader::new);
    let chain = CertificateDer::pem_reader_iter(open(&files.cert_file)?)
        .collect::<Result<Vec<_>, _>>()
        .map_err(io::Error::other)?;
    let key = PrivateKeyDer::from_pem_reader(open(&files.key_file)?).map_err(io::Error::other)?;
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let config = ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .and_then(|builder| builder.with_no_client_auth().with_single_cert(chain, key))
        .map_err(io::Error::other)?;
    Ok(TlsAcceptor::from(Arc::new(config)))
}
