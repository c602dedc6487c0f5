//! Documents reach object storage: S3 and what speaks its protocol, Google Cloud Storage, Azure, or a folder by `file://`.
//!
//! Only what has changed is put. What links lead to is put before what links to it, feeds last of all, and what is left over is taken away
//! after that: a reader never finds a link without its target. The manifest is written under the condition that nobody else has written it
//! meanwhile (RFC 9110 §13), so that two machines that publish at once do not undo each other's work.

mod manifest;

use std::path::PathBuf;

use futures_util::{StreamExt as _, TryStreamExt as _, stream};
use object_store::path::Path;
use object_store::{
    Attribute, Attributes, Error, ObjectStore, ObjectStoreExt as _, PutMode, PutOptions, PutPayload,
    UpdateVersion,
};
use thiserror::Error as ThisError;
use tokio::runtime::{Builder, Runtime};
use url::Url;

use super::coding::{Coding, is_text};
use crate::fsx::{self, FileError};
use manifest::{Manifest, NAME, Work};

/// So many objects are on their way at once.
const AT_ONCE: usize = 16;
/// A longer file is not put.
const LONGEST: u64 = 1 << 30;

/// The storage cannot be used.
#[derive(Debug, ThisError)]
pub enum StoreError {
    /// Its address or the credentials make no sense.
    #[error("the storage cannot be used: {0}")]
    Odd(String),
    /// It could not be reached, or refused.
    #[error("the storage failed: {}", told(.0))]
    Failed(#[from] Error),
    /// A file of ours cannot be read.
    #[error(transparent)]
    File(#[from] FileError),
    /// Another machine publishes at this moment.
    #[error("another machine has published there at the same moment; the next run does the rest")]
    Raced,
    /// What lies there under the manifest's name is none.
    #[error("`{NAME}` in the storage is no manifest of ours; move it away: {0}")]
    Manifest(#[from] serde_json::Error),
    /// No thread could be started.
    #[error("the storage cannot be spoken to: {0}")]
    Runtime(#[from] std::io::Error),
}

/// What was asked, and at the end what lies behind it, such as a certificate that is not believed.
fn told(error: &Error) -> String {
    let mut innermost: &dyn std::error::Error = error;
    while let Some(source) = innermost.source() {
        innermost = source;
    }
    let (whole, cause) = (error.to_string(), innermost.to_string());
    if whole.contains(&cause) { whole } else { format!("{whole}: {cause}") }
}

impl StoreError {
    /// Whether it may do later.
    pub fn is_temporary(&self) -> bool {
        matches!(self, Self::Raced | Self::Failed(Error::Generic { .. }))
    }
}

/// Something that is to lie in the storage.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Object {
    /// Its path below the storage's prefix.
    pub path: String,
    /// The file that holds it.
    pub file: PathBuf,
    /// A hash of its bytes.
    pub hash: String,
    /// Its media type.
    pub media_type: String,
    /// How long caches may keep it, in seconds.
    pub max_age: u32,
    /// Whether it leads to others, and so comes after them.
    pub is_entrance: bool,
}

/// What became of a publication.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Published {
    /// Objects that were put, with their compressed forms.
    pub put: usize,
    /// Objects that were taken away.
    pub removed: usize,
}

/// A place in object storage.
#[derive(Debug)]
pub struct Store {
    inner: Box<dyn ObjectStore>,
    prefix: Path,
    /// Folders know neither headers nor conditions.
    is_folder: bool,
    runtime: Runtime,
}

/// What is put: the path, the bytes of it, how they are coded.
struct Parcel<'a> {
    object: &'a Object,
    path: String,
    bytes: Vec<u8>,
    coding: Option<Coding>,
}

impl Store {
    /// The storage at `url`, with what the environment says of credentials and the like.
    ///
    /// # Errors
    /// The address is of no kind that is known, or something that it needs is not said.
    pub fn open(url: &Url, options: &[(String, String)]) -> Result<Self, StoreError> {
        let options = options.iter().map(|(key, value)| (key.as_str(), value.as_str()));
        let (inner, prefix) =
            object_store::parse_url_opts(url, options).map_err(|error| StoreError::Odd(error.to_string()))?;
        let runtime = Builder::new_current_thread().enable_all().build()?;
        Ok(Self { inner, prefix, is_folder: url.scheme() == "file", runtime })
    }

    /// Has the storage hold these objects, and no other of ours.
    ///
    /// # Errors
    /// Whatever has been put until then is right: the next publication goes on.
    pub fn publish(&self, objects: &[Object]) -> Result<Published, StoreError> {
        self.runtime.block_on(self.all(objects))
    }

    async fn all(&self, objects: &[Object]) -> Result<Published, StoreError> {
        let (before, version) = self.manifest().await?;
        let mut wanted = Manifest::default();
        for object in objects {
            for path in self.paths(object) {
                wanted.0.insert(path, object.hash.clone());
            }
        }
        let Work { changed, gone, intent } = before.work(&wanted);
        if changed.is_empty() && gone.is_empty() {
            return Ok(Published::default());
        }
        let version = self.write_manifest(&intent, version).await?;
        for is_entrance in [false, true] {
            let parcels = objects
                .iter()
                .filter(|object| object.is_entrance == is_entrance)
                .flat_map(|object| self.paths(object).into_iter().map(move |path| (object, path)))
                .filter(|(_, path)| changed.contains(path));
            stream::iter(parcels)
                .map(|(object, path)| self.put(object, path))
                .buffer_unordered(AT_ONCE)
                .try_for_each(|()| async { Ok(()) })
                .await?;
        }
        let paths = gone.iter().map(|path| self.at(path)).collect::<Result<Vec<_>, _>>()?;
        let swept = self.inner.delete_stream(stream::iter(paths.into_iter().map(Ok)).boxed());
        // One that has gone by itself is gone.
        let is_gone = |result: &Result<Path, Error>| !matches!(result, Err(Error::NotFound { .. }));
        swept.filter(|result| std::future::ready(is_gone(result))).try_for_each(|_| async { Ok(()) }).await?;
        self.write_manifest(&wanted, version).await?;
        Ok(Published { put: changed.len(), removed: gone.len() })
    }

    /// Where an object lies, and its compressed forms.
    fn paths(&self, object: &Object) -> Vec<String> {
        let mut paths = vec![object.path.clone()];
        if !self.is_folder && is_text(&object.media_type) {
            paths.extend(Coding::ALL.map(|coding| format!("{}.{}", object.path, coding.ending())));
        }
        paths
    }

    async fn put(&self, object: &Object, path: String) -> Result<(), StoreError> {
        let bytes = fsx::read(&object.file, LONGEST)?;
        let coding = Coding::ALL
            .into_iter()
            .find(|coding| path.len() > object.path.len() && path.ends_with(coding.ending()));
        let bytes = match coding {
            Some(coding) => coding.compressed(&bytes)?,
            None => bytes,
        };
        let parcel = Parcel { object, path, bytes, coding };
        let options = PutOptions { attributes: self.attributes(&parcel), ..PutOptions::default() };
        self.inner.put_opts(&self.at(&parcel.path)?, PutPayload::from(parcel.bytes), options).await?;
        Ok(())
    }

    fn attributes(&self, parcel: &Parcel<'_>) -> Attributes {
        let mut attributes = Attributes::new();
        if self.is_folder {
            return attributes;
        }
        attributes.insert(Attribute::ContentType, parcel.object.media_type.clone().into());
        let cache = format!("public, max-age={}", parcel.object.max_age);
        attributes.insert(Attribute::CacheControl, cache.into());
        if let Some(coding) = parcel.coding {
            attributes.insert(Attribute::ContentEncoding, coding.name().into());
        }
        attributes
    }

    /// Its key, letter by letter as its address has it once that is decoded.
    fn at(&self, path: &str) -> Result<Path, StoreError> {
        let below = Path::parse(path).map_err(|error| StoreError::Odd(error.to_string()))?;
        Ok(self.prefix.parts().chain(below.parts()).collect())
    }

    async fn manifest(&self) -> Result<(Manifest, Option<UpdateVersion>), StoreError> {
        match self.inner.get(&self.at(NAME)?).await {
            Ok(found) => {
                let version =
                    UpdateVersion { e_tag: found.meta.e_tag.clone(), version: found.meta.version.clone() };
                Ok((serde_json::from_slice(&found.bytes().await?)?, Some(version)))
            }
            Err(Error::NotFound { .. }) => Ok((Manifest::default(), None)),
            Err(error) => Err(error.into()),
        }
    }

    async fn write_manifest(
        &self,
        manifest: &Manifest,
        version: Option<UpdateVersion>,
    ) -> Result<Option<UpdateVersion>, StoreError> {
        let mode = match version {
            _ if self.is_folder => PutMode::Overwrite,
            Some(version) => PutMode::Update(version),
            None => PutMode::Create,
        };
        let payload = PutPayload::from(serde_json::to_vec(manifest)?);
        let options = PutOptions { mode, ..PutOptions::default() };
        match self.inner.put_opts(&self.at(NAME)?, payload, options).await {
            Ok(put) => Ok(Some(UpdateVersion { e_tag: put.e_tag, version: put.version })),
            Err(Error::Precondition { .. } | Error::AlreadyExists { .. }) => Err(StoreError::Raced),
            Err(error) => Err(error.into()),
        }
    }
}
