//! When engineers are away, as it is stored.

use chrono::{DateTime, Utc};
use diesel::dsl::min;
use diesel::prelude::*;
use domain::balancing::Absence;

use crate::db::schema::{absences, users};
use crate::users::store::UserRow;

/// Whose planned absence begins now.
pub const DUE: &str = "select from users where planned_since <= (select rules from clocks)
    order by planned_since";

/// Somebody whose planned absence begins by an instant.
pub fn next_to_begin(by: DateTime<Utc>, conn: &mut PgConnection) -> QueryResult<Option<i64>> {
    users::table
        .filter(users::planned_since.le(by))
        .order((users::planned_since, users::id))
        .select(users::id)
        .first(conn)
        .optional()
}

/// When the next planned absence begins.
pub fn next_due(
    after: DateTime<Utc>,
    conn: &mut PgConnection,
) -> QueryResult<Option<DateTime<Utc>>> {
    let ahead = users::table.filter(users::planned_since.gt(after));
    ahead.select(min(users::planned_since)).first(conn)
}

/// Sets the absence of somebody, or ends the current one.
pub fn set_absence(
    engineer: &UserRow,
    absence: Absence,
    now: DateTime<Utc>,
    conn: &mut PgConnection,
) -> QueryResult<usize> {
    let Absence { since, until } = absence;
    let lasts = absences::until.is_null().or(absences::until.gt(now));
    diesel::update(absences::table.filter(absences::user_id.eq(engineer.id)).filter(lasts))
        .set(absences::until.eq(now))
        .execute(conn)?;
    if let Some(since) = since {
        diesel::insert_into(absences::table)
            .values((
                absences::user_id.eq(engineer.id),
                absences::since.eq(since),
                absences::until.eq(until),
            ))
            .on_conflict((absences::user_id, absences::since))
            .do_update()
            .set(absences::until.eq(until))
            .execute(conn)?;
    }
    diesel::update(users::table.find(engineer.id))
        .set((
            users::absent_since.eq(since),
            users::absent_until.eq(until),
            users::version.eq(users::version + 1),
        ))
        .execute(conn)
}

/// Sets the planned absence of somebody, or cancels it.
pub fn set_planned(
    engineer: &UserRow,
    planned: Absence,
    conn: &mut PgConnection,
) -> QueryResult<usize> {
    diesel::update(users::table.find(engineer.id))
        .set((
            users::planned_since.eq(planned.since),
            users::planned_until.eq(planned.until),
            users::version.eq(users::version + 1),
        ))
        .execute(conn)
}
