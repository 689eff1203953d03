//! The current overrun of missed deadlines that are still running.

use chrono::{DateTime, Utc};
use diesel::pg::Pg;
use diesel::prelude::*;
use diesel::query_builder::{BoxedSqlQuery, SqlQuery};
use diesel::sql_types::{Array, BigInt, Integer, SmallInt, Timestamptz};

use crate::figures::condition::within;
use crate::problem::Problem;
use crate::reports::request::ReportRequest;
use crate::visibility;

#[derive(QueryableByName)]
struct Row {
    #[diesel(sql_type = BigInt)]
    ticket_id: i64,
    #[diesel(sql_type = SmallInt)]
    number: i16,
    #[diesel(sql_type = Timestamptz)]
    runs_since: DateTime<Utc>,
    /// Without those since then.
    #[diesel(sql_type = Integer)]
    over_minutes: i32,
}

/// The outcomes of a span that still run, each with the working minutes by which it is exceeded by now.
#[derive(Default)]
pub struct Running {
    tickets: Vec<i64>,
    numbers: Vec<i16>,
    over_minutes: Vec<i32>,
}

/// What joins them to the outcomes of a statement, as `running.over_minutes`.
pub const RUNNING: &str =
    "left join unnest($3, $4, $5) as running (ticket_id, number, over_minutes)
    on running.ticket_id = outcome.ticket_id and running.number = outcome.number";

/// By how many working minutes an outcome exceeded its deadline, with that.
pub const OVER_MINUTES: &str = "coalesce(running.over_minutes, outcome.over_minutes, 0)";

impl Running {
    /// There are no more of them than open tickets.
    pub fn of(request: &ReportRequest, conn: &mut PgConnection) -> Result<Self, Problem> {
        let statement = format!(
            "select outcome.ticket_id, outcome.number, outcome.runs_since, outcome.over_minutes
             from clock_outcomes as outcome {} where outcome.runs_since is not null and {}",
            request.join("outcome"),
            within("outcome", request.period),
        );
        let rows: Vec<Row> = visibility::statement(&statement, &request.viewer).load(conn)?;
        let (calendar, now) = (&request.caller.rules.calendar, request.caller.now);
        let mut running = Self::default();
        for row in rows {
            let over = i64::from(row.over_minutes) + calendar.between(row.runs_since, now);
            running.tickets.push(row.ticket_id);
            running.numbers.push(row.number);
            running.over_minutes.push(i32::try_from(over).unwrap_or(i32::MAX));
        }
        Ok(running)
    }

    /// Puts them into a statement that joins them.
    pub fn bound_to<'a>(
        &'a self,
        statement: BoxedSqlQuery<'a, Pg, SqlQuery>,
    ) -> BoxedSqlQuery<'a, Pg, SqlQuery> {
        statement
            .bind::<Array<BigInt>, _>(&self.tickets)
            .bind::<Array<SmallInt>, _>(&self.numbers)
            .bind::<Array<Integer>, _>(&self.over_minutes)
    }
}
