//! What reports make of copies and of subscribers.

use super::deliveries::suppress;
use super::engine::{Db, params};
use super::{Ledger, LedgerError};
use crate::ids::{IssueId, SubscriberId};
use chrono::{DateTime, TimeDelta, Utc};

/// So many issues in a row that came back, and the mailbox counts as dead. One that arrives in between begins the count anew.
const MOST_IN_A_ROW: usize = 5;
/// That a report has been read, and when.
const SEEN: &str =
    "INSERT INTO report (id, seen) VALUES (?, ?) ON CONFLICT (id) DO UPDATE SET seen = excluded.seen";
/// How long a report is remembered.
const REMEMBERED: TimeDelta = TimeDelta::days(180);

/// What is known of a copy that has come back, or of its recipient.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Word {
    /// There is no such mailbox.
    Gone,
    /// This copy did not arrive.
    Lost,
    /// The recipient called it spam.
    Complained,
    /// The recipient wants no more.
    Unsubscribed,
}

/// What followed from a report.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Followed {
    /// It was read before.
    Known,
    /// It was written down.
    Noted,
    /// Nothing is ever sent to the subscriber again, for this reason.
    Suppressed(&'static str),
}

impl Ledger {
    /// The issue whose id ends in these digits, if this subscriber was to have it.
    pub fn issue_ending(
        &self,
        tail: &str,
        subscriber: &SubscriberId,
    ) -> Result<Option<IssueId>, LedgerError> {
        let sql = "SELECT id FROM issue JOIN delivery ON delivery.issue = issue.id AND subscriber = ?2
                       WHERE substr(id, length(id) - length(?1) + 1) = ?1";
        let id = self.db.first(sql, params![tail, subscriber.as_str()], |row| row.get::<String>(0))?;
        Ok(id.map(IssueId::new))
    }

    /// Whether this subscriber was to have this issue.
    pub fn has_delivery(&self, issue: &IssueId, subscriber: &SubscriberId) -> Result<bool, LedgerError> {
        let sql = "SELECT EXISTS (SELECT 1 FROM delivery WHERE issue = ? AND subscriber = ?)";
        self.db.value(sql, params![issue.as_str(), subscriber.as_str()])
    }

    /// Whether a report, known by a hash, has been read.
    pub fn has_report(&self, report: &str) -> Result<bool, LedgerError> {
        self.db.value("SELECT EXISTS (SELECT 1 FROM report WHERE id = ?)", params![report])
    }

    /// Notes that something has been read.
    pub fn note_report(&self, report: &str, now: DateTime<Utc>) -> Result<(), LedgerError> {
        self.db.run(SEEN, params![report, now.timestamp()])?;
        Ok(())
    }

    /// Takes a report, known by a hash of its bytes, about the copy of `issue` (where it is known) to `subscriber`: one transaction.
    pub fn take_report(
        &mut self,
        report: &str,
        (subscriber, issue): (&SubscriberId, Option<&IssueId>),
        (word, code): (Word, Option<&str>),
        now: DateTime<Utc>,
    ) -> Result<Followed, LedgerError> {
        let change = self.db.change()?;
        let is_known = self.has_report(report)?;
        change.run("DELETE FROM report WHERE seen < ?", params![(now - REMEMBERED).timestamp()])?;
        change.run(SEEN, params![report, now.timestamp()])?;
        if is_known {
            change.commit()?;
            return Ok(Followed::Known);
        }
        if let (Some(issue), Word::Gone | Word::Lost) = (issue, word) {
            // What was in doubt has been taken after all, or it could not have come back.
            change.run(
                "UPDATE delivery SET state = 'failed', phase = 'bounce', code = NULL, enhanced = ?, reply = 'it came back', changed = ?
                     WHERE issue = ? AND subscriber = ? AND state IN ('sent', 'in_doubt')",
                params![code, now.timestamp(), issue.as_str(), subscriber.as_str()],
            )?;
        }
        let code = code.unwrap_or("no code");
        let about = issue.map_or_else(String::new, |issue| format!(" ({issue})"));
        let reason = match word {
            Word::Gone => Some(("bounced", format!("{code}{about}"))),
            Word::Lost => in_a_row(&change, subscriber, issue)?.then(|| {
                ("bounced", format!("{MOST_IN_A_ROW} issues in a row came back, the last with {code}"))
            }),
            Word::Complained => Some(("complained", format!("abuse report{about}"))),
            Word::Unsubscribed => Some(("unsubscribed", format!("opt-out report{about}"))),
        };
        let followed = match reason {
            Some((reason, detail)) if suppress(&change, subscriber, reason, &detail, now)? => {
                Followed::Suppressed(reason)
            }
            _ => Followed::Noted,
        };
        change.commit()?;
        Ok(followed)
    }
}

/// Whether the last issues up to this one all came back.
fn in_a_row(change: &Db, subscriber: &SubscriberId, issue: Option<&IssueId>) -> Result<bool, LedgerError> {
    let Some(issue) = issue else { return Ok(false) };
    let most = i64::try_from(MOST_IN_A_ROW).unwrap_or(i64::MAX);
    let came_back: Vec<bool> = change.list(
        "SELECT delivery.state = 'failed' FROM delivery JOIN issue ON issue.id = delivery.issue
             WHERE subscriber = ?1 AND (state = 'sent' OR (state = 'failed' AND phase = 'bounce'))
                   AND issue.created <= (SELECT created FROM issue WHERE id = ?2)
             ORDER BY issue.created DESC, issue.id DESC LIMIT ?3",
        params![subscriber.as_str(), issue.as_str(), most],
        |row| row.get(0),
    )?;
    Ok(came_back.len() == MOST_IN_A_ROW && came_back.iter().all(|came_back| *came_back))
}
