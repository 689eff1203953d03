//! What each kind of work last did.

use diesel::prelude::*;
use diesel::sql_types::{Bool, Nullable, Text};

use super::Progress;
use crate::db::Db;
use crate::problem::Problem;

/// How often a job that is always busy is noted.
const NOTED_EVERY: &str = "interval '1 second'";

/// Notes how a portion of work came out.
///
/// # Errors
/// A failure of the database.
pub fn note(name: &str, outcome: &Result<Progress, Problem>, db: &Db) -> Result<(), Problem> {
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
             or job.worked_at < clock_timestamp() - {NOTED_EVERY}"
    );
    db.transaction_here(|conn| {
        diesel::sql_query(statement)
            .bind::<Text, _>(name)
            .bind::<Bool, _>(error.is_some())
            .bind::<Nullable<Text>, _>(error)
            .execute(conn)?;
        Ok(())
    })
}
