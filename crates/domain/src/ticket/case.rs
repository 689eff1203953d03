//! Everything that decides what an action does to a ticket.

use crate::violation::RuleViolation;

use super::Ticket;
use super::change::Change;
use super::event::{Applied, Event};
use super::event_type::EventType;
use super::facts::{Context, Facts};

/// The ticket before an action, the facts about other things, and the context.
#[derive(Debug, Clone, Copy)]
pub(super) struct Case<'a> {
    pub before: &'a Ticket,
    pub facts: &'a Facts,
    pub context: &'a Context<'a>,
}

impl Case<'_> {
    pub(super) fn check_open(self) -> Result<(), RuleViolation> {
        match self.before {
            it if it.reasons.merged_into.is_some() => Err(RuleViolation::Merged),
            it if it.status.is_final() => Err(RuleViolation::TicketClosed),
            _ => Ok(()),
        }
    }

    /// The result of an action whose changes say everything; nothing if nothing changed.
    pub(super) fn changed(self, after: Ticket, kind: EventType) -> Applied {
        let changes = Change::between(self.before, &after);
        if changes.is_empty() {
            return Applied::nothing(self.before);
        }
        Applied::recorded(after, Event::new(kind, changes), self.context.now)
    }
}
