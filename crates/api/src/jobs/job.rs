//! A job: when it runs, and how.

use std::time::Duration;

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use domain::Text;

use crate::events::done::Done;
use crate::http::caller::Caller;
use crate::jobs::context::JobContext;
use crate::jobs::items::Items;
use crate::problem::Problem;
use crate::worker::batch::Progress;

pub struct Job {
    pub name: &'static str,
    /// How many workers of a process do it at once.
    pub workers: usize,
    pub when: When,
    /// How long a worker rests after it has done what was found: what comes meanwhile is then done together.
    pub rest: Duration,
    pub run: Run,
    /// What it does, in a sentence.
    pub label: Text,
    /// What waits for it; none: it is not counted.
    pub waiting: Option<fn(&Caller) -> Items>,
    /// What was given up; none: nothing ever is.
    pub dead: Option<fn(&Caller) -> Items>,
}

/// When a job runs.
#[derive(Debug, Clone, Copy)]
pub enum When {
    Every(Duration),
    /// As soon as this query, which goes by the clocks `wall` and `rules`, has a row. Its order keeps to the
    /// index that holds what is due: without one PostgreSQL expects to meet a row soon, wherever it looks.
    Found(&'static str),
}

/// Does one batch of what is due at an instant of the rules.
pub type RunWhenDue = fn(DateTime<Utc>, &mut PgConnection) -> Result<Done<Progress>, Problem>;

/// The first instant after another at which there will be something to do.
pub type NextDue = fn(DateTime<Utc>, &mut PgConnection) -> QueryResult<Option<DateTime<Utc>>>;

/// How a batch is run. All but the first are guarded, so that only one process runs it at a time.
pub enum Run {
    /// Claims what it does row by row with a lease: a slow server holds up one mail.
    Batch(fn(&JobContext) -> Result<Progress, Problem>),
    /// In one transaction. What follows from events is done before the request that sets the clock of
    /// a sandbox is answered.
    Exclusive { run: fn(&mut PgConnection) -> Result<Progress, Problem>, is_following: bool },
    /// In one transaction, when the clock of the rules makes it due.
    Due { run: RunWhenDue, next_due: NextDue },
}

pub const EVERY_TEN_SECONDS: When = When::Every(Duration::from_secs(10));
pub const EVERY_MINUTE: When = When::Every(Duration::from_secs(60));

/// A job with one worker, for which nothing is counted.
pub const fn job(name: &'static str, when: When, run: Run, label: Text) -> Job {
    Job { name, workers: 1, when, rest: Duration::ZERO, run, label, waiting: None, dead: None }
}
