//! What came of an action, and what history tells of it.

use chrono::{DateTime, Utc};

use crate::balancing::AssignmentCause;
use crate::needs::Visibility;

use super::Ticket;
use super::change::Change;
use super::event_type::EventType;

/// What came of an action.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Applied {
    /// The ticket after it.
    pub ticket: Ticket,
    /// What history tells; none where nothing happened that is worth telling.
    pub event: Option<Event>,
}

/// What history tells of an action.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Event {
    /// What kind of event it is.
    pub kind: EventType,
    /// Whether staff alone may know of it.
    pub is_internal: bool,
    /// What changed.
    pub changes: Vec<Change>,
    /// Who may read what was said with it; none: nothing was.
    pub comment: Option<Visibility>,
    /// Why the system assigned or unassigned the ticket.
    pub cause: Option<AssignmentCause>,
    /// The release that was provided or rescheduled.
    pub release_id: Option<i64>,
    /// The reason that was given.
    pub reason: Option<Reason>,
}

/// Why something was done, in the words of who did it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reason {
    /// The words.
    pub text: String,
    /// Whether staff alone may read them.
    pub is_internal: bool,
}

impl Event {
    /// An event that changed these things, and that everybody may know of who sees the ticket.
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
    /// Words that everybody may read who knows of the event.
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

    /// The ticket is another one now, and this tells of it; the version rises where something
    /// changed, and not where something was only said.
    pub(super) fn recorded(mut after: Ticket, event: Event, now: DateTime<Utc>) -> Self {
        after.version += i32::from(!event.changes.is_empty());
        after.times.updated_at = now;
        Self { ticket: after, event: Some(event) }
    }

    /// The same, done for a cause.
    pub(super) fn because(self, cause: AssignmentCause) -> Self {
        Self { event: self.event.map(|it| Event { cause: Some(cause), ..it }), ..self }
    }

    /// The same, with the words of who did it.
    pub(super) fn explained(self, reason: Option<Reason>) -> Self {
        Self { event: self.event.map(|it| Event { reason, ..it }), ..self }
    }
}
