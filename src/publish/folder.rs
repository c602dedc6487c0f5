//! Many files of one folder, written part after part.

use std::path::{Path, PathBuf};

use rayon::prelude::*;

use crate::fsx::{Change, FileError, Stream};

/// How many bytes are kept before they are compared or written.
const KEPT: usize = 4 << 20;

/// The files on their way.
#[derive(Debug)]
pub struct Folder {
    files: Vec<State>,
    kept: usize,
}

#[derive(Debug)]
enum State {
    Open(Stream),
    /// Nothing follows.
    Ended(Stream),
    /// Nothing came.
    Left,
}

impl Folder {
    /// Files at these paths below `root`. Of one that nothing comes for, the old one stays.
    pub fn new<'a>(root: &Path, paths: impl IntoIterator<Item = &'a str>) -> Self {
        let open = |path: &str| State::Open(Stream::new(root.join(PathBuf::from(path))));
        Self { files: paths.into_iter().map(open).collect(), kept: 0 }
    }

    /// The next bytes of a file, by its place among the paths.
    pub fn put(&mut self, file: usize, bytes: &[u8], last: bool) -> Result<(), FileError> {
        if let State::Open(stream) = &mut self.files[file] {
            stream.push(bytes);
            self.kept += bytes.len();
        }
        if last && let State::Open(mut stream) = std::mem::replace(&mut self.files[file], State::Left) {
            stream.end();
            self.files[file] = State::Ended(stream);
        }
        if self.kept > KEPT { self.settle() } else { Ok(()) }
    }

    /// Puts the files in their places; what became of each, `None` where nothing came. Until now nothing has changed that others
    /// can see.
    pub fn finish(self) -> Result<Vec<Option<Change>>, FileError> {
        let finish = |state| match state {
            State::Ended(stream) => stream.finish().map(Some),
            State::Open(_) | State::Left => Ok(None),
        };
        self.files.into_par_iter().map(finish).collect()
    }

    fn settle(&mut self) -> Result<(), FileError> {
        self.kept = 0;
        self.files.par_iter_mut().try_for_each(|state| match state {
            State::Open(stream) | State::Ended(stream) => stream.settle(),
            State::Left => Ok(()),
        })
    }
}
