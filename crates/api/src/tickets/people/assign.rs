//! `PUT /tickets/{id}/assignee`.

use actix_web::web::{Data, Path};
use actix_web::{HttpRequest, put};
use diesel::PgConnection;
use domain::{FieldCode, RuleViolation};
use serde::Deserialize;
use utoipa::ToSchema;

use crate::db::Db;
use crate::events::done::{Done, recorded};
use crate::events::event_type::EventType;
use crate::events::payload::Body;
use crate::events::store::NewEvent;
use crate::http::caller::Caller;
use crate::http::language::language;
use crate::http::response::{IfMatch, WithEtag};
use crate::http::validation::Valid;
use crate::problem::Problem;
use crate::tickets::registration::references::References;
use crate::tickets::registration::request::ReferenceIds;
use crate::tickets::store::{TicketRow, changes};
use crate::tickets::view::Ticket;

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
) -> Result<WithEtag<Ticket>, Problem> {
    let language = language(&req);
    let work = move |conn: &mut _| {
        let before = TicketRow::lock(*id, &caller, conn)?;
        if_match.check(before.version)?;
        let event = apply(&before, assignment, &caller, conn)?;
        let ticket = Ticket::load(*id, &caller, language, conn)?;
        Ok(Done::new(ticket).with_events(event))
    };
    let ticket = db.transaction(recorded(work)).await?;
    Ok(WithEtag::new(ticket.version, ticket))
}

/// Assigns a locked ticket; returns its event.
pub(crate) fn apply(
    before: &TicketRow,
    assignment: Assignment,
    caller: &Caller,
    conn: &mut PgConnection,
) -> Result<Option<NewEvent>, Problem> {
    if before.status.0.is_final() {
        return Err(RuleViolation::TicketClosed.into());
    }
    let draft = ReferenceIds {
        project_id: Some(before.project_id),
        is_filed: true,
        assignee_id: assignment.assignee_id,
        ..ReferenceIds::default()
    };
    if assignment.assignee_id.is_some() && !References::load(&draft, caller, conn)?.has_assignee() {
        return Err(RuleViolation::field("/assignee_id", FieldCode::NotFound).into());
    }
    let why = Body { reason: assignment.reason, reason_is_internal: true, ..Body::default() };
    give(before, assignment.assignee_id, why, caller, conn)
}

/// Gives a locked ticket to somebody, or takes it away; returns the event, or none where nothing
/// changes. `why` tells the reason or the cause.
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
    let changes = changes::between(before, &row);
    row.save(true, caller.now, conn)?;
    Ok(Some(NewEvent {
        ticket_id: Some(row.id),
        kind: EventType::Assigned,
        at: caller.now,
        actor_id: Some(caller.user_id),
        is_internal: false,
        body: Body { changes, ..why },
    }))
}
