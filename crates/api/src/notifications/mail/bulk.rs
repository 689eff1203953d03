//! One mail about all tickets of a bulk operation.

use diesel::prelude::*;

use crate::db::schema::{bulk_items, ticket_watchers, tickets};
use crate::notifications::mail::Reader;
use crate::visibility;

/// The maximum number of tickets named in a mail.
const MAX_NAMED: i64 = 100;

/// The other tickets of a bulk operation that concern a person.
pub fn others(
    bulk_id: i64,
    ticket_id: i64,
    reader: &Reader<'_>,
    conn: &mut PgConnection,
) -> QueryResult<Vec<i64>> {
    let user_id = reader.user.id;
    let done = bulk_items::table
        .filter(bulk_items::bulk_id.eq(bulk_id))
        .filter(bulk_items::status.assume_not_null().lt(400))
        .select(bulk_items::ticket_id);
    let watched = ticket_watchers::table
        .filter(ticket_watchers::user_id.eq(user_id))
        .select(ticket_watchers::ticket_id);
    let is_involved = tickets::author_id
        .eq(user_id)
        .or(tickets::contact_id.assume_not_null().eq(user_id))
        .or(tickets::assignee_id.assume_not_null().eq(user_id))
        .or(tickets::id.eq_any(watched));
    tickets::table
        .filter(tickets::id.eq_any(done))
        .filter(tickets::id.ne(ticket_id))
        .filter(visibility::tickets(&reader.viewer))
        .filter(is_involved)
        .order(tickets::id)
        .limit(MAX_NAMED)
        .select(tickets::id)
        .load(conn)
}
