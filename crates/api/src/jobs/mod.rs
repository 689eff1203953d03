//! Work that no request waits for: claimed in the database, by any number of processes.
//!
//! A kind of work is a row of [`JOBS`]. Either it claims what it does row by row with a lease
//! (mail: a slow server holds up one mail), or it does a portion in one transaction that
//! [`alone`] guards, so that of many processes one is at it.

pub mod mail;
pub mod store;

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::JoinHandle;
use std::time::Duration;

use diesel::PgConnection;

use crate::db::{self, Db};
use crate::mail::transport::Mailer;
use crate::problem::Problem;

/// What jobs work with.
pub struct Tools {
    /// The jobs' own way to the database.
    pub db: Db,
    /// How mail leaves.
    pub mailer: Mailer,
    /// How clients reach the API.
    pub public_url: String,
}

/// What a portion of work came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Progress {
    /// Something was done, and there may be more.
    Worked,
    /// There was nothing to do.
    Idle,
}

/// A kind of work.
#[derive(Debug)]
pub struct Job {
    /// What it is called, in the log and in the list of jobs.
    pub name: &'static str,
    /// How many of a process are at it at once.
    pub workers: usize,
    /// How long a worker that found nothing waits before it looks again.
    pub pause: Duration,
    /// Does one portion.
    pub run: fn(&Tools) -> Result<Progress, Problem>,
}

/// Every kind of work.
#[rustfmt::skip]
pub const JOBS: &[Job] = &[
    Job { name: "mail", workers: 2, pause: Duration::from_millis(500), run: mail::send_next },
];

/// Connections that the jobs of a process share.
pub const CONNECTIONS: u32 = 4;

/// How long a worker rests after a failure.
const REST: Duration = Duration::from_secs(5);

/// Does `work` in one transaction, unless another worker, of whatever process, is at it.
///
/// # Errors
/// Those of `work`; a failure of the database.
pub fn alone(
    name: &str,
    db: &Db,
    work: impl FnOnce(&mut PgConnection) -> Result<Progress, Problem>,
) -> Result<Progress, Problem> {
    db.transaction_here(|conn| {
        if db::try_turn(&format!("job/{name}"), conn)? { work(conn) } else { Ok(Progress::Idle) }
    })
}

/// The workers of this process; they end when dropped.
#[derive(Debug)]
pub struct Workers {
    stop: Arc<AtomicBool>,
    threads: Vec<JoinHandle<()>>,
}

impl Workers {
    /// Starts all kinds of work.
    pub fn start(tools: Tools) -> Self {
        let stop = Arc::new(AtomicBool::new(false));
        let tools = Arc::new(tools);
        let workers = JOBS.iter().flat_map(|job| std::iter::repeat_n(job, job.workers));
        let threads = workers.map(|job| {
            let (stop, tools) = (Arc::clone(&stop), Arc::clone(&tools));
            std::thread::spawn(move || work(job, &tools, &stop))
        });
        Self { threads: threads.collect(), stop }
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

fn work(job: &Job, tools: &Tools, stop: &AtomicBool) {
    let mut is_failing = false;
    while !stop.load(Ordering::Relaxed) {
        let outcome = portion(job, tools);
        if let Err(problem) = &outcome {
            log::error!("job {}: {problem}", job.name);
        }
        let is_news = is_failing || !matches!(outcome, Ok(Progress::Idle));
        is_failing = outcome.is_err();
        if is_news && let Err(problem) = store::note(job.name, &outcome, &tools.db) {
            log::error!("job {}: its outcome was not noted: {problem}", job.name);
        }
        match outcome {
            Ok(Progress::Worked) => {}
            Ok(Progress::Idle) => std::thread::park_timeout(job.pause),
            Err(_) => std::thread::park_timeout(REST),
        }
    }
}

/// One portion; a panic is a failure like others, and the worker goes on.
fn portion(job: &Job, tools: &Tools) -> Result<Progress, Problem> {
    catch_unwind(AssertUnwindSafe(|| (job.run)(tools)))
        .unwrap_or_else(|_| Err(Problem::unexpected("panicked")))
}
