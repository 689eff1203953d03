//! 2.5, 4.2: transitions and comments, each alone or both at once.

mod check;
mod enter;

use crate::needs::Visibility;
use crate::status::Status;
use crate::violation::RuleViolation;
use crate::workflow::{self, Transition};

use super::Ticket;
use super::action::Step;
use super::attention::is_answer_due_after;
use super::case::Case;
use super::change::Change;
use super::confirm::is_confirmed_by_comment;
use super::event::{Applied, Event};
use super::event_type::EventType;

/// Where a step leads.
#[derive(Debug, Clone, Copy)]
struct RequestedStep {
    /// The transition that is made; none: the ticket stays.
    transition: Option<&'static Transition>,
    /// The status that was named.
    named: Option<Status>,
    /// The JSON pointer to the comment in the request.
    comment_pointer: &'static str,
}

impl RequestedStep {
    fn moves_to(self) -> Option<Status> {
        self.transition.map(|it| it.to)
    }

    /// A ticket waits for an unpublished release; a published one is provided.
    fn waits(self) -> bool {
        self.moves_to() == Some(Status::AwaitingRelease)
    }
}

impl Case<'_> {
    /// Moves a ticket: a transition that the table does not have is refused.
    pub(super) fn apply_transition(self, to: Status, step: Step) -> Result<Applied, RuleViolation> {
        let transition = workflow::transition(self.before.status, to, self.context.actor)?;
        let (transition, named) = (Some(transition), Some(to));
        self.take_step(RequestedStep { transition, named, comment_pointer: "/comment" }, step)
    }

    /// Comments on a ticket, with the transition that follows from the comment (4.2.2).
    pub(super) fn comment(
        self,
        named: Option<Status>,
        step: Step,
    ) -> Result<Applied, RuleViolation> {
        let (status, actor) = (self.before.status, self.context.actor);
        if actor.is_customer() {
            self.check_open()?;
        }
        let transition = workflow::move_of_comment(status, named, actor)?;
        self.take_step(RequestedStep { transition, named, comment_pointer: "/body" }, step)
    }

    fn take_step(self, requested: RequestedStep, mut step: Step) -> Result<Applied, RuleViolation> {
        let visibility = step.visibility(self.context.actor);
        let said = step.has_comment.then_some(Visibility::Public);
        let comment = *visibility.as_ref().unwrap_or(&said);
        step.fields.comment = comment;
        self.check_step(requested, &step.fields, visibility.err())?;
        let after = self.stepped(requested.moves_to(), requested.named, &step);
        let kind = match requested.transition {
            Some(_) => EventType::StatusChanged,
            None => EventType::Commented,
        };
        let changes = Change::between(self.before, &after);
        let is_note = comment == Some(Visibility::Internal) && changes.is_empty();
        let event = Event {
            is_internal: is_note,
            comment,
            release_id: step.fields.release_id.filter(|_| !requested.waits()),
            ..Event::new(kind, changes)
        };
        // Not even the time of the last change reveals an internal note to a customer.
        if is_note {
            return Ok(Applied { event: Some(event), ..Applied::nothing(self.before) });
        }
        Ok(Applied::recorded(after, event, self.context.now))
    }

    /// The ticket after a step: `moves_to` is the status that it moves to, if any, `named` the one that was asked for.
    pub(super) fn stepped(
        self,
        moves_to: Option<Status>,
        named: Option<Status>,
        step: &Step,
    ) -> Ticket {
        let (before, context) = (self.before, self.context);
        let (actor, comment, now) = (context.actor, step.fields.comment, context.now);
        let mut ticket = before.clone();
        ticket.is_answer_due = is_answer_due_after(before.is_answer_due, actor, comment, moves_to);
        if actor.is_support() && comment == Some(Visibility::Public) {
            ticket.times.first_answered_at.get_or_insert(now);
        }
        let confirms = is_confirmed_by_comment(before.status, named, actor);
        if confirms {
            ticket.confirmation.at.get_or_insert(now);
        }
        if let Some(to) = moves_to {
            ticket.enter(to, &step.fields, context);
        }
        if moves_to == Some(Status::AwaitingRelease) {
            let release = self.facts.release.filter(|it| !it.is_published);
            ticket.wait_for(release, now, context.rules);
        } else if ticket.status != Status::AwaitingRelease {
            // What is provided to a ticket that waits for another release does not end its waiting.
            ticket.release_id = step.fields.release_id.or(ticket.release_id);
        }
        // A confirmation needs nothing else.
        let counted_comment = comment.filter(|_| moves_to.is_some() || !confirms);
        ticket.step_clocks(before.status, moves_to, counted_comment, context);
        ticket
    }
}
