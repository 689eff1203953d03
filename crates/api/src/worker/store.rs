//! When each job last did something, and which jobs are running.

use std::time::Duration;

use diesel::sql_types::{Array, BigInt, Bool, Nullable, Text};

use crate::db::Db;
use crate::db::named::Named;
use crate::problem::Problem;
use crate::worker::RECORDED_EVERY;
use crate::worker::batch::Progress;

/// Records how a batch of work came out.
pub fn record_outcome(
    name: &str,
    outcome: &Result<Progress, Problem>,
    db: &Db,
) -> Result<(), Problem> {
    let error = outcome.as_ref().err().map(ToString::to_string);
    let statement = format!(
        "insert into jobs as job (name, worked_at, failed_at, failures, last_error)
         values ($1, case when not $2 then clock_timestamp() end,
             case when $2 then clock_timestamp() end, $2::integer, $3)
         on conflict (name) do update set
             worked_at = coalesce(excluded.worked_at, job.worked_at),
             failed_at = coalesce(excluded.failed_at, job.failed_at),
             failures = case when $2 then job.failures + 1 else 0 end,
             last_error = coalesce(excluded.last_error, job.last_error)
         where $2 or job.failures > 0 or job.worked_at is null
             or job.worked_at < clock_timestamp() - interval '{} s'",
        RECORDED_EVERY.as_secs()
    );
    db.transaction_here(|conn| {
        let record = diesel::sql_query(statement)
            .bind::<Text, _>(name)
            .bind::<Bool, _>(error.is_some())
            .bind::<Nullable<Text>, _>(error);
        Ok(Named(record).execute(conn)?)
    })
}

/// How long a running job counts as running after its process last reported.
const RUNNING_TIMEOUT: &str = "interval '4 seconds'";

/// Records that this process attends to these jobs, and since when each running one has been running.
pub fn record_beat(seen: &[(&str, Option<Duration>)], db: &Db) -> Result<(), Problem> {
    let names: Vec<&str> = seen.iter().map(|(name, _)| *name).collect();
    let lasting = seen.iter().map(|(_, it)| it.map(|it| it.as_millis() as i64));
    let lasting: Vec<Option<i64>> = lasting.collect();
    let statement = format!(
        "insert into jobs as job (name, seen_at, running_since, running_until)
         select name, clock_timestamp(), clock_timestamp() - lasting * interval '1 millisecond',
             case when lasting is not null then clock_timestamp() + {RUNNING_TIMEOUT} end
         from unnest($1, $2) as beat (name, lasting)
         order by name
         on conflict (name) do update set
             seen_at = excluded.seen_at,
             running_since = case when job.running_until > clock_timestamp()
                 then least(job.running_since, excluded.running_since)
                 else excluded.running_since end,
             running_until = greatest(job.running_until, excluded.running_until)"
    );
    db.transaction_here(|conn| {
        let record =
            diesel::sql_query(statement)
                .bind::<Array<Text>, _>(names)
                .bind::<Array<Nullable<BigInt>>, _>(lasting);
        Ok(Named(record).execute(conn)?)
    })
}
