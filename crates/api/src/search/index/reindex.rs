//! `helpdesk reindex`: everything anew, while the service runs.

use diesel::prelude::*;

use crate::db::Db;
use crate::db::schema::articles;
use crate::db::walk::{newest_first, tickets_before};
use crate::problem::Problem;
use crate::search::index;
use crate::search::index::refresh;

/// Indexes every article and every ticket anew, the newest first; `told` hears after each batch of
/// tickets how many there were.
pub fn reindex(db: &Db, told: impl FnMut(usize)) -> Result<usize, Problem> {
    newest_first(
        db,
        articles_before,
        |ids, conn| Ok(index::articles::refresh(ids, conn)?),
        |_| (),
    )?;
    newest_first(db, tickets_before, |ids, conn| Ok(refresh(ids, conn)?), told)
}

fn articles_before(id: i64, most: i64, conn: &mut PgConnection) -> QueryResult<Vec<i64>> {
    articles::table
        .filter(articles::id.lt(id))
        .order(articles::id.desc())
        .limit(most)
        .select(articles::id)
        .load(conn)
}
