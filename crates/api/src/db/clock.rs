//! The one clock: what time it is for the rules, and what the wall clock shows.
//!
//! They differ only in a sandbox, where the clock of the rules can be set forward. Sign-in, tokens, leases and
//! pauses between attempts use wall-clock time.

use chrono::{DateTime, SubsecRound as _, TimeDelta, Utc};
use diesel::prelude::*;

use crate::db::schema::clock;

diesel::define_sql_function! {
    /// The wall clock of the database.
    fn clock_timestamp() -> Timestamptz;
}

/// An instant, on both clocks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Now {
    /// The time by which the rules of the regulation go.
    pub rules: DateTime<Utc>,
    pub real: DateTime<Utc>,
}

impl Now {
    /// The instant at which the wall-clock time is `real`, with the rules this many milliseconds ahead.
    pub fn ahead(real: DateTime<Utc>, milliseconds: i64) -> Self {
        let real = in_milliseconds(real);
        Self { rules: real + TimeDelta::milliseconds(milliseconds), real }
    }
}

/// The time now, on both clocks.
pub fn now(conn: &mut PgConnection) -> QueryResult<Now> {
    let (real, ahead) = clock::table.select((clock_timestamp(), clock::ahead_ms)).first(conn)?;
    Ok(Now::ahead(real, ahead))
}

/// The wall-clock time, in the milliseconds that rows keep.
pub fn real_now(conn: &mut PgConnection) -> QueryResult<DateTime<Utc>> {
    diesel::select(clock_timestamp()).get_result(conn).map(in_milliseconds)
}

/// Cuts a time to the milliseconds that rows keep.
pub fn in_milliseconds(at: DateTime<Utc>) -> DateTime<Utc> {
    at.trunc_subsecs(3)
}
