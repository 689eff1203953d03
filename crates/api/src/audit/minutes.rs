//! What can be done without signing in is recorded once a minute, with a count, so that the audit log does not
//! grow with every guess.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use diesel::sql_query;
use diesel::sql_types::{BigInt, Nullable, Text, Timestamptz};

use crate::audit::entry::Entry;
use crate::problem::Problem;
use crate::worker::batch::Progress;

impl Entry {
    /// Holds it back until the minute is over; of each action, login and address the last entry stands for all.
    pub fn write_once_a_minute(
        self,
        at: DateTime<Utc>,
        conn: &mut PgConnection,
    ) -> QueryResult<usize> {
        sql_query(include_str!("count_minute.sql"))
            .bind::<Timestamptz, _>(at)
            .bind::<Text, _>(self.action)
            .bind::<Text, _>(self.account.unwrap_or_default())
            .bind::<Text, _>(self.address)
            .bind::<Nullable<Text>, _>(self.code)
            .bind::<Nullable<BigInt>, _>(self.actor_id)
            .bind::<Nullable<BigInt>, _>(self.session_id)
            .bind::<Text, _>(self.request_id)
            .bind::<Text, _>(self.target)
            .execute(conn)
    }
}

/// The entries that are due.
pub const DUE: &str =
    "select from audit_minutes where minute < date_trunc('minute', (select wall from clocks))
    order by minute";

/// Moves a batch of past minutes to the audit log.
pub fn flush(conn: &mut PgConnection) -> Result<Progress, Problem> {
    Ok(Progress::of(sql_query(include_str!("flush_minutes.sql")).execute(conn)?))
}
