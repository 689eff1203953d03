//! Addresses to which no mail can be delivered: noted, and told to those who look after accounts.

use chrono::{DateTime, Utc};
use diesel::prelude::*;

use crate::db::schema::users;

/// An address is undeliverable once so many deliveries have failed for good.
const ENOUGH: i32 = 2;

/// Notes that a delivery to a person failed for good, with the mail server's answer.
pub fn count_failure(
    user_id: i64,
    answer: &str,
    now: DateTime<Utc>,
    conn: &mut PgConnection,
) -> QueryResult<()> {
    let failures: i32 = diesel::update(users::table.find(user_id))
        .set(users::mail_failures.eq(users::mail_failures + 1))
        .returning(users::mail_failures)
        .get_result(conn)?;
    if failures >= ENOUGH {
        diesel::update(users::table.find(user_id).filter(users::undeliverable_since.is_null()))
            .set((users::undeliverable_since.eq(now), users::undeliverable_reason.eq(answer)))
            .execute(conn)?;
    }
    Ok(())
}

/// Forgets what was noted: the person has another address, or somebody says that this one is right.
pub fn forget(user_id: i64, conn: &mut PgConnection) -> QueryResult<usize> {
    diesel::update(users::table.find(user_id))
        .set((
            users::mail_failures.eq(0),
            users::undeliverable_since.eq(None::<DateTime<Utc>>),
            users::undeliverable_reason.eq(None::<String>),
        ))
        .execute(conn)
}
