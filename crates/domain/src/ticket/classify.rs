//! The topic and the root cause of a ticket.

use crate::reasons::RootCause;
use crate::status::Status;
use crate::violation::{FieldCode, FieldError, RuleViolation, check_none};

use super::Ticket;
use super::case::Case;
use super::event::Applied;
use super::event_type::EventType;

impl Case<'_> {
    /// Sets or removes the topic and the root cause of a ticket, even of a finished one.
    /// Errors: a topic of another direction; a solved ticket would lose what a setting requires of it.
    pub(super) fn classify(
        self,
        topic_id: Option<i64>,
        root_cause: Option<RootCause>,
    ) -> Result<Applied, RuleViolation> {
        let is_new = topic_id != self.before.topic_id;
        let is_unknown = is_new && topic_id.is_some() && !self.facts.is_topic_known;
        let unknown = is_unknown.then(|| FieldError::new("/topic_id", FieldCode::NotFound));
        let after = Ticket { topic_id, root_cause, ..self.before.clone() };
        check_none(unknown.into_iter().chain(self.undone_needs(&after)).collect())?;
        Ok(self.changed(after, EventType::Edited))
    }

    /// What a setting requires of solved tickets and this one would lose.
    fn undone_needs(self, after: &Ticket) -> Vec<FieldError> {
        if !matches!(self.before.status, Status::Resolved | Status::Closed) {
            return Vec::new();
        }
        let rules = self.context.rules;
        let (lacked, lacks) =
            (self.before.missing_classification(rules), after.missing_classification(rules));
        let topic = (lacks.topic && !lacked.topic).then_some("/topic_id");
        let root_cause = (lacks.root_cause && !lacked.root_cause).then_some("/root_cause");
        let undone = topic.into_iter().chain(root_cause);
        undone.map(|it| FieldError::new(it, FieldCode::Required)).collect()
    }
}
