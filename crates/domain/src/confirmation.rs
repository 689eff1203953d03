//! «После подтверждения о решении проблемы закрыть»: when a solution counts as confirmed.

use crate::role::Role;
use crate::status::Status;

/// Whether a move to `to` by `role` leaves the solution confirmed.
///
/// A customer who moves the ticket to `resolved` confirms by that. A confirmation is carried
/// into `closed`; any other move goes on with the work, so the customer will be asked again.
pub const fn is_confirmed_after(to: Status, role: Role, is_confirmed: bool) -> bool {
    match (to, role) {
        (Status::Resolved, Role::Customer) => true,
        (Status::Closed, _) => is_confirmed,
        (_, Role::Customer | Role::Engineer | Role::Commercial | Role::Admin) => false,
    }
}

/// Whether a comment by `role` that names the status the ticket already has confirms it.
pub const fn is_confirmed_by_comment(current: Status, named: Option<Status>, role: Role) -> bool {
    matches!((current, named, role), (Status::Resolved, Some(Status::Resolved), Role::Customer))
}
