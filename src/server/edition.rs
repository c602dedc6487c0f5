//! The site as the server knows it at a moment: settings, templates, keys and documents, which change together.

use std::sync::{Arc, PoisonError, RwLock};

use secrecy::SecretString;

use crate::config::{Config, Newsletter};
use crate::mail::dkim::DkimKey;
use crate::subscribers::keys::Keys;
use crate::subscribers::token::Signer;
use crate::template::Templates;

use super::shelf::Shelf;

/// One state of the site.
pub struct Edition {
    /// The settings.
    pub config: Config,
    /// The site's templates.
    pub templates: Templates,
    /// What signs.
    pub keys: Keys,
    /// What hashes the addresses of people who are forgotten.
    pub erasure: Keys,
    /// What makes the links in mail; without it there are no subscribers' pages.
    pub signer: Option<Signer>,
    /// What signs letters.
    pub dkim: Vec<DkimKey>,
    /// Each of these opens the operator's desk; without any, it is for this machine alone.
    pub tokens: Vec<SecretString>,
    /// Feeds and pages.
    pub shelf: Shelf,
    /// Hears what the owner should know.
    pub say: Arc<dyn Fn(&str) + Send + Sync>,
}

impl Edition {
    /// The newsletter of a name.
    pub fn newsletter(&self, name: &str) -> Option<&Newsletter> {
        self.config.newsletters.iter().find(|newsletter| newsletter.name == name)
    }

    /// The path below which everything is served, ending in `/`.
    pub fn base(&self) -> &str {
        self.config.server.as_ref().map_or_else(|| self.config.site.url.path(), |server| server.url.path())
    }
}

/// The edition that counts, and its successors.
pub struct Current(RwLock<Arc<Edition>>);

impl Current {
    /// Begins with this one.
    pub fn new(edition: Edition) -> Self {
        Self(RwLock::new(Arc::new(edition)))
    }

    /// The one that counts now.
    pub fn get(&self) -> Arc<Edition> {
        Arc::clone(&self.0.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// From now on this one counts.
    pub fn set(&self, edition: Edition) {
        *self.0.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(edition);
    }
}
