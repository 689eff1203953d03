//! Whether the database can be reached. An outage is logged once when it begins and once when it ends, however
//! often and by whomever it is noticed.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Instant;

/// The cause of problems that are due to an outage; the outage itself is logged here.
pub const UNREACHABLE: &str = "the database cannot be reached";

/// What a process knows about the reachability of the database.
#[derive(Debug, Default)]
pub struct Outage {
    since: Mutex<Option<Instant>>,
    losses: AtomicU64,
}

impl Outage {
    /// Whether the last attempt to connect failed.
    pub fn is_on(&self) -> bool {
        self.since().is_some()
    }

    /// How often connections were lost. One that was opened before the last loss is taken for dead.
    pub fn losses(&self) -> u64 {
        self.losses.load(Ordering::Acquire)
    }

    /// A connection could not be opened.
    pub fn begin(&self, cause: &str) {
        let mut since = self.since();
        if since.is_none() {
            *since = Some(Instant::now());
            log::warn!("{UNREACHABLE}: {}", cause.trim());
        }
    }

    /// A connection that was opened after this many losses was lost. Of connections that die together
    /// only the first counts.
    pub fn record_loss(&self, losses: u64, cause: &str) {
        let next = losses + 1;
        let first =
            self.losses.compare_exchange(losses, next, Ordering::AcqRel, Ordering::Acquire).is_ok();
        if first {
            self.begin(cause);
        }
    }

    /// A connection was opened.
    pub fn end(&self) {
        if let Some(since) = self.since().take() {
            let seconds = since.elapsed().as_secs_f32();
            log::info!("the database is reached again, after {seconds:.1} s");
        }
    }

    fn since(&self) -> MutexGuard<'_, Option<Instant>> {
        self.since.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn connections_that_die_together_are_one_loss() {
        let outage = Outage::default();

        outage.record_loss(0, "closed");
        outage.end();
        outage.record_loss(0, "closed");
        assert_eq!((outage.losses(), outage.is_on()), (1, false));

        outage.record_loss(1, "closed");
        assert_eq!((outage.losses(), outage.is_on()), (2, true));
    }
}
