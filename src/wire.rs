//! A connection to a server, plain or under TLS, blocking, with nothing held back (`TCP_NODELAY`).
//!
//! Certificates are verified, always. Not responsible for what is said over it.

use std::io::{self, Read, Write};
use std::net::{TcpStream, ToSocketAddrs as _};
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, InvalidDnsNameError, ServerName};
use rustls::{ClientConfig, ClientConnection, RootCertStore, StreamOwned};
use thiserror::Error;

use crate::fsx;

/// TLS could not be set up.
#[derive(Debug, Error)]
pub enum ProtectionError {
    /// The owner's authorities could not be read.
    #[error(transparent)]
    File(#[from] fsx::FileError),
    /// There is no certificate in the owner's file.
    #[error("`{0}` holds no certificate in PEM")]
    NoCertificate(String),
    /// Neither the system nor the owner names an authority.
    #[error(
        "this system has no certificates to verify a server by; install `ca-certificates` or name a `ca_file`"
    )]
    NoAuthority,
    /// The server's name is not one that a certificate can be for.
    #[error("`{0}` is not a name that a certificate can be for")]
    Name(String, #[source] InvalidDnsNameError),
    /// rustls said no.
    #[error(transparent)]
    Tls(#[from] rustls::Error),
}

/// What a server must prove itself by.
#[derive(Clone, Debug)]
pub struct Protection {
    config: Arc<ClientConfig>,
    name: ServerName<'static>,
}

impl Protection {
    /// For the server called `name`: the system's authorities, and those in `ca_file`.
    pub fn new(name: &str, ca_file: Option<&Path>) -> Result<Self, ProtectionError> {
        let config = client_config(ca_file)?;
        let server = ServerName::try_from(name.to_owned())
            .map_err(|error| ProtectionError::Name(name.to_owned(), error))?;
        Ok(Self { config: Arc::new(config), name: server })
    }
}

/// TLS as a client has it: with the system's authorities, and those in `ca_file`.
pub fn client_config(ca_file: Option<&Path>) -> Result<ClientConfig, ProtectionError> {
    let mut roots = RootCertStore::empty();
    roots.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
    if let Some(path) = ca_file {
        let pem = fsx::read(path, 1 << 20)?;
        let own = CertificateDer::pem_slice_iter(&pem).filter_map(Result::ok);
        if roots.add_parsable_certificates(own).0 == 0 {
            return Err(ProtectionError::NoCertificate(path.display().to_string()));
        }
    }
    if roots.is_empty() {
        return Err(ProtectionError::NoAuthority);
    }
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let config = ClientConfig::builder_with_provider(provider).with_safe_default_protocol_versions()?;
    Ok(config.with_root_certificates(roots).with_no_client_auth())
}

/// The connection.
#[derive(Debug)]
pub enum Wire {
    /// In the clear.
    Plain(TcpStream),
    /// Under TLS.
    Tls(Box<StreamOwned<ClientConnection, TcpStream>>),
}

impl Wire {
    /// Connects to the first of a server's addresses that answers, each within `timeout`.
    pub fn connect(name: &str, port: u16, timeout: Duration) -> io::Result<TcpStream> {
        let mut last = io::Error::new(io::ErrorKind::NotFound, "the name has no address");
        for address in (name, port).to_socket_addrs()? {
            match TcpStream::connect_timeout(&address, timeout) {
                Ok(stream) => {
                    stream.set_nodelay(true)?;
                    return Ok(stream);
                }
                Err(error) => last = error,
            }
        }
        Err(last)
    }

    /// Shakes hands. Whatever came in the clear before and was not asked for is not read.
    pub fn protect(mut stream: TcpStream, protection: &Protection) -> io::Result<Self> {
        let tls = ClientConnection::new(Arc::clone(&protection.config), protection.name.clone());
        let mut tls = tls.map_err(io::Error::other)?;
        while tls.is_handshaking() {
            tls.complete_io(&mut stream)?;
        }
        Ok(Self::Tls(Box::new(StreamOwned::new(tls, stream))))
    }
}

impl Read for Wire {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        match self {
            Self::Plain(stream) => stream.read(buffer),
            Self::Tls(stream) => stream.read(buffer),
        }
    }
}

impl Write for Wire {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match self {
            Self::Plain(stream) => stream.write(bytes),
            Self::Tls(stream) => stream.write(bytes),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        match self {
            Self::Plain(stream) => stream.flush(),
            Self::Tls(stream) => stream.flush(),
        }
    }
}
