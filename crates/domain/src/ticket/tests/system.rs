//! 2.4, 2.5: what the system does by itself.

use super::fixture::{Life, at, fields, public_comment};
use crate::reasons::CloseReason;
use crate::role::{Actor, Role};
use crate::sla::Sla;
use crate::status::Status;
use crate::ticket::{Action, Change, EventType, Facts, Release, Values};
use crate::violation::RuleViolation;

/// 2.5: a silent ticket is closed by time, unless children of it are open.
#[test]
fn c2_5_time_closes_a_silent_ticket() {
    let mut life = Life::taken();
    life.moved(Role::Engineer, Status::Feedback, public_comment());
    let children = Facts { open_children: vec![6], ..Facts::default() };

    let refused = life.tried(Actor::System, Action::TimeOut, &children);
    let event = life.done(Actor::System, Action::TimeOut).expect("an event");

    assert_eq!(refused, Err(RuleViolation::OpenChildren(vec![6])));
    assert_eq!(life.ticket.reasons.close, Some(CloseReason::FeedbackTimeout));
    assert_eq!(fields(&event), ["status", "close_reason"]);
    assert!(Life::resolved().tried(Actor::System, Action::TimeOut, &Facts::default()).is_err());
}

/// 2.5: the customer is reminded twice before; what is over needs no reminder.
#[test]
fn c2_5_the_customer_is_reminded_before_the_closing() {
    let mut life = Life::taken();
    life.moved(Role::Engineer, Status::Feedback, public_comment());
    let closes_at = life.ticket.feedback.closes_at.expect("a closing");
    let mut reminded = Vec::new();
    while let Some(at) = life.ticket.feedback.remind_at {
        life.now = at;
        let event = life.done(Actor::System, Action::RemindCustomer).expect("an event");
        assert_eq!(event.changes, [Change::ClosesAt(Values::new(closes_at.into()))]);
        reminded.push((closes_at - at).num_days());
    }

    // On a day off they come on the last working day before.
    assert!(matches!(reminded[..], [14..=18, 3..=7]), "{reminded:?}");
    life.now = closes_at;
    assert_eq!(life.done(Actor::System, Action::RemindCustomer), None);
}

/// «Отслеживать»: support is reminded of the day of the review, once.
#[test]
fn c2_5_support_is_reminded_of_the_review() {
    let mut life = Life::waiting();
    let event = life.done(Actor::System, Action::RemindAssignee).expect("an event");

    assert_eq!((event.kind, event.is_internal), (EventType::ReviewDue, true));
    assert_eq!(life.ticket.review.reminded_on, life.ticket.review.on);
}

/// 2.2: the system provides a release that is published, and support's work on it is done.
#[test]
fn c2_2_the_system_provides_a_release() {
    let release = Release { id: 9, planned_on: None, is_published: true };
    let mut life = Life::waiting();
    let event = life.done(Actor::System, Action::ReleaseOut(release)).expect("an event");

    assert_eq!(life.ticket.status, Status::Feedback);
    assert_eq!((event.kind, event.release_id), (EventType::StatusChanged, Some(9)));
    assert_eq!(life.ticket.release_id, Some(9));
    let early = Action::ReleaseOut(Release { is_published: false, ..release });
    assert!(Life::waiting().tried(Actor::System, early, &Facts::default()).is_err());
}

/// «Отслеживать»: another planned day is another day to look at the ticket.
#[test]
fn c2_5_a_replanned_release_moves_the_review() {
    let day = |it: &str| it.parse().expect("a date");
    let release = Release { id: 9, planned_on: Some(day("2026-12-20")), is_published: false };
    let mut life = Life::waiting();
    let event = life.done(Actor::System, Action::ReleaseReplanned(release)).expect("an event");

    assert_eq!((event.kind, event.release_id), (EventType::Edited, Some(9)));
    assert_eq!(life.ticket.review.on, Some(day("2026-12-20")));
    assert_eq!(life.done(Actor::System, Action::ReleaseReplanned(release)), None);
}

/// 2.4: support is warned of a deadline, and alerted once it is missed.
#[test]
fn c2_4_support_is_alerted_once_before_and_once_after() {
    let mut life = Life::filed();
    let mut alerts = Vec::new();
    while let Some(at) = life.ticket.deadlines.alert_at {
        life.now = at;
        let event = life.done(Actor::System, Action::Alert).expect("an event");
        assert!(event.is_internal);
        alerts.push(event.kind);
        assert_eq!(life.done(Actor::System, Action::Alert), None);
    }

    assert_eq!(alerts, [EventType::DeadlineNear, EventType::DeadlineMissed]);
    assert_eq!(life.ticket.version, 1);
}

/// 2.4: changed settings move the deadline, which the history records once.
#[test]
fn c2_4_other_settings_move_the_deadline() {
    let mut life = Life::filed();
    life.rules.sla = Sla { acceptance_minutes: 90, ..Sla::default() };
    life.rules.version = 2;
    let event = life.done(Actor::System, Action::Recalculate).expect("an event");

    assert_eq!(fields(&event), ["clock", "due_at"]);
    assert_eq!(life.ticket.deadlines.due_at, at("24T11:30"));
    assert_eq!(life.ticket.deadlines.settings_version, Some(2));
    assert_eq!(life.done(Actor::System, Action::Recalculate), None);
}

/// 2.4: a clock that a comment leaves as it is has still to be computed by the new settings.
#[test]
fn c2_4_a_comment_does_not_hide_that_settings_have_changed() {
    let mut life = Life::taken();
    life.rules.version = 2;
    life.commented(Role::Customer, None);
    assert_eq!(life.ticket.deadlines.settings_version, Some(1));

    life.commented(Role::Engineer, None);
    assert_eq!(life.ticket.deadlines.settings_version, Some(2));
}
