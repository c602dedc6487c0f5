//! PostgreSQL, or what speaks its protocol, for several machines at once.
//!
//! A connection of its own, driven by a runtime of its own that runs only while it is asked something: `tokio-postgres` itself, not its
//! blocking form, as that would ask for each of many rows in a journey of its own. Not for threads of an asynchronous runtime, except those
//! that may block.

mod connect;
mod copy;
mod value;

use std::cell::{Cell, RefCell};
use std::collections::HashMap;
use std::fmt;
use std::future::Future;
use std::pin::pin;
use std::time::{Duration, Instant};

use futures_util::StreamExt as _;
use futures_util::future::try_join_all;
use tokio::runtime::Runtime;
use tokio_postgres::types::{ToSql, Type};
use tokio_postgres::{Client, Statement};

use super::{Engine, Give, LedgerError, Row, Span, Take, Value};
use crate::config::Postgres as Place;

pub(in crate::ledger) use connect::{Access, Standing};

/// So many rows are read ahead.
const ROWS: usize = 512;
/// After that it is listened whether the other side has hung up, and for so long.
const LATELY: Duration = Duration::from_secs(1);
const LISTENING: Duration = Duration::from_millis(1);
/// So many statements are under way at once.
const UNDER_WAY: usize = 1000;
/// What transactions of the whole ledger wait for in turn: an advisory lock, of the database's own schema.
const WHOLE: &str = "SELECT pg_advisory_xact_lock(1952736356, hashtext(current_schema()))";

/// A connection.
pub(in crate::ledger) struct Postgres {
    runtime: Option<Runtime>,
    door: connect::Door,
    client: RefCell<Option<Client>>,
    statements: RefCell<HashMap<String, Statement>>,
    is_in_transaction: Cell<bool>,
    /// When it was asked something last.
    asked: Cell<Instant>,
}

impl fmt::Debug for Postgres {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Postgres")
    }
}

impl Postgres {
    /// Connects to the database at `place`.
    pub(in crate::ledger) fn connect(place: &Place, access: Access) -> Result<Self, LedgerError> {
        let door = connect::Door::new(place, access)?;
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
        let one = Self {
            runtime: Some(runtime.map_err(|error| LedgerError::Away(error.to_string()))?),
            door,
            client: RefCell::new(None),
            statements: RefCell::default(),
            is_in_transaction: Cell::new(false),
            asked: Cell::new(Instant::now()),
        };
        one.reconnect()?;
        Ok(one)
    }

    /// What schema there is.
    pub(in crate::ledger) fn standing(&self) -> Result<Standing, LedgerError> {
        let client = self.client.borrow();
        let client = client.as_ref().ok_or_else(cut_off)?;
        self.wait(connect::standing(client))?
    }

    fn wait<T>(&self, work: impl Future<Output = T>) -> Result<T, LedgerError> {
        let runtime = self.runtime.as_ref().ok_or_else(cut_off)?;
        Ok(runtime.block_on(work))
    }

    /// Asks something of the connection.
    fn ask<T>(
        &self,
        work: impl AsyncFnOnce(&Client) -> Result<T, tokio_postgres::Error>,
    ) -> Result<T, LedgerError> {
        let client = self.client.borrow();
        let client = client.as_ref().ok_or_else(cut_off)?;
        self.asked.set(Instant::now());
        Ok(self.wait(work(client))??)
    }

    /// A statement, prepared once. Its parameters have the types of the first that are given; those of an empty one are the database's
    /// choice.
    fn statement(&self, sql: &str, params: &[Value<'_>]) -> Result<Statement, LedgerError> {
        if let Some(known) = self.statements.borrow().get(sql) {
            return Ok(known.clone());
        }
        let types: Vec<Type> = params.iter().map(Value::kind).collect();
        let numbered = numbered(sql);
        let statement = self.ask(async |client| client.prepare_typed(&numbered, &types).await)?;
        self.statements.borrow_mut().insert(sql.to_owned(), statement.clone());
        Ok(statement)
    }
}

fn cut_off() -> LedgerError {
    LedgerError::Away("the connection has ended".to_owned())
}

/// `?1` as `$1`, and each bare `?` as the next number.
fn numbered(sql: &str) -> String {
    let mut out = String::with_capacity(sql.len() + 8);
    let mut last = 0;
    let mut rest = sql;
    while let Some(at) = rest.find('?') {
        out.push_str(&rest[..at]);
        out.push('$');
        rest = &rest[at + 1..];
        if !rest.starts_with(|c: char| c.is_ascii_digit()) {
            last += 1;
            out.push_str(&last.to_string());
        }
    }
    out + rest
}

fn given<'a>(params: &'a [Value<'_>]) -> impl ExactSizeIterator<Item = &'a (dyn ToSql + Sync)> {
    params.iter().map(|value| value as &(dyn ToSql + Sync))
}

impl Engine for Postgres {
    fn execute(&self, sql: &str, params: &[Value<'_>]) -> Result<usize, LedgerError> {
        let statement = self.statement(sql, params)?;
        let rows = self.ask(async |client| client.execute_raw(&statement, given(params)).await)?;
        Ok(usize::try_from(rows).unwrap_or(usize::MAX))
    }

    fn execute_each(&self, sql: &str, rows: &[Vec<Value<'_>>]) -> Result<Vec<usize>, LedgerError> {
        let Some(first) = rows.first() else { return Ok(Vec::new()) };
        let statement = self.statement(sql, first)?;
        let mut changed = Vec::with_capacity(rows.len());
        for rows in rows.chunks(UNDER_WAY) {
            // In one journey: they leave one after the other before the first answer is there.
            let counts = self.ask(async |client| {
                try_join_all(rows.iter().map(|row| client.execute_raw(&statement, given(row)))).await
            })?;
            changed.extend(counts.into_iter().map(|count| usize::try_from(count).unwrap_or(usize::MAX)));
        }
        Ok(changed)
    }

    fn query(&self, sql: &str, params: &[Value<'_>], take: Take<'_>) -> Result<(), LedgerError> {
        let statement = self.statement(sql, params)?;
        let mut rows = pin!(self.ask(async |client| client.query_raw(&statement, given(params)).await)?);
        loop {
            // Not while the connection is driven: whoever takes a row may take their time.
            let some: Vec<_> = self.wait(rows.as_mut().take(ROWS).collect())?;
            let is_last = some.len() < ROWS;
            for row in some {
                if take(&Row(&row?))?.is_break() {
                    return Ok(());
                }
            }
            if is_last {
                return Ok(());
            }
        }
    }

    fn batch(&self, sql: &str) -> Result<(), LedgerError> {
        self.ask(async |client| client.batch_execute(sql).await)
    }

    fn fill(&self, table: &str, columns: &[&str], give: Give<'_>) -> Result<(), LedgerError> {
        copy::fill(self, table, columns, give)
    }

    fn analyze(&self, table: &str) -> Result<(), LedgerError> {
        self.batch(&format!("ANALYZE {table}"))
    }

    fn numbers_go_on(&self, table: &str) -> Result<(), LedgerError> {
        let last = format!("SELECT max(id) FROM {table}");
        self.batch(&format!(
            "SELECT setval(pg_get_serial_sequence('{table}', 'id'), ({last})) WHERE ({last}) > 0"
        ))
    }

    fn faults(&self) -> Result<Vec<String>, LedgerError> {
        Ok(Vec::new())
    }

    fn begin(&self, span: Span) -> Result<(), LedgerError> {
        let begun = self.batch(&match span {
            Span::Whole => format!("BEGIN; {WHOLE}"),
            // What nobody else sees may be written by whoever only reads.
            Span::Rows | Span::Own => "BEGIN READ WRITE".to_owned(),
            Span::Sight => "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY".to_owned(),
        });
        if begun.is_err() {
            // It may have begun, and only waited in vain for the others.
            drop(self.batch("ROLLBACK"));
        }
        begun?;
        self.is_in_transaction.set(true);
        Ok(())
    }

    fn end(&self, commit: bool) -> Result<(), LedgerError> {
        self.is_in_transaction.set(false);
        self.batch(if commit { "COMMIT" } else { "ROLLBACK" })
    }

    fn is_cut_off(&self) -> bool {
        // While nothing is asked, nobody hears that the other side has hung up.
        if self.asked.get().elapsed() > LATELY {
            drop(self.wait(tokio::time::sleep(LISTENING)));
        }
        self.client.borrow().as_ref().is_none_or(Client::is_closed)
    }

    fn reconnect(&self) -> Result<bool, LedgerError> {
        if !self.is_cut_off() {
            return Ok(false);
        }
        self.statements.borrow_mut().clear();
        self.is_in_transaction.set(false);
        *self.client.borrow_mut() = None;
        let client = self.wait(self.door.open())??;
        *self.client.borrow_mut() = Some(client);
        Ok(true)
    }
}

impl Drop for Postgres {
    fn drop(&mut self) {
        drop(self.client.take());
        if let Some(runtime) = self.runtime.take() {
            // Perhaps on a thread that may not wait.
            runtime.shutdown_background();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parameters_are_numbered_as_they_come_or_as_they_are_written() {
        assert_eq!(numbered("a = ? AND b = ?"), "a = $1 AND b = $2");
        assert_eq!(numbered("a = ?2 OR b = ?11 OR c = ?2"), "a = $2 OR b = $11 OR c = $2");
    }
}
