//! 3.4.1.4: a ticket that repeats another one is merged into it: rejected, and gone on with there.

use crate::needs::{TransitionFields, Visibility};
use crate::reasons::RefusalReason;
use crate::role::Role;
use crate::status::Status;
use crate::violation::{FieldCode, RuleViolation};
use crate::workflow;

use super::Ticket;
use super::action::{Merged, Step};
use super::case::Case;
use super::change::{Change, Values};
use super::event::{Applied, Event};
use super::event_type::EventType;
use super::facts::Context;

/// Whether a ticket of this status can be merged into another one: as long as it is not solved.
pub(super) const fn is_mergeable(status: Status) -> bool {
    match status {
        Status::New
        | Status::InProgress
        | Status::Feedback
        | Status::AwaitingRelease
        | Status::OnHold => true,
        Status::Resolved | Status::Closed | Status::Rejected => false,
    }
}

impl Ticket {
    /// Whether its customer waits for an answer: to a comment, or to the ticket itself.
    pub const fn awaits_answer(&self) -> bool {
        self.is_answer_due || self.times.first_answered_at.is_none()
    }
}

impl Case<'_> {
    /// Merges a ticket into another one of its company.
    pub(super) fn merge(self, into: i64, has_comment: bool) -> Result<Applied, RuleViolation> {
        self.check_merge(into)?;
        let comment = has_comment.then_some(Visibility::Public);
        let fields = TransitionFields {
            comment,
            refusal_reason: Some(RefusalReason::AlreadyRegistered),
            duplicate_of: Some(into),
            ..TransitionFields::default()
        };
        let step = Step { has_comment, is_internal: false, fields };
        let mut after = self.stepped(Some(Status::Rejected), None, &step);
        after.reasons.merged_into = Some(into);
        let changes = Change::between(self.before, &after);
        let event = Event { comment, ..Event::new(EventType::StatusChanged, changes) };
        Ok(Applied::recorded(after, event, self.context.now))
    }

    fn check_merge(self, into: i64) -> Result<(), RuleViolation> {
        self.check_open()?;
        let current = self.before.status;
        if !is_mergeable(current) {
            let allowed = workflow::transitions(current, self.context.actor).map(|it| it.to);
            return Err(RuleViolation::NoSuchTransition { current, allowed: allowed.collect() });
        }
        if into == self.before.id {
            return Err(RuleViolation::field("/into", FieldCode::Circular));
        }
        match self.facts.merge_target {
            None => Err(RuleViolation::field("/into", FieldCode::NotFound)),
            Some(it) if !it.is_open => {
                let merged_into = it.merged_into.filter(|it| *it != self.before.id);
                Err(RuleViolation::TargetFinished { merged_into })
            }
            Some(_) if !self.facts.open_children.is_empty() => {
                Err(RuleViolation::OpenChildren(self.facts.open_children.clone()))
            }
            Some(_) => Ok(()),
        }
    }

    /// Another ticket is merged into this one. A question that its customer asked there is asked here now.
    pub(super) fn absorb(self, merged: Merged) -> Result<Applied, RuleViolation> {
        self.check_open()?;
        let after = if merged.awaits_answer { self.with_question() } else { self.before.clone() };
        let event = Event::new(EventType::Merged, Change::between(self.before, &after));
        let Applied { ticket, event } = Applied::recorded(after, event, self.context.now);
        let watchers = Some(merged.watcher_ids).filter(|it| !it.is_empty());
        let watchers = watchers.map(|it| Change::WatcherIds(Values::new(it)));
        let brought = [Some(Change::Merged(Values::new(merged.id))), watchers];
        let event = event.map(|mut it| {
            it.changes.extend(brought.into_iter().flatten());
            it
        });
        Ok(Applied { ticket, event })
    }

    /// The ticket after a comment of its customer, whoever brought it.
    fn with_question(self) -> Ticket {
        let context = Context { actor: Role::Customer.into(), ..*self.context };
        let fields =
            TransitionFields { comment: Some(Visibility::Public), ..TransitionFields::default() };
        let step = Step { has_comment: true, is_internal: false, fields };
        let transition = workflow::move_of_comment(self.before.status, None, Role::Customer);
        let moves_to = transition.ok().flatten().map(|it| it.to);
        let mut ticket = Case { context: &context, ..self }.stepped(moves_to, None, &step);
        ticket.clocks.started_by_merging(self.before.clocks.0.len());
        ticket
    }
}
