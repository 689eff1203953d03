//! While the mail server takes nothing, one mail in a while finds out whether it does again.

use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

const SHORTEST: Duration = Duration::from_millis(250);

/// The longest pause: within it all that waits leaves, once the server is back.
const LONGEST: Duration = Duration::from_secs(30);

/// What this process knows of the mail server.
#[derive(Debug, Default)]
pub struct Outage(Mutex<Option<Pause>>);

#[derive(Debug, Clone, Copy)]
struct Pause {
    length: Duration,
    until: Instant,
}

impl Outage {
    /// Whether nothing should be tried now. The first who asks after a pause is told to try; the
    /// others wait for what comes of it.
    pub fn is_on(&self, now: Instant) -> bool {
        let mut pause = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        match &mut *pause {
            None => false,
            Some(pause) if now < pause.until => true,
            Some(pause) => {
                pause.until = now + pause.length;
                false
            }
        }
    }

    /// The server took nothing.
    pub fn goes_on(&self, now: Instant) {
        let mut pause = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let length = pause.map_or(SHORTEST, |it| (it.length * 2).min(LONGEST));
        *pause = Some(Pause { length, until: now + length.mul_f64(rand::random_range(0.8..=1.0)) });
    }

    pub fn is_over(&self) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = None;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_tries_after_each_pause_and_all_go_on_once_it_is_over() {
        let outage = Outage::default();
        let begun = Instant::now();
        assert!(!outage.is_on(begun));

        outage.goes_on(begun);

        assert!(outage.is_on(begun));
        assert!(!outage.is_on(begun + SHORTEST));
        assert!(outage.is_on(begun + SHORTEST));
        for _ in 0..20 {
            outage.goes_on(begun);
        }
        assert!(!outage.is_on(begun + LONGEST));
        outage.is_over();
        assert!(!outage.is_on(begun));
    }
}
