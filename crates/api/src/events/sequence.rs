//! The order of the feed: committed events get their positions afterwards, from one process at a time. So
//! writers need not wait for each other's commits, and a reader that follows positions never misses an event
//! that was committed late.

use diesel::prelude::*;
use diesel::sql_query;
use diesel::sql_types::BigInt;

use crate::db::named::Named;
use crate::db::schema::feed_waiting;
use crate::events::feed::end;
use crate::problem::Problem;
use crate::worker::batch::Progress;

/// Takes the lock that the trigger of the feed asks for.
const LOCK_FEED: &str = "select pg_advisory_xact_lock(6814201)";

/// How many events get their positions in one transaction.
const BATCH_SIZE: i64 = 1_000;

#[derive(QueryableByName)]
struct Appended {
    #[diesel(sql_type = BigInt)]
    events: i64,
}

/// Assigns positions to a batch of waiting events. A crash leaves everything as it was: the
/// next process takes over.
pub fn append(conn: &mut PgConnection) -> Result<Progress, Problem> {
    // In a statement of its own, so that the waiting events are read after the lock is taken.
    Named(sql_query(LOCK_FEED)).execute(conn)?;
    let append = sql_query(include_str!("sequence.sql")).bind::<BigInt, _>(BATCH_SIZE);
    let Appended { events } = Named(append).get_result(conn)?;
    Ok(Progress::of_batch(events as usize, BATCH_SIZE))
}

/// The position of the last event that is committed by now; 0 before the first.
pub fn now(conn: &mut PgConnection) -> Result<i64, Problem> {
    append_all(conn)?;
    Ok(end(conn)?)
}

/// Assigns positions to all waiting events.
pub fn append_all(conn: &mut PgConnection) -> Result<(), Problem> {
    let waiting = feed_waiting::table.select(feed_waiting::event_id);
    if !diesel::select(diesel::dsl::exists(waiting)).get_result::<bool>(conn)? {
        return Ok(());
    }
    conn.transaction(|conn| {
        while append(conn)? == Progress::Worked {}
        Ok(())
    })
}
