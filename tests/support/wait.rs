//! Waiting for what happens by itself.

use std::thread;
use std::time::{Duration, Instant};

/// How long anything may take.
const TIMEOUT: Duration = Duration::from_secs(60);

/// Looks again and again, at short intervals, until something is so.
#[track_caller]
pub fn wait_until(what: &str, mut is_so: impl FnMut() -> bool) {
    wait_for(what, || is_so().then_some(()));
}

/// The same for something to be found.
#[track_caller]
pub fn wait_for<T>(what: &str, mut find: impl FnMut() -> Option<T>) -> T {
    let started = Instant::now();
    loop {
        if let Some(found) = find() {
            return found;
        }
        assert!(started.elapsed() < TIMEOUT, "waited in vain until {what}");
        thread::sleep(Duration::from_millis(10));
    }
}
