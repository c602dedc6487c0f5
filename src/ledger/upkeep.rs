//! Whether the ledger is whole.

use super::engine::params;
use super::{Ledger, LedgerError};

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
    /// Whether it is whole, and whether what it promises holds.
    pub fn health(&self) -> Result<Health, LedgerError> {
        let count = |sql: &str| self.db.value::<u64>(sql, params![]);
        let mut faults = self.db.faults()?;
        for id in
            self.db.list("SELECT id FROM issue ORDER BY created", params![], |row| row.get::<String>(0))?
        {
            if let Err(error) = self.issue(&crate::ids::IssueId::new(id.clone())) {
                faults.push(format!("the issue `{id}` cannot be read: {error}"));
            }
        }
        let twice = count(
            "SELECT count(*) FROM (
                 SELECT 1 FROM issue_post JOIN issue ON issue.id = issue_post.issue
                                          JOIN delivery ON delivery.issue = issue.id AND state = 'sent'
                     WHERE post IN (SELECT post FROM issue_post GROUP BY post HAVING count(*) > 1)
                     GROUP BY newsletter, post, updated, subscriber HAVING count(*) > 1) AS twice",
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
}
