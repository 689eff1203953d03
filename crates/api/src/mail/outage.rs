//! While the mail server accepts nothing, a single mail probes it from time to time.

use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

const MIN_PAUSE: Duration = Duration::from_millis(250);

/// The maximum pause, after which sending resumes once the server is back.
const MAX_PAUSE: Duration = Duration::from_secs(30);

/// What this process knows about the mail server.
#[derive(Debug, Default)]
pub struct Outage(Mutex<Option<Pause>>);

#[derive(Debug, Clone, Copy)]
struct Pause {
    length: Duration,
    until: Instant,
}

impl Outage {
    /// Whether sending is paused. After a pause the first caller probes the server; the
    /// others wait for the result.
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
    pub fn extend(&self, now: Instant) {
        let mut pause = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let length = pause.map_or(MIN_PAUSE, |it| (it.length * 2).min(MAX_PAUSE));
        *pause = Some(Pause { length, until: now + length.mul_f64(rand::random_range(0.8..=1.0)) });
    }

    pub fn end(&self) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = None;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_attempt_follows_each_pause_and_all_resume_after_the_outage() {
        let outage = Outage::default();
        let begun = Instant::now();
        assert!(!outage.is_on(begun));

        outage.extend(begun);

        assert!(outage.is_on(begun));
        assert!(!outage.is_on(begun + MIN_PAUSE));
        assert!(outage.is_on(begun + MIN_PAUSE));
        for _ in 0..20 {
            outage.extend(begun);
        }
        assert!(!outage.is_on(begun + MAX_PAUSE));
        outage.end();
        assert!(!outage.is_on(begun));
    }
}
