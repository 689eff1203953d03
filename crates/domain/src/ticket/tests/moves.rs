//! 2.5, 4.2: what moves, comments and confirmations do.

use super::fixture::{
    ADMIN, COLLEAGUE, ENGINEER, Life, fields, internal_note, public_comment, with, wrong,
};
use crate::needs::TransitionFields;
use crate::reasons::{CloseReason, RefusalReason, WaitingOn};
use crate::role::{Actor, Role};
use crate::status::{Party, Status};
use crate::ticket::{
    Action, Applied, ConfirmationMessage, EventType, Facts, Release, Step, Ticket,
};
use crate::violation::{FieldCode, FieldError, RuleViolation};

fn closing(reason: CloseReason) -> Step {
    with(TransitionFields { close_reason: Some(reason), ..TransitionFields::default() })
}

/// 2.5: whoever accepts a new ticket becomes its assignee; an older one keeps its assignee.
#[test]
fn c2_5_whoever_takes_a_new_ticket_on_becomes_its_assignee() {
    let mut life = Life::filed();
    life.ticket.assignee_id = Some(COLLEAGUE);
    let event = life.moved(Role::Engineer, Status::InProgress, Step::default());

    assert_eq!(life.ticket.assignee_id, Some(ENGINEER));
    assert_eq!(life.ticket.times.accepted_at, Some(life.now));
    assert_eq!(
        (event.kind, fields(&event)),
        (EventType::StatusChanged, vec!["status", "assignee_id"])
    );

    life.moved(Role::Engineer, Status::Feedback, public_comment());
    life.moved(Role::Admin, Status::InProgress, Step::default());
    assert_eq!(life.ticket.assignee_id, Some(ENGINEER));
    life.ticket.assignee_id = None;
    life.moved(Role::Engineer, Status::Feedback, public_comment());
    life.moved(Role::Admin, Status::InProgress, Step::default());
    assert_eq!(life.ticket.assignee_id, Some(ADMIN));
}

/// 2.5: unmet needs, wrong references and wrong files are reported at once, one error a field.
#[test]
fn c2_5_all_errors_of_a_move_are_reported_at_once() {
    let life = Life::taken();
    let fields = TransitionFields {
        refusal_reason: Some(RefusalReason::AlreadyRegistered),
        duplicate_of: Some(5),
        release_id: Some(9),
        ..TransitionFields::default()
    };
    let step = Step { fields, ..Step::default() };
    let file = FieldError::new("/attachments/0/upload_id", FieldCode::NotFound);
    let facts = Facts { wrong_files: vec![file], ..Facts::default() };

    let tried = life.tried(Role::Engineer, Action::Move { to: Status::Rejected, step }, &facts);

    let expected = [
        ("/comment", "required"),
        ("/release_id", "not_applicable"),
        ("/duplicate_of", "circular"),
        ("/attachments/0/upload_id", "not_found"),
    ];
    assert_eq!(wrong(tried), expected.map(|(pointer, code)| (pointer.to_owned(), code)));
}

/// 2.5: a wrong reference is reported before a missing confirmation.
#[test]
fn c2_5_a_confirmation_is_a_comment_of_the_customer() {
    let life = Life::resolved();
    let step = |id| {
        let fields = TransitionFields {
            close_reason: Some(CloseReason::ConfirmedByCustomer),
            confirmation_comment_id: id,
            ..TransitionFields::default()
        };
        Action::Move { to: Status::Closed, step: with(fields) }
    };
    let tried = |id, is_confirmation_by_customer| {
        let facts = Facts { is_confirmation_by_customer, ..Facts::default() };
        life.tried(Role::Engineer, step(id), &facts)
    };

    assert_eq!(tried(None, false), Err(RuleViolation::ConfirmationMissing));
    let expected = [("/confirmation_comment_id".to_owned(), "not_found")];
    assert_eq!(wrong(tried(Some(3), false)), expected);
    let closed = tried(Some(3), true).expect("closed").ticket;
    assert_eq!((closed.status, closed.is_confirmed()), (Status::Closed, true));
}

/// 2.5: a parent is closed after its children, which are named.
#[test]
fn c2_5_open_children_keep_a_ticket_open() {
    let mut life = Life::resolved();
    life.done(
        Role::Customer,
        Action::Confirm { rating: None, message: ConfirmationMessage::default() },
    );
    let step = closing(CloseReason::ConfirmedByCustomer);
    let action = Action::Move { to: Status::Closed, step };
    let facts = Facts { open_children: vec![6, 8], ..Facts::default() };

    let refused = life.tried(Role::Engineer, action.clone(), &facts);

    assert_eq!(refused, Err(RuleViolation::OpenChildren(vec![6, 8])));
    assert!(life.tried(Role::Engineer, action, &Facts::default()).is_ok());
}

/// 2.5: only an admin closes with `other` and without a confirmation.
#[test]
fn c2_5_an_admin_closes_without_a_confirmation() {
    let mut life = Life::taken();
    life.moved(Role::Admin, Status::Closed, closing(CloseReason::Other));

    assert_eq!(life.ticket.reasons.close, Some(CloseReason::Other));
    assert_eq!(life.ticket.times.closed_at, Some(life.now));
    assert_eq!(life.ticket.needs_action_from(), Party::Nobody);
    assert!(!life.ticket.is_confirmed());
}

/// 4.2.2, 2.5: a customer's comment brings a ticket back from `feedback`, and it will not be closed soon.
#[test]
fn c4_2_2_a_customers_comment_ends_feedback() {
    let mut life = Life::taken();
    life.moved(Role::Engineer, Status::Feedback, public_comment());
    assert_eq!(life.ticket.feedback.since, Some(life.now));
    assert!(life.ticket.feedback.closes_at.is_some() && life.ticket.feedback.remind_at.is_some());

    let event = life.commented(Role::Customer, None);

    assert_eq!((life.ticket.status, event.kind), (Status::InProgress, EventType::StatusChanged));
    assert_eq!(life.ticket.feedback, Default::default());
    assert!(life.ticket.is_answer_due);
}

/// 4.2.2: a comment that names the present status moves nothing, and on `resolved` confirms it.
#[test]
fn c4_2_2_naming_resolved_again_confirms_it() {
    let mut life = Life::resolved();
    let event = life.commented(Role::Customer, Some(Status::Resolved));

    assert_eq!((event.kind, fields(&event)), (EventType::Commented, vec!["confirmed"]));
    assert!(life.ticket.is_confirmed() && life.ticket.clocks.running().is_none());
    assert_eq!(life.ticket.needs_action_from(), Party::Support);
}

/// 4: an internal note tells a customer nothing, not even by the time of the last change.
#[test]
fn c4_an_internal_note_leaves_no_trace() {
    let mut life = Life::resolved().after(5);
    let before = life.ticket.clone();
    let note = Action::Comment { status: None, step: internal_note() };
    let event = life.done(Role::Engineer, note.clone()).expect("an event");

    assert!(event.is_internal && event.changes.is_empty());
    assert_eq!(life.ticket, before);
    let of_customer = life.tried(Role::Customer, note, &Facts::default());
    assert_eq!(wrong(of_customer), [("/internal".to_owned(), "not_permitted")]);
    let file = FieldError::new("/attachments/0/upload_id", FieldCode::NotFound);
    let facts = Facts { wrong_files: vec![file], ..Facts::default() };
    let all = [("/internal", "not_permitted"), ("/attachments/0/upload_id", "not_found")];
    let of_customer =
        life.tried(Role::Customer, Action::Comment { status: None, step: internal_note() }, &facts);
    assert_eq!(wrong(of_customer), all.map(|(pointer, code)| (pointer.to_owned(), code)));
    let silent = Step { is_internal: true, ..Step::default() };
    let silent = life.tried(
        Role::Engineer,
        Action::Comment { status: None, step: silent },
        &Facts::default(),
    );
    assert_eq!(wrong(silent), [("/internal".to_owned(), "not_applicable")]);
}

/// 2.5, «Ждем релиза»: one waits for what is to come, until the day it is planned for.
#[test]
fn c2_5_a_ticket_waits_for_a_release_that_is_to_come() {
    let life = Life::taken();
    let planned_on = Some("2026-12-20".parse().expect("a date"));
    let fields = TransitionFields { release_id: Some(9), ..TransitionFields::default() };
    let step = Step { fields, ..Step::default() };
    let action = Action::Move { to: Status::AwaitingRelease, step };
    let tried = |is_published| {
        let release = Some(Release { id: 9, planned_on, is_published });
        life.tried(Role::Engineer, action.clone(), &Facts { release, ..Facts::default() })
    };

    let waits = tried(false).expect("a move").ticket;

    assert_eq!((waits.release_id, waits.release_planned_on), (Some(9), planned_on));
    assert_eq!(waits.review.on, planned_on);
    assert_eq!(wrong(tried(true)), [("/release_id".to_owned(), "not_applicable")]);
    let unknown = life.tried(Role::Engineer, action.clone(), &Facts::default());
    assert_eq!(wrong(unknown), [("/release_id".to_owned(), "not_found")]);
}

/// 2.2: support provides a release that is there; history names it.
#[test]
fn c2_2_a_published_release_is_provided() {
    let life = Life::taken();
    let fields = TransitionFields { release_id: Some(9), ..TransitionFields::default() };
    let action = Action::Comment { status: Some(Status::Feedback), step: with(fields) };
    let tried = |is_published| {
        let release = Some(Release { id: 9, planned_on: None, is_published });
        life.tried(Role::Engineer, action.clone(), &Facts { release, ..Facts::default() })
    };

    let Applied { ticket, event } = tried(true).expect("a move");

    assert_eq!((ticket.status, ticket.release_id), (Status::Feedback, Some(9)));
    assert_eq!(event.and_then(|it| it.release_id), Some(9));
    assert_eq!(wrong(tried(false)), [("/release_id".to_owned(), "not_applicable")]);
}

/// 2.5: each transition replaces the reasons, and what waits is reviewed.
#[test]
fn c2_5_the_reasons_are_those_of_the_last_move() {
    let mut life = Life::taken();
    let waiting_on = Some(WaitingOn::Repair);
    life.moved(
        Role::Engineer,
        Status::OnHold,
        with(TransitionFields { waiting_on, ..TransitionFields::default() }),
    );
    assert_eq!(life.ticket.reasons.waiting_on, waiting_on);
    assert!(life.ticket.review.on.is_some());

    life.moved(Role::Engineer, Status::InProgress, Step::default());
    assert_eq!(life.ticket.reasons, Default::default());
    assert_eq!(life.ticket.review.on, None);
}

/// «После подтверждения»: only a resolved ticket is confirmed; again only to add something.
#[test]
fn c2_5_a_resolved_ticket_is_confirmed_once() {
    let confirm = |rating, message| Action::Confirm { rating, message };
    let plain = confirm(None, ConfirmationMessage::default());
    let customer = |life: &Life| life.tried(Role::Customer, plain.clone(), &Facts::default());
    let mut life = Life::taken();
    assert_eq!(customer(&life), Err(RuleViolation::NotResolved));

    life.moved(Role::Engineer, Status::Resolved, public_comment());
    let first = life.done(Role::Customer, plain.clone()).expect("an event");
    let again = life.done(Role::Customer, plain.clone());
    let version = life.ticket.version;
    let comment = ConfirmationMessage { has_comment: true, has_files: false };
    let spoken = life.done(Role::Customer, confirm(None, comment)).expect("an event");
    assert_eq!(life.ticket.version, version);
    let rated = life
        .done(Role::Customer, confirm(Some(5), ConfirmationMessage::default()))
        .expect("an event");

    assert_eq!(fields(&first), ["confirmed"]);
    assert_eq!(again, None);
    assert!(fields(&spoken).is_empty());
    assert_eq!(fields(&rated), ["rating"]);
    life.moved(Role::Engineer, Status::Closed, closing(CloseReason::ConfirmedByCustomer));
    assert_eq!(customer(&life), Err(RuleViolation::TicketClosed));
}

/// App. 2: «неактуально»: whoever asked says that it is over, and has confirmed it by that.
#[test]
fn c2_5_a_customer_resolves_and_confirms_at_once() {
    let mut life = Life::filed();
    life.moved(Role::Customer, Status::Resolved, public_comment());

    assert!(life.ticket.is_confirmed());
    assert_eq!(life.ticket.needs_action_from(), Party::Support);
    assert_eq!(life.ticket.times.resolved_at, Some(life.now));
}

/// 2.5, advantage 1: whoever is asked to confirm has a solution; one that is closed at once is solved by that.
#[test]
fn c2_5_a_solution_lasts_until_the_work_goes_on() {
    let solved_at = |life: &Life| life.ticket.times.solved_at(life.ticket.status);
    let mut life = Life::resolved();
    let resolved_at = Some(life.now);
    life = life.after(30);
    life.moved(Role::Engineer, Status::Feedback, public_comment());
    assert_eq!(solved_at(&life), resolved_at);
    life.done(Actor::System, Action::TimeOut);
    assert_eq!((life.ticket.status, solved_at(&life)), (Status::Closed, resolved_at));
    life.moved(Role::Admin, Status::InProgress, internal_note());
    assert_eq!(solved_at(&life), None);

    life.moved(Role::Admin, Status::Closed, closing(CloseReason::Other));
    assert_eq!(solved_at(&life), Some(life.now));
    let mut rejected = Life::taken();
    let refusal_reason = Some(RefusalReason::OutOfScope);
    let rejection = with(TransitionFields { refusal_reason, ..TransitionFields::default() });
    rejected.moved(Role::Engineer, Status::Rejected, rejection);
    assert_eq!(solved_at(&rejected), None);
}

/// 2.5: a transition that is not in the table is refused with those that are.
#[test]
fn c2_5_an_unknown_move_is_refused_with_the_available_ones() {
    let life = Life::filed();
    let tried = |actor: Actor, to| {
        life.tried(actor, Action::Move { to, step: public_comment() }, &Facts::default())
    };
    let refused = |allowed: &[Status]| -> Result<Applied, RuleViolation> {
        Err(RuleViolation::NoSuchTransition { current: Status::New, allowed: allowed.to_vec() })
    };

    let customer = Role::Customer.into();
    assert_eq!(tried(customer, Status::Closed), refused(&[Status::Resolved]));
    let engineer = Role::Engineer.into();
    assert_eq!(tried(engineer, Status::Feedback), refused(&[Status::InProgress, Status::Rejected]));
    assert_eq!(tried(Actor::System, Status::Closed), refused(&[]));
}

/// 2.5: an admin who reopens a ticket corrects a mistake: it is as if it had not been finished.
#[test]
fn c2_5_an_admin_revives_a_finished_ticket() {
    let mut life = Life::taken();
    life.moved(Role::Admin, Status::Closed, closing(CloseReason::Other));
    let by_engineer = Action::Move { to: Status::InProgress, step: public_comment() };
    assert!(life.tried(Role::Engineer, by_engineer, &Facts::default()).is_err());

    life.moved(Role::Admin, Status::InProgress, internal_note());

    let Ticket { status, reasons, times, .. } = &life.ticket;
    assert_eq!((*status, *reasons), (Status::InProgress, Default::default()));
    assert_eq!((times.closed_at, times.resolved_at), (None, None));
    assert!(life.ticket.clocks.running().is_some());
}
