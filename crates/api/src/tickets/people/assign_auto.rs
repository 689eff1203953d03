//! `POST /tickets/{id}/assignee/auto`.

use actix_web::web::Path;
use actix_web::{HttpRequest, post};
use diesel::PgConnection;
use domain::{AssignmentCause, RuleViolation};

use crate::events::done::Done;
use crate::events::payload::Body;
use crate::events::store::NewEvent;
use crate::http::caller::Caller;
use crate::http::language::language;
use crate::http::response::{ApiResponse, WithEtag};
use crate::idempotency::idempotent::Idempotent;
use crate::problem::{Code, Problem};
use crate::tickets::people::assign::give;
use crate::tickets::people::balancing::present;
use crate::tickets::store::TicketRow;
use crate::tickets::view::Ticket;

/// Assign a ticket to the least loaded
///
/// The present engineer of the direction with the least to do gets it: assigned `new` and
/// `in_progress` tickets, weighted by priority. Assignment accepts nothing.
#[utoipa::path(
    tag = "tickets",
    operation_id = "tickets_assign_auto",
    params(("id" = i64, Path, description = "The ticket's number")),
    responses((status = 200, description = "The ticket, assigned", body = Ticket)),
)]
#[post("/tickets/{id}/assignee/auto")]
pub async fn assign_auto(
    req: HttpRequest,
    once: Idempotent,
    caller: Caller,
    id: Path<i64>,
) -> Result<ApiResponse, Problem> {
    let language = language(&req);
    let work = move |conn: &mut _| {
        let before = TicketRow::lock(*id, &caller, conn)?;
        let event = apply(&before, &caller, conn)?;
        let ticket = Ticket::load(*id, &caller, language, conn)?;
        Ok(Done::new(WithEtag::new(ticket.version, ticket)).with_events(event))
    };
    once.run(work).await
}

fn apply(
    before: &TicketRow,
    caller: &Caller,
    conn: &mut PgConnection,
) -> Result<Option<NewEvent>, Problem> {
    if before.status.0.is_final() {
        return Err(RuleViolation::TicketClosed.into());
    }
    let mut balance = present(&[before.direction_id], Some(before.id), caller.now, conn)?;
    let Some(engineer_id) = balance.give(before.direction_id, before.priority.0) else {
        return Err(Problem::new(Code::NobodyPresent));
    };
    let why = Body { cause: Some(AssignmentCause::Balancing), ..Body::default() };
    give(before, Some(engineer_id), why, caller, conn)
}
