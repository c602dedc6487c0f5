//! The documents that builds have written, so that the next one knows which are as they were, and which are left over.

use std::collections::HashMap;

use super::engine::params;
use super::{Ledger, LedgerError};

/// One document as a build left it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Written {
    /// A hash of all that went into it; empty where that cannot be known.
    pub made_of: String,
    /// Its length in bytes and when it was written, in nanoseconds of Unix time.
    pub stamp: (u64, i64),
}

impl Ledger {
    /// The documents written into `folder`, by their paths below it.
    pub fn documents(&self, folder: &str) -> Result<HashMap<String, Written>, LedgerError> {
        let sql = "SELECT path, made_of, length, modified FROM document WHERE folder = ?";
        let rows = self.db.list(sql, params![folder], |row| {
            let stamp = (row.get(2)?, row.get(3)?);
            Ok((row.get(0)?, Written { made_of: row.get(1)?, stamp }))
        })?;
        Ok(rows.into_iter().collect())
    }

    /// Records documents as written, and forgets those in `gone`.
    pub fn record_documents(
        &mut self,
        folder: &str,
        written: &[(&str, Written)],
        gone: &[String],
    ) -> Result<(), LedgerError> {
        if written.is_empty() && gone.is_empty() {
            return Ok(());
        }
        let change = self.db.change()?;
        let sql = "INSERT INTO document (folder, path, made_of, length, modified) VALUES (?, ?, ?, ?, ?)
                       ON CONFLICT (folder, path) DO UPDATE
                       SET made_of = excluded.made_of, length = excluded.length, modified = excluded.modified";
        for (path, Written { made_of, stamp: (length, modified) }) in written {
            let length = i64::try_from(*length).unwrap_or(0);
            change.run(sql, params![folder, path, made_of, length, modified])?;
        }
        for path in gone {
            change.run("DELETE FROM document WHERE folder = ? AND path = ?", params![folder, path])?;
        }
        change.commit()
    }
}
