//! The feed: all events in the one order in which readers follow them.

use diesel::dsl::sql;
use diesel::prelude::*;
use diesel::sql_types::Bool;
use domain::Viewer;

use crate::db::schema::{events, feed, users};
use crate::events::view::{Event, EventRow, shown};
use crate::problem::Problem;
use crate::visibility;

/// The next events that a viewer may read, after a position.
pub fn after(
    position: i64,
    limit: i64,
    viewer: &Viewer,
    conn: &mut PgConnection,
) -> Result<Vec<Event>, Problem> {
    let query = feed::table
        .inner_join(events::table.left_join(users::table))
        .filter(feed::position.gt(position))
        .into_boxed();
    let query = match viewer {
        Viewer::Support | Viewer::Nobody => query.filter(visibility::events(viewer)),
        Viewer::Company { id, .. } => {
            // What happened to the company's tickets, and what at large: each along its index, however
            // rare the one or the other is among all.
            let (own, own_events) = diesel::alias!(feed as own, events as own_events);
            let (at_large, large_events) = diesel::alias!(feed as at_large, events as large_events);
            let is_own = own_events.field(events::id).eq(own.field(feed::event_id));
            let own = own
                .inner_join(own_events.on(is_own))
                .filter(own.field(feed::company_id).eq(*id))
                .filter(own.field(feed::position).gt(position))
                .filter(
                    visibility::own_events(viewer).of(own_events.field(events::id), "own_events"),
                )
                .order(own.field(feed::position))
                .limit(limit)
                .select(own.field(feed::position));
            let is_at_large = large_events.field(events::id).eq(at_large.field(feed::event_id));
            let at_large = at_large
                .inner_join(large_events.on(is_at_large))
                .filter(at_large.field(feed::company_id).is_null())
                .filter(at_large.field(feed::position).gt(position))
                .filter(
                    visibility::events_at_large(viewer)
                        .of(large_events.field(events::id), "large_events"),
                )
                .order(at_large.field(feed::position))
                .limit(limit)
                .select(at_large.field(feed::position));
            // With a literal in it a statement is planned each time: a plan that has to fit all
            // companies would read a small one's events along those of all others.
            query.filter(feed::position.eq_any(own.union_all(at_large))).filter(sql::<Bool>("true"))
        }
    };
    let rows: Vec<(i64, EventRow)> = query
        .order(feed::position)
        .limit(limit)
        .select((feed::position, EventRow::as_select()))
        .load(conn)?;
    shown(rows.into_iter().map(|(position, row)| (Some(position), row)), viewer, conn)
}

/// One event, if a viewer may read it.
pub fn one(
    event_id: i64,
    viewer: &Viewer,
    conn: &mut PgConnection,
) -> Result<Option<Event>, Problem> {
    let row: Option<(i64, EventRow)> = feed::table
        .inner_join(events::table.left_join(users::table))
        .filter(events::id.eq(event_id))
        .filter(visibility::events(viewer))
        .select((feed::position, EventRow::as_select()))
        .first(conn)
        .optional()?;
    let row = row.map(|(position, row)| (Some(position), row));
    Ok(shown(row.into_iter(), viewer, conn)?.pop())
}

/// The position of the last event; 0 before the first.
pub fn end(conn: &mut PgConnection) -> QueryResult<i64> {
    let end: Option<i64> = feed::table.select(diesel::dsl::max(feed::position)).first(conn)?;
    Ok(end.unwrap_or(0))
}
