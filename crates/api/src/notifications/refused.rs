//! Who is told of a request that was refused, so that somebody decides about it (3.4).

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use domain::NotificationKind;

use crate::db::schema::{direction_engineers, users};
use crate::notifications::store::{Notice, Subject, admins, deliver};

/// Tells the engineers of the direction; where it has none, the admins.
pub fn notify(
    refusal_id: i64,
    direction_id: i64,
    at: DateTime<Utc>,
    conn: &mut PgConnection,
) -> QueryResult<()> {
    let engineers: Vec<i64> = direction_engineers::table
        .inner_join(users::table)
        .filter(direction_engineers::direction_id.eq(direction_id))
        .filter(users::is_active)
        .select(users::id)
        .load(conn)?;
    let told = if engineers.is_empty() { admins(conn)? } else { engineers };
    let kind = NotificationKind::RequestRefused;
    let subject = Subject::Refusal(refusal_id);
    let notices: Vec<Notice> =
        told.into_iter().map(|user_id| Notice { user_id, kind, subject, at }).collect();
    deliver(&notices, conn)
}
