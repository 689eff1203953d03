//! 3.4.1.4: merging, and answers that nobody needs (2.4.2).

use super::fixture::{Life, fields, internal_note, public_comment, wrong};
use crate::clocks::{ClockState, StartCause};
use crate::reasons::RefusalReason;
use crate::role::Role;
use crate::sla::NextUpdateMinutes;
use crate::status::{Party, Status};
use crate::ticket::{Action, EventType, Facts, MergeTarget, Merged, Reason, Step};
use crate::violation::RuleViolation;

fn merge(into: i64) -> Action {
    Action::Merge { into, has_comment: false }
}

fn facts(is_open: bool, merged_into: Option<i64>) -> Facts {
    Facts { merge_target: Some(MergeTarget { is_open, merged_into }), ..Facts::default() }
}

fn waive() -> Action {
    Action::WaiveAnswer { reason: "Благодарность.".to_owned() }
}

/// A merged ticket is rejected with everything that says why, from every unsolved status.
#[test]
fn c3_4_1_4_a_merged_ticket_is_rejected_as_registered_already() {
    let on_hold = || {
        let mut life = Life::taken();
        let fields = crate::needs::TransitionFields {
            waiting_on: Some(crate::reasons::WaitingOn::Repair),
            ..Default::default()
        };
        life.moved(Role::Engineer, Status::OnHold, Step { fields, ..internal_note() });
        life
    };
    let asked = || {
        let mut life = Life::taken();
        life.moved(Role::Engineer, Status::Feedback, public_comment());
        life
    };
    for mut life in [Life::filed(), Life::taken(), asked(), Life::waiting(), on_hold()] {
        let event = life.done_with(Role::Engineer, merge(8), &facts(true, None)).expect("an event");

        let reasons = life.ticket.reasons;
        assert_eq!(life.ticket.status, Status::Rejected);
        assert_eq!(reasons.refusal, Some(RefusalReason::AlreadyRegistered));
        assert_eq!((reasons.duplicate_of, reasons.merged_into), (Some(8), Some(8)));
        assert!(life.ticket.clocks.open().is_none() && life.ticket.review.on.is_none());
        assert_eq!(event.kind, EventType::StatusChanged);
        let told = ["status", "refusal_reason", "duplicate_of", "merged_into"];
        assert!(told.iter().all(|it| fields(&event).contains(it)), "{event:?}");
    }
}

/// Each way of merging wrongly is refused for its own reason.
#[test]
fn c3_4_1_4_what_cannot_be_merged_says_why() {
    let life = Life::taken();
    let tried = |into, facts: &Facts| life.tried(Role::Engineer, merge(into), facts);
    let into = |code| [("/into".to_owned(), code)];

    assert_eq!(wrong(tried(5, &facts(true, None))), into("circular"));
    assert_eq!(wrong(tried(8, &Facts::default())), into("not_found"));
    assert_eq!(
        tried(8, &facts(false, Some(9))),
        Err(RuleViolation::TargetFinished { merged_into: Some(9) })
    );
    assert_eq!(
        tried(8, &facts(false, Some(5))),
        Err(RuleViolation::TargetFinished { merged_into: None }),
        "the target went on in the ticket itself"
    );
    let with_child = Facts { open_children: vec![8], ..facts(true, None) };
    assert_eq!(tried(8, &with_child), Err(RuleViolation::OpenChildren(vec![8])));
    let solved = Life::resolved().tried(Role::Engineer, merge(8), &facts(true, None));
    assert!(matches!(solved, Err(RuleViolation::NoSuchTransition { .. })));

    let mut merged = Life::taken();
    merged.done_with(Role::Engineer, merge(8), &facts(true, None));
    let again = merged.tried(Role::Engineer, merge(9), &facts(true, None));
    assert_eq!(again, Err(RuleViolation::Merged));
    let comment = Action::Comment { status: None, step: public_comment() };
    assert_eq!(
        merged.tried(Role::Customer, comment, &Facts::default()),
        Err(RuleViolation::Merged)
    );
    merged.moved(Role::Admin, Status::InProgress, public_comment());
    assert_eq!(merged.ticket.reasons.merged_into, None);
}

/// An open question goes along: support has to act, and a clock runs; without one nothing changes.
#[test]
fn c3_4_1_4_an_open_question_goes_along() {
    let absorb =
        |awaits_answer| Action::Absorb(Merged { id: 8, awaits_answer, watcher_ids: vec![9] });
    assert!(Life::filed().ticket.awaits_answer() && !Life::resolved().ticket.awaits_answer());

    let mut asked = Life::taken();
    asked.moved(Role::Engineer, Status::Feedback, public_comment());
    let mut silent = asked.clone();
    let event = asked.done(Role::Engineer, absorb(true)).expect("an event");
    assert_eq!((asked.ticket.status, event.kind), (Status::InProgress, EventType::Merged));
    assert_eq!(fields(&event), ["status", "merged_id", "watcher_ids"]);
    assert!(asked.ticket.clocks.running().is_some());

    let version = silent.ticket.version;
    let event = silent.done(Role::Engineer, absorb(false)).expect("an event");
    assert_eq!(fields(&event), ["merged_id", "watcher_ids"]);
    assert_eq!((silent.ticket.status, silent.ticket.version), (Status::Feedback, version));

    let mut solved = Life::resolved();
    solved.done(Role::Engineer, absorb(true));
    assert_eq!(solved.ticket.needs_action_from(), Party::Support);
    assert_eq!(solved.ticket.clocks.running().map(|it| it.cause), Some(StartCause::Merged));
    let waived = solved.tried(Role::Engineer, waive(), &Facts::default());
    assert_eq!(waived, Err(RuleViolation::NoAnswerDue));
}

/// «Спасибо» on a solved ticket: the clock ends without having been met, and the ticket waits again.
#[test]
fn c2_4_2_an_answer_that_nobody_needs_is_waived() {
    let mut life = Life::resolved();
    life.commented(Role::Customer, None);
    let due_at = life.ticket.deadlines.due_at;

    let mut life = life.after(30);
    let event = life.done(Role::Engineer, waive()).expect("an event");

    let clock = life.ticket.clocks.0.last().expect("a clock");
    assert_eq!(clock.state(due_at), ClockState::Waived);
    assert_eq!(life.ticket.needs_action_from(), Party::Customer);
    assert_eq!((event.kind, fields(&event)), (EventType::AnswerWaived, vec!["clock", "due_at"]));
    assert_eq!(event.reason, Some(Reason::public("Благодарность.".to_owned())));
    assert!(!event.is_internal);
}

/// No deadline is gamed: only a comment's clock can be waived, a miss stays a miss, and a ticket in progress
/// is not left without a deadline.
#[test]
fn c2_4_2_no_other_deadline_is_waived() {
    for life in [Life::filed(), Life::taken(), Life::resolved()] {
        let tried = life.tried(Role::Engineer, waive(), &Facts::default());
        assert_eq!(tried, Err(RuleViolation::NoAnswerDue));
    }
    let mut late = Life::resolved();
    late.commented(Role::Customer, None);
    let mut late = late.after(100_000);
    late.done(Role::Engineer, waive());
    let clock = late.ticket.clocks.0.last().expect("a clock");
    assert_eq!(clock.state(late.now), ClockState::Breached);

    let mut at_work = Life::taken();
    at_work.rules.sla.next_update_minutes = NextUpdateMinutes::all(None);
    at_work.commented(Role::Engineer, None);
    at_work.commented(Role::Customer, None);
    at_work.rules.sla.next_update_minutes = NextUpdateMinutes::all(Some(540));
    at_work.done(Role::Engineer, waive());
    assert_eq!(at_work.ticket.clocks.running().map(|it| it.cause), Some(StartCause::NextUpdate));
}
