//! The documents that builds have written, so that the next one knows which are as they were, and which are left over.

use std::collections::HashMap;

use rusqlite::params;

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
        let mut query =
            self.db.prepare("SELECT path, made_of, length, modified FROM document WHERE folder = ?")?;
        let rows = query.query_map([folder], |row| {
            let stamp = (u64::try_from(row.get::<_, i64>(2)?).unwrap_or(0), row.get(3)?);
            Ok((row.get(0)?, Written { made_of: row.get(1)?, stamp }))
        })?;
        Ok(rows.collect::<Result<_, _>>()?)
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
        let change = self.db.transaction()?;
        {
            let sql = "INSERT OR REPLACE INTO document (folder, path, made_of, length, modified) VALUES (?, ?, ?, ?, ?)";
            let mut put = change.prepare(sql)?;
            for (path, Written { made_of, stamp: (length, modified) }) in written {
                put.execute(params![folder, path, made_of, i64::try_from(*length).unwrap_or(0), modified])?;
            }
            let mut forget = change.prepare("DELETE FROM document WHERE folder = ? AND path = ?")?;
            for path in gone {
                forget.execute([folder, path])?;
            }
        }
        change.commit()?;
        Ok(())
    }
}
