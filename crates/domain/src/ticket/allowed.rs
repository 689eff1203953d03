//! What somebody may do to a ticket besides moving it, by the same rules that decide when they try it.

use serde::Serialize;
use utoipa::ToSchema;

use crate::clocks::Clocks;
use crate::role::{Actor, Role};
use crate::status::Status;
use crate::workflow;

use super::editing;
use super::merge::is_mergeable;

/// What you may do to the ticket now, besides moving it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct AllowedActions {
    /// The fields that you may edit.
    pub edit: Vec<&'static str>,
    /// Whether you may comment, and attach files to what you say.
    pub comment: bool,
    /// Whether you may write notes that only staff can see.
    pub note: bool,
    /// Whether you may confirm the solution.
    pub confirm: bool,
    /// Whether you may assign it.
    pub assign: bool,
    /// Whether you may say what it was about.
    pub classify: bool,
    /// Whether you may merge it into another ticket: not as long as it has open children.
    pub merge: bool,
    /// Whether a comment of the customer awaits an answer, and you may say that it needs none.
    pub waive_answer: bool,
    /// Whether you may add and remove watchers.
    pub watch: bool,
    /// Whether you may link it to other tickets.
    pub link: bool,
    /// Whether you may attach files.
    pub attach: bool,
}

impl AllowedActions {
    /// What a role that may read the ticket may do to it in this status, with these clocks and children.
    pub fn of(status: Status, clocks: &Clocks, has_open_children: bool, role: Role) -> Self {
        let (actor, is_support) = (Actor::from(role), role.is_support());
        let may_comment = workflow::move_of_comment(status, None, actor).is_ok();
        Self {
            edit: editing::editable_by(status, actor),
            comment: may_comment,
            note: is_support,
            confirm: actor.is_customer() && status == Status::Resolved,
            assign: is_support && !status.is_final(),
            classify: is_support,
            merge: is_support && is_mergeable(status) && !has_open_children,
            waive_answer: is_support && clocks.waivable().is_some(),
            watch: true,
            link: true,
            attach: may_comment,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Section 2 of the contract, «Editing»: nobody edits what is finished, and customers
    /// only what is theirs.
    #[test]
    fn c2_5_what_is_finished_is_not_edited() {
        let of = |status, role| AllowedActions::of(status, &Clocks::default(), false, role);
        for role in Role::ALL {
            assert!(of(Status::Closed, *role).edit.is_empty(), "{role}");
        }
        let customer = of(Status::New, Role::Customer);
        let engineer = of(Status::New, Role::Engineer);
        assert!(customer.edit.contains(&"steps") && !customer.edit.contains(&"priority"));
        assert!(engineer.edit.contains(&"priority") && !engineer.edit.contains(&"reason"));
        assert!(!customer.assign && !customer.note && engineer.assign && engineer.note);
    }

    /// 3.4.1.4: a ticket with open children is not merged, so that is not offered; its solution may be confirmed.
    #[test]
    fn c3_4_1_4_merging_is_not_offered_to_a_parent_of_open_children() {
        let of = |status, has_open_children, role| {
            AllowedActions::of(status, &Clocks::default(), has_open_children, role)
        };
        for has_open_children in [true, false] {
            assert_eq!(
                of(Status::New, has_open_children, Role::Engineer).merge,
                !has_open_children
            );
            assert!(of(Status::Resolved, has_open_children, Role::Customer).confirm);
        }
    }
}
