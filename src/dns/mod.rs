//! What the DNS says of a sender, and what big receivers make of it.
//!
//! The only room below `cli` that waits for something asynchronous, as hickory's resolver is; nothing of it is seen outside.

mod advice;

use std::net::SocketAddr;
use std::time::Duration;

use hickory_resolver::TokioResolver;
use hickory_resolver::config::{ConnectionConfig, NameServerConfig, ResolverConfig, ResolverOpts};
use hickory_resolver::net::runtime::TokioRuntimeProvider;
use hickory_resolver::proto::rr::{RData, RecordType};
use thiserror::Error;

pub use advice::{Key, Sender, advice};

/// How long one question waits for its answer.
const PATIENCE: Duration = Duration::from_secs(5);

/// The DNS could not be asked.
#[derive(Debug, Error)]
pub enum DnsError {
    /// This system has no resolver.
    #[error("the DNS cannot be asked: {0}")]
    Setup(String),
    /// No answer, as opposed to the answer that there is nothing.
    #[error("the DNS gives no answer about `{0}`: {1}")]
    NoAnswer(String, String),
}

/// What is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Texts, the strings of each joined.
    Txt,
    /// Mail servers, by preference; `.` is none (RFC 7505).
    Mx,
    /// Addresses, of either kind.
    Address,
}

/// Somebody to ask.
pub struct Resolver {
    resolver: TokioResolver,
    runtime: tokio::runtime::Runtime,
}

impl Resolver {
    /// The system's resolver, or the server named.
    pub fn new(server: Option<SocketAddr>) -> Result<Self, DnsError> {
        let setup = |error: &dyn std::fmt::Display| DnsError::Setup(error.to_string());
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
        let runtime = runtime.map_err(|error| setup(&error))?;
        let provider = TokioRuntimeProvider::default();
        let mut builder = match server {
            Some(server) => {
                let connection = |mut connection: ConnectionConfig| {
                    connection.port = server.port();
                    connection
                };
                let connections =
                    vec![connection(ConnectionConfig::udp()), connection(ConnectionConfig::tcp())];
                let server = NameServerConfig::new(server.ip(), true, connections);
                TokioResolver::builder_with_config(ResolverConfig::from_name_servers(vec![server]), provider)
            }
            None => TokioResolver::builder(provider).map_err(|error| setup(&error))?,
        };
        let options: &mut ResolverOpts = builder.options_mut();
        options.timeout = PATIENCE;
        // Long texts come by TCP where UDP cuts them off.
        options.edns0 = true;
        let resolver = builder.build().map_err(|error| setup(&error))?;
        Ok(Self { resolver, runtime })
    }

    /// The records of a name; empty where there are none.
    pub fn ask(&self, name: &str, kind: Kind) -> Result<Vec<String>, DnsError> {
        match kind {
            Kind::Txt => self.records(name, RecordType::TXT),
            Kind::Mx => self.records(name, RecordType::MX),
            Kind::Address => {
                let mut found = self.records(name, RecordType::A)?;
                found.extend(self.records(name, RecordType::AAAA)?);
                Ok(found)
            }
        }
    }

    fn records(&self, name: &str, kind: RecordType) -> Result<Vec<String>, DnsError> {
        let absolute = format!("{}.", name.trim_end_matches('.'));
        let found = match self.runtime.block_on(self.resolver.lookup(absolute, kind)) {
            Ok(found) => found,
            Err(error) if error.is_no_records_found() => return Ok(Vec::new()),
            Err(error) => return Err(DnsError::NoAnswer(name.to_owned(), error.to_string())),
        };
        let mut records: Vec<(u16, String)> = Vec::new();
        for record in found.answers() {
            match &record.data {
                RData::TXT(text) if kind == RecordType::TXT => {
                    let whole: Vec<u8> =
                        text.txt_data.iter().flat_map(|piece| piece.iter().copied()).collect();
                    records.push((0, String::from_utf8_lossy(&whole).into_owned()));
                }
                RData::MX(server) => records.push((server.preference, server.exchange.to_string())),
                RData::A(address) => records.push((0, address.to_string())),
                RData::AAAA(address) => records.push((0, address.to_string())),
                _ => {}
            }
        }
        records.sort_by_key(|(preference, _)| *preference);
        Ok(records.into_iter().map(|(_, text)| text).collect())
    }
}
