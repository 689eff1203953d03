//! Wakes those who wait for work whenever this process commits something. What other processes commit is found
//! a little later, by polling.

use std::sync::{Condvar, Mutex, PoisonError};
use std::time::Duration;

#[derive(Debug, Default)]
pub struct Bell {
    is_rung: Mutex<bool>,
    rings: Condvar,
}

impl Bell {
    pub fn ring(&self) {
        *self.is_rung.lock().unwrap_or_else(PoisonError::into_inner) = true;
        self.rings.notify_all();
    }

    /// Waits until it is rung, at most this long; returns at once if it was rung since the last wait.
    pub fn wait(&self, most: Duration) {
        let is_rung = self.is_rung.lock().unwrap_or_else(PoisonError::into_inner);
        let waited = self.rings.wait_timeout_while(is_rung, most, |it| !*it);
        let (mut is_rung, _) = waited.unwrap_or_else(PoisonError::into_inner);
        *is_rung = false;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_ring_is_heard_by_whoever_waits_later() {
        let bell = Bell::default();

        bell.ring();
        bell.wait(Duration::from_secs(3_600));
        bell.wait(Duration::ZERO);

        assert!(!*bell.is_rung.lock().unwrap_or_else(PoisonError::into_inner));
    }
}
