//! Which jobs have work waiting, in one statement for all that do not simply run after a pause.

use diesel::pg::Pg;
use diesel::prelude::*;
use diesel::query_builder::{AstPass, Query, QueryFragment, QueryId};
use diesel::sql_types::{BigInt, Text};

use crate::db::Db;
use crate::jobs::job::{Job, When};
use crate::jobs::table::JOBS;
use crate::problem::Problem;

/// How many items wait for each job by name, at most as many as it has workers.
pub fn find_work(db: &Db) -> Result<Vec<(String, i64)>, Problem> {
    db.run_here(|conn| Ok(Waiting.load(conn)?))
}

/// Asks for all of them at once; always the same text, so that it is planned once.
struct Waiting;

impl QueryFragment<Pg> for Waiting {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, Pg>) -> QueryResult<()> {
        // What is due depends on one of two clocks.
        out.push_sql(
            "with clocks as materialized (
                 select clock_timestamp() as wall, clock_timestamp() + ahead_ms * interval '1 ms' as rules
                 from clock
             )
             select name, items from (values ",
        );
        let found = |it: &'static Job| match it.when {
            When::Found(items) => Some((it, items)),
            When::Every(_) => None,
        };
        for (index, (job, items)) in JOBS.iter().filter_map(found).enumerate() {
            let separator = if index == 0 { "" } else { ", " };
            let (name, workers) = (job.name, job.workers);
            out.push_sql(&format!(
                "{separator}('{name}', (select count(*) from ({items} limit {workers}) as item))"
            ));
        }
        out.push_sql(") as waiting (name, items)");
        Ok(())
    }
}

impl Query for Waiting {
    type SqlType = (Text, BigInt);
}

impl QueryId for Waiting {
    type QueryId = ();
    const HAS_STATIC_QUERY_ID: bool = false;
}

impl RunQueryDsl<PgConnection> for Waiting {}
