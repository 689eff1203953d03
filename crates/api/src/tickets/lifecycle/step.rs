//! What one request does to a ticket: a move, a comment, or both at once.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use domain::attention::is_answer_due_after;
use domain::confirmation::{is_confirmed_after, is_confirmed_by_comment};
use domain::feedback::{closes_at, next_reminder};
use domain::needs::check_without_move;
use domain::review::review_on;
use domain::sla::Rules;
use domain::workflow::{self, Transition};
use domain::{
    Actor, AssignmentCause, FieldCode, FieldError, RuleViolation, Status, TransitionFields,
    Visibility,
};

use crate::attachments::attach;
use crate::attachments::attach::{AttachmentCreate, Place, attach};
use crate::db::string_enum::DbEnum;
use crate::events::event_type::EventType;
use crate::events::payload::Body;
use crate::events::store::NewEvent;
use crate::http::caller::Caller;
use crate::http::response::IfMatch;
use crate::problem::Problem;
use crate::releases::store::ReleaseRow;
use crate::tickets::comments::store::CommentRow;
use crate::tickets::store::actor::By;
use crate::tickets::store::{LockedTicket, TicketRow, changes};

/// What a request asks for.
#[derive(Debug)]
pub struct Step {
    /// Where to move the ticket.
    pub to: Option<Status>,
    /// What to say in it.
    pub comment: Option<String>,
    /// Whether that is an internal note.
    pub is_internal: bool,
    /// The files to add (4.2.4).
    pub attachments: Vec<AttachmentCreate>,
    /// What accompanies the move.
    pub given: TransitionFields,
    /// Where the request spells the comment.
    pub comment_pointer: &'static str,
}

/// What came of it.
#[derive(Debug)]
pub struct Stepped {
    /// The comment that was made.
    pub comment: Option<CommentRow>,
    /// The ticket as it is now.
    pub row: TicketRow,
    event: NewEvent,
}

impl Stepped {
    /// The same, done by the system for a reason.
    #[must_use]
    pub fn because(mut self, cause: AssignmentCause) -> Self {
        self.event.body.cause = Some(cause);
        self
    }

    /// The event, which the transaction is to write.
    pub fn into_event(self) -> NewEvent {
        self.event
    }
}

/// Moves a ticket: a move that the table does not have is refused.
///
/// # Errors
/// `not_found`, `transition_not_allowed`, field errors, `confirmation_missing`,
/// `open_children`.
pub fn make_move(
    id: i64,
    to: Status,
    step: Step,
    if_match: &IfMatch,
    caller: &Caller,
    conn: &mut PgConnection,
) -> Result<Stepped, Problem> {
    let ticket = lock(id, &step, if_match, caller, conn)?;
    move_locked(ticket, to, step, &caller.into(), conn)
}

/// Moves a ticket that is locked already: the way of the system, too.
pub fn move_locked(
    ticket: LockedTicket,
    to: Status,
    step: Step,
    by: &By,
    conn: &mut PgConnection,
) -> Result<Stepped, Problem> {
    let transition = workflow::transition(ticket.row.status.0, to, by.actor)?;
    take(ticket, Some(transition), step, by, conn)
}

/// Says something in a ticket, and makes the move that follows from it (4.2.2).
///
/// # Errors
/// As [`make_move`], and `ticket_closed`.
pub fn make_comment(
    id: i64,
    step: Step,
    if_match: &IfMatch,
    caller: &Caller,
    conn: &mut PgConnection,
) -> Result<Stepped, Problem> {
    let ticket = lock(id, &step, if_match, caller, conn)?;
    let transition = workflow::move_of_comment(ticket.row.status.0, step.to, caller.role)?;
    take(ticket, transition, step, &caller.into(), conn)
}

fn lock(
    id: i64,
    step: &Step,
    if_match: &IfMatch,
    caller: &Caller,
    conn: &mut PgConnection,
) -> Result<LockedTicket, Problem> {
    let mut ticket = TicketRow::lock_for_transition(id, &step.given, caller, conn)?;
    if_match.check(ticket.row.version)?;
    let kept = ticket.row.release_id.filter(|_| step.to == Some(Status::AwaitingRelease));
    if let Some(release_id) = step.given.release_id.or(kept) {
        ticket.release = ReleaseRow::hold(release_id, ticket.row.product_id, conn)?;
    }
    Ok(ticket)
}

fn take(
    ticket: LockedTicket,
    transition: Option<&Transition>,
    mut step: Step,
    by: &By,
    conn: &mut PgConnection,
) -> Result<Stepped, Problem> {
    let visibility = visibility(&step, by.actor)?;
    step.given.comment = visibility;
    check(&ticket, transition, &step, by, conn)?;
    let LockedTicket { row: before, release, .. } = ticket;
    let mut row = applied(&before, transition, &step, release.as_ref(), by);
    let waits = transition.is_some_and(|it| it.to == Status::AwaitingRelease);
    let handed_out = step.given.release_id.filter(|_| !waits);
    let comment = step
        .comment
        .map(|body| CommentRow::create(row.id, &body, visibility, handed_out, by, conn))
        .transpose()?;
    let place = Place::Ticket {
        ticket_id: row.id,
        comment_id: comment.as_ref().map(|it| it.id),
        is_internal: visibility == Some(Visibility::Internal),
    };
    let attachment_ids = attach(&step.attachments, place, &by.into(), conn)?;
    let body = Body {
        attachment_ids,
        comment_id: comment.as_ref().map(|it| it.id),
        comment_hash: comment.as_ref().map(|it| it.hash.clone()),
        comment_is_internal: visibility == Some(Visibility::Internal),
        release_id: handed_out,
        ..Body::of(changes::between(&before, &row))
    };
    let is_internal = body.comment_is_internal && body.changes.is_empty();
    // Not even the time of the last change tells a customer of an internal note.
    if !is_internal {
        row.save(!body.changes.is_empty(), by.now, conn)?;
    }
    let kind = match transition {
        Some(_) => EventType::StatusChanged,
        None => EventType::Commented,
    };
    let event = NewEvent {
        ticket_id: Some(row.id),
        kind,
        at: by.now,
        actor_id: by.user_id,
        is_internal,
        body,
    };
    Ok(Stepped { comment, row, event })
}

/// Who may read the comment; a customer's is always public.
fn visibility(step: &Step, actor: Actor) -> Result<Option<Visibility>, RuleViolation> {
    match (&step.comment, step.is_internal) {
        (_, true) if actor.is_customer() => {
            Err(RuleViolation::field("/internal", FieldCode::NotPermitted))
        }
        (None, true) => Err(RuleViolation::field("/internal", FieldCode::NotApplicable)),
        (None, false) => Ok(None),
        (Some(_), true) => Ok(Some(Visibility::Internal)),
        (Some(_), false) => Ok(Some(Visibility::Public)),
    }
}

fn check(
    ticket: &LockedTicket,
    transition: Option<&Transition>,
    step: &Step,
    by: &By,
    conn: &mut PgConnection,
) -> Result<(), Problem> {
    let (row, given) = (&ticket.row, &step.given);
    let is_confirmed = row.confirmed_at.is_some();
    let met = match transition {
        Some(it) => it.check(given, by.actor, step.comment_pointer, is_confirmed),
        None => check_without_move(given, by.actor),
    };
    let uploads: Vec<&str> = step.attachments.iter().map(|it| it.upload_id.as_str()).collect();
    let mut wrong = wrong_references(ticket, transition, given);
    wrong.extend(attach::errors(&uploads, &by.into(), conn)?);
    refer(met, wrong)?;
    let is_closing = transition.is_some_and(|it| it.to == Status::Closed);
    if is_closing && ticket.has_open_children {
        let children = row.open_children(conn)?;
        return Err(RuleViolation::OpenChildren(children).into());
    }
    Ok(())
}

/// What a step names that does not exist, or is not what it should be.
fn wrong_references(
    ticket: &LockedTicket,
    transition: Option<&Transition>,
    given: &TransitionFields,
) -> Vec<FieldError> {
    let release = given.release_id.map(|_| ticket.release.as_ref());
    let waits = transition.is_some_and(|it| it.to == Status::AwaitingRelease);
    // One waits for what is to come, and hands out what is there.
    let is_at_odds = |it: &ReleaseRow| it.published_at.is_some() == waits;
    let confirmation = given.confirmation_comment_id;
    let is_itself = given.duplicate_of == Some(ticket.row.id);
    let is_foreign = given.duplicate_of.is_some() && !ticket.is_duplicate_known;
    let is_unsaid = confirmation.is_some() && !ticket.is_confirmed_by_comment;
    [
        ("/duplicate_of", FieldCode::Circular, is_itself),
        ("/duplicate_of", FieldCode::NotFound, is_foreign),
        ("/confirmation_comment_id", FieldCode::NotFound, is_unsaid),
        ("/release_id", FieldCode::NotFound, release == Some(None)),
        ("/release_id", FieldCode::NotApplicable, release.flatten().is_some_and(is_at_odds)),
    ]
    .into_iter()
    .filter(|(.., is_wrong)| *is_wrong)
    .map(|(pointer, code, _)| FieldError::new(pointer, code))
    .collect()
}

/// Tells wrong references together with unmet needs; of two errors of one field the first.
fn refer(met: Result<(), RuleViolation>, wrong: Vec<FieldError>) -> Result<(), RuleViolation> {
    let mut errors = match met {
        Err(RuleViolation::Invalid(errors)) => errors,
        Ok(()) | Err(_) if wrong.is_empty() => return met,
        Ok(()) | Err(_) => Vec::new(),
    };
    for error in wrong {
        if errors.iter().all(|it| it.pointer != error.pointer) {
            errors.push(error);
        }
    }
    Err(RuleViolation::Invalid(errors))
}

/// The ticket after the step.
fn applied(
    before: &TicketRow,
    transition: Option<&Transition>,
    step: &Step,
    release: Option<&ReleaseRow>,
    by: &By,
) -> TicketRow {
    let mut row = before.clone();
    let moved_to = transition.map(|it| it.to);
    row.is_answer_due =
        is_answer_due_after(row.is_answer_due, by.actor, step.given.comment, moved_to);
    if by.actor.is_support() && step.given.comment == Some(Visibility::Public) {
        row.first_answered_at.get_or_insert(by.now);
    }
    if is_confirmed_by_comment(row.status.0, step.to, by.actor) {
        row.confirmed_at.get_or_insert(by.now);
    }
    if let Some(to) = moved_to {
        enter(&mut row, to, &step.given, by);
    }
    if moved_to == Some(Status::AwaitingRelease) {
        row.wait_for(release.filter(|it| it.published_at.is_none()), by.now, &by.rules);
    } else {
        row.release_id = step.given.release_id.or(row.release_id);
    }
    // A confirmation asks for nothing.
    let said = step.given.comment.filter(|_| {
        moved_to.is_some() || !is_confirmed_by_comment(before.status.0, step.to, by.actor)
    });
    row.step_clocks(before, moved_to, said, by);
    row
}

/// What entering a status does to a ticket, beside the status itself.
fn enter(row: &mut TicketRow, to: Status, given: &TransitionFields, by: &By) {
    let now = by.now;
    let is_new = row.status.0 == Status::New;
    let is_taken = to == Status::InProgress && by.actor.is_support();
    if is_taken && (is_new || row.assignee_id.is_none()) {
        row.assignee_id = by.user_id;
    }
    if is_taken {
        row.accepted_at.get_or_insert(now);
    }
    let was_confirmed = row.confirmed_at.is_some() || given.confirmation_comment_id.is_some();
    row.confirmed_at =
        is_confirmed_after(to, by.actor, was_confirmed).then(|| row.confirmed_at.unwrap_or(now));
    row.resolved_at = resolved_at(row.resolved_at, to, now);
    row.closed_at = to.is_final().then_some(now);
    row.close_reason = given.close_reason.map(DbEnum);
    row.refusal_reason = given.refusal_reason.map(DbEnum);
    row.duplicate_of = given.duplicate_of;
    row.waiting_on = given.waiting_on.map(DbEnum);
    row.review_on = review_on(to, now, &by.rules);
    row.release_planned_on = None;
    row.feedback_since = (to == Status::Feedback).then_some(now);
    let Rules { calendar, sla, .. } = &*by.rules;
    row.closes_at = row.feedback_since.map(|it| closes_at(it, calendar));
    let reminder = |it| next_reminder(it, now, &sla.reminder_days, calendar);
    row.remind_at = row.closes_at.and_then(reminder);
    row.status = DbEnum(to);
}

/// The last time a ticket was resolved, as long as that stands.
const fn resolved_at(
    before: Option<DateTime<Utc>>,
    to: Status,
    now: DateTime<Utc>,
) -> Option<DateTime<Utc>> {
    match to {
        Status::Resolved => Some(now),
        Status::Closed => before,
        Status::New
        | Status::InProgress
        | Status::Feedback
        | Status::AwaitingRelease
        | Status::OnHold
        | Status::Rejected => None,
    }
}
