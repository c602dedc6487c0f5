//! How `tidings serve` listens, and whom it believes.

use std::fmt;
use std::net::{IpAddr, SocketAddr};
use std::path::PathBuf;

use super::Secret;

/// How `tidings serve` listens.
#[derive(Clone, Debug)]
pub struct Http {
    /// Where.
    pub listen: SocketAddr,
    /// Proxies that are believed when they say for whom they ask (`X-Forwarded-For`).
    pub trusted_proxies: Vec<Network>,
    /// Other sites whose scripts may send the form, as `https://example.com`.
    pub origins: Vec<String>,
    /// The certificate, where no proxy stands in front.
    pub tls: Option<Certificate>,
    /// Mail services that report what became of copies.
    pub hooks: Hooks,
    /// The operator's desk, where there is one.
    pub operator: Option<Operator>,
}

/// The operator's desk.
#[derive(Clone, Debug)]
pub struct Operator {
    /// Where it listens.
    pub listen: SocketAddr,
    /// The token that opens it; without one it is for this machine alone.
    pub token: Option<Secret>,
}

/// What shows that a mail service reports, and nobody else. `None`: it does not.
#[derive(Clone, Debug, Default)]
pub struct Hooks {
    /// The topic of Amazon's SNS.
    pub ses: Option<Topic>,
    /// Postmark's password.
    pub postmark: Option<Secret>,
    /// Mailgun's signing key.
    pub mailgun: Option<Secret>,
    /// SendGrid's public key, in base64.
    pub sendgrid: Option<String>,
}

impl Hooks {
    /// Whether a service of that name reports here.
    pub fn knows(&self, service: &str) -> bool {
        match service {
            "ses" => self.ses.is_some(),
            "postmark" => self.postmark.is_some(),
            "mailgun" => self.mailgun.is_some(),
            "sendgrid" => self.sendgrid.is_some(),
            _ => false,
        }
    }
}

/// A topic of Amazon's SNS.
#[derive(Clone, Debug)]
pub struct Topic {
    /// Its ARN.
    pub topic: String,
    /// The certificate that signs; fetched from Amazon where it is not named.
    pub cert_file: Option<PathBuf>,
}

/// A certificate and its key, in PEM.
#[derive(Clone, Debug)]
pub struct Certificate {
    /// The certificate's chain.
    pub cert_file: PathBuf,
    /// Its key.
    pub key_file: PathBuf,
}

/// Addresses that begin with the same bits (RFC 4632).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Network {
    address: IpAddr,
    bits: u8,
}

impl fmt::Display for Network {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.address, self.bits)
    }
}

impl Network {
    /// This machine's own addresses.
    pub const LOOPBACK: [Self; 2] = [
        Self { address: IpAddr::V4(std::net::Ipv4Addr::new(127, 0, 0, 0)), bits: 8 },
        Self { address: IpAddr::V6(std::net::Ipv6Addr::LOCALHOST), bits: 128 },
    ];

    /// `192.0.2.0/24`, or one address.
    pub fn parse(written: &str) -> Option<Self> {
        let (address, bits) = written.split_once('/').unwrap_or((written, ""));
        let address: IpAddr = address.trim().parse().ok()?;
        let most = if address.is_ipv4() { 32 } else { 128 };
        let bits = if bits.is_empty() { most } else { bits.trim().parse().ok()? };
        (bits <= most).then_some(Self { address, bits })
    }

    /// Whether an address is one of them.
    pub fn holds(&self, address: IpAddr) -> bool {
        let differ = match (self.address, address.to_canonical()) {
            (IpAddr::V4(own), IpAddr::V4(other)) => u128::from(own.to_bits() ^ other.to_bits()) << 96,
            (IpAddr::V6(own), IpAddr::V6(other)) => own.to_bits() ^ other.to_bits(),
            _ => return false,
        };
        differ.leading_zeros() >= u32::from(self.bits)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_network_holds_its_addresses_alone() {
        let holds =
            |network: &str, address: &str| Network::parse(network).unwrap().holds(address.parse().unwrap());
        assert!(holds("192.0.2.0/24", "192.0.2.255") && !holds("192.0.2.0/24", "192.0.3.0"));
        assert!(holds("192.0.2.7", "::ffff:192.0.2.7") && !holds("192.0.2.7", "192.0.2.8"));
        assert!(holds("2001:db8::/32", "2001:db8:1::1") && !holds("2001:db8::/32", "2001:db9::1"));
        assert!(holds("0.0.0.0/0", "203.0.113.1") && !holds("0.0.0.0/0", "2001:db8::1"));
        assert!(
            ["192.0.2.0/33", "example.com", "::/129", ""]
                .iter()
                .all(|written| Network::parse(written).is_none())
        );
    }
}
