//! Documents reach their place: a folder, each file whole or not at all, one that has not changed not touched; object storage, in an order
//! in which no reader finds a link without its target. Hubs hear of those that have changed, and other programs of what has happened.
//!
//! Not responsible for what is in them.

mod coding;
mod folder;
mod hub;
mod store;
mod webhook;

pub use coding::{Coding, is_text};
pub use folder::Folder;
pub use hub::{HubError, Teller, agent};
pub use store::{Object, Published, Store, StoreError};
pub use webhook::{Herald, WebhookError};
