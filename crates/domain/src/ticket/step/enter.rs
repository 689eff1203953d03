//! What entering a status does to a ticket.

use chrono::{DateTime, Utc};

use crate::feedback::{closes_at, next_reminder};
use crate::needs::TransitionFields;
use crate::sla::Rules;
use crate::status::Status;
use crate::ticket::confirm::is_confirmed_after;
use crate::ticket::facts::Context;
use crate::ticket::review::review_on;
use crate::ticket::{Feedback, Reasons, Ticket};

/// Lets a ticket enter a status, with all that follows from it but its clocks.
pub(super) fn enter(
    ticket: &mut Ticket,
    to: Status,
    fields: &TransitionFields,
    context: &Context<'_>,
) {
    let now = context.now;
    if to == Status::InProgress && context.actor.is_support() {
        take_on(ticket, context);
    }
    let was_confirmed = ticket.is_confirmed() || fields.confirmation_comment_id.is_some();
    ticket.confirmation.at = is_confirmed_after(to, context.actor, was_confirmed)
        .then(|| ticket.confirmation.at.unwrap_or(now));
    ticket.times.resolved_at = resolved_at(ticket.times.resolved_at, to, now);
    ticket.times.closed_at = to.is_final().then_some(now);
    ticket.reasons = Reasons {
        close: fields.close_reason,
        refusal: fields.refusal_reason,
        duplicate_of: fields.duplicate_of,
        waiting_on: fields.waiting_on,
    };
    ticket.review.on = review_on(to, now, context.rules);
    ticket.release_planned_on = None;
    ticket.feedback = feedback(to, now, context.rules);
    ticket.status = to;
}

/// Whoever takes a new ticket on works on it; otherwise whoever had it goes on.
fn take_on(ticket: &mut Ticket, context: &Context<'_>) {
    if ticket.status == Status::New || ticket.assignee_id.is_none() {
        ticket.assignee_id = context.user_id;
    }
    ticket.times.accepted_at.get_or_insert(context.now);
}

fn feedback(to: Status, now: DateTime<Utc>, rules: &Rules) -> Feedback {
    if to != Status::Feedback {
        return Feedback::default();
    }
    let closes_at = closes_at(now, &rules.calendar);
    Feedback {
        since: Some(now),
        closes_at: Some(closes_at),
        remind_at: next_reminder(closes_at, now, &rules.sla.reminder_days, &rules.calendar),
    }
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
