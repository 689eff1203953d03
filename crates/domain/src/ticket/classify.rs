//! What a ticket was about and what the problem came from, as support says it.

use crate::reasons::RootCause;
use crate::violation::{FieldCode, RuleViolation};

use super::Ticket;
use super::case::Case;
use super::event::Applied;
use super::event_type::EventType;

impl Case<'_> {
    /// Gives a ticket a topic and a root cause, or takes them away; a finished one, too.
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
