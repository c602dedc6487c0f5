//! What an operator does with the ledger as a whole: a copy while others are at work on it, and whether it is whole.

use std::path::Path;
use std::time::Duration;

use rusqlite::Connection;
use rusqlite::backup::Backup;

use super::{Ledger, LedgerError};

/// Pages of a copy that are made in one go; others may write between two.
const PAGES: i32 = 1024;

/// What a look at the whole ledger has found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Health {
    /// Its issues.
    pub issues: u64,
    /// The copies of them.
    pub deliveries: u64,
    /// What is wrong, in words.
    pub faults: Vec<String>,
}

impl Ledger {
    /// Copies it whole, as it stands at one moment, with what only its journal holds. Who is at work on it goes on.
    ///
    /// # Errors
    /// It cannot be read, or the other file not be written.
    pub fn copy_to(&self, path: &Path) -> Result<(), LedgerError> {
        let mut copy = Connection::open(path)?;
        Backup::new(&self.db, &mut copy)?.run_to_completion(PAGES, Duration::from_millis(1), None)?;
        // One file, which can be carried away.
        copy.pragma_update(None, "journal_mode", "DELETE")?;
        Ok(())
    }

    /// Whether it is whole, and whether what it promises holds.
    pub fn health(&self) -> Result<Health, LedgerError> {
        let count = |sql: &str| -> Result<u64, LedgerError> {
            Ok(self.db.query_row(sql, [], |row| row.get::<_, u32>(0))?.into())
        };
        let mut faults = self.texts("PRAGMA integrity_check(20)")?;
        faults.retain(|line| line != "ok");
        let orphans = count("SELECT count(*) FROM pragma_foreign_key_check")?;
        if orphans > 0 {
            faults.push(format!("{orphans} rows belong to issues that are not there"));
        }
        for id in self.texts("SELECT id FROM issue ORDER BY created")? {
            if let Err(error) = self.issue(&crate::ids::IssueId::new(id.clone())) {
                faults.push(format!("the issue `{id}` cannot be read: {error}"));
            }
        }
        let twice = count(
            "SELECT count(*) FROM (
                 SELECT 1 FROM issue_post JOIN issue ON issue.id = issue_post.issue
                                          JOIN delivery ON delivery.issue = issue.id AND state = 'sent'
                     WHERE post IN (SELECT post FROM issue_post GROUP BY post HAVING count(*) > 1)
                     GROUP BY newsletter, post, updated, subscriber HAVING count(*) > 1)",
        )?;
        if twice > 0 {
            faults.push(format!(
                "somebody was sent a post twice: {twice} {}",
                if twice == 1 { "case" } else { "cases" }
            ));
        }
        let issues = count("SELECT count(*) FROM issue")?;
        Ok(Health { issues, deliveries: count("SELECT count(*) FROM delivery")?, faults })
    }

    fn texts(&self, sql: &str) -> Result<Vec<String>, LedgerError> {
        let mut query = self.db.prepare(sql)?;
        let rows = query.query_map([], |row| row.get(0))?;
        Ok(rows.collect::<Result<_, _>>()?)
    }
}
