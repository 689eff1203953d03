//! Work that no request waits for: claimed in the database, by any number of processes.
//!
//! A kind of work is a row of [`JOBS`]. Either it claims what it does row by row with a lease
//! (mail: a slow server holds up one mail), or it does a portion in one transaction that
//! [`run_exclusively`] guards, so that of many processes one is at it. What the clock of the rules makes
//! due is a row of [`TIMED`].

pub(crate) mod batch;
pub(crate) mod heartbeat;
pub(crate) mod store;

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::JoinHandle;
use std::time::Duration;

use chrono::{DateTime, Utc};
use diesel::{PgConnection, QueryResult};

use crate::attachments::sweep;
use crate::auth::expiry;
use crate::db::{Db, clock};
use crate::events::done::{Done, recorded};
use crate::idempotency;
use crate::mail;
use crate::notifications::job;
use crate::problem::Problem;
use crate::tickets::deadlines::{alerts, auto_close, recalculation};
use crate::tickets::lifecycle::settle_release;
use crate::webhooks::sending;
use crate::worker::batch::{JobContext, Progress, run_exclusively};
use crate::worker::heartbeat::Heartbeat;

/// Does one portion of work.
pub type Run = fn(&JobContext) -> Result<Progress, Problem>;

/// Does one bounded portion of what is due at an instant of the rules.
pub type RunAt = fn(DateTime<Utc>, &mut PgConnection) -> Result<Done<Progress>, Problem>;

/// The first instant after another at which there will be something to do.
pub type NextDue = fn(DateTime<Utc>, &mut PgConnection) -> QueryResult<Option<DateTime<Utc>>>;

/// A kind of work.
#[derive(Debug)]
pub struct Job {
    /// What it is called, in the log and in the list of jobs.
    pub name: &'static str,
    /// How many of a process are at it at once.
    pub workers: usize,
    /// How long a worker that found nothing waits before it looks again.
    pub pause: Duration,
    pub run: Run,
}

/// Every kind of work.
#[rustfmt::skip]
pub const JOBS: &[Job] = &[
    Job { name: "idempotent_answers", workers: 1, pause: Duration::from_secs(60), run: idempotency::purge::idempotent_answers },
    Job { name: job::NAME, workers: 1, pause: Duration::from_millis(500), run: job::tell },
    Job { name: "mail", workers: 4, pause: Duration::from_millis(500), run: mail::sending::send_next },
    Job { name: "ended_access", workers: 1, pause: Duration::from_secs(600), run: expiry::clear },
    Job { name: "expired_uploads", workers: 1, pause: Duration::from_secs(60), run: sweep::expired },
    Job { name: "orphans", workers: 1, pause: Duration::from_secs(24 * 3600), run: sweep::orphans },
    Job { name: "webhook_events", workers: 1, pause: Duration::from_millis(250), run: sending::fan_out },
    Job { name: "webhooks", workers: 8, pause: Duration::from_millis(500), run: sending::deliver_next },
    Job { name: "webhook_deliveries", workers: 1, pause: Duration::from_secs(60), run: sending::forget },
];

/// Work that the clock of the rules makes due: done in one transaction at a time, by one worker
/// of all processes.
#[derive(Debug)]
pub struct Timed {
    /// What it is called, in the log and in the list of jobs.
    pub name: &'static str,
    /// Does one portion of what is due.
    pub run: RunAt,
    /// When it will next have something to do.
    pub next_due: NextDue,
}

/// Every kind of work that the clock makes due.
#[rustfmt::skip]
pub const TIMED: &[Timed] = &[
    Timed { name: "feedback_timeout", run: auto_close::close, next_due: auto_close::next_closing },
    Timed { name: "feedback_reminders", run: auto_close::remind, next_due: auto_close::next_reminding },
    Timed { name: "reviews", run: auto_close::review, next_due: auto_close::next_review },
    Timed { name: "recalculation", run: recalculation::run, next_due: alerts::never },
    Timed { name: "deadlines", run: alerts::tell, next_due: alerts::next_due },
    Timed { name: "releases", run: settle_release::run, next_due: settle_release::next_due },
];

/// How long a worker of such a kind waits before it looks again.
const TIMED_PAUSE: Duration = Duration::from_secs(2);

/// The jobs that make something of what others did, in their order: a sandbox that set its clock
/// runs them before it answers.
pub const FOLLOWING: &[Run] = &[job::tell_in_turn, sending::fan_out];

/// Connections that the jobs of a process share.
pub const CONNECTIONS: u32 = 4;

/// How long a worker rests after a failure.
const REST: Duration = Duration::from_secs(5);

/// The name of each kind of work, once.
pub fn names() -> impl Iterator<Item = &'static str> {
    JOBS.iter().map(|it| it.name).chain(TIMED.iter().map(|it| it.name))
}

/// The workers of this process; they end when dropped.
#[derive(Debug)]
pub struct Workers {
    stop: Arc<AtomicBool>,
    threads: Vec<JoinHandle<()>>,
}

impl Workers {
    /// Starts all kinds of work, and tells what is at work.
    pub fn start(tools: &Arc<JobContext>) -> Self {
        let stop = Arc::new(AtomicBool::new(false));
        let pulse = Arc::new(Heartbeat::default());
        let worker = |name, pause, run: Box<RunHere>| {
            let (stop, tools, pulse) = (Arc::clone(&stop), Arc::clone(tools), Arc::clone(&pulse));
            std::thread::spawn(move || work(name, pause, &*run, &tools, &pulse, &stop))
        };
        let of_jobs = JOBS.iter().flat_map(|job| std::iter::repeat_n(job, job.workers));
        let of_jobs = of_jobs.map(|job| worker(job.name, job.pause, Box::new(job.run)));
        let of_timed = TIMED.iter().map(|job| {
            let run = |tools: &JobContext| {
                let work = |conn: &mut _| (job.run)(clock::now(conn)?.rules, conn);
                run_exclusively(job.name, &tools.db, recorded(work))
            };
            worker(job.name, TIMED_PAUSE, Box::new(run))
        });
        let mut threads: Vec<_> = of_jobs.chain(of_timed).collect();
        let (ended, tools) = (Arc::clone(&stop), Arc::clone(tools));
        threads.push(std::thread::spawn(move || pulse.tell(&tools.db, &ended)));
        Self { threads, stop }
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
                log::error!("a worker had panicked");
            }
        }
    }
}

/// Does one portion, with all that it needs at hand.
type RunHere = dyn Fn(&JobContext) -> Result<Progress, Problem> + Send;

fn work(
    name: &'static str,
    pause: Duration,
    run: &RunHere,
    tools: &JobContext,
    pulse: &Heartbeat,
    stop: &AtomicBool,
) {
    let mut is_failing = false;
    while !stop.load(Ordering::Relaxed) {
        pulse.begin(name);
        let mut outcome = portion(run, tools);
        while matches!(outcome, Ok(Progress::Worked)) && !stop.load(Ordering::Relaxed) {
            is_failing = false;
            note(name, &outcome, &tools.db);
            outcome = portion(run, tools);
        }
        pulse.end(name);
        if let Err(problem) = &outcome {
            log::error!("job {name}: {problem}");
        }
        if is_failing || !matches!(outcome, Ok(Progress::Idle)) {
            note(name, &outcome, &tools.db);
        }
        is_failing = outcome.is_err();
        std::thread::park_timeout(if is_failing { REST } else { pause });
    }
}

fn note(name: &str, outcome: &Result<Progress, Problem>, db: &Db) {
    if let Err(problem) = store::note(name, outcome, db) {
        log::error!("job {name}: its outcome was not noted: {problem}");
    }
}

/// One portion; a panic is a failure like others, and the worker goes on.
fn portion(run: &RunHere, tools: &JobContext) -> Result<Progress, Problem> {
    catch_unwind(AssertUnwindSafe(|| run(tools)))
        .unwrap_or_else(|_| Err(Problem::unexpected("panicked")))
}
