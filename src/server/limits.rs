//! How often the form may be sent: by one network, for one address, for one list. It keeps no more than it must to know.
//!
//! Where several servers share a ledger, whoever passes here is asked for there, too, under a keyed hash: all of them together let no more
//! pass than one alone, and a flood does not reach the database.

use std::hash::{BuildHasher as _, Hash, RandomState};
use std::net::IpAddr;
use std::num::NonZeroU32;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use data_encoding::HEXLOWER;
use governor::{DefaultKeyedRateLimiter, Quota, RateLimiter};

use super::State;
use crate::ledger::{LedgerError, Share};

/// More keys than that are those of an attack; those that have rested are let go.
const KEYS: usize = 50_000;

/// How many shares there are for all others then.
const SHARED: u64 = 4096;

/// Of one network.
const NETWORK: Share = Share { burst: 10, each: Duration::from_mins(6) };
/// Of one address for one list.
const ADDRESS: Share = Share { burst: 3, each: Duration::from_hours(8) };
/// Of one list.
const LIST: Share = Share { burst: 500, each: Duration::from_secs(2) };

/// The limits of this process. Each is a burst, and how long until one more is let pass.
pub(super) struct Limits {
    networks: DefaultKeyedRateLimiter<u64>,
    addresses: DefaultKeyedRateLimiter<u64>,
    lists: DefaultKeyedRateLimiter<u64>,
    /// Its own, so that nobody can make two keys fall together.
    hasher: RandomState,
    since: Instant,
    /// The minute in which what has rested was let go last.
    swept: AtomicU64,
}

fn limiter(Share { burst, each }: Share) -> DefaultKeyedRateLimiter<u64> {
    let quota = Quota::with_period(each).unwrap_or_else(|| Quota::per_hour(NonZeroU32::MIN));
    RateLimiter::keyed(quota.allow_burst(NonZeroU32::new(burst).unwrap_or(NonZeroU32::MIN)))
}

impl Limits {
    pub(super) fn new() -> Self {
        Self {
            networks: limiter(NETWORK),
            addresses: limiter(ADDRESS),
            lists: limiter(LIST),
            hasher: RandomState::new(),
            since: Instant::now(),
            swept: AtomicU64::new(u64::MAX),
        }
    }

    /// Whether a network may send one more form.
    fn network(&self, network: IpAddr) -> bool {
        self.is_within(&self.networks, &network)
    }

    /// Whether one more letter may go to an address for a list.
    fn letter(&self, list: &str, address: &str) -> bool {
        self.is_within(&self.addresses, &(list, address)) && self.is_within(&self.lists, &list)
    }

    /// Whether a minute has begun since this was asked last.
    fn is_a_new_minute(&self) -> bool {
        let minute = self.since.elapsed().as_secs() / 60;
        self.swept.swap(minute, Ordering::Relaxed) != minute
    }

    fn is_within(&self, limiter: &DefaultKeyedRateLimiter<u64>, key: &impl Hash) -> bool {
        let key = self.hasher.hash_one(key);
        if limiter.len() < KEYS {
            return limiter.check_key(&key).is_ok();
        }
        if self.is_a_new_minute() {
            limiter.retain_recent();
            limiter.shrink_to_fit();
        }
        // Under an attack strangers share what is left, and the others still have theirs.
        limiter.check_key(&(key % SHARED)).is_ok()
    }
}

impl State {
    /// Whether a network may send one more form; `None` where that cannot be known now.
    pub(super) async fn may_send(self: &Arc<Self>, network: IpAddr) -> Option<bool> {
        let asked = vec![(format!("network {network}"), NETWORK)];
        if self.limits.network(network) { self.is_allowed(asked).await } else { Some(false) }
    }

    /// Whether one more letter may go to an address for a list; `None` where that cannot be known now.
    pub(super) async fn may_write(self: &Arc<Self>, list: &str, address: &str) -> Option<bool> {
        let asked = vec![(format!("letter {list} {address}"), ADDRESS), (format!("list {list}"), LIST)];
        if self.limits.letter(list, address) { self.is_allowed(asked).await } else { Some(false) }
    }

    /// Whether those who share the ledger let it pass, too.
    async fn is_allowed(self: &Arc<Self>, asked: Vec<(String, Share)>) -> Option<bool> {
        let edition = self.edition();
        if edition.config.memory.postgres.is_none() {
            return Some(true);
        }
        let allowed = self.with_ledger(move |state, ledger| {
            if state.limits.is_a_new_minute() {
                ledger.forget_allowances(state.now())?;
            }
            for (name, share) in asked {
                let name = HEXLOWER.encode(&edition.keys.tag("allowance", &[name.as_bytes()])[..16]);
                if !ledger.allow(&name, share, state.now())? {
                    return Ok(false);
                }
            }
            Ok::<_, LedgerError>(true)
        });
        allowed.await?.ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_network_and_each_address_has_its_own_share() {
        let limits = Limits::new();
        let network = |n: u8| std::net::IpAddr::from([203, 0, n, 0]);
        assert_eq!((0..100).filter(|_| limits.network(network(1))).count(), 10);
        assert!(limits.network(network(2)));
        assert_eq!((0..100).filter(|_| limits.letter("weekly", "kim@example.net")).count(), 3);
        assert!(limits.letter("weekly", "lee@example.net") && limits.letter("daily", "kim@example.net"));
    }

    #[test]
    fn what_is_kept_is_bounded() {
        let limits = Limits::new();
        for n in 0..200_000_u32 {
            limits.network(std::net::Ipv4Addr::from_bits(n << 8).into());
        }
        assert!(limits.networks.len() <= KEYS + usize::try_from(SHARED).unwrap());
    }
}
