//! Reads a list from YAML or CSV, person by person, however long it is. An address that is wrong is reported and left out, the others
//! stay; a key or column that is not known refuses the whole list, as it may say who must not be written to.

mod odd;
mod rows;
mod table;

use std::io::{BufRead as _, BufReader};
use std::path::Path;

use serde::Deserialize;

use super::{Status, Subscriber, subscriber_id};
use crate::address::{Address, AddressError, Mailbox};
use crate::config::Cadence;
use crate::content::clean;
use crate::diagnostic::{Diagnostic, Place};
use crate::fsx::{self, FileError};

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

/// Where a row stands: in a text that begins with a line of the file.
struct Spot<'a> {
    text: &'a str,
    /// The lines of the file before the text.
    before: usize,
    /// The row's line in the text, where it is known.
    line: Option<usize>,
}

impl Spot<'_> {
    /// Where `needle` stands, or the row's line.
    fn place(&self, needle: &str) -> Option<Place> {
        let needle = needle.lines().next().unwrap_or(needle);
        let line = || self.line.map(|line| Place::in_text(self.text, line, 1, 1));
        // What stands above belongs to others.
        let above = self.line.map_or(0, |line| line.saturating_sub(1));
        let start: usize = self.text.split_inclusive('\n').take(above).map(str::len).sum();
        let found = Some(needle).filter(|needle| !needle.is_empty());
        let found = found.and_then(|needle| Place::of(&self.text[start..], needle));
        let found = found.map(|place| Place { line: place.line + above, ..place });
        found.or_else(line).map(|place| below(self.before, place))
    }
}

fn below(lines: usize, place: Place) -> Place {
    Place { line: place.line + lines, ..place }
}

/// Takes what is read.
struct Taker<'a, P> {
    shown: &'a Path,
    found: Vec<Diagnostic>,
    put: P,
}

/// Reads the list at `path`, which messages call `shown`, and hands on whoever stands on it, as often as they do. An absent or unreadable
/// file is an error (`subscribers`) among the findings.
///
/// # Errors
/// That of `put`, which ends the reading.
pub fn read<E>(
    path: &Path,
    shown: &Path,
    put: impl FnMut(&Subscriber) -> Result<(), E>,
) -> Result<Vec<Diagnostic>, E> {
    let mut taker = Taker { shown, found: Vec::new(), put };
    let is_csv = path.extension().is_some_and(|extension| extension.eq_ignore_ascii_case("csv"));
    let opened = fsx::open_file(path);
    let read = match opened {
        Ok(file) if is_csv => table::read(file, &mut taker)?,
        Ok(file) => rows::read(file, &mut taker)?,
        Err(error) => Err(error),
    };
    if let Err(error) = read {
        taker.found.push(unreadable(&error, shown));
    }
    Ok(taker.found)
}

/// That these addresses stand in the list more than once, with where the last of each is.
pub fn twice(path: &Path, shown: &Path, emails: &[String]) -> Vec<Diagnostic> {
    let mut places = places(path, emails.iter().map(String::as_str)).into_iter();
    let message = "this address stands in the list twice; what keeps mail away counts, else the first entry";
    let one = |_| {
        let place = places.next().flatten();
        Diagnostic::warning("subscriber-twice", shown, message).at(place).help("delete one of the two")
    };
    emails.iter().map(one).collect()
}

/// Addresses in the list at `path` that are those of a task, or mistyped, of people who are written to.
pub fn odd_addresses(path: &Path, shown: &Path) -> Vec<Diagnostic> {
    let mut known = odd::Known::default();
    let mut odd = Vec::new();
    let read = read(path, shown, |subscriber| {
        let address = &subscriber.mailbox.address;
        if subscriber.status == Status::Active
            && let Some(what) = known.odd(address)
        {
            odd.push((address.to_string(), what));
        }
        Ok::<_, std::convert::Infallible>(())
    });
    // What is wrong with the list is told where it is loaded.
    let Ok(_) = read;
    let mut places = places(path, odd.iter().map(|(email, _)| email.as_str())).into_iter();
    odd.iter().map(|(email, what)| what.told(email, shown).at(places.next().flatten())).collect()
}

/// The last place of each address in a file.
fn places<'a>(path: &Path, emails: impl Iterator<Item = &'a str>) -> Vec<Option<Place>> {
    let sought = emails.take(MOST_SOUGHT).map(|email| (email.to_lowercase(), None));
    let mut places: Vec<(String, Option<Place>)> = sought.collect();
    let lines = fsx::open_file(path).map(|file| BufReader::new(file).lines()).into_iter().flatten();
    for (index, line) in lines.map_while(Result::ok).enumerate() {
        let lower = line.to_lowercase();
        for (email, place) in places.iter_mut().filter(|(email, _)| lower.contains(email.as_str())) {
            *place =
                Place::of(&lower, email).map(|place| below(index, Place { text: line.clone(), ..place }));
        }
    }
    places.into_iter().map(|(_, place)| place).collect()
}

/// Of more addresses than that, no place is sought.
const MOST_SOUGHT: usize = 100;

fn unreadable(error: &FileError, shown: &Path) -> Diagnostic {
    let (message, help) = if error.is_absent() {
        let help = "write one, such as `- { email: reader@example.com, name: Reader }`, or name yours with `subscribers:`";
        ("there is no such subscriber list".to_owned(), help)
    } else {
        (error.source.to_string(), "save the file as UTF-8 (in Excel: CSV UTF-8)")
    };
    Diagnostic::error("subscribers", shown, message).help(help)
}

/// What is wrong with an address, as far as it shows, and the mend.
fn of_address(written: &str, why: &AddressError) -> (String, &'static str) {
    let message = format!("`{}` is not an address: {why}", written.escape_debug());
    let help = if written.is_empty() {
        return (
            "nobody's address stands in this entry".to_owned(),
            "write it, or delete the entry; until then nothing is sent here",
        );
    } else if written.contains('＠') {
        "type `@` in place of the full-width `＠`; until then nothing is sent there"
    } else if written.contains('<') || written.starts_with("mailto:") {
        "write the address alone, such as `reader@example.com`, and a name under `name`; until then nothing is sent there"
    } else if written.matches('@').count() > 1 {
        "give each address an entry of its own; until then nothing is sent there"
    } else if written.chars().any(|c| !c.is_ascii() && !c.is_alphanumeric()) {
        "type it anew, without what is invisible in it; until then nothing is sent there"
    } else {
        "correct it, or delete the entry; until then nothing is sent there"
    };
    (message, help)
}

impl<E, P: FnMut(&Subscriber) -> Result<(), E>> Taker<'_, P> {
    fn take(&mut self, row: Row, spot: &Spot<'_>) -> Result<(), E> {
        self.subscriber(row, spot).map_or(Ok(()), |subscriber| (self.put)(&subscriber))
    }

    fn subscriber(&mut self, row: Row, spot: &Spot<'_>) -> Option<Subscriber> {
        let address = match Address::parse(&row.email) {
            Ok(address) => address,
            Err(why) => {
                let (message, help) = of_address(&row.email, &why);
                let error = Diagnostic::error("subscriber-address", self.shown, message);
                self.found.push(error.at(spot.place(&row.email)).help(help));
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
            let warning = Diagnostic::warning("subscriber-name", self.shown, message);
            self.found.push(warning.at(spot.place(&row.email)).help("write the name on one line"));
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
}
