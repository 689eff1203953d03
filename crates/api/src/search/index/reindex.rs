//! `helpdesk reindex`: rebuilds the index while the service runs.

use diesel::prelude::*;

use crate::db::Db;
use crate::db::schema::articles;
use crate::db::walk::{newest_first, tickets_before};
use crate::problem::Problem;
use crate::search::index;
use crate::search::index::repair;

/// Reindexes every article and every ticket, the newest first; `report_progress` is called with the count so far after
/// each batch of tickets.
pub fn reindex(db: &Db, report_progress: impl FnMut(usize) + Send) -> Result<usize, Problem> {
    newest_first(
        db,
        articles_before,
        |ids, conn| Ok(index::articles::refresh(ids, conn)?),
        |_| (),
    )?;
    newest_first(db, tickets_before, |ids, conn| Ok(repair(ids, conn)?), report_progress)
}

fn articles_before(id: i64, most: i64, conn: &mut PgConnection) -> QueryResult<Vec<i64>> {
    articles::table
        .filter(articles::id.lt(id))
        .order(articles::id.desc())
        .limit(most)
        .select(articles::id)
        .load(conn)
}
