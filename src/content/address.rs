//! Addresses below a site's, percent-encoded as the generators encode them.

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use url::Url;

use super::clean::composed;

/// What may stand in a path as it is (RFC 3986 §3.3): everything else is encoded.
const PATH: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'.')
    .remove(b'_')
    .remove(b'~')
    .remove(b'!')
    .remove(b'$')
    .remove(b'&')
    .remove(b'\'')
    .remove(b'(')
    .remove(b')')
    .remove(b'*')
    .remove(b'+')
    .remove(b',')
    .remove(b';')
    .remove(b'=')
    .remove(b':')
    .remove(b'@')
    .remove(b'/');

/// A path percent-encoded, in NFC; `%` too.
pub(super) fn encoded(path: &str) -> String {
    let normal = composed(path.into());
    utf8_percent_encode(&normal, PATH).to_string()
}

/// A path percent-encoded where it is not already.
pub fn encoded_once(path: &str) -> String {
    let mut out = String::with_capacity(path.len());
    let mut rest = path;
    while let Some(at) = rest.find('%') {
        let is_code =
            rest.as_bytes().get(at + 1..at + 3).is_some_and(|two| two.iter().all(u8::is_ascii_hexdigit));
        out.push_str(&encoded(&rest[..at]));
        if is_code {
            out.push_str(&rest[at..at + 3]);
            rest = &rest[at + 3..];
        } else {
            out.push_str("%25");
            rest = &rest[at + 1..];
        }
    }
    out.push_str(&encoded(rest));
    out
}

/// `site` is a folder's URL; `path` is appended to its path and percent-encoded.
pub(super) fn below(site: &Url, path: &str) -> Url {
    joined(site, &encoded(path))
}

/// The same for a path that is encoded already.
pub(super) fn joined(site: &Url, encoded: &str) -> Url {
    let mut url = site.clone();
    url.set_path(&format!("{}{encoded}", site.path().trim_end_matches('/')));
    url
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_encoded_once() {
        assert_eq!(encoded("/가 [a] (b)%"), "/%EA%B0%80%20%5Ba%5D%20(b)%25");
        assert_eq!(encoded_once("/%EA%B0%80/나%"), "/%EA%B0%80/%EB%82%98%25");
    }
}
