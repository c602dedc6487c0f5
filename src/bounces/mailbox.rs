//! Where reports lie: a Maildir, a mailbox file, a file with one message, or what an MTA pipes in.

use std::fs;
use std::io::{self, BufRead, Read};
use std::path::{Path, PathBuf};

use mail_parser::mailbox::mbox::MessageIterator;

use crate::fsx::{self, FileError};

/// Longer messages are no reports.
const LONGEST: u64 = 16 << 20;

/// A message, and where it lies.
#[derive(Clone, Debug)]
pub struct Letter {
    /// Its bytes.
    pub raw: Vec<u8>,
    /// Its file, where it is new in a Maildir: once read as a report it is marked as seen.
    pub new_in_maildir: Option<PathBuf>,
}

impl Letter {
    /// Marks it as seen, where that is to be done.
    pub fn seen(&self) -> Result<(), FileError> {
        let Some(path) = &self.new_in_maildir else { return Ok(()) };
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        let root = path.parent().and_then(Path::parent).unwrap_or(Path::new("."));
        fsx::rename(path, &root.join("cur").join(format!("{name}:2,S")))
    }
}

/// What a path holds; of a Maildir, what is new, and with `all` what has been seen too. The letters are read one by one.
pub fn letters(
    path: &Path,
    all: bool,
) -> Result<Box<dyn Iterator<Item = Result<Letter, FileError>>>, FileError> {
    if path.join("new").is_dir() {
        let mut files = files(&path.join("new"))?;
        if all {
            files.extend(self::files(&path.join("cur"))?);
        }
        let new = path.join("new");
        return Ok(Box::new(files.into_iter().map(move |file| {
            let raw = fsx::read(&file, LONGEST)?;
            Ok(Letter { raw, new_in_maildir: file.starts_with(&new).then_some(file) })
        })));
    }
    let file = fsx::open(path)?;
    let path = path.to_owned();
    Ok(Box::new(read_from(io::BufReader::new(file)).map(move |raw| match raw {
        Ok(raw) => Ok(Letter { raw, new_in_maildir: None }),
        Err(error) => Err(FileError::of_reading(&path, error)),
    })))
}

/// The messages in a stream: of a mailbox file each, else the one.
pub fn read_from(mut stream: impl BufRead + 'static) -> Box<dyn Iterator<Item = io::Result<Vec<u8>>>> {
    match stream.fill_buf() {
        Ok(start) if start.starts_with(b"From ") => Box::new(
            MessageIterator::new(stream).map(|message| message.map(|message| message.contents().to_vec())),
        ),
        Ok(_) => {
            let mut raw = Vec::new();
            let read = stream.take(LONGEST).read_to_end(&mut raw);
            Box::new(std::iter::once(read.map(|_| raw)))
        }
        Err(error) => Box::new(std::iter::once(Err(error))),
    }
}

fn files(folder: &Path) -> Result<Vec<PathBuf>, FileError> {
    if !folder.is_dir() {
        return Ok(Vec::new());
    }
    let names = fsx::list(folder)?;
    Ok(names.into_iter().map(|name| folder.join(name)).filter(|path| is_file(path)).collect())
}

fn is_file(path: &Path) -> bool {
    fs::metadata(path).is_ok_and(|meta| meta.is_file())
}
