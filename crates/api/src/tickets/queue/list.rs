//! `GET /queue`: what waits for support, in working order (2.4).

use std::sync::Arc;

use actix_web::get;
use chrono::{DateTime, Utc};
use diesel::prelude::*;
use domain::sla::Rules;
use domain::{ClockKind, Priority, Timestamp, queue};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::db::cut::Cut;
use crate::db::schema::tickets;
use crate::http::caller::Caller;
use crate::http::page::{Listed, Page, PageQuery};
use crate::http::query::Query;
use crate::http::request_db::RequestDb;
use crate::problem::Problem;
use crate::tickets::view::summary::TicketSummary;

/// Which part of the queue to show.
#[derive(Debug, Clone, Serialize, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct QueueQuery {
    /// Only what belongs to this direction.
    #[param(minimum = 1, nullable = false)]
    pub direction_id: Option<i64>,
}

/// A ticket in the queue.
#[derive(Debug, Serialize, ToSchema)]
pub struct QueueItem {
    /// The ticket.
    pub ticket: TicketSummary,
    /// Why the ticket has its place.
    pub reason: QueueReason,
}

/// What determines the place of a ticket: the earliest rank first, then the earliest created.
#[derive(Debug, Serialize, ToSchema)]
pub struct QueueReason {
    /// The clock that runs at present.
    pub clock: ClockKind,
    /// When it is due.
    pub due_at: Timestamp,
    /// The priority of the ticket.
    pub priority: Priority,
    /// How far the priority moves the ticket ahead of its deadline, in working minutes.
    pub head_start_minutes: i64,
    /// The deadline less the head start.
    pub rank: Timestamp,
    /// When the ticket was created.
    pub created_at: Timestamp,
}

pub type QueuePage = Page<QueueItem>;

impl Listed for QueueItem {
    const PAGE_NAME: &'static str = "QueuePage";
    const PAGE_DESCRIPTION: &'static str = "A page of the queue.";
    const ORDER: &'static str = "In the order in which they are to be handled.";
}

/// Rank, filing and number of a ticket.
type Position = (DateTime<Utc>, DateTime<Utc>, i64);

/// List the queue
///
/// Every ticket on which one of support's clocks is running, whoever is assigned, with the
/// reason for its place.
#[utoipa::path(
    tag = "queue",
    operation_id = "queue_list",
    params(QueueQuery, PageQuery),
    responses((status = 200, description = "A page of the queue", body = QueuePage)),
)]
#[get("/queue")]
pub async fn list(
    db: RequestDb,
    caller: Caller,
    Query(query): Query<QueueQuery>,
    Query(page): Query<PageQuery>,
) -> Result<QueuePage, Problem> {
    let page = page.bound_to(("queue", &query, caller.user_id))?;
    let rules = Arc::clone(&caller.rules);
    let work = move |conn: &mut _| {
        let ids = Cut::to(page.limit + 1, queued(query.direction_id, page.after));
        let tickets = TicketSummary::load(ids, &caller, conn)?.into_iter();
        let mut items: Vec<QueueItem> = tickets.filter_map(|it| item(it, &rules)).collect();
        items.sort_by_key(position);
        Ok(page.cut(items, position))
    };
    db.run(work).await
}

fn queued(
    direction_id: Option<i64>,
    after: Option<Position>,
) -> tickets::BoxedQuery<'static, diesel::pg::Pg, diesel::sql_types::BigInt> {
    use tickets::{created_at, id, queue_rank};

    let all = tickets::table.filter(queue_rank.is_not_null()).select(id);
    let mut ids = all.order((queue_rank.asc(), created_at.asc(), id.asc())).into_boxed();
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

const fn position(item: &QueueItem) -> Position {
    (item.reason.rank.0, item.reason.created_at.0, item.ticket.id)
}
