//! «После подтверждения о решении проблемы закрыть»: the customer says that it is solved.

use crate::needs::Visibility;
use crate::status::Status;
use crate::violation::RuleViolation;

use super::Ticket;
use super::action::Said;
use super::change::Change;
use super::event::{Applied, Event};
use super::event_type::EventType;
use super::facts::{Context, Facts};

/// Confirms a ticket; a second confirmation may bring a rating or something to say.
pub(super) fn confirm(
    before: &Ticket,
    rating: Option<i16>,
    said: Said,
    facts: &Facts,
    context: &Context<'_>,
) -> Result<Applied, RuleViolation> {
    if before.status.is_final() {
        return Err(RuleViolation::TicketClosed);
    }
    if before.status != Status::Resolved {
        return Err(RuleViolation::NotResolved);
    }
    if !facts.wrong_files.is_empty() {
        return Err(RuleViolation::Invalid(facts.wrong_files.clone()));
    }
    let mut after = before.clone();
    after.confirmation.at.get_or_insert(context.now);
    after.confirmation.rating = rating.or(before.confirmation.rating);
    let changes = Change::between(before, &after);
    if changes.is_empty() && !said.has_comment && !said.has_files {
        return Ok(Applied::nothing(before));
    }
    let comment = said.has_comment.then_some(Visibility::Public);
    let event = Event { comment, ..Event::new(EventType::Confirmed, changes) };
    Ok(Applied::recorded(after, event, context.now))
}
