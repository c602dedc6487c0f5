//! What must not be forgotten: published ids, issues, audiences, deliveries, suppressions.
//!
//! SQLite in WAL mode; a transaction that is reported done is on the disk. Every change of a delivery's state is one named
//! method. Not responsible for deciding what to change.

mod audience;
mod bounces;
mod deliveries;
mod documents;
mod entries;
mod erase;
mod happenings;
mod history;
mod imports;
mod issues;
mod letters;
mod members;
mod operate;
mod pace;
mod pings;
mod roll;
mod state;
mod upkeep;

use std::path::Path;
use std::time::Duration;

use rusqlite::backup::Backup;
use rusqlite::{Connection, ErrorCode, OpenFlags, OptionalExtension as _, TransactionBehavior, params};
use thiserror::Error;

pub use audience::Audience;
pub use bounces::{Followed, Word};
pub use deliveries::{Claim, Claims, Gate, Outcome, Settled, Turn};
pub use documents::Written;
pub use entries::{Registered, Tally};
pub use erase::{Holdings, Membership, Received};
pub use happenings::Happening;
pub use imports::{Importer, Influx, Trial};
pub use issues::{Archived, Frozen, IssueRow};
pub use letters::Posted;
pub use members::{Consent, Member, Preferences, UNDO};
pub use operate::{Copy, Verdict};
pub use pace::{Absence, Use};
pub use pings::Ping;
pub use roll::{Listing, Members, Roll, Wishes};
pub use state::{Counts, State};
pub use upkeep::Health;

/// The numbered migrations, forward only; the database's `user_version` is how many have been applied.
const MIGRATIONS: [&str; 6] = [
    include_str!("migrations/0001.sql"),
    include_str!("migrations/0002.sql"),
    include_str!("migrations/0003.sql"),
    include_str!("migrations/0004.sql"),
    include_str!("migrations/0005.sql"),
    include_str!("migrations/0006.sql"),
];

/// How long to wait for others who write: a long list takes a while.
const BUSY: Duration = Duration::from_secs(25);

/// How much of the database is kept at hand: as a negative number, in KiB. A long list's rows go in by no order of their own.
const CACHE: i32 = -6 << 10;

/// The ledger could not be read or written.
#[derive(Debug, Error)]
pub enum LedgerError {
    /// The folder for it could not be made.
    #[error(transparent)]
    File(#[from] crate::fsx::FileError),
    /// SQLite said no.
    #[error("the ledger failed: {0}")]
    Sqlite(#[from] rusqlite::Error),
    /// A frozen issue could not be read back.
    #[error("an issue in the ledger cannot be read: {0}")]
    Frozen(#[from] serde_json::Error),
    /// An address in the ledger is not one any more.
    #[error("an address in the ledger cannot be read: {0}")]
    Address(#[from] crate::address::AddressError),
    /// It was written by a later version.
    #[error(
        "the ledger was written by a later version of tidings (its schema is {0}); use that version or later"
    )]
    Newer(usize),
}

impl LedgerError {
    /// Whether others are at work on it: later it may do.
    pub fn is_busy(&self) -> bool {
        matches!(self, Self::Sqlite(error) if error.sqlite_error_code() == Some(ErrorCode::DatabaseBusy))
    }
}

/// One site's ledger.
#[derive(Debug)]
pub struct Ledger {
    db: Connection,
}

impl Ledger {
    /// Opens the ledger at `path`, making it where there is none.
    pub fn open(path: &Path) -> Result<Self, LedgerError> {
        crate::fsx::make_private_dir(path.parent().unwrap_or(Path::new(".")))?;
        let db = Connection::open(path)?;
        db.busy_timeout(BUSY)?;
        db.pragma_update(None, "journal_mode", "WAL")?;
        db.pragma_update(None, "synchronous", "FULL")?;
        db.pragma_update(None, "cache_size", CACHE)?;
        db.pragma_update(None, "foreign_keys", true)?;
        Self { db }.migrated()
    }

    /// Opens the ledger for reading only; where there is none, an empty one in memory, so that nothing is made.
    pub fn peek(path: &Path) -> Result<Self, LedgerError> {
        if !path.exists() {
            return Self { db: Connection::open_in_memory()? }.migrated();
        }
        let db = Connection::open_with_flags(path, OpenFlags::SQLITE_OPEN_READ_ONLY)?;
        db.busy_timeout(BUSY)?;
        let done: u32 = db.pragma_query_value(None, "user_version", |row| row.get(0))?;
        if done as usize == MIGRATIONS.len() {
            return Ok(Self { db });
        }
        // One of an earlier version is looked at as it will be.
        let mut copy = Connection::open_in_memory()?;
        Backup::new(&db, &mut copy)?.run_to_completion(1024, Duration::ZERO, None)?;
        Self { db: copy }.migrated()
    }

    fn migrated(mut self) -> Result<Self, LedgerError> {
        // What reads first and writes then would fail beside another that writes in between.
        self.db.set_transaction_behavior(TransactionBehavior::Immediate);
        let done: u32 = self.db.pragma_query_value(None, "user_version", |row| row.get(0))?;
        let done = done as usize;
        if done > MIGRATIONS.len() {
            return Err(LedgerError::Newer(done));
        }
        for (index, sql) in MIGRATIONS.iter().enumerate().skip(done) {
            let change = self.db.transaction()?;
            // Another process may have been first.
            let done: u32 = change.pragma_query_value(None, "user_version", |row| row.get(0))?;
            if done as usize > index {
                continue;
            }
            change.execute_batch(sql)?;
            change.pragma_update(None, "user_version", u32::try_from(index).unwrap_or(0) + 1)?;
            change.commit()?;
        }
        Ok(self)
    }

    /// What was remembered under `key`.
    pub fn note(&self, key: &str) -> Result<Option<String>, LedgerError> {
        let sql = "SELECT value FROM note WHERE key = ?";
        Ok(self.db.query_row(sql, [key], |row| row.get(0)).optional()?)
    }

    /// Remembers `value` under `key`.
    pub fn remember(&self, key: &str, value: &str) -> Result<(), LedgerError> {
        self.db.execute("INSERT OR REPLACE INTO note (key, value) VALUES (?, ?)", params![key, value])?;
        Ok(())
    }
}
