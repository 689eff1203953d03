//! 3.3, clause 1, advantage 5: assignment.

use super::fixture::{COLLEAGUE, ENGINEER, Life, fields, public_comment, with, wrong};
use crate::balancing::AssignmentCause;
use crate::needs::TransitionFields;
use crate::reasons::CloseReason;
use crate::role::Role;
use crate::status::Status;
use crate::ticket::{Action, EventType, Facts, HandOver, Reason};
use crate::violation::RuleViolation;

fn assign(assignee_id: Option<i64>, reason: Option<&str>) -> Action {
    Action::Assign { assignee_id, reason: reason.map(str::to_owned) }
}

const ELIGIBLE: bool = true;

fn facts(is_assignee_eligible: bool) -> Facts {
    Facts { is_assignee_eligible, ..Facts::default() }
}

/// 2.4: assignment accepts nothing, and its reason is for staff.
#[test]
fn c2_4_assignment_accepts_nothing() {
    let mut life = Life::filed();
    let event = life.done_with(
        Role::Engineer,
        assign(Some(COLLEAGUE), Some("знает ТАУ")),
        &facts(ELIGIBLE),
    );
    let event = event.expect("an event");

    assert_eq!(life.ticket.status, Status::New);
    assert_eq!((event.kind, fields(&event)), (EventType::Assigned, vec!["assignee_id"]));
    let reason = Reason { text: "знает ТАУ".to_owned(), is_internal: true };
    assert_eq!(event.reason, Some(reason));
    let again = life.done_with(Role::Engineer, assign(Some(COLLEAGUE), None), &facts(ELIGIBLE));
    assert_eq!(again, None);
    assert!(life.done(Role::Engineer, assign(None, None)).is_some());
}

/// 3.3: the assignee is an active engineer of the direction.
#[test]
fn c3_3_nobody_else_is_assigned() {
    let life = Life::filed();
    let refused = life.tried(Role::Engineer, assign(Some(77), None), &facts(!ELIGIBLE));
    assert_eq!(wrong(refused), [("/assignee_id".to_owned(), "not_found")]);
}

/// 2.4: the next of the queue is its taker's; a new one is taken on by that, an old one is not.
#[test]
fn c2_4_the_next_ticket_belongs_to_whoever_takes_it() {
    let mut new = Life::filed();
    let event = new.done(Role::Engineer, Action::Take).expect("an event");
    assert_eq!((new.ticket.status, new.ticket.assignee_id), (Status::InProgress, Some(ENGINEER)));
    assert_eq!((event.kind, event.cause), (EventType::StatusChanged, Some(AssignmentCause::Queue)));

    let mut old = Life::waiting();
    old.commented(Role::Customer, None);
    old.ticket.assignee_id = None;
    let event = old.done(Role::Engineer, Action::Take).expect("an event");
    assert_eq!(old.ticket.status, Status::AwaitingRelease);
    assert_eq!((event.kind, event.cause), (EventType::Assigned, Some(AssignmentCause::Queue)));
}

/// Clause 1: what the system gives to somebody says why.
#[test]
fn c1_an_automatic_assignment_states_its_cause() {
    let mut life = Life::taken();
    let event = life.done(Role::Engineer, Action::Distribute { assignee_id: COLLEAGUE });
    assert_eq!(event.and_then(|it| it.cause), Some(AssignmentCause::Balancing));

    let to = HandOver::Assignee { to: None, cause: AssignmentCause::Departure };
    let event = life.done(Role::Admin, Action::HandOver(to)).expect("an event");
    assert_eq!((event.kind, event.cause), (EventType::Assigned, Some(AssignmentCause::Departure)));
    assert_eq!(life.ticket.assignee_id, None);

    let to = HandOver::Contact(11);
    let event = life.done(Role::Commercial, Action::HandOver(to)).expect("an event");
    assert_eq!((event.kind, fields(&event)), (EventType::Edited, vec!["contact_id"]));
}

/// 2.5: a finished ticket is nobody's to give.
#[test]
fn c2_5_a_finished_ticket_is_not_assigned() {
    let mut life = Life::taken();
    let close_reason = Some(CloseReason::Other);
    let step = with(TransitionFields { close_reason, ..TransitionFields::default() });
    life.moved(Role::Admin, Status::Closed, step);

    let cause = AssignmentCause::Absence;
    for action in [
        assign(Some(COLLEAGUE), None),
        assign(None, None),
        Action::Distribute { assignee_id: COLLEAGUE },
        Action::Take,
        Action::HandOver(HandOver::Contact(11)),
        Action::HandOver(HandOver::Assignee { to: None, cause }),
    ] {
        let tried = life.tried(Role::Admin, action, &facts(ELIGIBLE));
        assert_eq!(tried, Err(RuleViolation::TicketClosed));
    }
    assert!(
        life.tried(
            Role::Admin,
            Action::Comment { status: None, step: public_comment() },
            &facts(false)
        )
        .is_ok()
    );
}
