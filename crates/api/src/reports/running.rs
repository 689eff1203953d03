//! By how much deadlines are exceeded that were missed and still run.

use diesel::prelude::*;
use diesel::sql_types::{BigInt, SmallInt};

use crate::problem::Problem;
use crate::reports::asked::Asked;
use crate::reports::figures::condition::within;
use crate::tickets::store::clocks::StoredClocks;
use crate::visibility;

#[derive(QueryableByName)]
struct Running {
    #[diesel(sql_type = BigInt)]
    ticket_id: i64,
    #[diesel(sql_type = SmallInt)]
    number: i16,
    #[diesel(sql_type = diesel::sql_types::Jsonb)]
    clocks: StoredClocks,
}

/// A join that tells of each such outcome of the span by how many working minutes it is exceeded by
/// now, as `running.over_minutes`. There are no more of them than open tickets.
pub fn running_over(asked: &Asked, conn: &mut PgConnection) -> Result<String, Problem> {
    let statement = format!(
        "select outcome.ticket_id, outcome.number, tickets.clocks
         from clock_outcomes as outcome
         join tickets on tickets.id = outcome.ticket_id and {}
         where outcome.stopped_at is null and {}",
        asked.condition(),
        within("outcome", asked.period),
    );
    let rows: Vec<Running> = visibility::statement(&statement, &asked.viewer).load(conn)?;
    let (calendar, now) = (&asked.caller.rules.calendar, asked.caller.now);
    let over = rows.iter().filter_map(|row| {
        let place = usize::try_from(row.number - 1).ok()?;
        let clock = row.clocks.0.0.get(place)?;
        let minutes = -clock.remaining(calendar, now);
        Some(format!("({}, {}, {minutes})", row.ticket_id, row.number))
    });
    let over: Vec<String> = over.collect();
    let values = match over.is_empty() {
        true => "(null::bigint, null::smallint, null::integer)".to_owned(),
        false => over.join(", "),
    };
    Ok(format!(
        "left join (values {values}) as running (ticket_id, number, over_minutes)
         on running.ticket_id = outcome.ticket_id and running.number = outcome.number"
    ))
}
