//! Whether the ledger is whole, and what it lets go of.

use chrono::{DateTime, TimeDelta, Utc};

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
    /// Lets go of the copies of a newsletter's issues but for the `keep` newest, once nothing is left to do of them; how many of them there
    /// were in each state stays. Everybody counts as having had these issues. How many issues were let go.
    pub fn let_go(&self, newsletter: &str, keep: usize, now: DateTime<Utc>) -> Result<usize, LedgerError> {
        const IS_DONE: &str = "NOT let_go AND announced AND NOT EXISTS
            (SELECT 1 FROM delivery WHERE issue = issue.id AND state IN ('planned', 'sending', 'deferred', 'in_doubt'))";
        let sql = format!(
            "SELECT id FROM issue WHERE newsletter = ?1 AND created < ?3
                 AND id NOT IN (SELECT id FROM issue WHERE newsletter = ?1 ORDER BY created DESC, id DESC LIMIT ?2)
                 AND {IS_DONE} ORDER BY created, id"
        );
        let keep = i64::try_from(keep).unwrap_or(i64::MAX);
        // For so long whoever was taken out for the list's sake may come back.
        let old = (now - TimeDelta::days(2)).timestamp();
        let done: Vec<String> = self.db.list(&sql, params![newsletter, keep, old], |row| row.get(0))?;
        for id in &done {
            let change = self.db.change()?;
            // Another machine may have been first, or have something to do again.
            let sql = format!("UPDATE issue SET let_go = TRUE WHERE id = ? AND {IS_DONE}");
            if change.run(&sql, params![id])? > 0 {
                change.run(
                    "INSERT INTO total (issue, state, count)
                         SELECT issue, state, count(*) FROM delivery WHERE issue = ? GROUP BY issue, state",
                    params![id],
                )?;
                change.run("DELETE FROM delivery WHERE issue = ?", params![id])?;
            }
            change.commit()?;
        }
        Ok(done.len())
    }

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
        let sql = "SELECT (SELECT count(*) FROM delivery) + coalesce((SELECT CAST(sum(count) AS BIGINT) FROM total), 0)";
        Ok(Health { issues, deliveries: count(sql)?, faults })
    }
}
