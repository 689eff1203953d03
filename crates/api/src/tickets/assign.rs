//! `PUT /tickets/{id}/assignee`.

use actix_web::web::{Data, Path};
use actix_web::{HttpRequest, put};
use diesel::PgConnection;
use domain::{FieldCode, RuleViolation};
use serde::Deserialize;
use utoipa::ToSchema;

use super::changes;
use super::references::References;
use super::request::Draft;
use super::store::TicketRow;
use super::view::Ticket;
use crate::answer::{IfMatch, Tagged};
use crate::auth::caller::Caller;
use crate::db::Db;
use crate::events::body::Body;
use crate::events::event_type::EventType;
use crate::events::store::{NewEvent, write};
use crate::problem::Problem;
use crate::render::language;
use crate::valid::Valid;

/// Who is to work on a ticket.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Assignment {
    /// An active engineer of the ticket's direction; null takes it away from whoever has it.
    #[schema(minimum = 1, required = true)]
    pub assignee_id: Option<i64>,
    /// Why; only staff can read it.
    #[schema(max_length = 2000, pattern = r"\S")]
    pub reason: Option<String>,
}

/// Assign a ticket
///
/// Assignment accepts nothing: a new ticket stays new.
#[utoipa::path(
    tag = "tickets",
    operation_id = "tickets_assign",
    params(("id" = i64, Path, description = "The ticket's number")),
    request_body = Assignment,
    responses((status = 200, description = "The ticket, assigned", body = Ticket)),
)]
#[put("/tickets/{id}/assignee")]
pub async fn assign(
    req: HttpRequest,
    db: Data<Db>,
    caller: Caller,
    id: Path<i64>,
    if_match: IfMatch,
    Valid(assignment): Valid<Assignment>,
) -> Result<Tagged<Ticket>, Problem> {
    let language = language(&req);
    let work = move |conn: &mut _| {
        let before = TicketRow::lock(*id, &caller, conn)?;
        if_match.check(before.version)?;
        let event = apply(&before, assignment, &caller, conn)?;
        let ticket = Ticket::load(*id, &caller, language, conn)?;
        write(event.as_slice(), conn)?;
        Ok(ticket)
    };
    let ticket = db.transaction(work).await?;
    Ok(Tagged::new(ticket.version, ticket))
}

/// Assigns a locked ticket; answers the event, which is the caller's to write.
pub(crate) fn apply(
    before: &TicketRow,
    assignment: Assignment,
    caller: &Caller,
    conn: &mut PgConnection,
) -> Result<Option<NewEvent>, Problem> {
    if before.status.0.is_final() {
        return Err(RuleViolation::TicketClosed.into());
    }
    let draft = Draft {
        project_id: Some(before.project_id),
        is_filed: true,
        assignee_id: assignment.assignee_id,
        ..Draft::default()
    };
    if assignment.assignee_id.is_some() && !References::load(&draft, caller, conn)?.has_assignee() {
        return Err(RuleViolation::field("/assignee_id", FieldCode::NotFound).into());
    }
    let why = Body { reason: assignment.reason, reason_is_internal: true, ..Body::default() };
    give(before, assignment.assignee_id, why, caller, conn)
}

/// Gives a locked ticket to somebody, or takes it away; answers the event, which is the caller's
/// to write, or none where nothing changes. `why` tells the reason or the cause.
///
/// # Errors
/// A failure of the database.
pub(crate) fn give(
    before: &TicketRow,
    assignee_id: Option<i64>,
    why: Body,
    caller: &Caller,
    conn: &mut PgConnection,
) -> Result<Option<NewEvent>, Problem> {
    let mut row = before.clone();
    row.assignee_id = assignee_id;
    if row == *before {
        return Ok(None);
    }
    let changes = changes::between(before, &row, conn)?;
    row.save(true, caller.now, conn)?;
    Ok(Some(NewEvent {
        ticket_id: row.id,
        kind: EventType::Assigned,
        at: caller.now,
        actor_id: Some(caller.user_id),
        is_internal: false,
        body: Body { changes, ..why },
    }))
}
