//! Pages: made from the site's templates, and sent with everything that keeps them to themselves.

use axum::body::Body;
use axum::http::header::{CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE, HeaderName, RETRY_AFTER};
use axum::http::{HeaderValue, Response, StatusCode};
use minijinja::{Value, context};

use super::edition::Edition;
use crate::config::Newsletter;

/// Nothing but our own style sheet, and forms that go back to where they come from.
const POLICY: &str =
    "default-src 'none'; style-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

/// The same for the owner's pages, which keep themselves up to date, and show what readers will see in frames.
pub(super) const OWNER_POLICY: &str = "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; img-src 'self' data:; frame-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

/// What a page is for.
#[derive(Clone, Copy)]
pub(super) struct Reader<'a> {
    pub edition: &'a Edition,
    /// What it is about, if it is about one.
    pub newsletter: Option<&'a Newsletter>,
    /// BCP 47.
    pub language: &'a str,
}

impl<'a> Reader<'a> {
    /// Of one newsletter, in its language.
    pub(super) fn of(edition: &'a Edition, newsletter: &'a Newsletter) -> Self {
        Self { edition, newsletter: Some(newsletter), language: &newsletter.language }
    }

    /// Of the site.
    pub(super) fn of_site(edition: &'a Edition) -> Self {
        Self { edition, newsletter: None, language: &edition.config.site.language }
    }

    /// What every page and letter knows.
    pub(super) fn context(&self) -> Value {
        let site = &self.edition.config.site;
        let words = self.edition.templates.page_words(self.language, &mut Vec::new());
        context! {
            language => self.language,
            words => words,
            css => format!("{}pages.css", self.edition.base()),
            site => context! { title => site.title.as_str(), url => site.url.as_str() },
            newsletter => self.newsletter.map(|one| context! { title => one.title.as_str(), name => one.name.as_str() }),
        }
    }

    /// A word for pages and letters, with the names of newsletter and site in their places.
    pub(super) fn word(&self, key: &str) -> String {
        let words = self.edition.templates.page_words(self.language, &mut Vec::new());
        let word =
            words.get_attr(key).ok().and_then(|word| word.as_str().map(str::to_owned)).unwrap_or_default();
        let title = self.newsletter.map_or("", |newsletter| newsletter.title.as_str());
        word.replace("{newsletter}", title).replace("{site}", &self.edition.config.site.title)
    }

    /// A page.
    pub(super) fn page(&self, status: StatusCode, name: &str, own: Value) -> Response<Body> {
        let whole = context! { ..own, ..self.context() };
        match self.edition.templates.render(&format!("pages/{name}.html"), &whole) {
            Ok(html) => html_response(status, html),
            Err(error) => {
                (self.edition.say)(&format!("the page `{name}` cannot be made: {}", error.message));
                html_response(
                    StatusCode::INTERNAL_SERVER_ERROR,
                    "<!DOCTYPE html><title>500</title><p>500".into(),
                )
            }
        }
    }

    /// The page that says that something is amiss.
    pub(super) fn problem(&self, status: StatusCode, kind: &str) -> Response<Body> {
        let mut response = self.page(status, "problem", context! { kind => kind });
        let seconds = match status {
            StatusCode::TOO_MANY_REQUESTS => "360",
            StatusCode::SERVICE_UNAVAILABLE => "60",
            _ => return response,
        };
        response.headers_mut().insert(RETRY_AFTER, HeaderValue::from_static(seconds));
        response
    }
}

/// A page that nobody keeps, as it is one person's.
pub(super) fn html_response(status: StatusCode, html: String) -> Response<Body> {
    let mut response = Response::new(Body::from(html));
    *response.status_mut() = status;
    let head = response.headers_mut();
    let fixed: [(HeaderName, &str); 7] = [
        (CONTENT_TYPE, "text/html; charset=utf-8"),
        (CONTENT_SECURITY_POLICY, POLICY),
        (CACHE_CONTROL, "no-store"),
        (HeaderName::from_static("x-content-type-options"), "nosniff"),
        (HeaderName::from_static("referrer-policy"), "no-referrer"),
        (HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
        (HeaderName::from_static("cross-origin-resource-policy"), "same-origin"),
    ];
    for (name, value) in fixed {
        if let Ok(value) = HeaderValue::from_str(value) {
            head.insert(name, value);
        }
    }
    response
}

/// `k***@example.net`: enough for its owner.
pub(super) fn masked(address: &str) -> String {
    let (local, domain) = address.rsplit_once('@').unwrap_or((address, ""));
    let first: String = local.chars().take(1).collect();
    format!("{first}***@{domain}")
}
