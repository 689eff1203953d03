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

impl Ticket {
    /// Lets the ticket enter a status, with all that follows from it but its clocks.
    pub(super) fn enter(&mut self, to: Status, fields: &TransitionFields, context: &Context<'_>) {
        let now = context.now;
        if let Some(turns) = &mut self.turns {
            turns.enter(self.status, to, now, &context.rules.calendar);
        }
        if to == Status::InProgress && context.actor.is_support() {
            self.take_on(context);
        }
        let was_confirmed = self.is_confirmed() || fields.confirmation_comment_id.is_some();
        self.confirmation.at = is_confirmed_after(to, context.actor, was_confirmed)
            .then(|| self.confirmation.at.unwrap_or(now));
        self.times.resolved_at = resolved_at(self.times.resolved_at, to, now);
        self.times.closed_at = to.is_final().then_some(now);
        self.reasons = Reasons {
            close: fields.close_reason,
            refusal: fields.refusal_reason,
            duplicate_of: fields.duplicate_of,
            merged_into: None,
            waiting_on: fields.waiting_on,
        };
        self.topic_id = fields.topic_id.or(self.topic_id);
        self.root_cause = fields.root_cause.or(self.root_cause);
        self.review.on = review_on(to, now, context.rules);
        self.release_planned_on = None;
        self.feedback = feedback(to, now, context.rules);
        self.status = to;
    }

    /// Whoever accepts a new ticket becomes its assignee; otherwise the assignee stays.
    fn take_on(&mut self, context: &Context<'_>) {
        if self.status == Status::New || self.assignee_id.is_none() {
            self.assignee_id = context.user_id;
        }
        self.times.accepted_at.get_or_insert(context.now);
    }
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

/// When a ticket was last resolved, unless it has come back into work since. Asking its customer to confirm
/// leaves it as it is: if they stay silent, an unconfirmed solution counts as one.
const fn resolved_at(
    before: Option<DateTime<Utc>>,
    to: Status,
    now: DateTime<Utc>,
) -> Option<DateTime<Utc>> {
    match to {
        Status::Resolved => Some(now),
        Status::Feedback | Status::Closed => before,
        Status::New
        | Status::InProgress
        | Status::AwaitingRelease
        | Status::OnHold
        | Status::Rejected => None,
    }
}
