//! «Спасибо» needs no answer: support says that a customer's comment needs no answer (2.4.2).

use crate::clocks::ClockKind;
use crate::violation::RuleViolation;

use super::case::Case;
use super::change::{Change, Values};
use super::deadlines::Deadlines;
use super::event::{Applied, Event, Reason};
use super::event_type::EventType;

impl Case<'_> {
    /// Ends the clock that the comment started, and no other: acceptance, and what support still has to do for
    /// an accepted ticket, stay due.
    pub(super) fn waive_answer(self, reason: String) -> Result<Applied, RuleViolation> {
        self.check_open()?;
        let (before, context) = (self.before, self.context);
        let waived = before.clocks.waivable().ok_or(RuleViolation::NoAnswerDue)?;
        let mut ticket = before.clone();
        ticket.is_answer_due = false;
        ticket.clocks.waive(before.status, before.grade, context.now, context.rules);
        ticket.deadlines = Deadlines::of(&ticket.clocks, ticket.grade, context.rules);
        ticket.times.updated_at = context.now;
        let next = ticket.clocks.open().and_then(|it| it.due_at);
        let due_at = Values { from: waived.due_at.map(Into::into), to: next.map(Into::into) };
        let changes = vec![Change::Clock(Values::gone(ClockKind::Response)), Change::DueAt(due_at)];
        let reason = Some(Reason::public(reason));
        let event = Event { reason, ..Event::new(EventType::AnswerWaived, changes) };
        Ok(Applied { ticket, event: Some(event) })
    }
}
