//! What the system does to tickets that wait: for their customer, for a release, for a day.

use crate::feedback::next_reminder;
use crate::needs::TransitionFields;
use crate::reasons::CloseReason;
use crate::status::Status;
use crate::violation::RuleViolation;

use super::Ticket;
use super::action::Step;
use super::change::{Change, Values};
use super::event::{Applied, Event};
use super::event_type::EventType;
use super::facts::{Context, Facts, Release};
use super::step::make_move;

/// 2.5: closes a ticket whose customer was silent for two months.
pub(super) fn time_out(
    before: &Ticket,
    facts: &Facts,
    context: &Context<'_>,
) -> Result<Applied, RuleViolation> {
    let close_reason = Some(CloseReason::FeedbackTimeout);
    let fields = TransitionFields { close_reason, ..TransitionFields::default() };
    make_move(before, Status::Closed, Step { fields, ..Step::default() }, facts, context)
}

/// 2.2: hands a release out that the ticket waited for, with a comment that names it.
pub(super) fn release_out(
    before: &Ticket,
    release: Release,
    facts: &Facts,
    context: &Context<'_>,
) -> Result<Applied, RuleViolation> {
    let release_id = Some(release.id);
    let fields = TransitionFields { release_id, ..TransitionFields::default() };
    let facts = Facts { release: Some(release), ..facts.clone() };
    let step = Step { has_comment: true, is_internal: false, fields };
    make_move(before, Status::Feedback, step, &facts, context)
}

/// The release is planned for another day, on which support looks at a ticket that still waits.
pub(super) fn release_replanned(
    before: &Ticket,
    release: Release,
    context: &Context<'_>,
) -> Applied {
    if before.status != Status::AwaitingRelease {
        return Applied::nothing(before);
    }
    let mut after = before.clone();
    after.wait_for(Some(release), context.now, context.rules);
    let told = Applied::changed(before, after, EventType::Edited, context.now);
    let event = told.event.map(|it| Event { release_id: Some(release.id), ..it });
    Applied { event, ..told }
}

/// The customer is reminded that the ticket is closed soon; of one that is over the closing tells.
pub(super) fn remind_customer(before: &Ticket, context: &Context<'_>) -> Applied {
    let (now, rules) = (context.now, context.rules);
    let closes_at = before.feedback.closes_at;
    let mut ticket = before.clone();
    ticket.feedback.remind_at =
        closes_at.and_then(|it| next_reminder(it, now, &rules.sla.reminder_days, &rules.calendar));
    let event = closes_at
        .filter(|it| *it > now)
        .map(|it| Event::new(EventType::ClosingNear, vec![Change::ClosesAt(Values::new(it))]));
    Applied { ticket, event }
}

/// The day has come on which support looks at the ticket again.
pub(super) fn remind_assignee(before: &Ticket) -> Applied {
    if before.review.on.is_none() {
        return Applied::nothing(before);
    }
    let mut ticket = before.clone();
    ticket.review.reminded_on = before.review.on;
    let is_due = Change::ReviewDue(Values { from: Some(false), to: Some(true) });
    let event = Event { is_internal: true, ..Event::new(EventType::ReviewDue, vec![is_due]) };
    Applied { ticket, event: Some(event) }
}
