//! Documents reach their place: a folder, each file whole or not at all, one that has not changed not touched.
//!
//! Not responsible for what is in them.

use std::path::Path;

use crate::feed::Document;
use crate::fsx::{self, Change, FileError};

/// Puts every document below `folder`; what was done to each, in their order.
pub fn to_folder(folder: &Path, documents: &[Document]) -> Result<Vec<Change>, FileError> {
    documents.iter().map(|document| fsx::write_atomic(&folder.join(document.path), &document.bytes)).collect()
}
