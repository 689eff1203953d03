//! Many tickets, for measurements: written by the database itself, past the rules.

use diesel::connection::SimpleConnection as _;
use diesel::prelude::*;
use diesel::sql_types::BigInt;

use crate::db::Database;
use crate::db::schema::tickets;

/// Tickets in one transaction.
const BATCH: i64 = 10_000;

/// Adds that many tickets; `told` is called with the count so far after each batch.
///
/// # Errors
/// A failure of the database; a system without projects, people and products has no tickets.
pub fn add_tickets(
    database: &Database,
    count: i64,
    mut told: impl FnMut(i64),
) -> Result<(), String> {
    let failed = |cause: &dyn std::fmt::Display| cause.to_string();
    let mut conn = database.connect()?;
    let mut done = 0;
    while done < count {
        let batch = BATCH.min(count - done);
        conn.transaction(|conn| add_batch(batch, done, conn)).map_err(|it| failed(&it))?;
        done += batch;
        told(done);
    }
    conn.batch_execute("vacuum (analyze) tickets, comments, events").map_err(|it| failed(&it))
}

/// One batch; their events come second, as they end each ticket's chain.
fn add_batch(count: i64, number: i64, conn: &mut PgConnection) -> QueryResult<()> {
    let newest: Option<i64> = tickets::table.select(diesel::dsl::max(tickets::id)).first(conn)?;
    diesel::sql_query(include_str!("bulk.sql"))
        .bind::<BigInt, _>(count)
        .bind::<BigInt, _>(number)
        .execute(conn)?;
    diesel::sql_query(include_str!("bulk_events.sql"))
        .bind::<BigInt, _>(newest.unwrap_or(0))
        .execute(conn)?;
    Ok(())
}
