//! Background work, on threads of its own, in any number of processes. Knows no slice: what there is to do is passed
//! in as values.

pub(crate) mod alarm;
pub(crate) mod batch;
pub(crate) mod heartbeat;
pub(crate) mod store;
pub(crate) mod watch;

use std::collections::HashMap;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use crate::db::{Bell, Db, is_outage};
use crate::problem::Problem;
use crate::worker::alarm::Alarm;
use crate::worker::batch::Progress;
use crate::worker::heartbeat::Heartbeat;
use crate::worker::watch::{FindWork, Watch};

/// How long a worker pauses after a failure.
const PAUSE_AFTER_FAILURE: Duration = Duration::from_secs(5);

/// How long a worker pauses while the database cannot be reached.
const OUTAGE_REST: Duration = Duration::from_secs(1);

/// How often a job that is always busy is recorded.
const RECORDED_EVERY: Duration = Duration::from_secs(1);

/// Does one bounded batch of work.
pub type Run = dyn Fn() -> Result<Progress, Problem> + Send + Sync;

/// Something to do over and over.
pub struct Duty {
    pub name: &'static str,
    /// How many workers of a process run it at once.
    pub workers: usize,
    pub pace: Pace,
    pub run: Arc<Run>,
}

/// When a worker that found nothing looks again.
#[derive(Debug, Clone, Copy)]
pub enum Pace {
    Every(Duration),
    /// When there is work for it, after a pause in which more may arrive.
    WhenFound {
        rest: Duration,
    },
}

/// The workers of this process; they end when dropped.
#[derive(Debug)]
pub struct Workers {
    stop: Arc<AtomicBool>,
    bell: Arc<Bell>,
    alarms: Vec<Arc<Alarm>>,
    threads: Vec<JoinHandle<()>>,
}

impl Workers {
    /// They work at their own pace, or are woken when `find_work` finds something.
    pub fn start(duties: &[Duty], find_work: Arc<FindWork>, db: &Arc<Db>) -> Self {
        let stop = Arc::new(AtomicBool::new(false));
        let heartbeat = Arc::new(Heartbeat::new(duties.iter().map(|it| it.name).collect()));
        let mut alarms: HashMap<&'static str, Arc<Alarm>> = HashMap::new();
        let bell = Arc::clone(db.bell());
        let mut worker = |duty: &Duty| Worker {
            name: duty.name,
            pace: duty.pace,
            alarm: Arc::clone(alarms.entry(duty.name).or_default()),
            bell: Arc::clone(&bell),
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
        let all = alarms.values().map(Arc::clone).collect();
        let watch = Watch { find_work, bell: Arc::clone(&bell), alarms };
        let ended = Arc::clone(&stop);
        threads.push(std::thread::spawn(move || watch.run(&ended)));
        Self { stop, bell, alarms: all, threads }
    }
}

impl Drop for Workers {
    fn drop(&mut self) {
        self.stop.store(true, Ordering::Relaxed);
        self.bell.ring();
        for alarm in &self.alarms {
            alarm.end();
        }
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

/// A thread for one duty.
struct Worker {
    name: &'static str,
    pace: Pace,
    alarm: Arc<Alarm>,
    bell: Arc<Bell>,
    run: Arc<Run>,
    db: Arc<Db>,
    heartbeat: Arc<Heartbeat>,
    stop: Arc<AtomicBool>,
}

impl Worker {
    fn work(&self) {
        let mut failure = None;
        let mut recorded_at = None::<Instant>;
        if matches!(self.pace, Pace::WhenFound { .. }) {
            self.alarm.wait();
        }
        while !self.is_stopped() {
            self.heartbeat.begin(self.name);
            let mut outcome = self.batch();
            while let Ok(progress @ (Progress::Worked | Progress::Finished)) = outcome {
                // Others may continue with the result.
                self.bell.ring();
                if failure.is_some() || recorded_at.is_none_or(|it| it.elapsed() >= RECORDED_EVERY)
                {
                    self.record(&outcome);
                    recorded_at = Some(Instant::now());
                }
                self.log_outcome(&mut failure, &outcome);
                if progress == Progress::Finished || self.is_stopped() {
                    break;
                }
                outcome = self.batch();
            }
            self.heartbeat.end(self.name);
            if failure.is_some() || outcome.is_err() {
                self.record(&outcome);
            }
            self.log_outcome(&mut failure, &outcome);
            self.rest(outcome.err().as_ref());
        }
    }

    /// Waits until there may be something to do; after a failure, until it is worth another try.
    fn rest(&self, failure: Option<&Problem>) {
        match (failure, self.pace) {
            (Some(problem), _) if is_outage(problem) => std::thread::park_timeout(OUTAGE_REST),
            (Some(_), _) => std::thread::park_timeout(PAUSE_AFTER_FAILURE),
            (None, Pace::Every(pause)) => std::thread::park_timeout(pause),
            (None, Pace::WhenFound { rest }) => {
                std::thread::park_timeout(rest);
                self.alarm.wait();
            }
        }
    }

    /// Logs a failure when it begins, changes or ends, not every time it occurs. An outage of the database is
    /// not a failure of the job.
    fn log_outcome(&self, failure: &mut Option<String>, outcome: &Result<Progress, Problem>) {
        match outcome {
            Err(problem) if is_outage(problem) => {}
            Err(problem) => {
                let message = problem.to_string();
                if failure.as_ref() != Some(&message) {
                    log::error!("job {}: {message}", self.name);
                }
                *failure = Some(message);
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
