use super::*;
use crate::reasons::RootCause;
use crate::workflow::transition;

fn violations(
    from: Status,
    to: Status,
    role: Role,
    fields: &TransitionFields,
) -> Option<Vec<(String, &'static str)>> {
    let found = transition(from, to, role).expect("a move of the table");
    match found.check(fields, role, "/comment", false, MissingClassification::default()) {
        Err(RuleViolation::Invalid(errors)) => {
            Some(errors.into_iter().map(|it| (it.pointer, it.code.as_str())).collect())
        }
        Err(other) => panic!("{other:?}"),
        Ok(()) => None,
    }
}

/// 2.5: every unmet need of a transition is named, at once.
#[test]
fn c2_5_unmet_needs_are_named_together() {
    let nothing = TransitionFields::default();
    let errors = |from, to, role| violations(from, to, role, &nothing).unwrap_or_default();
    let required = |pointer: &str| (pointer.to_owned(), "required");

    let hold = errors(Status::InProgress, Status::OnHold, Role::Engineer);
    assert_eq!(hold, [required("/comment"), required("/waiting_on")]);
    let rejection = errors(Status::New, Status::Rejected, Role::Engineer);
    assert_eq!(rejection, [required("/refusal_reason"), required("/comment")]);
    let closing = errors(Status::Resolved, Status::Closed, Role::Engineer);
    assert_eq!(closing, [required("/close_reason"), required("/comment")]);
    let release = errors(Status::InProgress, Status::AwaitingRelease, Role::Engineer);
    assert_eq!(release, [required("/comment")]);
    assert!(errors(Status::New, Status::InProgress, Role::Engineer).is_empty());
    assert!(errors(Status::Feedback, Status::InProgress, Role::Engineer).is_empty());
}

/// 3.4.1.4: a rejection as a duplicate names the ticket it repeats; no other one may.
#[test]
fn c3_4_1_4_a_duplicate_names_the_first_ticket() {
    let fields = TransitionFields {
        comment: Some(Visibility::Public),
        refusal_reason: Some(RefusalReason::AlreadyRegistered),
        ..TransitionFields::default()
    };
    let other = TransitionFields {
        refusal_reason: Some(RefusalReason::OutOfScope),
        duplicate_of: Some(1),
        ..fields.clone()
    };

    let unnamed = violations(Status::New, Status::Rejected, Role::Engineer, &fields);
    let not_applicable = violations(Status::New, Status::Rejected, Role::Engineer, &other);

    assert_eq!(unnamed, Some(vec![("/duplicate_of".to_owned(), "required")]));
    assert_eq!(not_applicable, Some(vec![("/duplicate_of".to_owned(), "not_applicable")]));
}

/// 2.5: an internal note is no answer to the customer.
#[test]
fn c2_5_a_public_comment_is_one_that_the_customer_reads() {
    let fields =
        TransitionFields { comment: Some(Visibility::Internal), ..TransitionFields::default() };

    let feedback = violations(Status::InProgress, Status::Feedback, Role::Engineer, &fields);

    assert_eq!(feedback, Some(vec![("/internal".to_owned(), "not_applicable")]));
}

/// 2.2: support provides a release in a comment that the customer reads, with a transition or
/// without; nobody else does.
#[test]
fn c2_2_support_provides_a_release_in_a_public_comment() {
    let fields =
        |comment| TransitionFields { comment, release_id: Some(1), ..TransitionFields::default() };
    let without_move = |comment, actor| check_without_move(&fields(comment), actor).is_ok();
    let solved = |comment| {
        violations(Status::Feedback, Status::Resolved, Role::Engineer, &fields(comment)).is_none()
    };

    assert!(without_move(Some(Visibility::Public), Actor::Person(Role::Engineer)));
    assert!(without_move(Some(Visibility::Public), Actor::System));
    assert!(!without_move(Some(Visibility::Internal), Actor::Person(Role::Engineer)));
    assert!(!without_move(None, Actor::Person(Role::Admin)));
    assert!(!without_move(Some(Visibility::Public), Actor::Person(Role::Customer)));
    assert!(solved(Some(Visibility::Public)) && !solved(Some(Visibility::Internal)));
    let awaited = fields(None);
    let wait = violations(Status::InProgress, Status::AwaitingRelease, Role::Engineer, &awaited);
    assert_eq!(wait, None);
}

/// 2.5: closing needs a confirmation; only an admin with `other` is excused.
#[test]
fn c2_5_only_an_admin_closes_without_a_confirmation() {
    let fields = |reason| TransitionFields {
        comment: Some(Visibility::Public),
        close_reason: Some(reason),
        ..TransitionFields::default()
    };
    let close = |reason, role, confirmed| {
        let found = transition(Status::Resolved, Status::Closed, role).expect("a move");
        found.check(&fields(reason), role, "/comment", confirmed, MissingClassification::default())
    };

    let confirmed = CloseReason::ConfirmedByCustomer;
    assert_eq!(close(confirmed, Role::Engineer, false), Err(RuleViolation::ConfirmationMissing));
    assert_eq!(close(confirmed, Role::Admin, false), Err(RuleViolation::ConfirmationMissing));
    assert_eq!(close(confirmed, Role::Engineer, true), Ok(()));
    assert_eq!(close(CloseReason::Other, Role::Admin, false), Ok(()));
    assert!(matches!(
        close(CloseReason::Other, Role::Engineer, true),
        Err(RuleViolation::Invalid(_))
    ));
    let timeout = close(CloseReason::FeedbackTimeout, Role::Admin, true);
    assert!(matches!(timeout, Err(RuleViolation::Invalid(_))));
}

/// 2.5: the system closes by time-out, without a comment or a confirmation.
#[test]
fn c2_5_the_system_closes_by_time_out_alone() {
    let found =
        transition(Status::Feedback, Status::Closed, Actor::System).expect("the system's move");
    let close = |reason| {
        let fields = TransitionFields { close_reason: reason, ..TransitionFields::default() };
        found.check(&fields, Actor::System, "/comment", false, MissingClassification::default())
    };

    assert_eq!(close(Some(CloseReason::FeedbackTimeout)), Ok(()));
    assert!(matches!(close(Some(CloseReason::Other)), Err(RuleViolation::Invalid(_))));
    assert!(matches!(close(None), Err(RuleViolation::Invalid(_))));
}

/// Topics: where the setting asks for them, whoever of support solves a ticket names a topic and a
/// root cause; customers are never asked, and nobody may name them with another move.
#[test]
fn topics_are_asked_of_support_that_solves() {
    let missing_classification = MissingClassification { topic: true, root_cause: true };
    let classified =
        TransitionFields { comment: Some(Visibility::Public), ..TransitionFields::default() };
    let named = TransitionFields {
        topic_id: Some(1),
        root_cause: Some(RootCause::Defect),
        ..classified.clone()
    };
    let checked = |from, to, role, fields: &TransitionFields| {
        let found = transition(from, to, role).expect("a move of the table");
        match found.check(fields, role, "/comment", false, missing_classification) {
            Err(RuleViolation::Invalid(errors)) => {
                errors.into_iter().map(|it| (it.pointer, it.code.as_str())).collect()
            }
            Err(other) => panic!("{other:?}"),
            Ok(()) => Vec::new(),
        }
    };
    let both = |code| ["/topic_id", "/root_cause"].map(|it| (it.to_owned(), code)).to_vec();
    let (work, solved) = (Status::InProgress, Status::Resolved);

    assert_eq!(checked(work, solved, Role::Engineer, &classified), both("required"));
    assert_eq!(checked(work, solved, Role::Engineer, &named), []);
    assert_eq!(checked(work, solved, Role::Customer, &classified), []);
    assert_eq!(checked(work, solved, Role::Customer, &named), both("not_applicable"));
    assert_eq!(checked(work, Status::Feedback, Role::Engineer, &classified), []);
    assert_eq!(checked(work, Status::Feedback, Role::Engineer, &named), both("not_applicable"));
}
