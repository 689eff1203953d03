//! «После подтверждения о решении проблемы закрыть»: when a solution counts as confirmed.

use crate::role::Actor;
use crate::status::Status;

/// Whether a move to `to` by `actor` leaves the solution confirmed.
///
/// A customer who moves the ticket to `resolved` confirms by that. A confirmation is carried
/// into `closed`; any other move goes on with the work, so the customer will be asked again.
pub fn is_confirmed_after(to: Status, actor: impl Into<Actor>, is_confirmed: bool) -> bool {
    match to {
        Status::Resolved => actor.into().is_customer(),
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
pub fn is_confirmed_by_comment(
    current: Status,
    named: Option<Status>,
    actor: impl Into<Actor>,
) -> bool {
    let names_it = matches!((current, named), (Status::Resolved, Some(Status::Resolved)));
    names_it && actor.into().is_customer()
}
