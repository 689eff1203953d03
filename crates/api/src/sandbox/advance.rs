//! How the clock goes forward: from one instant at which something is due to the next.

use chrono::{DateTime, Utc};
use diesel::prelude::*;

use crate::clock::{self, Now, clock_timestamp};
use crate::db::take_turn;
use crate::jobs::portion::{Progress, Tools};
use crate::jobs::{FOLLOWING, TIMED, Timed};
use crate::problem::Problem;
use crate::schema::clock as clocks;

/// Sets the clock to `to`, stopping wherever a job has something to do on the way.
///
/// # Errors
/// A failure of a job or of the database; the clock stands then where the failure was.
pub fn advance(to: DateTime<Utc>, tools: &Tools) -> Result<Now, Problem> {
    run_all(tools)?;
    loop {
        let next = tools.db.transaction_here(|conn| {
            let now = clock::now(conn)?.rules;
            let due = TIMED.iter().map(|it| (it.next_due)(now, conn));
            let due = due.collect::<QueryResult<Vec<_>>>()?;
            Ok(due.into_iter().flatten().filter(|it| *it > now && *it < to).min())
        })?;
        let at = next.unwrap_or(to);
        tools.db.transaction_here(|conn| set(at, conn))?;
        run_all(tools)?;
        if next.is_none() {
            return tools.db.transaction_here(|conn| Ok(clock::now(conn)?));
        }
    }
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

/// Does all that is due at the present instant, and all that follows from it.
fn run_all(tools: &Tools) -> Result<(), Problem> {
    for job in TIMED {
        while portion(job, tools)? == Progress::Worked {}
    }
    for job in FOLLOWING {
        while job(tools)? == Progress::Worked {}
    }
    Ok(())
}

/// One portion; where another worker is at the job, after it.
fn portion(job: &Timed, tools: &Tools) -> Result<Progress, Problem> {
    tools.db.transaction_here(|conn| {
        take_turn(&format!("job/{}", job.name), conn)?;
        (job.run)(clock::now(conn)?.rules, conn)
    })
}
