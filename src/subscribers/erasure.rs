//! What is kept of somebody who has asked to be forgotten: a keyed hash of the address, by which no list brings them back.

use data_encoding::HEXLOWER;

use super::keys::Keys;
use crate::address::Address;

/// The hash that is kept.
pub fn hash(keys: &Keys, address: &Address) -> String {
    hex(keys.tag("erased", &[address.key().as_bytes()]))
}

/// The hashes that may have been kept, one by every key.
pub fn hashes(keys: &Keys, address: &Address) -> Vec<String> {
    keys.tags("erased", &[address.key().as_bytes()]).into_iter().map(hex).collect()
}

fn hex(tag: [u8; 32]) -> String {
    HEXLOWER.encode(&tag[..16])
}
