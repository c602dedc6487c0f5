//! For whom a request is: the address at the other end, or the one that a trusted proxy names.

use std::net::{IpAddr, Ipv6Addr, SocketAddr};

use axum::http::HeaderMap;
use data_encoding::HEXLOWER;

use crate::config::Network;
use crate::subscribers::keys::Keys;

/// The address of the client. Of `X-Forwarded-For`, only what trusted proxies have written counts: from the right, as far as they go.
pub(super) fn address(peer: IpAddr, headers: &HeaderMap, trusted: &[Network]) -> IpAddr {
    let is_trusted = |address: IpAddr| trusted.iter().any(|network| network.holds(address));
    let named: Vec<&str> = headers
        .get_all("x-forwarded-for")
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|list| list.split(','))
        .collect();
    let mut client = peer;
    for written in named.into_iter().rev() {
        if !is_trusted(client) {
            break;
        }
        let written = written.trim();
        let bare = written.trim_matches(['[', ']']).parse().ok();
        let Some(address) = bare.or_else(|| written.parse::<SocketAddr>().ok().map(|at| at.ip())) else {
            break;
        };
        client = address;
    }
    client.to_canonical()
}

/// The network that a client is in: a household or a company shares it.
pub(super) fn network(client: IpAddr) -> IpAddr {
    match client {
        IpAddr::V4(address) => IpAddr::from((address.to_bits() & 0xffff_ff00).to_be_bytes()),
        IpAddr::V6(address) => Ipv6Addr::from_bits(address.to_bits() & !(u128::MAX >> 48)).into(),
    }
}

/// The network as it is kept: a keyed hash.
pub(super) fn hashed(network: IpAddr, keys: &Keys) -> String {
    HEXLOWER.encode(&keys.tag("network", &[network.to_string().as_bytes()])[..8])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asked(peer: &str, forwarded: &[&'static str]) -> String {
        let mut headers = HeaderMap::new();
        for value in forwarded {
            headers.append("x-forwarded-for", axum::http::HeaderValue::from_static(value));
        }
        let trusted = [Network::parse("10.0.0.0/8").unwrap(), Network::parse("::1").unwrap()];
        address(peer.parse().unwrap(), &headers, &trusted).to_string()
    }

    #[test]
    fn only_trusted_proxies_are_believed() {
        assert_eq!(asked("203.0.113.7", &["198.51.100.1"]), "203.0.113.7");
        assert_eq!(asked("10.0.0.1", &["198.51.100.1"]), "198.51.100.1");
        assert_eq!(asked("10.0.0.1", &["192.0.2.66, 198.51.100.1, 10.9.9.9"]), "198.51.100.1");
        assert_eq!(asked("10.0.0.1", &["192.0.2.66", "198.51.100.1"]), "198.51.100.1");
        assert_eq!(asked("10.0.0.1", &["unknown"]), "10.0.0.1");
        assert_eq!(asked("::1", &["::ffff:198.51.100.1"]), "198.51.100.1");
        assert_eq!(asked("10.0.0.1", &["198.51.100.1:1234"]), "198.51.100.1");
        assert_eq!(asked("10.0.0.1", &["[2001:db8::1]:1234"]), "2001:db8::1");
        assert_eq!(asked("10.0.0.1", &[]), "10.0.0.1");
    }

    #[test]
    fn a_network_is_what_a_household_has() {
        let of = |address: &str| network(address.parse().unwrap()).to_string();
        assert_eq!(of("203.0.113.77"), "203.0.113.0");
        assert_eq!(of("2001:db8:1:2:3::4"), "2001:db8:1::");
    }
}
