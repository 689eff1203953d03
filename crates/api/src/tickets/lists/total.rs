//! How many tickets there are on all pages of a list.

use diesel::pg::Pg;
use diesel::prelude::*;
use diesel::query_builder::{AstPass, Query, QueryFragment, QueryId};
use diesel::sql_types::BigInt;

use crate::http::page::{MAX_COUNTED, Total};
use crate::search::find::candidates::Ids;

/// Counts tickets, up to a limit.
pub fn total(ids: Ids, conn: &mut PgConnection) -> QueryResult<Option<Total>> {
    Ok(totals([ids], conn)?.pop())
}

/// The same for several lists, in their order, in one statement.
pub fn totals(
    lists: impl IntoIterator<Item = Ids>,
    conn: &mut PgConnection,
) -> QueryResult<Vec<Total>> {
    let lists: Vec<Ids> = lists.into_iter().map(|it| it.limit(MAX_COUNTED + 1)).collect();
    if lists.is_empty() {
        return Ok(Vec::new());
    }
    let mut counts: Vec<(i64, i64)> = Counted(lists).load(conn)?;
    counts.sort_unstable();
    Ok(counts.into_iter().map(|(_, count)| Total::counted(count)).collect())
}

struct Counted(Vec<Ids>);

impl QueryFragment<Pg> for Counted {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, Pg>) -> QueryResult<()> {
        for (number, list) in self.0.iter().enumerate() {
            let union = if number > 0 { " union all " } else { "" };
            out.push_sql(&format!("{union}select {number}::bigint, count(*) from ("));
            QueryFragment::<Pg>::walk_ast(list, out.reborrow())?;
            out.push_sql(") as counted");
        }
        Ok(())
    }
}

impl Query for Counted {
    type SqlType = (BigInt, BigInt);
}

impl QueryId for Counted {
    type QueryId = ();
    const HAS_STATIC_QUERY_ID: bool = false;
}

impl RunQueryDsl<PgConnection> for Counted {}
