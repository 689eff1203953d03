//! `helpdesk reindex`: everything anew, while the service runs.

use diesel::prelude::*;

use crate::db::Db;
use crate::db::schema::tickets;
use crate::problem::Problem;
use crate::search::index::refresh;

/// Tickets in one transaction.
const BATCH: i64 = 200;

/// Indexes every ticket anew, the newest first; `told` hears after each batch how many there were.
pub fn reindex(db: &Db, mut told: impl FnMut(usize)) -> Result<usize, Problem> {
    let (mut before, mut done) = (i64::MAX, 0);
    loop {
        let batch: Vec<i64> = db.transaction_here(|conn| {
            let ids: Vec<i64> = tickets::table
                .filter(tickets::id.lt(before))
                .order(tickets::id.desc())
                .limit(BATCH)
                .select(tickets::id)
                .load(conn)?;
            refresh(&ids, conn)?;
            Ok(ids)
        })?;
        let Some(last) = batch.last() else { return Ok(done) };
        before = *last;
        done += batch.len();
        told(done);
    }
}
