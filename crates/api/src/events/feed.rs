//! The feed: all events in the one order in which readers follow them.

use diesel::dsl::sql;
use diesel::prelude::*;
use diesel::sql_types::Bool;
use domain::Viewer;

use crate::db::cut::first_rows;
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
        Viewer::Company { .. } => {
            // What happened to the company's tickets, and what at large: each along its index, however
            // rare the one or the other is among all.
            let (own, at_large) = diesel::alias!(feed as own, feed as at_large);
            let own = own
                .filter(visibility::own_feed(viewer).of(own.field(feed::position), "own"))
                .filter(own.field(feed::position).gt(position))
                .order(own.field(feed::position))
                .limit(limit)
                .select(own.field(feed::position));
            let is_at_large = visibility::feed_at_large(viewer);
            let at_large = at_large
                .filter(is_at_large.of(at_large.field(feed::position), "at_large"))
                .filter(at_large.field(feed::position).gt(position))
                .order(at_large.field(feed::position))
                .limit(limit)
                .select(at_large.field(feed::position));
            // With a literal in it a statement is planned each time: a plan that has to fit all
            // companies would read a small one's events along those of all others.
            query.filter(feed::position.eq_any(own.union_all(at_large))).filter(sql::<Bool>("true"))
        }
    };
    let query = query.order(feed::position).select((feed::position, EventRow::as_select()));
    let rows: Vec<(i64, EventRow)> = first_rows(query, limit, conn)?;
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
