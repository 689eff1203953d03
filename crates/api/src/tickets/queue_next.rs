//! `POST /queue/next`: the caller takes what is next.

use actix_web::{HttpRequest, post};
use diesel::prelude::*;
use domain::{AssignmentCause, Given, Status};

use super::assign::give;
use super::moving::{Step, move_locked};
use super::store::TicketRow;
use super::view::Ticket;
use crate::answer::{Answer, Tagged};
use crate::auth::caller::Caller;
use crate::events::body::Body;
use crate::events::store::{NewEvent, write};
use crate::idempotency::once::Once;
use crate::problem::Problem;
use crate::render::language;
use crate::schema::{direction_engineers, tickets};

/// Take what is next
///
/// The first ticket of the queue within your directions that nobody has, or a new one that you
/// have: you become its assignee, and a new one moves to `in_progress`. Two engineers never get
/// the same one.
#[utoipa::path(
    tag = "queue",
    operation_id = "queue_next",
    responses(
        (status = 200, description = "The ticket, yours", body = Ticket),
        (status = 204, description = "Nothing waits in your directions"),
    ),
)]
#[post("/queue/next")]
pub async fn next(req: HttpRequest, once: Once, caller: Caller) -> Result<Answer, Problem> {
    let language = language(&req);
    let work = move |conn: &mut _| {
        let Some(row) = head(&caller, conn)? else { return Ok(Answer::NO_CONTENT) };
        let id = row.id;
        let event = take(row, &caller, conn)?;
        let ticket = Ticket::load(id, &caller, language, conn)?;
        write(event.as_slice(), conn)?;
        Answer::try_from(Tagged::new(ticket.version, ticket))
    };
    once.run(work).await
}

/// The first ticket that the caller may take, locked; one that somebody is at is passed over.
fn head(caller: &Caller, conn: &mut PgConnection) -> QueryResult<Option<TicketRow>> {
    let directions = direction_engineers::table
        .filter(direction_engineers::user_id.eq(caller.user_id))
        .select(direction_engineers::direction_id);
    let is_kept_for_caller = tickets::status
        .eq(Status::New.as_str())
        .and(tickets::assignee_id.eq(caller.user_id).assume_not_null());
    TicketRow::query()
        .filter(tickets::queue_rank.is_not_null())
        .filter(tickets::direction_id.eq_any(directions))
        .filter(tickets::assignee_id.is_null().or(is_kept_for_caller))
        .order((tickets::queue_rank, tickets::created_at, tickets::id))
        .for_no_key_update()
        .skip_locked()
        .first(conn)
        .optional()
}

fn take(
    row: TicketRow,
    caller: &Caller,
    conn: &mut PgConnection,
) -> Result<Option<NewEvent>, Problem> {
    if row.status.0 == Status::New {
        let step = Step {
            to: Some(Status::InProgress),
            comment: None,
            is_internal: false,
            attachments: Vec::new(),
            given: Given::default(),
            comment_pointer: "/comment",
        };
        let moved = move_locked(row.into(), Status::InProgress, step, &caller.into(), conn)?;
        return Ok(Some(moved.because(AssignmentCause::Queue).into_event()));
    }
    let why = Body { cause: Some(AssignmentCause::Queue), ..Body::default() };
    give(&row, Some(caller.user_id), why, caller, conn)
}
