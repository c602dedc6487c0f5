//! What must not be forgotten: published ids, issues, audiences, deliveries, suppressions.
//!
//! SQLite in WAL mode; a transaction that is reported done is on the disk. Every change of a delivery's state is one named
//! method. Not responsible for deciding what to change.

mod allowance;
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
mod transfer;
mod upkeep;

use std::cell::Cell;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use rusqlite::ErrorCode;
use thiserror::Error;

use crate::config::{Config, Postgres as Place};
use engine::{Access, Db, Engine, Postgres, Sqlite, Standing, params};

pub use allowance::Share;
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

/// The ledger could not be read or written.
#[derive(Debug, Error)]
pub enum LedgerError {
    /// The folder for it could not be made.
    #[error(transparent)]
    File(#[from] crate::fsx::FileError),
    /// SQLite said no.
    #[error("the ledger failed: {0}")]
    Sqlite(#[from] rusqlite::Error),
    /// The database of a shared ledger cannot be reached.
    #[error("the ledger's database cannot be reached: {0}")]
    Away(String),
    /// Others hold what is needed, for too long.
    #[error("others are at work on the ledger")]
    Busy,
    /// The database said no.
    #[error("the ledger's database failed: {0}")]
    Database(String),
    /// It was written by an earlier version.
    #[error(
        "the ledger was written by an earlier version of tidings; `tidings ledger migrate`, or the next run, brings it up to date"
    )]
    Older,
    /// A list is asked for that was not read, or is lost.
    #[error("the list was lost with the connection to the ledger's database")]
    Unread,
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
    /// Whether others are at work on it, or it is away: later it may do.
    pub fn is_passing(&self) -> bool {
        match self {
            Self::Sqlite(error) => error.sqlite_error_code() == Some(ErrorCode::DatabaseBusy),
            Self::Busy | Self::Away(_) | Self::Unread => true,
            _ => false,
        }
    }
}

impl From<tokio_postgres::Error> for LedgerError {
    fn from(error: tokio_postgres::Error) -> Self {
        let Some(said) = error.as_db_error() else {
            let why =
                std::error::Error::source(&error).map_or_else(|| error.to_string(), ToString::to_string);
            return Self::Away(why);
        };
        let (code, words) = (said.code().code(), said.message().to_owned());
        match code {
            // A deadlock, a lock that was waited for in vain.
            "40001" | "40P01" | "55P03" => Self::Busy,
            // A connection that has ended, a server that stops, starts or has no room.
            _ if matches!(&code[..2], "08" | "53" | "57") || code == "25P03" => Self::Away(words),
            _ => Self::Database(format!("{words} ({code})")),
        }
    }
}

/// The file of a ledger that is one machine's own.
pub fn file(config: &Config) -> PathBuf {
    config.state_dir().join("ledger.db")
}

/// One site's ledger.
#[derive(Debug)]
pub struct Ledger {
    db: Db,
    /// Whether several machines may share it.
    is_shared: bool,
    /// Where this machine keeps what is its own.
    folder: PathBuf,
    /// This machine's name among them; empty where it is not shared.
    machine: String,
    /// The name under which this process claims deliveries, once it has begun to.
    worker: Option<String>,
    /// For how long a worker is believed to be alive of whom nothing is heard; of no meaning where it is not shared.
    lease: Duration,
    /// Until when what it has claimed is surely its own, as far as it was renewed.
    renewed_until: Cell<Option<Instant>>,
}

impl Ledger {
    /// Opens a site's ledger, making it where there is none.
    pub fn open(config: &Config) -> Result<Self, LedgerError> {
        match &config.memory.postgres {
            None => Self::open_file(&file(config)),
            Some(place) => Ok(Self::shared(Postgres::connect(place, Access::Full)?, place, config)),
        }
    }

    /// Opens a site's ledger for reading only; where there is none, an empty one in memory, so that nothing is made.
    pub fn peek(config: &Config) -> Result<Self, LedgerError> {
        let Some(place) = &config.memory.postgres else { return Self::peek_file(&file(config)) };
        let postgres = Postgres::connect(place, Access::Reading)?;
        match postgres.standing()? {
            Standing::Empty => Ok(Self::on(Sqlite::in_memory()?)),
            standing if standing.is_current()? => Ok(Self::shared(postgres, place, config)),
            Standing::Migrated(_) => Err(LedgerError::Older),
        }
    }

    /// Whether a site has a ledger.
    pub fn is_there(config: &Config) -> Result<bool, LedgerError> {
        let Some(place) = &config.memory.postgres else { return Ok(file(config).exists()) };
        Ok(Postgres::connect(place, Access::Reading)?.standing()? != Standing::Empty)
    }

    /// Opens the ledger in a file, making it where there is none.
    pub fn open_file(path: &Path) -> Result<Self, LedgerError> {
        Ok(Self::on(Sqlite::open(path)?))
    }

    /// Opens the ledger in a file for reading only; where there is none, an empty one in memory.
    pub fn peek_file(path: &Path) -> Result<Self, LedgerError> {
        Ok(Self::on(if path.exists() { Sqlite::read(path)? } else { Sqlite::in_memory()? }))
    }

    /// Makes one in an empty file that is to be carried away: a single file.
    pub fn open_copy(path: &Path) -> Result<Self, LedgerError> {
        Ok(Self::on(Sqlite::open_single(path)?))
    }

    /// An empty one in memory, for what need not last.
    pub fn in_memory() -> Result<Self, LedgerError> {
        Ok(Self::on(Sqlite::in_memory()?))
    }

    fn shared(postgres: Postgres, place: &Place, config: &Config) -> Self {
        let folder = config.state_dir();
        let machine = hostname::get().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        Self { is_shared: true, folder, machine, lease: place.lease, ..Self::on(postgres) }
    }

    /// Whether several machines may be at work on it.
    pub fn is_shared(&self) -> bool {
        self.is_shared
    }

    /// Whether its connection has ended.
    pub fn is_cut_off(&self) -> bool {
        self.db.is_cut_off()
    }

    /// Connects anew where the connection has ended; whether it did so. The rolls are then empty.
    pub fn reconnect(&self) -> Result<bool, LedgerError> {
        self.db.reconnect()
    }

    fn on(engine: impl Engine + 'static) -> Self {
        let db = Db::new(engine);
        Self {
            db,
            is_shared: false,
            folder: PathBuf::new(),
            machine: String::new(),
            worker: None,
            lease: Duration::ZERO,
            renewed_until: Cell::new(None),
        }
    }

    /// What was remembered under `key`.
    pub fn note(&self, key: &str) -> Result<Option<String>, LedgerError> {
        self.db.first("SELECT value FROM note WHERE key = ?", params![key], |row| row.get(0))
    }

    /// Remembers `value` under `key` where nothing is yet; what stands there then.
    pub fn note_once(&self, key: &str, value: &str) -> Result<String, LedgerError> {
        let sql = "INSERT INTO note (key, value) VALUES (?, ?) ON CONFLICT (key) DO NOTHING";
        self.db.run(sql, params![key, value])?;
        Ok(self.note(key)?.unwrap_or_default())
    }

    /// Remembers `value` under `key`.
    pub fn remember(&self, key: &str, value: &str) -> Result<(), LedgerError> {
        let sql = "INSERT INTO note (key, value) VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value";
        self.db.run(sql, params![key, value])?;
        Ok(())
    }
}
