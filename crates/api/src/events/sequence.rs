//! The order of the feed: what is committed gets its place there afterwards, by whoever is at it, one at
//! a time. So those who write need not take turns until their commit, and no reader that follows
//! positions misses what was committed late.

use diesel::prelude::*;
use diesel::sql_query;
use diesel::sql_types::BigInt;

use crate::db::named::Named;
use crate::db::schema::feed_waiting;
use crate::events::feed::end;
use crate::problem::Problem;
use crate::worker::batch::Progress;

/// Takes the turn that the trigger of the feed asks for.
const TURN: &str = "select pg_advisory_xact_lock(6814201)";

/// How many get their place in one transaction.
const BATCH: i64 = 1_000;

#[derive(QueryableByName)]
struct Appended {
    #[diesel(sql_type = BigInt)]
    events: i64,
}

/// Gives a batch of what waits its places. Whoever dies at it leaves everything as it was: the
/// next one takes over.
pub fn append(conn: &mut PgConnection) -> Result<Progress, Problem> {
    // In a statement of its own: what is appended is read after the wait.
    Named(sql_query(TURN)).execute(conn)?;
    let append = sql_query(include_str!("sequence.sql")).bind::<BigInt, _>(BATCH);
    let Appended { events } = Named(append).get_result(conn)?;
    Ok(if events == 0 { Progress::Idle } else { Progress::Worked })
}

/// The position of the last event that is committed by now; 0 before the first.
pub fn now(conn: &mut PgConnection) -> Result<i64, Problem> {
    append_all(conn)?;
    Ok(end(conn)?)
}

/// Gives all that waits its places, if anything does.
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
