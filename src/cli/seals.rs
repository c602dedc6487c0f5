//! What copies are sealed with: links, signatures, envelope senders.

use data_encoding::HEXLOWER;
use secrecy::SecretString;

use super::site::{Failure, Site};
use crate::config::Config;
use crate::fsx;
use crate::ids::{self, SubscriberId};
use crate::mail::Seal;
use crate::mail::dkim::DkimKey;
use crate::subscribers::keys::Keys;
use crate::subscribers::returns::Returns;
use crate::subscribers::token::Signer;

/// The keys themselves.
pub(super) struct Seals {
    links: Option<Signer>,
    keys: Vec<DkimKey>,
    returns: Option<Returns>,
}

impl Seals {
    /// All that shows in a copy, which is all but its envelope.
    pub(super) fn of_copies(site: &Site) -> Result<Self, Failure> {
        let mut keys = Vec::new();
        for dkim in &site.config.mail.dkim {
            keys.push(DkimKey::load(dkim).map_err(|error| Failure::Usage(error.to_string()))?);
        }
        Ok(Self { links: site.signer()?, keys, returns: None })
    }

    /// The same, and the envelope too.
    pub(super) fn of_mail(site: &Site) -> Result<Self, Failure> {
        Ok(Self { returns: returns(&site.config)?, ..Self::of_copies(site)? })
    }

    pub(super) fn seal(&self) -> Seal<'_> {
        Seal { links: self.links.as_ref(), keys: &self.keys, returns: self.returns.as_ref() }
    }
}

/// What makes and reads envelope senders, where bounces have an address of their own.
pub(super) fn returns(config: &Config) -> Result<Option<Returns>, Failure> {
    let Some(address) = &config.mail.bounces.address else { return Ok(None) };
    Ok(Some(Returns::new(keys(config)?, address.clone())))
}

/// What signs: the server's secret; where there is no server, one that is made once and kept.
pub(super) fn keys(config: &Config) -> Result<Keys, Failure> {
    let (secrets, place) = match &config.server {
        Some(server) => {
            let secrets = server.secret.reveal_all().map_err(|error| Failure::Usage(error.to_string()))?;
            (secrets, "in `server.secret_file`")
        }
        None => (vec![own_secret(config)?], "`.tidings/secret`"),
    };
    Keys::new(&secrets)
        .ok_or_else(|| Failure::Usage(format!("a secret {place} is missing or shorter than 16 characters")))
}

/// What hashes the addresses of people who are forgotten: a secret of its own, as one that is changed would forget them a second time.
pub(super) fn erasure_keys(config: &Config) -> Result<Keys, Failure> {
    Keys::new(&[own_secret(config)?]).ok_or_else(|| {
        Failure::Usage("the secret in `.tidings/secret` is shorter than 16 characters".to_owned())
    })
}

/// How a run and the subscribers are called in the log.
pub(super) struct LogNames {
    /// Of its own for each run.
    pub run: String,
    keys: Keys,
}

impl LogNames {
    pub(super) fn new(config: &Config) -> Result<Self, Failure> {
        Ok(Self { run: HEXLOWER.encode(&random::<4>()?), keys: erasure_keys(config)? })
    }

    /// The same for ever, and nothing to those who do not have the site's secret: an address could be found out by trying.
    pub(super) fn of(&self, subscriber: &SubscriberId) -> String {
        HEXLOWER.encode(&self.keys.tag("log", &[subscriber.as_str().as_bytes()])[..8])
    }
}

fn random<const N: usize>() -> Result<[u8; N], Failure> {
    Ok(ids::random().ok_or_else(|| anyhow::anyhow!("this system gives no random numbers"))?)
}

fn own_secret(config: &Config) -> Result<SecretString, Failure> {
    let path = config.state_dir().join("secret");
    match fsx::read_text(&path) {
        Ok(text) => Ok(text.into()),
        Err(error) if error.is_absent() => {
            let text = HEXLOWER.encode(&random::<32>()?);
            fsx::write_private(&path, text.as_bytes())?;
            Ok(text.into())
        }
        Err(error) => Err(error.into()),
    }
}
