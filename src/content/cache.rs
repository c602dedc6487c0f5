//! Posts as they were read, kept between runs: a file that is as it was is not read again.
//!
//! Nothing depends on it: without it, everything is read. A post is kept where its file alone says what it is; whatever else it
//! follows from (the config, the sections, the program itself) is in the cache's key. What was odd about a post is told anew on
//! every run, so that one is read anew.

use std::path::{Path, PathBuf};

use rayon::prelude::*;
use serde::{Deserialize, Serialize};

use super::post::Post;
use crate::diagnostic::Diagnostic;
use crate::fsx::{self, FileError};

/// How many posts are packed together.
const TOGETHER: usize = 256;

/// A file whose last change is so near to the cache's making (in nanoseconds) may have been changed once more since it was read.
const NEAR: i64 = 50_000_000;

/// A file and what was read from it; no post is a draft, or the like.
#[derive(Serialize, Deserialize)]
pub(super) struct Kept {
    path: PathBuf,
    stamp: (u64, i64),
    post: Option<Box<Post>>,
}

/// The posts of an earlier run.
#[derive(Default)]
pub(super) struct Cache {
    /// In the order of the files.
    kept: Vec<Kept>,
    handed_down: [u8; 32],
}

impl Cache {
    /// The cache at `path`, if it was made with the same `key`; else nothing.
    pub(super) fn open(path: &Path, key: &[u8; 32]) -> Self {
        Self::read(path, key).unwrap_or_default()
    }

    fn read(path: &Path, key: &[u8; 32]) -> Option<Self> {
        let (_, made) = fsx::stamp(path)?;
        let bytes = fsx::read(path, 1 << 30).ok()?;
        let (handed_down, rest) = bytes.strip_prefix(key)?.split_first_chunk::<32>()?;
        let (hash, mut rest) = rest.split_first_chunk::<32>()?;
        if blake3::hash(rest).as_bytes() != hash {
            return None;
        }
        let mut packs = Vec::new();
        while let Some((length, after)) = rest.split_first_chunk::<8>() {
            let length = usize::try_from(u64::from_le_bytes(*length)).ok()?;
            packs.push(after.get(..length)?);
            rest = &after[length..];
        }
        let unpacked: Option<Vec<Vec<Kept>>> =
            packs.into_par_iter().map(|pack| postcard::from_bytes(pack).ok()).collect();
        let sure = |kept: &Kept| kept.stamp.1 + NEAR < made;
        let kept = unpacked?.into_iter().flatten().filter(sure).collect();
        Some(Self { kept, handed_down: *handed_down })
    }

    /// The cache, if the same was handed down to its posts; else nothing.
    pub(super) fn if_made_with(self, handed_down: &[u8; 32]) -> Self {
        if self.handed_down == *handed_down { self } else { Self::default() }
    }

    /// What was read from each of the files, in the order of their names, if it is as it was.
    pub(super) fn of(self, files: &[PathBuf], stamps: &[Option<(u64, i64)>]) -> Vec<Option<Kept>> {
        let mut rest = self.kept.into_iter().peekable();
        let known = files.iter().zip(stamps).map(|(path, stamp)| {
            let path = path.as_os_str();
            while rest.next_if(|kept| kept.path.as_os_str() < path).is_some() {}
            rest.next_if(|kept| kept.path.as_os_str() == path).filter(|kept| Some(kept.stamp) == *stamp)
        });
        known.collect()
    }
}

/// The same as it is packed.
#[derive(Serialize)]
pub(super) struct Read<'a> {
    path: &'a Path,
    stamp: (u64, i64),
    post: Option<&'a Post>,
}

impl<'a> Read<'a> {
    /// What was read from a file, if it may be kept.
    pub(super) fn of(
        path: &'a Path,
        stamp: Option<(u64, i64)>,
        post: Option<&'a Post>,
        found: &[Diagnostic],
    ) -> Option<Self> {
        let may = found.is_empty() && post.is_none_or(|post| post.reads_alone);
        may.then_some(Self { path, stamp: stamp?, post })
    }
}

impl Kept {
    /// The post.
    pub(super) fn post(self) -> Option<Post> {
        let mut post = *self.post?;
        post.published_as = Some(post.source.clone());
        post.file = self.path;
        Some(post)
    }
}

/// A cache to be written once the run has done what it was for.
pub struct Fresh {
    path: PathBuf,
    bytes: Vec<u8>,
}

impl Fresh {
    /// The cache of these files, to lie at `path`.
    pub(super) fn of(path: PathBuf, key: &[u8; 32], handed_down: &[u8; 32], read: &[Read<'_>]) -> Self {
        let pack = |read: &[Read<'_>]| {
            postcard::to_extend(read, Vec::with_capacity(read.len() << 10)).unwrap_or_default()
        };
        let packs: Vec<Vec<u8>> = read.par_chunks(TOGETHER).map(pack).collect();
        let length: usize = packs.iter().map(|pack| pack.len() + 8).sum();
        let mut bytes = Vec::with_capacity(96 + length);
        bytes.extend_from_slice(&[*key, *handed_down, [0; 32]].concat());
        for pack in packs {
            bytes.extend_from_slice(&(pack.len() as u64).to_le_bytes());
            bytes.extend_from_slice(&pack);
        }
        let hash = blake3::hash(&bytes[96..]);
        bytes[64..96].copy_from_slice(hash.as_bytes());
        Self { path, bytes }
    }

    /// Writes it.
    ///
    /// # Errors
    /// The state folder cannot be written to.
    pub fn write(&self) -> Result<(), FileError> {
        fsx::write_atomic(&self.path, &self.bytes).map(drop)
    }
}

/// Front matter as JSON: its values know their own kinds, which the packed form does not.
pub(super) mod as_json {
    use serde::{Deserialize, Deserializer, Serialize, Serializer, de, ser};

    use crate::config::Settings;

    #[expect(clippy::ref_option, reason = "serde asks for it")]
    pub(crate) fn serialize<S: Serializer>(matter: &Option<Box<Settings>>, to: S) -> Result<S::Ok, S::Error> {
        matter.as_ref().map(serde_json::to_string).transpose().map_err(ser::Error::custom)?.serialize(to)
    }

    pub(crate) fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<Option<Box<Settings>>, D::Error> {
        let text = Option::<String>::deserialize(from)?;
        text.map(|text| serde_json::from_str(&text)).transpose().map_err(de::Error::custom)
    }
}

/// A moment as numbers, which are sooner read than words.
pub(super) mod as_numbers {
    use chrono::{DateTime, FixedOffset};
    use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

    pub(crate) fn serialize<S: Serializer>(moment: &DateTime<FixedOffset>, to: S) -> Result<S::Ok, S::Error> {
        (moment.timestamp(), moment.offset().local_minus_utc()).serialize(to)
    }

    pub(crate) fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<DateTime<FixedOffset>, D::Error> {
        let (seconds, offset) = Deserialize::deserialize(from)?;
        let zone = FixedOffset::east_opt(offset);
        let moment =
            DateTime::from_timestamp(seconds, 0).zip(zone).map(|(moment, zone)| moment.with_timezone(&zone));
        moment.ok_or_else(|| de::Error::custom("no moment"))
    }
}
