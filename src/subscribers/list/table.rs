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

/// Why a first line names no column for addresses, as far as it shows, and the mend.
fn of_first_line(line: &str) -> (&'static str, &'static str) {
    let line = line.trim();
    if line.is_empty() {
        return (
            "the file is empty, or its first line is",
            "begin it with a line such as `email,name,language,topics,cadence,status`, and delete what is blank above",
        );
    }
    if line.contains('@') {
        let message = "the first line is somebody's already, and names no columns";
        return (message, "put a line such as `email,name` above it");
    }
    if !line.contains(',') && line.contains([';', '\t']) {
        return (
            "the first line names no column `email`: its columns are parted by `;` or tabs, where commas belong",
            "save it as CSV with commas (in Excel: CSV UTF-8, comma delimited), or replace each of them with a comma",
        );
    }
    (
        "the first line names no column `email`",
        "call the column with the addresses `email`, and the others `name`, `language`, `topics`, `cadence`, `status`",
    )
}

/// Where what stands.
struct Columns {
    count: usize,
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
            let (message, help) = of_first_line(first_line);
            let place = Place::in_text(first_line, 1, 1, first_line.trim_end().chars().count());
            taker.found.push(Diagnostic::error("subscribers", taker.shown, message).at(place).help(help));
            return None;
        };
        let is_unknown = |header: &&String| !header.is_empty() && !KNOWN.contains(&header.as_str());
        if let Some(unknown) = headers.iter().find(is_unknown) {
            let help = "delete the column or give it one of the names email, name, language, topics, cadence, status, as it may say who has left; `tidings subscribers import` reads what other tools export";
            let message =
                format!("the column `{unknown}` is not known here; nobody on this list is written to");
            let place = Place::of(&first_line.to_lowercase(), unknown);
            let text = first_line.trim_end().to_owned();
            let place = place.map(|place| Place { text, ..place });
            taker.found.push(Diagnostic::error("subscribers", taker.shown, message).at(place).help(help));
            return None;
        }
        Some(Self {
            count: headers.len(),
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
        let written = cell(self.status).unwrap_or_else(|| "active".into());
        let Ok(status) = yaml::parse::<Status>(&written.to_lowercase()) else {
            let message = format!("`{written}` is not a status");
            let help = if record.len() > self.count {
                "this line has more values than the first line has columns: put a value with a comma in it in double quotes; until then nothing is sent here"
            } else {
                "use active, pending, paused, unsubscribed, bounced or complained; until then nothing is sent here"
            };
            let error = Diagnostic::error("subscriber-status", taker.shown, message);
            taker.found.push(error.at(spot.place(&written)).help(help));
            return None;
        };
        let written = cell(self.cadence).unwrap_or_else(|| "scheduled".into());
        let cadence = yaml::parse::<Cadence>(&written.to_lowercase()).unwrap_or_else(|_| {
            let message = format!(
                "`{written}` is not a cadence; this subscriber hears as the newsletter's schedule has it"
            );
            let help = "use each, daily, weekly or monthly, or leave it empty";
            let warning = Diagnostic::warning("subscriber-cadence", taker.shown, message);
            taker.found.push(warning.at(spot.place(&written)).help(help));
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
        let start = file.fill_buf()?;
        // What Excel saves besides CSV: a ZIP archive, and UTF-16.
        if start.starts_with(b"PK\x03\x04") {
            return Err(io::Error::other("it is a workbook of Excel, not CSV"));
        }
        if start.starts_with(b"\xff\xfe") || start.starts_with(b"\xfe\xff") {
            return Err(io::Error::other("it is UTF-16 text, not UTF-8"));
        }
        if start.starts_with("\u{feff}".as_bytes()) {
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
