//! Work on every row of a table, newest first, while the service runs.

use diesel::prelude::*;

use crate::db::Db;
use crate::problem::Problem;

/// Rows in one transaction.
const BATCH_SIZE: i64 = 200;

/// Works on all rows, a batch in each transaction. `before` finds at most this many ids below an id, the
/// greatest first; `report_progress` is called with the count so far after each batch.
pub(crate) fn newest_first(
    db: &Db,
    before: impl Fn(i64, i64, &mut PgConnection) -> QueryResult<Vec<i64>>,
    work: impl Fn(&[i64], &mut PgConnection) -> Result<(), Problem>,
    mut report_progress: impl FnMut(usize),
) -> Result<usize, Problem> {
    let (mut last, mut done) = (i64::MAX, 0);
    loop {
        let batch = db.transaction_here(|conn| {
            let ids = before(last, BATCH_SIZE, conn)?;
            work(&ids, conn)?;
            Ok(ids)
        })?;
        let Some(id) = batch.last() else { return Ok(done) };
        last = *id;
        done += batch.len();
        report_progress(done);
    }
}

/// The numbers of the tickets below one.
pub(crate) fn tickets_before(id: i64, most: i64, conn: &mut PgConnection) -> QueryResult<Vec<i64>> {
    use crate::db::schema::tickets::dsl;

    dsl::tickets.filter(dsl::id.lt(id)).order(dsl::id.desc()).limit(most).select(dsl::id).load(conn)
}
