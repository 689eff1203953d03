//! `POST /tickets/{id}/assignee/auto`.

use actix_web::post;
use actix_web::web::Path;
use diesel::PgConnection;
use domain::RuleViolation;
use domain::ticket::{Action, Facts};

use crate::events::done::Done;
use crate::events::store::NewEvent;
use crate::http::caller::Caller;
use crate::http::response::{ApiResponse, WithEtag};
use crate::idempotency::idempotent::Idempotent;
use crate::problem::{Code, Problem};
use crate::tickets::lifecycle::apply::apply_silently;
use crate::tickets::people::balancing::present;
use crate::tickets::store::lock::lock;
use crate::tickets::view::Ticket;

/// Assign a ticket automatically
///
/// The assignee becomes the engineer of the direction who is present and has the lowest load:
/// assigned `new` and `in_progress` tickets, weighted by priority. Assigning a ticket
/// does not accept it.
#[utoipa::path(
    tag = "tickets",
    operation_id = "tickets_assign_auto",
    params(("id" = i64, Path, description = "The ticket number"), Idempotent),
    responses((status = 200, description = "The assigned ticket", body = Ticket)),
)]
#[post("/tickets/{id}/assignee/auto")]
pub async fn assign_auto(
    once: Idempotent,
    caller: Caller,
    id: Path<i64>,
) -> Result<ApiResponse, Problem> {
    let work = move |conn: &mut _| {
        let event = distribute(&lock(*id, &caller, conn)?, &caller, conn)?;
        let ticket = Ticket::load(*id, &caller, conn)?;
        Ok(Done::new(WithEtag::new(ticket.version, ticket)).with_events(event))
    };
    once.run(work).await
}

fn distribute(
    ticket: &domain::ticket::Ticket,
    caller: &Caller,
    conn: &mut PgConnection,
) -> Result<Option<NewEvent>, Problem> {
    if ticket.status.is_final() {
        return Err(RuleViolation::TicketClosed.into());
    }
    let mut balance = present(&[ticket.direction_id], Some(ticket.id), caller.now, conn)?;
    let Some(assignee_id) = balance.assign(ticket.direction_id, ticket.grade.priority) else {
        return Err(Problem::new(Code::NobodyPresent));
    };
    let action = Action::Distribute { assignee_id };
    Ok(apply_silently(ticket, action, &Facts::default(), &caller.into(), conn)?.event)
}
