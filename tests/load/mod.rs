//! `make load`: figures of a release build under load. They are printed, not judged: how quick a
//! machine is, is no test.

mod heavy_calls;
mod search;
mod sign_in;

use std::collections::BTreeMap;
use std::fmt;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, Instant};

/// How long each load lasts.
pub const DURATION: Duration = Duration::from_secs(10);

/// The pause between two reads of a client that only reads: within the rate of a person.
const PAUSE: Duration = Duration::from_millis(50);

/// The default limits, whatever the other tests raise them to.
pub const DEFAULT_LIMITS: [(&str, &str); 7] = [
    ("HELPDESK_RATE_PERSON", "20/200"),
    ("HELPDESK_RATE_TOKEN", "50/500"),
    ("HELPDESK_RATE_ADDRESS", "100/1000"),
    ("HELPDESK_QUOTA_TICKETS", "200"),
    ("HELPDESK_QUOTA_COMMENTS", "2000"),
    ("HELPDESK_QUOTA_MAILS", "500"),
    ("HELPDESK_QUOTA_UPLOADS", "500"),
];

/// What a series of requests came to.
#[derive(Default)]
pub struct Figures {
    statuses: BTreeMap<u16, usize>,
    times: Vec<Duration>,
}

impl Figures {
    /// Requests sent one after the other, after a pause each, until it is time to stop; each returns
    /// its status.
    pub fn until(stop: &AtomicBool, pause: Duration, mut request: impl FnMut() -> u16) -> Self {
        let mut figures = Self::default();
        while !stop.load(Ordering::Relaxed) {
            thread::sleep(pause);
            let started = Instant::now();
            let status = request();
            figures.times.push(started.elapsed());
            *figures.statuses.entry(status).or_default() += 1;
        }
        figures
    }

    /// Several series as one.
    pub fn sum(all: impl IntoIterator<Item = Self>) -> Self {
        let mut sum = Self::default();
        for figures in all {
            sum.times.extend(figures.times);
            for (status, count) in figures.statuses {
                *sum.statuses.entry(status).or_default() += count;
            }
        }
        sum
    }

    fn percentile(&self, percent: usize) -> Duration {
        let mut times = self.times.clone();
        times.sort_unstable();
        times.get(times.len().saturating_sub(1) * percent / 100).copied().unwrap_or_default()
    }
}

impl fmt::Display for Figures {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [p50, p95, p99, max] = [50, 95, 99, 100].map(|it| self.percentile(it).as_millis());
        let count = self.times.len();
        let statuses = &self.statuses;
        write!(
            f,
            "{count} requests {statuses:?}, p50 {p50} ms, p95 {p95} ms, p99 {p99} ms, max {max} ms"
        )
    }
}

/// Runs a load on this many threads, each with its number, alongside another client; returns the
/// figures of both.
pub fn beside(
    threads: usize,
    load: impl Fn(usize) -> u16 + Sync,
    mut other: impl FnMut() -> u16 + Send,
) -> (Figures, Figures) {
    let (stop, load) = (&AtomicBool::new(false), &load);
    thread::scope(|scope| {
        let loads: Vec<_> = (0..threads)
            .map(|number| {
                scope.spawn(move || Figures::until(stop, Duration::ZERO, || load(number)))
            })
            .collect();
        let other = scope.spawn(move || Figures::until(stop, PAUSE, &mut other));
        thread::sleep(DURATION);
        stop.store(true, Ordering::Relaxed);
        let load = Figures::sum(loads.into_iter().map(|it| it.join().unwrap()));
        (load, other.join().unwrap())
    })
}

/// Prints a line of the report.
#[expect(clippy::print_stdout, reason = "a report belongs on standard output")]
pub fn report(what: &str, figures: impl fmt::Display) {
    println!("{what}: {figures}");
}
