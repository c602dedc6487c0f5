//! Hands messages over and learns what became of them.
//!
//! Each delivery is written to the ledger before and after its hand-over; how far a failed one came (its phase) decides
//! what it means. Not responsible for what the messages say.

mod breaker;
mod desk;
mod dispatch;
mod keeper;
mod log;
mod maildir;
mod outcome;
mod pace;
mod retry;
mod sendmail;
mod smtp;
mod stdout;
mod tenure;
mod transport;
mod verdict;
mod worker;

pub use desk::Summary;
pub use dispatch::{Absent, Dispatch, Progress};
pub use log::Log;
pub use maildir::Maildir;
pub use sendmail::Sendmail;
pub use smtp::{Relay, SmtpError};
pub use stdout::Stdout;
pub use transport::{Attempt, Outbox, Phase, RelayDown, Reply, Session, Single, Transport};
