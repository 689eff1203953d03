//! 3.3, clause 1 and advantage 5: who works on a ticket, and who is asked about it.

use crate::balancing::AssignmentCause;
use crate::status::Status;
use crate::violation::{FieldCode, RuleViolation};

use super::Ticket;
use super::action::{HandOver, Step};
use super::event::{Applied, Reason};
use super::event_type::EventType;
use super::facts::{Context, Facts};
use super::step::make_move;

/// Somebody assigns a ticket, or takes it away. Assignment accepts nothing: a new ticket stays new.
pub(super) fn assign(
    before: &Ticket,
    assignee_id: Option<i64>,
    reason: Option<String>,
    facts: &Facts,
    context: &Context<'_>,
) -> Result<Applied, RuleViolation> {
    check_open(before)?;
    if assignee_id.is_some() && !facts.is_assignee_eligible {
        return Err(RuleViolation::field("/assignee_id", FieldCode::NotFound));
    }
    Ok(assigned(before, assignee_id, context).explained(reason.map(Reason::internal)))
}

/// The least loaded engineer gets a ticket.
pub(super) fn distribute(
    before: &Ticket,
    assignee_id: i64,
    context: &Context<'_>,
) -> Result<Applied, RuleViolation> {
    check_open(before)?;
    Ok(assigned(before, Some(assignee_id), context).because(AssignmentCause::Balancing))
}

/// Whoever asks for the next ticket gets it, and takes a new one on.
pub(super) fn take(
    before: &Ticket,
    facts: &Facts,
    context: &Context<'_>,
) -> Result<Applied, RuleViolation> {
    check_open(before)?;
    let taken = match before.status {
        Status::New => make_move(before, Status::InProgress, Step::default(), facts, context)?,
        Status::InProgress
        | Status::Feedback
        | Status::Resolved
        | Status::Closed
        | Status::AwaitingRelease
        | Status::OnHold
        | Status::Rejected => assigned(before, context.user_id, context),
    };
    Ok(taken.because(AssignmentCause::Queue))
}

/// An open ticket goes to somebody else, because its contact or assignee leaves or is away.
pub(super) fn hand_over(
    before: &Ticket,
    to: HandOver,
    context: &Context<'_>,
) -> Result<Applied, RuleViolation> {
    check_open(before)?;
    Ok(match to {
        HandOver::Contact(id) => {
            let after = Ticket { contact_id: Some(id), ..before.clone() };
            Applied::changed(before, after, EventType::Edited, context.now)
        }
        HandOver::Assignee { to, cause } => assigned(before, to, context).because(cause),
    })
}

fn check_open(ticket: &Ticket) -> Result<(), RuleViolation> {
    if ticket.status.is_final() { Err(RuleViolation::TicketClosed) } else { Ok(()) }
}

fn assigned(before: &Ticket, assignee_id: Option<i64>, context: &Context<'_>) -> Applied {
    let after = Ticket { assignee_id, ..before.clone() };
    Applied::changed(before, after, EventType::Assigned, context.now)
}
