//! A ledger's rows in another one, whatever engine each of them is on: for a backup, and for moving from one machine to many and back.

use super::engine::{Span, Value, params};
use super::{Ledger, LedgerError};

/// The tables and their columns, those first that others refer to. Webhooks come last but for what they have yet to hear: what is written
/// before is no news to them. Who is at work is not taken along.
const TABLES: [(&str, &[&str]); 22] = [
    ("entry", &["source", "id", "fingerprint", "present", "body", "title", "published", "url", "pinned"]),
    (
        "issue",
        &[
            "id", "newsletter", "subject", "created", "frozen", "held", "trusted", "cancelled", "old_since",
            "announced", "list", "let_go", "made_as", "language", "on_the_web", "is_private",
        ],
    ),
    ("issue_post", &["issue", "post", "source", "updated"]),
    ("total", &["issue", "state", "count"]),
    ("met", &["newsletter", "cadence", "tick"]),
    ("reader", &["newsletter", "subscriber", "since", "gone"]),
    ("settling", &["source", "fingerprint", "since"]),
    (
        "delivery",
        &[
            "issue", "subscriber", "email", "name", "state", "attempts", "next_at", "relay", "phase", "code",
            "enhanced", "reply", "changed", "place",
        ],
    ),
    ("suppression", &["subscriber", "reason", "since", "detail"]),
    ("note", &["key", "value"]),
    ("document", &["folder", "path", "made_of", "length", "modified"]),
    ("ping", &["topic", "hub", "attempts", "next_at"]),
    ("absence", &["relay", "machine", "failures", "until", "why"]),
    ("pace", &["name", "span", "at", "count", "turn"]),
    ("pace_turn", &["last"]),
    ("allowance", &["name", "at"]),
    ("report", &["id", "seen"]),
    (
        "member",
        &[
            "newsletter", "subscriber", "listed", "email", "name", "language", "topics", "cadence", "status",
            "since", "until", "was", "reason",
        ],
    ),
    ("consent", &["newsletter", "subscriber", "at", "how", "network", "wording"]),
    ("member_change", &["newsletter", "count"]),
    ("erased", &["hash", "since"]),
    ("letter", &["id", "kind", "envelope", "text", "until", "next_at", "attempts", "recipient"]),
];

/// Those that are written when all else stands.
const LAST: [(&str, &[&str]); 2] = [
    ("webhook", &["url", "kinds", "failures", "until"]),
    ("happening", &["id", "name", "url", "kind", "subscriber", "at", "data", "taken"]),
];

/// What a migration leaves in an empty ledger, or a trigger while another table is filled.
const MADE_BY_ITSELF: [&str; 2] = ["pace_turn", "member_change"];

impl Ledger {
    /// Whether nothing has been written into it.
    pub fn is_empty(&self) -> Result<bool, LedgerError> {
        for (table, _) in TABLES.iter().chain(&LAST).filter(|(table, _)| !MADE_BY_ITSELF.contains(table)) {
            if self.db.value(&format!("SELECT EXISTS (SELECT 1 FROM {table})"), params![])? {
                return Ok(false);
            }
        }
        Ok(true)
    }

    /// Puts all that this ledger has, as it stands at one moment, into one that is empty: one transaction there. Who is at work on this one
    /// goes on. How many rows they were.
    pub fn copy_into(&self, other: &Self) -> Result<u64, LedgerError> {
        let _sight = self.db.begin(Span::Sight)?;
        let change = other.db.begin(Span::Whole)?;
        let mut count = 0;
        for (table, columns) in TABLES.iter().chain(&LAST) {
            if MADE_BY_ITSELF.contains(table) {
                change.run(&format!("DELETE FROM {table}"), params![])?;
            }
            let sql = format!("SELECT {} FROM {table}", columns.join(", "));
            change.fill(table, columns, &mut |put| {
                self.db.each(&sql, params![], |row| {
                    count += 1;
                    let values: Vec<Value<'_>> = (0..columns.len()).map(|index| row.value(index)).collect();
                    put(&values)
                })
            })?;
        }
        change.numbers_go_on("letter")?;
        change.numbers_go_on("happening")?;
        change.commit()?;
        Ok(count)
    }
}
