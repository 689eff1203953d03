//! What one mail says of all tickets of a bulk.

use diesel::prelude::*;
use domain::{Language, Text, Viewer};

use crate::db::schema::{bulk_items, ticket_watchers, tickets};
use crate::visibility;

/// How many tickets a mail names.
const MOST: i64 = 100;

const LIKEWISE: Text = Text::new(
    "То же сделано в заявках:",
    "Сол әрекет мына өтінімдерде де жасалды:",
    "The same was done in tickets:",
);

/// The other tickets of a bulk that concern a person.
pub fn others(
    bulk_id: i64,
    ticket_id: i64,
    user_id: i64,
    viewer: &Viewer,
    conn: &mut PgConnection,
) -> QueryResult<Vec<i64>> {
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
        .filter(visibility::tickets(viewer))
        .filter(is_involved)
        .order(tickets::id)
        .limit(MOST)
        .select(tickets::id)
        .load(conn)
}

/// What was said, and where else it was.
pub fn with_others(said: String, others: &[i64], language: Language) -> String {
    if others.is_empty() {
        return said;
    }
    let named: Vec<String> = others.iter().map(|it| format!("№{it}")).collect();
    let likewise = format!("{} {}", LIKEWISE.text_in(language), named.join(", "));
    if said.is_empty() { likewise } else { format!("{said}\n\n{likewise}") }
}
