//! What the exports of each tool look like, as read off their own sources and files in late 2026.

use chrono::{DateTime, NaiveDate, NaiveDateTime, NaiveTime, Utc};
use csv::StringRecord;

use crate::subscribers::Status;

/// Whose export it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tool {
    /// Our own list or export.
    Tidings,
    /// listmonk: nothing in it says who has left one of its lists.
    Listmonk,
    /// Mailchimp, one file for each state.
    Mailchimp,
    /// Substack's `email_list`.
    Substack,
    /// Buttondown.
    Buttondown,
    /// Ghost's members.
    Ghost,
    /// Keila's contacts.
    Keila,
    /// beehiiv.
    Beehiiv,
}

impl Tool {
    /// Its name.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Tidings => "tidings",
            Self::Listmonk => "listmonk",
            Self::Mailchimp => "Mailchimp",
            Self::Substack => "Substack",
            Self::Buttondown => "Buttondown",
            Self::Ghost => "Ghost",
            Self::Keila => "Keila",
            Self::Beehiiv => "beehiiv",
        }
    }

    /// What the owner should know before they trust it.
    pub fn caution(self) -> Option<&'static str> {
        match self {
            Self::Listmonk => Some(
                "listmonk's file does not say who has left a list or never confirmed: export one list, with the subscription status Confirmed",
            ),
            Self::Ghost => Some(
                "Ghost's file does not say whose mail came back: import its suppression list with `subscribers suppress`, too",
            ),
            _ => None,
        }
    }
}

/// The columns of an export.
pub(super) struct Shape {
    pub tool: Tool,
    pub email: &'static str,
    pub names: &'static [&'static str],
    pub topics: &'static str,
    headers: Vec<String>,
    /// Mailchimp's people who have bought something and never signed up: only the file's name tells.
    never_signed_up: bool,
}

impl Shape {
    pub(super) fn of(headers: &[String], file: &str) -> Option<Self> {
        let has = |names: &[&str]| names.iter().all(|name| headers.iter().any(|header| header == name));
        let own = ["email", "name", "language", "lang", "topics", "cadence", "status", "since", "reason"];
        let (tool, email, names, topics): (_, _, &[&str], _) =
            if has(&["uuid", "email", "attributes", "status"]) {
                (Tool::Listmonk, "email", &["name"], "")
            } else if has(&["email address", "member_rating", "leid", "euid"]) {
                (Tool::Mailchimp, "email address", &["first name", "last name", "name"], "tags")
            } else if has(&["email", "active_subscription", "email_disabled"]) {
                (Tool::Substack, "email", &[], "")
            } else if has(&["email", "subscriber_type"]) {
                (Tool::Buttondown, "email", &[], "tags")
            } else if has(&["email", "subscribed_to_emails"]) {
                (Tool::Ghost, "email", &["name"], "labels")
            } else if has(&["email", "first name", "data", "status"]) {
                (Tool::Keila, "email", &["first name", "last name"], "")
            } else if has(&["email", "tier", "status", "created_at"]) {
                (Tool::Beehiiv, "email", &["first name", "last name"], "")
            } else if has(&["email"]) && headers.iter().all(|header| own.contains(&header.as_str())) {
                (Tool::Tidings, "email", &["name"], "topics")
            } else {
                return None;
            };
        let never_signed_up =
            tool == Tool::Mailchimp && (file.contains("nonsubscribed") || file.contains("non_subscribed"));
        Some(Self { tool, email, names, topics, headers: headers.to_vec(), never_signed_up })
    }

    pub(super) fn is_own(&self) -> bool {
        self.tool == Tool::Tidings
    }

    /// The first of these columns that says something; empty where none does.
    pub(super) fn cell(&self, record: &StringRecord, names: &[&str]) -> String {
        let column = |name: &&str| self.headers.iter().position(|header| header == name);
        let cells = names.iter().filter_map(column).filter_map(|index| record.get(index)).map(plain);
        cells.filter(|cell| !cell.is_empty()).map(str::to_owned).next().unwrap_or_default()
    }

    fn has(&self, name: &str) -> bool {
        self.headers.iter().any(|header| header == name)
    }

    /// What says whether somebody may be written to, as it is written.
    fn written(&self, record: &StringRecord) -> String {
        let column = match self.tool {
            Tool::Substack => "email_disabled",
            Tool::Buttondown => "subscriber_type",
            Tool::Ghost => "subscribed_to_emails",
            _ => "status",
        };
        self.cell(record, &[column]).to_lowercase()
    }

    /// Whether somebody may be written to; `None` where what is written is not known.
    pub(super) fn status(&self, record: &StringRecord) -> Option<Status> {
        let written = self.written(record);
        let status = match (self.tool, written.as_str()) {
            (Tool::Mailchimp, _) if self.never_signed_up => Status::Pending,
            (Tool::Mailchimp, _) if self.has("clean_time") => Status::Bounced,
            (Tool::Mailchimp, _) if self.has("unsub_time") => {
                let is_spam = self.cell(record, &["unsub_reason"]).eq_ignore_ascii_case("spam");
                if is_spam { Status::Complained } else { Status::Unsubscribed }
            }
            (Tool::Beehiiv, _) if !self.cell(record, &["unsubscribed_at"]).is_empty() => Status::Unsubscribed,
            (Tool::Mailchimp, _)
            | (Tool::Listmonk, "enabled")
            | (Tool::Substack, "false")
            | (Tool::Ghost, "true")
            | (Tool::Tidings, "")
            | (Tool::Keila | Tool::Beehiiv, "active")
            | (
                Tool::Buttondown,
                "regular" | "premium" | "trialed" | "gifted" | "churning" | "past_due" | "paused",
            ) => Status::Active,
            (Tool::Listmonk, "disabled") | (Tool::Buttondown, "unpaid" | "churned") => Status::Paused,
            (Tool::Listmonk, "blocklisted" | "blacklisted")
            | (Tool::Substack, "true")
            | (Tool::Ghost, "false")
            | (Tool::Buttondown | Tool::Keila, "unsubscribed")
            | (Tool::Beehiiv, "inactive") => Status::Unsubscribed,
            (Tool::Keila, "unreachable")
            | (Tool::Buttondown, "undeliverable" | "spammy" | "malformed" | "disabled") => Status::Bounced,
            (Tool::Buttondown, "complained") => Status::Complained,
            (Tool::Buttondown, "unactivated" | "blocked" | "disposable")
            | (Tool::Beehiiv, "pending" | "validating") => Status::Pending,
            (Tool::Tidings, name) => return Status::ALL.into_iter().find(|status| status.as_str() == name),
            _ => return None,
        };
        Some(status)
    }

    /// The status as it is written, where it is not known.
    pub(super) fn odd_status(&self, record: &StringRecord) -> Option<String> {
        self.status(record).is_none().then(|| self.written(record))
    }

    /// Since when somebody has been there.
    pub(super) fn since(&self, record: &StringRecord) -> Option<DateTime<Utc>> {
        let columns: &[&str] = match self.tool {
            Tool::Mailchimp => &["confirm_time", "optin_time"],
            Tool::Buttondown => &["subscription_date", "creation_date"],
            Tool::Tidings => &["since"],
            _ => &["created_at"],
        };
        columns.iter().find_map(|column| moment(&self.cell(record, &[column])))
    }
}

/// A cell without what keeps a spreadsheet from taking it for a formula.
fn plain(cell: &str) -> &str {
    let cell = cell.trim();
    let bare = cell.strip_prefix('\'').filter(|rest| rest.starts_with(['=', '+', '-', '@']));
    bare.unwrap_or(cell)
}

/// A cell that a spreadsheet does not take for a formula.
pub fn guarded(cell: &str) -> String {
    if cell.starts_with(['=', '+', '-', '@', '\t', '\r']) { format!("'{cell}") } else { cell.to_owned() }
}

/// A moment in one of the forms that there are; without a zone it is UTC. Whole seconds.
fn moment(written: &str) -> Option<DateTime<Utc>> {
    let is_digit = |c: char| c.is_ascii_digit();
    let date = NaiveDate::parse_from_str(written.get(..10)?, "%Y-%m-%d").ok()?;
    let rest = written[10..].trim_start_matches(['T', ' ']);
    let time = rest.get(..8).and_then(|time| NaiveTime::parse_from_str(time, "%H:%M:%S").ok());
    let behind = rest.get(8..).unwrap_or_default();
    let behind =
        behind.strip_prefix('.').map_or(behind, |fraction| fraction.trim_start_matches(is_digit)).trim();
    let sign = match behind.chars().next() {
        Some('+') => 1,
        Some('-') => -1,
        _ => 0,
    };
    let digits: String =
        behind.chars().skip(1).filter(|c| *c != ':').take_while(char::is_ascii_digit).take(4).collect();
    let offset = match (sign, digits.len()) {
        (0, _) => 0,
        (sign, 4) => sign * (digits[..2].parse::<i64>().ok()? * 60 + digits[2..].parse::<i64>().ok()?),
        (sign, 2) => sign * digits.parse::<i64>().ok()? * 60,
        _ => return None,
    };
    let local = NaiveDateTime::new(date, time.unwrap_or_default());
    let moment = local.and_utc() - chrono::TimeDelta::minutes(offset);
    // Go writes the year 1 where there is no time.
    (moment.timestamp() > 0).then_some(moment)
}

/// A cell's tags.
pub(super) fn topics(cell: &str, tool: Tool) -> Vec<String> {
    let parts: Vec<String> = match tool {
        Tool::Mailchimp => quoted(cell),
        Tool::Ghost => cell.split(',').map(str::to_owned).collect(),
        _ => cell.split([';', '|']).map(str::to_owned).collect(),
    };
    parts.into_iter().map(|part| part.trim().to_owned()).filter(|part| !part.is_empty()).collect()
}

/// Names in double quotes, separated by commas; one without a comma may stand without.
fn quoted(cell: &str) -> Vec<String> {
    let mut parts = vec![String::new()];
    let mut is_inside = false;
    for c in cell.chars() {
        match c {
            '"' => is_inside = !is_inside,
            ',' if !is_inside => parts.push(String::new()),
            _ => {
                if let Some(part) = parts.last_mut() {
                    part.push(c);
                }
            }
        }
    }
    parts
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moments_are_read_in_every_form_there_is() {
        let read =
            |written| moment(written).map(|moment| moment.to_rfc3339_opts(chrono::SecondsFormat::Secs, true));
        let is = |written, expected: &str| assert_eq!(read(written).as_deref(), Some(expected), "{written}");
        is("2023-05-02 21:00:05.1 +0900 KST", "2023-05-02T12:00:05Z");
        is("2023-04-11 08:15:27.531904 +0000 UTC", "2023-04-11T08:15:27Z");
        is("2021-08-27T15:06:27.713Z", "2021-08-27T15:06:27Z");
        is("2024-03-13 00:03:09+00:00", "2024-03-13T00:03:09Z");
        is("2022-03-01 04:05:06", "2022-03-01T04:05:06Z");
        is("2022-03-01", "2022-03-01T00:00:00Z");
        for none in ["", "0001-01-01 00:00:00 +0000 UTC", "yesterday", "2022-13-01"] {
            assert_eq!(read(none), None, "{none}");
        }
    }
}
