//! Work that no request waits for, on threads of its own, in any number of processes. Knows no
//! slice: what there is to do comes as values.

pub(crate) mod batch;
pub(crate) mod heartbeat;
pub(crate) mod store;

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::JoinHandle;
use std::time::Duration;

use crate::db::{Db, is_outage};
use crate::problem::Problem;
use crate::worker::batch::Progress;
use crate::worker::heartbeat::Heartbeat;

/// How long a worker rests after a failure.
const REST: Duration = Duration::from_secs(5);

/// How long a worker rests while the database cannot be reached.
const OUTAGE_REST: Duration = Duration::from_secs(1);

/// Does one bounded batch of work.
pub type Run = dyn Fn() -> Result<Progress, Problem> + Send + Sync;

/// Something to do over and over.
pub struct Duty {
    pub name: &'static str,
    /// How many of a process are at it at once.
    pub workers: usize,
    /// How long a worker that found nothing waits before it looks again.
    pub pause: Duration,
    pub run: Arc<Run>,
}

/// The workers of this process; they end when dropped.
#[derive(Debug)]
pub struct Workers {
    stop: Arc<AtomicBool>,
    threads: Vec<JoinHandle<()>>,
}

impl Workers {
    pub fn start(duties: &[Duty], db: &Arc<Db>) -> Self {
        let stop = Arc::new(AtomicBool::new(false));
        let heartbeat = Arc::new(Heartbeat::new(duties.iter().map(|it| it.name).collect()));
        let worker = |duty: &Duty| Worker {
            name: duty.name,
            pause: duty.pause,
            run: Arc::clone(&duty.run),
            db: Arc::clone(db),
            heartbeat: Arc::clone(&heartbeat),
            stop: Arc::clone(&stop),
        };
        let workers = duties.iter().flat_map(|duty| std::iter::repeat_n(duty, duty.workers));
        let mut threads: Vec<_> = workers
            .map(|duty| {
                let worker = worker(duty);
                std::thread::spawn(move || worker.work())
            })
            .collect();
        let (ended, db) = (Arc::clone(&stop), Arc::clone(db));
        threads.push(std::thread::spawn(move || heartbeat.beat(&db, &ended)));
        Self { stop, threads }
    }
}

impl Drop for Workers {
    fn drop(&mut self) {
        self.stop.store(true, Ordering::Relaxed);
        for thread in &self.threads {
            thread.thread().unpark();
        }
        for thread in self.threads.drain(..) {
            if thread.join().is_err() {
                log::error!("a worker panicked");
            }
        }
    }
}

/// One thread that does one duty.
struct Worker {
    name: &'static str,
    pause: Duration,
    run: Arc<Run>,
    db: Arc<Db>,
    heartbeat: Arc<Heartbeat>,
    stop: Arc<AtomicBool>,
}

impl Worker {
    fn work(&self) {
        let mut failure = None;
        while !self.is_stopped() {
            self.heartbeat.begin(self.name);
            let mut outcome = self.batch();
            while matches!(outcome, Ok(Progress::Worked)) && !self.is_stopped() {
                self.record(&outcome);
                self.tell(&mut failure, &outcome);
                outcome = self.batch();
            }
            self.heartbeat.end(self.name);
            if failure.is_some() || !matches!(outcome, Ok(Progress::Idle)) {
                self.record(&outcome);
            }
            self.tell(&mut failure, &outcome);
            std::thread::park_timeout(match &outcome {
                Ok(_) => self.pause,
                Err(problem) if is_outage(problem) => OUTAGE_REST,
                Err(_) => REST,
            });
        }
    }

    /// Logs a failure when it begins, becomes another and ends: not each time it is met again. An
    /// outage of the database is no failure of the job.
    fn tell(&self, failure: &mut Option<String>, outcome: &Result<Progress, Problem>) {
        match outcome {
            Err(problem) if is_outage(problem) => {}
            Err(problem) => {
                let told = problem.to_string();
                if failure.as_ref() != Some(&told) {
                    log::error!("job {}: {told}", self.name);
                }
                *failure = Some(told);
            }
            Ok(_) => {
                if failure.take().is_some() {
                    log::info!("job {}: works again", self.name);
                }
            }
        }
    }

    fn is_stopped(&self) -> bool {
        self.stop.load(Ordering::Relaxed)
    }

    /// One batch; a panic is a failure like others, and the worker goes on.
    fn batch(&self) -> Result<Progress, Problem> {
        catch_unwind(AssertUnwindSafe(|| (self.run)()))
            .unwrap_or_else(|_| Err(Problem::unexpected("panicked")))
    }

    fn record(&self, outcome: &Result<Progress, Problem>) {
        if let Err(problem) = store::record_outcome(self.name, outcome, &self.db)
            && !is_outage(&problem)
        {
            log::error!("job {}: its outcome was not recorded: {problem}", self.name);
        }
    }
}
