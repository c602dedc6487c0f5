//! Files: read with their name in the error, written whole or not at all.
//!
//! Not responsible for what is in them.

mod stream;

use std::fs::{self, File};
use std::io::{self, Read as _, Write as _};
use std::path::{Path, PathBuf};

use thiserror::Error;

pub use stream::Stream;

/// A file or folder that could not be read or written.
#[derive(Debug, Error)]
#[error("cannot {action} `{}`: {source}", path.display())]
pub struct FileError {
    action: &'static str,
    /// The file meant.
    pub path: PathBuf,
    /// What the system said.
    #[source]
    pub source: io::Error,
}

impl FileError {
    fn wrap(action: &'static str, path: &Path) -> impl FnOnce(io::Error) -> Self {
        let path = path.to_path_buf();
        move |source| Self { action, path, source }
    }

    /// What the system said while `path` was being read.
    pub fn of_reading(path: &Path, source: io::Error) -> Self {
        Self::wrap("read", path)(source)
    }

    /// Whether the file is simply not there.
    pub fn is_absent(&self) -> bool {
        self.source.kind() == io::ErrorKind::NotFound
    }
}

/// What a write did to the file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Change {
    /// The file was not there, or had other bytes.
    Written,
    /// The bytes were the same; the file was not touched.
    Unchanged,
}

/// The bytes of a regular file of at most `limit` bytes. A FIFO or device is refused, not waited for.
pub fn read(path: &Path, limit: u64) -> Result<Vec<u8>, FileError> {
    let mut bytes = Vec::new();
    read_into(path, limit, None, &mut bytes)?;
    Ok(bytes)
}

/// The same into a buffer that is used again and again, in place of what is in it. `length` is the file's where its [`stamp`] has
/// just been taken.
pub fn read_into(path: &Path, limit: u64, length: Option<u64>, bytes: &mut Vec<u8>) -> Result<(), FileError> {
    let wrap = |error| FileError::wrap("read", path)(error);
    let length = match length {
        Some(length) => length,
        None => match fs::metadata(path).map_err(wrap)? {
            meta if meta.is_file() => meta.len(),
            _ => return Err(wrap(io::Error::other("it is not a regular file"))),
        },
    };
    if length > limit {
        return Err(wrap(io::Error::other(format!("it is {length} bytes long; the most is {limit}"))));
    }
    bytes.clear();
    bytes.reserve(usize::try_from(length).unwrap_or(0));
    File::open(path).and_then(|file| file.take(limit).read_to_end(bytes)).map_err(wrap)?;
    Ok(())
}

/// A file, to be read piece by piece.
pub fn open(path: &Path) -> Result<File, FileError> {
    File::open(path).map_err(FileError::wrap("read", path))
}

/// A regular file, to be read piece by piece. A FIFO or device is refused, not waited for.
pub fn open_file(path: &Path) -> Result<File, FileError> {
    let wrap = |error| FileError::wrap("read", path)(error);
    if !fs::metadata(path).map_err(wrap)?.is_file() {
        return Err(wrap(io::Error::other("it is not a regular file")));
    }
    open(path)
}

/// Gives a file another name on the same file system.
#[expect(clippy::disallowed_methods, reason = "the files' own room")]
pub fn rename(from: &Path, to: &Path) -> Result<(), FileError> {
    fs::rename(from, to).map_err(FileError::wrap("move", from))
}

/// The text of a file that must be UTF-8, of at most 16 MiB.
pub fn read_text(path: &Path) -> Result<String, FileError> {
    let bytes = read(path, 16 << 20)?;
    String::from_utf8(bytes)
        .map_err(|_| FileError::wrap("read", path)(io::Error::other("it is not UTF-8 text")))
}

/// Where a file lies, links followed.
pub fn real_path(path: &Path) -> Result<PathBuf, FileError> {
    path.canonicalize().map_err(FileError::wrap("find", path))
}

/// The names in a folder, sorted; those that are not UTF-8 are passed over.
pub fn list(path: &Path) -> Result<Vec<String>, FileError> {
    let entries = fs::read_dir(path).map_err(FileError::wrap("read", path))?;
    let mut names: Vec<String> =
        entries.flatten().filter_map(|entry| entry.file_name().into_string().ok()).collect();
    names.sort();
    Ok(names)
}

/// The length of a regular file and when it was last written, in nanoseconds of Unix time; `None` where there is none.
pub fn stamp(path: &Path) -> Option<(u64, i64)> {
    let meta = fs::metadata(path).ok().filter(fs::Metadata::is_file)?;
    let since = meta.modified().ok()?.duration_since(std::time::UNIX_EPOCH).ok()?;
    Some((meta.len(), i64::try_from(since.as_nanos()).ok()?))
}

/// What tells a file or folder from another that lies in its place later.
pub fn identity(path: &Path) -> Option<(u64, Option<std::time::SystemTime>)> {
    // A number is given again as soon as it is free.
    let meta = fs::metadata(path).ok()?;
    Some((std::os::unix::fs::MetadataExt::ino(&meta), meta.created().ok()))
}

/// Whether a file holds these bytes.
#[expect(clippy::disallowed_methods, reason = "the files' own room")]
pub fn holds(path: &Path, bytes: &[u8]) -> bool {
    let same_length = fs::metadata(path).is_ok_and(|meta| meta.len() == bytes.len() as u64);
    same_length && fs::read(path).is_ok_and(|old| old == bytes)
}

/// What tells this program from another version of it.
pub fn program() -> Option<(u64, i64)> {
    stamp(&std::env::current_exe().ok()?)
}

/// Removes a file, and the folders above it up to `root` that it leaves empty.
pub fn remove_below(root: &Path, path: &Path) -> Result<(), FileError> {
    match fs::remove_file(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => {
            return Err(FileError::wrap("remove", path)(error));
        }
        _ => {}
    }
    for folder in path.ancestors().skip(1).take_while(|folder| *folder != root && folder.starts_with(root)) {
        // One that holds something else stays.
        if fs::remove_dir(folder).is_err() {
            break;
        }
    }
    Ok(())
}

/// Makes a folder and those above it.
#[expect(clippy::disallowed_methods, reason = "the files' own room")]
pub fn make_dir(path: &Path) -> Result<(), FileError> {
    fs::create_dir_all(path).map_err(FileError::wrap("make the folder", path))
}

/// The same for what nobody else on the machine is to see. One that is there keeps its rights.
pub fn make_private_dir(path: &Path) -> Result<(), FileError> {
    if path.is_dir() {
        return Ok(());
    }
    let mut builder = fs::DirBuilder::new();
    std::os::unix::fs::DirBuilderExt::mode(builder.recursive(true), 0o700);
    builder.create(path).map_err(FileError::wrap("make the folder", path))?;
    // Nor is git to keep it.
    write_private(&path.join(".gitignore"), b"*\n")
}

/// Puts `bytes` at `path`: to a temporary file in the same folder first, made durable, then renamed over the old one.
/// A file that already holds these bytes is not touched. Two writers must not be at work in one folder: the site's lock
/// sees to that.
pub fn write_atomic(path: &Path, bytes: &[u8]) -> Result<Change, FileError> {
    make_dir(path.parent().unwrap_or(Path::new(".")))?;
    write_by_way_of(&stream::temporary(path), path, bytes)
}

/// As [`write_atomic`], by way of a temporary file that the caller names, on the same file system; both folders exist.
#[expect(clippy::disallowed_methods, reason = "the files' own room")]
pub fn write_by_way_of(temporary: &Path, path: &Path, bytes: &[u8]) -> Result<Change, FileError> {
    if holds(path, bytes) {
        return Ok(Change::Unchanged);
    }
    let placed = File::create(temporary)
        .and_then(|mut file| file.write_all(bytes).and_then(|()| file.sync_all()))
        .and_then(|()| fs::rename(temporary, path))
        .and_then(|()| File::open(path.parent().unwrap_or(Path::new(".")))?.sync_all());
    placed.map_err(|error| {
        let _ = fs::remove_file(temporary);
        FileError::wrap("write", path)(error)
    })?;
    Ok(Change::Written)
}

/// Writes a new file that its owner alone may read; one that is there already is not touched and is an error.
pub fn write_private(path: &Path, bytes: &[u8]) -> Result<(), FileError> {
    make_dir(path.parent().unwrap_or(Path::new(".")))?;
    let mut options = File::options();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    // Whole or not at all: an empty key would be one that everybody knows.
    let temporary = path.with_extension(format!("new-{}", std::process::id()));
    let placed = options
        .open(&temporary)
        .and_then(|mut file| file.write_all(bytes).and_then(|()| file.sync_all()))
        .and_then(|()| fs::hard_link(&temporary, path));
    let _ = fs::remove_file(&temporary);
    placed.map_err(FileError::wrap("write", path))
}

/// A lock that lives as long as the process: the kernel lets go of it when the process dies, however it dies.
#[derive(Debug)]
pub struct Lock(File);

impl Lock {
    /// Says in the file that it is held only for a moment, so that others wait for it.
    #[must_use]
    pub fn brief(mut self) -> Self {
        // Whoever cannot read it does not wait.
        let _ = self.0.write_all(BRIEF.as_bytes());
        self
    }
}

/// What the file of a lock says that is held only for a moment.
const BRIEF: &str = "for a moment";

/// Takes the lock at `path`; `None` where another process holds it, and not only for a moment.
pub fn lock(path: &Path) -> Result<Option<Lock>, FileError> {
    try_lock(path, LOOKS)
}

/// How long to wait before looking again, and how often.
const LOOK_AGAIN: std::time::Duration = std::time::Duration::from_millis(50);
const LOOKS: u32 = 200;

fn try_lock(path: &Path, patience: u32) -> Result<Option<Lock>, FileError> {
    make_private_dir(path.parent().unwrap_or(Path::new(".")))?;
    let file = File::options()
        .create(true)
        .truncate(false)
        .write(true)
        .open(path)
        .map_err(FileError::wrap("open the lock", path))?;
    match file.try_lock() {
        Ok(()) => {
            if file.metadata().is_ok_and(|meta| meta.len() > 0) {
                file.set_len(0).map_err(FileError::wrap("write the lock", path))?;
            }
            Ok(Some(Lock(file)))
        }
        Err(fs::TryLockError::WouldBlock)
            if patience > 0 && read_text(path).is_ok_and(|text| text == BRIEF) =>
        {
            std::thread::sleep(LOOK_AGAIN);
            try_lock(path, patience - 1)
        }
        Err(fs::TryLockError::WouldBlock) => Ok(None),
        Err(fs::TryLockError::Error(error)) => Err(FileError::wrap("lock", path)(error)),
    }
}
