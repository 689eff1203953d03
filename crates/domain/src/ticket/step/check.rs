//! Whether a step may be taken as requested.

use crate::needs::{TransitionFields, check_without_move};
use crate::status::Status;
use crate::ticket::case::Case;
use crate::violation::{FieldCode, FieldError, RuleViolation, check_none, merged};

use super::RequestedStep;

impl Case<'_> {
    /// Reports a comment that may not be where it should go, unmet needs and wrong references together; if two concern
    /// one field, the first.
    pub(super) fn check_step(
        self,
        requested: RequestedStep,
        fields: &TransitionFields,
        misplaced: Option<FieldError>,
    ) -> Result<(), RuleViolation> {
        let (actor, is_confirmed) = (self.context.actor, self.before.is_confirmed());
        let met = match requested.transition {
            Some(it) => {
                let missing_classification = self.before.missing_classification(self.context.rules);
                it.check(
                    fields,
                    actor,
                    requested.comment_pointer,
                    is_confirmed,
                    missing_classification,
                )
            }
            None => check_without_move(fields, actor),
        };
        let (unmet, met) = match met {
            Err(RuleViolation::Invalid(unmet)) => (unmet, Ok(())),
            met => (Vec::new(), met),
        };
        let unmet = merged(misplaced.into_iter().collect(), unmet);
        let mut wrong = self.wrong_references(requested, fields);
        wrong.extend(self.facts.wrong_files.iter().chain(&self.facts.missing).cloned());
        check_none(merged(unmet, wrong))?;
        met?;
        let closes = requested.moves_to() == Some(Status::Closed);
        if closes && !self.facts.open_children.is_empty() {
            return Err(RuleViolation::OpenChildren(self.facts.open_children.clone()));
        }
        Ok(())
    }

    /// The references of a step that do not exist, or are not what they should be.
    fn wrong_references(
        self,
        requested: RequestedStep,
        fields: &TransitionFields,
    ) -> Vec<FieldError> {
        let facts = self.facts;
        let release = fields.release_id.map(|_| facts.release);
        let is_at_odds = release.flatten().is_some_and(|it| it.is_published == requested.waits());
        let is_itself = fields.duplicate_of == Some(self.before.id) || facts.is_duplicate_circular;
        let is_foreign = fields.duplicate_of.is_some() && !facts.is_duplicate_known;
        let is_new_topic = fields.topic_id.is_some() && fields.topic_id != self.before.topic_id;
        let is_unconfirmed =
            fields.confirmation_comment_id.is_some() && !facts.is_confirmation_by_customer;
        [
            ("/duplicate_of", FieldCode::Circular, is_itself),
            ("/duplicate_of", FieldCode::NotFound, is_foreign),
            ("/confirmation_comment_id", FieldCode::NotFound, is_unconfirmed),
            ("/topic_id", FieldCode::NotFound, is_new_topic && !facts.is_topic_known),
            ("/release_id", FieldCode::NotFound, release == Some(None)),
            ("/release_id", FieldCode::NotApplicable, is_at_odds),
        ]
        .into_iter()
        .filter(|(.., is_wrong)| *is_wrong)
        .map(|(pointer, code, _)| FieldError::new(pointer, code))
        .collect()
    }
}
