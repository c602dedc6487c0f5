//! What is kept of somebody who has asked to be forgotten: a keyed hash of the address, by which no list brings them back.

use data_encoding::HEXLOWER;

use super::keys::Keys;
use crate::address::Address;

/// The hash that is kept. Its key is one of its own that never changes.
pub fn hash(keys: &Keys, address: &Address) -> String {
    HEXLOWER.encode(&keys.tag("erased", &[address.key().as_bytes()])[..16])
}
