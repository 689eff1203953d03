//! «После подтверждения о решении проблемы закрыть»: when a solution counts as confirmed.

use crate::role::Doer;
use crate::status::Status;

/// Whether a move to `to` by `doer` leaves the solution confirmed.
///
/// A customer who moves the ticket to `resolved` confirms by that. A confirmation is carried
/// into `closed`; any other move goes on with the work, so the customer will be asked again.
pub fn is_confirmed_after(to: Status, doer: impl Into<Doer>, is_confirmed: bool) -> bool {
    match to {
        Status::Resolved => doer.into().is_customer(),
        Status::Closed => is_confirmed,
        Status::New
        | Status::InProgress
        | Status::Feedback
        | Status::AwaitingRelease
        | Status::OnHold
        | Status::Rejected => false,
    }
}

/// Whether a comment by `doer` that names the status the ticket already has confirms it.
pub fn is_confirmed_by_comment(
    current: Status,
    named: Option<Status>,
    doer: impl Into<Doer>,
) -> bool {
    let names_it = matches!((current, named), (Status::Resolved, Some(Status::Resolved)));
    names_it && doer.into().is_customer()
}
