//! What a build was about to write, for the next one to know in case it was killed: half a file beside its place, a document in its
//! place that no ledger knows of.

use std::collections::HashSet;
use std::path::{Path, PathBuf};

use crate::fsx::{self, FileError, Stream};

/// The list, which lies there while a build is at work.
pub(super) struct Unfinished {
    place: PathBuf,
    /// Of a build that was killed.
    paths: HashSet<PathBuf>,
}

impl Unfinished {
    /// The list at `place`. What lies half-written beside the files of a build that was killed is taken away.
    pub(super) fn open(place: &Path) -> Result<Self, FileError> {
        let text = fsx::read_text(place).unwrap_or_default();
        let paths: HashSet<PathBuf> = text.lines().map(PathBuf::from).collect();
        for path in &paths {
            Stream::sweep(path)?;
        }
        Ok(Self { place: place.to_path_buf(), paths })
    }

    /// Whether a build that was killed was about to write this file.
    pub(super) fn holds(&self, path: &Path) -> bool {
        self.paths.contains(path)
    }

    /// All such files.
    pub(super) fn paths(&self) -> impl Iterator<Item = &PathBuf> {
        self.paths.iter()
    }

    /// Notes what is about to be written; those of the build that was killed stay noted.
    pub(super) fn begin(&self, paths: impl Iterator<Item = PathBuf>) -> Result<(), FileError> {
        let mut all = self.paths.clone();
        all.extend(paths);
        if all.is_empty() {
            return Ok(());
        }
        let mut lines: Vec<String> = all.iter().map(|path| path.display().to_string()).collect();
        lines.sort();
        fsx::write_atomic(&self.place, lines.join("\n").as_bytes()).map(drop)
    }

    /// All is written and recorded.
    pub(super) fn done(&self) -> Result<(), FileError> {
        fsx::remove_below(self.place.parent().unwrap_or(Path::new("")), &self.place)
    }
}
