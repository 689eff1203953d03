//! `GET /queue`: what waits for support, in the order in which it is to be done (2.4).

use std::sync::Arc;

use actix_web::get;
use actix_web::web::Data;
use chrono::{DateTime, Utc};
use diesel::prelude::*;
use domain::sla::Rules;
use domain::{ClockKind, Priority, queue};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::db::Db;
use crate::db::schema::tickets;
use crate::http::caller::Caller;
use crate::http::page::{DEFAULT_LIMIT, List, Paged, is_storable};
use crate::http::query::Query;
use crate::problem::{Code, Problem};
use crate::tickets::view::summary::TicketSummary;

/// Which part of the queue to show.
#[derive(Debug, Clone, Serialize, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct QueueQuery {
    /// The tickets of a direction.
    #[param(minimum = 1, nullable = false)]
    pub direction_id: Option<i64>,
    /// How many items to answer.
    #[serde(skip_serializing_if = "crate::http::page::is_no_filter")]
    #[param(minimum = 1, maximum = 100, default = 25, nullable = false)]
    pub limit: Option<i64>,
    /// `next_cursor` of the page before.
    #[serde(skip_serializing_if = "crate::http::page::is_no_filter")]
    #[param(max_length = 500, nullable = false)]
    pub cursor: Option<String>,
}

/// A ticket in the queue.
#[derive(Debug, Serialize, ToSchema)]
pub struct QueueItem {
    /// The ticket.
    pub ticket: TicketSummary,
    /// Why it has its place.
    pub reason: QueueReason,
}

/// What decides the place of a ticket: the earliest rank goes first, then the earliest filed.
#[derive(Debug, Serialize, ToSchema)]
pub struct QueueReason {
    /// The clock that runs.
    pub clock: ClockKind,
    /// When it is due.
    pub due_at: DateTime<Utc>,
    /// How urgent the ticket is.
    pub priority: Priority,
    /// By how many working minutes that puts it ahead of its deadline.
    pub head_start_minutes: i64,
    /// The deadline less the head start.
    pub rank: DateTime<Utc>,
    /// When it was filed.
    pub created_at: DateTime<Utc>,
}

/// A page of the queue.
#[derive(Debug, Serialize, ToSchema)]
pub struct QueuePage {
    /// In the order in which they are to be done.
    pub items: Vec<QueueItem>,
    /// Where the next page begins; null on the last one.
    #[schema(required = true)]
    pub next_cursor: Option<String>,
}

/// Rank, filing and number of a ticket.
type Place = (DateTime<Utc>, DateTime<Utc>, i64);

/// Show the queue
///
/// Every ticket on which a clock of support runs, whoever has it, with the reason of its place.
#[utoipa::path(
    tag = "queue",
    operation_id = "queue_list",
    params(QueueQuery),
    responses((status = 200, description = "A page of the queue", body = QueuePage)),
)]
#[get("/queue")]
pub async fn list(
    db: Data<Db>,
    caller: Caller,
    Query(query): Query<QueueQuery>,
) -> Result<Paged<QueuePage>, Problem> {
    let list = List::new(("queue", &query, caller.user_id));
    let after: Option<Place> = list.after(query.cursor.as_deref())?;
    if after.is_some_and(|(rank, created, _)| !is_storable(rank) || !is_storable(created)) {
        return Err(Problem::new(Code::InvalidCursor));
    }
    let limit = query.limit.unwrap_or(DEFAULT_LIMIT);
    let rules = Arc::clone(&caller.rules);
    let work = move |conn: &mut _| {
        Ok(TicketSummary::load(page(query.direction_id, after).limit(limit + 1), &caller, conn)?)
    };
    let tickets = db.run(work).await?.into_iter();
    let mut items: Vec<QueueItem> = tickets.filter_map(|it| item(it, &rules)).collect();
    items.sort_by_key(place);
    let (items, next_cursor) = list.page(items, limit, place);
    Ok(Paged::new(next_cursor, |next_cursor| QueuePage { items, next_cursor }))
}

fn page(
    direction_id: Option<i64>,
    after: Option<Place>,
) -> tickets::BoxedQuery<'static, diesel::pg::Pg, diesel::sql_types::BigInt> {
    use tickets::{created_at, id, queue_rank};

    let queued = tickets::table.filter(queue_rank.is_not_null()).select(id);
    let mut ids = queued.order((queue_rank.asc(), created_at.asc(), id.asc())).into_boxed();
    if let Some(direction_id) = direction_id {
        ids = ids.filter(tickets::direction_id.eq(direction_id));
    }
    if let Some((rank, created, of)) = after {
        let rank_of = queue_rank.assume_not_null();
        let same_rank = created_at.gt(created).or(created_at.eq(created).and(id.gt(of)));
        ids = ids.filter(rank_of.ge(rank).and(rank_of.gt(rank).or(same_rank)));
    }
    ids
}

fn item(ticket: TicketSummary, rules: &Rules) -> Option<QueueItem> {
    let (rank, clock) = (ticket.queue_rank?, ticket.running_clock?);
    let reason = QueueReason {
        clock,
        due_at: ticket.due_at,
        priority: ticket.priority,
        head_start_minutes: queue::head_start(ticket.priority, rules),
        rank,
        created_at: ticket.created_at,
    };
    Some(QueueItem { ticket, reason })
}

const fn place(item: &QueueItem) -> Place {
    (item.reason.rank, item.reason.created_at, item.ticket.id)
}
