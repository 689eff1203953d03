//! Whether a step may be taken as it was asked for.

use crate::needs::{TransitionFields, check_without_move};
use crate::status::Status;
use crate::ticket::Ticket;
use crate::ticket::action::Step;
use crate::ticket::facts::{Context, Facts};
use crate::violation::{FieldCode, FieldError, RuleViolation, merged};

use super::Asked;

/// Tells wrong references together with unmet needs; of two errors of one field the first.
pub(super) fn check(
    ticket: &Ticket,
    asked: Asked,
    step: &Step,
    facts: &Facts,
    context: &Context<'_>,
) -> Result<(), RuleViolation> {
    let (fields, actor) = (&step.fields, context.actor);
    let met = match asked.transition {
        Some(it) => it.check(fields, actor, asked.comment_pointer, ticket.is_confirmed()),
        None => check_without_move(fields, actor),
    };
    let mut wrong = wrong_references(ticket, asked, fields, facts);
    wrong.extend(facts.wrong_files.iter().cloned());
    match met {
        Err(RuleViolation::Invalid(unmet)) => {
            return Err(RuleViolation::Invalid(merged(unmet, wrong)));
        }
        Ok(()) | Err(_) if !wrong.is_empty() => {
            return Err(RuleViolation::Invalid(merged(Vec::new(), wrong)));
        }
        met => met?,
    }
    let closes = asked.moves_to() == Some(Status::Closed);
    if closes && !facts.open_children.is_empty() {
        return Err(RuleViolation::OpenChildren(facts.open_children.clone()));
    }
    Ok(())
}

/// What a step names that does not exist, or is not what it should be.
fn wrong_references(
    ticket: &Ticket,
    asked: Asked,
    fields: &TransitionFields,
    facts: &Facts,
) -> Vec<FieldError> {
    let release = fields.release_id.map(|_| facts.release);
    let is_at_odds = release.flatten().is_some_and(|it| it.is_published == asked.waits());
    let is_itself = fields.duplicate_of == Some(ticket.id);
    let is_foreign = fields.duplicate_of.is_some() && !facts.is_duplicate_known;
    let is_unsaid = fields.confirmation_comment_id.is_some() && !facts.is_confirmation_said;
    [
        ("/duplicate_of", FieldCode::Circular, is_itself),
        ("/duplicate_of", FieldCode::NotFound, is_foreign),
        ("/confirmation_comment_id", FieldCode::NotFound, is_unsaid),
        ("/release_id", FieldCode::NotFound, release == Some(None)),
        ("/release_id", FieldCode::NotApplicable, is_at_odds),
    ]
    .into_iter()
    .filter(|(.., is_wrong)| *is_wrong)
    .map(|(pointer, code, _)| FieldError::new(pointer, code))
    .collect()
}
