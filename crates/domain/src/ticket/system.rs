//! What the system does to tickets that wait: for their customer, for a release, for a day.

use crate::feedback::next_reminder;
use crate::needs::TransitionFields;
use crate::reasons::CloseReason;
use crate::status::Status;
use crate::violation::RuleViolation;

use super::action::Step;
use super::case::Case;
use super::change::{Change, Values};
use super::event::{Applied, Event};
use super::event_type::EventType;
use super::facts::{Facts, Release};

impl Case<'_> {
    /// 2.5: closes a ticket whose customer was silent for two months.
    pub(super) fn time_out(self) -> Result<Applied, RuleViolation> {
        let close_reason = Some(CloseReason::FeedbackTimeout);
        let fields = TransitionFields { close_reason, ..TransitionFields::default() };
        self.apply_transition(Status::Closed, Step { fields, ..Step::default() })
    }

    /// 2.2: provides the release that the ticket waited for, with a comment that names it.
    pub(super) fn release_out(self, release: Release) -> Result<Applied, RuleViolation> {
        let release_id = Some(release.id);
        let fields = TransitionFields { release_id, ..TransitionFields::default() };
        let facts = Facts { release: Some(release), ..self.facts.clone() };
        let step = Step { has_comment: true, is_internal: false, fields };
        Case { facts: &facts, ..self }.apply_transition(Status::Feedback, step)
    }

    /// The release was rescheduled; a ticket that still waits is reviewed on the new date.
    pub(super) fn release_replanned(self, release: Release) -> Applied {
        if self.before.status != Status::AwaitingRelease {
            return Applied::nothing(self.before);
        }
        let mut after = self.before.clone();
        after.wait_for(Some(release), self.context.now, self.context.rules);
        let applied = self.changed(after, EventType::Edited);
        let event = applied.event.map(|it| Event { release_id: Some(release.id), ..it });
        Applied { event, ..applied }
    }

    /// The customer is reminded that the ticket will be closed soon; a reminder that comes too late is dropped.
    pub(super) fn remind_customer(self) -> Applied {
        let (now, rules) = (self.context.now, self.context.rules);
        let mut ticket = self.before.clone();
        let closes_at = ticket.feedback.closes_at;
        ticket.feedback.remind_at = closes_at
            .and_then(|it| next_reminder(it, now, &rules.sla.reminder_days, &rules.calendar));
        let event = closes_at.filter(|it| *it > now).map(|it| {
            Event::new(EventType::ClosingNear, vec![Change::ClosesAt(Values::new(it.into()))])
        });
        Applied { ticket, event }
    }

    /// The review of the ticket is due.
    pub(super) fn remind_assignee(self) -> Applied {
        if self.before.review.on.is_none() {
            return Applied::nothing(self.before);
        }
        let mut ticket = self.before.clone();
        ticket.review.reminded_on = ticket.review.on;
        let is_due = Change::ReviewDue(Values { from: Some(false), to: Some(true) });
        let event = Event { is_internal: true, ..Event::new(EventType::ReviewDue, vec![is_due]) };
        Applied { ticket, event: Some(event) }
    }
}
