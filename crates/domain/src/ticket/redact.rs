//! What should never have been written is taken out, and what was written wrongly is corrected.

use crate::violation::RuleViolation;

use super::Ticket;
use super::action::Correction;
use super::change::Change;
use super::editing::check_comment;
use super::event::{Applied, Event, Reason};
use super::event_type::EventType;
use super::facts::Context;
use super::text::TicketText;

/// Takes a text of the ticket out. Where only history still holds it the ticket stays as it is, and
/// history tells all the same.
pub(super) fn redact(
    before: &Ticket,
    text: TicketText,
    reason: String,
    is_past_blanked: bool,
    context: &Context<'_>,
) -> Applied {
    let mut after = before.clone();
    after.texts.set(text, None);
    let is_changed = after.texts != before.texts;
    if !is_changed && !is_past_blanked {
        return Applied::nothing(before);
    }
    after.version += i32::from(is_changed);
    after.times.updated_at = context.now;
    let event = Event {
        reason: Some(Reason::public(reason)),
        ..Event::new(EventType::Redacted, vec![Change::Redacted(text)])
    };
    Applied { ticket: after, event: Some(event) }
}

/// The author of a comment lets it say something else.
pub(super) fn correct_comment(
    before: &Ticket,
    correction: &Correction,
    context: &Context<'_>,
) -> Result<Applied, RuleViolation> {
    check_comment(before.status, context.actor, &correction.before, &correction.after)?;
    if correction.before == correction.after {
        return Ok(Applied::nothing(before));
    }
    Ok(said_anew(before, correction.is_internal, EventType::CommentEdited, None, context))
}

/// Takes the text of a comment out.
pub(super) fn redact_comment(
    before: &Ticket,
    is_internal: bool,
    reason: String,
    context: &Context<'_>,
) -> Applied {
    let reason = Some(Reason::public(reason));
    said_anew(before, is_internal, EventType::Redacted, reason, context)
}

/// Nothing of the ticket itself has changed; its customer sees that something was said, unless it
/// was said among staff.
fn said_anew(
    before: &Ticket,
    is_internal: bool,
    kind: EventType,
    reason: Option<Reason>,
    context: &Context<'_>,
) -> Applied {
    let event = Event { is_internal, reason, ..Event::new(kind, Vec::new()) };
    if is_internal {
        return Applied { event: Some(event), ..Applied::nothing(before) };
    }
    Applied::recorded(before.clone(), event, context.now)
}
