//! `POST /queue/next`: the caller takes what is next.

use actix_web::post;
use diesel::dsl::sql;
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Bool};
use domain::ticket::{Action, Facts};

use crate::db::schema::tickets;
use crate::events::done::Done;
use crate::http::caller::Caller;
use crate::http::response::{ApiResponse, WithEtag};
use crate::idempotency::idempotent::Idempotent;
use crate::problem::Problem;
use crate::tickets::lifecycle::apply::apply_silently;
use crate::tickets::store::action_context::ActionContext;
use crate::tickets::store::{Condition, TicketRow};
use crate::tickets::view::Ticket;

/// Take the next ticket
///
/// Returns the first ticket of the queue within your directions that is unassigned, or that is new
/// and assigned to you: you become its assignee, and a new ticket moves to `in_progress`. Two
/// engineers never get the same ticket.
#[utoipa::path(
    tag = "queue",
    operation_id = "queue_take_next",
    params(Idempotent),
    responses(
        (status = 200, description = "The ticket, assigned to you", body = Ticket),
        (status = 204, description = "Nothing is waiting in your directions"),
    ),
)]
#[post("/queue/next")]
pub async fn take_next(once: Idempotent, caller: Caller) -> Result<ApiResponse, Problem> {
    let work = move |conn: &mut _| {
        let Some(row) = head(&caller, conn)? else { return Ok(Done::new(ApiResponse::NO_CONTENT)) };
        let (id, by) = (row.id, ActionContext::from(&caller));
        let event = apply_silently(&row.into(), Action::Take, &Facts::default(), &by, conn)?.event;
        let ticket = Ticket::load(id, &caller, conn)?;
        let response = ApiResponse::try_from(WithEtag::new(ticket.version, ticket))?;
        Ok(Done::new(response).with_events(event))
    };
    once.run(work).await
}

/// How many heads of each direction are tried first, and how many if all of those are locked.
const HEADS: [i64; 2] = [64, 10_000];

/// The first ticket that the caller may take, locked; tickets locked by others are skipped.
fn head(caller: &Caller, conn: &mut PgConnection) -> QueryResult<Option<TicketRow>> {
    for most in HEADS {
        let found = first_free(caller, most, conn)?;
        if found.is_some() {
            return Ok(found);
        }
    }
    Ok(None)
}

/// The first unlocked head of the caller's directions. Heads are found in an index that contains nothing else,
/// and checked again once they are locked.
fn first_free(
    caller: &Caller,
    most: i64,
    conn: &mut PgConnection,
) -> QueryResult<Option<TicketRow>> {
    let is_new = sql::<Bool>("tickets.status = 'new'");
    let is_kept = is_new.and(tickets::assignee_id.eq(caller.user_id).assume_not_null());
    TicketRow::query()
        .filter(is_head(caller.user_id, most))
        .filter(tickets::queue_rank.is_not_null())
        .filter(tickets::assignee_id.is_null().or(is_kept))
        .order((tickets::queue_rank, tickets::created_at, tickets::id))
        .for_no_key_update()
        .skip_locked()
        .first(conn)
        .optional()
}

/// The heads of the caller's directions: of each this many unassigned tickets, and this many new ones
/// assigned to the caller.
fn is_head(user_id: i64, most: i64) -> Condition {
    Box::new(
        sql::<Bool>(
            "tickets.id = any (array (
                select head.id from direction_engineers as member cross join lateral (
                    (select id from tickets as free
                     where direction_id = member.direction_id
                         and queue_rank is not null and assignee_id is null
                     order by queue_rank, created_at, id limit ",
        )
        .bind::<BigInt, _>(most)
        .sql(
            ") union all
                    (select id from tickets as reserved
                     where direction_id = member.direction_id and queue_rank is not null
                         and assignee_id = member.user_id and status = 'new'
                     order by queue_rank, created_at, id limit ",
        )
        .bind::<BigInt, _>(most)
        .sql(")) as head where member.user_id = ")
        .bind::<BigInt, _>(user_id)
        .sql("))"),
    )
}
