//! Which jobs are running now, recorded in the database, so that every process can show all of them.

use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use crate::db::Db;
use crate::worker::store;

/// How often a process records its running jobs.
const BUSY_INTERVAL: Duration = Duration::from_secs(1);

/// How often a process records that it is alive when no job is running.
const IDLE_INTERVAL: Duration = Duration::from_secs(30);

/// What the workers of this process are doing.
#[derive(Debug)]
pub struct Heartbeat {
    names: Vec<&'static str>,
    spans: Mutex<HashMap<&'static str, BusySpan>>,
}

/// An uninterrupted time in which a job is running.
#[derive(Debug, Clone, Copy)]
struct BusySpan {
    since: Instant,
    workers: usize,
}

impl Heartbeat {
    /// The heartbeat of a process that runs these jobs.
    pub fn new(names: Vec<&'static str>) -> Self {
        Self { names, spans: Mutex::default() }
    }

    /// A worker begins to look for work.
    pub fn begin(&self, name: &'static str) {
        let mut spans = self.spans();
        spans.entry(name).or_insert(BusySpan { since: Instant::now(), workers: 0 }).workers += 1;
    }

    /// A worker has finished what there was to do.
    pub fn end(&self, name: &'static str) {
        let mut spans = self.spans();
        if let Some(span) = spans.get_mut(name) {
            span.workers -= 1;
        }
        spans.retain(|_, it| it.workers > 0);
    }

    /// Records the running jobs until the process stops. Work that is shorter than a beat is left out: its
    /// outcome is recorded anyway.
    pub fn beat(&self, db: &Db, stop: &AtomicBool) {
        let mut recorded_at: Option<Instant> = None;
        while !stop.load(Ordering::Relaxed) {
            let busy = self.busy();
            if !busy.is_empty() || recorded_at.is_none_or(|it| it.elapsed() >= IDLE_INTERVAL) {
                let seen: Vec<(&str, Option<Duration>)> =
                    self.names.iter().map(|it| (*it, busy.get(it).copied())).collect();
                match store::record_beat(&seen, db) {
                    Ok(()) => recorded_at = Some(Instant::now()),
                    Err(problem) => log::debug!("the jobs at work were not recorded: {problem}"),
                }
            }
            std::thread::park_timeout(BUSY_INTERVAL);
        }
    }

    fn busy(&self) -> HashMap<&'static str, Duration> {
        let spans = self.spans();
        let lasting = spans.iter().map(|(name, it)| (*name, it.since.elapsed()));
        lasting.filter(|(_, it)| *it >= BUSY_INTERVAL).collect()
    }

    fn spans(&self) -> MutexGuard<'_, HashMap<&'static str, BusySpan>> {
        self.spans.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_busy_span_lasts_from_the_first_worker_to_the_last() {
        let heartbeat = Heartbeat::new(vec!["mail"]);
        let since = || heartbeat.spans().get("mail").map(|it| it.since);

        heartbeat.begin("mail");
        let first = since();
        heartbeat.begin("mail");
        heartbeat.end("mail");

        assert!(first.is_some());
        assert_eq!(since(), first);
        heartbeat.end("mail");
        assert_eq!(since(), None);
    }
}
