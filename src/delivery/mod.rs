//! Hands messages over and learns what became of them.
//!
//! Each delivery is written to the ledger before and after its hand-over; how far a failed one came (its phase) decides
//! what it means. Not responsible for what the messages say.

mod dispatch;
mod maildir;
mod retry;
mod smtp;
mod stdout;
mod transport;
mod verdict;

pub use dispatch::{Summary, deliver};
pub use maildir::Maildir;
pub use smtp::{Relay, SmtpError};
pub use stdout::Stdout;
pub use transport::{Attempt, Phase, RelayDown, Reply, Session, Transport};
