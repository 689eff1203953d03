//! The feed: all events in the order in which readers follow them.

use diesel::dsl::sql;
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Bool};
use domain::Viewer;

use crate::db::cut::first_rows;
use crate::db::schema::{events, feed, users};
use crate::events::filter::EventFilter;
use crate::events::reader::Reader;
use crate::events::view::{Event, EventRow, shown};
use crate::problem::Problem;
use crate::visibility;

/// The next events that a reader may know of, after a position.
pub fn after(
    position: i64,
    limit: i64,
    reader: &Reader,
    conn: &mut PgConnection,
) -> Result<Vec<Event>, Problem> {
    let viewer = &reader.viewer;
    let query = feed::table
        .inner_join(events::table.left_join(users::table))
        .filter(feed::position.gt(position))
        .into_boxed();
    let query = match viewer {
        Viewer::Support | Viewer::Nobody => query.filter(visibility::events(viewer)),
        Viewer::Company { .. } => {
            // The events of the company's tickets, and those that concern everybody: each along its own index,
            // however rare they are.
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
            // The literal makes PostgreSQL plan the statement each time: a plan for all companies would read a
            // small one's events among those of all others.
            query.filter(feed::position.eq_any(own.union_all(at_large))).filter(sql::<Bool>("true"))
        }
    };
    let query = query.order(feed::position).select((feed::position, EventRow::as_select()));
    let rows: Vec<(i64, EventRow)> = first_rows(query, limit, conn)?;
    shown(rows.into_iter().map(|(position, row)| (Some(position), row)), reader, conn)
}

/// The same of the events that pass a filter. Few events match a filter by person, ticket or time: they are
/// found by an index of their own and then sorted, instead of walking the feed.
pub fn narrowed(
    filter: &EventFilter,
    position: i64,
    limit: i64,
    reader: &Reader,
    conn: &mut PgConnection,
) -> Result<Vec<Event>, Problem> {
    let viewer = &reader.viewer;
    let mut query = feed::table
        .inner_join(events::table.left_join(users::table))
        .filter(feed::position.gt(position))
        .filter(visibility::events(viewer))
        .into_boxed();
    if let Viewer::Company { id, .. } = viewer {
        query = query.filter(feed::company_id.eq(*id).or(feed::company_id.is_null()));
    }
    if let Some(id) = filter.actor_id {
        query = query.filter(events::actor_id.eq(id));
    }
    query = match filter.by_people {
        Some(true) => query.filter(events::actor_id.is_not_null()),
        Some(false) => query.filter(events::actor_id.is_null()),
        None => query,
    };
    if let Some(id) = filter.ticket_id {
        query = query.filter(events::ticket_id.eq(id));
    }
    if let Some(types) = &filter.r#type {
        let words: Vec<&'static str> = types.iter().map(|it| it.as_str()).collect();
        query = query.filter(events::type_.eq_any(words));
    }
    if let Some(at) = filter.at_after {
        query = query.filter(events::at.gt(at));
    }
    if let Some(at) = filter.at_before {
        query = query.filter(events::at.lt(at));
    }
    let has_own_index = filter.actor_id.or(filter.ticket_id).is_some()
        || filter.at_after.or(filter.at_before).is_some();
    let in_order = sql::<BigInt>(if has_own_index { "feed.position + 0" } else { "feed.position" });
    let rows: Vec<(i64, EventRow)> = query
        .order(in_order)
        .limit(limit)
        .select((feed::position, EventRow::as_select()))
        .load(conn)?;
    shown(rows.into_iter().map(|(position, row)| (Some(position), row)), reader, conn)
}

/// One event, if a reader may know of it.
pub fn one(
    event_id: i64,
    reader: &Reader,
    conn: &mut PgConnection,
) -> Result<Option<Event>, Problem> {
    let row: Option<(i64, EventRow)> = feed::table
        .inner_join(events::table.left_join(users::table))
        .filter(events::id.eq(event_id))
        .filter(visibility::events(&reader.viewer))
        .select((feed::position, EventRow::as_select()))
        .first(conn)
        .optional()?;
    let row = row.map(|(position, row)| (Some(position), row));
    Ok(shown(row.into_iter(), reader, conn)?.pop())
}

/// The position of the last event; 0 before the first.
pub fn end(conn: &mut PgConnection) -> QueryResult<i64> {
    let end: Option<i64> = feed::table.select(diesel::dsl::max(feed::position)).first(conn)?;
    Ok(end.unwrap_or(0))
}
