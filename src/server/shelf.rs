//! Documents as they stand on the web, held in memory with their compressed forms, and how they are asked for (RFC 9110).

use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::SystemTime;

use axum::body::{Body, Bytes};
use axum::http::header::{
    ACCEPT_ENCODING, CACHE_CONTROL, CONTENT_ENCODING, CONTENT_SECURITY_POLICY, CONTENT_TYPE, ETAG,
    IF_MODIFIED_SINCE, IF_NONE_MATCH, LAST_MODIFIED, LINK, VARY, X_CONTENT_TYPE_OPTIONS,
};
use axum::http::{HeaderMap, HeaderValue, Response, StatusCode};

use crate::publish::Coding;

/// A document before it is put on the shelf.
#[derive(Clone, Debug)]
pub struct Document {
    /// Below the server's address, without a `/` in front.
    pub path: String,
    /// With its parameters.
    pub media_type: &'static str,
    /// The text itself.
    pub bytes: Vec<u8>,
    /// When it was last changed.
    pub modified: SystemTime,
    /// Links for the header (RFC 8288), as of a hub and the document itself (WebSub §4).
    pub links: Vec<String>,
    /// How long it may be kept, in seconds.
    pub max_age: u32,
}

/// All that is served as it stands.
#[derive(Debug, Default)]
pub struct Shelf {
    copies: HashMap<String, Arc<Copy>>,
    files: HashMap<String, PathBuf>,
}

/// A document with its compressed forms.
#[derive(Debug)]
struct Copy {
    hash: blake3::Hash,
    forms: Vec<Form>,
    modified: SystemTime,
    /// What every answer says.
    head: HeaderMap,
}

/// A document in one encoding.
#[derive(Debug)]
struct Form {
    encoding: Option<&'static str>,
    body: Bytes,
    etag: HeaderValue,
}

/// What a page that was made for mail may do: show its own styles, and pictures.
pub(super) const MAIL_POLICY: &str = "default-src 'none'; style-src 'self' 'unsafe-inline'; img-src * data:; base-uri 'none'; form-action 'none'";

/// What is smaller is not worth it; what is longer would take too long.
const COMPRESSED: std::ops::Range<usize> = 512..16 << 20;

impl Shelf {
    /// A shelf with these documents, and files by their paths. What stood on the shelf before in the same bytes is not compressed anew.
    pub fn new(documents: Vec<Document>, files: HashMap<String, PathBuf>, before: &Self) -> Self {
        let copies = documents.into_iter().map(|document| {
            let hash = blake3::hash(&document.bytes);
            let same = before.copies.get(&document.path).filter(|copy| copy.hash == hash);
            let path = document.path.clone();
            let copy = same.cloned().unwrap_or_else(|| Arc::new(Copy::new(document, hash)));
            (path, copy)
        });
        Self { copies: copies.collect(), files }
    }

    /// The answer to a request for what stands at `path`; `None` where nothing does.
    pub fn answer(&self, path: &str, asked: &HeaderMap) -> Option<Response<Body>> {
        self.copies.get(path).map(|copy| copy.answer(asked))
    }

    /// The file that stands at `path`.
    pub fn file(&self, path: &str) -> Option<&PathBuf> {
        self.files.get(path)
    }
}

impl Copy {
    fn new(document: Document, hash: blake3::Hash) -> Self {
        let Document { media_type, bytes, modified, links, max_age, .. } = document;
        let mut head = HeaderMap::new();
        let mut say = |name, value: &str| {
            if let Ok(value) = HeaderValue::from_str(value) {
                head.append(name, value);
            }
        };
        say(CONTENT_TYPE, media_type);
        say(LAST_MODIFIED, &httpdate::fmt_http_date(modified));
        say(CACHE_CONTROL, &format!("public, max-age={max_age}"));
        say(VARY, "Accept-Encoding");
        say(X_CONTENT_TYPE_OPTIONS, "nosniff");
        if media_type.starts_with("text/html") {
            say(CONTENT_SECURITY_POLICY, MAIL_POLICY);
        }
        if !links.is_empty() {
            say(LINK, &links.join(", "));
        }
        let name = hash.to_hex()[..24].to_owned();
        let form = |encoding: Option<&'static str>, body: Vec<u8>| {
            let suffix = encoding.map_or_else(String::new, |encoding| format!("-{encoding}"));
            let etag = HeaderValue::try_from(format!("\"{name}{suffix}\"")).ok()?;
            Some(Form { encoding, body: body.into(), etag })
        };
        let mut forms = Vec::new();
        if COMPRESSED.contains(&bytes.len()) {
            let smaller = |body: &Vec<u8>| body.len() < bytes.len();
            for coding in Coding::ALL {
                let body = coding.compressed(&bytes).ok().filter(smaller);
                forms.extend(body.and_then(|body| form(Some(coding.name()), body)));
            }
        }
        forms.extend(form(None, bytes));
        Self { hash, forms, modified, head }
    }

    fn answer(&self, asked: &HeaderMap) -> Response<Body> {
        let mut response = Response::new(Body::empty());
        // The first of those that are most welcome.
        let best = self
            .forms
            .iter()
            .rev()
            .max_by(|one, other| weight(asked, one.encoding).total_cmp(&weight(asked, other.encoding)));
        let Some(form) = best else { return response };
        let is_known = is_known(asked, &form.etag, self.modified);
        let head = response.headers_mut();
        head.clone_from(&self.head);
        head.insert(ETAG, form.etag.clone());
        if is_known {
            // What it would be is said by the answer that is known.
            for name in [CONTENT_TYPE, LAST_MODIFIED, CONTENT_SECURITY_POLICY, X_CONTENT_TYPE_OPTIONS] {
                head.remove(name);
            }
            *response.status_mut() = StatusCode::NOT_MODIFIED;
            return response;
        }
        if let Some(encoding) = form.encoding {
            head.insert(CONTENT_ENCODING, HeaderValue::from_static(encoding));
        }
        *response.body_mut() = Body::from(form.body.clone());
        response
    }
}

/// How welcome an encoding is, from 0 (RFC 9110 §12.5.3); that of `None`, the bytes as they are.
fn weight(asked: &HeaderMap, encoding: Option<&str>) -> f32 {
    let lines = || asked.get_all(ACCEPT_ENCODING).iter().filter_map(|value| value.to_str().ok());
    let said = |wanted: &str| {
        lines().flat_map(|list| list.split(',')).find_map(|one| {
            let (name, rest) = one.split_once(';').unwrap_or((one, ""));
            let weight = rest.trim().to_ascii_lowercase();
            let weight = weight.strip_prefix("q=").and_then(|q| q.trim().parse().ok()).unwrap_or(1.0);
            name.trim().eq_ignore_ascii_case(wanted).then_some(weight)
        })
    };
    match encoding {
        Some(encoding) => said(encoding).or_else(|| said("*")).unwrap_or(0.0),
        // There is always this one; it is the last choice where another is as welcome.
        None => said("identity").unwrap_or(f32::MIN_POSITIVE),
    }
}

/// Whether the asker has it already: by its tag where one is named, else by its time (RFC 9110 §13.2.2).
fn is_known(asked: &HeaderMap, etag: &HeaderValue, modified: SystemTime) -> bool {
    if asked.contains_key(IF_NONE_MATCH) {
        let own = etag.to_str().unwrap_or_default();
        let named = asked.get_all(IF_NONE_MATCH).iter().filter_map(|value| value.to_str().ok());
        return named
            .flat_map(|list| list.split(','))
            .map(str::trim)
            .any(|tag| tag == "*" || tag.strip_prefix("W/").unwrap_or(tag) == own);
    }
    let since = asked.get(IF_MODIFIED_SINCE).and_then(|value| value.to_str().ok());
    since.and_then(|since| httpdate::parse_http_date(since).ok()).is_some_and(|since| {
        // Times in headers have whole seconds.
        modified.duration_since(since).map_or(true, |later| later.as_secs() == 0)
    })
}
