//! A list in CSV: a line that names the columns, and one for each person.

use std::fs::File;
use std::io::{self, BufRead as _, BufReader, Read};

use csv::StringRecord;

use super::{Row, Spot, Subscriber, Taker};
use crate::config::Cadence;
use crate::diagnostic::{Diagnostic, Place};
use crate::fsx::FileError;
use crate::subscribers::Status;
use crate::yaml;

/// The columns of a CSV list, and other names for them.
const KNOWN: [&str; 12] = [
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
    // Of our own export; nothing follows from them.
    "since",
    "reason",
];

/// Reads the file; what stops the reading of it comes back inside.
pub(super) fn read<E, P: FnMut(&Subscriber) -> Result<(), E>>(
    file: File,
    taker: &mut Taker<'_, P>,
) -> Result<Result<(), FileError>, E> {
    let shown = taker.shown;
    let fault = |error| Ok(Err(FileError::of_reading(shown, error)));
    let tape = match Tape::new(file) {
        Ok(tape) => tape,
        Err(error) => return fault(error),
    };
    let mut reader = csv::ReaderBuilder::new().flexible(true).trim(csv::Trim::All).from_reader(tape);
    let headers = match reader.headers() {
        Ok(headers) => headers.iter().map(str::to_lowercase).collect::<Vec<_>>(),
        Err(error) => return fault(plain(error)),
    };
    let Some(columns) = Columns::of(&headers, &reader.get_ref().first_line(), taker) else {
        return Ok(Ok(()));
    };
    let mut record = StringRecord::new();
    loop {
        let read = reader.read_record(&mut record);
        let at = match &read {
            Ok(_) => record.position(),
            Err(error) => error.position(),
        };
        let at = at.map(csv::Position::byte);
        let tape = reader.get_mut();
        if let Some(at) = at {
            tape.go_on_to(at);
        }
        let line = tape.first_line();
        let spot = Spot { text: &line, before: tape.before, line: Some(1) };
        match read {
            Ok(true) if record.iter().any(swallows_others) => {
                // Nobody knows any more who has left: nobody is written to.
                let message = "a quotation mark is opened here and closed on no line near: what follows is read as one value";
                let help = "close it, or write a mark that belongs to the value twice";
                let error = Diagnostic::error("subscribers", shown, message);
                taker.found.push(error.at(spot.place("")).help(help));
                return Ok(Ok(()));
            }
            Ok(true) => {
                if let Some(row) = columns.row(&record, &spot, taker) {
                    taker.take(row, &spot)?;
                }
            }
            Ok(false) => return Ok(Ok(())),
            Err(error) if error.is_io_error() => return fault(plain(error)),
            Err(error) => {
                if matches!(error.kind(), csv::ErrorKind::Utf8 { .. }) {
                    return fault(plain(error));
                }
                let help =
                    "put values with commas or quotes in double quotes, each quote inside written twice";
                let error = Diagnostic::error("subscribers", shown, error.to_string());
                taker.found.push(error.at(spot.place("")).help(help));
            }
        }
    }
}

/// Whether a value holds other people's lines.
fn swallows_others(value: &str) -> bool {
    value.split_once('\n').is_some_and(|(_, rest)| rest.contains('@') && rest.contains([',', '\n']))
}

fn plain(error: csv::Error) -> io::Error {
    match error.into_kind() {
        csv::ErrorKind::Io(error) => error,
        csv::ErrorKind::Utf8 { .. } => io::Error::other("it is not UTF-8 text"),
        other => io::Error::other(format!("{other:?}")),
    }
}

/// Where what stands.
struct Columns {
    email: usize,
    name: Option<usize>,
    language: Option<usize>,
    topics: Option<usize>,
    status: Option<usize>,
    cadence: Option<usize>,
}

impl Columns {
    fn of<P>(headers: &[String], first_line: &str, taker: &mut Taker<'_, P>) -> Option<Self> {
        let column = |names: &[&str]| headers.iter().position(|header| names.contains(&header.as_str()));
        let Some(email) = column(&["email", "e-mail", "email address", "address"]) else {
            let help = "begin the file with a line such as `email,name,language,topics,cadence,status`";
            let error =
                Diagnostic::error("subscribers", taker.shown, "the first line names no column `email`");
            taker.found.push(error.at(Place::in_text(first_line, 1, 1, 1)).help(help));
            return None;
        };
        let is_unknown = |header: &&String| !header.is_empty() && !KNOWN.contains(&header.as_str());
        if let Some(unknown) = headers.iter().find(is_unknown) {
            let help = "delete the column or give it one of the names email, name, language, topics, cadence, status; it may say who has left";
            let message =
                format!("the column `{unknown}` is not known here; nobody on this list is written to");
            let place = Place::of(&first_line.to_lowercase(), unknown);
            taker.found.push(Diagnostic::error("subscribers", taker.shown, message).at(place).help(help));
            return None;
        }
        Some(Self {
            email,
            name: column(&["name"]),
            language: column(&["language", "lang"]),
            topics: column(&["topics"]),
            status: column(&["status"]),
            cadence: column(&["cadence"]),
        })
    }

    /// The person of a line; `None` where their status is not known.
    fn row<P>(&self, record: &StringRecord, spot: &Spot<'_>, taker: &mut Taker<'_, P>) -> Option<Row> {
        let cell = |index: Option<usize>| {
            index.and_then(|i| record.get(i)).filter(|cell| !cell.is_empty()).map(str::to_owned)
        };
        let written = cell(self.status).unwrap_or_else(|| "active".into()).to_lowercase();
        let Ok(status) = yaml::parse::<Status>(&written) else {
            let message = format!("`{written}` is not a status");
            let help = "use active, pending, paused, unsubscribed, bounced or complained; until then nothing is sent here";
            let error = Diagnostic::error("subscriber-status", taker.shown, message);
            taker.found.push(error.at(spot.place("")).help(help));
            return None;
        };
        let written = cell(self.cadence).unwrap_or_else(|| "scheduled".into()).to_lowercase();
        let cadence = yaml::parse::<Cadence>(&written).unwrap_or_else(|_| {
            let message = format!(
                "`{written}` is not a cadence; this subscriber hears as the newsletter's schedule has it"
            );
            let help = "use each, daily, weekly or monthly, or leave it empty";
            let warning = Diagnostic::warning("subscriber-cadence", taker.shown, message);
            taker.found.push(warning.at(spot.place("")).help(help));
            Cadence::Scheduled
        });
        let topics = cell(self.topics)
            .map(|cell| cell.split([';', '|']).map(|topic| topic.trim().to_owned()).collect());
        Some(Row {
            email: cell(Some(self.email)).unwrap_or_default(),
            name: cell(self.name),
            language: cell(self.language),
            topics: topics.unwrap_or_default(),
            cadence,
            status,
        })
    }
}

/// A file of which what has been read from the current record on is still at hand, to be shown.
struct Tape {
    file: BufReader<File>,
    held: Vec<u8>,
    /// The place of what is held, in bytes of the file.
    from: u64,
    /// The lines before it.
    before: usize,
}

impl Tape {
    fn new(file: File) -> io::Result<Self> {
        let mut file = BufReader::new(file);
        if file.fill_buf()?.starts_with("\u{feff}".as_bytes()) {
            file.consume("\u{feff}".len());
        }
        Ok(Self { file, held: Vec::new(), from: 0, before: 0 })
    }

    /// Lets go of what is before the record at `byte`, and of the blank lines with which the reader has it begin.
    fn go_on_to(&mut self, byte: u64) {
        let mut gone = usize::try_from(byte.saturating_sub(self.from)).unwrap_or(0).min(self.held.len());
        gone += self.held[gone..].iter().take_while(|b| matches!(b, b'\r' | b'\n')).count();
        self.before += memchr::memchr_iter(b'\n', &self.held[..gone]).count();
        self.from += gone as u64;
        self.held.drain(..gone);
    }

    fn first_line(&self) -> String {
        let line = self.held.split(|b| *b == b'\n').next().unwrap_or_default();
        String::from_utf8_lossy(line).into_owned()
    }
}

impl Read for Tape {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.file.read(buffer)?;
        self.held.extend_from_slice(&buffer[..count]);
        Ok(count)
    }
}
