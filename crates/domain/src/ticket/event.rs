//! The result of an action, and what the history records of it.

use chrono::{DateTime, Utc};

use crate::balancing::AssignmentCause;
use crate::needs::Visibility;

use super::Ticket;
use super::change::Change;
use super::event_type::EventType;

/// The result of an action.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Applied {
    /// The ticket after it.
    pub ticket: Ticket,
    /// What the history records; none if there is nothing worth recording.
    pub event: Option<Event>,
}

/// What the history records of an action.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Event {
    /// What kind of event it is.
    pub kind: EventType,
    /// Whether only staff may see it.
    pub is_internal: bool,
    /// What changed.
    pub changes: Vec<Change>,
    /// Who may read the comment that came with it; none: there was no comment.
    pub comment: Option<Visibility>,
    /// Why the system assigned or unassigned the ticket.
    pub cause: Option<AssignmentCause>,
    /// The release that was provided or rescheduled.
    pub release_id: Option<i64>,
    /// The reason that was given.
    pub reason: Option<Reason>,
}

/// Why something was done, in the actor's own words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reason {
    /// The words.
    pub text: String,
    /// Whether only staff may read them.
    pub is_internal: bool,
}

impl Event {
    /// An event with these changes, visible to everybody who sees the ticket.
    pub fn new(kind: EventType, changes: Vec<Change>) -> Self {
        Self {
            kind,
            is_internal: false,
            changes,
            comment: None,
            cause: None,
            release_id: None,
            reason: None,
        }
    }
}

impl Reason {
    /// A reason that everybody who sees the event may read.
    pub const fn public(text: String) -> Self {
        Self { text, is_internal: false }
    }

    pub(super) const fn internal(text: String) -> Self {
        Self { text, is_internal: true }
    }
}

impl Applied {
    /// Nothing happened.
    pub(super) fn nothing(before: &Ticket) -> Self {
        Self { ticket: before.clone(), event: None }
    }

    /// The ticket has changed, with the event that records it; the version rises if a field changed, not
    /// for a comment alone.
    pub(super) fn recorded(mut after: Ticket, event: Event, now: DateTime<Utc>) -> Self {
        after.version += i32::from(!event.changes.is_empty());
        after.times.updated_at = now;
        Self { ticket: after, event: Some(event) }
    }

    /// The same, done for a cause.
    pub(super) fn because(self, cause: AssignmentCause) -> Self {
        Self { event: self.event.map(|it| Event { cause: Some(cause), ..it }), ..self }
    }

    /// The same, with the actor's own reason.
    pub(super) fn explained(self, reason: Option<Reason>) -> Self {
        Self { event: self.event.map(|it| Event { reason, ..it }), ..self }
    }
}
