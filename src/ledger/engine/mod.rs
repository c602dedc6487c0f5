//! What the ledger stands on: SQLite, a file of one machine's, or PostgreSQL, which many share.
//!
//! The ledger's statements are written once, in the SQL that both know: `ON CONFLICT (…)`, `RETURNING`, `CASE`, `IS DISTINCT FROM`, `NULLS
//! FIRST`, parameters as `?` or `?1`. What only one of them can do has a method here. Numbers are 64 bits, times seconds of Unix time.
//!
//! Answers are streamed: while one is read, no other statement is given to the same engine.

mod postgres;
mod sqlite;
mod value;

use std::fmt;
use std::ops::{ControlFlow, Deref};

pub(super) use postgres::{Access, Postgres, Standing};
pub(super) use sqlite::Sqlite;
pub(super) use value::{AsValue, Columns, FromValue, Row, Value};

use super::LedgerError;

/// The parameters of a statement.
macro_rules! params {
    ($($param:expr),* $(,)?) => {
        &[$(crate::ledger::engine::AsValue::value(&$param)),*][..]
    };
}
pub(super) use params;

/// The parameters of a statement that is carried out for many rows.
macro_rules! row {
    ($($param:expr),* $(,)?) => {
        vec![$(crate::ledger::engine::Value::from($param)),*]
    };
}
pub(super) use row;

/// So many new rows of a table make another one of it.
const MANY: usize = 1000;

/// Reads a row of an answer; says whether there is to be another.
pub(super) type Take<'t> = &'t mut dyn FnMut(&Row<'_>) -> Result<ControlFlow<()>, LedgerError>;

/// Hands rows over for a table, one after the other.
pub(super) type Give<'g> =
    &'g mut dyn FnMut(&mut dyn FnMut(&[Value<'_>]) -> Result<(), LedgerError>) -> Result<(), LedgerError>;

/// What a transaction is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Span {
    /// The whole: one such at a time, in which nobody else writes what it has read.
    Whole,
    /// Rows that it locks itself: on an engine that many share, others are at work on other rows meanwhile.
    Rows,
    /// What nobody else sees.
    Own,
    /// All, as it stands at one moment: nothing is written.
    Sight,
}

/// A database that keeps a ledger.
pub(super) trait Engine: fmt::Debug + Send {
    /// Carries out one statement; the number of rows that it changed.
    fn execute(&self, sql: &str, params: &[Value<'_>]) -> Result<usize, LedgerError>;

    /// Carries out one statement for each of many rows of parameters; how many rows each changed.
    fn execute_each(&self, sql: &str, rows: &[Vec<Value<'_>>]) -> Result<Vec<usize>, LedgerError>;

    /// Asks, and reads one row after the other.
    fn query(&self, sql: &str, params: &[Value<'_>], take: Take<'_>) -> Result<(), LedgerError>;

    /// Carries out statements without parameters.
    fn batch(&self, sql: &str) -> Result<(), LedgerError>;

    /// Puts many rows into a table, in the fastest way there is.
    fn fill(&self, table: &str, columns: &[&str], give: Give<'_>) -> Result<(), LedgerError>;

    /// Has a look at a table that many rows were put into, so that questions about it are answered in a good way.
    fn analyze(&self, table: &str) -> Result<(), LedgerError>;

    /// The next row of a table that numbers its rows is one more than the last, however that came in.
    fn numbers_go_on(&self, table: &str) -> Result<(), LedgerError>;

    /// What the engine itself finds wrong with it, in words.
    fn faults(&self) -> Result<Vec<String>, LedgerError>;

    /// Begins a transaction.
    fn begin(&self, span: Span) -> Result<(), LedgerError>;

    /// Ends it: all of it is on the disk, or nothing has been.
    fn end(&self, commit: bool) -> Result<(), LedgerError>;

    /// Whether the connection has ended.
    fn is_cut_off(&self) -> bool;

    /// Connects anew where the connection has ended; whether it did so. What lasted as long as the connection is gone.
    fn reconnect(&self) -> Result<bool, LedgerError>;
}

/// An engine, with what is easy to say to it.
#[derive(Debug)]
pub(super) struct Db(Box<dyn Engine>);

impl Db {
    pub(super) fn new(engine: impl Engine + 'static) -> Self {
        Self(Box::new(engine))
    }

    /// Carries out one statement; the number of rows that it changed.
    pub(super) fn run(&self, sql: &str, params: &[Value<'_>]) -> Result<usize, LedgerError> {
        self.0.execute(sql, params)
    }

    /// Carries out one statement for each of many rows of parameters; how many rows each changed.
    pub(super) fn run_each(&self, sql: &str, rows: &[Vec<Value<'_>>]) -> Result<Vec<usize>, LedgerError> {
        if rows.is_empty() { Ok(Vec::new()) } else { self.0.execute_each(sql, rows) }
    }

    /// Has a look at a table that so many rows were put into, if they are many.
    pub(super) fn analyze(&self, table: &str, rows: usize) -> Result<(), LedgerError> {
        if rows < MANY { Ok(()) } else { self.0.analyze(table) }
    }

    /// The next row of a table that numbers its rows is one more than the last, however that came in.
    pub(super) fn numbers_go_on(&self, table: &str) -> Result<(), LedgerError> {
        self.0.numbers_go_on(table)
    }

    /// What the engine itself finds wrong with it, in words.
    pub(super) fn faults(&self) -> Result<Vec<String>, LedgerError> {
        self.0.faults()
    }

    /// Carries out statements without parameters.
    pub(super) fn batch(&self, sql: &str) -> Result<(), LedgerError> {
        self.0.batch(sql)
    }

    /// Reads every row.
    pub(super) fn each(
        &self,
        sql: &str,
        params: &[Value<'_>],
        mut take: impl FnMut(&Row<'_>) -> Result<(), LedgerError>,
    ) -> Result<(), LedgerError> {
        self.0.query(sql, params, &mut |row| take(row).map(ControlFlow::Continue))
    }

    /// Reads rows for as long as it is told to go on.
    pub(super) fn each_while(
        &self,
        sql: &str,
        params: &[Value<'_>],
        mut take: impl FnMut(&Row<'_>) -> Result<ControlFlow<()>, LedgerError>,
    ) -> Result<(), LedgerError> {
        self.0.query(sql, params, &mut take)
    }

    /// All rows.
    pub(super) fn list<T>(
        &self,
        sql: &str,
        params: &[Value<'_>],
        mut read: impl FnMut(&Row<'_>) -> Result<T, LedgerError>,
    ) -> Result<Vec<T>, LedgerError> {
        let mut all = Vec::new();
        self.each(sql, params, |row| {
            all.push(read(row)?);
            Ok(())
        })?;
        Ok(all)
    }

    /// The first row, if there is one.
    pub(super) fn first<T>(
        &self,
        sql: &str,
        params: &[Value<'_>],
        mut read: impl FnMut(&Row<'_>) -> Result<T, LedgerError>,
    ) -> Result<Option<T>, LedgerError> {
        let mut first = None;
        self.0.query(sql, params, &mut |row| {
            first = Some(read(row)?);
            Ok(ControlFlow::Break(()))
        })?;
        Ok(first)
    }

    /// The one value of an answer that always has one.
    pub(super) fn value<T: FromValue>(&self, sql: &str, params: &[Value<'_>]) -> Result<T, LedgerError> {
        self.first(sql, params, |row| row.get(0))?.ok_or(LedgerError::Column(0))
    }

    /// Whether the connection has ended.
    pub(super) fn is_cut_off(&self) -> bool {
        self.0.is_cut_off()
    }

    /// Connects anew where the connection has ended; whether it did so.
    pub(super) fn reconnect(&self) -> Result<bool, LedgerError> {
        self.0.reconnect()
    }

    /// Puts many rows into a table.
    pub(super) fn fill(&self, table: &str, columns: &[&str], give: Give<'_>) -> Result<(), LedgerError> {
        self.0.fill(table, columns, give)
    }

    /// Begins a transaction of the whole ledger, which is undone unless it is committed.
    pub(super) fn change(&self) -> Result<Change<'_>, LedgerError> {
        self.begin(Span::Whole)
    }

    /// Begins a transaction, which is undone unless it is committed.
    pub(super) fn begin(&self, span: Span) -> Result<Change<'_>, LedgerError> {
        self.0.begin(span)?;
        Ok(Change { db: self, is_over: false })
    }
}

/// A transaction.
pub(super) struct Change<'a> {
    db: &'a Db,
    is_over: bool,
}

impl Change<'_> {
    /// Done, and on the disk.
    pub(super) fn commit(mut self) -> Result<(), LedgerError> {
        let ended = self.db.0.end(true);
        // Where it could not be ended it is undone.
        self.is_over = ended.is_ok();
        ended
    }
}

impl Deref for Change<'_> {
    type Target = Db;

    fn deref(&self) -> &Db {
        self.db
    }
}

impl Drop for Change<'_> {
    fn drop(&mut self) {
        if !self.is_over {
            // Where that fails, too, the connection has ended, and the transaction with it.
            drop(self.db.0.end(false));
        }
    }
}
