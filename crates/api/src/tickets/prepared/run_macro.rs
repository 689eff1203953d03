//! `POST /tickets/{id}/macros/{macro_id}`.

use actix_web::post;
use actix_web::web::{Data, Path};
use diesel::PgConnection;
use domain::prepared::MacroSteps;
use domain::{FieldCode, FieldError, Language, violation};

use crate::events::done::Done;
use crate::events::store::NewEvent;
use crate::http::caller::Caller;
use crate::http::response::{ApiResponse, IfMatch, WithEtag};
use crate::idempotency::idempotent::Idempotent;
use crate::limits::quotas::{Counted, Quotas};
use crate::macros::store::MacroRow;
use crate::problem::Problem;
use crate::tickets::lifecycle::apply::Message;
use crate::tickets::lifecycle::step::{StepKind, StepRequest, take_step};
use crate::tickets::people::assign::{Assignment, apply_assignment};
use crate::tickets::prepared::values::Values;
use crate::tickets::store::lock::lock;
use crate::tickets::view::Ticket;

/// Apply a macro to a ticket
///
/// Comment, transition and assignment of the macro, in this order and by the rules of the single calls: all of it
/// happens, or, if a rule forbids one of the steps, nothing. `errors` name the members of the macro. A comment with a
/// variable that the ticket has no value for is refused (422 `no_value`).
#[utoipa::path(
    tag = "macros",
    operation_id = "tickets_macros_apply",
    params(
        ("id" = i64, Path, description = "The ticket number"),
        ("macro_id" = i64, Path, description = "The macro"),
        IfMatch,
        Idempotent,
    ),
    responses((status = 200, description = "The updated ticket", body = Ticket)),
)]
#[post("/tickets/{id}/macros/{macro_id}")]
pub async fn apply(
    once: Idempotent,
    caller: Caller,
    quotas: Data<Quotas>,
    path: Path<(i64, i64)>,
    if_match: IfMatch,
) -> Result<ApiResponse, Problem> {
    let (id, macro_id) = path.into_inner();
    let counter = quotas.into_inner().counter(Counted::Comments, &caller);
    let work = move |conn: &mut _| {
        let (found, _) = MacroRow::find(macro_id, conn)?;
        let events = take_steps(id, found.steps.0, found.language.0, &if_match, &caller, conn)?;
        let ticket = Ticket::load(id, &caller, conn)?;
        Ok(Done::new(WithEtag::new(ticket.version, ticket)).with_events(events))
    };
    once.run(counter.around(work)).await
}

/// Takes the steps on a ticket; returns their events.
fn take_steps(
    id: i64,
    steps: MacroSteps,
    language: Language,
    if_match: &IfMatch,
    caller: &Caller,
    conn: &mut PgConnection,
) -> Result<Vec<NewEvent>, Problem> {
    let comment = comment(id, &steps, language, caller, conn)?;
    let assignee_id = steps.assignee_id.or(steps.assigns_me.then_some(caller.user_id));
    let kind = steps.to.map(StepKind::Move).or(comment.as_ref().map(|_| StepKind::Comment(None)));
    let (ticket, mut events) = match kind {
        Some(kind) => {
            let (is_internal, fields) = (steps.internal, steps.fields());
            let message = Message { comment, ..Message::default() };
            let request = StepRequest { kind, is_internal, fields, message };
            let outcome = take_step(id, request, if_match, caller, conn)?;
            (outcome.ticket, Vec::from_iter(outcome.event))
        }
        None => {
            let ticket = lock(id, caller, conn)?;
            if_match.check(ticket.version)?;
            (ticket, Vec::new())
        }
    };
    if assignee_id.is_some() {
        let assignment = Assignment { assignee_id, reason: None };
        events.extend(apply_assignment(&ticket, assignment, caller, conn)?);
    }
    Ok(events)
}

/// The comment of the steps, filled in for a ticket.
/// Errors: the variables that it has no value for.
fn comment(
    id: i64,
    steps: &MacroSteps,
    language: Language,
    caller: &Caller,
    conn: &mut PgConnection,
) -> Result<Option<String>, Problem> {
    let Some(text) = &steps.comment else { return Ok(None) };
    let filled = Values::load(id, caller, conn)?.fill(text, language);
    let missing = filled.missing.iter().map(|it| FieldCode::NoValue(it.to_string()));
    violation::check_none(missing.map(|it| FieldError::new("/comment", it)).collect())?;
    Ok(Some(filled.text))
}
