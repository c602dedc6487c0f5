//! Documents reach their place: a folder, each file whole or not at all, one that has not changed not touched. Hubs hear of
//! those that have, and other programs of what has happened.
//!
//! Not responsible for what is in them.

mod folder;
mod hub;
mod webhook;

pub use folder::Folder;
pub use hub::{HubError, Teller, agent};
pub use webhook::{Herald, WebhookError};
