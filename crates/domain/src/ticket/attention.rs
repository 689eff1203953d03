//! Who has to act on a ticket, and whether the customer is waiting for an answer.

use crate::needs::Visibility;
use crate::role::{Actor, Role};
use crate::status::{Party, Status};

/// Who has to act (2.5).
///
/// `is_confirmed`: the customer has confirmed the solution. `is_answer_due`: the customer has
/// written something that support has not answered yet.
pub(super) const fn needs_action_from(
    status: Status,
    is_confirmed: bool,
    is_answer_due: bool,
) -> Party {
    match status {
        Status::New | Status::InProgress | Status::AwaitingRelease | Status::OnHold => {
            Party::Support
        }
        Status::Feedback => Party::Customer,
        Status::Resolved if is_confirmed || is_answer_due => Party::Support,
        Status::Resolved => Party::Customer,
        Status::Closed | Status::Rejected => Party::Nobody,
    }
}

/// Whether the customer waits for an answer after something was done to a ticket.
///
/// A customer's comment makes an answer due; a public comment of support, or a transition that hands
/// the ticket to the customer or ends it, is the answer.
pub(super) fn is_answer_due_after(
    was_due: bool,
    actor: impl Into<Actor>,
    comment: Option<Visibility>,
    moved_to: Option<Status>,
) -> bool {
    if let Some(Status::Feedback | Status::Resolved | Status::Closed | Status::Rejected) = moved_to
    {
        return false;
    }
    match (actor.into(), comment) {
        (Actor::Person(Role::Customer), Some(_)) => true,
        (Actor::Person(Role::Engineer | Role::Admin), Some(Visibility::Public)) => false,
        (Actor::Person(_) | Actor::System, _) => was_due,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// 2.5: who has to act, status by status.
    #[test]
    #[rustfmt::skip]
    fn c2_5_each_status_says_who_has_to_act() {
        for (status, waiting, confirmed) in [
            (Status::New,             Party::Support,  Party::Support),
            (Status::InProgress,      Party::Support,  Party::Support),
            (Status::Feedback,        Party::Customer, Party::Customer),
            (Status::Resolved,        Party::Customer, Party::Support),
            (Status::AwaitingRelease, Party::Support,  Party::Support),
            (Status::OnHold,          Party::Support,  Party::Support),
            (Status::Closed,          Party::Nobody,   Party::Nobody),
            (Status::Rejected,        Party::Nobody,   Party::Nobody),
        ] {
            assert_eq!(needs_action_from(status, false, false), waiting, "{status}");
            assert_eq!(needs_action_from(status, true, false), confirmed, "{status} confirmed");
        }
    }

    /// 2.5: «не помогло» on a resolved ticket is not lost.
    #[test]
    fn c2_5_a_customers_comment_on_a_resolved_ticket_calls_support() {
        let due = is_answer_due_after(false, Role::Customer, Some(Visibility::Public), None);

        assert!(due);
        assert_eq!(needs_action_from(Status::Resolved, false, due), Party::Support);
        assert!(is_answer_due_after(due, Role::Engineer, Some(Visibility::Internal), None));
        assert!(!is_answer_due_after(due, Role::Engineer, Some(Visibility::Public), None));
    }
}
