//! Keeps the private server at work: whoever owns it starts it again when it has ended by itself,
//! as one does that the system killed for want of memory. Others take over from an owner who left.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use crate::postgres::PrivatePostgres;

/// How often it is looked whether the server is there.
const LOOK: Duration = Duration::from_millis(100);

/// How long an attempt waits for a server that recovers; the next one goes on waiting.
const ATTEMPT: Duration = Duration::from_secs(5);

/// What comes before the first attempt to start it again; before each further one, twice as much.
const SHORTEST_REST: Duration = Duration::from_millis(50);
const LONGEST_REST: Duration = Duration::from_secs(10);

/// A server that has run so long does not fail at its start.
const SETTLED: Duration = Duration::from_secs(1);

/// A private server that is looked after. Dropping it stops the server, unless
/// another process owns that.
pub struct Supervisor {
    stop: Arc<AtomicBool>,
    thread: Option<JoinHandle<()>>,
}

impl Supervisor {
    pub(super) fn start(server: PrivatePostgres) -> Self {
        let stop = Arc::new(AtomicBool::new(false));
        let told = Arc::clone(&stop);
        let watch = Watch { server, stop: told, rest: SHORTEST_REST, started: Instant::now() };
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
    /// What comes before the next attempt.
    rest: Duration,
    started: Instant,
}

impl Watch {
    fn run(mut self) {
        while !self.is_stopped() {
            match self.server.end() {
                None => thread::park_timeout(LOOK),
                Some(how) => self.start_again(&how),
            }
        }
    }

    /// Tries until it runs. What stands in the way is logged once, not at each attempt.
    fn start_again(&mut self, how: &str) {
        log::error!("PostgreSQL has ended ({how}); it is started again.");
        if self.started.elapsed() >= SETTLED {
            self.rest = SHORTEST_REST;
        }
        let mut told = String::new();
        while !self.is_stopped() {
            thread::park_timeout(self.rest);
            self.rest = (self.rest * 2).min(LONGEST_REST);
            match self.server.start_again(Instant::now() + ATTEMPT) {
                Ok(()) => break,
                Err(error) if error.to_string() == told => {}
                Err(error) => {
                    told = error.to_string();
                    log::error!("PostgreSQL cannot be started, and is tried again: {told}");
                }
            }
        }
        self.started = Instant::now();
    }

    fn is_stopped(&self) -> bool {
        self.stop.load(Ordering::Relaxed)
    }
}
