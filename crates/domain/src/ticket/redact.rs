//! Redacts what should never have been written, and corrects what was written wrongly.

use crate::violation::RuleViolation;

use super::action::Correction;
use super::case::Case;
use super::change::Change;
use super::editing::check_comment;
use super::event::{Applied, Event, Reason};
use super::event_type::EventType;
use super::text::TicketText;

impl Case<'_> {
    /// Redacts a text of the ticket. If only the history still holds it, the ticket stays as it is; the history
    /// records the redaction all the same.
    pub(super) fn redact(self, text: TicketText, reason: String, is_past_blanked: bool) -> Applied {
        let mut after = self.before.clone();
        after.texts.set(text, None);
        let is_changed = after.texts != self.before.texts;
        if !is_changed && !is_past_blanked {
            return Applied::nothing(self.before);
        }
        after.version += i32::from(is_changed);
        after.times.updated_at = self.context.now;
        let event = Event {
            reason: Some(Reason::public(reason)),
            ..Event::new(EventType::Redacted, vec![Change::Redacted(text)])
        };
        Applied { ticket: after, event: Some(event) }
    }

    /// The author of a comment corrects its text.
    pub(super) fn correct_comment(self, new: &Correction) -> Result<Applied, RuleViolation> {
        check_comment(self.before.status, self.context.actor, new)?;
        if new.before == new.after {
            return Ok(Applied::nothing(self.before));
        }
        Ok(self.revised(new.is_internal, EventType::CommentEdited, None))
    }

    /// Redacts the text of a comment.
    pub(super) fn redact_comment(self, is_internal: bool, reason: String) -> Applied {
        self.revised(is_internal, EventType::Redacted, Some(Reason::public(reason)))
    }

    /// The ticket itself has not changed; only its time of last change moves, unless the comment is internal.
    fn revised(self, is_internal: bool, kind: EventType, reason: Option<Reason>) -> Applied {
        let event = Event { is_internal, reason, ..Event::new(kind, Vec::new()) };
        if is_internal {
            return Applied { event: Some(event), ..Applied::nothing(self.before) };
        }
        Applied::recorded(self.before.clone(), event, self.context.now)
    }
}
