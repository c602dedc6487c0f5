//! The ledger as commands open it. Machines that share one must have one secret, too: what is kept of people who have asked to be forgotten
//! is made with it, and means nothing to others.

use data_encoding::HEXLOWER;

use super::seals;
use super::site::Failure;
use crate::config::Config;
use crate::ledger::{self, Ledger};

/// Under what it is remembered which secret is theirs: by a tag that does not give it away.
const SECRET: &str = "secret of those who share the ledger";

/// Opens the site's ledger, making it where there is none.
pub(super) fn open(config: &Config) -> Result<Ledger, Failure> {
    let ledger = Ledger::open(config)?;
    if ledger.is_shared() {
        let before = ledger::file(config);
        // Without its past everything would go out again.
        if before.exists() && ledger.is_empty()? && !Ledger::peek_file(&before)?.is_empty()? {
            let words = "the ledger's database is empty, and `.tidings/ledger.db` has a past: `tidings ledger migrate --from .tidings/ledger.db` takes it over; to begin anew, move that file away";
            return Err(Failure::Usage(words.to_owned()));
        }
        let own = HEXLOWER.encode(&seals::erasure_keys(config)?.tag("shared", &[])[..16]);
        if ledger.note_once(SECRET, &own)? != own {
            let words = "this machine's `.tidings/secret` is another than that of the machines that share the ledger; copy theirs here";
            return Err(Failure::Usage(words.to_owned()));
        }
    }
    Ok(ledger)
}
