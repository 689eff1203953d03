//! `POST /tickets/{id}/assignee/auto`.

use actix_web::web::Path;
use actix_web::{HttpRequest, post};
use diesel::PgConnection;
use domain::{AssignmentCause, RuleViolation};

use super::assign::give;
use super::balancing::present;
use super::store::TicketRow;
use super::view::Ticket;
use crate::answer::{Answer, Tagged};
use crate::auth::caller::Caller;
use crate::events::body::Body;
use crate::events::store::{NewEvent, write};
use crate::idempotency::once::Once;
use crate::problem::{Code, Problem};
use crate::render::language;

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
    once: Once,
    caller: Caller,
    id: Path<i64>,
) -> Result<Answer, Problem> {
    let language = language(&req);
    let work = move |conn: &mut _| {
        let before = TicketRow::lock(*id, &caller, conn)?;
        let event = apply(&before, &caller, conn)?;
        let ticket = Ticket::load(*id, &caller, language, conn)?;
        write(event.as_slice(), conn)?;
        Ok(Tagged::new(ticket.version, ticket))
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
