//! Advances the clock from one instant at which something is due to the next.

use chrono::{DateTime, Utc};
use diesel::prelude::*;

use crate::db::clock;
use crate::db::clock::{Now, clock_timestamp};
use crate::db::schema::clock as clocks;
use crate::jobs::context::JobContext;
use crate::jobs::job::{Job, Run};
use crate::jobs::table::JOBS;
use crate::problem::Problem;
use crate::worker::batch::Progress;

/// Sets the clock to `to`, stopping wherever a job has something to do on the way.
/// Errors: a failure of a job or of the database; the clock stands then where the failure was.
pub fn advance(to: DateTime<Utc>, context: &JobContext) -> Result<Now, Problem> {
    let mut is_there = false;
    while !is_there {
        let (ahead, began) = context.db.transaction_here(|conn| {
            let ahead = clocks::table.select(clocks::ahead_ms).first::<i64>(conn)?;
            Ok((ahead, clock::now(conn)?.rules))
        })?;
        run_all(context)?;
        is_there = context.db.transaction_here(|conn| step(ahead, began, to, conn))?;
    }
    run_all(context)?;
    context.db.transaction_here(|conn| Ok(clock::now(conn)?))
}

/// Advances to the next instant at which something is due, `to` at the latest; returns whether `to` is reached.
/// If somebody else has moved the clock from `ahead`, what is due by now comes first; so does what has become due
/// since the jobs began to run, as the clock goes on meanwhile.
fn step(
    ahead: i64,
    began: DateTime<Utc>,
    to: DateTime<Utc>,
    conn: &mut PgConnection,
) -> Result<bool, Problem> {
    let stands: i64 = clocks::table.select(clocks::ahead_ms).for_update().first(conn)?;
    if stands != ahead {
        return Ok(false);
    }
    let next_due = |job: &Job, conn: &mut PgConnection| match job.run {
        Run::Due { next_due, .. } => next_due(began, conn),
        Run::Batch(_) | Run::Exclusive { .. } => Ok(None),
    };
    let due = JOBS.iter().map(|it| next_due(it, conn)).collect::<QueryResult<Vec<_>>>()?;
    let next = due.into_iter().flatten().filter(|it| *it > began && *it < to).min();
    set(next.unwrap_or(to), conn)?;
    Ok(next.is_none())
}

/// Sets the clock so far forward that it shows `at`; it never goes back.
fn set(at: DateTime<Utc>, conn: &mut PgConnection) -> Result<(), Problem> {
    let real: DateTime<Utc> = diesel::select(clock_timestamp()).get_result(conn)?;
    let ahead = (at - real).num_milliseconds() + 1;
    diesel::update(clocks::table.filter(clocks::ahead_ms.lt(ahead)))
        .set(clocks::ahead_ms.eq(ahead))
        .execute(conn)?;
    Ok(())
}

/// Does everything that is due now, then everything that follows from it.
fn run_all(context: &JobContext) -> Result<(), Problem> {
    let (due, following): (Vec<&Job>, Vec<&Job>) =
        JOBS.iter().partition(|it| matches!(it.run, Run::Due { .. }));
    for job in due.into_iter().chain(following) {
        while job.run_batch_in_turn(context)? == Progress::Worked {}
    }
    Ok(())
}
