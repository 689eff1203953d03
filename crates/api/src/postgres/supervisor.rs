//! Keeps the private server running: its owner restarts it when it ends unexpectedly, for example because the system
//! killed it for lack of memory. Others take over from an owner that has left.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use crate::postgres::PrivatePostgres;

/// How often the server is checked.
const CHECK_INTERVAL: Duration = Duration::from_millis(100);

/// How long an attempt waits for a server in recovery; the next one continues waiting.
const ATTEMPT: Duration = Duration::from_secs(5);

/// The pause before the first restart; it doubles with each further attempt.
const MIN_PAUSE: Duration = Duration::from_millis(50);
const MAX_PAUSE: Duration = Duration::from_secs(10);

/// A server that has run this long counts as started.
const SETTLED: Duration = Duration::from_secs(1);

/// A supervised private server. Dropping it stops the server, unless
/// another process owns that.
pub struct Supervisor {
    stop: Arc<AtomicBool>,
    thread: Option<JoinHandle<()>>,
}

impl Supervisor {
    pub(super) fn start(server: PrivatePostgres) -> Self {
        let stop = Arc::new(AtomicBool::new(false));
        let last_error = Arc::clone(&stop);
        let watch = Watch { server, stop: last_error, rest: MIN_PAUSE, started: Instant::now() };
        Self { stop, thread: Some(thread::spawn(move || watch.run())) }
    }
}

impl Drop for Supervisor {
    fn drop(&mut self) {
        self.stop.store(true, Ordering::Relaxed);
        let Some(thread) = self.thread.take() else { return };
        thread.thread().unpark();
        if thread.join().is_err() {
            log::error!("the supervisor of PostgreSQL panicked");
        }
    }
}

struct Watch {
    server: PrivatePostgres,
    stop: Arc<AtomicBool>,
    /// The pause before the next attempt.
    rest: Duration,
    started: Instant,
}

impl Watch {
    fn run(mut self) {
        while !self.is_stopped() {
            match self.server.end() {
                None => thread::park_timeout(CHECK_INTERVAL),
                Some(how) => self.start_again(&how),
            }
        }
    }

    /// Tries until it runs. An obstacle is logged once, not at each attempt.
    fn start_again(&mut self, how: &str) {
        log::error!("PostgreSQL has ended ({how}); it is started again.");
        if self.started.elapsed() >= SETTLED {
            self.rest = MIN_PAUSE;
        }
        let mut last_error = String::new();
        while !self.is_stopped() {
            thread::park_timeout(self.rest);
            self.rest = (self.rest * 2).min(MAX_PAUSE);
            match self.server.start_again(Instant::now() + ATTEMPT) {
                Ok(()) => break,
                Err(error) if error.to_string() == last_error => {}
                Err(error) => {
                    last_error = error.to_string();
                    log::error!("PostgreSQL cannot be started, and is tried again: {last_error}");
                }
            }
        }
        self.started = Instant::now();
    }

    fn is_stopped(&self) -> bool {
        self.stop.load(Ordering::Relaxed)
    }
}
