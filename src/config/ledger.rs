//! Where the ledger is.

use std::path::PathBuf;
use std::time::Duration;

use super::Secret;

/// What is remembered, and where.
#[derive(Clone, Debug, Default)]
pub struct Memory {
    /// The database that several machines share; `None`: a file of this one's own.
    pub postgres: Option<Postgres>,
    /// Of how many issues of each newsletter the copies are kept one by one; of older ones only how many there were. `None`: of all.
    pub keep: Option<usize>,
}

/// A PostgreSQL database, or what speaks its protocol.
#[derive(Clone, Debug)]
pub struct Postgres {
    /// Without a password.
    pub url: String,
    /// What opens it, where the server asks for it.
    pub password: Option<Secret>,
    /// Whether the connection must be under TLS, with a certificate that is verified.
    pub is_protected: bool,
    /// Authorities beside the system's, in PEM.
    pub ca_file: Option<PathBuf>,
    /// For how long a machine is believed to be alive of which nothing is heard.
    pub lease: Duration,
}
