//! Token buckets: each request takes a token, and they come back at a steady rate.

use std::hash::{BuildHasher as _, Hash, RandomState};
use std::time::Duration;

use governor::clock::{Clock as _, DefaultClock};
use governor::middleware::StateInformationMiddleware;
use governor::state::keyed::HashMapStateStore;
use governor::{Quota, RateLimiter};

use crate::config::Rate;

type Limiter = RateLimiter<u16, HashMapStateStore<u16>, DefaultClock, StateInformationMiddleware>;

/// The buckets of many keys.
///
/// There are always 65,536 of them: a key's bucket is chosen by a hash with a secret of the process. Collisions
/// are rare, and nobody can aim at another's bucket.
pub struct Buckets {
    name: &'static str,
    quota: Quota,
    limiter: Limiter,
    clock: DefaultClock,
    secret: RandomState,
}

/// How full a bucket is after a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Level {
    /// What is counted there.
    pub name: &'static str,
    /// What it holds when it is full.
    pub burst: u32,
    /// How long an empty one takes to fill.
    pub window: Duration,
    pub remaining: u32,
    /// How long until there is a token for the request; none: it got one.
    pub wait: Option<Duration>,
}

impl Buckets {
    /// None if there is no limit.
    pub fn new(name: &'static str, rate: Rate) -> Option<Self> {
        let Rate::Limited { per_second, burst } = rate else { return None };
        let quota = Quota::per_second(per_second).allow_burst(burst);
        let limiter = RateLimiter::hashmap(quota).with_middleware();
        let clock = DefaultClock::default();
        Some(Self { name, quota, limiter, clock, secret: RandomState::new() })
    }

    /// Takes a token of a key.
    pub fn take(&self, key: impl Hash) -> Level {
        let slot = self.secret.hash_one(key) as u16;
        let (remaining, wait) = match self.limiter.check_key(&slot) {
            Ok(state) => (state.remaining_burst_capacity(), None),
            Err(not_until) => (0, Some(not_until.wait_time_from(self.clock.now()))),
        };
        let window = self.quota.burst_size_replenished_in();
        Level { name: self.name, burst: self.quota.burst_size().get(), window, remaining, wait }
    }
}

impl Level {
    /// How long until the bucket is full again, if nothing is taken meanwhile.
    pub fn reset(&self) -> Duration {
        self.window.mul_f64(f64::from(self.burst - self.remaining) / f64::from(self.burst))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn buckets(rate: &str) -> Buckets {
        Buckets::new("person", rate.parse().expect("a rate")).expect("a limit")
    }

    /// RS03: a burst is limited, and then requests wait for tokens to come back.
    #[test]
    fn sec_rs03_a_bucket_is_emptied_and_fills_again() {
        let buckets = buckets("1/3");

        let levels: Vec<Level> = (0..4).map(|_| buckets.take("a key")).collect();

        assert_eq!(levels.iter().map(|it| it.remaining).collect::<Vec<_>>(), [2, 1, 0, 0]);
        assert!(levels[..3].iter().all(|it| it.wait.is_none()));
        assert!(levels[3].wait.is_some_and(|it| it <= Duration::from_secs(1)));
        assert_eq!((levels[0].window.as_secs(), levels[0].reset().as_secs()), (3, 1));
        assert!(Buckets::new("person", Rate::Off).is_none());
    }

    /// RS03: however many keys there are, the table is bounded.
    #[test]
    fn sec_rs03_the_table_of_buckets_is_bounded() {
        let buckets = buckets("1/1");

        for key in 0..200_000 {
            buckets.take(key);
        }

        assert!(buckets.limiter.len() <= 1 << 16, "{}", buckets.limiter.len());
    }
}
