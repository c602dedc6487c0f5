//! A list in YAML: a sequence of people, or one below the key `subscribers`. What is laid out as most are, a `-` for each, is read piece
//! by piece; anything else as a whole.

use std::fs::File;
use std::io::{BufRead as _, BufReader, Error, Read as _, Seek as _};
use std::path::Path;

use serde::Deserialize;

use super::{Row, Spot, Subscriber, Taker, below};
use crate::diagnostic::{Diagnostic, Place};
use crate::fsx::FileError;
use crate::yaml;

/// How long a piece becomes, in bytes, before it ends with the person it is at.
const PIECE: usize = 256 << 10;
/// What is read as a whole is no longer.
const WHOLE: u64 = 16 << 20;

/// A list below its key.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Wrapped {
    subscribers: Vec<Row>,
}

/// Reads the file; what stops the reading of it comes back inside.
pub(super) fn read<E, P: FnMut(&Subscriber) -> Result<(), E>>(
    file: File,
    taker: &mut Taker<'_, P>,
) -> Result<Result<(), FileError>, E> {
    let mut pieces = Pieces { lines: BufReader::new(file), before: 0, next: String::new(), depth: None };
    let shown = taker.shown;
    let fault = |error| Ok(Err(FileError::of_reading(shown, error)));
    match pieces.begin() {
        Ok(true) => {}
        Ok(false) => {
            return match pieces.whole() {
                Ok(text) => take_whole(&text, taker).map(Ok),
                Err(error) => fault(error),
            };
        }
        Err(error) => return fault(error),
    }
    loop {
        let before = pieces.before;
        let text = match pieces.piece() {
            Ok(text) if text.is_empty() => return Ok(Ok(())),
            Ok(text) => text,
            Err(error) => return fault(error),
        };
        match yaml::parse::<Vec<Row>>(&text) {
            Ok(rows) => take(rows, &text, before, taker)?,
            Err(error) => {
                taker.found.push(refused(&error, &text, before, shown));
                return Ok(Ok(()));
            }
        }
    }
}

fn take_whole<E, P: FnMut(&Subscriber) -> Result<(), E>>(
    text: &str,
    taker: &mut Taker<'_, P>,
) -> Result<(), E> {
    if text.lines().all(is_nothing) {
        return Ok(());
    }
    let wrapped = text.lines().any(|line| line.starts_with("subscribers:"));
    let rows = if wrapped {
        yaml::parse(text).map(|list: Wrapped| list.subscribers)
    } else {
        yaml::parse::<Vec<Row>>(text)
    };
    match rows {
        Ok(rows) => take(rows, text, 0, taker),
        Err(error) => {
            taker.found.push(refused(&error, text, 0, taker.shown));
            Ok(())
        }
    }
}

fn take<E, P: FnMut(&Subscriber) -> Result<(), E>>(
    rows: Vec<Row>,
    text: &str,
    before: usize,
    taker: &mut Taker<'_, P>,
) -> Result<(), E> {
    rows.into_iter().try_for_each(|row| taker.take(row, &Spot { text, before, line: None }))
}

fn refused(error: &yaml::YamlError, text: &str, before: usize, shown: &Path) -> Diagnostic {
    let place = error.at.map(|(line, column)| below(before, Place::in_text(text, line, column, 1)));
    // Whoever writes addresses alone, or keys for them, has not seen how an entry looks.
    let help = if error.message.starts_with("this holds ") {
        "write each of them as `- { email: reader@example.com, name: Reader }` on a line of its own"
            .to_owned()
    } else {
        error.help.clone()
    };
    Diagnostic::error("subscribers", shown, error.message.clone()).at(place).help(help)
}

/// A blank line, a comment, or the mark before a document.
fn is_nothing(line: &str) -> bool {
    let line = line.trim();
    line.is_empty() || line.starts_with('#') || line == "---"
}

/// A file, cut where somebody begins.
struct Pieces {
    lines: BufReader<File>,
    /// The lines before `next`.
    before: usize,
    /// The line that has been read and not been given out.
    next: String,
    /// How far the people are indented.
    depth: Option<usize>,
}

impl Pieces {
    /// Goes on to the first person; `false` where the file is not laid out so, or nobody is in it.
    fn begin(&mut self) -> Result<bool, Error> {
        let mut is_wrapped = false;
        while self.advance()? {
            let line = self.next.trim_end();
            if let Some(depth) = line.find("- ").filter(|depth| line[..*depth].bytes().all(|b| b == b' ')) {
                self.depth = Some(depth);
                return Ok(true);
            }
            if !is_nothing(line) && std::mem::replace(&mut is_wrapped, line == "subscribers:") {
                return Ok(false);
            }
            if !is_nothing(line) && !is_wrapped {
                return Ok(false);
            }
            self.before += 1;
        }
        Ok(false)
    }

    fn advance(&mut self) -> Result<bool, Error> {
        self.next.clear();
        self.lines.read_line(&mut self.next).map_err(|_| Error::other("it is not UTF-8 text"))?;
        if self.before == 0 && self.next.starts_with('\u{feff}') {
            self.next.drain(..'\u{feff}'.len_utf8());
        }
        Ok(!self.next.is_empty())
    }

    /// The next people, whole; empty behind the last.
    fn piece(&mut self) -> Result<String, Error> {
        let mut text = String::new();
        while !self.next.is_empty() {
            let begins = |depth: usize| {
                self.next.get(depth..).is_some_and(|rest| rest.starts_with("- "))
                    && self.next[..depth].bytes().all(|b| b == b' ')
            };
            if text.len() >= PIECE && self.depth.is_some_and(begins) {
                break;
            }
            text.push_str(&self.next);
            self.before += 1;
            self.advance()?;
        }
        Ok(text)
    }

    /// The text of the whole file.
    fn whole(mut self) -> Result<String, Error> {
        self.lines.rewind()?;
        let mut text = String::new();
        let mut file = self.lines.take(WHOLE + 1);
        file.read_to_string(&mut text).map_err(|_| Error::other("it is not UTF-8 text"))?;
        if text.len() as u64 > WHOLE {
            return Err(Error::other(
                "it is too long to be read unless each entry begins with `- ` on a line of its own",
            ));
        }
        Ok(text.strip_prefix('\u{feff}').unwrap_or(&text).to_owned())
    }
}
