//! `GET /events`.

use actix_web::get;
use serde::Deserialize;
use utoipa::IntoParams;

use crate::events::filter::EventFilter;
use crate::events::reader::Reader;
use crate::events::view::EventPage;
use crate::events::{feed, sequence};
use crate::http::caller::Caller;
use crate::http::page::{DEFAULT_LIMIT, Page, Paged};
use crate::http::query::Query;
use crate::http::request_db::RequestDb;
use crate::problem::Problem;

/// Which part of the feed to read.
#[derive(Debug, Clone, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct FeedQuery {
    /// The `position` of the last event that was read, or the `next_cursor` of the previous page.
    #[param(minimum = 0, default = 0, nullable = false)]
    pub after: Option<i64>,
    /// The maximum number of events to return.
    #[param(minimum = 1, maximum = 100, default = 25, nullable = false)]
    pub limit: Option<i64>,
}

/// List events
///
/// Returns the events of all tickets that you may see, and the published releases, oldest first,
/// without a time limit; customers see everything of their company except what is internal. A
/// reader that stores the `position` of the last event and continues `after` it misses no event and
/// reads none twice, regardless of concurrent writers. `next_cursor` is that position if there are
/// more events, and null at the end. Filters leave events out; positions are unaffected.
#[utoipa::path(
    tag = "events",
    operation_id = "events_list",
    params(FeedQuery, EventFilter),
    responses((status = 200, description = "A page of events", body = EventPage)),
)]
#[get("/events")]
pub async fn list(
    db: RequestDb,
    caller: Caller,
    Query(query): Query<FeedQuery>,
    Query(filter): Query<EventFilter>,
) -> Result<Paged<EventPage>, Problem> {
    let (after, limit) = (query.after.unwrap_or(0), query.limit.unwrap_or(DEFAULT_LIMIT));
    let reader = Reader::from(&caller);
    let work = move |conn: &mut _| {
        // First of all, so that whoever comes to the end finds what was committed just now: what they
        // did themselves.
        sequence::append_all(conn)?;
        match filter == EventFilter::default() {
            true => feed::after(after, limit + 1, &reader, conn),
            false => feed::narrowed(&filter, after, limit + 1, &reader, conn),
        }
    };
    let mut items = db.run(work).await?;
    let has_next = items.len() as i64 > limit;
    items.truncate(usize::try_from(limit).unwrap_or(0));
    let last = items.last().filter(|_| has_next);
    let next_cursor = last.and_then(|it| it.position).map(|it| it.to_string());
    let page = Page { items, next_cursor: next_cursor.clone() };
    Ok(Paged { body: page, parameter: "after", next_cursor })
}
