//! How much waits for each job and how much was given up, in one statement with when the
//! job last did something.

use chrono::{DateTime, Utc};
use diesel::pg::Pg;
use diesel::prelude::*;
use diesel::query_builder::{AstPass, Query, QueryFragment, QueryId};
use diesel::sql_types::{BigInt, Integer, Nullable, Text, Timestamptz};

use crate::http::caller::Caller;
use crate::jobs::items::Items;
use crate::jobs::table::JOBS;

/// The maximum count; more are not counted.
pub const MAX_COUNTED: i64 = 1_000;

/// What is known about a job.
#[derive(Debug, Clone, Queryable)]
pub struct KnownJob {
    /// Its name in the table of jobs.
    pub name: String,
    /// How many items wait for it.
    pub waiting: Option<i64>,
    /// How many were given up.
    pub dead: Option<i64>,
    /// When it last did something.
    pub worked_at: Option<DateTime<Utc>>,
    /// When it last failed.
    pub failed_at: Option<DateTime<Utc>>,
    /// How often it has failed since it last worked.
    pub failures: Option<i32>,
    /// With what it last failed.
    pub last_error: Option<String>,
    /// When a process that runs it last reported.
    pub seen_at: Option<DateTime<Utc>>,
    /// Since when it has been running.
    pub running_since: Option<DateTime<Utc>>,
    /// Until when `running_since` holds without a new report.
    pub running_until: Option<DateTime<Utc>>,
}

impl KnownJob {
    /// All jobs, in no particular order.
    pub fn all(caller: &Caller, conn: &mut PgConnection) -> QueryResult<Vec<Self>> {
        let counted = JOBS.iter().map(|it| Counted {
            name: it.name,
            waiting: it.waiting.map(|items| items(caller)),
            dead: it.dead.map(|items| items(caller)),
        });
        Known(counted.collect()).load(conn)
    }
}

/// A job, with its counting queries.
struct Counted {
    name: &'static str,
    waiting: Option<Items>,
    dead: Option<Items>,
}

/// Asks for all jobs at once.
struct Known(Vec<Counted>);

impl QueryFragment<Pg> for Known {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, Pg>) -> QueryResult<()> {
        out.push_sql(
            "select name, waiting, dead, worked_at, failed_at, failures, last_error, seen_at,
                running_since, running_until
             from (values ",
        );
        for (index, it) in self.0.iter().enumerate() {
            out.push_sql(if index == 0 { "(" } else { ", (" });
            out.push_bind_param::<Text, _>(&it.name)?;
            count(it.waiting.as_ref(), out.reborrow())?;
            count(it.dead.as_ref(), out.reborrow())?;
            out.push_sql(")");
        }
        out.push_sql(") as counted (name, waiting, dead) left join jobs using (name)");
        Ok(())
    }
}

fn count<'b>(items: Option<&'b Items>, mut out: AstPass<'_, 'b, Pg>) -> QueryResult<()> {
    let Some(items) = items else {
        out.push_sql(", null::bigint");
        return Ok(());
    };
    out.push_sql(", (select count(*) from (");
    items.walk_ast(out.reborrow())?;
    out.push_sql(" limit ");
    out.push_bind_param::<BigInt, _>(&MAX_COUNTED)?;
    out.push_sql(") as item)");
    Ok(())
}

impl Query for Known {
    type SqlType = (
        Text,
        Nullable<BigInt>,
        Nullable<BigInt>,
        Nullable<Timestamptz>,
        Nullable<Timestamptz>,
        Nullable<Integer>,
        Nullable<Text>,
        Nullable<Timestamptz>,
        Nullable<Timestamptz>,
        Nullable<Timestamptz>,
    );
}

impl QueryId for Known {
    type QueryId = ();
    const HAS_STATIC_QUERY_ID: bool = false;
}

impl<Conn> RunQueryDsl<Conn> for Known {}
