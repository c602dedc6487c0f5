//! Reads a list from YAML or CSV. An address that is wrong is reported and left out, the others stay; a key or column that is
//! not known refuses the whole list, as it may say who must not be written to.

use std::collections::HashMap;
use std::path::Path;

use serde::Deserialize;

use super::{Status, Subscriber, subscriber_id};
use crate::address::{Address, Mailbox};
use crate::config::Cadence;
use crate::content::clean;
use crate::diagnostic::{Diagnostic, Place};
use crate::ids::SubscriberId;
use crate::{fsx, yaml};

/// One person as written.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Row {
    email: String,
    #[serde(default)]
    name: Option<String>,
    #[serde(default, alias = "lang")]
    language: Option<String>,
    #[serde(default)]
    topics: Vec<String>,
    #[serde(default)]
    cadence: Cadence,
    #[serde(default)]
    status: Status,
}

/// A list is a sequence, or a mapping with the key `subscribers`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Wrapped {
    subscribers: Vec<Row>,
}

/// Reads the list at `path`, which messages call `shown`. An absent or unreadable file is an error among the findings.
pub fn load(path: &Path, shown: &Path) -> (Vec<Subscriber>, Vec<Diagnostic>) {
    let text = match fsx::read_text(path) {
        Ok(text) => text.strip_prefix('\u{feff}').unwrap_or(&text).to_owned(),
        Err(error) => {
            let (message, help) = if error.is_absent() {
                let help = "write one, such as `- { email: reader@example.com, name: Reader }`, or name yours with `subscribers:`";
                ("there is no such subscriber list".to_owned(), help)
            } else {
                (error.source.to_string(), "save the file as UTF-8 (in Excel: CSV UTF-8)")
            };
            return (Vec::new(), vec![Diagnostic::error("subscribers", shown, message).help(help)]);
        }
    };
    let mut found = Vec::new();
    let is_csv = path.extension().is_some_and(|extension| extension.eq_ignore_ascii_case("csv"));
    let rows = if is_csv { csv_rows(&text, shown, &mut found) } else { yaml_rows(&text, shown, &mut found) };
    let mut seen: HashMap<SubscriberId, usize> = HashMap::new();
    let mut list: Vec<Subscriber> = Vec::with_capacity(rows.len());
    for (row, line) in rows {
        if let Some(subscriber) = subscriber(row, line, &text, shown, &mut found) {
            let Some(earlier) = seen.get(&subscriber.id).map(|index| &mut list[*index]) else {
                seen.insert(subscriber.id.clone(), list.len());
                list.push(subscriber);
                continue;
            };
            let address = subscriber.mailbox.address.to_string();
            let message =
                "this address stands in the list twice; what keeps mail away counts, else the first entry";
            if subscriber.status != Status::Active {
                earlier.status = subscriber.status;
            }
            let place =
                line.map(|line| Place::in_text(&text, line, 1, 1)).or_else(|| last_place(&text, &address));
            found.push(
                Diagnostic::warning("subscriber-twice", shown, message)
                    .at(place)
                    .help("delete one of the two"),
            );
        }
    }
    (list, found)
}

fn yaml_rows(text: &str, shown: &Path, found: &mut Vec<Diagnostic>) -> Vec<(Row, Option<usize>)> {
    if text.lines().all(|line| line.trim().is_empty() || line.trim_start().starts_with('#')) {
        return Vec::new();
    }
    let wrapped = text.lines().any(|line| line.starts_with("subscribers:"));
    let rows = if wrapped {
        yaml::parse(text).map(|list: Wrapped| list.subscribers)
    } else {
        yaml::parse::<Vec<Row>>(text)
    };
    rows.map_or_else(
        |error| {
            let place = error.at.map(|(line, column)| Place::in_text(text, line, column, 1));
            found.push(Diagnostic::error("subscribers", shown, error.message).at(place).help(error.help));
            Vec::new()
        },
        |rows| rows.into_iter().map(|row| (row, None)).collect(),
    )
}

/// The columns of a CSV list, and other names for them.
const KNOWN: [&str; 10] = [
    "email",
    "e-mail",
    "email address",
    "address",
    "name",
    "language",
    "lang",
    "topics",
    "cadence",
    "status",
];

fn csv_rows(text: &str, shown: &Path, found: &mut Vec<Diagnostic>) -> Vec<(Row, Option<usize>)> {
    let mut reader =
        csv::ReaderBuilder::new().flexible(true).trim(csv::Trim::All).from_reader(text.as_bytes());
    let headers: Vec<String> = reader.headers().into_iter().flatten().map(str::to_lowercase).collect();
    let column = |names: &[&str]| headers.iter().position(|header| names.contains(&header.as_str()));
    let Some(email) = column(&["email", "e-mail", "email address", "address"]) else {
        let help = "begin the file with a line such as `email,name,language,topics,cadence,status`";
        let error = Diagnostic::error("subscribers", shown, "the first line names no column `email`");
        found.push(error.at(Place::in_text(text, 1, 1, 1)).help(help));
        return Vec::new();
    };
    if let Some(unknown) =
        headers.iter().find(|header| !header.is_empty() && !KNOWN.contains(&header.as_str()))
    {
        let help = "delete the column or give it one of the names email, name, language, topics, cadence, status; it may say who has left";
        let message = format!("the column `{unknown}` is not known here; nobody on this list is written to");
        let place = Place::of(&text.lines().next().unwrap_or("").to_lowercase(), unknown);
        found.push(Diagnostic::error("subscribers", shown, message).at(place).help(help));
        return Vec::new();
    }
    let (name, language) = (column(&["name"]), column(&["language", "lang"]));
    let (topics, status, cadence) = (column(&["topics"]), column(&["status"]), column(&["cadence"]));
    let mut rows = Vec::new();
    for record in reader.records() {
        let record = match record {
            Ok(record) => record,
            Err(error) => {
                let line = error.position().map(|position| usize::try_from(position.line()).unwrap_or(1));
                let place = line.map(|line| Place::in_text(text, line, 1, 1));
                let help =
                    "put values with commas or quotes in double quotes, each quote inside written twice";
                found.push(Diagnostic::error("subscribers", shown, error.to_string()).at(place).help(help));
                continue;
            }
        };
        // The reader counts a line that ends in CRLF twice, and begins a record with the blank lines before it.
        let line = record.position().map(|position| {
            let at = usize::try_from(position.byte()).unwrap_or(0).min(text.len());
            let at = text.len() - text[at..].trim_start_matches(['\r', '\n']).len();
            text[..at].matches('\n').count() + 1
        });
        let cell = |index: Option<usize>| {
            index.and_then(|i| record.get(i)).filter(|cell| !cell.is_empty()).map(str::to_owned)
        };
        let written = cell(status).unwrap_or_else(|| "active".into()).to_lowercase();
        let Ok(status) = yaml::parse::<Status>(&written) else {
            let message = format!("`{written}` is not a status");
            let help = "use active, pending, paused, unsubscribed, bounced or complained; until then nothing is sent here";
            let place = line.map(|line| Place::in_text(text, line, 1, 1));
            found.push(Diagnostic::error("subscriber-status", shown, message).at(place).help(help));
            continue;
        };
        let written = cell(cadence).unwrap_or_else(|| "scheduled".into()).to_lowercase();
        let cadence = yaml::parse::<Cadence>(&written).unwrap_or_else(|_| {
            let message = format!(
                "`{written}` is not a cadence; this subscriber hears as the newsletter's schedule has it"
            );
            let help = "use each, daily, weekly or monthly, or leave it empty";
            let place = line.map(|line| Place::in_text(text, line, 1, 1));
            found.push(Diagnostic::warning("subscriber-cadence", shown, message).at(place).help(help));
            Cadence::Scheduled
        });
        let topics =
            cell(topics).map(|cell| cell.split([';', '|']).map(|topic| topic.trim().to_owned()).collect());
        let row = Row {
            email: cell(Some(email)).unwrap_or_default(),
            name: cell(name),
            language: cell(language),
            topics: topics.unwrap_or_default(),
            cadence,
            status,
        };
        rows.push((row, line));
    }
    rows
}

fn subscriber(
    row: Row,
    line: Option<usize>,
    text: &str,
    shown: &Path,
    found: &mut Vec<Diagnostic>,
) -> Option<Subscriber> {
    let place = |needle: &str| {
        line.map(|line| Place::in_text(text, line, 1, 1))
            .or_else(|| Place::of(text, needle.lines().next().unwrap_or(needle)))
    };
    let address = match Address::parse(&row.email) {
        Ok(address) => address,
        Err(why) => {
            let message = format!("`{}` is not an address: {why}", row.email.escape_debug());
            let help = "correct it, or delete the entry; until then nothing is sent there";
            found.push(
                Diagnostic::error("subscriber-address", shown, message).at(place(&row.email)).help(help),
            );
            return None;
        }
    };
    let written = row.name.unwrap_or_default();
    let name = clean::one_line(&written);
    if written.contains(|c: char| matches!(c, '\r' | '\n') || clean::is_refused(c)) {
        let message = format!(
            "the name `{}` holds a line break or control character; it is read as `{name}`",
            written.escape_debug()
        );
        let help = "write the name on one line";
        found.push(Diagnostic::warning("subscriber-name", shown, message).at(place(&row.email)).help(help));
    }
    Some(Subscriber {
        id: subscriber_id(&address.key()),
        mailbox: Mailbox { name, address },
        language: row.language,
        topics: row.topics,
        cadence: row.cadence,
        status: row.status,
    })
}

fn last_place(text: &str, needle: &str) -> Option<Place> {
    let at = text.rfind(needle)?;
    let line = text[..at].matches('\n').count() + 1;
    let column = text[..at].rsplit('\n').next().unwrap_or("").chars().count() + 1;
    Some(Place::in_text(text, line, column, needle.chars().count()))
}
