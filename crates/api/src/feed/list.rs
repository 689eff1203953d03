//! `GET /events`.

use actix_web::get;
use actix_web::web::Data;
use serde::Deserialize;
use utoipa::IntoParams;

use crate::db::Db;
use crate::events::feed;
use crate::events::view::EventPage;
use crate::http::caller::Caller;
use crate::http::page::{DEFAULT_LIMIT, Page, Paged};
use crate::http::query::Query;
use crate::problem::Problem;

/// Which part of the feed to read.
#[derive(Debug, Clone, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct FeedQuery {
    /// The `position` of the last event that was read, or `next_cursor` of the page before.
    #[param(minimum = 0, default = 0, nullable = false)]
    pub after: Option<i64>,
    /// How many events to answer.
    #[param(minimum = 1, maximum = 100, default = 25, nullable = false)]
    pub limit: Option<i64>,
}

/// Read the feed of events
///
/// What happened to all tickets that you may see, and the releases that came out, the oldest first,
/// as far back as there are any; customers see all of their company but what is internal. Whoever keeps the
/// `position` of the last event and goes on `after` it misses none and reads none twice, however many
/// write at the same time. `next_cursor` is that position where there are more already, and null at
/// the end.
#[utoipa::path(
    tag = "events",
    operation_id = "events_list",
    params(FeedQuery),
    responses((status = 200, description = "A page of events", body = EventPage)),
)]
#[get("/events")]
pub async fn list(
    db: Data<Db>,
    caller: Caller,
    Query(query): Query<FeedQuery>,
) -> Result<Paged<EventPage>, Problem> {
    let (after, limit) = (query.after.unwrap_or(0), query.limit.unwrap_or(DEFAULT_LIMIT));
    let work = move |conn: &mut _| feed::after(after, limit + 1, &caller.viewer, conn);
    let mut items = db.run(work).await?;
    let has_next = items.len() as i64 > limit;
    items.truncate(usize::try_from(limit).unwrap_or(0));
    let last = items.last().filter(|_| has_next);
    let next_cursor = last.and_then(|it| it.position).map(|it| it.to_string());
    let page = Page { items, next_cursor: next_cursor.clone() };
    Ok(Paged { body: page, parameter: "after", next_cursor })
}
