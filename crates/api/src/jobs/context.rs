//! What jobs work with, and how the table of jobs becomes duties for the workers of this process.

use std::sync::Arc;

use chrono::TimeDelta;
use diesel::PgConnection;

use crate::db::{Db, clock};
use crate::events::done::recorded;
use crate::inbound::imap::ImapFetch;
use crate::jobs::job::{Job, Run, RunWhenDue, When};
use crate::jobs::outgoing::Outgoing;
use crate::jobs::table::JOBS;
use crate::mail::sending::PostOffice;
use crate::problem::Problem;
use crate::storage::Storage;
use crate::webhooks::client::WebhookClient;
use crate::worker::batch::{Progress, run_exclusively, run_in_turn};
use crate::worker::{Duty, Pace};

/// Connections that the jobs of a process share.
pub const CONNECTIONS: u32 = 4;

pub struct JobContext {
    /// The jobs' own connections to the database.
    pub db: Arc<Db>,
    pub post: PostOffice,
    pub outgoing: Outgoing,
    /// The folder from which mails are fetched, if there is one.
    pub imap: Option<ImapFetch>,
    /// The bytes of files.
    pub storage: Storage,
    pub webhooks: WebhookClient,
    /// How long incoming mails are stored.
    pub mails_kept_for: TimeDelta,
}

/// All jobs, as duties.
pub fn duties(context: &Arc<JobContext>) -> Vec<Duty> {
    let duty = |job: &'static Job| {
        let context = Arc::clone(context);
        Duty {
            name: job.name,
            workers: job.workers,
            pace: match job.when {
                When::Every(pause) => Pace::Every(pause),
                When::Found(_) => Pace::WhenFound { rest: job.rest },
            },
            run: Arc::new(move || job.run_batch(&context)),
        }
    };
    JOBS.iter().map(duty).collect()
}

impl Job {
    /// One batch, unless another process is running an exclusive job.
    pub fn run_batch(&self, context: &JobContext) -> Result<Progress, Problem> {
        match self.run {
            Run::Batch(run) => run(context),
            Run::Exclusive { run, .. } => run_exclusively(self.name, &context.db, run),
            Run::Due { run, .. } => {
                run_exclusively(self.name, &context.db, when_due(run, &context.db))
            }
        }
    }

    /// One batch of what becomes due when the clock is set, or of what follows from it, after any other process
    /// that is running the job. Other jobs use wall-clock time and are left alone.
    pub fn run_batch_in_turn(&self, context: &JobContext) -> Result<Progress, Problem> {
        match self.run {
            Run::Batch(_) | Run::Exclusive { is_following: false, .. } => Ok(Progress::Idle),
            Run::Exclusive { run, is_following: true } => run_in_turn(self.name, &context.db, run),
            Run::Due { run, .. } => run_in_turn(self.name, &context.db, when_due(run, &context.db)),
        }
    }
}

/// What is due by the clock of the rules now.
fn when_due(
    run: RunWhenDue,
    db: &Db,
) -> impl FnOnce(&mut PgConnection) -> Result<Progress, Problem> {
    recorded(db.history_key(), move |conn: &mut PgConnection| run(clock::now(conn)?.rules, conn))
}
