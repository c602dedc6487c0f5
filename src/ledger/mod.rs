//! What must not be forgotten: published ids, issues, audiences, deliveries, suppressions.
//!
//! SQLite in WAL mode; a transaction that is reported done is on the disk. Every change of a delivery's state is one named
//! method. Not responsible for deciding what to change.

mod audience;
mod bounces;
mod deliveries;
mod documents;
mod engine;
mod entries;
mod erase;
mod happenings;
mod history;
mod imports;
mod issues;
mod lease;
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

use rusqlite::ErrorCode;
use thiserror::Error;

use engine::{Db, Engine, Sqlite, params};

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

/// For how long a worker is believed to be alive of whom nothing is heard, unless the owner says otherwise.
const LEASE: Duration = Duration::from_mins(1);

/// The ledger could not be read or written.
#[derive(Debug, Error)]
pub enum LedgerError {
    /// The folder for it could not be made.
    #[error(transparent)]
    File(#[from] crate::fsx::FileError),
    /// SQLite said no.
    #[error("the ledger failed: {0}")]
    Sqlite(#[from] rusqlite::Error),
    /// A row is not as this version writes them.
    #[error("a row of the ledger cannot be read (column {0})")]
    Column(usize),
    /// There was no chance to be had.
    #[error("the system has no random numbers")]
    Random,
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
    db: Db,
    /// Whether several machines may share it.
    is_shared: bool,
    /// This machine's name among them; empty where it is not shared.
    machine: String,
    /// The name under which this process claims deliveries, once it has begun to.
    worker: Option<String>,
    /// For how long a worker is believed to be alive of whom nothing is heard.
    lease: Duration,
}

impl Ledger {
    /// Opens the ledger at `path`, making it where there is none.
    pub fn open(path: &Path) -> Result<Self, LedgerError> {
        Ok(Self::on(Sqlite::open(path)?))
    }

    /// Opens the ledger for reading only; where there is none, an empty one in memory, so that nothing is made.
    pub fn peek(path: &Path) -> Result<Self, LedgerError> {
        Ok(Self::on(if path.exists() { Sqlite::read(path)? } else { Sqlite::in_memory()? }))
    }

    fn on(engine: impl Engine + 'static) -> Self {
        let db = Db::new(engine);
        Self { db, is_shared: false, machine: String::new(), worker: None, lease: LEASE }
    }

    /// What was remembered under `key`.
    pub fn note(&self, key: &str) -> Result<Option<String>, LedgerError> {
        self.db.first("SELECT value FROM note WHERE key = ?", params![key], |row| row.get(0))
    }

    /// Remembers `value` under `key`.
    pub fn remember(&self, key: &str, value: &str) -> Result<(), LedgerError> {
        let sql = "INSERT INTO note (key, value) VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value";
        self.db.run(sql, params![key, value])?;
        Ok(())
    }
}
