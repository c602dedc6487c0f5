//! SQLite in WAL mode, for one machine: a transaction that is reported done is on the disk.

use std::cell::Cell;
use std::ops::ControlFlow;
use std::path::Path;
use std::time::Duration;

use rusqlite::backup::Backup;
use rusqlite::types::{ToSqlOutput, ValueRef};
use rusqlite::{Connection, OpenFlags, ToSql, params_from_iter};

use super::{Columns, Engine, Give, LedgerError, Row, Span, Take, Value};

/// The numbered migrations, forward only; the database's `user_version` is how many have been applied.
const MIGRATIONS: [&str; 7] = [
    include_str!("../migrations/0001.sql"),
    include_str!("../migrations/0002.sql"),
    include_str!("../migrations/0003.sql"),
    include_str!("../migrations/0004.sql"),
    include_str!("../migrations/0005.sql"),
    include_str!("../migrations/0006.sql"),
    include_str!("../migrations/0007.sql"),
];

/// How long to wait for others who write: a long list takes a while.
const BUSY: Duration = Duration::from_secs(25);

/// How much of the database is kept at hand: as a negative number, in KiB. A long list's rows go in by no order of their own.
const CACHE: i32 = -6 << 10;

/// What is for as long as the ledger is open: a newsletter's list as it was read, who is chosen of it, and who arrives by an import.
const TEMPORARY: &str = "
    CREATE TEMP TABLE roll (
        place      INTEGER PRIMARY KEY,
        newsletter TEXT NOT NULL,
        subscriber TEXT NOT NULL,
        email      TEXT NOT NULL,
        name       TEXT NOT NULL,
        language   TEXT,
        topics     TEXT,                       -- as JSON; empty where there are none
        cadence    TEXT NOT NULL,
        status     TEXT NOT NULL
    ) STRICT;
    CREATE TEMP TABLE chosen (place INTEGER PRIMARY KEY) STRICT;
    CREATE TEMP TABLE arrival (
        place      INTEGER PRIMARY KEY,
        subscriber TEXT NOT NULL,
        email      TEXT NOT NULL,
        name       TEXT NOT NULL,
        language   TEXT,
        topics     TEXT,
        cadence    TEXT NOT NULL,
        status     TEXT NOT NULL,
        since      INTEGER NOT NULL,
        hash       TEXT
    ) STRICT;";

/// So many statements are kept ready.
const STATEMENTS: usize = 128;

/// Pages of a copy that are made in one go; others may write between two.
const PAGES: i32 = 1024;

/// A connection.
#[derive(Debug)]
pub(in crate::ledger) struct Sqlite {
    db: Connection,
    /// Whether an answer is being read.
    is_reading: Cell<bool>,
}

impl Sqlite {
    fn new(db: Connection) -> Result<Self, LedgerError> {
        db.busy_timeout(BUSY)?;
        db.set_prepared_statement_cache_capacity(STATEMENTS);
        db.pragma_update(Some("temp"), "cache_size", CACHE)?;
        db.execute_batch(TEMPORARY)?;
        Ok(Self { db, is_reading: Cell::new(false) })
    }

    /// Opens the file at `path`, making it where there is none.
    pub(in crate::ledger) fn open(path: &Path) -> Result<Self, LedgerError> {
        crate::fsx::make_private_dir(path.parent().unwrap_or(Path::new(".")))?;
        let one = Self::new(Connection::open(path)?)?;
        one.db.pragma_update(None, "journal_mode", "WAL")?;
        one.db.pragma_update(None, "synchronous", "FULL")?;
        one.db.pragma_update(None, "cache_size", CACHE)?;
        one.db.pragma_update(None, "foreign_keys", true)?;
        one.migrated()
    }

    /// Opens an empty file without a journal of its own beside it.
    pub(in crate::ledger) fn open_single(path: &Path) -> Result<Self, LedgerError> {
        Self::new(Connection::open(path)?)?.migrated()
    }

    /// An empty one, in memory.
    pub(in crate::ledger) fn in_memory() -> Result<Self, LedgerError> {
        Self::new(Connection::open_in_memory()?)?.migrated()
    }

    /// Opens the file at `path` for reading only.
    pub(in crate::ledger) fn read(path: &Path) -> Result<Self, LedgerError> {
        let db = Connection::open_with_flags(path, OpenFlags::SQLITE_OPEN_READ_ONLY)?;
        let one = Self::new(db)?;
        if one.version()? == MIGRATIONS.len() {
            return Ok(one);
        }
        // One of an earlier version is looked at as it will be.
        let mut copy = Connection::open_in_memory()?;
        Backup::new(&one.db, &mut copy)?.run_to_completion(PAGES, Duration::ZERO, None)?;
        Self::new(copy)?.migrated()
    }

    fn version(&self) -> Result<usize, LedgerError> {
        let done: u32 = self.db.pragma_query_value(None, "user_version", |row| row.get(0))?;
        Ok(done as usize)
    }

    fn migrated(self) -> Result<Self, LedgerError> {
        let done = self.version()?;
        if done > MIGRATIONS.len() {
            return Err(LedgerError::Newer(done));
        }
        for (index, sql) in MIGRATIONS.iter().enumerate().skip(done) {
            self.begin(Span::Whole)?;
            // Another process may have been first.
            let change = if self.version()? > index {
                Ok(())
            } else {
                let number = u32::try_from(index).unwrap_or(0) + 1;
                self.db.execute_batch(sql).and_then(|()| self.db.pragma_update(None, "user_version", number))
            };
            self.end(change.is_ok())?;
            change?;
        }
        Ok(self)
    }
}

impl Engine for Sqlite {
    fn execute(&self, sql: &str, params: &[Value<'_>]) -> Result<usize, LedgerError> {
        debug_assert!(!self.is_reading.get(), "an answer is being read");
        Ok(self.db.prepare_cached(sql)?.execute(params_from_iter(params))?)
    }

    fn execute_each(&self, sql: &str, rows: &[Vec<Value<'_>>]) -> Result<Vec<usize>, LedgerError> {
        let mut statement = self.db.prepare_cached(sql)?;
        rows.iter().map(|row| Ok(statement.execute(params_from_iter(row))?)).collect()
    }

    fn query(&self, sql: &str, params: &[Value<'_>], take: Take<'_>) -> Result<(), LedgerError> {
        let is_reading = self.is_reading.replace(true);
        debug_assert!(!is_reading, "an answer is being read");
        let mut read = || {
            let mut query = self.db.prepare_cached(sql)?;
            let mut rows = query.query(params_from_iter(params))?;
            while let Some(row) = rows.next()? {
                if take(&Row(row))?.is_break() {
                    break;
                }
            }
            Ok(())
        };
        let done = read();
        self.is_reading.set(false);
        done
    }

    fn batch(&self, sql: &str) -> Result<(), LedgerError> {
        Ok(self.db.execute_batch(sql)?)
    }

    fn fill(&self, table: &str, columns: &[&str], give: Give<'_>) -> Result<(), LedgerError> {
        let marks = vec!["?"; columns.len()].join(", ");
        let sql = format!("INSERT INTO {table} ({}) VALUES ({marks})", columns.join(", "));
        let mut put = self.db.prepare_cached(&sql)?;
        give(&mut |row| {
            put.execute(params_from_iter(row))?;
            Ok(())
        })
    }

    fn analyze(&self, _: &str) -> Result<(), LedgerError> {
        Ok(())
    }

    fn numbers_go_on(&self, _: &str) -> Result<(), LedgerError> {
        Ok(())
    }

    fn faults(&self) -> Result<Vec<String>, LedgerError> {
        let mut faults = Vec::new();
        self.query("PRAGMA integrity_check(20)", &[], &mut |row| {
            faults.extend(Some(row.text(0).into_owned()).filter(|line| line != "ok"));
            Ok(ControlFlow::Continue(()))
        })?;
        self.query("SELECT count(*) FROM pragma_foreign_key_check", &[], &mut |row| {
            let orphans: u64 = row.get(0)?;
            faults
                .extend((orphans > 0).then(|| format!("{orphans} rows belong to issues that are not there")));
            Ok(ControlFlow::Continue(()))
        })?;
        Ok(faults)
    }

    fn begin(&self, span: Span) -> Result<(), LedgerError> {
        let sql = match span {
            // What reads first and writes then would fail beside another that writes in between.
            Span::Whole | Span::Rows => "BEGIN IMMEDIATE",
            Span::Own | Span::Sight => "BEGIN DEFERRED",
        };
        Ok(self.db.prepare_cached(sql)?.execute([]).map(drop)?)
    }

    fn end(&self, commit: bool) -> Result<(), LedgerError> {
        let sql = if commit { "COMMIT" } else { "ROLLBACK" };
        Ok(self.db.prepare_cached(sql)?.execute([]).map(drop)?)
    }

    fn is_cut_off(&self) -> bool {
        false
    }

    fn reconnect(&self) -> Result<bool, LedgerError> {
        Ok(false)
    }
}

impl ToSql for Value<'_> {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(ToSqlOutput::Borrowed(match self {
            Value::Null => ValueRef::Null,
            Value::Bool(yes) => ValueRef::Integer(i64::from(*yes)),
            Value::Integer(number) => ValueRef::Integer(*number),
            Value::Text(text) => ValueRef::Text(text.as_bytes()),
        }))
    }
}

impl Columns for rusqlite::Row<'_> {
    fn column(&self, index: usize) -> Option<Value<'_>> {
        match self.get_ref(index).ok()? {
            ValueRef::Null => Some(Value::Null),
            ValueRef::Integer(number) => Some(Value::Integer(number)),
            ValueRef::Text(text) => std::str::from_utf8(text).ok().map(|text| Value::Text(text.into())),
            ValueRef::Real(_) | ValueRef::Blob(_) => None,
        }
    }
}
