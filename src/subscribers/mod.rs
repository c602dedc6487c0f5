//! The list: who may be written to.
//!
//! Only an [`Active`] subscriber can be put into an audience, and nothing but [`Subscriber::active`] makes one. Not
//! responsible for suppressions, which the ledger keeps and which beat every list.

pub mod erasure;
pub mod imports;
pub mod keys;
mod list;
pub mod pass;
pub mod returns;
pub mod token;

use serde::Deserialize;

use crate::address::{Address, Mailbox};
use crate::config::Cadence;
use crate::ids::SubscriberId;

pub use list::{odd_addresses, read, twice};

/// Whether a subscriber may be written to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Status {
    /// Yes.
    #[default]
    Active,
    /// Not until the address is confirmed.
    Pending,
    /// Not for now.
    Paused,
    /// Never again, by their own word.
    Unsubscribed,
    /// Never again: mail comes back.
    Bounced,
    /// Never again: they reported the mail as abuse.
    Complained,
}

impl Status {
    /// All of them.
    pub const ALL: [Self; 6] =
        [Self::Active, Self::Pending, Self::Paused, Self::Unsubscribed, Self::Bounced, Self::Complained];

    /// The one of that name; one that is not written to where there is none.
    pub fn named(name: &str) -> Self {
        Self::ALL.into_iter().find(|status| status.as_str() == name).unwrap_or(Self::Pending)
    }

    /// Its name in lists.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Active => "active",
            Self::Pending => "pending",
            Self::Paused => "paused",
            Self::Unsubscribed => "unsubscribed",
            Self::Bounced => "bounced",
            Self::Complained => "complained",
        }
    }
}

/// One person on a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Subscriber {
    /// The same for every spelling of the address.
    pub id: SubscriberId,
    /// Name (one line, perhaps empty) and address.
    pub mailbox: Mailbox,
    /// BCP 47, where the list says.
    pub language: Option<String>,
    /// What they want to read about; empty is everything.
    pub topics: Vec<String>,
    /// How often they want to hear.
    pub cadence: Cadence,
    /// Whether they may be written to.
    pub status: Status,
}

/// A subscriber who may be written to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Active(Subscriber);

impl Subscriber {
    /// The proof that this subscriber may be written to, if so.
    pub fn active(self) -> Option<Active> {
        (self.status == Status::Active).then_some(Active(self))
    }

    /// Who has this address, on whatever list.
    pub fn id_of(address: &Address) -> SubscriberId {
        subscriber_id(&address.key())
    }

    /// Somebody who is not on any list: for test copies and previews, which record nothing.
    pub fn stranger(mailbox: Mailbox) -> Self {
        let id = Self::id_of(&mailbox.address);
        Self {
            id,
            mailbox,
            language: None,
            topics: Vec::new(),
            cadence: Cadence::default(),
            status: Status::Active,
        }
    }
}

impl Active {
    /// The person.
    pub fn get(&self) -> &Subscriber {
        &self.0
    }
}

fn subscriber_id(address_key: &str) -> SubscriberId {
    SubscriberId::new(&blake3::hash(address_key.as_bytes()).to_hex()[..32])
}
