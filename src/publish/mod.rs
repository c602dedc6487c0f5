//! Documents reach their place: a folder, each file whole or not at all, one that has not changed not touched. Hubs hear of
//! those that have.
//!
//! Not responsible for what is in them.

mod folder;
mod hub;

pub use folder::Folder;
pub use hub::{HubError, Teller, agent};
