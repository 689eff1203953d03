//! «После подтверждения о решении проблемы закрыть»: the customer says that it is solved.

use crate::needs::Visibility;
use crate::role::Actor;
use crate::status::Status;
use crate::violation::{RuleViolation, check_none};

use super::action::ConfirmationMessage;
use super::case::Case;
use super::change::Change;
use super::event::{Applied, Event};
use super::event_type::EventType;

impl Case<'_> {
    /// Confirms a ticket; a second confirmation may add a rating or a comment.
    pub(super) fn confirm(
        self,
        rating: Option<i16>,
        message: ConfirmationMessage,
    ) -> Result<Applied, RuleViolation> {
        let before = self.before;
        self.check_open()?;
        if before.status != Status::Resolved {
            return Err(RuleViolation::NotResolved);
        }
        let wrong = self.facts.wrong_files.iter().chain(&self.facts.missing);
        check_none(wrong.cloned().collect())?;
        let mut after = before.clone();
        after.confirmation.at.get_or_insert(self.context.now);
        after.confirmation.rating = rating.or(before.confirmation.rating);
        let changes = Change::between(before, &after);
        if changes.is_empty() && !message.has_comment && !message.has_files {
            return Ok(Applied::nothing(before));
        }
        let comment = message.has_comment.then_some(Visibility::Public);
        let event = Event { comment, ..Event::new(EventType::Confirmed, changes) };
        Ok(Applied::recorded(after, event, self.context.now))
    }
}

/// Whether a transition to `to` by `actor` leaves the solution confirmed.
///
/// A customer who moves the ticket to `resolved` confirms by that. A confirmation is carried
/// into `closed`; any other transition goes on with the work, so the customer will be asked again.
pub(super) fn is_confirmed_after(to: Status, actor: Actor, is_confirmed: bool) -> bool {
    match to {
        Status::Resolved => actor.is_customer(),
        Status::Closed => is_confirmed,
        Status::New
        | Status::InProgress
        | Status::Feedback
        | Status::AwaitingRelease
        | Status::OnHold
        | Status::Rejected => false,
    }
}

/// Whether a comment by `actor` that names the status the ticket already has confirms it.
pub(super) fn is_confirmed_by_comment(
    current: Status,
    named: Option<Status>,
    actor: Actor,
) -> bool {
    let names_it = matches!((current, named), (Status::Resolved, Some(Status::Resolved)));
    names_it && actor.is_customer()
}
