//! Reads what other newsletter tools export: whose it is is told by the columns. A status that is not known never makes anybody active.

mod tools;

use std::path::Path;

use chrono::{DateTime, Utc};
use csv::StringRecord;

use super::{Status, Subscriber};
use crate::address::{Address, Mailbox};
use crate::config::Cadence;
use crate::content::clean;
use crate::diagnostic::{Diagnostic, Place};
use crate::fsx;

use tools::{Shape, topics};
pub use tools::{Tool, guarded};

/// Somebody as an export has them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Imported {
    /// The person; topics are their tags there.
    pub person: Subscriber,
    /// Since when they have been on the list there.
    pub since: Option<DateTime<Utc>>,
}

/// What came of reading an export.
#[derive(Debug)]
pub struct Report {
    /// Whose it is.
    pub tool: Tool,
    /// What is wrong with it.
    pub found: Vec<Diagnostic>,
}

/// Reads the export at `path`, which messages call `shown`, person by person.
///
/// # Errors
/// The file cannot be read, or nothing is known that has such columns.
pub fn read<E>(
    path: &Path,
    shown: &Path,
    mut take: impl FnMut(Imported) -> Result<(), E>,
) -> Result<Result<Report, Box<Diagnostic>>, E> {
    let refuse = |message: String, help: &str| {
        Ok(Err(Box::new(Diagnostic::error("import", shown, message).help(help))))
    };
    let file = match fsx::open_file(path) {
        Ok(file) => file,
        Err(error) => {
            return refuse(error.source.to_string(), "name a CSV file that another tool has exported");
        }
    };
    let mut reader = csv::ReaderBuilder::new().flexible(true).from_reader(file);
    let headers: Vec<String> = match reader.headers() {
        Ok(headers) => headers.iter().map(column_name).collect(),
        Err(error) => return refuse(error.to_string(), "save the file as UTF-8"),
    };
    let name = path.file_name().unwrap_or_default().to_string_lossy().to_lowercase();
    let Some(shape) = Shape::of(&headers, &name) else {
        let message = format!("no tool known here exports these columns: {}", headers.join(", "));
        let help = "export from listmonk, Mailchimp, Substack, Buttondown, Ghost, Keila or beehiiv as it is, or name the columns email, name, language, topics, cadence, status";
        return refuse(message, help);
    };
    let mut found = Vec::new();
    let mut record = StringRecord::new();
    loop {
        match reader.read_record(&mut record) {
            Ok(true) => {}
            Ok(false) => return Ok(Ok(Report { tool: shape.tool, found })),
            Err(error) if error.is_io_error() => return refuse(error.to_string(), "save the file as UTF-8"),
            Err(error) => {
                let line = error.position().map_or(0, csv::Position::line);
                let help =
                    "put values with commas or quotes in double quotes, each quote inside written twice";
                let message = format!("line {line} cannot be read: {error}");
                found.push(Diagnostic::error("import", shown, message).help(help));
                continue;
            }
        }
        let line = record.position().map_or(0, csv::Position::line);
        let text = record.iter().collect::<Vec<_>>().join(",");
        let at = || Place { line: usize::try_from(line).unwrap_or(0), ..Place::in_text(&text, 1, 1, 1) };
        match imported(&shape, &record) {
            Ok(imported) => {
                if shape.odd_status(&record).is_some() {
                    let message = format!(
                        "`{}` is not a status that is known of {}: this one is not written to",
                        shape.odd_status(&record).unwrap_or_default(),
                        shape.tool.as_str()
                    );
                    let help = "`tidings subscribers add` puts them on the list, if they are to be";
                    found.push(Diagnostic::warning("import-status", shown, message).at(at()).help(help));
                }
                take(imported)?;
            }
            Err((written, why)) => {
                let message = format!("`{}` is not an address: {why}", written.escape_debug());
                let help = "it is left out; correct it in the file and import that again";
                found.push(Diagnostic::warning("import-address", shown, message).at(at()).help(help));
            }
        }
    }
}

fn column_name(written: &str) -> String {
    written.trim_start_matches('\u{feff}').trim().trim_matches('"').to_lowercase()
}

fn imported(
    shape: &Shape,
    record: &StringRecord,
) -> Result<Imported, (String, crate::address::AddressError)> {
    let written = shape.cell(record, &[shape.email]);
    let address = Address::parse(&written).map_err(|why| (written, why))?;
    let names: Vec<String> =
        shape.names.iter().map(|name| shape.cell(record, &[name])).filter(|name| !name.is_empty()).collect();
    let language = Some(shape.cell(record, &["language", "lang"]))
        .filter(|written| shape.is_own() && !written.is_empty());
    let cadence =
        if shape.is_own() { Cadence::named(&shape.cell(record, &["cadence"])) } else { Cadence::default() };
    Ok(Imported {
        person: Subscriber {
            id: Subscriber::id_of(&address),
            mailbox: Mailbox { name: clean::one_line(&whole(names)), address },
            language,
            topics: topics(&shape.cell(record, &[shape.topics]), shape.tool),
            cadence,
            status: shape.status(record).unwrap_or(Status::Pending),
        },
        since: shape.since(record),
    })
}

/// A first and a last name as they are written together: in Hangul and Hanzi the last one comes first, in Hangul without a space.
fn whole(mut names: Vec<String>) -> String {
    let is_hangul = |c: char| matches!(c, '가'..='힣');
    let is_hanzi = |c: char| matches!(u32::from(c), 0x3400..=0x9fff);
    let all = |is: &dyn Fn(char) -> bool| {
        names.len() == 2 && names.iter().all(|name| name.chars().count() <= 3 && name.chars().all(is))
    };
    let (korean, chinese) = (all(&is_hangul), all(&is_hanzi));
    if korean || chinese {
        names.reverse();
    }
    names.join(if korean { "" } else { " " })
}

#[cfg(test)]
mod tests {
    use std::collections::HashMap;
    use std::convert::Infallible;

    use super::*;

    /// Reads an export and puts the rows of one person together: what keeps mail away counts, else what came first.
    fn read_all(name: &str) -> String {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/lists").join(name);
        let mut all: Vec<Imported> = Vec::new();
        let mut places = HashMap::new();
        let take = |one: Imported| {
            let place = *places.entry(one.person.id.clone()).or_insert(all.len());
            match all.get_mut(place) {
                Some(first) if one.person.status != Status::Active => first.person.status = one.person.status,
                Some(_) => {}
                None => all.push(one),
            }
            Ok::<(), Infallible>(())
        };
        let Ok(report) = read(&path, Path::new(name), take);
        assert!(report.is_ok(), "{report:?}");
        let line = |Imported { person, since }: &Imported| {
            let since = since
                .map_or_else(String::new, |since| since.to_rfc3339_opts(chrono::SecondsFormat::Secs, true));
            let (email, topics) = (person.mailbox.address.to_string(), person.topics.join(";"));
            format!("{email}\t{}\t{}\t{topics}\t{since}\n", person.mailbox.name, person.status.as_str())
        };
        all.iter().map(line).collect()
    }

    #[test]
    fn exports_of_every_tool_are_read_as_what_they_are() {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/lists");
        let is_expected = |name: &String| Path::new(name).extension().is_some_and(|kind| kind == "tsv");
        let names: Vec<String> = fsx::list(&folder).unwrap().into_iter().filter(is_expected).collect();
        assert_eq!(names.len(), 7, "{names:?}");
        for name in names {
            let expected = fsx::read_text(&folder.join(&name)).unwrap();
            assert_eq!(read_all(&name.replace(".tsv", ".csv")), expected, "{name}");
        }
    }
}
