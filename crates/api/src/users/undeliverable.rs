//! Addresses to which no mail can be delivered: recorded, and shown to staff.

use chrono::{DateTime, Utc};
use diesel::prelude::*;

use crate::db::schema::users;

/// The number of permanent failures after which an address counts as undeliverable.
const MAX_FAILURES: i32 = 2;

domain::string_enum! {
    /// Whether mail reaches an address.
    MailState {
        /// No mail server has refused it for good.
        Deliverable = "deliverable",
        /// A mail was refused for good; after the next one no more are sent.
        Failing = "failing",
        /// Only sign-in mail is sent there, until the address is corrected or the user is invited again.
        Undeliverable = "undeliverable",
    }
}

impl MailState {
    pub const fn of(failures: i32, is_undeliverable: bool) -> Self {
        match (failures, is_undeliverable) {
            (_, true) => Self::Undeliverable,
            (0, false) => Self::Deliverable,
            (_, false) => Self::Failing,
        }
    }
}

/// Records a permanently failed delivery, with the mail server's response.
pub fn count_failure(
    user_id: i64,
    reason: &str,
    now: DateTime<Utc>,
    conn: &mut PgConnection,
) -> QueryResult<()> {
    let failures: i32 = diesel::update(users::table.find(user_id))
        .set(users::mail_failures.eq(users::mail_failures + 1))
        .returning(users::mail_failures)
        .get_result(conn)?;
    if failures >= MAX_FAILURES {
        diesel::update(users::table.find(user_id).filter(users::undeliverable_since.is_null()))
            .set((users::undeliverable_since.eq(now), users::undeliverable_reason.eq(reason)))
            .execute(conn)?;
    }
    Ok(())
}

/// Clears the failures: the address has changed or was confirmed to be right.
pub fn forget(user_id: i64, conn: &mut PgConnection) -> QueryResult<usize> {
    diesel::update(users::table.find(user_id))
        .set((
            users::mail_failures.eq(0),
            users::undeliverable_since.eq(None::<DateTime<Utc>>),
            users::undeliverable_reason.eq(None::<String>),
        ))
        .execute(conn)
}
