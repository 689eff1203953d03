//! `PUT /tickets/{id}/assignee`.

use actix_web::put;
use actix_web::web::Path;
use diesel::PgConnection;
use domain::ticket::{Action, Facts};
use serde::Deserialize;
use utoipa::ToSchema;

use crate::events::done::{Done, recorded};
use crate::events::store::NewEvent;
use crate::http::caller::Caller;
use crate::http::request_db::RequestDb;
use crate::http::response::{IfMatch, WithEtag};
use crate::http::tried::Tried;
use crate::problem::Problem;
use crate::tickets::lifecycle::apply::apply_silently;
use crate::tickets::registration::references::References;
use crate::tickets::registration::request::ReferenceIds;
use crate::tickets::store::lock::lock;
use crate::tickets::view::Ticket;

/// The assignee of a ticket.
#[derive(Debug, Clone, Deserialize, ToSchema)]
pub struct Assignment {
    /// An active engineer of the ticket's direction; null removes the assignee.
    #[schema(minimum = 1, required = true)]
    pub assignee_id: Option<i64>,
    /// The reason; only staff can read it.
    #[schema(max_length = 2000, pattern = r"\S")]
    pub reason: Option<String>,
}

/// Assign a ticket
///
/// Assigning a ticket does not accept it: a new ticket remains new.
#[utoipa::path(
    tag = "tickets",
    operation_id = "tickets_assign",
    params(("id" = i64, Path, description = "The ticket number"), IfMatch),
    request_body = Assignment,
    responses((status = 200, description = "The assigned ticket", body = Ticket)),
)]
#[put("/tickets/{id}/assignee")]
pub async fn assign(
    db: RequestDb,
    caller: Caller,
    id: Path<i64>,
    if_match: IfMatch,
    body: Tried<Assignment>,
) -> Result<WithEtag<Ticket>, Problem> {
    let work = move |assignment: Assignment, conn: &mut _| {
        let ticket = lock(*id, &caller, conn)?;
        if_match.check(ticket.version)?;
        let event = apply_assignment(&ticket, assignment, &caller, conn)?;
        let ticket = Ticket::load(*id, &caller, conn)?;
        Ok(Done::new(ticket).with_events(event))
    };
    let ticket = db.transaction(recorded(db.history_key(), body.then(work))).await?;
    Ok(WithEtag::new(ticket.version, ticket))
}

/// Assigns a locked ticket; returns its event.
pub(crate) fn apply_assignment(
    ticket: &domain::ticket::Ticket,
    assignment: Assignment,
    caller: &Caller,
    conn: &mut PgConnection,
) -> Result<Option<NewEvent>, Problem> {
    let Assignment { assignee_id, reason } = assignment;
    let ids = ReferenceIds {
        project_id: Some(ticket.project_id),
        is_filed: true,
        assignee_id,
        ..ReferenceIds::default()
    };
    // The current assignee is not checked: a deactivation waits for the ticket.
    let is_new = assignee_id.is_some() && assignee_id != ticket.assignee_id;
    let is_assignee_eligible = !is_new || References::load(&ids, caller, conn)?.has_assignee();
    let facts = Facts { is_assignee_eligible, ..Facts::default() };
    let action = Action::Assign { assignee_id, reason };
    Ok(apply_silently(ticket, action, &facts, &caller.into(), conn)?.event)
}
