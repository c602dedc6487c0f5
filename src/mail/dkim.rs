//! Signatures over a finished message (RFC 6376), by RSA (RFC 8301) and Ed25519 (RFC 8463), relaxed/relaxed.
//!
//! lettre's own signer is not used: what it signs by default does not verify, it cannot sign a multipart's Content-Type nor twice, and
//! it brings an RSA that leaks its key's timing.

use aws_lc_rs::encoding::{AsDer as _, Pkcs8V1Der, PublicKeyX509Der};
use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::rsa::KeySize;
use aws_lc_rs::signature::{Ed25519KeyPair, KeyPair as _, RSA_PKCS1_SHA256, RsaKeyPair};
use aws_lc_rs::{digest, error::Unspecified};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use rustls::pki_types::PrivateKeyDer;
use rustls::pki_types::pem::PemObject as _;
use thiserror::Error;

use crate::config::Dkim;
use crate::fsx;

/// The fields that are signed, those that a message does not have as well: one that is put in later breaks the signature.
const SIGNED: [&str; 18] = [
    "from",
    "to",
    "cc",
    "reply-to",
    "subject",
    "date",
    "message-id",
    "in-reply-to",
    "references",
    "mime-version",
    "content-type",
    "content-transfer-encoding",
    "list-id",
    "list-unsubscribe",
    "list-unsubscribe-post",
    "list-archive",
    "auto-submitted",
    "feedback-id",
];
/// A key that cannot sign.
#[derive(Debug, Error)]
pub enum DkimError {
    /// It could not be read.
    #[error(transparent)]
    File(#[from] fsx::FileError),
    /// It is not a private key.
    #[error("`{0}` holds no private key in PEM; `tidings dkim keygen` makes one")]
    NoKey(String),
    /// It is neither of the kinds that receivers verify.
    #[error("the key in `{0}` is neither RSA of 2048 to 8192 bits nor Ed25519")]
    Kind(String),
}

enum Secret {
    Rsa(RsaKeyPair),
    Ed25519(Ed25519KeyPair),
}

/// A private key, and where its other half is published.
pub struct DkimKey {
    domain: String,
    selector: String,
    secret: Secret,
}

/// A pair that has just been made.
pub struct NewKey {
    /// The private key, PKCS#8 in PEM.
    pub private: String,
    /// What the DNS record says (RFC 6376 §3.6.1).
    pub record: String,
}

impl DkimKey {
    /// Reads a key.
    pub fn load(dkim: &Dkim) -> Result<Self, DkimError> {
        let name = dkim.key_file.display().to_string();
        let pem = fsx::read(&dkim.key_file, 64 << 10)?;
        let der = PrivateKeyDer::from_pem_slice(&pem).map_err(|_| DkimError::NoKey(name.clone()))?;
        let rsa = match &der {
            PrivateKeyDer::Pkcs1(key) => RsaKeyPair::from_der(key.secret_pkcs1_der()).ok(),
            PrivateKeyDer::Pkcs8(key) => RsaKeyPair::from_pkcs8(key.secret_pkcs8_der()).ok(),
            _ => None,
        };
        let secret = match (rsa, &der) {
            (Some(key), _) => Secret::Rsa(key),
            (None, PrivateKeyDer::Pkcs8(key)) => {
                let key = Ed25519KeyPair::from_pkcs8_maybe_unchecked(key.secret_pkcs8_der());
                Secret::Ed25519(key.map_err(|_| DkimError::Kind(name))?)
            }
            _ => return Err(DkimError::Kind(name)),
        };
        Ok(Self { domain: dkim.domain.clone(), selector: dkim.selector.clone(), secret })
    }

    /// The name under which the public key is looked up.
    pub fn record_name(&self) -> String {
        format!("{}._domainkey.{}", self.selector, self.domain)
    }

    /// What the DNS record should say.
    pub fn record(&self) -> String {
        match &self.secret {
            Secret::Rsa(key) => rsa_record(key),
            Secret::Ed25519(key) => ed25519_record(key),
        }
    }

    /// The signature field over a message whose header is `head` and whose body has this hash, as of `time` (Unix seconds).
    pub(super) fn sign(&self, head: &Head, body_hash: &str, time: i64) -> String {
        let algorithm = match self.secret {
            Secret::Rsa(_) => "rsa-sha256",
            Secret::Ed25519(_) => "ed25519-sha256",
        };
        let (domain, selector) = (&self.domain, &self.selector);
        let unsigned = format!(
            "DKIM-Signature: v=1; a={algorithm}; c=relaxed/relaxed;\r\n d={domain}; s={selector}; t={time};\r\n h={};\r\n bh={body_hash};\r\n b=",
            head.names
        );
        let mut data = head.data.clone();
        relaxed_field(&unsigned, &mut data);
        // The signature's own field stands last and without its line end (§3.7).
        data.truncate(data.len() - 2);
        let signature = self.secret.over(data.as_bytes()).unwrap_or_default();
        let mut field = unsigned;
        let encoded = STANDARD.encode(signature);
        for (index, piece) in encoded.as_bytes().chunks(70).enumerate() {
            field.push_str(if index > 0 { "\r\n " } else { "" });
            field.push_str(std::str::from_utf8(piece).unwrap_or_default());
        }
        field.push_str("\r\n");
        field
    }
}

impl Secret {
    fn over(&self, data: &[u8]) -> Result<Vec<u8>, Unspecified> {
        match self {
            Self::Rsa(key) => {
                let mut signature = vec![0; key.public_modulus_len()];
                key.sign(&RSA_PKCS1_SHA256, &SystemRandom::new(), data, &mut signature)?;
                Ok(signature)
            }
            // RFC 8463 §3: what is signed is the hash.
            Self::Ed25519(key) => {
                Ok(key.sign(digest::digest(&digest::SHA256, data).as_ref()).as_ref().to_vec())
            }
        }
    }
}

impl NewKey {
    /// A new RSA key of 2048 bits.
    pub fn rsa() -> Result<Self, Unspecified> {
        let key = RsaKeyPair::generate(KeySize::Rsa2048)?;
        let der: Pkcs8V1Der<'_> = key.as_der()?;
        Ok(Self { private: pem(der.as_ref()), record: rsa_record(&key) })
    }

    /// A new Ed25519 key.
    pub fn ed25519() -> Result<Self, Unspecified> {
        let key = Ed25519KeyPair::generate()?;
        let der = key.to_pkcs8v1()?;
        Ok(Self { private: pem(der.as_ref()), record: ed25519_record(&key) })
    }
}

fn rsa_record(key: &RsaKeyPair) -> String {
    let public: Result<PublicKeyX509Der<'_>, _> = key.public_key().as_der();
    format!("v=DKIM1; k=rsa; p={}", public.map(|der| STANDARD.encode(der.as_ref())).unwrap_or_default())
}

fn ed25519_record(key: &Ed25519KeyPair) -> String {
    format!("v=DKIM1; k=ed25519; p={}", STANDARD.encode(key.public_key().as_ref()))
}

fn pem(der: &[u8]) -> String {
    let encoded = STANDARD.encode(der);
    let lines: Vec<&str> =
        encoded.as_bytes().chunks(64).filter_map(|line| std::str::from_utf8(line).ok()).collect();
    format!("-----BEGIN PRIVATE KEY-----\n{}\n-----END PRIVATE KEY-----\n", lines.join("\n"))
}

/// A message's header as signatures see it.
pub(super) struct Head {
    /// The names of the signed fields, each once more than it occurs (§5.4.2), folded.
    names: String,
    /// The fields themselves, in that order.
    data: String,
}

impl Head {
    /// Of the fields of a message, each ended by CRLF. No name occurs twice among them.
    pub(super) fn new(fields: &str) -> Self {
        let mut own: Vec<&str> = Vec::with_capacity(24);
        let mut from = 0;
        for at in memchr::memmem::find_iter(fields.as_bytes(), b"\r\n") {
            if !fields[at + 2..].starts_with([' ', '\t']) {
                own.push(&fields[from..at]);
                from = at + 2;
            }
        }
        let mut head = Self { names: String::with_capacity(512), data: String::with_capacity(fields.len()) };
        let mut line = 3;
        for name in SIGNED {
            let is_it = |field: &&&str| {
                field.get(..name.len()).is_some_and(|start| start.eq_ignore_ascii_case(name))
                    && field[name.len()..].starts_with(':')
            };
            let there = own.iter().find(is_it);
            if let Some(field) = there {
                relaxed_field(field, &mut head.data);
            }
            for _ in 0..=usize::from(there.is_some()) {
                if line > 3 {
                    head.names.push(':');
                    line += 1;
                }
                if line + name.len() > 74 {
                    head.names.push_str("\r\n ");
                    line = 1;
                }
                head.names.push_str(name);
                line += name.len();
            }
        }
        head
    }
}

/// §3.4.2: the name in lower case, the value unfolded, its white space one space, none at its ends.
fn relaxed_field(field: &str, out: &mut String) {
    let (name, value) = field.split_once(':').unwrap_or((field, ""));
    out.extend(name.trim_end().chars().map(|c| c.to_ascii_lowercase()));
    out.push(':');
    let words = value.split([' ', '\t', '\r', '\n']).filter(|word| !word.is_empty());
    for (index, word) in words.enumerate() {
        if index > 0 {
            out.push(' ');
        }
        out.push_str(word);
    }
    out.push_str("\r\n");
}

/// §3.4.4, of whole lines each ended by CRLF: runs of white space are one space, none at a line's end. `None` where the lines are so
/// already. Empty lines at the end of a body are not taken off: ours end in a boundary.
pub(super) fn relaxed_lines(lines: &str) -> Option<String> {
    let bytes = lines.as_bytes();
    let is_space = |byte: u8| byte == b' ' || byte == b'\t';
    let differs = bytes.iter().enumerate().any(|(at, byte)| {
        *byte == b'\t'
            || (*byte == b' ' && bytes.get(at + 1).is_none_or(|next| is_space(*next) || *next == b'\r'))
    });
    if !differs {
        return None;
    }
    let mut out = String::with_capacity(lines.len());
    for line in lines.split_inclusive("\r\n") {
        let (text, end) = line.strip_suffix("\r\n").map_or((line, ""), |text| (text, "\r\n"));
        let text = text.trim_end_matches([' ', '\t']);
        let mut space = false;
        for c in text.chars() {
            if matches!(c, ' ' | '\t') {
                space = true;
            } else {
                if std::mem::take(&mut space) {
                    out.push(' ');
                }
                out.push(c);
            }
        }
        out.push_str(end);
    }
    Some(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_rfcs_own_example_of_relaxed_form() {
        // RFC 6376 §3.4.5.
        let mut out = String::new();
        relaxed_field("A: X", &mut out);
        relaxed_field("B : Y\t\r\n\tZ  ", &mut out);
        assert_eq!(out, "a:X\r\nb:Y Z\r\n");
        assert_eq!(relaxed_lines(" C \r\nD \t E\r\n").as_deref(), Some(" C\r\nD E\r\n"));
        assert_eq!(relaxed_lines("C\r\nD E\r\n"), None);
    }

    #[test]
    fn every_field_is_signed_once_more_than_it_is_there() {
        let head = Head::new("To: a@b.c\r\nFrom:\r\n <x@y.z>\r\nX-Other: 1\r\n");
        let names: Vec<&str> =
            head.names.split([':', '\r', '\n', ' ']).filter(|name| !name.is_empty()).collect();
        assert_eq!(&names[..5], ["from", "from", "to", "to", "cc"]);
        assert_eq!(head.data, "from:<x@y.z>\r\nto:a@b.c\r\n");
        assert!(head.names.split("\r\n").all(|line| line.len() < 76), "{}", head.names);
    }
}
