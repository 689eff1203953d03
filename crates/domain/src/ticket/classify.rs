//! The topic and the root cause of a ticket.

use crate::reasons::RootCause;
use crate::violation::{FieldCode, RuleViolation};

use super::Ticket;
use super::case::Case;
use super::event::Applied;
use super::event_type::EventType;

impl Case<'_> {
    /// Sets or removes the topic and the root cause of a ticket, even of a finished one.
    pub(super) fn classify(
        self,
        topic_id: Option<i64>,
        root_cause: Option<RootCause>,
    ) -> Result<Applied, RuleViolation> {
        let is_new = topic_id != self.before.topic_id;
        if is_new && topic_id.is_some() && !self.facts.is_topic_known {
            return Err(RuleViolation::field("/topic_id", FieldCode::NotFound));
        }
        let after = Ticket { topic_id, root_cause, ..self.before.clone() };
        Ok(self.changed(after, EventType::Edited))
    }
}
