//! `helpdesk reindex`: everything anew, while the service runs.

use diesel::prelude::*;

use crate::db::Db;
use crate::db::schema::{articles, tickets};
use crate::problem::Problem;
use crate::search::index;
use crate::search::index::refresh;

/// Tickets in one transaction.
const BATCH: i64 = 200;

/// Indexes every article and every ticket anew, the newest first; `told` hears after each batch how many there were.
pub fn reindex(db: &Db, mut told: impl FnMut(usize)) -> Result<usize, Problem> {
    reindex_articles(db)?;
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

fn reindex_articles(db: &Db) -> Result<(), Problem> {
    let mut before = i64::MAX;
    loop {
        let batch: Vec<i64> = db.transaction_here(|conn| {
            let ids: Vec<i64> = articles::table
                .filter(articles::id.lt(before))
                .order(articles::id.desc())
                .limit(BATCH)
                .select(articles::id)
                .load(conn)?;
            index::articles::refresh(&ids, conn)?;
            Ok(ids)
        })?;
        let Some(last) = batch.last() else { return Ok(()) };
        before = *last;
    }
}
