//! A file that comes in parts: compared with the one in its place as it comes, so that one that has not changed is not written,
//! and one that has takes its place whole.

use std::fs::{self, File};
use std::io::{self, Read as _, Seek as _, SeekFrom, Write as _};
use std::path::{Path, PathBuf};
use std::thread::JoinHandle;

use super::{Change, FileError, make_dir, write_atomic};

/// How many bytes of room a file may keep.
const ROOM: usize = 1 << 18;

/// How many bytes are written before they are brought to the disk.
const UNSYNCED: usize = 8 << 20;

/// A file on its way.
#[derive(Debug)]
pub struct Stream {
    path: PathBuf,
    waiting: Vec<u8>,
    /// How many bytes have been compared or written.
    at: u64,
    /// Whether what came differs from the old file; then it is in the temporary one.
    differs: bool,
    /// What brings the bytes that are written to the disk while more come.
    syncing: Option<JoinHandle<io::Result<()>>>,
    unsynced: usize,
    ended: bool,
}

impl Stream {
    /// The file that shall lie at `path`.
    pub fn new(path: PathBuf) -> Self {
        Self { path, waiting: Vec::new(), at: 0, differs: false, syncing: None, unsynced: 0, ended: false }
    }

    /// Its next bytes, kept until [`Self::settle`] or [`Self::finish`].
    pub fn push(&mut self, bytes: &[u8]) {
        self.waiting.extend_from_slice(bytes);
    }

    /// Says that nothing follows.
    pub fn end(&mut self) {
        self.ended = true;
    }

    /// Compares or writes what is kept, and forgets it.
    pub fn settle(&mut self) -> Result<(), FileError> {
        if self.waiting.is_empty() {
            return Ok(());
        }
        self.settled().map_err(FileError::wrap("write", &self.path))
    }

    /// Puts the file in its place; what was not told of it is no part of it.
    pub fn finish(mut self) -> Result<Change, FileError> {
        if self.at == 0 && !self.differs {
            return write_atomic(&self.path, &self.waiting);
        }
        self.settle()?;
        self.placed().map_err(FileError::wrap("write", &self.path))
    }

    /// Takes away what a process that was killed has left of a file on its way to `path`.
    pub fn sweep(path: &Path) -> Result<(), FileError> {
        match fs::remove_file(temporary(path)) {
            Err(error) if !matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory) => {
                Err(FileError::wrap("remove", path)(error))
            }
            _ => Ok(()),
        }
    }

    fn temporary(&self) -> PathBuf {
        temporary(&self.path)
    }

    fn settled(&mut self) -> io::Result<()> {
        if !self.differs && !self.is_same()? {
            self.depart()?;
        }
        if self.differs {
            let mut file = File::options().append(true).open(self.temporary())?;
            file.write_all(&self.waiting)?;
            self.sync(file);
        }
        self.at += self.waiting.len() as u64;
        // A long file goes on; of many short ones, and of those that have ended, none should keep room.
        if self.waiting.len() > ROOM && !self.ended {
            self.waiting.clear();
        } else {
            self.waiting = Vec::new();
        }
        Ok(())
    }

    /// A long file is brought to the disk as it grows, so that it need not be waited for at the end.
    fn sync(&mut self, file: File) {
        self.unsynced += self.waiting.len();
        if self.unsynced > UNSYNCED && self.syncing.as_ref().is_none_or(JoinHandle::is_finished) {
            self.unsynced = 0;
            self.syncing = Some(std::thread::spawn(move || file.sync_data()));
        }
    }

    /// Whether the old file goes on with what is kept.
    fn is_same(&self) -> io::Result<bool> {
        let Ok(mut old) = File::open(&self.path) else { return Ok(false) };
        old.seek(SeekFrom::Start(self.at))?;
        let mut piece = vec![0; 1 << 16];
        let mut rest = self.waiting.as_slice();
        while !rest.is_empty() {
            let length = rest.len().min(piece.len());
            if old.read_exact(&mut piece[..length]).is_err() || piece[..length] != rest[..length] {
                return Ok(false);
            }
            rest = &rest[length..];
        }
        Ok(true)
    }

    /// Begins the temporary file with what was the same so far.
    #[expect(clippy::disallowed_methods, reason = "the files' own room")]
    fn depart(&mut self) -> io::Result<()> {
        make_dir(self.path.parent().unwrap_or(Path::new("."))).map_err(|error| error.source)?;
        let mut file = File::create(self.temporary())?;
        if self.at > 0 {
            io::copy(&mut File::open(&self.path)?.take(self.at), &mut file)?;
        }
        self.differs = true;
        Ok(())
    }

    #[expect(clippy::disallowed_methods, reason = "the files' own room")]
    fn placed(&mut self) -> io::Result<Change> {
        if !self.differs {
            if fs::metadata(&self.path)?.len() == self.at {
                return Ok(Change::Unchanged);
            }
            self.depart()?;
        }
        if let Some(syncing) = self.syncing.take() {
            syncing.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic))?;
        }
        let temporary = self.temporary();
        File::open(&temporary)?.sync_all()?;
        fs::rename(&temporary, &self.path)?;
        File::open(self.path.parent().unwrap_or(Path::new(".")))?.sync_all()?;
        self.differs = false;
        Ok(Change::Written)
    }
}

/// The file beside the one at `path`, until it takes its place.
pub(super) fn temporary(path: &Path) -> PathBuf {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    path.with_file_name(format!(".{name}.tmp"))
}

impl Drop for Stream {
    /// A file that is not finished leaves nothing behind.
    fn drop(&mut self) {
        if self.differs {
            let _ = fs::remove_file(self.temporary());
        }
    }
}

#[cfg(test)]
#[expect(clippy::disallowed_methods, reason = "tests stand outside the house")]
mod tests {
    use super::*;

    #[test]
    fn a_file_in_parts_is_what_it_would_be_in_one() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("a/b.xml");
        for (parts, expect) in [
            (vec!["one", "two"], Change::Written),
            (vec!["one", "two"], Change::Unchanged),
            (vec!["onet", "wo"], Change::Unchanged),
            (vec!["one", "two", "three"], Change::Written),
            (vec!["one", "TWO", "three"], Change::Written),
            (vec!["one", "TWO"], Change::Written),
            (vec!["one"], Change::Written),
        ] {
            for (settles, expect) in [(true, expect), (false, Change::Unchanged)] {
                let mut stream = Stream::new(path.clone());
                for part in &parts {
                    stream.push(part.as_bytes());
                    if settles {
                        stream.settle().unwrap();
                    }
                }
                assert_eq!(stream.finish().unwrap(), expect, "{parts:?}");
                assert_eq!(fs::read_to_string(&path).unwrap(), parts.concat());
                assert_eq!(fs::read_dir(path.parent().unwrap()).unwrap().count(), 1);
            }
        }
    }

    #[test]
    fn one_that_is_not_finished_leaves_the_old_one_alone() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("b.xml");
        fs::write(&path, "old").unwrap();
        let mut stream = Stream::new(path.clone());
        stream.push(b"new");
        stream.settle().unwrap();
        drop(stream);
        assert_eq!(fs::read_to_string(&path).unwrap(), "old");
        assert_eq!(fs::read_dir(dir.path()).unwrap().count(), 1);
    }
}
