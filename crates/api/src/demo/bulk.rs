//! Many tickets, for measurements: written by the database itself, past the rules.

use diesel::connection::SimpleConnection as _;
use diesel::prelude::*;
use diesel::sql_types::BigInt;

/// Tickets in one transaction.
const BATCH: i64 = 10_000;

/// Adds that many tickets; `told` is called with the count so far after each batch.
///
/// # Errors
/// A failure of the database; a system without projects, people and products has no tickets.
pub fn add_tickets(
    database_url: &str,
    count: i64,
    mut told: impl FnMut(i64),
) -> Result<(), String> {
    let failed = |cause: &dyn std::fmt::Display| cause.to_string();
    let mut conn = PgConnection::establish(database_url).map_err(|it| failed(&it))?;
    let mut done = 0;
    while done < count {
        let batch = BATCH.min(count - done);
        diesel::sql_query(include_str!("bulk.sql"))
            .bind::<BigInt, _>(batch)
            .bind::<BigInt, _>(done)
            .execute(&mut conn)
            .map_err(|it| failed(&it))?;
        done += batch;
        told(done);
    }
    conn.batch_execute("vacuum (analyze) tickets, comments, events").map_err(|it| failed(&it))
}
